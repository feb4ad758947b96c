// The top line: what is on air, the preset and what comes next, the beat, the figures, recording, learning.

import { css, html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part, clock } from "./part.js";
import "./plot.js";

class Air extends Part {
  static topics = ["status", "state", "hello", "learning"];
  static names = ["program.cut", "program.record", "auto.on"];

  static styles = [
    ...Part.styles,
    css`
      :host { display: flex; align-items: stretch; gap: var(--gap); }
      .tally { background: var(--air-deep); border: 0.14rem solid var(--air); border-radius: 0.5rem; color: #fff; display: grid; place-content: center; text-align: center; width: 11rem; flex: none; line-height: 1; }
      .tally b { font-size: 1.35rem; letter-spacing: 0.06em; text-transform: uppercase; font-variant-numeric: tabular-nums; }
      .tally small { font-size: 0.68rem; letter-spacing: 0.12em; margin-bottom: 0.15rem; }
      .tally.hold { background: var(--hold); border-color: #ffd591; color: #241500; }
      .tally.slate, .tally.black { background: #23262f; border-color: var(--edge); }
      .tally.lost { background: #000; border: 0.14rem dashed var(--hold); color: var(--hold); }
      .box { background: var(--panel); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.2rem 0.7rem; display: flex; flex-direction: column; justify-content: center; min-width: 0; position: relative; overflow: hidden; }
      .song { flex: 1 1 12rem; }
      .song b { font-size: 1.2rem; }
      .morph { position: absolute; left: 0; bottom: 0; height: 0.25rem; background: var(--air); }
      .figure { width: 7.4rem; flex: none; }
      .figure b { font-size: 1.2rem; line-height: 1.1; font-variant-numeric: tabular-nums; position: relative; }
      .figure small { color: var(--soft); font-size: 0.7rem; white-space: nowrap; position: relative; }
      .figure edc-plot { position: absolute; inset: 0.25rem 0.25rem 0.25rem 50%; opacity: 0.85; }
      .beat { width: 5.6rem; flex: none; padding: 0 0.4rem; min-height: 0; text-align: left; }
      .beat b { font-size: 1.2rem; font-variant-numeric: tabular-nums; }
      .beat small { color: var(--soft); display: block; font-size: 0.7rem; }
      button { min-height: 0; font-weight: 650; }
      .auto { width: 5.2rem; flex: none; padding: 0 0.2rem; }
      .rec { width: 8.6rem; flex: none; padding: 0 0.5rem; text-align: left; }
      .rec small { display: block; font-weight: 400; font-size: 0.7rem; color: var(--soft); }
      .rec[aria-pressed="true"] { background: var(--air-deep); border-color: var(--air); color: #fff; }
      .rec[aria-pressed="true"] small { color: #ffe3e5; }
      .lamp.beat { width: 0.7rem; height: 0.7rem; background: var(--pressed); float: right; margin: 0.25rem 0 0; }
      .lamp.beat.on { background: var(--value); }
      .learn[aria-pressed="true"] { background: var(--learn); border-color: var(--learn); color: #06121a; }
      .health { flex: none; width: 7.2rem; padding: 0 0.5rem; text-align: left; }
      .lamp { display: inline-block; width: 0.8rem; height: 0.8rem; border-radius: 50%; background: var(--good); margin-right: 0.35rem; }
      .bad .lamp { background: var(--hold); border-radius: 0.1rem; }
      .health small { display: block; font-weight: 400; font-size: 0.7rem; color: var(--soft); }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    this.ends.push(show.on("status", () => this.#feed()));
  }

  #feed() {
    const { engine, output } = show.status ?? {};
    this.renderRoot.querySelector("#dreams")?.add(engine?.fps ?? null);
    this.renderRoot.querySelector("#age")?.add(output?.age_recent_ms?.p50 ?? null);
    this.#keepTime();
  }

  /** Flash on the next beat; the status that comes before the one after sets it right again. */
  #keepTime() {
    const { bpm, at } = show.status?.beat ?? {};
    if (!bpm) return;
    clearTimeout(this.beat);
    this.beat = setTimeout(() => this.#flash(bpm), ((Math.ceil(at) - at) * 60000) / bpm);
  }

  #flash(bpm) {
    const lamp = this.renderRoot.querySelector(".lamp.beat");
    lamp?.classList.add("on");
    setTimeout(() => lamp?.classList.remove("on"), 90);
    this.beat = setTimeout(() => this.#flash(bpm), 60000 / bpm);
  }

  render() {
    const status = show.status ?? {};
    const { engine, output } = status;
    return html`${this.#tally(status)}${this.#song(status)}
      <button class="beat" @click=${() => show.pull("tempo.tap")} title="tap the tempo (T)"><span class="lamp beat"></span><b>${status.bpm?.toFixed(0) ?? "–"}</b><small>bpm · tap</small></button>
      <div class="box figure"><edc-plot id="dreams" label="Dreams per second"></edc-plot><b>${engine?.fps?.toFixed(1) ?? "–"}</b><small>dreams/s</small></div>
      <div class="box figure"><edc-plot id="age" label="Age of the picture" colour="#43d29a"></edc-plot><b>${output?.age_recent_ms?.p50 ? output.age_recent_ms.p50.toFixed(0) : "–"}</b><small>ms old</small></div>
      ${this.#auto(status)}${this.#record(status)}
      <button class="learn" aria-pressed=${String(show.learning.on)} @click=${() => this.#learn()} title="learn a MIDI control (M)">Learn</button>
      ${this.#health(status)}`;
  }

  #tally(status) {
    if (show.state !== "live") {
      const words = { connecting: "connecting", lost: "reconnecting", refused: "open the link" }[show.state];
      return html`<div class="tally lost" role="status"><small>${show.state === "refused" ? "THE SHOW'S TERMINAL HAS IT" : "NO CONNECTION"}</small><b>${words}</b></div>`;
    }
    const cut = show.base.get("program.cut");
    const words = cut === "hold" ? `held ${clock(status.held_s ?? 0)}` : cut;
    const seen = status.output?.shown && status.output.shown !== cut ? `shows ${status.output.shown}` : "on air";
    return html`<div class="tally ${cut}" role="status"><small>${seen.toUpperCase()}</small><b>${words}</b></div>`;
  }

  #song(status) {
    const { order, morph_s: morph } = status;
    const title = show.presets.find((row) => row.name === status.preset)?.title ?? status.preset ?? "";
    const next = show.presets.find((row) => row.name === order?.next)?.title ?? order?.next;
    const wait = status.waiting?.map((row) => `${row.what} in ${row.beats.toFixed(0)} beats`).join(", ");
    return html`<div class="box song"><b class="clip">${title || "no preset"}</b><span class="soft clip">${wait || (morph > 0 ? `morphing, ${morph.toFixed(1)} s left` : next ? `next: ${next}` : "")}</span></div>`;
  }

  #auto(status) {
    const on = Boolean(show.base.get("auto.on"));
    const rests = on && status.rest_s > 0;
    return html`<button class="auto" aria-pressed=${String(on)} @click=${() => show.set("auto.on", !on)} title="autopilot (A)">Auto${rests ? html`<small> rests ${Math.ceil(status.rest_s)} s</small>` : ""}</button>`;
  }

  #record(status) {
    const on = Boolean(show.base.get("program.record"));
    const file = status.record?.file?.split(/[\\/]/).at(-1);
    return html`<button class="rec" aria-pressed=${String(on)} @click=${() => show.set("program.record", !on)}>${on ? "■ stop" : "● record"}<small class="clip">${on ? file || "starting" : file || "to a file"}</small></button>`;
  }

  #health(status) {
    const troubles = status.errors?.length ?? 0;
    const bad = show.state !== "live" || status.trouble || ["failed", "waiting"].includes(status.output?.state);
    const words = bad ? "look here" : "all well";
    return html`<button class="health ${bad ? "bad" : ""}" @click=${() => show.tell("tab", "Health")}><span class="lamp"></span>${words}<small>${troubles ? `${troubles} noted` : "no errors"}</small></button>`;
  }

  #learn() {
    show.learn(!show.learning.on);
    if (show.learning.on) show.tell("tab", "MIDI");
  }
}

customElements.define("edc-air", Air);
