// The shelf of "The Jacobian": one more factor of the product, written out entry by entry.
import { head, line, sign } from "shared/arithmetic.js";
import { el } from "shared/dom.js";
import { back } from "./twin.js";
import { entry, factor, fill, gainChip, matrix, result, size, sub } from "./written.js";

/** @param {any} board @param {number} at the place: 0 is the input @param {boolean} locked */
export function drawJacobianShelf(board, at, locked) {
  const { labels, arrays, now } = board, layers = arrays.js.shape[0], turned = (now.angle * Math.PI) / 180;
  const help = locked ? labels.locked : board.narrow ? labels.tap : labels.hover;
  const way = back(arrays.js.data, [Math.cos(turned), Math.sin(turned)]);
  if (at >= layers) {
    board.shelf.replaceChildren(head(labels.loss, "", help), line(sign(labels.at_loss), matrix([entry(way[at][0]), entry(way[at][1])], 1)));
    return;
  }
  const j = Array.from(arrays.js.data.subarray(4 * at, 4 * at + 4)), p = Array.from(arrays.products.data.subarray(4 * at + 4, 4 * at + 8)), made = Array.from(arrays.products.data.subarray(4 * at, 4 * at + 4));
  const most = (/** @type {number[]} */ values) => Math.max(...values.map(Math.abs)), far = most(p), after = most(made);
  const sums = made.map((_, i) => `${entry(p[2 * (i >> 1)], far)}·${factor(j[i & 1])} + ${factor(p[2 * (i >> 1) + 1], far)}·${factor(j[2 + (i & 1)])}`);
  const [v, u] = [way[at + 1], way[at]], length = (/** @type {number[]} */ w) => Math.hypot(w[0], w[1]);
  const stretch = arrays.stretch.data, det = made[0] * made[3] - made[1] * made[2], own = j[0] * j[3] - j[1] * j[2], before = p[0] * p[3] - p[1] * p[2];
  const wide = matrix(sums);
  wide.classList.add("sums");
  board.shelf.replaceChildren(
    head(at === 0 ? labels.at_input : fill(labels.here, { number: at }), `${labels.product_of}: P${sub(at)} = P${sub(at + 1)} · J${sub(at + 1)}`, help),
    line(el("i", "symbol", `P${sub(at)} =`), matrix(p.map((v) => entry(v, far))), sign("·"), matrix(j.map((v) => entry(v))), sign("="), wide, sign("="), strong(matrix(made.map((v) => entry(v, after))))),
    line(el("i", "symbol", `${labels.vector}: dy${sub(at)} = J${sub(at + 1)}ᵀ dy${sub(at + 1)} =`),
      matrix([`${factor(j[0])}·${factor(v[0], most(v))} + ${factor(j[2])}·${factor(v[1], most(v))}`, `${factor(j[1])}·${factor(v[0], most(v))} + ${factor(j[3])}·${factor(v[1], most(v))}`], 1), sign("="), matrix(u.map((w) => entry(w, most(u))), 1), sign("‖·‖"), result(length(u)), gainChip(length(u) / length(v), "×")),
    line(sign(labels.singular), result(stretch[2 * at], size(stretch[2 * at])), result(stretch[2 * at + 1], size(stretch[2 * at + 1] < 1e-9 * stretch[2 * at] ? 0 : stretch[2 * at + 1])), sign(`· ${labels.det}`), gainChip(Math.abs(before), `|det P${sub(at + 1)}|`), sign("×"), gainChip(Math.abs(own), `|det J${sub(at + 1)}|`), result(Math.abs(det))),
  );
}

/** @param {HTMLElement} made */
function strong(made) {
  made.classList.add("strong");
  return made;
}
