// Spectrum: how much the layers and their product stretch a gradient, in every direction at once.
import { head, line, sign } from "shared/arithmetic.js";
import { el } from "shared/dom.js";
import { makePlot } from "shared/plot.js";
import { fill, gainChip, lengthChip, result, size, sub } from "./written.js";

/** Of all singular values, those that stand after a quarter, a half and three quarters of them. */
const RANKS = [0.25, 0.5, 0.75];

/** @param {import("./vanishing.js").Board} board @returns {import("./vanishing.js").View} */
export function makeSpectrum(board) {
  const { labels } = board;
  const title = el("b"), left = el("div", "plot-body"), right = el("div", "plot-body"), all = el("b"), which = el("span"), notes = el("div", "spectrum-notes");
  board.picture?.append(el("div", "spectrum-view", el("div", "plot-box", el("div", "grid-head", title, el("span", "", labels.way_back)), left), el("div", "plot-box", el("div", "grid-head", all, which), right), notes));
  let at = Math.max(0, board.now.at), locked = board.now.at >= 0 && board.now.held;
  const layers = () => board.arrays["found.layer"].shape[0];
  const values = (/** @type {string} */ of) => board.arrays[`${of}.${board.now.of}`];
  const sigma = (/** @type {string} */ of, /** @type {number} */ row, /** @type {number} */ rank) => values(of).data[row * values(of).shape[1] + rank];
  const rows = (/** @type {string} */ of) => values(of).shape[0];
  const column = (/** @type {string} */ of, /** @type {(row: ArrayLike<number>) => number} */ take) => Array.from({ length: rows(of) }, (_, row) => take(values(of).data.subarray(row * values(of).shape[1], (row + 1) * values(of).shape[1])));
  /** Nothing where it has drowned in rounding. */
  const smallest = (/** @type {ArrayLike<number>} */ row) => row[row.length - 1];
  const seen = (/** @type {ArrayLike<number>} */ row) => Math.min(...Array.from(row).filter((v) => v > 0));
  const mean = (/** @type {ArrayLike<number>} */ row) => Math.sqrt(Array.from(row).reduce((sum, v) => sum + (Number.isNaN(v) ? 0 : v * v), 0) / row.length);

  const lock = (/** @type {number} */ x) => {
    locked = !(locked && row(x) === at);
    at = row(x);
    board.set({ at: locked ? at : -1, held: true });
    update();
  };
  let reading = false;
  const moved = (/** @type {number|null} */ x) => {
    reading = x !== null;
    if (x === null) update();
    else if (!locked) point(row(x));
  };
  /** The first row of layers is layer 1, that of products the input, 0. */
  const first = () => (board.now.of === "layer" ? 1 : 0);
  const row = (/** @type {number} */ x) => Math.max(0, Math.min(rows("found") - 1, Math.round(x) - first()));
  const plot = makePlot(left, {
    label: labels.spectrum_plot, snap: (x) => row(x) + first(), moved, chosen: lock, margin: { left: 3.3 },
    tell: (x) => ({ title: name(row(x)), rows: [[labels.sigma_max, size(sigma("found", row(x), 0)), "strong"], [labels.sigma_rms, size(column("found", mean)[row(x)]), "strong"], [labels.sigma_min, size(column("found", smallest)[row(x)]), "strong"], [`${board.meta.names.beside}: ${labels.sigma_max}`, size(sigma("beside", row(x), 0)), "plain"]] }),
  });
  const ranks = makePlot(right, { label: labels.all.replace("{count}", ""), reads: false, margin: { left: 3.3, right: 0.9 } });
  const name = (/** @type {number} */ x) => (board.now.of === "layer" ? fill(labels.layer, { number: x + 1 }) : x === 0 ? labels.input : x === layers() ? labels.loss : fill(labels.layer, { number: x }));

  /** @param {number} x */
  function point(x) {
    at = Math.max(0, Math.min(rows("found") - 1, x));
    plot.cursor(reading ? at + first() : null);
    drawRanks();
    drawShelf();
  }

  function drawRanks() {
    const n = values("found").shape[1], xs = Array.from({ length: n }, (_, i) => i + 1), heights = (/** @type {string} */ of) => xs.map((_, i) => sigma(of, at, i));
    const every = [...heights("found"), ...heights("beside")].filter((v) => v > 0), [low, high] = [Math.min(0.5, ...every), Math.max(1.5, ...every)];
    all.textContent = fill(labels.all, { count: n });
    which.textContent = name(at);
    ranks.update({
      x: { low: 1, high: n, label: labels.rank }, y: { low: 10 ** Math.floor(Math.log10(low)), high: 10 ** Math.ceil(Math.log10(high)), log: true, label: labels.spectrum_axis },
      curves: [{ id: "beside", x: xs, y: heights("beside"), look: "plain", dash: true }, { id: "found", x: xs, y: heights("found"), look: "strong" }],
      rules: [{ y: 1, look: "faint" }],
    }, board.mode);
  }

  function drawShelf() {
    const drowned = Array.from(values("found").data.subarray(at * values("found").shape[1], (at + 1) * values("found").shape[1])).filter(Number.isNaN).length;
    const [top, bottom, middle] = [sigma("found", at, 0), column("found", smallest)[at], column("found", mean)[at]];
    const help = locked ? labels.locked : board.narrow ? labels.tap : labels.hover;
    const lines = [head(name(at), board.now.of === "layer" ? labels.spectrum_layer : labels.spectrum_plot, help)];
    lines.push(line(lengthChip(top, labels.sigma_max), lengthChip(middle, labels.sigma_rms), lengthChip(bottom, labels.sigma_min), ...(Number.isNaN(bottom) ? [] : [sign(`· ${labels.spread}`), result(top / bottom)])));
    if (board.now.of === "product" && at < layers()) {
      const before = sigma("found", at + 1, 0), own = board.arrays["found.layer"].data[at * values("found").shape[1]];
      lines.push(line(el("i", "symbol", `σ max(P${sub(at)})`), sign(labels.bound), gainChip(before, `P${sub(at + 1)}`), sign("×"), gainChip(own, `J${sub(at + 1)}`), result(before * own), sign("≥"), gainChip(top)));
    }
    if (drowned) lines.push(line(sign(fill(labels.drowned, { count: drowned, times: size(2 ** 52 / values("found").shape[1]) }))));
    board.shelf?.replaceChildren(...lines);
  }

  /** A curve's name on it, a share of the way along. */
  const word = (/** @type {number[]} */ curve, /** @type {number} */ share, /** @type {string} */ label, look = "strong") => {
    const x = Math.round(share * (curve.length - 1));
    return { x: x + first(), y: curve[x], bare: true, at: "c", label, look };
  };

  function update() {
    at = Math.min(at, rows("found") - 1);
    const { meta, now, mode } = board, product = now.of === "product";
    title.textContent = product ? labels.spectrum_plot : labels.spectrum_layer;
    const warnings = [...(meta.without_batch ? [labels.no_batch] : []), ...(meta.narrowed ? [fill(labels.no_wide, { width: meta.narrowed })] : [])];
    notes.replaceChildren(...warnings.map((text) => el("p", "", text)));
    const xs = Array.from({ length: rows("found") }, (_, i) => i + first()), [max, min, rms] = [column("found", (row) => row[0]), column("found", smallest), column("found", mean)];
    const [far, near] = [column("beside", (row) => row[0]), column("beside", smallest)];
    const floor = column("found", seen), middle = RANKS.map((share) => column("found", (row) => row[Math.round(share * (row.length - 1))]));
    const every = [...max, ...floor, ...far, ...near].filter((v) => v > 0 && Number.isFinite(v)), low = 10 ** Math.floor(Math.log10(Math.min(0.5, ...every)));
    plot.update({
      x: { low: first(), high: Math.max(first() + 1, rows("found") - 1 + first()), label: labels.axis },
      y: { low, high: 10 ** Math.ceil(Math.log10(Math.max(1.5, ...every))), log: true, label: labels.spectrum_axis },
      areas: [{ x: xs, low: min.map((v) => (v > 0 ? v : low)), high: max, look: "plain" }],
      curves: [
        { id: "beside.max", x: xs, y: far, look: "plain", dash: true }, { id: "beside.min", x: xs, y: near, look: "plain", dash: true },
        ...middle.map((y, i) => ({ id: `rank${i}`, x: xs, y, look: /** @type {const} */ ("plain") })),
        { id: "min", x: xs, y: min, look: "strong" }, { id: "rms", x: xs, y: rms, look: "strong" }, { id: "max", x: xs, y: max, look: "strong" },
      ],
      rules: [{ y: 1, look: "faint" }],
      points: [
        word(max, 0.22, labels.sigma_max), word(rms, 0.11, labels.sigma_rms), word(min, 0.95, labels.sigma_min), word(near, 0.72, meta.names.beside, "plain"),
        ...middle.map((y, i) => word(y, 0.3 + 0.13 * i, labels[`rank_${i}`], "plain")),
        { x: at + first(), y: max[at], look: "accent", open: true },
      ].filter((one) => one.y > 0 && Number.isFinite(one.y)).map((one) => /** @type {any} */ (one)),
    }, mode);
    point(at);
  }

  return {
    update,
    knobs: () => [{ kind: "step", name: "depth", label: labels.depth, value: board.now.depth, low: board.meta.ranges.depth[0], high: board.meta.ranges.depth[1] }, ...board.settings()],
    tools: () => [el("div", "small-head", labels.of), board.pills([["product", labels.of_product], ["layer", labels.of_layer]], board.now.of, (of) => board.set({ of }), labels.of)],
    at: () => at,
    held: () => locked,
    last: () => rows("found") - 1,
    go(to) {
      locked = true;
      at = to;
      update();
    },
    free() {
      if (!locked) return false;
      locked = false;
      board.set({ at: -1 });
      update();
      return true;
    },
  };
}
