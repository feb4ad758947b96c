// What feeds the dream, who dreams and where it goes: inputs with what this machine has, engine, model, outputs.

import { css, html } from "../../vendor/lit.js";
import "../controls/switches.js";
import { show } from "../show.js";
import { Part } from "./part.js";

const INPUTS = [
  ["source", "source.input"],
  ["layer", "layer.input"],
];

class Devices extends Part {
  static topics = ["hello", "status"];
  static names = ["source.input", "layer.input", "engine.name", "engine.model"];
  static properties = { which: {}, devices: { state: true } };

  static styles = [
    ...Part.styles,
    css`
      section {
        padding-bottom: 0.5rem;
      }
      .words {
        display: flex;
        flex-wrap: wrap;
        gap: 0.3rem;
        margin: 0.3rem 0;
      }
      .words button {
        font-size: 0.85rem;
        max-width: 100%;
      }
      .fault {
        color: var(--staged);
        font-size: 0.85rem;
        margin: 0.2rem 0;
      }
      .fine {
        color: var(--soft);
        font-size: 0.85rem;
        margin: 0.2rem 0;
      }
      progress {
        width: 100%;
        accent-color: var(--value);
      }
      ::file-selector-button {
        background: var(--raised);
        color: inherit;
        border: 1px solid var(--line);
        border-radius: 0.4rem;
        padding: 0.3rem 0.6rem;
      }
      input[type="file"] {
        width: 100%;
        border: 1px dashed var(--line);
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    this.#look();
  }

  async #look() {
    this.devices = (await show.do({ do: "devices" }))?.devices ?? {};
  }

  render() {
    return this.which === "inputs"
      ? INPUTS.map(([which, name]) => this.#input(which, name))
      : html`${this.#engine()}${this.#outputs()}`;
  }

  #input(which, name) {
    const rows = this.devices?.[`${which}s`] ?? [];
    return html`<section aria-label="${which}: choice">
      <h2>${which}</h2>
      ${this.#words(rows, name)}<edc-words name=${name} label="or type it"></edc-words>
      ${which === "layer" ? html`<label class="fine">a picture of yours as the layer<input type="file" accept="image/png,image/jpeg,image/webp" @change=${this.#upload} /></label>` : ""}
      ${this.#state(show.status?.[which])}
    </section>`;
  }

  #words(rows, name) {
    const now = show.base.get(name);
    return html`<div class="words" role="group" aria-label=${name}>
      ${rows.map(
        ({ word, title }) =>
          html`<button aria-pressed=${String(word === now)} @click=${() => show.set(name, word)}>
            ${title ?? word}
          </button>`,
      )}<button title="look for devices again" @click=${() => this.#look()}>⟳ look again</button>
    </div>`;
  }

  #state(row) {
    if (!row) return "";
    const { cause, remedy } = row.trouble ?? {};
    if (cause && row.state !== "live") return html`<p class="fault">${cause} ${remedy}</p>`;
    const rate = row.fps ? ` · ${row.fps.toFixed(1)} per second` : "";
    return html`<p class="fine">
      ${row.label || row.kind || ""} ${row.size ?? ""} · ${row.state}${rate}
    </p>`;
  }

  #engine() {
    const { engine, preparing, engine_why, traded, rehearsed } = show.status ?? {};
    const names = show.parameters.get("engine.name").choices;
    const now = show.base.get("engine.name");
    return html`<section aria-label="Engine">
      <h2>Engine</h2>
      <div class="words" role="group" aria-label="engine">
        ${names.map((name) => html`<button aria-pressed=${String(name === now)} @click=${() => show.set("engine.name", name)}>${name}</button>`)}
      </div>
      ${this.#model()}
      ${engine ? html`<p class="fine">${engine.engine} ${engine.model} ${engine.size} · ${engine.way || engine.state}</p>` : ""}
      ${this.#coming(preparing)} ${engine_why && !preparing ? html`<p class="fine">${engine_why}</p>` : ""}
      ${traded ? html`<p class="fine">governor: ${traded}</p>` : ""}
      ${rehearsed ? html`<p class="fault">rehearsed fault: ${rehearsed}</p>` : ""}
      ${(engine?.notes ?? []).map((note) => html`<p class="fault">${note}</p>`)}
    </section>`;
  }

  /** What gets warm off air: its name, what it does, and how far it is. */
  #coming(row) {
    if (!row || row.frames) return "";
    return html`<p class="fine">${row.engine} ${row.model} is coming: ${row.doing || row.state}</p>
      <progress max="1" .value=${row.progress} aria-label="Loading"></progress>`;
  }

  #model() {
    const words = (this.devices?.models ?? []).map(({ word }) => word);
    return html`<edc-words name="engine.model" label="model" .options=${words}></edc-words>`;
  }

  #outputs() {
    const rows = show.status?.outputs ?? (show.status?.output ? [show.status.output] : []);
    const choice = this.devices?.outputs ?? [];
    const now = show.status?.output?.device || "null";
    return html`<section aria-label="Output">
      <h2>Output</h2>
      <div class="words" role="group" aria-label="output">
        ${choice.map(({ word, title }) => html`<button aria-pressed=${String(word === now)} @click=${() => show.do({ do: "output", to: word })}>${title ?? word}</button>`)}
      </div>
      ${rows.map((row) => html`${this.#state(row)}`)}
    </section>`;
  }

  async #upload(event) {
    const [file] = event.target.files;
    if (!file) return;
    await show.upload(file);
    event.target.value = "";
  }
}

customElements.define("edc-devices", Devices);
