// The column of words: one question, one sentence with the numbers of the chosen unit, and the formula with them.
import { el } from "shared/dom.js";
import { format, scientific } from "shared/numbers.js";
import { grows, jumps, plain, starts } from "./table.js";
import { extent } from "./ways.js";

/** A sentence with its numbers: {name} is filled in, **…** is strong. Only text nodes are made. */
function sentence(template, values) {
  const filled = template.replace(/\{(\w+)\}/g, (gap, name) => (name in values ? String(values[name]) : gap));
  return filled.split("**").map((piece, i) => (i % 2 ? el("b", "", piece) : document.createTextNode(piece)));
}

const count = (value) => (value >= 1e6 ? scientific(value) : format(value, 0));
const nonzero = (ways) => ways.filter((way) => way > 0).length;
const range = ([low, high]) => (low === high ? `${low}` : `${low}–${high}`);

/** Which text fits, and its numbers. @param {any} lesson */
function story(lesson) {
  const { meta, unit: { level, i, j }, rows, columns, boxes, sizes } = lesson, field = meta.levels[level], last = sizes.length - 1;
  const facts = { layer: lesson.nameOf(level), row: i, column: j, size: sizes[0], r: field.size, jump: field.jump, last: lesson.nameOf(last) };
  if (level === 0) {
    const reached = [rows, columns].map((ways) => extent(ways[last]));
    if (reached.some((span) => !span)) return ["missed", facts];
    const met = nonzero(rows[last]) * nonzero(columns[last]);
    return [last ? "pixel" : "empty", { ...facts, count: met, all: sizes[last] ** 2, rows: range(reached[0]), columns: range(reached[1]) }];
  }
  const seen = nonzero(rows[0]) * nonzero(columns[0]), most = Math.max(...rows[0]) * Math.max(...columns[0]);
  const least = Math.min(...rows[0].filter((way) => way)) * Math.min(...columns[0].filter((way) => way));
  Object.assign(facts, { seen: count(seen), most: count(most), least: count(least), square: field.size ** 2 });
  const box = boxes[0], over = [...box.rows, ...box.columns].some((at) => at < 0 || at >= sizes[0]);
  if (meta.schematic) return [over ? "large-wide" : "large", facts];
  if (meta.source === "digits") return ["trained", { ...facts, ...lesson.shares }];
  if (over) return ["edge", facts];
  if (seen < field.size ** 2) return ["holes", facts];
  return [most === least ? "even" : "unit", facts];
}

/** @param {any} lesson */
export function drawSay(lesson) {
  const { meta, unit: { level } } = lesson, [name, facts] = story(lesson), [title, text] = meta.texts[`say-${name}`] ?? ["", ""];
  lesson.kicker.textContent = `${lesson.nameOf(level)} [${lesson.unit.i}, ${lesson.unit.j}]`;
  lesson.heading.replaceChildren(...sentence(title, facts));
  lesson.sentence.replaceChildren(...sentence(text, facts));
  lesson.formula.hidden = level === 0;
  if (level === 0) return;
  const field = meta.levels[level], sub = (symbol, place) => el("span", "v", symbol, el("sub", "", place));
  const below = (symbol) => sub(symbol, "l−1");
  const line = (symbol, general, numbers, value) => el("div", "line",
    el("div", "general", sub(symbol, "l"), " = ", ...general), el("div", "numbers", `= ${numbers(meta, level)} = `, el("b", "", value)));
  lesson.formula.replaceChildren(
    line("r", [below("r"), " + d(k−1)·", below("j")], grows, String(field.size)),
    line("j", [below("j"), "·s"], jumps, String(field.jump)),
    line("start", [below("start"), " + (d(k−1)/2 − p)·", below("j")], starts, plain(field.start)),
  );
}
