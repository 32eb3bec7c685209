// The same quantities as matrices: one row of them for each layer, forwards, backwards, or being updated.
import { el, markup } from "shared/dom.js";

/** @param {import("./board.js").ByHand} board @param {HTMLElement} host @returns {import("./board.js").View} */
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
  const of = (/** @type {number} */ at, /** @type {string} */ what) => units[at].map((/** @type {string} */ unit) => `${what}_${unit}`);
  /** What every weight of a layer has of its own. @param {number} at @param {string} what */
  const each = (at, what) => weights[at - 1].map((/** @type {string[]} */ row) => row.map((name) => `${what}_${name}`));
  const sources = (/** @type {number} */ at) => units[at].map((_, j) => source(at, j));

  const rows = {
    forward: (at) => [[
      grid(sub("W", at), weights[at - 1]), sign("·"), column(at === 1 ? "x" : sub("out", at - 1), sources(at - 1)), sign("+"),
      column(sub("b", at), biases[at - 1]), sign("="),
      column(sub("net", at), of(at, "net")), sign("→"), column(sub("out", at), of(at, "out")),
    ]],
    error: () => {
      const last = units.length - 1, targets = units[last].map((_, k) => `t${k + 1}`);
      const parts = [column(sub("out", last), of(last, "out")), sign(","), column("t", targets), sign("→"), column("E", of(last, "E"))];
      return [...parts, sign("Σ"), column("E", ["E"])];
    },
    backward: (at) => {
      const through = has(`dE_out_${units[at][0]}`), delta = () => column(sub("δ", at), of(at, "d"));
      const bent = () => [column("∂E/∂out", of(at, "dE_out")), sign("⊙"), column("f′", of(at, "slope")), sign("=")];
      const start = [...(through ? bent() : []), delta()];
      const transposed = () => units[at].map((_, j) => weights[at].map((row) => row[j]));
      const handed = at < units.length - 1
        ? [grid(`W<sub>${at + 1}</sub><sup>T</sup>`, transposed()), sign("·"), column(sub("δ", at + 1), of(at + 1, "d")), sign("=")] : [];
      const read = grid(at === 1 ? "x<sup>T</sup>" : `out<sub>${at - 1}</sub><sup>T</sup>`, [sources(at - 1)]);
      return [[...handed, ...start], [delta(), sign("·"), read, sign("="), grid(`∂E/∂W<sub>${at}</sub>`, each(at, "dE"))]];
    },
    again: () => {
      const after = (/** @type {string[]} */ names) => column("E<sup>+</sup>", names);
      return [after(of(units.length - 1, "new_E")), sign("Σ"), after(["new_E"])];
    },
    update: (at) => [[
      grid(sub("W", at), weights[at - 1]), sign("− η ·"), grid(`∂E/∂W<sub>${at}</sub>`, each(at, "dE")),
      sign("="), grid(`W<sub>${at}</sub><sup>+</sup>`, each(at, "new")),
    ]],
  };

  /** b⁺ = b − η · ∂E/∂b. @param {number} at */
  const biasRow = (at) => [
    column(sub("b", at), biases[at - 1]), sign("− η ·"),
    column(`∂E/∂b<sub>${at}</sub>`, biases[at - 1].map((name) => `dE_${name}`)),
    sign("="), column(`b<sub>${at}</sub><sup>+</sup>`, biases[at - 1].map((name) => `new_${name}`)),
  ];

  function build() {
    phase = board.line.phase;
    cells.clear();
    const order = units.slice(1).map((_, i) => i + 1);
    if (phase === "backward") order.reverse();
    const layer = (/** @type {string} */ title, /** @type {Node[]} */ row) =>
      el("div", "matrix-row", el("div", "matrix-layer", title), ...row);
    const made = phase === "error" || phase === "again" ? [el("div", "matrix-row", ...rows[phase]())]
      : order.flatMap((at) => rows[phase](at).map((row, i) => layer(i ? "" : labels.layer.replace("{n}", String(at)), row)));
    const moved = phase === "update" && has(`new_${biases[0][0]}`) ? order.map((at) => layer("", biasRow(at))) : [];
    host.replaceChildren(el("div", "matrix-rows", ...made, ...moved), cells.legends);
    cells.write();
  }
  build();

  return {
    write() {
      if (phase !== board.line.phase) build();
    },
  };
}
