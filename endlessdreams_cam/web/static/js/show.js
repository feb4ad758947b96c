// What the page knows of the show, and how it plays it. Controls watch single parameters, parts watch topics.

import { fromUnit } from "./curve.js";
import { Link } from "./link.js";

const ECHO_MS = 300; // what the show said of a move may still be on its way when the move is answered

const ORDER = [
  "presets",
  "setlist",
  "styles",
  "pictures",
  "picture_token",
  "actions",
  "version",
  "size",
];

class Show {
  parameters = new Map();
  base = new Map();
  live = new Map();
  bindings = new Map(); // parameter or action → its bindings
  waiting = new Map(); // parameter → the control that waits for it
  status = null;
  presets = [];
  setlist = null;
  styles = [];
  pictures = {};
  state = "connecting";
  since = performance.now();
  learning = { on: false, name: "", heard: null };
  #held = new Map(); // parameter that a hand here moves → the timer that lets it go, or null
  #watchers = new Map();
  #topics = new Map();

  /** Connect, and stay connected; `topics` is what the page wants to hear of. */
  open(topics, hz) {
    this.topics = topics;
    this.hz = hz;
    const known = keepToken();
    this.link = new Link(`${location.origin.replace(/^http/, "ws")}/ws`, {
      first: () => [{ do: "hello", token: known }, this.#subscription()],
      hear: (message) => this.hear(message),
      picture: (data) => this.tell("picture", data),
      state: (state) => this.#turn(state),
      settled: (names) => names.forEach((name) => this.#settle(name)),
    });
    this.link.open();
    addEventListener("hashchange", () => location.reload()); // another link was opened in this tab
    document.addEventListener("visibilitychange", () => this.link.send(this.#subscription()));
  }

  /** Call `heard` when a parameter's base, live value, binding or waiting control changes. */
  watch(name, heard) {
    return listen(this.#watchers, name, heard);
  }

  /** Call `heard` when there is news of a topic: state, hello, status, presets, learning, refused … */
  on(topic, heard) {
    return listen(this.#topics, topic, heard);
  }

  tell(topic, news) {
    this.#topics.get(topic)?.forEach((heard) => heard(news));
  }

  touch(name) {
    this.#watchers.get(name)?.forEach((heard) => heard());
  }

  // What hands do

  /** Move a parameter to a part of its knob's travel, 0…1. */
  unit(name, unit) {
    this.#hold(name, fromUnit(this.parameters.get(name), unit));
    this.link.turn("unit", name, unit);
  }

  set(name, value) {
    const { kind, low, high } = this.parameters.get(name);
    if (kind === "number" || kind === "integer")
      this.#hold(name, Math.min(Math.max(value, low), high));
    this.link.turn("set", name, value);
    this.touch(name);
  }

  /** Do something that may be refused; the refusal is shown. Returns the answer, or null. */
  async do(message) {
    try {
      return await this.link.ask(message);
    } catch (refusal) {
      this.tell("refused", refusal);
      return null;
    }
  }

  cut(to) {
    return this.do({ do: "cut", to });
  }

  act(action) {
    return this.do({ do: "act", action });
  }

  pull(name) {
    return this.do({ do: "pull", name });
  }

  recall(preset) {
    return this.do({ do: "recall", preset });
  }

  /** Give a picture of one's own to be the layer. */
  async upload(file) {
    const headers = { Authorization: `Bearer ${token()}` };
    try {
      const answer = await fetch("/api/layer-picture", { method: "POST", body: file, headers });
      const news = await answer.json();
      this.tell(answer.ok ? "said" : "refused", answer.ok ? `${file.name} is the layer.` : news);
    } catch {
      this.tell("refused", { text: "The picture did not reach the show.", remedy: "Try again." });
    }
  }

  // Learning

  learn(on) {
    if (!on && this.learning.name) this.do({ do: "stop_learning" });
    this.learning = { on, name: "", heard: null };
    this.tell("learning");
  }

  /** Bind the next control that is moved to a parameter or an action. */
  choose(name) {
    this.learning = { on: true, name, heard: null };
    this.tell("learning");
    this.do({ do: "learn", name });
  }

  // What the show says

  hear(message) {
    const said = `hear_${message.type}`;
    if (this[said]) this[said](message);
    else this.tell(message.type, message);
  }

  hear_hello(message) {
    this.parameters = new Map(message.parameters.map((row) => [row.name, row]));
    this.hear_presets(message);
    this.#held.forEach((timer) => clearTimeout(timer));
    this.#held.clear();
    this.base = new Map(Object.entries(message.values));
    this.told = new Map(this.base); // what the show said last: what is refused goes back to it
    this.live = new Map(this.base);
    this.hello = message;
    this.tell("hello");
    this.base.forEach((_, name) => this.touch(name));
  }

  hear_presets(message) {
    for (const key of ORDER) if (key in message) this[key] = message[key];
    this.tell("presets");
  }

  hear_parameters({ values }) {
    for (const [name, value] of Object.entries(values)) {
      const followed = this.live.get(name) === this.told.get(name);
      this.told.set(name, value);
      if (!this.#held.has(name)) this.base.set(name, value); // else an echo of where the hand was
      if (followed) this.live.set(name, value);
      this.touch(name);
    }
  }

  hear_refused(refusal) {
    for (const name of refusal.names ?? []) this.#release(name);
    this.tell("refused", refusal);
  }

  hear_live({ values }) {
    for (const [name, value] of Object.entries(values)) {
      this.live.set(name, value);
      this.touch(name);
    }
  }

  hear_status(message) {
    this.status = message;
    this.tell("status");
  }

  hear_waiting({ rows }) {
    const before = this.waiting;
    this.waiting = new Map(rows.map((row) => [row.name, row]));
    new Set([...before.keys(), ...this.waiting.keys()]).forEach((name) => this.touch(name));
  }

  hear_controls({ rows, moved = [] }) {
    if (rows) {
      const before = this.bindings;
      this.bindings = grouped(rows);
      new Set([...before.keys(), ...this.bindings.keys()]).forEach((name) => this.touch(name));
      this.tell("controls");
    }
    moved.forEach((row) => this.tell(`moved:${row.to}`, row));
  }

  hear_learning({ name, heard }) {
    if (!this.learning.on) return; // another page learns
    this.learning = { on: true, name: name ?? "", heard: heard ?? null };
    this.tell("learning");
  }

  /** A hand sees at once what it does; until its move is settled it alone says where the control is. */
  #hold(name, value) {
    clearTimeout(this.#held.get(name));
    this.#held.set(name, null);
    this.base.set(name, value);
  }

  #settle(name) {
    if (!this.#held.has(name)) return;
    clearTimeout(this.#held.get(name));
    this.#held.set(
      name,
      setTimeout(() => this.#release(name), ECHO_MS),
    );
  }

  #release(name) {
    clearTimeout(this.#held.get(name));
    this.#held.delete(name);
    this.base.set(name, this.told.get(name));
    this.touch(name);
  }

  #subscription() {
    if (document.hidden) return { do: "subscribe", topics: ["parameters", "status"], hz: 1 };
    return {
      do: "subscribe",
      topics: this.topics,
      hz: this.hz,
      width: innerWidth * devicePixelRatio > 1800 ? "full" : "small",
    };
  }

  #turn(state) {
    if (this.state === state) return;
    this.state = state;
    this.since = performance.now();
    this.tell("state");
  }
}

/** Return rows by what they move; OBS's browser is too old for Map.groupBy. */
function grouped(rows) {
  const groups = new Map();
  rows.forEach((row) => groups.set(row.to, [...(groups.get(row.to) ?? []), row]));
  return groups;
}

function listen(map, key, heard) {
  if (!map.has(key)) map.set(key, new Set());
  map.get(key).add(heard);
  return () => map.get(key).delete(heard);
}

/** Return the token of the link that was opened, and take it out of the address and the history. */
function keepToken() {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname);
  }
  return token();
}

const token = () => sessionStorage.getItem("token") ?? "";

export const show = new Show();
