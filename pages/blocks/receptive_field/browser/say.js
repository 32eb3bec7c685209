// The column of words: one question, one sentence with the numbers of the chosen unit, and the formula with them.
import { el } from "shared/dom.js";
import { format, scientific } from "shared/numbers.js";
import { grows, jumps, plain, starts } from "./table.js";
import { extent } from "./ways.js";

/** @typedef {import("./board.js").ReceptiveField} ReceptiveField */
/** @typedef {import("./board.js").Box} Box */

const count = (/** @type {number} */ value) => (value >= 1e6 ? scientific(value) : format(value, 0));
const nonzero = (/** @type {Float64Array} */ ways) => ways.filter((way) => way > 0).length;
const range = (/** @type {[number, number]} */ [low, high]) => (low === high ? `${low}` : `${low}–${high}`);

/** Which text fits, and its numbers. @param {ReceptiveField} lesson @returns {[string, Record<string, string|number>]} */
function story(lesson) {
  const { meta, unit: { level, i, j }, rows, columns, boxes, sizes, last } = lesson, field = meta.levels[level];
  const facts = {
    layer: lesson.nameOf(level), row: i, column: j, size: sizes[0], r: field.size, jump: field.jump, last: lesson.nameOf(last),
  };
  if (level === 0) {
    const [down, across] = [rows, columns].map((ways) => extent(ways[last]));
    if (!down || !across) return ["missed", facts];
    const met = nonzero(rows[last]) * nonzero(columns[last]);
    return [last ? "pixel" : "empty", { ...facts, count: met, all: sizes[last] ** 2, rows: range(down), columns: range(across) }];
  }
  const seen = nonzero(rows[0]) * nonzero(columns[0]), most = Math.max(...rows[0]) * Math.max(...columns[0]);
  const least = Math.min(...rows[0].filter((way) => way)) * Math.min(...columns[0].filter((way) => way));
  Object.assign(facts, { seen: count(seen), most: count(most), least: count(least), square: field.size ** 2 });
  const box = /** @type {Box} */ (boxes[0]), over = [...box.rows, ...box.columns].some((at) => at < 0 || at >= sizes[0]);
  if (meta.schematic) return [over ? "large-wide" : "large", facts];
  if (meta.source === "digits") return ["trained", { ...facts, ...lesson.shares }];
  if (over) return ["edge", facts];
  if (seen < field.size ** 2) return ["holes", facts];
  return [most === least ? "even" : "unit", facts];
}

/** @param {ReceptiveField} lesson */
export function drawSay(lesson) {
  const { meta, unit: { level, i, j } } = lesson, [name, facts] = story(lesson);
  lesson.kicker.textContent = `${lesson.nameOf(level)} [${i}, ${j}]`;
  lesson.speak(`say-${name}`, facts);
  lesson.formula.hidden = level === 0;
  if (level === 0) return;
  const field = meta.levels[level];
  const sub = (/** @type {string} */ symbol, /** @type {string} */ place) => el("span", "v", symbol, el("sub", "", place));
  const below = (/** @type {string} */ symbol) => sub(symbol, "l−1");
  const whole = (/** @type {(Node|string)[]} */ ...parts) => el("span", "whole", ...parts);
  /** @param {string} symbol @param {(Node|string)[]} general @param {typeof grows} numbers @param {string} value */
  const line = (symbol, general, numbers, value) => el("div", "line",
    el("div", "general", whole(sub(symbol, "l"), " = ", general[0]), " ", whole(...general.slice(1))),
    el("div", "numbers", `= ${numbers(meta, level)} = `, el("b", "", value)));
  lesson.formula.replaceChildren(
    line("r", [below("r"), "+ d(k−1)·", below("j")], grows, String(field.size)),
    line("j", [below("j"), "·s"], jumps, String(field.jump)),
    line("start", [below("start"), "+ (d(k−1)/2 − p)·", below("j")], starts, plain(field.start)),
  );
}
