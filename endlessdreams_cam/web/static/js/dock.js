// The dock: what a streamer needs beside OBS, in 300 to 420 px.

import { css, html } from "../vendor/lit.js";
import "./controls/fader.js";
import { listen } from "./keys.js";
import "./parts/cuts.js";
import "./parts/notes.js";
import "./parts/obs.js";
import "./parts/panic.js";
import { Part } from "./parts/part.js";
import "./parts/slot.js";
import { show } from "./show.js";

const TOPICS = [
  "parameters",
  "live",
  "status",
  "events",
  "waiting",
  "controls",
  "learning",
  "thumbs",
];
const SLOTS = [1, 2, 3, 4, 5, 6, 7, 8];

class Dock extends Part {
  static topics = ["hello", "state", "status"];

  static styles = [
    ...Part.styles,
    css`
      main {
        height: 100vh;
        padding: 0.4rem;
        display: grid;
        gap: 0.4rem;
        grid-template: auto auto auto minmax(0, 1fr) auto auto / minmax(0, 1fr);
      }
      .bank {
        display: grid;
        gap: 0.35rem;
        align-content: start;
        grid-auto-rows: max-content; /* a low window scrolls the bank, it does not squeeze it */
      }
      .next {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        text-align: left;
        min-height: 3rem;
        width: 100%;
      }
      .next b {
        font-size: 1.05rem;
      }
      .mix {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        font-size: 0.78rem;
        font-weight: 700;
        gap: 0.3rem;
      }
      .mix edc-fader {
        --tint: var(--air);
      }
      .health {
        display: flex;
        align-items: center;
        gap: 0.4rem;
        font-size: 0.82rem;
      }
      .lamp {
        width: 0.8rem;
        height: 0.8rem;
        border-radius: 50%;
        background: var(--good);
        flex: none;
      }
      .bad .lamp {
        background: var(--hold);
        border-radius: 0.1rem;
      }
      .lost > :not(:first-child) {
        opacity: 0.45;
      }
      .wait {
        place-content: center;
        text-align: center;
      }
      edc-panic {
        height: 96px;
      }
    `,
  ];

  render() {
    if (!show.hello)
      return html`<main class="wait" role="status">
        ${show.state === "refused" ? "Open the link that the show's terminal prints, with /dock in it." : "Looking for the show …"}
      </main>`;
    const next = show.status?.order?.next;
    return html`<main class=${show.state === "live" ? "" : "lost"}>
      <div>${this.#health()}<edc-obs small></edc-obs></div>
      <edc-cuts></edc-cuts>
      <div class="mix">
        <span>ME</span><edc-fader name="program.mix" lying></edc-fader><span>DREAM</span>
      </div>
      <div class="bank scroll">${SLOTS.map((n) => html`<edc-slot n=${n} small></edc-slot>`)}</div>
      <button class="next" @click=${() => show.act("preset.next")}>
        <span class="clip"
          >next: <b>${show.presets.find((row) => row.name === next)?.title ?? next ?? "–"}</b></span
        >▶
      </button>
      <edc-panic></edc-panic>
    </main>`;
  }

  #health() {
    const { engine, output } = show.status ?? {};
    const lost = show.state !== "live";
    const bad = lost || ["failed", "waiting"].includes(output?.state);
    const words = lost
      ? "reconnecting"
      : `${engine?.fps?.toFixed(0) ?? "–"} dreams/s · ${output?.fps?.toFixed(0) ?? "–"} frames/s`;
    return html`<div class="health ${bad ? "bad" : ""}" role="status">
      <span class="lamp"></span><span class="clip number">${words}</span>
    </div>`;
  }
}

customElements.define("edc-dock", Dock);
listen();
show.open(TOPICS, 20);
