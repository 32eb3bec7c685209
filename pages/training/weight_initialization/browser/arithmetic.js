// The shelf: how one layer's variance comes about, with its numbers put in, beside what was measured.
import { el } from "shared/dom.js";
import { factor, fill, percent, size } from "./words.js";

/** @typedef {{kind: "y"|"g", layer: number}} Place */

const sign = (/** @type {string} */ text) => el("span", "op-sign", text);

/**
 * @param {HTMLElement} shelf
 * @param {{meta: any, view: any, get: (name: string) => any}} scene
 * @param {Place} place
 * @param {{locked: boolean, narrow: boolean}} how
 * @param {(what: string|null) => void} name  light up where a number stands
 */
export function drawArithmetic(shelf, scene, place, how, name) {
  const { view, meta } = scene, words = meta.words, top = view.depth;
  const layer = place.kind === "y" ? place.layer : place.layer + 1;
  const given = place.kind === "y" ? place.layer === 0 : place.layer === top;
  const help = how.locked ? words.locked : how.narrow ? words.tap : words.hover;
  const where = place.layer === 0 ? words.data : fill(words.layer, { number: place.layer });
  const title = place.kind === "y" ? `${words.activations} · ${where}` : `${words.gradients} · ${where}`;
  const note = fill(words.examples, { count: view.samples.toLocaleString("en") });
  const lines = [el("div", "shelf-head", el("b", "", title), el("span", "", note), el("span", "help", help))];
  if (given) {
    lines.push(el("div", "line", sign(place.kind === "y" ? fill(words.given_x, { count: view.samples.toLocaleString("en") }) : words.given_g)));
  } else {
    const row = tableRow(scene, layer - 1);
    lines.push(place.kind === "y" ? forward(scene, row, layer, name) : backward(scene, row, place.layer, name));
  }
  lines.push(outcome(scene, place, given ? null : tableRow(scene, layer - 1)));
  shelf.replaceChildren(...lines);
}

/** What was measured of a layer, by name. @param {any} scene @param {number} at @returns {Record<string, number>} */
function tableRow(scene, at) {
  const { data, shape } = scene.get("table"), names = scene.meta.table;
  return Object.fromEntries(names.map((/** @type {string} */ n, /** @type {number} */ i) => [n, data[at * shape[1] + i]]));
}

/** A factor; pointing at it shows where it stands. */
function chip(/** @type {string} */ symbol, /** @type {number} */ value, /** @type {string} */ help, /** @type {() => void} */ show, /** @type {() => void} */ hide) {
  const made = el("span", "chip", el("small", "", symbol), factor(value));
  made.title = help;
  made.tabIndex = 0;
  made.onpointerenter = made.onfocus = show;
  made.onpointerleave = made.onblur = hide;
  return made;
}

function forward(scene, row, layer, name) {
  const words = scene.meta.words, { bias, batchNorm } = scene.view;
  const line = el("div", "line"), hide = () => name(null);
  const product = row.n_in * row.var_w * row.mean_square_x;
  line.append(
    chip("n", row.n_in, words.n_in, () => name(`y${layer - 1}`), hide), sign("×"),
    chip("Var(w)", row.var_w, words.var_w, () => name("size"), hide), sign("×"),
    chip("E[x²]", row.mean_square_x, words.x2, () => name(`y${layer - 1}`), hide),
    ...(scene.view.draw === "constant" && layer > 1 ? [sign("≠")] : [sign("=")]),
    el("span", "total", factor(product)), sign(words.predicted_short),
    el("span", "total", factor(row.var_s)), sign(`${words.measured}: ${words.sum_var}`),
  );
  if (bias && !batchNorm) line.append(sign(fill(words.shifted, { bias: factor(bias) })));
  if (batchNorm) line.append(sign(words.normed));
  return line;
}

function backward(scene, row, layer, name) {
  const words = scene.meta.words, line = el("div", "line"), hide = () => name(null);
  const above = scene.get("rms2").data[scene.view.depth + 1 + layer + 1];
  const product = row.n_out * row.var_w * row.mean_square_slope * above * row.norm;
  line.append(
    chip("n", row.n_out, words.n_out, () => name(`g${layer + 1}`), hide), sign("×"),
    chip("Var(w)", row.var_w, words.var_w, () => name("size"), hide), sign("×"),
    chip("E[f′²]", row.mean_square_slope, words.slope2, () => name(`y${layer + 1}`), hide), sign("×"),
    chip("E[dy²]", above, words.dy2, () => name(`g${layer + 1}`), hide),
  );
  if (scene.view.batchNorm) line.append(sign("×"), chip("1/σ²", row.norm, words.norm, () => name(`y${layer + 1}`), hide));
  line.append(sign(scene.view.draw === "constant" ? "≠" : "="), el("span", "total", factor(product)), sign(words.predicted_short));
  line.append(el("span", "total", factor(scene.get("rms2").data[scene.view.depth + 1 + layer])), sign(`${words.measured}: E[dx²]`));
  return line;
}

/** The size that comes out, beside the prediction, and what else there is to know. */
function outcome(scene, place, row) {
  const words = scene.meta.words, y = place.kind === "y", line = el("div", "line outcome");
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
