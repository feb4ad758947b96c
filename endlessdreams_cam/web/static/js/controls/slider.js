// What knobs and faders share: dragging in the knob's travel, wheel, keys, exact entry, the ghost of a waiting control.

import { css, html } from "../../vendor/lit.js";
import { fromUnit, origin, shown, toUnit, unitOf } from "../curve.js";
import { show } from "../show.js";
import { Control } from "./control.js";

const FINE = 0.1;
const STEP = 0.01;
const DOUBLE_MS = 320;
const KEYS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

export class Slider extends Control {
  static properties = { ...Control.properties, typing: { state: true } };

  static styles = [
    Control.styles,
    css`
      [role="slider"] {
        touch-action: none;
        cursor: ns-resize;
        border-radius: var(--round);
      }
      .entry {
        all: unset;
        box-sizing: border-box;
        display: block;
        width: 100%;
        text-align: center;
        font-size: 0.82rem;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
        overflow: hidden;
        border-radius: 0.3rem;
        cursor: text;
        line-height: 1.5rem;
      }
      button.entry:focus-visible {
        outline: 0.16rem solid var(--ink);
      }
      input.entry {
        background: #000;
        outline: 0.12rem solid var(--value);
        user-select: text;
      }
      .unit {
        color: var(--soft);
        font-size: 0.7rem;
        margin-left: 0.15rem;
      }
    `,
  ];

  /** How many rem a full travel is. */
  travel = 13;
  drag = null;
  tapped = { at: 0, x: 0, y: 0 };

  /** Where the bar stands, 0…1: under the finger while it is dragged, else the base. */
  get unit() {
    return this.drag?.unit ?? toUnit(this.parameter, this.value);
  }

  get liveUnit() {
    return toUnit(this.parameter, show.live.get(this.name) ?? this.value);
  }

  get handle() {
    return this.renderRoot.querySelector("[role=slider]");
  }

  firstUpdated() {
    this.handle.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.follow();
  }

  updated() {
    this.follow();
  }

  follow() {
    const handle = this.hasUpdated && this.handle;
    if (!handle || !this.parameter) return;
    const value = this.drag ? fromUnit(this.parameter, this.drag.unit) : this.value;
    const words = shown(this.parameter, value);
    const unit = unitOf(this.parameter);
    handle.setAttribute("aria-valuenow", words);
    handle.setAttribute("aria-valuetext", unit ? `${words} ${unit}` : words);
    const entry = this.renderRoot.querySelector("button.entry .number");
    if (entry && entry.textContent !== words) entry.textContent = words;
    this.draw(this.unit, this.liveUnit, show.waiting.get(this.name));
    const bound = show.bindings.get(this.name);
    if (this.boundTo !== bound) {
      this.boundTo = bound;
      this.requestUpdate();
    }
  }

  /** Draw the bar, the live dot, and the ghost of a control that waits (or undefined). */
  draw(_unit, _live, _waiting) {}

  /** The element that is dragged, with `inside` as its looks. */
  slider(inside, direction = "vertical") {
    const { low, high, doc } = this.parameter;
    return html`<div
      class="slider"
      role="slider"
      tabindex="0"
      aria-label=${this.spoken}
      aria-orientation=${direction}
      aria-valuemin=${low}
      aria-valuemax=${high}
      title=${doc}
      @pointerdown=${this.#grab}
      @pointermove=${this.#move}
      @pointerup=${this.#let}
      @pointercancel=${this.#let}
      @keydown=${this.#key}
    >
      ${inside}
    </div>`;
  }

  /** The value: a press on it, or Enter on the slider, opens the exact entry. */
  entry() {
    if (this.typing) {
      return html`<input
        class="entry"
        aria-label="${this.spoken}, exact value"
        inputmode="decimal"
        size="4"
        .value=${this.typing.text}
        @keydown=${this.#typed}
        @blur=${() => (this.typing = null)}
      />`;
    }
    return html`<button
      class="entry"
      tabindex="-1"
      aria-hidden="true"
      title="type the exact value"
      @click=${() => this.type()}
    >
      <span class="number"></span><span class="unit">${unitOf(this.parameter)}</span>
    </button>`;
  }

