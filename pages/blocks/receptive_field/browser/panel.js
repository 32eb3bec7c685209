// What the unit really listens to: the measured gradient, the theoretical square over it, and the share of the middle.
import { colour } from "shared/colours.js";
import { percent, scientific } from "shared/numbers.js";
import { el, fill } from "shared/dom.js";
import { ramp, shade } from "./maps.js";
import { middle, reach, share, waysBelow } from "./ways.js";

/** @typedef {import("./board.js").ReceptiveField} ReceptiveField */
/** @typedef {[number, number]} Span */
/** @typedef {(row: number, column: number) => number} Value */

/** The unit that the panel speaks of, and its measured map where there is one. @param {ReceptiveField} lesson */
function subject({ meta, arrays, unit }) {
  const [level, i, j] = meta.unit;
  if (meta.source === "digits" && unit.level > 0) {
    const all = arrays[`measured:${unit.level}`], [, columns, height, width] = all.shape;
    const from = (unit.i * columns + unit.j) * height * width;
    return { ...unit, values: all.data.subarray(from, from + height * width) };
  }
  if (meta.source === "predicted") return unit.level > 0 ? { ...unit, values: null } : { level, i, j, values: null };
  return { level, i, j, values: arrays.measured?.data ?? null };
}

/**
 * The side of the square that holds the given spans, in percent of the image.
 * @param {HTMLElement} element @param {Span} rows @param {Span} columns @param {number} size
 */
function place(element, rows, columns, size) {
  const inside = (/** @type {Span} */ [low, high]) => [Math.max(low, 0), Math.min(high, size - 1) + 1].map((at) => (100 * at) / size);
  const [top, bottom] = inside(rows), [left, right] = inside(columns);
  element.style.cssText = `top:${top}%;left:${left}%;height:${bottom - top}%;width:${right - left}%`;
  return element;
}

/** @param {Value} value @param {number} size @param {import("shared/colours.js").Mode} mode */
function heat(value, size, mode) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
  canvas.width = canvas.height = size;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")), image = context.createImageData(size, size);
  let most = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) most = Math.max(most, value(i, j));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const v = value(i, j);
      image.data.set([...(v ? shade(v, most, mode) : colour(0, 1, "sequential", mode)), 255], 4 * (i * size + j));
    }
  }
  context.putImageData(image, 0, 0);
  return { canvas, most };
}

/** @param {ReceptiveField} lesson */
export function drawPanel(lesson) {
  const { meta, mode, labels } = lesson, size = lesson.sizes[0], { level, i, j, values } = subject(lesson);
  const key = [meta.version, mode, level, i, j].join();
  if (lesson.panelKey === key) return;
  lesson.panelKey = key;
  if (level === 0) {
    lesson.panel.dataset.unit = "";
    lesson.panel.replaceChildren(el("div", "panel-head", el("b", "", labels.listens)), el("p", "note", labels.pixel_alone));
    return;
  }
  const ways = [i, j].map((place) => waysBelow(meta.windows, lesson.sizes, level, place)[0]);
  const [down, across] = ways.map((along) => along.map(Math.sqrt));
  /** @type {Value} */
  const expected = (row, column) => down[row] * across[column], seen = (row, column) => (ways[0][row] && ways[1][column] ? 1 : 0);
  /** @type {Value|null} */
  const measured = values ? (row, column) => values[row * size + column] : null;
  const [rows, columns] = [i, j].map((place) => reach(meta.windows, level, place)[0]), inner = [middle(rows), middle(columns)];
  const { canvas, most } = heat(measured ?? expected, size, mode);
  const map = el("div", "heat", canvas, place(el("i", "field"), rows, columns, size), place(el("i", "inner"), inner[0], inner[1], size));
  const shades = el("i");
  shades.style.background = ramp(mode);
  const legend = el("div", "legend", "0", shades, most < 1e-3 || most >= 1e4 ? scientific(most) : most.toFixed(most < 10 ? 2 : 0));
  const bar = (/** @type {string} */ name, /** @type {number} */ value, strong = false) => {
    const fill = el("i");
    fill.style.width = `${100 * value}%`;
    return el("div", `share${strong ? " strong" : ""}`, el("span", "", name), el("div", "rail", fill), el("b", "", percent(value)));
  };
  const inMiddle = (/** @type {Value} */ value) => share(value, size, inner[0], inner[1]);
  const shares = { pixels: inMiddle(seen), expected: inMiddle(expected), measured: measured && inMiddle(measured) };
  lesson.shares = { expected: percent(shares.expected), measured: shares.measured === null ? "" : percent(shares.measured) };
  const sides = inner.map(([low, high]) => high - low + 1), whole = [rows, columns].map(([low, high]) => high - low + 1);
  const bars = el("div", "shares",
    el("p", "note", fill(labels.middle, { inner: sides.join("×"), field: whole.join("×") })),
    bar(labels.share_pixels, shares.pixels),
    bar(labels.share_expected, shares.expected, !measured),
    ...(shares.measured === null ? [] : [bar(labels.share_measured, shares.measured, true)]));
  const whose = el("span", "", `${lesson.nameOf(level)} [${i}, ${j}]`);
  const title = el("div", "panel-head", el("b", "", measured ? labels.measured : labels.predicted), whose);
  const other = lesson.button("other", labels.other_weights, () => lesson.edit({ kind: "seed" }), labels.other_weights);
  const note = el("p", "note", labels[`note_${meta.source}`], ...(meta.source === "random" ? [" ", other] : []));
  lesson.panel.replaceChildren(title, el("div", "panel-body", el("div", "", map, legend), el("div", "", bars, note)));
  lesson.panel.dataset.unit = [level, i, j].join();
}

