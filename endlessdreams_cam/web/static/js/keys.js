// The keys of the page. Panic works while typing too; every other key leaves text fields alone.

import { letGo, press } from "./parts/panic.js";
import { show } from "./show.js";

const STEP = 0.1;

const toggle = (name) => show.set(name, !show.base.get(name));
const learn = () => {
  show.learn(!show.learning.on);
  if (show.learning.on) show.tell("tab", "MIDI");
};
const nudge = (name, by) => show.set(name, show.base.get(name) + by);
const zoom = (by) => show.set("view.zoom", show.base.get("view.zoom") * 2 ** by);
const home = () =>
  ["view.zoom", "view.pan_x", "view.pan_y", "view.rotate"].forEach((name) =>
    show.set(name, show.parameters.get(name).default),
  );

const KEYS = {
  " ": () => show.cut(show.base.get("program.cut") === "hold" ? "dream" : "hold"),
  d: () => show.cut("dream"),
  s: () => show.cut("slate"),
  r: () => show.pull("dream.reseed"),
  t: () => show.pull("tempo.tap"),
  a: () => toggle("auto.on"),
  m: learn,
  n: () => show.act("preset.next"),
  p: () => show.act("preset.previous"),
  f: () => show.act("preset.finish"),
  u: () => show.act("preset.undo"),
  0: home,
  "+": () => zoom(0.125),
  "=": () => zoom(0.125),
  "-": () => zoom(-0.125),
  ArrowLeft: () => nudge("view.pan_x", -STEP),
  ArrowRight: () => nudge("view.pan_x", STEP),
  ArrowUp: () => nudge("view.pan_y", -STEP),
  ArrowDown: () => nudge("view.pan_y", STEP),
};

/** Listen to the keys from now on. */
export function listen() {
  addEventListener("keydown", down, { capture: true }); // before any field can keep Escape for itself
  addEventListener("keyup", (event) => event.key === "Escape" && letGo());
  addEventListener("keydown", plain);
  addEventListener(
    "keyup",
    (event) => event.key === " " && !typing(event) && event.preventDefault(),
  ); // Firefox presses a focused button only now
}

function down(event) {
  if (event.key !== "Escape") return;
  event.preventDefault();
  if (!event.repeat) press();
}

function plain(event) {
  if (event.defaultPrevented || event.altKey || show.state !== "live" || typing(event)) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() === "z") play(event, () => show.act("preset.undo"));
    return;
  }
  const digit = /^(?:Digit|Numpad)([1-8])$/.exec(event.code)?.[1];
  if (digit && !event.repeat)
    return play(event, () => show.act(`${event.shiftKey ? "preset" : "prompt"}.${digit}`));
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (Object.hasOwn(KEYS, key) && (!event.repeat || /^Arrow|[+=-]/.test(key)))
    play(event, KEYS[key]);
}

function play(event, act) {
  event.preventDefault();
  act();
}

/** Whether the key belongs to the field that has the focus. */
function typing(event) {
  const [at] = event.composedPath();
  if (at.localName === "textarea") return true;
  if (at.localName === "select") return event.key === " " || event.key.startsWith("Arrow");
  return at.localName === "input" && !["range", "color", "checkbox", "file"].includes(at.type);
}
