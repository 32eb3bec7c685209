// From a number to a place on an axis and back, and where an axis has its ticks.
import { format, scientific } from "./numbers.js";

/**
 * @typedef {object} Axis
 * @property {number} low
 * @property {number} high
 * @property {boolean} [log]      powers of ten stand at equal distances; low must be above 0
 * @property {string} [label]
 * @property {number[]} [ticks]   instead of round numbers
 * @property {(value: number) => string} [write]
 */
/** @typedef {{value: number, text: string}} Tick */

/** Nothing beyond these is drawn: differences and powers of them are still numbers. */
const FAR = 1e300;

/**
 * The ends of an axis that can be drawn, whatever was asked for: finite, the lower one first, and never the same.
 * @param {{low: number, high: number, log?: boolean}} axis
 * @returns {[number, number]}
 */
export function drawable({ low, high, log = false }) {
  const within = (/** @type {number} */ v) => Math.max(log ? 1 / FAR : -FAR, Math.min(FAR, v));
  const known = [low, high].filter((v) => !isNaN(v)).map(within).sort((x, y) => x - y);
  const [a, b] = [known[0] ?? (log ? 1 : 0), known[known.length - 1] ?? (log ? 1 : 0)];
  if (a < b) return [a, b];
  if (log) return [a / 10, a * 10];
  const about = Math.abs(a) / 2;
  return about > 1 / FAR ? [a - about, a + about] : [0, 1];
}

/**
 * @param {Axis} wanted
 * @param {number} from the pixel of `low`
 * @param {number} to the pixel of `high`
 */
export function makeScale(wanted, from, to) {
  const ends = drawable(wanted), axis = { ...wanted, low: ends[0], high: ends[1] };
  const turn = axis.log ? Math.log10 : (/** @type {number} */ v) => v;
  const back = axis.log ? (/** @type {number} */ v) => 10 ** v : (/** @type {number} */ v) => v;
  const low = turn(axis.low), span = turn(axis.high) - low;
  return {
    axis,
    /** Not a number for what the axis has no place for. @param {number} value */
    at: (value) => from + ((turn(value) - low) / span) * (to - from),
    /** @param {number} pixel */
    value: (pixel) => back(low + ((pixel - from) / (to - from)) * span),
    /** @param {number} value */
    clamp: (value) => (isNaN(value) ? axis.low : Math.max(axis.low, Math.min(axis.high, value))),
    /** One of `count` equal steps along the axis. @param {number} value @param {number} steps @param {number} [count] */
    move: (value, steps, count = 100) => back(turn(value) + (steps * span) / count),
  };
}

/**
 * Round numbers along an axis: 1, 2 or 5 times a power of ten, about `most` of them.
 * @param {Axis} axis
 * @param {number} most
 * @returns {Tick[]}
 */
export function ticksOf(axis, most) {
  const [low, high] = drawable(axis);
  const values = axis.ticks?.filter(Number.isFinite) ?? (axis.log ? powers({ low, high }, most) : rounds({ low, high }, most));
  const decimals = Math.max(0, ...values.map((value) => Math.min(6, (String(+value.toPrecision(10)).split(".")[1] ?? "").length)));
  const plain = (/** @type {number} */ value) => (axis.log ? power(value) : format(value, decimals));
  return values.map((value) => ({ value, text: (axis.write ?? plain)(value) }));
}

/** @param {{low: number, high: number}} axis @param {number} most */
function rounds({ low, high }, most) {
  const rough = (high - low) / Math.max(1, most), ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * ([1, 2, 5, 10].find((n) => n * ten >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => +((first + i) * step).toPrecision(12) || 0);
}

/** @param {{low: number, high: number}} axis @param {number} most */
function powers({ low, high }, most) {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  return Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, i) => 10 ** (first + i * every));
}

/** 0.01, 1, 100 as they are; smaller and larger ones as powers of ten. @param {number} value */
function power(value) {
  const exponent = Math.round(Math.log10(value));
  return Math.abs(exponent) <= 3 ? String(+value.toPrecision(3)) : scientific(value, 0).replace("1·", "");
}

/**
 * The curve's height at x, on the straight line between its two nearest points; NaN outside it.
 * @param {ArrayLike<number>} xs ascending
 * @param {ArrayLike<number>} ys
 * @param {number} x
 */
export function heightAt(xs, ys, x) {
  if (!xs.length || !(x >= xs[0] && x <= xs[xs.length - 1])) return NaN;
  let low = 0, high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  const width = xs[high] - xs[low];
  return width ? ys[low] + ((ys[high] - ys[low]) * (x - xs[low])) / width : ys[low];
}
