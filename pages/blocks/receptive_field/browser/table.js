// The table of layers: units, r, jump and start with their numbers put in, and what the weights cost.
import { format } from "shared/numbers.js";
import { el } from "shared/dom.js";

/** @typedef {import("./board.js").ReceptiveField} ReceptiveField */
/** @typedef {import("./board.js").Level} Level */
/** What the page sent of the stack. @typedef {{levels: Level[], windows: import("./ways.js").Window[]}} Stack */

/** With no more rows than this the table has room for larger type. */
const FEW = 7;

/** A number with at most one decimal. @param {number} value */
export const plain = (value) => format(value, Number.isInteger(value) ? 0 : 1);

/** d·(k − 1), with the dilation only where there is one. @param {import("./ways.js").Window} window */
const growth = ({ kernel, dilation }) => (dilation > 1 ? `${dilation}·(${kernel}−1)` : `(${kernel}−1)`);

/** r = r + d(k − 1)·j with the layer's numbers. @param {Stack} stack @param {number} level */
export const grows = ({ levels, windows }, level) => `${levels[level - 1].size} + ${growth(windows[level - 1])}·${levels[level - 1].jump}`;

/** @param {Stack} stack @param {number} level */
export const jumps = ({ levels, windows }, level) => `${levels[level - 1].jump}·${windows[level - 1].stride}`;

/** start + (d(k − 1)/2 − p)·j. @param {Stack} stack @param {number} level */
export function starts({ levels, windows }, level) {
  const { kernel, dilation, padding } = windows[level - 1], below = levels[level - 1];
  const half = plain((dilation * (kernel - 1)) / 2);
  return `${plain(below.start)} + ${padding ? `(${half} − ${padding})` : half}·${below.jump}`;
}

/** @param {import("./ways.js").Window} window */
function shapeOf({ kernel, stride, padding, dilation }) {
  const rest = [["s", stride, 1], ["p", padding, 0], ["d", dilation, 1]].filter(([, value, usual]) => value !== usual);
  return [`${kernel}×${kernel}`, ...rest.map(([sign, value]) => `${sign} ${value}`)].join(" · ");
}

/** @param {ReceptiveField} lesson */
export function drawTable(lesson) {
  const { meta, labels } = lesson, { levels, windows } = /** @type {Stack} */ (meta);
  const head = [labels.layer, labels.window, labels.units, "r", "jump", "start", labels.weights].map((text) => el("th", "", text));
  const rows = levels.map((level, l) => {
    const sum = (/** @type {typeof grows} */ how, /** @type {string} */ value) => {
      return el("td", "sum", ...(l ? [el("small", "", `${how(meta, l)} = `)] : []), el("b", "", value));
    };
    const made = el("tr", "",
      el("th", "", lesson.nameOf(l)),
      el("td", "", l ? shapeOf(windows[l - 1]) : ""),
      el("td", "", `${level.units}×${level.units}`),
      sum(grows, String(level.size)), sum(jumps, String(level.jump)), sum(starts, plain(level.start)),
      el("td", "", level.weights));
    made.dataset.level = String(l);
    made.onclick = () => lesson.go(l);
    return made;
  });
  const table = el("table", levels.length <= FEW ? "few" : "", el("thead", "", el("tr", "", ...head)), el("tbody", "", ...rows));
  const { one } = meta, large = one?.window ? [" · ", one.window, " ", el("b", "", one.weights)] : [];
  const foot = one ? el("p", "foot", labels.total, " ", el("b", "", one.stack), ...large) : el("p", "foot");
  const scroll = el("div", "scroll", table);
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", labels.table);
  lesson.tableBox.replaceChildren(scroll, foot);
  lesson.tableRows = rows;
  lesson.scroll = scroll;
}

/** @param {ReceptiveField} lesson @param {number} level */
export function markRow(lesson, level) {
  lesson.tableRows.forEach((row, l) => row.classList.toggle("on", l === level));
  const row = lesson.tableRows[level], { scroll } = lesson, head = 26, end = row.offsetTop + row.offsetHeight;
  if (row.offsetTop - head < scroll.scrollTop) scroll.scrollTop = row.offsetTop - head;
  else if (end > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = end - scroll.clientHeight;
}
