// Preset pads, the order of the show, and how a recall comes: its morph and what it waits for.

import { css, html, repeat } from "../../vendor/lit.js";
import "../controls/box.js";
import "../controls/switches.js";
import { show } from "../show.js";
import { Part } from "./part.js";
import "./thumb.js";

class Presets extends Part {
  static topics = ["presets", "status", "hello", "learning"];

  static styles = [
    ...Part.styles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 0.4rem;
      }
      .row button {
        white-space: nowrap;
        padding-inline: 0.55rem;
      }
      .pads {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
        gap: 0.4rem;
        grid-auto-rows: minmax(2.7rem, 1fr);
        flex: 1;
        padding: 0.15rem;
        margin: -0.15rem;
      }
      .pad {
        position: relative;
        padding: 0;
        overflow: hidden;
        width: 100%;
        border: 0.16rem solid var(--line);
        background: #000;
      }
      .pad[aria-current="true"] {
        border-color: var(--air);
      }
      .pad.next {
        border-color: var(--good);
      }
      .pad.waits {
        border-color: var(--staged);
        border-style: dashed;
      }
      .pad b {
        position: absolute;
        top: 0;
        left: 0;
        background: #000c;
        padding: 0 0.35rem;
        font-size: 0.78rem;
        border-bottom-right-radius: 0.35rem;
      }
      .pad i {
        position: absolute;
        top: 0;
        right: 0;
        font-style: normal;
        font-size: 0.7rem;
        font-weight: 700;
        padding: 0.05rem 0.35rem;
        border-bottom-left-radius: 0.35rem;
        background: var(--air-deep);
        color: #fff;
      }
      .pad.next i {
        background: var(--good);
        color: #04150d;
      }
      .pad.waits i {
        background: var(--staged);
        color: #241500;
      }
      .pad span {
        position: absolute;
        inset: auto 0 0;
        background: linear-gradient(#0000, #000b 45%);
        text-shadow:
          0 0 0.3rem #000,
          0 1px 2px #000;
        font-size: 0.85rem;
        font-weight: 600;
        padding: 0.6rem 0.35rem 0.1rem;
        text-align: left;
      }
      edc-thumb {
        position: absolute;
        inset: 0;
      }
      form {
        display: flex;
        gap: 0.3rem;
        flex: 1 1 6rem;
        min-width: 0;
      }
      form input {
        flex: 1;
        width: 4rem;
      }
      .head {
        height: 2.4rem;
        font-size: 0.88rem;
      }
      .head .clip {
        flex: 1;
      }
      .pad.fault {
        opacity: 0.5;
        border-style: dotted;
      }
      .pad.fault i {
        background: var(--staged);
        color: #241500;
      }
      .how {
        gap: 0.3rem;
      }
      @media (min-width: 1700px) {
        .pads {
          grid-template-columns: repeat(2, minmax(0, 1fr));
          grid-auto-rows: minmax(3.2rem, 1fr);
        }
        .head,
        .how {
          flex-wrap: wrap;
          height: auto;
        }
        .head .clip {
          flex: 1 0 60%;
        }
        .head .wait {
          display: none;
        }
        .how > button {
          flex: 1;
        }
        .how form {
          flex: 1 0 100%;
        }
      }
    `,
  ];

  render() {
    const { status } = show;
    const waits = status?.waiting?.find((row) => row.kind === "recall")?.what;
    return html`<div class="row head">
        <h2>Presets</h2>
        <span class="soft clip">${this.#note()}</span
        ><edc-box name="preset.morph" label="morph"></edc-box><span class="soft wait">wait</span
        ><edc-choice
          name="preset.wait"
          bare
          title="what recalls and cuts by hand wait for"
        ></edc-choice>
      </div>
      <div class="pads scroll" role="group" aria-label="Presets" tabindex="-1">
        ${repeat(
          show.presets,
          (row, k) => `${row.name}.${k}`,
          (row, k) => this.#pad(row, k, waits),
        )}
      </div>
      <div class="row how">
        <button @click=${() => show.act("preset.previous")}>◀ prev</button>
        <button @click=${() => show.act("preset.next")}>next ▶</button>
        <button @click=${() => show.act("preset.undo")} title="take back the last recall (Ctrl+Z)">
          undo
        </button>
        <button @click=${() => show.act("preset.finish")} title="finish the morph now (F)">
          finish
        </button>
        <form @submit=${this.#save}>
          <input
            name="name"
            aria-label="Save as"
            placeholder="name"
            maxlength="60"
            autocomplete="off"
            spellcheck="false"
          /><button>save</button>
        </form>
      </div>`;
  }

  #note() {
    const order = show.status?.order;
    if (!order) return "";
    const place = order.songs ? `${order.title || "setlist"} ${order.at}/${order.songs}` : "";
    return [place, order.note].filter(Boolean).join(" · ");
  }

  #pad(row, k, waits) {
    const { status } = show;
    const here = onAir(row, k);
    const next = !here && status?.order?.next === row.name;
    const waiting = waits === row.title || waits === row.name;
    const word = row.fault ? "fault" : waiting ? "waits" : here ? "on air" : next ? "next" : "";
    return html`<button
      class="pad ${row.fault ? "fault" : waiting ? "waits" : next ? "next" : ""}"
      aria-current=${String(here)}
      title=${row.fault || row.note || ""}
      @click=${() => this.#press(row, k)}
    >
      <edc-thumb of="preset.${row.name}"></edc-thumb
      ><b>${k + 1}</b> ${word ? html`<i>${word}</i>` : ""} <span class="clip">${row.title}</span>
    </button>`;
  }

  #press(row, k) {
    const pad = `preset.${k + 1}`;
    if (show.learning.on) show.choose(pad);
    else if (onAir(row, k) && show.status.morph_s > 0) show.act("preset.finish");
    else if (show.setlist) show.act(pad);
    else show.recall(row.name);
  }

  async #save(event) {
    event.preventDefault();
    const { name } = event.target.elements;
    const given = name.value.trim() || show.status?.preset;
    if (await show.do({ do: "save", name: given })) {
      name.value = "";
      show.tell("said", `Saved as ${given}.`);
    }
  }
}

/** Whether a pad is on air: a setlist may play a preset more than once. */
function onAir(row, k) {
  const { preset, order } = show.status ?? {};
  return preset === row.name && (!show.setlist || !order.at || order.at === k + 1);
}

customElements.define("edc-presets", Presets);
