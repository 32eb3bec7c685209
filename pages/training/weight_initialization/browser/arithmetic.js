// The shelf: how one layer's variance comes about, with its numbers put in, beside what was measured; and how they are written:
// plain where they can be read so, as powers of ten where they can't.
import { el } from "shared/dom.js";
import { format, scientific } from "shared/numbers.js";

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

/** A product's factor, with three digits that count. @param {number} value */
export function factor(value) {
  const much = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return format(value);
  if (much >= 1e5 || much < 9.995e-5) return scientific(value, 2);
  return String(+value.toPrecision(3)).replace("-", "−");
}

/** @param {number} share */
export function percent(share) {
  return share > 0 && share < 0.0005 ? "< 0.1 %" : `${format(100 * share, share > 0 && share < 0.0995 ? 1 : 0)} %`;
}

/** Words with gaps, {name}. @param {string} words @param {Record<string, string|number>} values */
export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));

const sign = (/** @type {string} */ text) => el("span", "op-sign", text);

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
  const lines = [el("div", "shelf-head", el("b", "", title), el("span", "", note), el("span", "help", help))];
  if (given) {
    lines.push(el("div", "line", sign(place.kind === "y" ? fill(words.given_x, { count }) : words.given_g)));
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
 * A factor; pointing at it shows where it stands.
 * @param {string} symbol @param {number} value @param {string} help @param {() => void} show @param {() => void} hide
 */
function chip(symbol, value, help, show, hide) {
  const made = el("span", "chip", el("small", "", symbol), factor(value));
  made.title = help;
  made.tabIndex = 0;
  made.onpointerenter = made.onfocus = show;
  made.onpointerleave = made.onblur = hide;
  return made;
}

/**
 * How large the weights are: their variance or, of weights that are all one number and so have none, their mean square.
 * @param {Scene} scene @param {Row} row @param {() => void} show @param {() => void} hide
 */
function spread(scene, row, show, hide) {
  const words = scene.meta.labels, alike = scene.view.draw === "constant";
  return chip(alike ? "E[w²]" : "Var(w)", row.var_w, alike ? words.w2 : words.var_w, show, hide);
}

/** @param {Scene} scene @param {Row} row @param {number} layer @param {Name} name */
function forward(scene, row, layer, name) {
  const words = scene.meta.labels, { bias, batchNorm } = scene.view;
  const line = el("div", "line"), hide = () => name(null);
  const product = row.n_in * row.var_w * row.mean_square_x;
  line.append(
    chip("n", row.n_in, words.n_in, () => name(`y${layer - 1}`), hide), sign("×"),
    spread(scene, row, () => name("size"), hide), sign("×"),
    chip("E[x²]", row.mean_square_x, words.x2, () => name(`y${layer - 1}`), hide),
    ...(scene.view.draw === "constant" && layer > 1 ? [sign("≠")] : [sign("=")]),
    el("span", "total", factor(product)), sign(words.predicted_short),
    el("span", "total", factor(row.var_s)), sign(`${words.measured}: ${words.sum_var}`),
  );
  if (bias && !batchNorm) line.append(sign(fill(words.shifted, { bias: factor(bias) })));
  if (batchNorm) line.append(sign(words.normed));
  return line;
}

/** @param {Scene} scene @param {Row} row @param {number} layer @param {Name} name */
function backward(scene, row, layer, name) {
  const words = scene.meta.labels, line = el("div", "line"), hide = () => name(null);
  const above = scene.get("rms2").data[scene.view.depth + 1 + layer + 1];
  const product = row.n_out * row.var_w * row.mean_square_slope * above * row.norm;
  line.append(
    chip("n", row.n_out, words.n_out, () => name(`g${layer + 1}`), hide), sign("×"),
    spread(scene, row, () => name("size"), hide), sign("×"),
    chip("E[f′²]", row.mean_square_slope, words.slope2, () => name(`y${layer + 1}`), hide), sign("×"),
    chip("E[dy²]", above, words.dy2, () => name(`g${layer + 1}`), hide),
  );
  if (scene.view.batchNorm) line.append(sign("×"), chip("1/σ²", row.norm, words.norm, () => name(`y${layer + 1}`), hide));
  line.append(sign(scene.view.draw === "constant" ? "≠" : "="), el("span", "total", factor(product)), sign(words.predicted_short));
  line.append(el("span", "total", factor(scene.get("rms2").data[scene.view.depth + 1 + layer])), sign(`${words.measured}: E[dx²]`));
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
