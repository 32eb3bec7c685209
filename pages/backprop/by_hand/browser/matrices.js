// The same quantities as matrices: one row of them for each layer, forwards, backwards, or being updated.
import { el, markup } from "shared/dom.js";

/** @param {any} board @param {HTMLElement} host */
export function drawMatrices(board, host) {
  const { meta, labels, cells } = board, { units, weights, biases } = meta;
  const source = (at, j) => (at === 0 ? units[0][j] : `out_${units[at][j]}`);
  let phase = "";

  /** @param {string} title @param {string[][]} names */
  function grid(title, names) {
    const body = el("div", "matrix-cells", ...names.flat().map((name) => cells.make(name)));
    body.style.setProperty("--n", String(names[0].length));
    return el("div", "matrix", markup("div", "matrix-name", `${title} <span>${names.length}×${names[0].length}</span>`), body);
  }
  const column = (/** @type {string} */ title, /** @type {string[]} */ names) => grid(title, names.map((name) => [name]));
  const sign = (/** @type {string} */ text) => el("span", "between", text);
  const sub = (/** @type {string} */ base, /** @type {number} */ at) => `${base}<sub>${at}</sub>`;
  const has = (/** @type {string} */ name) => name in meta.symbols;

  const rows = {
    forward: (at) => [[grid(sub("W", at), weights[at - 1]), sign("·"), column(at === 1 ? "x" : sub("out", at - 1), units[at - 1].map((_, j) => source(at - 1, j))),
      sign("+"), column(sub("b", at), biases[at - 1]), sign("="), column(sub("net", at), units[at].map((unit) => `net_${unit}`)), sign("→"), column(sub("out", at), units[at].map((unit) => `out_${unit}`))]],
    error: () => {
      const last = units[units.length - 1];
      return [column(sub("out", units.length - 1), last.map((unit) => `out_${unit}`)), sign(","), column("t", last.map((_, k) => `t${k + 1}`)), sign("→"), column("E", last.map((unit) => `E_${unit}`)), sign("Σ"), column("E", ["E"])];
    },
    backward: (at) => {
      const layer = units[at], through = has(`dE_out_${layer[0]}`), delta = column(sub("δ", at), layer.map((unit) => `d_${unit}`));
      const start = through
        ? [column("∂E/∂out", layer.map((unit) => `dE_out_${unit}`)), sign("⊙"), column("f′", layer.map((unit) => `slope_${unit}`)), sign("="), delta] : [delta];
      const handed = at < units.length - 1
        ? [grid(`W<sub>${at + 1}</sub><sup>T</sup>`, units[at].map((_, j) => weights[at].map((row) => row[j]))), sign("·"), column(sub("δ", at + 1), units[at + 1].map((unit) => `d_${unit}`)), sign("=")] : [];
      const grads = grid(`∂E/∂W<sub>${at}</sub>`, weights[at - 1].map((row) => row.map((name) => `dE_${name}`)));
      const read = grid(at === 1 ? "x<sup>T</sup>" : `out<sub>${at - 1}</sub><sup>T</sup>`, [units[at - 1].map((_, j) => source(at - 1, j))]);
      return [[...handed, ...start], [column(sub("δ", at), layer.map((unit) => `d_${unit}`)), sign("·"), read, sign("="), grads]];
    },
    update: (at) => [[grid(sub("W", at), weights[at - 1]), sign("− η ·"), grid(`∂E/∂W<sub>${at}</sub>`, weights[at - 1].map((row) => row.map((name) => `dE_${name}`))), sign("="), grid(`W<sub>${at}</sub><sup>+</sup>`, weights[at - 1].map((row) => row.map((name) => `new_${name}`)))]],
  };

  function build() {
    phase = board.line.phase;
    cells.clear();
    const order = units.slice(1).map((_, i) => i + 1);
    if (phase === "backward") order.reverse();
    const made = phase === "error" ? [el("div", "matrix-row", ...rows.error())]
      : order.flatMap((at) => rows[phase](at).map((row, i) => el("div", "matrix-row", el("div", "matrix-layer", i ? "" : labels.layer.replace("{n}", String(at))), ...row)));
    const biasRow = phase === "update" && meta.controls.biases
      ? order.map((at) => el("div", "matrix-row", el("div", "matrix-layer", ""), column(sub("b", at), biases[at - 1]), sign("− η ·"), column(`∂E/∂b<sub>${at}</sub>`, biases[at - 1].map((name) => `dE_${name}`)), sign("="), column(`b<sub>${at}</sub><sup>+</sup>`, biases[at - 1].map((name) => `new_${name}`)))) : [];
    host.replaceChildren(el("div", "matrix-rows", ...made, ...biasRow), cells.legends());
    cells.write();
  }
  build();

  return {
    write() {
      if (phase !== board.line.phase) build();
    },
  };
}
