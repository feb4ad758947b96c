// What every control of a parameter does: it follows the show, tells its binding and can be learned.

import { LitElement, css, html, nothing } from "../../vendor/lit.js";
import { nameOf, shortControl } from "../curve.js";
import { show } from "../show.js";
import { shared } from "../style.js";

export class Control extends LitElement {
  static properties = { name: {}, label: {} };

  static styles = [
    shared,
    css`
      :host {
        position: relative;
        border-radius: var(--round);
      }
      :host([learnable]) {
        outline: 0.12rem dashed var(--learn);
        outline-offset: -0.06rem;
        cursor: crosshair;
      }
      :host([learning]) {
        outline: 0.2rem solid var(--learn);
        background: #4fc3ff38;
      }
      :host([moved]) .bound {
        background: var(--learn);
        color: #06121a;
      }
      .bound {
        color: var(--learn);
        font-size: 0.68rem;
        border-radius: 0.25rem;
        padding: 0 0.2rem;
        white-space: nowrap;
      }
    `,
  ];

  get parameter() {
    return show.parameters.get(this.name);
  }

  get value() {
    return show.base.get(this.name);
  }

  get caption() {
    return this.label ?? nameOf(this.parameter);
  }

  /** What a screen reader calls it. */
  get spoken() {
    return `${this.parameter.group} ${nameOf(this.parameter)}`;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#listen();
    this.addEventListener("pointerdown", this.#choose, { capture: true });
  }

  willUpdate(changed) {
    if (changed.has("name")) this.#listen(); // the page reuses its elements for other parameters
  }

  #listen() {
    this.ends?.forEach((end) => end());
    this.ends = [
      show.watch(this.name, () => this.follow()),
      show.on("learning", () => this.#learn()),
      show.on(`moved:${this.name}`, () => this.#flash()),
    ];
    this.#learn();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.ends.forEach((end) => end());
    this.removeEventListener("pointerdown", this.#choose, { capture: true });
  }

  /** Take in news of the parameter; what moves often overrides this without rendering anew. */
  follow() {
    this.requestUpdate();
  }

  /** The controller's knobs that are bound to this parameter, in a few letters. */
  bound() {
    const rows = show.bindings.get(this.name);
    if (!rows) return nothing;
    const all = rows.map((row) => shortControl(row.control)).join(" ");
    return html`<span class="bound" title="moved by ${rows.map((row) => row.control).join(", ")}"
      >${all}</span
    >`;
  }

  #choose = (event) => {
    if (!show.learning.on) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    show.choose(this.name);
  };

  #learn() {
    this.toggleAttribute("learnable", show.learning.on);
    this.toggleAttribute("learning", show.learning.on && show.learning.name === this.name);
  }

  #flash() {
    this.setAttribute("moved", "");
    clearTimeout(this.dark);
    this.dark = setTimeout(() => this.removeAttribute("moved"), 250);
  }
}
