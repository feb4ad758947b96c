// How the show goes: dreams per second and the frames' age as plots, workers, devices, the last errors.

import { css, html } from "../../vendor/lit.js";
import { show } from "../show.js";
import { Part, clock } from "./part.js";
import "./plot.js";

class Health extends Part {
  static topics = ["status"];

  static styles = [
    ...Part.styles,
    css`
      .plots {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
        gap: 0.6rem;
      }
      .plot {
        background: #0c0d11;
        border: 1px solid var(--line);
        border-radius: 0.5rem;
        padding: 0.4rem 0.6rem;
      }
      .plot b {
        font-size: 1.5rem;
        font-variant-numeric: tabular-nums;
      }
      edc-plot {
        height: 3.4rem;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.84rem;
        font-variant-numeric: tabular-nums;
      }
      th {
        text-align: left;
        color: var(--soft);
        font-weight: 500;
      }
      td,
      th {
        padding: 0.18rem 0.4rem 0.18rem 0;
      }
      td.n,
      th.n {
        text-align: right;
      }
      .errors {
        list-style: none;
        margin: 0.2rem 0;
        padding: 0;
        font-size: 0.86rem;
      }
      .errors li {
        border-left: 0.22rem solid var(--staged);
        padding: 0.2rem 0.5rem;
        margin-bottom: 0.3rem;
        background: #0c0d11;
        overflow-wrap: anywhere;
      }
      .errors .now {
        border-color: var(--air);
      }
      h2 {
        margin-top: 0.7rem;
      }
      p {
        margin: 0.3rem 0;
        font-size: 0.86rem;
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    this.ends.push(show.on("status", () => this.#plot()));
  }

  #plot() {
    const { engine, output } = show.status ?? {};
    this.#feed("dreams", engine?.fps ?? null);
    this.#feed("age", output?.age_recent_ms?.p50 ?? null);
  }

  #feed(id, value) {
    this.renderRoot.querySelector(`#${id}`)?.add(value);
  }

  render() {
    const { status } = show;
    if (!status) return "";
    const { engine, output } = status;
    return html`<div class="plots">
        <div class="plot">
          <span class="soft">dreams per second</span><br /><b>${engine?.fps?.toFixed(1) ?? "–"}</b
          ><edc-plot
            id="dreams"
            label="Dreams per second over the last minute"
            colour="#9d8cff"
          ></edc-plot>
        </div>
        <div class="plot">
          <span class="soft">age of the picture, ms</span><br /><b
            >${output?.age_recent_ms?.p50?.toFixed(0) || "–"}</b
          ><edc-plot
            id="age"
            label="Age of the picture over the last minute"
            colour="#43d29a"
          ></edc-plot>
        </div>
      </div>
      <p class="soft">
        ${output?.fps?.toFixed(1)} frames per second to
        ${output?.device || output?.label || "nobody"} · ${output?.frames} frames, ${output?.late}
        late, ${output?.skipped} skipped · on for ${clock(status.uptime_s ?? 0)}
      </p>
      ${this.#errors(status.errors ?? [])}${this.#workers(status.workers ?? [])}`;
  }

  #errors(rows) {
    const now = ["output", "engine", "source", "layer"]
      .map((part) => [part, show.status[part]])
      .filter(([, row]) => row?.trouble?.cause && row.state !== "live");
    if (!rows.length && !now.length)
      return html`<h2>Errors</h2>
        <p class="soft">none</p>`;
    return html`<h2>Errors</h2>
      <ul class="errors">
        ${now.map(([part, { trouble }]) => html`<li class="now"><b>now: ${part}</b> ${trouble.cause} <span class="soft">${trouble.remedy}</span></li>`)}${rows
          .slice(-8)
          .reverse()
          .map(
            (row) =>
              html`<li>
                <b>${row.worker}</b>
                ${row.text}${row.remedy ? html` <span class="soft">${row.remedy}</span>` : ""}${row.times > 1 ? html` <span class="soft">(${row.times} times)</span>` : ""}
              </li>`,
          )}
      </ul>`;
  }

  #workers(rows) {
    return html`<h2>Workers</h2>
      <table>
        <thead>
          <tr>
            <th>process</th>
            <th class="n">restarts</th>
            <th class="n">processor s</th>
            <th class="n">memory MB</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <td>${row.name}</td>
                <td class="n">${row.restarts}</td>
                <td class="n">${row.cpu_s?.toFixed(1)}</td>
                <td class="n">${row.rss_mb?.toFixed(0)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`;
  }
}

customElements.define("edc-health", Health);
