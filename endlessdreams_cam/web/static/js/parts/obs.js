// OBS: whether it is there, what it does, its virtual camera. None of the user's words are told.

import { css, html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part, clock } from "./part.js";

const TOLD = {
  off: "not connected",
  connecting: "connecting …",
  absent: "not there",
  silent: "does not answer",
  refused: "refuses the password",
  strange: "is not OBS",
  old: "too old",
  ended: "ended the connection",
};

class Obs extends Part {
  static topics = ["status"];
  static properties = { small: { type: Boolean }, busy: { state: true } };

  static styles = [
    ...Part.styles,
    css`
      section {
        padding-bottom: 0.5rem;
      }
      .row {
        flex-wrap: wrap;
        font-size: 0.86rem;
        margin-top: 0.35rem;
      }
      .row.small {
        flex-wrap: nowrap;
        overflow: hidden;
        font-size: 0.74rem;
        gap: 0.3rem;
        white-space: nowrap;
      }
      .chip {
        border: 1px solid var(--line);
        border-radius: 1rem;
        padding: 0.1rem 0.6rem;
        font-variant-numeric: tabular-nums;
      }
      .live {
        background: var(--air-deep);
        border-color: var(--air);
        color: #fff;
      }
      .bad {
        border-color: var(--staged);
        color: var(--staged);
      }
      p {
        margin: 0.3rem 0;
        font-size: 0.85rem;
        color: var(--soft);
      }
    `,
  ];

  render() {
    const row = show.status?.obs;
    if (!row || (this.small && row.phase === "off")) return "";
    const there = row.phase === "connected";
    const chips = html`<div class="row ${this.small ? "small" : ""}" role="status">
      ${there ? this.#chips(row) : html`<span class="chip ${row.cause ? "bad" : ""}">OBS ${TOLD[row.phase]}</span>`}
    </div>`;
    if (this.small) return chips;
    return html`<section aria-label="OBS">
      <h2>OBS ${row.version}</h2>
      ${chips}${row.cause ? html`<p>${row.cause} ${row.remedy}</p>` : ""}
      <div class="row">${this.#buttons(row, there)}</div>
    </section>`;
  }

  #chips(row) {
    const scene = row.ours
      ? "our scene"
      : row.shown
        ? "a scene with the dream in it"
        : "a scene without us";
    return html`${this.small ? "" : html`<span class="chip">${scene}</span>`}
      ${this.small && !row.shown && !row.ours ? html`<span class="chip">OBS: not us</span>` : ""}
      ${row.streaming ? html`<span class="chip live">streaming ${clock(row.stream_s)}</span>` : ""}
      ${row.recording ? html`<span class="chip ${row.paused ? "" : "live"}">${row.paused ? "paused" : "recording"} ${clock(row.record_s)}</span>` : ""}
      ${row.camera ? html`<span class="chip live">virtual camera</span>` : ""}
      ${row.studio ? html`<span class="chip">studio mode</span>` : ""}`;
  }

  #buttons(row, there) {
    if (!there)
      return html`<button @click=${() => this.#do("connect")}>connect to OBS</button>${
        row.phase === "off" ? "" : html`<button @click=${() => this.#do("disconnect")}>leave it</button>`
      }`;
    const turn = row.camera ? "camera stop" : "camera start";
    return html`<button
        ?disabled=${this.busy || row.camera === null}
        @click=${() => this.#do(turn)}
        title=${row.camera === null ? "this OBS has no virtual camera" : ""}
      >
        ${row.camera ? "stop" : "start"} OBS's virtual camera</button
      ><button @click=${() => this.#do("disconnect")}>leave OBS</button>`;
  }

  async #do(what) {
    this.busy = true;
    await show.do({ do: "obs", what });
    this.busy = false;
  }
}

customElements.define("edc-obs", Obs);
