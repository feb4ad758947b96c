// The top line: what is on air, the preset and what comes next, the beat, the figures, recording, learning.

import { html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { look } from "./air-look.js";
import { Part, clock } from "./part.js";
import "./plot.js";

class Air extends Part {
  static topics = ["status", "state", "hello", "learning"];
  static names = ["program.cut", "program.record", "auto.on"];

  static styles = [...Part.styles, look];

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
      <button class="beat" @click=${() => show.pull("tempo.tap")} title="tap the tempo (T)">
        <span class="lamp beat"></span><b>${status.bpm?.toFixed(0) ?? "–"}</b
        ><small>bpm · tap</small>
      </button>
      <div class="box figure">
        <edc-plot id="dreams" label="Dreams per second"></edc-plot
        ><b>${engine?.fps?.toFixed(1) ?? "–"}</b><small>dreams/s</small>
      </div>
      <div class="box figure">
        <edc-plot id="age" label="Age of the picture" colour="#43d29a"></edc-plot
        ><b>${output?.age_recent_ms?.p50 ? output.age_recent_ms.p50.toFixed(0) : "–"}</b
        ><small>ms old</small>
      </div>
      ${this.#auto(status)}${this.#record(status)}
      <button
        class="learn"
        aria-pressed=${String(show.learning.on)}
        @click=${() => this.#learn()}
        title="learn a MIDI control (M)"
      >
        Learn
      </button>
      ${this.#health(status)}`;
  }

  #tally(status) {
    if (show.state !== "live") {
      const words = { connecting: "connecting", lost: "reconnecting", refused: "open the link" }[
        show.state
      ];
      return html`<div class="tally lost" role="status">
        <small>${show.state === "refused" ? "THE SHOW'S TERMINAL HAS IT" : "NO CONNECTION"}</small
        ><b>${words}</b>
      </div>`;
    }
    const cut = show.base.get("program.cut");
    const words = cut === "hold" ? `held ${clock(status.held_s ?? 0)}` : cut;
    const seen =
      status.output?.shown && status.output.shown !== cut
        ? `shows ${status.output.shown}`
        : "on air";
    return html`<div class="tally ${cut}" role="status">
      <small>${seen.toUpperCase()}</small><b>${words}</b>
    </div>`;
  }

  #song(status) {
    const { order, morph_s: morph } = status;
    const title =
      show.presets.find((row) => row.name === status.preset)?.title ?? status.preset ?? "";
    const next = show.presets.find((row) => row.name === order?.next)?.title ?? order?.next;
    const wait = status.waiting
      ?.map((row) =>
        row.on === "obs"
          ? `${row.what} on OBS's transition`
          : `${row.what} in ${row.beats.toFixed(0)} beats`,
      )
      .join(", ");
    return html`<div class="box song">
      <b class="clip">${title || "no preset"}</b
      ><span class="soft clip"
        >${wait || (morph > 0 ? `morphing, ${morph.toFixed(1)} s left` : next ? `next: ${next}` : "")}</span
      >
    </div>`;
  }

  #auto(status) {
    const on = Boolean(show.base.get("auto.on"));
    const rests = on && status.rest_s > 0;
    return html`<button
      class="auto"
      aria-pressed=${String(on)}
      @click=${() => show.set("auto.on", !on)}
      title="autopilot (A)"
    >
      Auto${rests ? html`<small> rests ${Math.ceil(status.rest_s)} s</small>` : ""}
    </button>`;
  }

  #record(status) {
    const on = Boolean(show.base.get("program.record"));
    const file = status.record?.file?.split(/[\\/]/).at(-1);
    return html`<button
      class="rec"
      aria-pressed=${String(on)}
      @click=${() => show.set("program.record", !on)}
    >
      ${on ? "■ stop" : "● record"}<small class="clip"
        >${on ? file || "starting" : file || "to a file"}</small
      >
    </button>`;
  }

  #health(status) {
    const troubles = status.errors?.length ?? 0;
    const bad =
      show.state !== "live" ||
      status.trouble ||
      ["failed", "waiting"].includes(status.output?.state);
    const words = bad ? "look here" : "all well";
    return html`<button
      class="health ${bad ? "bad" : ""}"
      @click=${() => show.tell("tab", "Health")}
    >
      <span class="lamp"></span>${words}<small
        >${troubles ? `${troubles} noted` : "no errors"}</small
      >
    </button>`;
  }

  #learn() {
    show.learn(!show.learning.on);
    if (show.learning.on) show.tell("tab", "MIDI");
  }
}

customElements.define("edc-air", Air);
