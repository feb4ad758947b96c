// A fader, upright or lying: it is moved from where it stands, so that a touch alone changes nothing.

import { css, html } from "../../vendor/lit.js";
import { Slider, origin, towards } from "./slider.js";

const SHORTEST = 6; // rem: a short fader is still moved finely

export class Fader extends Slider {
  static properties = { ...Slider.properties, lying: { type: Boolean, reflect: true } };

  static styles = [
    Slider.styles,
    css`
      :host {
        --tint: var(--value);
        display: flex;
        flex-direction: column;
        height: 100%;
        align-items: center;
      }
      .slider {
        position: relative;
        flex: 1;
        width: 100%;
        min-height: 3rem;
      }
      .groove {
        position: absolute;
        left: calc(50% - 0.22rem);
        width: 0.44rem;
        inset-block: 0.5rem;
        border-radius: 1rem;
        background: var(--pressed);
      }
      .run {
        position: absolute;
        inset: 1.1rem 0;
        pointer-events: none;
      }
      .bar {
        position: absolute;
        left: calc(50% - 0.22rem);
        width: 0.44rem;
        bottom: calc(var(--from, 0) * 100% - var(--foot, 0.6rem));
        height: calc((var(--to, 0) - var(--from, 0)) * 100% + var(--foot, 0.6rem));
        border-radius: 1rem;
        background: var(--tint);
      }
      .cap {
        position: absolute;
        left: calc(50% - 1.3rem);
        width: 2.6rem;
        height: 1.6rem;
        bottom: calc(var(--u, 0) * 100% - 0.8rem);
        border-radius: 0.4rem;
        background: linear-gradient(#4a5060, #2c303a);
        border: 1px solid #767d8d;
        box-shadow: 0 0.15rem 0.4rem #0009;
      }
      .cap::after {
        content: "";
        position: absolute;
        inset: calc(50% - 0.1rem) 0.3rem auto;
        height: 0.2rem;
        border-radius: 1rem;
        background: var(--tint);
      }
      .dot {
        position: absolute;
        left: calc(50% - 0.33rem);
        width: 0.66rem;
        height: 0.66rem;
        bottom: calc(var(--l, 0) * 100% - 0.33rem);
        border-radius: 50%;
        background: #fff;
        border: 0.1rem solid var(--ground);
      }
      .ghost {
        position: absolute;
        left: 0;
        width: 100%;
        height: 0.2rem;
        bottom: calc(var(--g, 0) * 100% - 0.1rem);
        background: var(--staged);
      }
      .arrow {
        position: absolute;
        right: -0.1rem;
        bottom: calc(var(--g, 0) * 100% - 0.55rem);
        color: var(--staged);
        font-size: 0.95rem;
        line-height: 1.1rem;
        background: var(--panel);
      }
      :host(:not([waiting])) :is(.ghost, .arrow) {
        display: none;
      }
      :host([held]) .cap {
        background: linear-gradient(#646b7d, #3c414e);
      }
      .unit {
        display: none;
      }
      :host([lying]) {
        flex-direction: row;
        height: auto;
        gap: 0.6rem;
      }
      :host([lying]) .slider {
        min-height: 2.6rem;
        cursor: ew-resize;
      }
      :host([lying]) .groove {
        inset: calc(50% - 0.22rem) 0.5rem auto;
        width: auto;
        height: 0.44rem;
        left: 0.5rem;
      }
      :host([lying]) .run {
        inset: 0 1.2rem;
      }
      :host([lying]) .bar {
        left: calc(var(--from, 0) * 100% - var(--foot, 0.6rem));
        bottom: calc(50% - 0.22rem);
        height: 0.44rem;
        width: calc((var(--to, 0) - var(--from, 0)) * 100% + var(--foot, 0.6rem));
      }
      :host([lying]) .cap {
        width: 1.5rem;
        height: 2.2rem;
        left: calc(var(--u, 0) * 100% - 0.75rem);
        bottom: calc(50% - 1.1rem);
        background: linear-gradient(90deg, #4a5060, #2c303a);
      }
      :host([lying]) .cap::after {
        inset: 0.3rem auto 0.3rem calc(50% - 0.1rem);
        width: 0.2rem;
        height: auto;
      }
      :host([lying]) .dot {
        left: calc(var(--l, 0) * 100% - 0.33rem);
        bottom: calc(50% - 0.33rem);
      }
      :host([lying]) .ghost {
        left: calc(var(--g, 0) * 100% - 0.1rem);
        width: 0.2rem;
        height: 2.6rem;
        bottom: calc(50% - 1.3rem);
      }
      :host([lying]) .arrow {
        right: auto;
        left: calc(var(--g, 0) * 100% + 0.3rem);
        bottom: calc(50% - 1.2rem);
      }
      :host([lying]) .entry {
        width: 2.6rem;
        flex: none;
      }
    `,
  ];

  draw(unit, live, waiting) {
    const start = origin(this.parameter);
    this.style.setProperty("--u", unit.toFixed(4));
    this.style.setProperty("--from", Math.min(start, unit).toFixed(4));
    this.style.setProperty("--to", Math.max(start, unit).toFixed(4));
    this.style.setProperty("--foot", start ? "0px" : "0.6rem"); // down to the end of the groove
    this.style.setProperty("--l", live.toFixed(4));
    this.toggleAttribute("waiting", Boolean(waiting));
    if (!waiting) return;
    this.style.setProperty("--g", waiting.position.toFixed(4));
    const arrow = this.lying ? { "▲": "▶", "▼": "◀" }[towards(waiting)] : towards(waiting);
    this.renderRoot.querySelector(".arrow").textContent = arrow;
  }

  along(x, y) {
    return this.lying ? x : -y;
  }

  measure(rem) {
    const run = this.renderRoot.querySelector(".run");
    this.travel = Math.max((this.lying ? run.clientWidth : run.clientHeight) / rem, SHORTEST);
  }

  render() {
    return html`${this.slider(
      html`<div class="groove"></div>
        <div class="run">
          <div class="bar"></div>
          <div class="ghost"></div>
          <div class="cap"></div>
          <div class="dot"></div>
          <div class="arrow" aria-hidden="true"></div>
        </div>`,
      this.lying ? "horizontal" : "vertical",
    )}${this.entry()}${this.bound()}`;
  }
}

customElements.define("edc-fader", Fader);
