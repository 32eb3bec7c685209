// Both gradients written out with their numbers, one under the other: what differs is one factor.
import { chip, head, short, sign, total } from "shared/arithmetic.js";
import { el, markup } from "shared/dom.js";
import { scientific } from "shared/numbers.js";

const FACTORS = {
  quadratic: [["(a − y)", "gap"], ["σ′(z)", "slope"], ["x", "x"]],
  cross_entropy: [["(a − y)", "gap"], ["x", "x"]],
};
const readable = (/** @type {number} */ value) => (value !== 0 && Math.abs(value) < 5e-4 ? scientific(value, 2) : short(value, 4));
const fraction = '<span class="frac"><span>∂C</span><span>∂w</span></span>';

/** @param {any} board @param {HTMLElement} shelf */
export function drawShelf(board, shelf) {
  const { found, epoch, labels, state } = board;
  const rows = Object.entries(FACTORS).map(([cost, factors]) => {
    const one = found[cost], values = { gap: one.a[epoch] - Number(state.y), slope: one.slope[epoch], x: state.x };
    const formula = factors.flatMap(([name], i) => [...(i ? [sign("·")] : []), markup("span", name === "σ′(z)" ? "symbol key" : "symbol", name)]);
    const numbers = factors.flatMap(([, key], i) => [...(i ? [sign("·")] : []), chip(readable(values[key]), values[key], { winner: key === "slope", zero: values[key] === 0 })]);
    const made = el("div", "line gradient-line", el("b", "which", labels[cost]), markup("span", "symbol", fraction), sign("="), ...formula, sign("="), ...numbers, total(`= ${readable(one.dw[epoch])}`, one.dw[epoch]), el("span", "aside", labels[cost === "quadratic" ? "carries" : "cancels"]));
    made.dataset.cost = cost;
    return made;
  });
  shelf.replaceChildren(head(`a = ${short(found.quadratic.a[epoch], 3)} · ${short(found.cross_entropy.a[epoch], 3)}`, labels.note.replace("{epoch}", String(epoch)), ""), ...rows);
}
