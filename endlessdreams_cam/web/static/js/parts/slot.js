// One prompt: its moving picture, its text, its fader, solo. A text is staged while it is typed and dreamt on Enter.

import { classMap, css, html, live } from "../../vendor/lit.js";
import "../controls/fader.js";
import { show } from "../show.js";
import { Part } from "./part.js";
import "./thumb.js";

const HOLD_MS = 350;

class Slot extends Part {
  static topics = ["status", "learning"];
  static properties = {
    n: { type: Number },
    staged: { state: true },
    small: { type: Boolean, reflect: true },
  };

  static styles = [
    ...Part.styles,
    css`
      :host {
        --tint: var(--value);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 0.6rem;
        display: grid;
        padding: 0.35rem;
        grid-template: "tap fader" auto "text fader" 1fr "foot fader" auto / minmax(0, 1fr) 3.1rem;
        gap: 0.3rem;
      }
      :host([solo]) {
        border-color: var(--staged);
      }
      :host([lead]) {
        border-color: var(--tint);
      }
      .tap {
        grid-area: tap;
        padding: 0;
        min-height: 0;
        aspect-ratio: 16 / 9;
        max-height: 5.4rem;
        position: relative;
        overflow: hidden;
        background: #000;
        border-color: var(--line);
        text-align: left;
      }
      .tap b {
        position: absolute;
        left: 0;
        top: 0;
        background: var(--tint);
        color: #08090c;
        padding: 0 0.4rem;
        border-bottom-right-radius: 0.4rem;
        font-size: 0.95rem;
        line-height: 1.45rem;
      }
      .tap span {
        position: absolute;
        inset: auto 0 0;
        background: linear-gradient(#0000, #000b 45%);
        text-shadow:
          0 0 0.3rem #000,
          0 1px 2px #000;
        padding: 0.5rem 0.35rem 0.08rem;
        font-size: 0.82rem;
        font-weight: 600;
      }
      textarea {
        grid-area: text;
        resize: none;
        width: 100%;
        min-height: 2.2rem;
        font-size: 0.84rem;
        line-height: 1.22;
        padding: 0.3rem 0.4rem;
        scrollbar-width: thin;
      }
      .staged textarea,
      textarea.staged {
        border: 0.13rem solid var(--staged);
        background: #1d1505;
      }
      .foot {
        grid-area: foot;
        display: flex;
        gap: 0.3rem;
        align-items: center;
        min-height: 2rem;
      }
      .foot button {
        min-height: 2rem;
        padding: 0 0.55rem;
        font-size: 0.8rem;
        font-weight: 650;
      }
      .foot button[aria-pressed="true"] {
        background: var(--staged);
        border-color: var(--staged);
        color: #241500;
      }
      .foot small {
        color: var(--staged);
        font-size: 0.7rem;
        line-height: 1.05;
      }
      edc-fader {
        grid-area: fader;
        --tint: inherit;
        min-height: 0;
      }
      :host([n="1"]) {
        --tint: #ff8a80;
      }
      :host([n="2"]) {
        --tint: #ffa45c;
      }
      :host([n="3"]) {
        --tint: #e8c547;
      }
      :host([n="4"]) {
        --tint: #7ed67e;
      }
      :host([n="5"]) {
        --tint: #4fd3cc;
      }
      :host([n="6"]) {
        --tint: #6bb8ff;
      }
      :host([n="7"]) {
        --tint: #a99cff;
      }
      :host([n="8"]) {
        --tint: #f08bd0;
      }
      @media (max-width: 1279px) {
        :host(:not([small])) {
          grid-template:
            "tap fader" auto "foot fader" 1fr "text text" 4.4rem / minmax(0, 1fr)
            3.1rem;
        }
        .foot {
          align-self: start;
          flex-wrap: wrap;
        }
        .tap {
          aspect-ratio: auto;
          height: 3.1rem;
        }
        .tap span {
          font-size: 0.72rem;
        }
      }
      :host([small]) {
        grid-template: "tap fader foot" auto "tap text text" auto / 4.6rem minmax(0, 1fr) auto;
        gap: 0.15rem 0.4rem;
      }
      :host([small]) textarea {
        min-height: 0;
        height: 2.1rem;
        padding-block: 0.25rem;
      }
      :host([small]) .tap {
        aspect-ratio: auto;
        height: 100%;
      }
      :host([small]) .foot small {
        position: absolute;
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    const draw = () => this.requestUpdate();
    this.ends.push(
      ...["text", "label", "weight", "solo"].map((part) => show.watch(this.#name(part), draw)),
    );
  }

  #name(part) {
    return `prompt.${this.n}.${part}`;
  }

  #value(part) {
    return show.base.get(this.#name(part));
  }

  render() {
    const { n } = this;
    const text = this.#value("text");
    const name = this.#value("label") || text || "empty";
    this.toggleAttribute("solo", this.#value("solo"));
    this.toggleAttribute("lead", this.#value("weight") > 0);
    const staged = this.staged != null && this.staged !== text;
    return html`<button
        class="tap"
        title="glide to prompt ${n}; keep pressed for solo"
        @pointerdown=${this.#down}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
        @pointerleave=${this.#up}
        @click=${this.#click}
      >
        <edc-thumb of="prompt.${n}"></edc-thumb><b>${n}</b> <span class="clip">${name}</span>
      </button>
      <textarea
        class=${classMap({ staged })}
        aria-label="Text of prompt ${n}"
        maxlength="400"
        spellcheck="false"
        .value=${live(this.staged ?? text)}
        @input=${this.#typed}
        @keydown=${this.#key}
        @blur=${() => staged || (this.staged = null)}
      ></textarea>
      <div class="foot">
        <button
          aria-pressed=${String(Boolean(this.#value("solo")))}
          aria-label="Solo prompt ${n}"
          @click=${() => show.set(this.#name("solo"), !this.#value("solo"))}
        >
          solo
        </button>
        ${staged ? html`<small>${this.#waits() ? "waits for the bar" : "staged · Enter"}</small>` : ""}
      </div>
      <edc-fader name=${this.#name("weight")} ?lying=${this.small}></edc-fader>`;
  }

  #typed(event) {
    this.staged = event.target.value;
  }

  #key(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const text = this.staged ?? this.#value("text");
    const when = event.ctrlKey || event.metaKey ? "bar" : "now";
    show.do({ do: "stage", slot: this.n, text, when }).then((done) => {
      if (done && when === "now") this.staged = null;
    });
  }

  willUpdate() {
    // What waited for the bar has come: the text is the show's own again.
    if (this.waited && !this.#waits() && this.staged?.trim() === this.#value("text"))
      this.staged = null;
    this.waited = this.#waits();
  }

  #waits() {
    return show.status?.waiting?.some((row) => row.kind === "text" && row.slot === this.n) ?? false;
  }

  // Tap: glide to this prompt. Keep pressed: solo while it is held.

  #down = (event) => {
    if (event.button || show.learning.on) return;
    this.held = setTimeout(() => {
      this.soloed = true;
      show.set(this.#name("solo"), true);
    }, HOLD_MS);
  };

  #up = () => {
    clearTimeout(this.held);
    if (!this.soloed) return;
    show.set(this.#name("solo"), false);
    setTimeout(() => (this.soloed = false)); // after the click that follows
  };

  #click = () => {
    if (show.learning.on) show.choose(`prompt.${this.n}`);
    else if (!this.soloed) show.act(`prompt.${this.n}`);
  };
}

customElements.define("edc-slot", Slot);
