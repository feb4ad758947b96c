// The bank: eight prompts with their faders, and the master at the right end.

import { css, html } from "../../vendor/lit.js";
import "../controls/fader.js";
import { Part } from "./part.js";
import "./slot.js";

const SLOTS = [1, 2, 3, 4, 5, 6, 7, 8];

class Bank extends Part {
  static topics = ["hello"];

  static styles = [
    ...Part.styles,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(8, minmax(0, 1fr)) 6.2rem;
        gap: var(--gap);
      }
      .master {
        background: var(--panel);
        border-radius: 0.6rem;
        border: 1px solid var(--line);
        padding: 0.4rem 0.3rem;
        display: flex;
        flex-direction: column;
        text-align: center;
      }
      .end {
        font-size: 0.8rem;
        font-weight: 700;
        letter-spacing: 0.06em;
      }
      edc-fader {
        --tint: var(--air);
        flex: 1;
        height: auto;
        min-height: 0;
      }
    `,
  ];

  render() {
    return html`${SLOTS.map((n) => html`<edc-slot n=${n}></edc-slot>`)}
      <section class="master" aria-label="Master">
        <div class="end">DREAM</div>
        <edc-fader name="program.mix"></edc-fader>
        <div class="end">ME</div>
      </section>`;
  }
}

customElements.define("edc-bank", Bank);
