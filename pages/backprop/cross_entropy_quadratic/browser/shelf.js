// Both gradients written out with their numbers, one under the other: what differs is one factor.
import { between, chip, equal, head, sign } from "shared/arithmetic.js";
import { el, fill, markup } from "shared/dom.js";
import { bracketed, readable, short } from "shared/numbers.js";

const FACTORS = {
  quadratic: [["(a − y)", "gap"], ["σ′(z)", "slope"], ["x", "x"]],
  cross_entropy: [["(a − y)", "gap"], ["x", "x"]],
};
const written = (/** @type {number} */ value, digits = 4) => readable(value, digits, { small: 5e-4, power: digits - 2, trim: true });
const fraction = '<span class="frac"><span>∂C</span><span>∂w</span></span>';

/** @param {import("./board.js").TwoCosts} board @param {HTMLElement} shelf */
export function drawShelf(board, shelf) {
  const { found, epoch, labels, state } = board;
  const rows = Object.entries(FACTORS).map(([cost, factors]) => {
    const one = found[cost];
    /** @type {Record<string, number>} */
    const values = { gap: one.a[epoch] - Number(state.y), slope: one.slope[epoch], x: state.x };
    const symbols = factors.map(([name]) => markup("span", name === "σ′(z)" ? "symbol key" : "symbol", name));
    const numbers = (/** @type {number} */ digits) => between(factors.map(([, key], i) => {
      const value = values[key], text = written(value, digits);
      return chip(i ? bracketed(text) : text, value, { kind: key === "slope" ? "winner" : "", zero: value === 0 });
    }), "·");
    const made = el("div", "line gradient-line",
      el("b", "which", labels[cost]), markup("span", "symbol", fraction),
      sign("="), ...between(symbols, "·"), sign("="), ...equal(numbers, written(one.dw[epoch]), one.dw[epoch], 4),
      el("span", "aside", labels[cost === "quadratic" ? "carries" : "cancels"]));
    made.dataset.cost = cost;
    return made;
  });
  const answers = Object.entries(found).map(([cost, one]) => `${labels[cost]} a = ${short(one.a[epoch], 3)}`);
  shelf.replaceChildren(head(answers.join(" · "), fill(labels.note, { epoch }), ""), ...rows);
}
