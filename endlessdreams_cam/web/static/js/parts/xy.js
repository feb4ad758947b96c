// Two axes under one finger: a pad that stays where it is left (pan), a joystick that goes back to where it was (drift).

import { css, html } from "../../vendor/lit.js";
import { fromUnit, shown, toUnit } from "../curve.js";
import { show } from "../show.js";
import { Part } from "./part.js";

const STEP = 0.02;
const DOUBLE_MS = 320;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class Pad extends Part {
  static topics = ["hello"];
  static properties = { x: {}, y: {}, label: {}, springs: { type: Boolean } };

  static styles = [
    ...Part.styles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 0.2rem;
      }
      .pad {
        position: relative;
        flex: 1;
        min-height: 5rem;
        background: radial-gradient(circle at center, #20232d, #0d0e13);
        border: 1px solid var(--line);
        border-radius: 0.5rem;
        touch-action: none;
        cursor: move;
        overflow: hidden;
      }
      .pad::before,
      .pad::after {
        content: "";
        position: absolute;
        background: var(--pressed);
      }
      .pad::before {
        left: calc(50% - 0.5px);
        width: 1px;
        inset-block: 0;
      }
      .pad::after {
        top: calc(50% - 0.5px);
        height: 1px;
        inset-inline: 0;
      }
      i {
        position: absolute;
        z-index: 1;
        border-radius: 50%;
        pointer-events: none;
        transform: translate(-50%, -50%);
      }
      .hand {
        width: 1.9rem;
        height: 1.9rem;
        border: 0.2rem solid var(--value);
        background: #9d8cff40;
        left: calc(8% + var(--x, 0.5) * 84%);
        top: calc(8% + var(--y, 0.5) * 84%);
      }
      .dot {
        width: 0.55rem;
        height: 0.55rem;
        background: #fff;
        left: calc(8% + var(--lx, 0.5) * 84%);
        top: calc(8% + var(--ly, 0.5) * 84%);
      }
      .name {
        display: flex;
        justify-content: space-between;
        font-size: 0.76rem;
        color: var(--soft);
        white-space: nowrap;
        overflow: hidden;
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    this.ends.push(...[this.x, this.y].map((name) => show.watch(name, () => this.#draw())));
  }

  updated() {
    this.#draw();
  }

  render() {
    const rows = [this.x, this.y].map((name) => show.parameters.get(name));
    return html`<div
        class="pad"
        role="group"
        tabindex="0"
        aria-roledescription="two-axis pad"
        aria-label="${this.label}: ${rows.map((row) => row.name).join(" and ")}; arrows move it, Delete brings it back"
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
        @keydown=${this.#key}
      >
        <i class="hand"></i><i class="dot"></i>
      </div>
      <div class="name"><span>${this.label}</span><span class="number words"></span></div>`;
  }

  #draw() {
    if (!this.hasUpdated) return;
    [
      ["--x", "--lx", this.x],
      ["--y", "--ly", this.y],
    ].forEach(([at, live, name], axis) => {
      const parameter = show.parameters.get(name);
      this.style.setProperty(at, this.drag?.[axis] ?? toUnit(parameter, show.base.get(name)));
      this.style.setProperty(live, toUnit(parameter, show.live.get(name)));
    });
    const words = [this.x, this.y].map((name) =>
      shown(show.parameters.get(name), show.live.get(name)),
    );
    this.renderRoot.querySelector(".words").textContent = words.join(" ");
  }

  #down(event) {
    if (event.button) return;
    event.preventDefault();
    event.currentTarget.focus({ preventScroll: true });
    const now = performance.now();
    if (now - (this.tapped ?? 0) < DOUBLE_MS) return this.#home();
    this.tapped = now;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.from = [event.clientX, event.clientY];
    this.rest = [this.x, this.y].map((name) => show.base.get(name));
    this.drag = [this.x, this.y].map((name) =>
      toUnit(show.parameters.get(name), show.base.get(name)),
    );
  }

  #move(event) {
    if (!this.drag) return;
    const box = event.currentTarget.getBoundingClientRect();
    const fine = event.shiftKey ? 0.1 : 1;
    const by = [
      (event.clientX - this.from[0]) / box.width,
      (event.clientY - this.from[1]) / box.height,
    ];
    this.from = [event.clientX, event.clientY];
    this.drag = this.drag.map((unit, axis) =>
      Math.min(Math.max(unit + (by[axis] / 0.84) * fine, 0), 1),
    );
    [this.x, this.y].forEach((name, axis) => show.unit(name, this.drag[axis]));
    this.tapped = Math.hypot(...by) > 0.01 ? 0 : this.tapped;
    this.#draw();
  }

  #up() {
    if (!this.drag) return;
    [this.x, this.y].forEach((name, axis) =>
      show.base.set(name, fromUnit(show.parameters.get(name), this.drag[axis])),
    );
    this.drag = null;
    if (this.springs) [this.x, this.y].forEach((name, axis) => show.set(name, this.rest[axis])); // to what the preset asks for
    this.#draw();
  }

  #home() {
    [this.x, this.y].forEach((name) => show.set(name, show.parameters.get(name).default));
  }

  #key(event) {
    const arrow = ARROWS[event.key];
    if (arrow)
      arrow.forEach(
        (way, axis) => way && this.#step([this.x, this.y][axis], way * (event.shiftKey ? 0.1 : 1)),
      );
    else if (event.key === "Delete" || event.key === "Backspace") this.#home();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #step(name, steps) {
    const parameter = show.parameters.get(name);
    const unit = Math.min(Math.max(toUnit(parameter, show.base.get(name)) + steps * STEP, 0), 1);
    show.unit(name, unit);
    this.#draw();
  }
}

customElements.define("edc-pad", Pad);
