// The shelf of "Fifty layers": how long the gradient is at one place, as a product with its numbers.
import { head, line, sign } from "shared/arithmetic.js";
import { el } from "shared/dom.js";
import { fill, gain, gainChip, lengthChip, result, size, sub } from "./written.js";

const WRITTEN = 7;

/** @param {any} board @param {number} at 0 is the input, `depth` the loss @param {boolean} locked */
export function drawDepthShelf(board, at, locked) {
  const { labels, arrays, meta } = board, layers = meta.controls.depth, gains = arrays.gain.data, sizes = arrays["now.dy"].data;
  const help = locked ? labels.locked : board.narrow ? labels.tap : labels.hover;
  const title = at === 0 ? labels.at_input : fill(labels.here, { number: at });
  if (at >= layers) {
    board.shelf.replaceChildren(head(title, "", help), line(sign(labels.sent_in), result(sizes[layers])));
    return;
  }
  const layer = at + 1;
  board.shelf.replaceChildren(
    head(title, fill(labels.layer, { number: layer }), help),
    line(el("i", "symbol", `‖dy${sub(at)}‖ =`), gainChip(gains[at], `${labels.gain} g${sub(layer)}`), sign("×"), lengthChip(sizes[layer], `‖dy${sub(layer)}‖`), result(sizes[at])),
    made(board, at),
    running(board, at),
  );
}

/** What this layer's gain is made of, and what theory says of it. */
function made(board, at) {
  const { labels, arrays, meta } = board, piece = (/** @type {string} */ name) => arrays[`factor.${name}`]?.data[at];
  const parts = ["branch.slope", "branch.norm", "branch.weight"].filter((name) => arrays[`factor.${name}`]);
  const words = (/** @type {string} */ name) => labels[name.split(".")[1]];
  const product = (/** @type {string[]} */ names) => names.flatMap((name, i) => [...(i ? [sign("×")] : []), gainChip(piece(name), words(name))]);
  const row = line(el("i", "symbol", `g${sub(at + 1)} =`));
  if (meta.controls.link === "none") row.append(...product(parts), result(arrays.gain.data[at], `= ${gain(arrays.gain.data[at])}`));
  else {
    const ways = Object.keys(arrays).filter((name) => name.startsWith("way.")).map((name) => name.slice(4));
    const squares = ways.reduce((sum, way) => sum + arrays[`way.${way}`].data[at] ** 2, 0), common = arrays.gain.data[at] ** 2 - squares;
    row.append(sign("√("), ...ways.flatMap((way, i) => [...(i ? [sign("+")] : []), gainChip(arrays[`way.${way}`].data[at], labels[way]), el("span", "op-sign squared", "²")]));
    row.append(sign(common < 0 ? "−" : "+"), lengthChip(Math.abs(common), labels.cross), sign(")"), result(arrays.gain.data[at], `= ${gain(arrays.gain.data[at])}`));
    const inner = [...(arrays["factor.branch.open"] ? ["branch.open"] : []), ...parts];
    row.append(sign(`· ${labels.branch}:`), ...product(inner));
  }
  if (!meta.theory) row.append(el("span", "theory", labels.no_theory));
  else if (meta.controls.link === "none" && meta.controls.norm === "none") {
    const n = Number(meta.controls.width);
    row.append(el("span", "theory", labels.theory, ` √(${n} · ${size(arrays.mean_square_w.data[at])} · ${size(arrays.slope2.data[at])}) = `, el("b", "", gain(Math.sqrt(n * arrays.mean_square_w.data[at] * arrays.slope2.data[at])))));
  } else row.append(el("span", "theory", `${labels.theory_short} `, el("b", "", gain(arrays["predicted.gain"].data[at]))));
  return row;
}

/** The product of all gains from the loss to here. */
function running(board, at) {
  const { labels, arrays, meta } = board, layers = meta.controls.depth, gains = arrays.gain.data, sizes = arrays["now.dy"].data;
  const row = line(sign(labels.product)), count = layers - at;
  const shown = count <= WRITTEN ? Array.from({ length: count }, (_, i) => layers - 1 - i) : [layers - 1, layers - 2, layers - 3, -1, at + 1, at];
  shown.forEach((i, k) => row.append(...(k ? [sign("×")] : []), i < 0 ? sign(`… (${count - 5})`) : gainChip(gains[i], `g${sub(i + 1)}`)));
  const left = sizes[at] / sizes[layers];
  row.append(result(left));
  row.append(sign(fill(labels.on_average, { average: Number.isFinite(left) ? gain(left ** (1 / count)) : labels.lost, count })));
  return row;
}
