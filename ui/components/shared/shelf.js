// The arithmetic of one cell, written out; each term lights its places in the pictures.
import { between, chip as chipWith, head, sign, toneOf, total as totalOf } from "./arithmetic.js";
import { button, el } from "./dom.js";
import { format, product } from "./numbers.js";

/** @typedef {import("./explain.js").Explanation} Explanation */
/** @typedef {import("./explain.js").Chip} Chip */
/** @typedef {import("./bench.js").Bench} Bench */
/** Buttons look like chips, but stand at no place. @typedef {HTMLElement & {places?: import("./rules.js").Place[]}} ChipElement */
/** @typedef {{chip: (item: Chip) => HTMLElement, total: (value: number) => HTMLElement, digits: number}} Writing */

const NARROW = 9, WIDE = 24;

/**
 * @param {HTMLElement} shelf
 * @param {Bench} bench
 * @param {Explanation} said
 */
export function drawShelf(shelf, bench, said) {
  const labels = bench.meta.labels, digits = said.decimals + (bench.locked && said.decimals ? 2 : 0);
  const chip = (/** @type {Chip} */ item) => chipOf(bench, item, digits);
  const total = (/** @type {number} */ value) => totalOf(`= ${format(value, digits)}`, value);
  const help = bench.locked ? labels.locked : bench.narrow ? labels.tap : labels.hover;
  const lines = [head(said.name, said.note, help)];
  const line = el("div", `line${said.chips.length > 12 ? " small" : ""}`);
  lines.push(line);
  if (said.how === "max") line.append(sign(`${said.call ?? "max"} (`), ...between(said.chips.map(chip), ","), sign(")"), total(said.value));
  else if (said.how === "ratio")
    line.append(chip(/** @type {Chip} */ (said.first)), sign("÷ ("), ...between(said.chips.map(chip), "+"), sign(")"), total(said.value));
  else if (said.how === "log") line.append(sign("−ln"), ...said.chips.map(chip), total(said.value));
  else if (said.how === "difference") line.append(...between(said.chips.map(chip), "−"), total(said.value));
  else if (said.how === "update")
    line.append(chip(said.chips[0]), sign("−"), chip(said.chips[1]), sign("×"), chip(said.chips[2]), total(said.value));
  else if (said.how === "written")
    line.append(
      .../** @type {(string|Chip)[]} */ (said.pieces).map((piece) => (typeof piece === "string" ? sign(piece) : chip(piece))),
      total(said.value));
  else if (said.how === "given") line.append(...said.chips.map(chip));
  else drawSum(lines, line, bench, said, { chip, total, digits });
  shelf.replaceChildren(...lines);
}

/** @param {HTMLElement[]} lines @param {HTMLElement} line @param {Bench} bench @param {Explanation} said @param {Writing} how */
function drawSum(lines, line, bench, said, { chip, total, digits }) {
  const labels = bench.meta.labels, most = bench.narrow ? NARROW : WIDE;
  const shown = bench.unfolded ? said.chips : said.chips.slice(0, most), rest = said.chips.slice(shown.length);
  line.append(...between(shown.map(chip), "+"));
  if (rest.length) {
    const sum = rest.reduce((all, item) => all + item.sign, 0);
    const more = button("chip more", "", () => bench.unfold(), `${rest.length} ${labels.more} ${format(sum)}`);
    more.style.setProperty("--tc", toneOf(sum));
    line.append(sign("+"), more);
  }
  if (!said.chips.length) line.append(sign(labels.no_terms));
  if (!said.groups) {
    if (said.bias) line.append(sign("+"), chip(said.bias));
    line.append(total(said.value));
    return;
  }
  const { cursor, over, chosen, totals } = said.groups;
  line.append(total(totals[chosen]));
  /** @type {Element} */ (line.lastElementChild).classList.add("part");
  const all = el("div", "line small", sign(labels[`all_${over}`]));
  totals.forEach((value, channel) => {
    if (channel) all.append(sign("+"));
    const classes = `chip${channel === chosen ? " chosen" : ""}`, choose = () => bench.choose(cursor, channel, true);
    const group = button(classes, "", choose, el("small", "", String(channel)), format(value, digits));
    group.style.setProperty("--tc", toneOf(value));
    group.title = labels.show_channel;
    all.append(group);
  });
  if (said.bias) all.append(sign("+"), chip(said.bias));
  all.append(total(said.value));
  lines.push(all);
}

/** @param {Bench} bench @param {Chip} item @param {number} digits */
function chipOf(bench, item, digits) {
  const text = (/** @type {number|undefined} */ value) => format(/** @type {number} */ (value), item.whole ? 0 : digits);
  const inside = item.left === undefined ? `${item.prefix ? `${item.prefix} ` : ""}${item.prefix === "η" ? item.value : text(item.value)}`
    : item.right === undefined ? text(item.left)
      : product(text(item.left), Number.isInteger(item.right) ? format(item.right, 0) : text(item.right));
  const zero = Math.abs(item.sign) < 5e-7 && item.prefix !== "η";
  const made = /** @type {ChipElement} */ (chipWith(inside, item.sign, {
    zero, kind: item.winner ? "winner" : "", help: item.left === undefined ? "" : `= ${format(item.sign, 4)}`,
    point: (on) => bench.point(on ? item.places : []),
  }));
  made.places = item.places;
  if (item.prefix === "b" && !bench.result.spec.fixed) {
    made.classList.add("editable");
    made.title = bench.meta.labels.edit_bias;
    made.onclick = () => bench.editBias(item, made);
    made.onkeydown = (event) => { if (event.key === "Enter") bench.editBias(item, made); };
  }
  return made;
}
