// The panic bar: always there, isolated, never smaller than 96 px.

import { css, html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part } from "./part.js";

const RELEASE_MS = 500;
const REST_MS = 1000; // hands in a hurry hit it twice

class Panic extends Part {
  static topics = ["status", "state"];

  static styles = [
    ...Part.styles,
    css`
      button {
        width: 100%;
        height: 100%;
        min-height: 96px;
        border-radius: 0.7rem;
        border: 0.2rem solid var(--air);
        background: #38090e;
        color: #fff;
        font-size: 1.7rem;
        font-weight: 800;
        letter-spacing: 0.3em;
        text-indent: 0.3em;
      }
      small {
        display: block;
        font-size: 0.85rem;
        font-weight: 500;
        letter-spacing: 0;
        text-indent: 0;
        color: #ffd3d6;
      }
      button:active {
        background: var(--air-deep);
      }
      .latched,
      .latched:active {
        background: var(--air);
        color: #1c0003;
        border-color: #ffb3b8;
      }
      .latched small {
        color: #1c0003;
      }
    `,
  ];

  render() {
    const latched = show.status?.latched;
    return html`<button
      class=${latched ? "latched" : ""}
      @pointerdown=${this.#down}
      @pointerup=${this.#up}
      @pointercancel=${this.#up}
      @pointerleave=${this.#up}
      @keydown=${(event) => event.key === "Enter" && !event.repeat && this.#down(event)}
      @keyup=${this.#up}
    >
      ${latched ? "SLATE IS ON AIR" : "PANIC"}<small
        >${
          latched
            ? "Dream (D) brings the picture back, or keep this pressed for half a second"
            : "the slate, at once · Esc"
        }</small
      >
    </button>`;
  }

  #down = (event) => {
    if (!event.button) press();
  };

  #up = () => letGo();
}

let release = 0;
let latchedAt = null;

show.on(
  "status",
  () => (latchedAt = show.status.latched ? (latchedAt ?? performance.now()) : null),
);

/** Panic; kept pressed while it is latched already: back to the dream. */
export function press() {
  clearTimeout(release);
  if (latchedAt === null) show.act("panic");
  else if (performance.now() - latchedAt > REST_MS)
    release = setTimeout(() => show.cut("dream"), RELEASE_MS);
}

export const letGo = () => clearTimeout(release);

customElements.define("edc-panic", Panic);
