// The arithmetic of the chosen unit: what each map that is read adds to it, with the numbers put in.
import { colour, css, inkOn } from "shared/colours.js";
import { el } from "shared/dom.js";
import { format } from "shared/numbers.js";
import { limitOf } from "shared/thumbnail.js";
import { parts, products, under } from "./products.js";

const MOST = 16;

/** The terms of a unit: [name, value], in the order that they are written. @param {any} lesson */
export function termsOf(lesson) {
  const { level, unit: { k, i, j }, arrays, meta: { labels } } = lesson, x = lesson.read(level);
  if (level.kind === "relu") return [[`${level.below}[${k}]`, x.data[(k * x.shape[1] + i) * x.shape[2] + j]]];
  if (level.kind === "pool") return under(x, k, i, j).map((value, at) => [`[${2 * i + (at >> 1)}, ${2 * j + (at & 1)}]`, value]);
  const weight = arrays[`w:${level.name}`], bias = [labels.bias, arrays[`b:${level.name}`].data[k]];
  if (level.below === "input" && x.shape[0] === 1) return [...products(x, weight, level.padding, k, i, j).map(([w, value]) => [`${format(w, 2)} × ${format(value, 2)}`, w * value]), bias];
  const found = parts(x, weight, level.padding, k, i, j);
  const nameOf = (c) => (level.below === "input" ? labels[["red", "green", "blue"][c]] : labels.map.replace("{c}", c));
  return [...found.map((value, c) => [nameOf(c), value]), bias];
}

/** @param {any} lesson */
export function drawShelf(lesson) {
  const { level, unit: { k, i, j }, meta: { labels }, mode } = lesson, terms = termsOf(lesson), value = lesson.valueAt(lesson.unit);
  const limit = limitOf(terms.map(([, term]) => term)), largest = Math.max(...terms.map(([, term]) => term));
  const sum = level.kind === "conv" || level.kind === "linear", weight = lesson.arrays[`w:${level.behind}`];
  const apart = level.below === "input" && lesson.arrays.input.shape[0] === 1;
  const sorted = sum && !apart ? [...terms.slice(0, -1).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])), terms.at(-1)] : terms;
  const shown = sorted.length > MOST + 1 ? [...sorted.slice(0, MOST), sorted.at(-1)] : sorted;
  const chips = shown.map(([name, term]) => {
    const rgb = colour(term, limit, "diverging", mode), number = el("b", "", format(term, 2));
    number.style.background = css(rgb);
    number.style.color = inkOn(rgb);
    const won = level.kind === "pool" && term === largest;
    return el("span", won ? "chip won" : "chip", number, el("small", "", name));
  });
  const signs = chips.flatMap((chip, at) => (at === 0 ? [chip] : [el("span", "sign", sum ? "+" : level.kind === "pool" ? "," : ""), chip]));
  const lead = level.kind === "relu" ? ["max(0, ", ...signs, ")"] : level.kind === "pool" ? ["max(", ...signs, ")"] : signs;
  const note = sum ? (apart ? labels.products : labels.sum_of).replace("{count}", String(weight.shape.slice(1).reduce((a, b) => a * b, 1)))
    : level.kind === "relu" ? labels.relu_of.replace("{x}", format(terms[0][1], 2)) : labels.pool_of;
  const where = labels.unit.replace("{layer}", level.name).replace("{k}", k).replace("{i}", i).replace("{j}", j);
  const go = lesson.meta.opens ? [lesson.button("pill go", "", () => lesson.open(), `${labels.open} →`)] : [];
  lesson.shelf.replaceChildren(
    el("div", "shelf-head", el("b", "", where), el("span", "", note), ...go),
    el("div", "sum", el("output", "total", format(value, 3)), el("span", "sign", "="), ...lead),
  );
}
