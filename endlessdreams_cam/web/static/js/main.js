// The panel: where everything stands on the page.

import { css, html } from "../vendor/lit.js";
import "./controls/fader.js";
import { listen } from "./keys.js";
import "./parts/air.js";
import "./parts/bank.js";
import "./parts/cuts.js";
import "./parts/deck.js";
import "./parts/notes.js";
import "./parts/paint.js";
import "./parts/panic.js";
import { Part } from "./parts/part.js";
import "./parts/presets.js";
import "./parts/preview.js";
import "./parts/xy.js";
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
  "program",
  "source",
];

class Panel extends Part {
  static topics = ["hello", "state"];

  static styles = [
    ...Part.styles,
    css`
      main {
        display: grid;
        height: 100vh;
        padding: var(--gap);
        gap: var(--gap);
        overflow: hidden;
        grid-template:
          "air air" 3.3rem "stage side" minmax(0, 1fr)
          "bank bank" 16.5rem "panic panic" var(--panic) / auto minmax(24rem, 1fr);
      }
      edc-air {
        grid-area: air;
      }
      edc-bank {
        grid-area: bank;
      }
      edc-panic {
        grid-area: panic;
      }
      .stage {
        grid-area: stage;
        display: grid;
        gap: var(--gap);
        min-height: 0;
        grid-template:
          "program inputs" minmax(0, 1fr)
          "tools inputs" auto "cuts inputs" 4.4rem "notes notes" auto / auto minmax(11rem, 17rem);
      }
      .program {
        grid-area: program;
        height: 100%;
        max-width: 100%;
      }
      .inputs {
        grid-area: inputs;
        display: flex;
        flex-direction: column;
        gap: var(--gap);
        min-height: 0;
      }
      .source {
        width: 100%;
        flex: none;
      }
      edc-tools {
        grid-area: tools;
      }
      edc-cuts {
        grid-area: cuts;
      }
      edc-notes {
        grid-area: notes;
      }
      .sticks {
        flex: 1;
        min-height: 0;
        display: grid;
        grid-template: minmax(0, 1fr) minmax(0, 1fr) / minmax(0, 1fr) 3.4rem;
        gap: var(--gap);
      }
      .beside {
        display: flex;
        flex-direction: column;
        min-height: 0;
        text-align: center;
        font-size: 0.76rem;
        color: var(--soft);
        gap: 0.2rem;
      }
      .beside edc-fader {
        flex: 1;
        height: auto;
        min-height: 0;
      }
      .side {
        grid-area: side;
        display: grid;
        grid-template-rows: minmax(11rem, 0.95fr) minmax(0, 1fr);
        gap: var(--gap);
        min-height: 0;
      }
      @media (min-width: 1700px) {
        .side {
          grid-template: minmax(0, 1fr) / minmax(0, 0.62fr) minmax(0, 1fr);
        }
      }
      h1 {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .lost > :not(edc-air) {
        opacity: 0.45; /* what is seen is old, and hands reach nobody */
      }
      .wait {
        display: grid;
        place-content: center;
        height: 100vh;
        text-align: center;
        gap: 0.6rem;
        font-size: 1.1rem;
      }
      .wait b {
        font-size: 1.6rem;
      }
    `,
  ];

  render() {
    if (!show.hello) return this.#waiting();
    return html`<main class=${show.state === "live" ? "" : "lost"}>
      <h1>EndlessDreams Cam</h1>
      <edc-air></edc-air>
      <div class="stage">
        <edc-preview class="program" of="program"><edc-sheet></edc-sheet></edc-preview>
        <edc-tools></edc-tools>
        <div class="inputs">
          <edc-preview class="source" of="source"></edc-preview>
          <div class="sticks">
            <edc-pad x="view.pan_x" y="view.pan_y" label="pan"></edc-pad>
            <div class="beside"><edc-fader name="view.zoom"></edc-fader><span>zoom</span></div>
            <edc-pad x="drift.pan_x" y="drift.pan_y" label="drift" springs></edc-pad>
            <div class="beside"><edc-fader name="drift.zoom"></edc-fader><span>drift in</span></div>
          </div>
        </div>
        <edc-cuts></edc-cuts>
        <edc-notes></edc-notes>
      </div>
      <div class="side"><edc-presets></edc-presets><edc-deck></edc-deck></div>
      <edc-bank></edc-bank>
      <edc-panic></edc-panic>
    </main>`;
  }

  #waiting() {
    const refused = show.state === "refused";
    return html`<main class="wait" role="status">
      <b>EndlessDreams Cam</b>${
        refused
          ? html`<span>This link is not the show's own.</span
              ><span class="soft"
                >Open the one that the show's terminal prints, or
                <code>endlessdreams-cam status --json</code> names.</span
              >`
          : html`<span
              >${show.state === "lost" ? "No show answers yet. Trying again …" : "Connecting …"}</span
            >`
      }
    </main>`;
  }
}

customElements.define("edc-panel", Panel);
listen();
show.open(TOPICS, 30);
