// The preset's styles by their words; the knob beside them has only numbers.

import { css, html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part } from "./part.js";

class Styles extends Part {
  static topics = ["presets"];
  static names = ["prompt.style"];

  static styles = [
    ...Part.styles,
    css`
      .words {
        display: flex;
        flex-wrap: wrap;
        gap: 0.3rem;
        padding: 0.3rem 0;
      }
      button {
        min-height: 2.2rem;
        font-size: 0.85rem;
      }
    `,
  ];

  render() {
    const now = show.base.get("prompt.style");
    const rows = show.styles.map((words, n) => [n, words]).filter(([n, words]) => n && words);
    if (!rows.length) return "";
    return html`<div class="words" role="group" aria-label="style">
      ${[[0, "no style"], ...rows].map(
        ([n, words]) =>
          html`<button
            aria-pressed=${String(n === now)}
            @click=${() => show.set("prompt.style", n)}
          >
            ${words}
          </button>`,
      )}
    </div>`;
  }
}

customElements.define("edc-styles", Styles);
