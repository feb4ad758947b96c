// Every parameter of the registry, in groups behind tabs. What is new in the registry appears by itself.

import { css, html } from "../../vendor/lit.js";
import { controlOf } from "../controls/switches.js";
import "../controls/knob.js";
import { show } from "../show.js";
import { Part } from "./part.js";
import "./devices.js";
import "./health.js";
import "./mapping.js";
import "./obs.js";
import "./styles.js";
import "./swings.js";

const TABS = [
  ["Dream", ["dream", "motion", "prompt", "lora", "governor", "safety"]],
  ["View", ["view", "drift", "look"]],
  ["Inputs", ["source", "layer"]],
  ["Swings", ["tempo", "mod"]],
  ["Show", ["program", "preset", "auto", "slate", "obs", "engine"]],
  ["MIDI", []],
  ["Health", []],
];
const TITLES = { mod: "all swings", governor: "governor of diffusion", safety: "image safety", auto: "autopilot", preset: "recalls" };
const ELSEWHERE =
  /^(prompt\.\d|program\.(mix|cut|record)$|mod\.\d|engine\.|source\.input|layer\.input)/;

class Deck extends Part {
  static topics = ["hello", "tab"];
  static properties = { tab: { state: true } };

  static styles = [
    ...Part.styles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 0.6rem;
        overflow: hidden;
      }
      .tabs {
        display: flex;
        background: #0e0f14;
        border-bottom: 1px solid var(--line);
      }
      .tabs button {
        flex: 1 1 auto;
        border: 0;
        border-radius: 0;
        background: none;
        color: var(--soft);
        font-size: 0.88rem;
        padding: 0 0.3rem;
        min-height: 2.7rem;
        border-bottom: 0.2rem solid transparent;
      }
      .tabs button[aria-selected="true"] {
        color: var(--ink);
        font-weight: 650;
        border-bottom-color: var(--value);
        background: var(--panel);
      }
      .page {
        flex: 1;
        min-height: 0;
        padding: 0.4rem 0.6rem 0.6rem;
      }
      section {
        margin-bottom: 0.5rem;
      }
      section h2 {
        padding: 0.35rem 0 0.15rem;
        border-top: 1px solid var(--line);
      }
      section:first-child h2 {
        border-top: 0;
      }
      .knobs {
        display: flex;
        flex-wrap: wrap;
        gap: 0.1rem;
        align-items: start;
      }
      .knobs :is(edc-toggle, edc-trigger) {
        width: 10rem;
        align-self: center;
      }
      .knobs edc-choice {
        align-self: center;
      }
      .knobs edc-words {
        flex: 1 1 12rem;
        align-self: center;
      }
    `,
  ];

  constructor() {
    super();
    this.tab = "Dream";
  }

  connectedCallback() {
    super.connectedCallback();
    this.ends.push(show.on("tab", (tab) => (this.tab = tab)));
  }

  render() {
    const tabs = this.#tabs();
    return html`<div class="tabs" role="tablist" aria-label="Controls" @keydown=${this.#key}>
        ${tabs.map(
          ([tab]) =>
            html`<button
              role="tab"
              id=${tab}
              aria-controls="page"
              aria-selected=${String(tab === this.tab)}
              tabindex=${tab === this.tab ? 0 : -1}
              @click=${() => (this.tab = tab)}
            >
              ${tab}
            </button>`,
        )}
      </div>
      <div
        class="page scroll"
        id="page"
        role="tabpanel"
        aria-labelledby=${this.tab}
        tabindex=${this.tab === "Health" ? 0 : -1}
      >
        ${this.#page(tabs)}
      </div>`;
  }

  /** The tabs, and a last one for groups that none of them holds. */
  #tabs() {
    const known = new Set(TABS.flatMap(([, groups]) => groups));
    const rest = new Set(
      [...show.parameters.values()].map((row) => row.group).filter((group) => !known.has(group)),
    );
    return rest.size ? [...TABS, ["More", [...rest]]] : TABS;
  }

  #page(tabs) {
    const [, groups] = tabs.find(([tab]) => tab === this.tab);
    const extra = {
      MIDI: html`<edc-mapping></edc-mapping>`,
      Health: html`<edc-health></edc-health>`,
      Inputs: html`<edc-devices which="inputs"></edc-devices>`,
      Show: html`<edc-devices which="show"></edc-devices><edc-obs></edc-obs>`,
    };
    return html`${extra[this.tab] ?? ""}${groups.map((group) => this.#group(group))}${this.tab === "Swings" ? html`<edc-swings></edc-swings>` : ""}`;
  }

  #group(group) {
    const rows = [...show.parameters.values()].filter(
      (row) => row.group === group && !ELSEWHERE.test(row.name),
    );
    if (!rows.length) return "";
    const turned = rows.filter(({ kind }) => kind === "number" || kind === "integer");
    const others = rows.filter((row) => !turned.includes(row));
    return html`<section aria-label=${group}>
      <h2>${TITLES[group] ?? group}</h2>
      ${group === "prompt" ? html`<edc-styles></edc-styles>` : ""}
      <div class="knobs">${turned.map(controlOf)}${others.map(controlOf)}</div>
    </section>`;
  }

  #key(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const names = this.#tabs().map(([tab]) => tab);
    this.tab = names[(names.indexOf(this.tab) + by + names.length) % names.length];
    this.updateComplete.then(() => this.renderRoot.querySelector(`#${this.tab}`).focus());
  }
}

customElements.define("edc-deck", Deck);