  async type() {
    this.typing = { text: shown(this.parameter, this.value) };
    await this.updateComplete;
    this.renderRoot.querySelector("input.entry").select();
  }

  turn(unit) {
    show.unit(this.name, Math.min(Math.max(unit, 0), 1));
    this.follow();
  }

  reset() {
    show.set(this.name, this.parameter.default);
  }

  // The hand

  #grab(event) {
    if (event.button || this.drag) return; // one finger: others play other faders
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    if (this.#second(event)) return this.reset();
    this.handle.setPointerCapture(event.pointerId);
    this.measure(rem());
    this.drag = {
      id: event.pointerId,
      unit: toUnit(this.parameter, this.value),
      x: event.clientX,
      y: event.clientY,
    };
    this.toggleAttribute("held", true);
  }

  #move(event) {
    if (this.drag?.id !== event.pointerId) return;
    const far =
      this.along(event.clientX - this.drag.x, event.clientY - this.drag.y) / (this.travel * rem());
    if (!far) return;
    const unit = Math.min(Math.max(this.drag.unit + far * (event.shiftKey ? FINE : 1), 0), 1);
    this.drag = { ...this.drag, unit, x: event.clientX, y: event.clientY };
    this.tapped.at = 0; // a drag is no tap
    this.turn(unit);
  }

  /** Find out how long the travel is before a drag, with a rem in px. */
  measure(_rem) {}

  /** How far a drag goes along the travel, in px. */
  along(x, y) {
    return x - y;
  }

  #let(event) {
    if (this.drag?.id !== event.pointerId) return;
    show.base.set(this.name, fromUnit(this.parameter, this.drag.unit));
    this.drag = null;
    this.toggleAttribute("held", false);
    this.follow();
  }

  #second(event) {
    const { at, x, y } = this.tapped;
    const now = performance.now();
    const near = Math.hypot(event.clientX - x, event.clientY - y) < 8;
    this.tapped = { at: now, x: event.clientX, y: event.clientY };
    return near && now - at < DOUBLE_MS;
  }

  #wheel(event) {
    if (!this.handle.matches(":focus") && scrolls(this)) return; // a page that is scrolled must not turn what passes by
    event.preventDefault();
    this.#nudge(-Math.sign(event.deltaY || -event.deltaX) * (event.shiftKey ? FINE : 1));
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in KEYS) this.#nudge(KEYS[event.key] * (event.shiftKey ? FINE : 1));
    else if (event.key === "Home") this.turn(0);
    else if (event.key === "End") this.turn(1);
    else if (event.key === "Enter") this.type();
    else if (event.key === "Delete" || event.key === "Backspace") this.reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #nudge(steps) {
    const { kind, high, low } = this.parameter;
    if (kind === "integer")
      return show.set(this.name, Math.min(Math.max(this.value + Math.sign(steps), low), high));
    this.turn(toUnit(this.parameter, this.value) + steps * STEP);
  }

  #typed(event) {
    event.stopPropagation();
    if (event.key !== "Enter") return;
    const text = event.target.value.trim().replace(",", ".").replace("−", "-");
    if (text && Number.isFinite(Number(text))) show.set(this.name, Number(text));
    else
      show.tell("refused", {
        text: `“${text}” is not a number.`,
        remedy: `Allowed: ${this.parameter.low} to ${this.parameter.high}.`,
      });
    this.typing = null;
    this.handle.focus({ preventScroll: true });
  }
}

/** Where a control that waits must go: up, down. */
export const towards = (waiting) => (waiting.target > waiting.position ? "▲" : "▼");

export { origin };

const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

function scrolls(element) {
  for (let at = element; at; at = at.parentNode ?? at.host) {
    if (
      at instanceof Element &&
      at.scrollHeight > at.clientHeight + 1 &&
      /auto|scroll/.test(getComputedStyle(at).overflowY)
    )
      return true;
  }
  return false;
}
