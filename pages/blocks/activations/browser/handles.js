// Numbers to take hold of: in a cell, dragged sideways, moved with the arrow keys or typed; and an activation's own numbers
// as handles on its curve, each pulled up and down where it shows.
import { el } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { format, readable } from "shared/numbers.js";

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

/** @param {any} board @param {Record<string, [string, number]>} names sign and step of each setting */
export const settingHandles = (board, names) => board.chosen.shaped_by.map((/** @type {keyof typeof HOLDS} */ name) => {
  const hold = HOLDS[name], value = board.state[name];
  return {
    id: name, x: hold.x, y: hold.y(value), along: /** @type {const} */ ("y"),
    label: names[name][0], text: `${names[name][0]} ${format(value)}`,
    step: Math.abs(hold.y(value + names[name][1]) - hold.y(value)), y_range: /** @type {[number, number]} */ ([-20, 20]),
  };
});

/** The setting that a handle's height means, within its range. @param {any} board @param {string} name @param {number} y */
export function settingAt(board, name, y) {
  const [low, high] = board.meta.ranges[name];
  return Math.max(low, Math.min(high, Math.round(HOLDS[/** @type {keyof typeof HOLDS} */ (name)].value(y) * FINE) / FINE));
}
