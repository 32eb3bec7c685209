// The shelf: how one layer's variance comes about, with its numbers put in, beside what was measured; and how they are written:
// plain where they can be read so, as powers of ten where they can't.
import { between, chip, equal, head, line as newLine, sign, total } from "shared/arithmetic.js";
import { el, fill } from "shared/dom.js";
import { format, percent, scientific, significant } from "shared/numbers.js";

export const DIGITS = 3;

/** @typedef {{kind: "y"|"g", layer: number}} Place */
/** @typedef {{meta: any, view: any, get: (name: string) => any}} Scene */
/** @typedef {(what: string|null) => void} Name  light up where a number stands */
/** @typedef {Record<string, number>} Row  what was measured of a layer, by name */

/** A size: 0.2131, 0.0005, 3.0·10⁻⁷, 12.4. @param {number} value */
export function size(value) {
  const much = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return format(value);
  if (much >= 1e4 || much < 5e-5) return scientific(value, 1);
  return format(value, much >= 100 ? 0 : much >= 10 ? 1 : much >= 1 ? 2 : 4);
}

/** A size where there is less room: one digit before a power of ten. @param {number} value */
export function brief(value) {
  const much = Math.abs(value);
  return Number.isFinite(value) && much && (much >= 1e4 || much < 5e-5) ? scientific(value, 0) : size(value);
}

/** A size where there is least: two digits that count, three behind the point. @param {number} value */
export function briefest(value) {
  const much = Math.abs(value);
  if (!Number.isFinite(value) || much >= 1) return brief(value);
  return much && much < 0.00995 ? scientific(value, 0) : format(value, 3);
}

/** A product's factor, with three digits that count. @param {number} value @param {number} [digits] */
export const factor = (value, digits = DIGITS) => significant(value, digits, { small: 9.995e-5, large: 1e5, power: digits - 1 });

/**
 * @param {HTMLElement} shelf
 * @param {Scene} scene
 * @param {Place} place
 * @param {{locked: boolean, narrow: boolean}} how
 * @param {Name} name
 */
export function drawArithmetic(shelf, scene, place, how, name) {
  const { view, meta } = scene, words = meta.labels, top = view.depth;
  const layer = place.kind === "y" ? place.layer : place.layer + 1;
  const given = place.kind === "y" ? place.layer === 0 : place.layer === top;
  const help = how.locked ? words.locked : how.narrow ? words.tap : words.hover;
  const where = place.layer === 0 ? words.data : fill(words.layer, { number: place.layer });
  const title = place.kind === "y" ? `${words.activations} · ${where}` : `${words.gradients} · ${where}`;
  const count = view.samples.toLocaleString("en"), note = fill(words.examples, { count });
  const lines = [head(title, note, help)];
  if (given) {
    lines.push(newLine(sign(place.kind === "y" ? fill(words.given_x, { count }) : words.given_g)));
  } else {
    const row = tableRow(scene, layer - 1);
    lines.push(place.kind === "y" ? forward(scene, row, layer, name) : backward(scene, row, place.layer, name));
  }
  lines.push(outcome(scene, place, given ? null : tableRow(scene, layer - 1)));
  shelf.replaceChildren(...lines);
}

/** @param {Scene} scene @param {number} at @returns {Row} */
function tableRow(scene, at) {
  const { data, shape } = scene.get("table"), names = scene.meta.table;
  return Object.fromEntries(names.map((/** @type {string} */ n, /** @type {number} */ i) => [n, data[at * shape[1] + i]]));
}

/**
 * Factors that show where they stand when they are pointed at.
 * @param {Name} name @param {number} digits @returns {(symbol: string, value: number, help: string, place: string) => HTMLElement}
 */
const pieces = (name, digits) => (symbol, value, help, place) =>
  chip(factor(value, digits), null, { name: symbol, help, point: (on) => name(on ? place : null) });

