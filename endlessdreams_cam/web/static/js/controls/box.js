// A number in a line of text: dragged sideways, turned or typed.

import { css, html } from "../../vendor/lit.js";
import { Slider } from "./slider.js";

class Box extends Slider {
  static styles = [
    Slider.styles,
    css`
      :host {
        display: flex;
        align-items: center;
        background: var(--raised);
        border: 1px solid var(--line);
        height: 2.4rem;
        padding-right: 0.3rem;
        overflow: hidden;
      }
      .slider {
        position: relative;
        cursor: ew-resize;
        height: 100%;
        display: flex;
        align-items: center;
        padding: 0 0.5rem;
        font-size: 0.85rem;
        color: var(--soft);
      }
      .bar {
        position: absolute;
        left: 0;
        bottom: 0;
        height: 0.2rem;
        background: var(--value);
        width: calc(var(--u, 0) * 100%);
      }
      .entry {
        width: 3.4rem;
      }
    `,
  ];

  draw(unit) {
    this.style.setProperty("--u", unit.toFixed(4));
  }

  render() {
    return html`${this.slider(html`${this.caption}<span class="bar"></span>`, "horizontal")}${this.entry()}${this.bound()}`;
  }
}

customElements.define("edc-box", Box);
