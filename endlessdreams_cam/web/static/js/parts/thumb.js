// A small moving picture of a prompt or a preset, drawn as the show sends it.

import { LitElement, css, html } from "../../vendor/lit.js";
import { show } from "../show.js";

class Thumb extends LitElement {
  static properties = { of: {} };

  static styles = css`
    :host {
      display: block;
      width: 100%;
      height: 100%;
      background: linear-gradient(135deg, #1a1c24, #0c0d12);
    }
    canvas {
      width: 100%;
      height: 100%;
      display: block;
      object-fit: cover;
    }
  `;

  connectedCallback() {
    super.connectedCallback();
    this.end = show.on("thumb", (news) => news.of === this.of && this.#draw(news.jpeg));
    if (pictures.has(this.of)) this.updateComplete.then(() => this.#draw(pictures.get(this.of)));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.end();
  }

  render() {
    return html`<canvas width="160" height="90" aria-hidden="true"></canvas>`;
  }

  async #draw(jpeg) {
    pictures.set(this.of, jpeg);
    const bytes = Uint8Array.from(atob(jpeg), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    this.renderRoot.querySelector("canvas").getContext("2d").drawImage(picture, 0, 0, 160, 90);
    picture.close();
  }
}

const pictures = new Map();

customElements.define("edc-thumb", Thumb);
