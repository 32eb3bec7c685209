// An activation's own numbers as handles on its curve: each is pulled up and down where it shows.

import { format } from "shared/numbers.js";

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
  const hold = HOLDS[name], value = board.now[name];
  return {
    id: name, x: hold.x, y: hold.y(value), along: /** @type {const} */ ("y"), label: names[name][0], text: `${names[name][0]} ${format(value)}`,
    step: Math.abs(hold.y(value + names[name][1]) - hold.y(value)), y_range: /** @type {[number, number]} */ ([-20, 20]),
  };
});

/** The setting that a handle's height means, within its range. @param {any} board @param {string} name @param {number} y */
export function settingAt(board, name, y) {
  const [low, high] = board.meta.ranges[name];
  return Math.max(low, Math.min(high, Math.round(HOLDS[/** @type {keyof typeof HOLDS} */ (name)].value(y) * FINE) / FINE));
}
