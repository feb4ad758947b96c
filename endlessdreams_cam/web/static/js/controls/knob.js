// A knob: the base as a bar round it, the live value as a dot.

import { css, html, svg } from "../../vendor/lit.js";
import { Slider, origin, towards } from "./slider.js";

const FROM = 135;
const SWEEP = 270;
const RADIUS = 38;

export class Knob extends Slider {
  static styles = [
    Slider.styles,
    css`
      :host {
        width: 4.5rem;
        padding: 0.3rem 0.1rem 0.1rem;
        text-align: center;
      }
      .slider {
        width: 3.6rem;
        height: 3.3rem;
        margin: 0 auto;
      }
      svg {
        width: 3.6rem;
        height: 3.6rem;
        display: block;
        pointer-events: none;
      }
      .track,
      .bar {
        fill: none;
        stroke-width: 9;
        stroke-linecap: round;
      }
      .track {
        stroke: var(--pressed);
      }
      .bar {
        stroke: var(--value);
      }
      .cap {
        fill: var(--raised);
        stroke: var(--line);
        stroke-width: 1.5;
      }
      .hand {
        stroke: var(--ink);
        stroke-width: 5;
        stroke-linecap: round;
      }
      .dot {
        fill: #fff;
        stroke: var(--ground);
        stroke-width: 2;
      }
      .ghost {
        stroke: var(--staged);
        stroke-width: 5;
        stroke-linecap: round;
      }
      .arrow {
        fill: var(--staged);
        font-size: 26px;
        text-anchor: middle;
      }
      :host([held]) .cap {
        fill: var(--pressed);
      }
      .bound {
        position: absolute;
        top: 0;
        right: 0;
      }
      .name {
        font-size: 0.76rem;
        color: var(--soft);
        display: flex;
        justify-content: center;
        gap: 0.2rem;
        min-height: 1rem;
      }
    `,
  ];

  draw(unit, live, waiting) {
    const root = this.renderRoot;
    const start = origin(this.parameter);
    root.querySelector(".bar").setAttribute("d", arc(Math.min(start, unit), Math.max(start, unit)));
    root.querySelector(".hand").setAttribute("transform", spin(unit));
    root.querySelector(".dot").setAttribute("transform", spin(live));
    const ghost = root.querySelector(".ghost");
    ghost.setAttribute("visibility", waiting ? "visible" : "hidden");
    if (waiting) ghost.setAttribute("transform", spin(waiting.position));
    root.querySelector(".arrow").textContent = waiting ? towards(waiting) : "";
  }

  render() {
    return html`${this.slider(svg`<svg viewBox="0 0 100 100" aria-hidden="true">
        <path class="track" d=${arc(0, 1)} /><path class="bar" />
        <circle class="cap" cx="50" cy="50" r="27" /><line class="hand" x1="64" y1="50" x2="74" y2="50" />
        <line class="ghost" x1="80" y1="50" x2="97" y2="50" visibility="hidden" />
        <circle class="dot" cx="88" cy="50" r="6.5" /><text class="arrow" x="50" y="59"></text>
      </svg>`)}
      ${this.entry()}
      <div class="name"><span class="clip">${this.caption}</span>${this.bound()}</div>`;
  }
}

const spin = (unit) => `rotate(${FROM + SWEEP * unit} 50 50)`;

function arc(from, to) {
  const [a, b] = [at(from), at(Math.max(to, from + 0.002))];
  return `M ${a} A ${RADIUS} ${RADIUS} 0 ${(to - from) * SWEEP > 180 ? 1 : 0} 1 ${b}`;
}

function at(unit) {
  const angle = ((FROM + SWEEP * unit) * Math.PI) / 180;
  return `${(50 + RADIUS * Math.cos(angle)).toFixed(2)} ${(50 + RADIUS * Math.sin(angle)).toFixed(2)}`;
}

customElements.define("edc-knob", Knob);
