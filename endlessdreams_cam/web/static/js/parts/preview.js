// A preview: the program or the source as it is now, drawn from pictures that come over the line.

import { css, html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part } from "./part.js";

const NUMBER = { program: 1, source: 2 };
const OLD_MS = 1500;

class Preview extends Part {
  static topics = ["status", "state", "hello"];
  static names = ["program.cut", "source.input", "source.mirror"];
  static properties = { of: {}, old: { state: true } };

  static styles = [
    ...Part.styles,
    css`
      :host {
        position: relative;
        background: #000;
        border: 0.18rem solid var(--line);
        border-radius: 0.5rem;
        overflow: hidden;
        aspect-ratio: 16 / 9;
      }
      .live {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
      :host([of="source"]) .live {
        transform: scaleX(-1);
      }
      :host([of="source"][flipped]) .live {
        transform: none;
      }
      :host([air]) {
        border-color: var(--air);
      }
      :host([hold]) {
        border-color: var(--hold);
      }
      .name {
        position: absolute;
        left: 0;
        bottom: 0;
        padding: 0.05rem 0.45rem;
        background: #000a;
        font-size: 0.68rem;
        letter-spacing: 0.08em;
        text-transform: uppercase;
        border-top-right-radius: 0.35rem;
        pointer-events: none;
      }
      .empty {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        text-align: center;
        color: var(--soft);
        padding: 1rem;
        font-size: 0.9rem;
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    this.ends.push(show.on("picture", (data) => this.#take(data)));
    this.clock = setInterval(() => (this.old = performance.now() - (this.seen ?? 0) > OLD_MS), 500);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.clock);
  }

  render() {
    const cut = show.base.get("program.cut");
    this.toggleAttribute("air", this.of === "program" && (cut === "dream" || cut === "source"));
    this.toggleAttribute("hold", this.of === "program" && cut === "hold");
    this.toggleAttribute("flipped", Boolean(show.base.get("source.mirror")));
    return html`<canvas
        class="live"
        width="1280"
        height="720"
        role="img"
        aria-label="The ${this.of}, live"
      ></canvas
      >${this.#words()}<span class="name" aria-hidden="true">${this.of}</span><slot></slot>`;
  }

  #words() {
    if (!this.old) return "";
    if (this.of === "source")
      return html`<div class="empty">
        ${show.base.get("source.input") === "none" ? "no source" : show.status?.source_words || "no picture from the source"}
      </div>`;
    return show.state === "live" ? html`<div class="empty">no picture</div>` : "";
  }

  async #take(data) {
    if (new Uint8Array(data, 0, 1)[0] !== NUMBER[this.of]) return;
    try {
      this.#draw(
        await createImageBitmap(new Blob([new Uint8Array(data, 1)], { type: "image/jpeg" })),
      );
    } finally {
      show.link.send({ do: "seen", picture: this.of }); // only then the next one comes: nothing queues
    }
  }

  #draw(picture) {
    const canvas = this.renderRoot.querySelector(".live");
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
    }
    canvas.getContext("2d", { alpha: false }).drawImage(picture, 0, 0);
    picture.close();
    this.seen = performance.now();
    if (this.old) this.old = false;
  }
}

customElements.define("edc-preview", Preview);