/** What the theory makes of the factors. @param {(digits: number) => HTMLElement[]} factors @param {number} value */
const predicted = (factors, value) => equal((digits) => between(factors(digits), "×"), factor(value), null, DIGITS);

/**
 * How large the weights are: their variance or, of weights that are all one number and so have none, their mean square.
 * @param {Scene} scene @param {Row} row @param {ReturnType<typeof pieces>} piece
 */
function spread(scene, row, piece) {
  const words = scene.meta.labels, alike = scene.view.draw === "constant";
  return piece(alike ? "E[w²]" : "Var(w)", row.var_w, alike ? words.w2 : words.var_w, "size");
}

/** @param {Scene} scene @param {Row} row @param {number} layer @param {Name} name */
function forward(scene, row, layer, name) {
  const words = scene.meta.labels, { bias, batchNorm } = scene.view;
  const line = newLine(), product = row.n_in * row.var_w * row.mean_square_x;
  const factors = (/** @type {number} */ digits) => {
    const piece = pieces(name, digits);
    return [
      piece("n", row.n_in, words.n_in, `y${layer - 1}`), spread(scene, row, piece),
      piece("E[x²]", row.mean_square_x, words.x2, `y${layer - 1}`),
    ];
  };
  line.append(
    ...predicted(factors, product), sign(words.predicted_short),
    total(factor(row.var_s), null), sign(`${words.measured}: ${words.sum_var}`),
  );
  if (bias && !batchNorm) line.append(sign(fill(words.shifted, { bias: factor(bias) })));
  if (batchNorm) line.append(sign(words.normed));
  return line;
}

/** @param {Scene} scene @param {Row} row @param {number} layer @param {Name} name */
function backward(scene, row, layer, name) {
  const words = scene.meta.labels, line = newLine();
  const above = scene.get("rms2").data[scene.view.depth + 1 + layer + 1];
  const product = row.n_out * row.var_w * row.mean_square_slope * above * row.norm;
  const factors = (/** @type {number} */ digits) => {
    const piece = pieces(name, digits);
    return [
      piece("n", row.n_out, words.n_out, `g${layer + 1}`), spread(scene, row, piece),
      piece("E[f′²]", row.mean_square_slope, words.slope2, `y${layer + 1}`), piece("E[dy²]", above, words.dy2, `g${layer + 1}`),
      ...(scene.view.batchNorm ? [piece("1/σ²", row.norm, words.norm, `y${layer + 1}`)] : []),
    ];
  };
  line.append(...predicted(factors, product), sign(words.predicted_short));
  line.append(total(factor(scene.get("rms2").data[scene.view.depth + 1 + layer]), null), sign(`${words.measured}: E[dx²]`));
  return line;
}

/**
 * The size that comes out, beside the prediction, and what else there is to know.
 * @param {Scene} scene @param {Place} place @param {Row|null} row
 */
function outcome(scene, place, row) {
  const words = scene.meta.labels, y = place.kind === "y", line = el("div", "line outcome");
  const value = scene.get(y ? "std" : "rms").data[place.layer];
  const predicted = scene.get(y ? "predicted_std" : "predicted_rms").data[place.layer];
  const fact = (/** @type {string} */ label, /** @type {string} */ text) => el("span", "fact", sign(label), el("b", "", text));
  line.append(fact(y ? `${words.std} y` : `${words.rms} dy`, size(value)));
  line.append(fact(words.predicted, Number.isFinite(predicted) ? size(predicted) : words.no_theory));
  line.append(fact(words.mean, size(scene.get("mean").data[(y ? 0 : 1) * (scene.view.depth + 1) + place.layer])));
  if (y && row) {
    const one_sided = scene.view.activation === "relu";
    line.append(fact(one_sided ? words.zero_long : words.flat_long, percent(row.flat)), fact(words.dead, percent(row.dead)));
  }
  if (!y && row) line.append(fact(fill(words.dweight, { number: place.layer + 1 }), size(row.std_dweight)));
  return line;
}
