// A knob's travel and a parameter's value, as the registry describes them: the same curves as the show's own.

const ends = (parameter) => parameter.knob ?? [parameter.low, parameter.high];
const within = (value, low, high) => Math.min(Math.max(value, low), high);

/** Return where on a knob's travel a value lies, 0…1. */
export function toUnit(parameter, value) {
  const [low, high] = ends(parameter);
  const held = within(Number(value), low, high);
  if (parameter.curve === "log") return Math.log(held / low) / Math.log(high / low);
  if (parameter.curve === "cubic")
    return (Math.cbrt((held - (low + high) / 2) / ((high - low) / 2)) + 1) / 2;
  return (held - low) / (high - low);
}

/** Return the value for a knob at `unit`, 0…1 of its travel. */
export function fromUnit(parameter, unit) {
  const [low, high] = ends(parameter);
  const held = within(unit, 0, 1);
  const exact = curved(parameter.curve, held, low, high);
  return parameter.kind === "integer" ? Math.round(exact) : exact;
}

function curved(curve, unit, low, high) {
  if (curve === "log") return low * (high / low) ** unit;
  if (curve === "cubic") return (low + high) / 2 + ((high - low) / 2) * (2 * unit - 1) ** 3;
  return low + (high - low) * unit;
}

/** Return where a bar begins: in the middle for what goes both ways, else at the lower end. */
export function origin(parameter) {
  const [low, high] = ends(parameter);
  return low < 0 && high > 0 ? toUnit(parameter, 0) : 0;
}

/** Return a value as a person reads it. */
export function shown(parameter, value) {
  if (parameter.kind === "integer") return String(Math.round(value));
  const reach = Math.max(Math.abs(parameter.low), Math.abs(parameter.high));
  const digits = reach >= 100 ? 0 : reach > 10 ? 1 : 2;
  const text = Number(value).toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

const SHORT = { "octaves/s": "oct/s", "widths/s": "w/s", "heights/s": "h/s", "per second": "/s" };

/** Return a parameter's unit in few letters. */
export const unitOf = (parameter) => SHORT[parameter.unit] ?? parameter.unit;

/** Return what a parameter is called beside its group. */
export function nameOf(parameter) {
  return parameter.name.split(".").slice(1).join(" ").replaceAll("_", " ");
}

/** Return a control's name in a few letters: "fader.3" is F3, "cc:1:74" is CC74. */
export function shortControl(control) {
  const [kind, ...rest] = control.split(/[.:]/);
  if (control.includes(":")) return `${kind.toUpperCase()}${rest.at(-1)}`;
  if (kind === "button") return rest.join(" ");
  return `${kind[0].toUpperCase()}${rest.join(".")}`;
}
