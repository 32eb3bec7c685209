// The same quantities as matrices: one row of them for each layer, forwards, backwards, or being updated.
import { el, fill, markup } from "shared/dom.js";
import { holds } from "shared/equation.js";
import { brief } from "./cells.js";

/** A sign, the sums that stand before it, cell by cell, and the names of what they come to.
 * @typedef {{is: HTMLElement, sums: string[][], results: string[]}} Equation */

/** @param {import("./board.js").ByHand} board @param {HTMLElement} host @returns {import("./board.js").View} */
export function drawMatrices(board, host) {
  const { meta, labels, cells } = board, { units, weights, biases } = meta;
  const source = (at, j) => (at === 0 ? units[0][j] : `out_${units[at][j]}`);
  let phase = "";
  /** @type {Equation[]} */
  let equations = [];

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

  /** "=" between sums and what they come to; each sum alternates names and signs. @param {string[][]} sums @param {string[]} results */
  const equals = (sums, results) => {
    const is = sign("=");
    equations.push({ is, sums, results });
    return is;
  };
  /** A row times a column. @param {string[]} row @param {string[]} by @returns {string[]} */
  const dot = (row, by) => row.flatMap((name, i) => [...(i ? ["+"] : []), name, "·", by[i]]);
  /** What a step of the learning rate makes of numbers. @param {string[]} names */
  const stepped = (names) => names.map((name) => [name, "−", "lr", "·", `dE_${name}`]);

  const rows = {
    forward: (at) => [[
      grid(sub("W", at), weights[at - 1]), sign("·"), column(at === 1 ? "x" : sub("out", at - 1), sources(at - 1)), sign("+"),
      column(sub("b", at), biases[at - 1]),
      equals(of(at, "net").map((_, k) => [...dot(weights[at - 1][k], sources(at - 1)), "+", biases[at - 1][k]]), of(at, "net")),
      column(sub("net", at), of(at, "net")), sign("→"), column(sub("out", at), of(at, "out")),
    ]],
    error: () => {
      const last = units.length - 1, targets = units[last].map((_, k) => `t${k + 1}`);
      const parts = [column(sub("out", last), of(last, "out")), sign(","), column("t", targets), sign("→"), column("E", of(last, "E"))];
      return [...parts, sign("Σ"), column("E", ["E"])];
    },
    backward: (at) => {
      const through = has(`dE_out_${units[at][0]}`), delta = () => column(sub("δ", at), of(at, "d"));
      const arriving = () => column("∂E/∂out", of(at, "dE_out"));
      const start = /** @type {HTMLElement[]} */ ([]);
      if (at < units.length - 1) {
        const transposed = units[at].map((_, j) => weights[at].map((row) => row[j])), above = of(at + 1, "d");
        const handed = equals(transposed.map((row) => dot(row, above)), of(at, through ? "dE_out" : "d"));
        start.push(grid(`W<sub>${at + 1}</sub><sup>T</sup>`, transposed), sign("·"), column(sub("δ", at + 1), above), handed);
        // What arrives goes on through the slope, as forwards net goes on to out.
        if (through) start.push(arriving(), sign("→"));
      }
      if (through) {
        const bent = equals(of(at, "d").map((_, k) => [of(at, "dE_out")[k], "·", of(at, "slope")[k]]), of(at, "d"));
        start.push(...(start.length ? [] : [arriving()]), sign("⊙"), column("f′", of(at, "slope")), bent);
      }
      start.push(delta());
      const read = grid(at === 1 ? "x<sup>T</sup>" : `out<sub>${at - 1}</sub><sup>T</sup>`, [sources(at - 1)]);
      const products = equals(of(at, "d").flatMap((d) => sources(at - 1).map((x) => [d, "·", x])), each(at, "dE").flat());
      return [start, [delta(), sign("·"), read, products, grid(`∂E/∂W<sub>${at}</sub>`, each(at, "dE"))]];
    },
    again: () => {
      const after = (/** @type {string[]} */ names) => column("E<sup>+</sup>", names);
      return [after(of(units.length - 1, "new_E")), sign("Σ"), after(["new_E"])];
    },
    update: (at) => [[
      grid(sub("W", at), weights[at - 1]), sign("− η ·"), grid(`∂E/∂W<sub>${at}</sub>`, each(at, "dE")),
      equals(stepped(weights[at - 1].flat()), each(at, "new").flat()), grid(`W<sub>${at}</sub><sup>+</sup>`, each(at, "new")),
    ]],
  };

  /** b⁺ = b − η · ∂E/∂b. @param {number} at */
  const biasRow = (at) => [
    column(sub("b", at), biases[at - 1]), sign("− η ·"),
    column(`∂E/∂b<sub>${at}</sub>`, biases[at - 1].map((name) => `dE_${name}`)),
    equals(stepped(biases[at - 1]), biases[at - 1].map((name) => `new_${name}`)),
    column(`b<sub>${at}</sub><sup>+</sup>`, biases[at - 1].map((name) => `new_${name}`)),
  ];

  function build() {
    phase = board.line.phase;
    cells.clear();
    equations = [];
    const order = units.slice(1).map((_, i) => i + 1);
    if (phase === "backward") order.reverse();
    const layer = (/** @type {string} */ title, /** @type {Node[]} */ row) =>
      el("div", "matrix-row", el("div", "matrix-layer", title), ...row);
    const made = phase === "error" || phase === "again" ? [el("div", "matrix-row", ...rows[phase]())]
      : order.flatMap((at) => rows[phase](at).map((row, i) => layer(i ? "" : fill(labels.layer, { n: at }), row)));
    const moved = phase === "update" && has(`new_${biases[0][0]}`) ? order.map((at) => layer("", biasRow(at))) : [];
    host.replaceChildren(el("div", "matrix-rows", ...made, ...moved), cells.legends);
    cells.write();
    writeSigns();
  }

  /** "≈" where the digits in the cells don't come to those that stand there; while one of them is to be found, none tells. */
  function writeSigns() {
    const written = (/** @type {string} */ part) => (part in meta.symbols ? `(${brief(board.value(part))})` : part);
    for (const { is, sums, results } of equations) {
      const told = [...sums.flat(), ...results].every((part) => !(part in meta.symbols) || board.shown(part));
      const same = sums.every((sum, i) => holds(sum.map(written).join(" "), brief(board.value(results[i]))));
      is.textContent = told && !same ? "≈" : "=";
    }
  }
  build();

  return {
    write() {
      if (phase !== board.line.phase) build();
      else writeSigns();
    },
  };
}
