// The arithmetic of the chosen unit: what each map that is read adds to it, with the numbers put in. The browser adds up
// itself; a test holds it equal to the engine.
import { head } from "shared/arithmetic.js";
import { colour, css, inkOn } from "shared/colours.js";
import { el, fill } from "shared/dom.js";
import { settle } from "shared/equation.js";
import { format, product } from "shared/numbers.js";
import { limitOf } from "shared/thumbnail.js";

/** @typedef {import("./board.js").FeatureMaps} FeatureMaps */
/** @typedef {{data: ArrayLike<number>, shape: number[]}} Numbers */

const MOST = 16;

/**
 * Convolution of stride 1, or a linear layer as a kernel as large as its maps:
 * part[c] = Σ_ab w[k, c, a, b] · x[c, i + a - padding, j + b - padding].
 * @param {Numbers} x (C, H, W) @param {Numbers} weight (K, C, kh, kw) @param {number} padding
 * @param {number} k @param {number} i @param {number} j
 * @returns {number[]} one part for each map that is read; with the bias they add up to the unit
 */
export function parts(x, weight, padding, k, i, j) {
  const [channels, height, width] = x.shape, [, , kh, kw] = weight.shape, found = [];
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let a = 0; a < kh; a++) {
      const row = i + a - padding;
      if (row < 0 || row >= height) continue;
      for (let b = 0; b < kw; b++) {
        const column = j + b - padding;
        if (column < 0 || column >= width) continue;
        sum += weight.data[((k * channels + c) * kh + a) * kw + b] * x.data[(c * height + row) * width + column];
      }
    }
    found.push(sum);
  }
  return found;
}

/**
 * The weights of a kernel that reads one map, each with the number that it meets; 0 on the padding.
 * @param {Numbers} x @param {Numbers} weight @param {number} padding @param {number} k @param {number} i @param {number} j
 * @returns {[number, number][]}
 */
export function products(x, weight, padding, k, i, j) {
  const [, height, width] = x.shape, [, , kh, kw] = weight.shape;
  return Array.from({ length: kh * kw }, (_, at) => {
    const row = i + Math.floor(at / kw) - padding, column = j + (at % kw) - padding;
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return [weight.data[k * kh * kw + at], inside ? x.data[row * width + column] : 0];
  });
}

/** The four units under one of a 2×2 max pooling of stride 2. @param {Numbers} x @param {number} k @param {number} i @param {number} j */
export function under(x, k, i, j) {
  const [, height, width] = x.shape;
  const at = (/** @type {number} */ a, /** @type {number} */ b) => x.data[(k * height + 2 * i + a) * width + 2 * j + b];
  return [at(0, 0), at(0, 1), at(1, 0), at(1, 1)];
}

/** The terms of a unit in the order that they are written: name and value. @param {FeatureMaps} lesson @returns {[string, number][]} */
function termsOf(lesson) {
  const { level, arrays, labels } = lesson, { k, i, j } = /** @type {import("./board.js").Unit} */ (lesson.unit), x = lesson.read(level);
  if (level.kind === "relu") return [[`${level.below}[${k}]`, x.data[(k * x.shape[1] + i) * x.shape[2] + j]]];
  if (level.kind === "pool") return under(x, k, i, j).map((value, at) => [`[${2 * i + (at >> 1)}, ${2 * j + (at & 1)}]`, value]);
  const weight = arrays[`w:${level.name}`], bias = arrays[`b:${level.name}`].data[k];
  /** @returns {[string, number][]} */
  const added = () => {
    if (level.below === "input" && x.shape[0] === 1) {
      return products(x, weight, level.padding, k, i, j).map(([w, value]) => [product(format(w, 2), format(value, 2)), w * value]);
    }
    const names = level.below === "input" ? [labels.red, labels.green, labels.blue] : null;
    return parts(x, weight, level.padding, k, i, j).map((value, c) => [names ? names[c] : fill(labels.map, { c }), value]);
  };
  return [...added(), [labels.bias, bias]];
}

/** @param {FeatureMaps} lesson */
export function drawShelf(lesson) {
  const { level, labels, mode } = lesson, unit = /** @type {import("./board.js").Unit} */ (lesson.unit), { k, i, j } = unit;
  const terms = termsOf(lesson), limit = limitOf(terms.map(([, term]) => term)), largest = Math.max(...terms.map(([, term]) => term));
  const sum = level.kind === "conv" || level.kind === "linear", weight = lesson.arrays[`w:${level.behind}`];
  const apart = level.below === "input" && lesson.arrays.input.shape[0] === 1, added = terms.slice(0, -1), bias = terms.slice(-1);
  const sorted = sum && !apart ? [...added.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])), ...bias] : terms;
  const rest = sorted.slice(MOST, -1), left = rest.reduce((all, [, term]) => all + term, 0);
  /** @type {[string, number][]} */
  const shown = sorted.length > MOST + 1 ? [...sorted.slice(0, MOST), [`… (${rest.length})`, left], ...bias] : sorted;
  const chip = (/** @type {[string, number]} */ [name, term], /** @type {number} */ digits) => {
    const rgb = colour(term, limit, "diverging", mode), number = el("b", "", format(term, digits));
    number.style.background = css(rgb);
    number.style.color = inkOn(rgb);
    const won = level.kind === "pool" && term === largest;
    return el("span", won ? "chip won" : "chip", number, el("small", "", name));
  };
  const call = level.kind === "relu" ? "max(0, " : level.kind === "pool" ? "max(" : "";
  const value = lesson.valueAt(unit), result = format(value, 3), between = sum ? "+" : ", ";
  const numbers = (/** @type {number} */ digits) => shown.map(([, term]) => `(${format(term, digits)})`).join(between);
  const text = (/** @type {number} */ digits) => `${call}${numbers(digits)}${call && ")"}`;
  const { digits, sign: is } = settle(text, result, 2);
  const signs = shown.flatMap((term, at) => [...(at ? [el("span", "sign", between)] : []), chip(term, digits)]);
  const note = sum ? fill(apart ? labels.products : labels.sum_of, { count: weight.shape.slice(1).reduce((a, b) => a * b, 1) })
    : level.kind === "relu" ? fill(labels.relu_of, { x: format(terms[0][1], 2) }) : labels.pool_of;
  const where = fill(labels.unit, { layer: level.name, k, i, j });
  const go = lesson.meta.opens ? [lesson.button("pill go", "", () => lesson.act("open", k), `${labels.open} →`)] : [];
  const title = head(where, note);
  title.append(...go);
  lesson.shelf.replaceChildren(
    title,
    el("div", "sum", el("output", "total", result), el("span", "sign", is), call, ...signs, call && ")"),
  );
}
