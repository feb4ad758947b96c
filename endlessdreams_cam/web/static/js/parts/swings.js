// The swings: one row each, generated from the registry.

import { css, html } from "../../vendor/lit.js";
import "../controls/knob.js";
import "../controls/switches.js";
import { show } from "../show.js";
import { Part } from "./part.js";

class Swings extends Part {
  static topics = ["hello"];

  static styles = [
    ...Part.styles,
    css`
      section {
        display: flex;
        align-items: center;
        gap: 0.2rem;
        border-top: 1px solid var(--line);
        flex-wrap: wrap;
      }
      b {
        width: 1.4rem;
      }
      .words {
        flex: 1 1 9rem;
        min-width: 8rem;
      }
    `,
  ];

  render() {
    const numbers = [...show.parameters.keys()]
      .map((name) => /^mod\.(\d+)\.target$/.exec(name)?.[1])
      .filter(Boolean);
    const targets = [...show.parameters.values()]
      .filter((row) => row.swings)
      .map((row) => row.name);
    return html`${numbers.map(
      (n) =>
        html`<section aria-label="Swing ${n}">
          <b>${n}</b>
          <div class="words">
            <edc-words name="mod.${n}.target" label="moves" .options=${targets}></edc-words
            ><edc-choice name="mod.${n}.source" label="shape"></edc-choice>
          </div>
          ${["beats", "depth", "phase"].map((part) => html`<edc-knob name="mod.${n}.${part}" label=${part}></edc-knob>`)}
        </section>`,
    )}`;
  }
}

customElements.define("edc-swings", Swings);
