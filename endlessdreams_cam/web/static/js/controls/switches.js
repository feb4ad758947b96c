// Toggles, choices, triggers and texts.

import { css, html, live, nothing } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Control } from "./control.js";

const FEW = 6;

class Switch extends Control {
  static styles = [
    Control.styles,
    css`
      :host {
        padding: 0.2rem;
      }
      .name {
        font-size: 0.76rem;
        color: var(--soft);
        margin-bottom: 0.2rem;
        display: flex;
        gap: 0.3rem;
      }
      .set {
        display: flex;
        flex-wrap: wrap;
        gap: 0.2rem;
      }
      .set button {
        min-height: 2.2rem;
        padding: 0.2rem 0.55rem;
        font-size: 0.85rem;
      }
      button.wide {
        width: 100%;
        display: flex;
        gap: 0.4rem;
        align-items: center;
        text-align: left;
        font-size: 0.88rem;
      }
      .state {
        margin-left: auto;
        opacity: 0.75;
        font-size: 0.78rem;
      }
    `,
  ];

  heading() {
    return html`<div class="name" id="name">
      <span class="clip">${this.caption}</span>${this.bound()}
    </div>`;
  }
}

class Toggle extends Switch {
  render() {
    return html`<button
      class="wide"
      aria-label=${this.spoken}
      aria-pressed=${String(Boolean(this.value))}
      title=${this.parameter.doc}
      @click=${() => show.set(this.name, !this.value)}
    >
      <span class="clip">${this.caption}</span>${this.bound()}<span class="state"
        >${this.value ? "on" : "off"}</span
      >
    </button>`;
  }
}

class Choice extends Switch {
  static properties = { ...Control.properties, bare: { type: Boolean } };

  render() {
    const { choices, doc } = this.parameter;
    const words = choices.includes(this.value) ? choices : [...choices, this.value];
    if (words.length > FEW) return html`${this.heading()}${this.#list(words)}`;
    return html`${this.bare ? "" : this.heading()}
      <div class="set" role="group" aria-label=${this.spoken} title=${doc}>
        ${words.map(
          (word) =>
            html`<button
              aria-pressed=${String(word === this.value)}
              @click=${() => show.set(this.name, word)}
            >
              ${word}
            </button>`,
        )}
      </div>`;
  }

  #list(words) {
    return html`<select
      aria-label=${this.spoken}
      .value=${live(this.value)}
      @change=${(event) => show.set(this.name, event.target.value)}
    >
      ${words.map((word) => html`<option value=${word} ?selected=${word === this.value}>${word}</option>`)}
    </select>`;
  }
}

class Trigger extends Switch {
  render() {
    return html`<button
      class="wide"
      aria-label=${this.spoken}
      title=${this.parameter.doc}
      @click=${() => show.pull(this.name)}
    >
      <span class="clip">${this.caption}</span>${this.bound()}<span class="state">●</span>
    </button>`;
  }
}

/** A text that is committed on Enter: what is half typed is staged, never played. */
class Words extends Switch {
  static properties = {
    ...Control.properties,
    staged: { state: true },
    options: { attribute: false },
  };

  static styles = [
    Switch.styles,
    css`
      input {
        width: 100%;
      }
      .staged input {
        border-color: var(--staged);
      }
      .staged small {
        color: var(--staged);
      }
      small {
        font-size: 0.72rem;
        white-space: nowrap;
      }
    `,
  ];

  render() {
    const { max_length: longest, doc } = this.parameter;
    const staged = this.staged !== undefined && this.staged !== null;
    return html`<div class=${staged ? "staged" : ""}>
      ${this.heading()}
      <input
        aria-label=${this.spoken}
        title=${doc}
        maxlength=${longest}
        .value=${live(this.staged ?? this.value)}
        list=${this.options ? "options" : nothing}
        @input=${(event) => (this.staged = event.target.value)}
        @keydown=${this.#key}
        @blur=${this.#left}
        spellcheck="false"
      />
      ${this.options ? html`<datalist id="options">${this.options.map((word) => html`<option value=${word}></option>`)}</datalist>` : nothing}
      ${staged ? html`<small>staged: Enter commits</small>` : nothing}
    </div>`;
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    if (changed.has("name")) this.staged = null; // what was staged was another parameter's
  }

  #left() {
    if (this.staged === this.value) this.staged = null;
  }

  #key(event) {
    if (event.key !== "Enter") return;
    if (this.staged != null) show.set(this.name, this.staged);
    this.staged = null;
  }
}

customElements.define("edc-toggle", Toggle);
customElements.define("edc-choice", Choice);
customElements.define("edc-trigger", Trigger);
customElements.define("edc-words", Words);

const OF = {
  number: (name) => html`<edc-knob name=${name}></edc-knob>`,
  integer: (name) => html`<edc-knob name=${name}></edc-knob>`,
  toggle: (name) => html`<edc-toggle name=${name}></edc-toggle>`,
  choice: (name) => html`<edc-choice name=${name}></edc-choice>`,
  trigger: (name) => html`<edc-trigger name=${name}></edc-trigger>`,
  text: (name) => html`<edc-words name=${name}></edc-words>`,
};

/** Return the control that a parameter's kind asks for. */
export const controlOf = (parameter) => OF[parameter.kind](parameter.name);
