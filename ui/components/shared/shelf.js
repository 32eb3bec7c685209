// The arithmetic of one cell, written out; each term lights its places in the pictures.
import { between, chip as chipWith, equal, head, sign, toneOf } from "./arithmetic.js";
import { button, el } from "./dom.js";
import { holds } from "./equation.js";
import { format, product, readable } from "./numbers.js";
import { guessing } from "./quiz.js";

/** @typedef {import("./explain.js").Explanation} Explanation */
/** @typedef {import("./explain.js").Chip} Chip */
/** @typedef {import("./bench.js").Bench} Bench */
/** Buttons look like chips, but stand at no place. @typedef {HTMLElement & {places?: import("./rules.js").Place[]}} ChipElement */
/** @typedef {import("./arithmetic.js").Piece} Piece */

const NARROW = 9, WIDE = 24;

/**
 * @param {HTMLElement} shelf
 * @param {Bench} bench
 * @param {Explanation} said
 */
export function drawShelf(shelf, bench, said) {
  const labels = bench.meta.labels, fewest = said.decimals + (bench.locked && said.decimals ? 2 : 0);
  if (said.asked) {
    drawQuestion(shelf, bench, said, fewest);
    return;
  }
  const help = bench.locked ? labels.locked : bench.narrow ? labels.tap : labels.hover;
  const lines = [head(said.name, said.note, help)];
  const line = el("div", `line${said.chips.length > 12 ? " small" : ""}`);
  lines.push(line);
  if (said.how === "given") line.append(...said.chips.map((item) => chipOf(bench, item, fewest)));
  else if (said.how === "sum") drawSum(lines, line, bench, said, fewest);
  else {
    const left = (/** @type {number} */ digits) => written(said, (item) => chipOf(bench, item, digits, said.how === "log"));
    line.append(...equal(left, format(said.value, fewest), said.value, fewest));
  }
  shelf.replaceChildren(...lines);
}

/** The left side of what isn't a sum. @param {Explanation} said @param {(item: Chip) => HTMLElement} chip @returns {Piece[]} */
function written({ how, call, first, pieces, chips }, chip) {
  if (how === "max") return [sign(`${call ?? "max"} (`), ...between(chips.map(chip), ","), sign(")")];
  if (how === "ratio") return [chip(/** @type {Chip} */ (first)), sign("÷ ("), ...between(chips.map(chip), "+"), sign(")")];
  if (how === "log") return [sign("−ln"), ...chips.map(chip)];
  if (how === "difference") return between(chips.map(chip), "−");
  if (how === "update") return [chip(chips[0]), sign("−"), chip(chips[1]), sign("×"), chip(chips[2])];
  return /** @type {(string|Chip)[]} */ (pieces).map((piece) => (typeof piece === "string" ? sign(piece) : chip(piece)));
}

/**
 * The field for a value that is hidden, after its products if the hint is open.
 * @param {HTMLElement} shelf @param {Bench} bench @param {Explanation} said @param {number} digits
 */
function drawQuestion(shelf, bench, said, digits) {
  const { name, found } = /** @type {NonNullable<Explanation["asked"]>} */ (said.asked);
  const typing = bench.root.activeElement?.classList.contains("guess"), chips = said.chips.map((item) => chipOf(bench, item, digits));
  const rows = [head(said.name, found.solved, bench.meta.labels.pick)];
  if (found.hint === name) rows.push(el("div", "line", ...between(chips, "+"), sign("= ?")));
  shelf.replaceChildren(...rows, guessing(found, name));
  if (typing) /** @type {HTMLElement} */ (shelf.querySelector(".guess")).focus({ preventScroll: true });
}

/** @param {HTMLElement[]} lines @param {HTMLElement} line @param {Bench} bench @param {Explanation} said @param {number} fewest */
function drawSum(lines, line, bench, said, fewest) {
  const labels = bench.meta.labels, most = bench.narrow ? NARROW : WIDE;
  const shown = bench.unfolded ? said.chips : said.chips.slice(0, most), rest = said.chips.slice(shown.length);
  const more = (/** @type {number} */ digits) => {
    const sum = rest.reduce((all, item) => all + item.sign, 0);
    const made = button("chip more", "", () => bench.unfold(), el("small", "", `${rest.length} ${labels.more} `), format(sum, digits));
    made.style.setProperty("--tc", toneOf(sum));
    return made;
  };
  const bias = (/** @type {number} */ digits) => (said.bias ? [sign("+"), chipOf(bench, said.bias, digits)] : []);
  const terms = (/** @type {number} */ digits) => [
    ...between(shown.map((item) => chipOf(bench, item, digits)), "+"), ...(rest.length ? [sign("+"), more(digits)] : []),
    ...(said.chips.length ? [] : [sign(labels.no_terms)]),
  ];
  if (!said.groups) {
    line.append(...equal((digits) => [...terms(digits), ...bias(digits)], format(said.value, fewest), said.value, fewest));
    return;
  }
  const { cursor, over, chosen, totals, first } = said.groups;
  line.append(...equal(terms, format(totals[chosen], fewest), totals[chosen], fewest, "part"));
  const group = (/** @type {number} */ value, /** @type {number} */ channel, /** @type {number} */ digits) => {
    const classes = `chip${channel === chosen ? " chosen" : ""}`, choose = () => bench.choose(cursor, channel, true);
    const made = button(classes, "", choose, el("small", "", String(first + channel)), format(value, digits));
    made.style.setProperty("--tc", toneOf(value));
    made.title = labels.show_channel;
    return made;
  };
  const all = (/** @type {number} */ digits) =>
    [...between(totals.map((value, channel) => group(value, channel, digits)), "+"), ...bias(digits)];
  lines.push(el("div", "line small", sign(labels[`all_${over}`]), ...equal(all, format(said.value, fewest), said.value, fewest)));
}

/** @param {Bench} bench @param {Chip} item @param {number} digits @param {boolean} [tiny] its logarithm will be taken */
function chipOf(bench, item, digits, tiny = false) {
  const text = (/** @type {number|undefined} */ value) => (tiny ? readable(Number(value), digits, { power: digits })
    : format(/** @type {number} */ (value), item.whole ? 0 : digits));
  const inside = item.left === undefined ? item.prefix === "η" ? String(item.value) : text(item.value)
    : item.right === undefined ? text(item.left)
      : product(text(item.left), Number.isInteger(item.right) ? format(item.right, 0) : text(item.right));
  const zero = Math.abs(item.sign) < 5e-7 && item.prefix !== "η";
  const exact = format(item.sign, 4), help = item.left === undefined ? "" : `${holds(inside, exact) ? "=" : "≈"} ${exact}`;
  const made = /** @type {ChipElement} */ (chipWith(inside, item.sign, {
    name: item.prefix ? `${item.prefix} ` : "", zero, kind: item.winner ? "winner" : "", help,
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
