// What was refused and what was done, told beside the preview and never over it.

import { css, html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part } from "./part.js";

const STAYS_MS = 8000;

class Notes extends Part {
  static properties = { note: { state: true } };

  static styles = [
    ...Part.styles,
    css`
      :host {
        height: 2rem;
        contain: inline-size;
      }
      p {
        margin: 0;
        height: 100%;
        display: flex;
        align-items: center;
        gap: 0.4rem;
        font-size: 0.88rem;
        color: var(--soft);
      }
      p.refused {
        color: var(--staged);
      }
      button {
        min-height: 1.8rem;
        padding: 0 0.5rem;
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    this.ends.push(
      show.on("refused", ({ text, remedy }) => this.#say("refused", `${text} ${remedy ?? ""}`)),
      show.on("said", (text) => this.#say("said", text)),
      show.on("event", ({ text }) => text && this.#say("said", text)),
    );
  }

  render() {
    const { note } = this;
    return html`<p role="status" class=${note?.kind ?? ""}>
      <span class="clip" title=${note?.text ?? ""}>${note?.text ?? this.#hint()}</span>
    </p>`;
  }

  #hint() {
    return "1–8 prompts · Shift+1–8 presets · D dream · Space hold · S slate · R seed · T tap · A auto · M learn · Esc panic";
  }

  #say(kind, text) {
    this.note = { kind, text };
    clearTimeout(this.end);
    this.end = setTimeout(() => (this.note = null), STAYS_MS);
  }
}

customElements.define("edc-notes", Notes);
