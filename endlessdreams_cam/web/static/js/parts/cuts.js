// What is on air: five large buttons. The source is held for a moment, because it shows the person as they are.

import { css, html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part } from "./part.js";

const HOLD_MS = 300;
const KEYS = { dream: "D", hold: "Space", slate: "S" };

class Cuts extends Part {
  static topics = ["status", "hello", "state"];
  static names = ["program.cut", "program.privacy"];
  static properties = { pressing: { state: true } };

  static styles = [
    ...Part.styles,
    css`
      :host {
        container-type: inline-size;
      }
      .cuts {
        display: grid;
        grid-template-columns: repeat(5, 1fr);
        gap: var(--gap);
        height: 100%;
      }
      button {
        position: relative;
        overflow: hidden;
        height: 100%;
        min-height: 4.2rem;
        padding: 0.2rem;
        font-size: 0.8rem;
        font-size: min(1.15rem, 2.9cqi);
        font-weight: 700;
        letter-spacing: 0.04em;
        text-transform: uppercase;
        background: var(--raised);
        border: 0.14rem solid var(--line);
        border-radius: 0.6rem;
      }
      small {
        display: block;
        font-size: 0.7rem;
        font-weight: 500;
        letter-spacing: 0;
        text-transform: none;
        color: var(--soft);
      }
      button[aria-pressed="true"] {
        background: var(--air-deep);
        border-color: var(--air);
        color: #fff;
      }
      button[aria-pressed="true"] small {
        color: #ffe3e5;
      }
      button.hold[aria-pressed="true"] {
        background: var(--hold);
        border-color: #ffd591;
        color: #241500;
      }
      button.hold[aria-pressed="true"] small {
        color: #241500;
      }
      button.waits {
        border-color: var(--staged);
        border-style: dashed;
      }
      .fill {
        position: absolute;
        inset: auto 0 0;
        height: 0.5rem;
        background: var(--ink);
        transform: scaleX(0);
        transform-origin: left;
      }
      .pressing .fill {
        transform: scaleX(1);
        transition: transform 0.3s linear;
      }
    `,
  ];

  render() {
    const cut = show.base.get("program.cut");
    this.waiting = show.status?.waiting?.find((row) => row.kind === "cut");
    const waits = this.waiting?.what;
    const names = show.parameters.get("program.cut").choices;
    return html`<div class="cuts" role="group" aria-label="Cut the program to">
      ${names.map((name) => this.#button(name, cut, waits))}
    </div>`;
  }

  #button(name, cut, waits) {
    const source = name === "source";
    const classes = `${name} ${name === waits ? "waits" : ""} ${source && this.pressing ? "pressing" : ""}`;
    return html`<button
      class=${classes}
      aria-pressed=${String(name === cut)}
      @click=${() => source || show.cut(name)}
      @pointerdown=${(event) => source && this.#press(event)}
      @pointerup=${this.#let}
      @pointerleave=${this.#let}
      @pointercancel=${this.#let}
      @keydown=${(event) => source && event.key === "Enter" && !event.repeat && this.#press(event)}
      @keyup=${this.#let}
      @blur=${this.#let}
    >
      ${name}<small>${this.#hint(name, waits)}</small>${source ? html`<span class="fill"></span>` : ""}
    </button>`;
  }

  #hint(name, waits) {
    if (name === waits) return this.waiting.on === "obs" ? "on OBS's transition" : "on the beat";
    if (name === "source")
      return show.base.get("program.privacy") ? "privacy: gives the slate" : "keep pressed";
    return KEYS[name] ?? "at once";
  }

  #press(event) {
    if (event.button) return;
    this.pressing = setTimeout(() => {
      this.pressing = 0;
      show.cut("source");
    }, HOLD_MS);
  }

  #let = () => {
    clearTimeout(this.pressing);
    this.pressing = 0;
  };
}

customElements.define("edc-cuts", Cuts);
