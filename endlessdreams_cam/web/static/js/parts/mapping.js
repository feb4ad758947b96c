// MIDI: what is plugged in, learning, and every binding with its range, curve and pickup.

import { css, html, live, repeat } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part } from "./part.js";

const CURVES = ["auto", "linear", "exp", "log"];
const PICKUPS = ["jump", "pickup", "scaled"];

class Mapping extends Part {
  static topics = ["controls", "learning", "status", "hello"];

  static styles = [
    ...Part.styles,
    css`
      .learn {
        width: 100%;
        min-height: 3.2rem;
        font-weight: 650;
        border-color: var(--learn);
      }
      .learn[aria-pressed="true"] {
        background: var(--learn);
        border-color: var(--learn);
        color: #06121a;
      }
      p {
        margin: 0.4rem 0;
        font-size: 0.88rem;
      }
      .binding {
        border-top: 1px solid var(--line);
        padding: 0.4rem 0;
        display: grid;
        gap: 0.3rem;
        grid-template-columns: minmax(0, 1fr) auto;
        font-size: 0.86rem;
      }
      .binding[data-learned] {
        border-left: 0.2rem solid var(--learn);
        padding-left: 0.5rem;
      }
      .edit {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
        align-items: end;
      }
      label {
        display: grid;
        font-size: 0.72rem;
        color: var(--soft);
      }
      .edit input {
        width: 5rem;
      }
      .edit select {
        width: 6.2rem;
      }
      .edit button {
        min-height: 2.4rem;
      }
    `,
  ];

  render() {
    const { learning, status } = show;
    const devices = status?.controls?.rows ?? [];
    return html`<button
        class="learn"
        aria-pressed=${String(learning.on)}
        @click=${() => show.learn(!learning.on)}
      >
        ${learning.on ? "Learning: press again to end" : "Learn a control (M)"}
      </button>
      <p role="status">${this.#step()}</p>
      ${learning.on ? this.#actions() : ""}
      ${devices.map((row) => html`<p>${row.connected ? "●" : "○"} <b>${row.name}</b> <span class="soft">${row.title} ${row.trouble}</span></p>`)}
      ${devices.length ? "" : html`<p class="soft">${status?.controls?.problem || "No controller is plugged in; one that is plays at once."}</p>`}
      ${repeat(
        this.#rows(),
        (row) => `${row.device} ${row.control} ${row.to}`,
        (row) => this.#binding(row),
      )}
      <p class="soft">“save” beside the presets keeps what was learned in the preset.</p>`;
  }

  #step() {
    const { on, name, heard } = show.learning;
    if (!on)
      return "Press Learn, click any control of this page, then move the knob that shall move it.";
    if (!name) return "Click the control that shall be moved.";
    return heard
      ? html`<b>${heard.control || heard.address}</b> moves <b>${name}</b>. Click the next one, or
          end.`
      : html`Now move the knob or fader for <b>${name}</b>.`;
  }

  /** Cuts, panic and the like act while one learns too: so they are chosen here. */
  #actions() {
    const names = Object.keys(show.actions ?? {});
    return html`<label class="soft"
      >or choose an action:
      <select @change=${(event) => event.target.value && show.choose(event.target.value)}>
        <option value="">–</option>
        ${names.map((name) => html`<option value=${name} title=${show.actions[name]}>${name}</option>`)}
      </select></label
    >`;
  }

  #rows() {
    const rows = [...show.bindings.values()].flat();
    return rows.filter((row) => row.learned).concat(rows.filter((row) => !row.learned));
  }

  #binding(row) {
    const numeric = ["number", "integer"].includes(show.parameters.get(row.to)?.kind);
    return html`<div class="binding" ?data-learned=${row.learned}>
      <span class="clip"><b>${row.control}</b>${row.shift ? " + shift" : ""} → ${row.to}</span
      ><span class="soft clip">${row.device}</span> ${numeric ? this.#edit(row) : ""}
    </div>`;
  }

  #edit(row) {
    const { low, high, knob } = show.parameters.get(row.to);
    const [from, to] = row.range ?? knob ?? [low, high];
    const change = (news) =>
      show.do({
        do: "bind",
        control: row.control,
        device: row.device,
        to: row.to,
        shift: row.shift,
        ...news,
      });
    const pick = (words, now, key) =>
      html`<select .value=${live(now)} @change=${(event) => change({ [key]: event.target.value })}>
        ${words.map((word) => html`<option ?selected=${word === now}>${word}</option>`)}
      </select>`;
    const end = (k) =>
      html`<input
        .value=${String([from, to][k])}
        inputmode="decimal"
        @change=${(event) => change({ range: k ? [from, Number(event.target.value)] : [Number(event.target.value), to] })}
      />`;
    return html`<div class="edit">
      <label>from${end(0)}</label><label>to${end(1)}</label
      ><label>curve${pick(CURVES, row.curve ?? "auto", "curve")}</label>
      <label
        >takes
        over${pick(row.pickup ? PICKUPS : ["usual", ...PICKUPS], row.pickup ?? "usual", "pickup")}</label
      >
      <button
        aria-pressed=${String(Boolean(row.invert))}
        @click=${() => change({ invert: !row.invert })}
      >
        invert
      </button>
    </div>`;
  }
}

customElements.define("edc-mapping", Mapping);
