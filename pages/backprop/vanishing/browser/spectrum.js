// Spectrum: how much the layers and their product stretch a gradient, in every direction at once.
import { head, line, sign } from "shared/arithmetic.js";
import { el, fill } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { significant, sub } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { comes, gainChip, lengthChip, result } from "./gains.js";

/** Of all singular values, those that stand after a quarter, a half and three quarters of them. */
const RANKS = [0.25, 0.5, 0.75];

/** @param {import("./board.js").Vanishing} board @returns {import("./board.js").View} */
export function makeSpectrum(board) {
  const { labels } = board;
  const title = el("b"), left = el("div", "plot-body"), right = el("div", "plot-body"), all = el("b"), which = el("span");
  const notes = el("div", "spectrum-notes");
  const heads = [el("div", "grid-head", title, el("span", "", labels.way_back)), el("div", "grid-head", all, which)];
  board.pictures.append(el("div", "spectrum-view", el("div", "plot-box", heads[0], left), el("div", "plot-box", heads[1], right), notes));
  const layers = () => board.arrays["found.layer"].shape[0];
  const values = (/** @type {string} */ of) => board.arrays[`${of}.${board.state.of}`];
  /** All singular values of a row, largest first. @param {string} of @param {number} row */
  const row_of = (of, row) => values(of).data.subarray(row * values(of).shape[1], (row + 1) * values(of).shape[1]);
  const sigma = (/** @type {string} */ of, /** @type {number} */ row, /** @type {number} */ rank) => row_of(of, row)[rank];
  const rows = (/** @type {string} */ of) => values(of).shape[0];
  const column = (/** @type {string} */ of, /** @type {(row: ArrayLike<number>) => number} */ take) =>
    Array.from({ length: rows(of) }, (_, row) => take(row_of(of, row)));
  /** Nothing where it has drowned in rounding. */
  const smallest = (/** @type {ArrayLike<number>} */ row) => row[row.length - 1];
  const seen = (/** @type {ArrayLike<number>} */ row) => Math.min(...Array.from(row).filter((v) => v > 0));
  const mean = (/** @type {ArrayLike<number>} */ row) =>
    Math.sqrt(Array.from(row).reduce((sum, v) => sum + (Number.isNaN(v) ? 0 : v * v), 0) / row.length);

  let reading = false;
  const moved = (/** @type {number|null} */ x) => {
    reading = x !== null;
    if (x === null) update();
    else board.point(row(x));
  };
  /** The first row of layers is layer 1, that of products the input, 0. */
  const first = () => (board.state.of === "layer" ? 1 : 0);
  const last = () => rows("found") - 1, row = (/** @type {number} */ x) => clamp(Math.round(x) - first(), 0, last());
  const plot = makePlot(left, {
    label: labels.spectrum_plot, snap: (x) => row(x) + first(), moved, chosen: (x) => board.choose(row(x)), margin: { left: 3.3 },
    tell: (x) => ({
      title: name(row(x)),
      rows: [
        [labels.sigma_max, significant(sigma("found", row(x), 0)), "strong"],
        [labels.sigma_rms, significant(mean(row_of("found", row(x)))), "strong"],
        [labels.sigma_min, significant(smallest(row_of("found", row(x)))), "strong"],
        [`${board.meta.names.beside}: ${labels.sigma_max}`, significant(sigma("beside", row(x), 0)), "plain"],
      ],
    }),
  });
  const ranks = makePlot(right, { label: fill(labels.all, { count: "" }), reads: false, margin: { left: 3.3, right: 0.9 } });
  const name = (/** @type {number} */ x) => {
    const ends = board.state.of === "layer" ? null : x === 0 ? labels.input : x === layers() ? labels.loss : null;
    return ends ?? fill(labels.layer, { number: x + first() });
  };

  function point() {
    plot.cursor(reading ? board.place + first() : null);
    drawRanks();
    drawShelf();
  }

  function drawRanks() {
    const n = values("found").shape[1], xs = Array.from({ length: n }, (_, i) => i + 1), at = board.place;
    const heights = (/** @type {string} */ of) => Array.from(row_of(of, at));
    const every = [...heights("found"), ...heights("beside")].filter((v) => v > 0);
    const [low, high] = [Math.min(0.5, ...every), Math.max(1.5, ...every)];
    all.textContent = fill(labels.all, { count: n });
    which.textContent = name(at);
    ranks.update({
      x: { low: 1, high: n, label: labels.rank },
      y: { low: 10 ** Math.floor(Math.log10(low)), high: 10 ** Math.ceil(Math.log10(high)), log: true, label: labels.spectrum_axis },
      curves: [
        { id: "beside", x: xs, y: heights("beside"), look: "plain", dash: true },
        { id: "found", x: xs, y: heights("found"), look: "strong" },
      ],
      rules: [{ y: 1, look: "faint" }],
    }, board.mode);
  }

  function drawShelf() {
    const { place: at, locked } = board, own = row_of("found", at), drowned = Array.from(own).filter(Number.isNaN).length;
    const [top, bottom, middle] = [own[0], smallest(own), mean(own)];
    const help = locked ? labels.locked : board.narrow ? labels.tap : labels.hover;
    const lines = [head(name(at), board.state.of === "layer" ? labels.spectrum_layer : labels.spectrum_plot, help)];
    const spread = Number.isNaN(bottom) ? [] : [sign(`· ${labels.spread}`), result(top / bottom)];
    const chips = [lengthChip(top, labels.sigma_max), lengthChip(middle, labels.sigma_rms), lengthChip(bottom, labels.sigma_min)];
    lines.push(line(...chips, ...spread));
    if (board.state.of === "product" && at < layers()) {
      const before = sigma("found", at + 1, 0), layer = board.arrays["found.layer"].data[at * own.length];
      lines.push(line(
        el("i", "symbol", `σ max(P${sub(at)})`), sign(labels.bound),
        ...comes((digits) => [gainChip(before, `P${sub(at + 1)}`, digits), sign("×"), gainChip(layer, `J${sub(at + 1)}`, digits)],
          before * layer),
        sign("≥"), gainChip(top),
      ));
    }
    if (drowned) lines.push(line(sign(fill(labels.drowned, { count: drowned, times: significant(2 ** 52 / own.length) }))));
    board.shelf.replaceChildren(...lines);
  }

  /** A curve's name on it, a share of the way along. */
  const word = (/** @type {number[]} */ curve, /** @type {number} */ share, /** @type {string} */ label, look = "strong") => {
    const x = Math.round(share * (curve.length - 1));
    return { x: x + first(), y: curve[x], bare: true, at: "c", label, look };
  };

  function update() {
    const { meta, state, mode, place: at } = board, product = state.of === "product";
    title.textContent = product ? labels.spectrum_plot : labels.spectrum_layer;
    const narrowed = meta.narrowed ? [fill(labels.no_wide, { width: meta.narrowed })] : [];
    const warnings = [...(meta.without_batch ? [labels.no_batch] : []), ...narrowed];
    notes.replaceChildren(...warnings.map((text) => el("p", "", text)));
    const xs = Array.from({ length: rows("found") }, (_, i) => i + first()), largest = (/** @type {ArrayLike<number>} */ row) => row[0];
    const [max, min, rms] = [largest, smallest, mean].map((take) => column("found", take));
    const [far, near] = [largest, smallest].map((take) => column("beside", take));
    const floor = column("found", seen), middle = RANKS.map((share) => column("found", (row) => row[Math.round(share * (row.length - 1))]));
    const every = [...max, ...floor, ...far, ...near].filter((v) => v > 0 && Number.isFinite(v));
    const low = 10 ** Math.floor(Math.log10(Math.min(0.5, ...every)));
    plot.update({
      x: { low: first(), high: Math.max(first() + 1, rows("found") - 1 + first()), label: labels.axis },
      y: { low, high: 10 ** Math.ceil(Math.log10(Math.max(1.5, ...every))), log: true, label: labels.spectrum_axis },
      areas: [{ x: xs, low: min.map((v) => (v > 0 ? v : low)), high: max, look: "plain" }],
      curves: [
        { id: "beside.max", x: xs, y: far, look: "plain", dash: true },
        { id: "beside.min", x: xs, y: near, look: "plain", dash: true },
        ...middle.map((y, i) => ({ id: `rank${i}`, x: xs, y, look: /** @type {const} */ ("plain") })),
        { id: "min", x: xs, y: min, look: "strong" }, { id: "rms", x: xs, y: rms, look: "strong" },
        { id: "max", x: xs, y: max, look: "strong" },
      ],
      rules: [{ y: 1, look: "faint" }],
      points: [
        word(max, 0.22, labels.sigma_max), word(rms, 0.11, labels.sigma_rms), word(min, 0.95, labels.sigma_min),
        word(near, 0.78, meta.names.beside, "plain"),
        ...middle.map((y, i) => word(y, 0.4 + 0.13 * i, labels[`rank_${i}`], "plain")),
        { x: at + first(), y: max[at], look: "accent", open: true },
      ].filter((one) => one.y > 0 && Number.isFinite(one.y)).map((one) => /** @type {any} */ (one)),
    }, mode);
    point();
  }

  return {
    update,
    point,
    last,
    knobs() {
      const [low, high] = board.meta.ranges.depth;
      return [{ kind: "step", name: "depth", label: labels.depth, value: board.state.depth, low, high }, ...board.settings()];
    },
    tools() {
      const show = (/** @type {string} */ of) => {
        board.state.of = of;
        board.changed();
      };
      const shown = board.pills([["product", labels.of_product], ["layer", labels.of_layer]], board.state.of, show, labels.of);
      return [el("div", "small-head", labels.of), shown];
    },
  };
}
