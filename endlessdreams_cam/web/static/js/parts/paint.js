// Drawing into the dream: strokes on the program's preview, and the tools for them.

import { css, html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part } from "./part.js";

const KINDS = [
  ["noise", "noise"],
  ["colour", "colour"],
  ["keep", "keep"],
];
const SEND_MS = 33;

/** What the hand draws with; shared by the tools and the sheet that lies on the preview. */
export const brush = { kind: "", colour: "#ffb13d", size: 0.12, decay_s: 4 };

class Tools extends Part {
  static topics = ["brush"];

  static styles = [
    ...Part.styles,
    css`
      :host {
        container-type: inline-size;
      }
      .row {
        gap: 0.35rem;
        flex-wrap: nowrap;
      }
      @container (max-width: 34rem) {
        h2,
        label .word {
          display: none;
        }
        label {
          flex-basis: 3rem;
        }
        button {
          padding: 0.2rem 0.4rem;
        }
      }
      h2 {
        margin-right: 0.1rem;
      }
      button {
        padding: 0.2rem 0.6rem;
        min-height: 2.3rem;
        font-size: 0.85rem;
      }
      input[type="color"] {
        width: 2.6rem;
        height: 2.3rem;
        padding: 0.1rem;
        background: var(--raised);
        border: 1px solid var(--line);
        border-radius: var(--round);
        flex: none;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.3rem;
        font-size: 0.78rem;
        color: var(--soft);
        min-width: 0;
        flex: 1 1 5rem;
      }
      input[type="range"] {
        flex: 1;
        min-width: 0;
        width: 3rem;
        accent-color: var(--value);
        height: 2.3rem;
      }
    `,
  ];

  render() {
    return html`<div class="row" role="group" aria-label="Draw into the dream">
      <h2>Draw</h2>
      ${KINDS.map(([kind, word]) => html`<button aria-pressed=${String(brush.kind === kind)} @click=${() => this.#use({ kind: brush.kind === kind ? "" : kind })}>${word}</button>`)}
      <input
        type="color"
        aria-label="Colour of the brush"
        .value=${brush.colour}
        @input=${(event) => this.#use({ colour: event.target.value, kind: "colour" })}
      />
      <label title="size of the brush"
        ><span class="word">size</span
        ><input
          aria-label="Size of the brush"
          type="range"
          min="0.02"
          max="0.5"
          step="0.01"
          .value=${brush.size}
          @input=${(event) => this.#use({ size: Number(event.target.value) })}
      /></label>
      <label title="the stroke fades in"
        ><span class="word">fades in</span
        ><input
          aria-label="The stroke fades in"
          type="range"
          min="0.5"
          max="20"
          step="0.5"
          .value=${brush.decay_s}
          aria-valuetext="${brush.decay_s} s"
          @input=${(event) => this.#use({ decay_s: Number(event.target.value) })}
        /><span class="number">${brush.decay_s} s</span></label
      >
      <button @click=${() => show.do({ do: "paint", clear: true })}>clear</button>
    </div>`;
  }

  #use(change) {
    Object.assign(brush, change);
    show.tell("brush");
  }
}

/** Lies on the preview while a tool is chosen, and shows the stroke under the hand. */
class Sheet extends Part {
  static topics = ["brush"];

  static styles = [
    ...Part.styles,
    css`
      :host {
        position: absolute;
        inset: 0;
        touch-action: none;
        cursor: crosshair;
      }
      canvas {
        width: 100%;
        height: 100%;
      }
    `,
  ];

  render() {
    this.hidden = !brush.kind;
    return html`<canvas
      @pointerdown=${this.#down}
      @pointermove=${this.#move}
      @pointerup=${this.#up}
      @pointercancel=${this.#up}
      aria-label="Draw here with the pointer"
      role="img"
    ></canvas>`;
  }

  get canvas() {
    return this.renderRoot.querySelector("canvas");
  }

  #down = (event) => {
    if (event.button) return;
    const { canvas } = this;
    canvas.setPointerCapture(event.pointerId);
    [canvas.width, canvas.height] = [canvas.clientWidth, canvas.clientHeight];
    this.points = [this.#at(event)];
    this.stroke = [...this.points];
    this.sender = setInterval(() => this.#send(), SEND_MS);
    this.#ink(this.stroke);
  };

  #move = (event) => {
    if (!this.points) return;
    const fresh = (event.getCoalescedEvents?.() ?? [event]).map((one) => this.#at(one));
    this.points.push(...fresh);
    this.stroke.push(...fresh);
    this.#ink(this.stroke);
  };

  #up = () => {
    if (!this.points) return;
    clearInterval(this.sender);
    this.#send();
    this.points = null;
    this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
  };

  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map(
      (part) => Math.min(Math.max(part, 0), 1),
    );
  }

  #send() {
    const { kind, colour, size, decay_s } = brush;
    const points = this.points.map((point) => point.map((part) => Number(part.toFixed(4))));
    show.link.send({ do: "paint", strokes: [{ kind, colour, size, decay_s, points }] });
    this.points = this.points.slice(-1); // the next piece goes on from here
  }

  #ink(points) {
    const { width, height } = this.canvas;
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = brush.size * height;
    pen.globalAlpha = 0.3;
    pen.strokeStyle =
      brush.kind === "colour" ? brush.colour : brush.kind === "keep" ? "#43d29a" : "#ffffff";
    pen.beginPath();
    points.forEach(([x, y], k) =>
      k ? pen.lineTo(x * width, y * height) : pen.moveTo(x * width, y * height),
    );
    if (points.length === 1) pen.lineTo(points[0][0] * width + 0.1, points[0][1] * height);
    pen.stroke();
  }
}

customElements.define("edc-tools", Tools);
customElements.define("edc-sheet", Sheet);
