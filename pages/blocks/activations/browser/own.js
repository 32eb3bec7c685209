// Numbers to take hold of. In a cell: dragged sideways, moved with the arrow keys or typed. An activation's own ones also as
// handles on its curve, each pulled up and down where it shows; the curve bends at once, and the engine says the same as soon as it
// is let go.
import { el } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { format, readable } from "shared/numbers.js";

/** Sign and step of each of the activations' own numbers. @type {Record<string, [string, number]>} */
export const SETTINGS = {
  negative_slope: ["s", 0.01], weight: ["w", 0.05], lower: ["r ≥", 0.05], upper: ["r ≤", 0.05], alpha: ["α", 0.05],
  beta: ["β", 0.1], left: ["s₁", 0.1], right: ["s₂", 0.1], level: ["c", 0.1],
};

const PIXELS = 4;
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

/**
 * @param {any} board
 * @param {{name: string, label: string, step: number, decimals?: number}} what `name` is the control's
 */
export function numberCell(board, { name, label, step, decimals = 2 }) {
  const value = el("b"), made = el("span", "number-cell", el("span", "", label), value);
  const low = board.meta.ranges[name][0], high = board.meta.ranges[name][1];
  made.tabIndex = 0;
  made.setAttribute("role", "spinbutton");
  made.setAttribute("aria-label", label);
  made.setAttribute("aria-valuemin", String(low));
  made.setAttribute("aria-valuemax", String(high));
  made.title = board.labels.type_value;
  made.dataset.name = name;
  let from = 0, started = 0, held = false, moved = false;
  const tidy = (/** @type {number} */ v) => +Math.max(low, Math.min(high, Math.round(v / step) * step)).toFixed(6);
  const type = () => askNumber(value, board.state[name], { new_value: label },
    (typed) => board.set(name, step === 1 ? Math.round(typed) : +typed.toFixed(6), true), { low, high });

  made.addEventListener("pointerdown", (event) => {
    if (value.querySelector("input")) return;
    [from, started, held, moved] = [event.clientX, board.state[name], true, false];
    made.setPointerCapture(event.pointerId);
  });
  made.addEventListener("pointermove", (event) => {
    if (!held || (!moved && Math.abs(event.clientX - from) < PIXELS)) return;
    moved = true;
    board.set(name, tidy(started + ((event.clientX - from) / PIXELS) * step), false);
  });
  const release = () => {
    if (!held) return;
    held = false;
    if (moved) board.set(name, board.state[name], true);
  };
  made.addEventListener("pointerup", release);
  made.addEventListener("pointercancel", release);
  made.addEventListener("click", () => { if (!moved) type(); });
  made.addEventListener("keydown", (event) => {
    if (event.target !== made) return;
    const steps = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (steps) board.set(name, tidy(board.state[name] + steps * step), true);
    else if (event.key === "Enter") type();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element: made,
    update() {
      if (value.querySelector("input")) return;
      value.textContent = readable(board.state[name], decimals);
      made.setAttribute("aria-valuenow", String(board.state[name]));
    },
  };
}

/** Where a setting is held, and how high it stands there; `value` reads a height. */
const HOLDS = {
  negative_slope: { x: -5, y: (/** @type {number} */ v) => -5 * v, value: (/** @type {number} */ y) => y / -5 },
  weight: { x: -5, y: (/** @type {number} */ v) => -5 * v, value: (/** @type {number} */ y) => y / -5 },
  lower: { x: -3, y: (/** @type {number} */ v) => -3 * v, value: (/** @type {number} */ y) => y / -3 },
  upper: { x: -3, y: (/** @type {number} */ v) => -3 * v, value: (/** @type {number} */ y) => y / -3 },
  alpha: { x: -6, y: (/** @type {number} */ v) => v * Math.expm1(-6), value: (/** @type {number} */ y) => y / Math.expm1(-6) },
  beta: { x: 0, y: (/** @type {number} */ v) => Math.LN2 / v, value: (/** @type {number} */ y) => Math.LN2 / Math.max(y, 0.01) },
  left: { x: -3, y: (/** @type {number} */ v) => -3 * v, value: (/** @type {number} */ y) => y / -3 },
  right: { x: 3, y: (/** @type {number} */ v) => 3 * v, value: (/** @type {number} */ y) => y / 3 },
  level: { x: 0, y: (/** @type {number} */ v) => v, value: (/** @type {number} */ y) => y },
};
const FINE = 100;

/** @param {any} board */
export const settingHandles = (board) => board.chosen.shaped_by.map((/** @type {keyof typeof HOLDS} */ name) => {
  const hold = HOLDS[name], value = board.state[name];
  return {
    id: name, x: hold.x, y: hold.y(value), along: /** @type {const} */ ("y"),
    label: SETTINGS[name][0], text: `${SETTINGS[name][0]} ${format(value)}`,
    step: Math.abs(hold.y(value + SETTINGS[name][1]) - hold.y(value)), y_range: /** @type {[number, number]} */ ([-20, 20]),
  };
});

/** The setting that a handle's height means, within its range. @param {any} board @param {string} name @param {number} y */
export function settingAt(board, name, y) {
  const [low, high] = board.meta.ranges[name];
  return Math.max(low, Math.min(high, Math.round(HOLDS[/** @type {keyof typeof HOLDS} */ (name)].value(y) * FINE) / FINE));
}

/** @typedef {Record<string, number>} Settings */

const leaky = (/** @type {number} */ slope) => (/** @type {number} */ x) => (x > 0 ? [x, 1] : [slope * x, slope]);
const sigmoid = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x));

/** @type {Record<string, (s: Settings) => (x: number) => number[]>} */
const SHAPES = {
  leaky_relu: (s) => leaky(s.negative_slope),
  prelu: (s) => leaky(s.weight),
  rrelu: (s) => leaky((s.lower + s.upper) / 2),
  elu: (s) => (x) => (x > 0 ? [x, 1] : [s.alpha * Math.expm1(x), s.alpha * Math.exp(x)]),
  softplus: (s) => (x) => [(Math.max(0, s.beta * x) + Math.log1p(Math.exp(-Math.abs(s.beta * x)))) / s.beta, sigmoid(s.beta * x)],
  maxout: (s) => (x) => {
    const pieces = [[s.left * x, s.left], [s.right * x, s.right], [s.level, 0]];
    return pieces.reduce((best, piece) => (piece[0] > best[0] ? piece : best));
  },
};

/**
 * The table of a curve for other settings; null where an activation has none.
 * @param {string} name
 * @param {Settings} settings
 * @param {ArrayLike<number>} x
 */
export function reshape(name, settings, x) {
  const shape = SHAPES[name]?.(settings);
  if (!shape) return null;
  const y = new Float64Array(x.length), slope = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 1) [y[i], slope[i]] = shape(x[i]);
  return { y, slope };
}
