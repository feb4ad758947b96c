// A small plot of the last minute: newest at the right, so that a fault is seen as a dent.

import { LitElement, css, html } from "../../vendor/lit.js";

const POINTS = 240;

class Plot extends LitElement {
  static properties = { label: {}, unit: {}, colour: {} };

  static styles = css`
    :host {
      display: block;
      position: relative;
      min-width: 0;
    }
    canvas {
      width: 100%;
      height: 100%;
      display: block;
    }
  `;

  points = [];

  /** Add a value; null is a gap. */
  add(value) {
    this.points.push(value);
    if (this.points.length > POINTS) this.points.shift();
    this.#draw();
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label ?? ""}></canvas>`;
  }

  #draw() {
    const canvas = this.renderRoot?.querySelector("canvas");
    if (!canvas?.clientWidth) return;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((length) =>
      Math.round(length * devicePixelRatio),
    );
    if (canvas.width !== width || canvas.height !== height)
      [canvas.width, canvas.height] = [width, height];
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    const top = Math.max(...this.points.filter((value) => value != null), 1) * 1.15;
    pen.beginPath();
    this.points.forEach((value, k) => {
      if (value == null) return;
      const x = width - ((this.points.length - 1 - k) * width) / (POINTS - 1);
      const y = height - (value / top) * height;
      if (k && this.points[k - 1] != null) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    pen.strokeStyle = this.colour ?? "#9d8cff";
    pen.lineWidth = 1.5 * devicePixelRatio;
    pen.stroke();
  }
}

customElements.define("edc-plot", Plot);
