// A part of the page that follows topics of the show.

import { LitElement } from "../../vendor/lit.js";
import { show } from "../show.js";
import { shared } from "../style.js";

export class Part extends LitElement {
  static styles = [shared];
  /** The topics that it is drawn anew for, and the parameters. */
  static topics = [];
  static names = [];

  connectedCallback() {
    super.connectedCallback();
    const { topics, names } = this.constructor;
    this.ends = [
      ...topics.map((topic) => show.on(topic, () => this.requestUpdate())),
      ...names.map((name) => show.watch(name, () => this.requestUpdate())),
    ];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.ends.forEach((end) => end());
  }
}

/** Seconds as a clock: 0:12, 1:02:03. */
export function clock(seconds) {
  const [h, m, s] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds) % 60,
  ];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
