// A kink between x − h and x + h: the secant takes a short cut that the tangent knows nothing of.
import { head, sign } from "shared/arithmetic.js";
import { el, sentence } from "shared/dom.js";
import { makePlot } from "shared/plot.js";
import { brief, verdict } from "./digits.js";

// ---- the browser's twin of compute/kinks.py's Path: z is straight between the edges, f is z or its cross-entropy ----

/** @typedef {{edges: ArrayLike<number>, z: ArrayLike<number>, classes: number, target: number|null}} Path */

/** The piece that x lies on; at a kink the one on its left. @param {Path} path @param {number} x */
function piece({ edges }, x) {
  let at = 0;
  while (at < edges.length - 2 && edges[at + 1] < x) at += 1;
  return at;
}

/** @param {Path} path @param {number} x @returns {{z: number[], slope: number[]}} */
function logits(path, x) {
  const at = piece(path, x), { edges, z, classes } = path, width = edges[at + 1] - edges[at];
  const slope = Array.from({ length: classes }, (_, k) => (z[(at + 1) * classes + k] - z[at * classes + k]) / width);
  return { slope, z: slope.map((s, k) => z[at * classes + k] + (x - edges[at]) * s) };
}

/** @param {Path} path @param {number} x */
export function value(path, x) {
  const { z } = logits(path, x);
  if (path.target === null) return z[0];
  const most = Math.max(...z);
  return most + Math.log(z.reduce((sum, one) => sum + Math.exp(one - most), 0)) - z[path.target];
}

/** f′(x). @param {Path} path @param {number} x */
export function slope(path, x) {
  const found = logits(path, x);
  if (path.target === null) return found.slope[0];
  const most = Math.max(...found.z), e = found.z.map((one) => Math.exp(one - most)), total = e.reduce((sum, one) => sum + one, 0);
  return e.reduce((sum, one, k) => sum + (one / total) * found.slope[k], 0) - found.slope[path.target];
}

/** (f(x + h) − f(x − h)) / 2h. @param {Path} path @param {number} x @param {number} h */
export const numeric = (path, x, h) => (value(path, x + h) - value(path, x - h)) / (2 * h);

/** @param {number} a @param {number} b */
const relative = (a, b) => (a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)));

/** The nearest kink's number among the inner edges, and how far it is; -1 where there is none. @param {Path} path @param {number} x */
export function nearest({ edges }, x) {
  let found = -1, distance = Infinity;
  for (let i = 1; i < edges.length - 1; i += 1) {
    if (Math.abs(edges[i] - x) < distance) [found, distance] = [i - 1, Math.abs(edges[i] - x)];
  }
  return { kink: found, distance };
}

// ---- the picture ----

const POINTS = 240, FLOOR = 1e-12, SMALLEST = 1e-6;
/** What may be seen of the known way: x and both ends of the secant stay inside it. */
const SHARE = 0.2;

export class Kink {
  /** @param {import("./board.js").GradientCheck} board */
  constructor(board) {
    this.board = board;
    const box = (/** @type {string} */ kind, /** @type {string} */ title, /** @type {string} */ note) => {
      const host = el("div", "plot-body");
      return { host, root: el("div", `plot-box ${kind}`, el("div", "grid-head", el("b", "", title), el("span", "", note)), host) };
    };
    const { labels } = board;
    const curve = box("curve-box", labels.curve, labels.curve_note), error = box("error-box", labels.error_plot, labels.error_plot_note);
    const moved = (/** @type {boolean} */ rests) => (/** @type {string} */ id, /** @type {{x: number}} */ { x }) => this.move(id, x, rests);
    this.curve = makePlot(curve.host, { label: labels.curve, reads: false, drag: moved(false), drop: moved(true), margin: { right: 1.2 } });
    this.error = makePlot(error.host, {
      label: labels.error_plot, drag: moved(false), drop: moved(true), margin: { right: 1, left: 3.2 },
      tell: (h) => ({ title: `h = ${brief(h)}`, rows: [[labels.error, brief(this.errorAt(h)), "strong"]] }),
      chosen: (h) => this.move("h-log", h, true),
    });
    board.pictures.append(curve.root, error.root);
  }

  get state() { return this.board.state; }
  /** @returns {Path} */
  get path() {
    const { arrays, meta } = this.board, { kof } = this.state, z = arrays[`${kof}.z`];
    return { edges: arrays[`${kof}.edges`].data, z: z.data, classes: z.shape[1], target: meta.targets[kof] };
  }
  get span() {
    const { edges } = this.path, low = edges[0], width = edges[edges.length - 1] - low;
    return { low: low + SHARE * width, high: low + (1 - SHARE) * width, most: SHARE * width, width };
  }
  /** @param {number} h */
  errorAt(h) { return relative(slope(this.path, this.state.kx), numeric(this.path, this.state.kx, h)); }

  /** @param {string} id @param {number} to @param {boolean} rests */
  move(id, to, rests) {
    const { board, state } = this, { low, high, most, width } = this.span;
    if (id === "x") state.kx = Math.max(low, Math.min(high, to));
    else state.kh = Math.max(SMALLEST * width, Math.min(most, id === "h-log" ? to : Math.abs(to - state.kx)));
    if (rests) board.changed();
    else this.update();
  }

  draw() {
    const { board, state } = this, { labels, meta } = board;
    board.kicker.textContent = labels.kink_kicker;
    board.drawKnobs([
      { kind: "choice", name: "kof", label: labels.function, value: state.kof, options: meta.functions },
    ], (_name, name) => {
      Object.assign(state, { kof: name, kx: meta.starts[name].x, kh: meta.starts[name].h });
      board.changed();
    });
  }

  update() {
    const { path } = this, { kx: x, kh: h } = this.state, tangent = slope(path, x), secant = numeric(path, x, h);
    const at = { x, h, tangent, secant, error: relative(tangent, secant), ...nearest(path, x) };
    const [fx, above, below] = [x, x + h, x - h].map((where) => value(path, where));
    this.drawCurve({ ...at, fx, above, below });
    this.drawError(at);
    this.say(at);
    this.drawShelf({ ...at, above, below });
  }

  drawCurve({ x, h, tangent, distance, fx, above, below }) {
    const { board, path, state, span } = this, { labels, meta } = board, { low, high, most, width } = span;
    const [from, to] = [low - most / 2, high + most / 2];
    const even = Array.from({ length: POINTS + 1 }, (_, i) => from + ((to - from) * i) / POINTS);
    const xs = even.concat(Array.from(path.edges)).sort((a, b) => a - b).filter((at) => at >= low - most && at <= high + most);
    const ys = xs.map((at) => value(path, at)), [least, top] = [Math.min(...ys), Math.max(...ys)], room = 0.12 * (top - least || 1);
    const reach = 0.32 * (high - low), edges = Array.from(path.edges).slice(1, -1).filter((edge) => edge > from && edge < to);
    const isNearest = (/** @type {number} */ edge) => Math.abs(Math.abs(edge - x) - distance) < 1e-12;
    this.curve.update({
      x: { low: from, high: to, label: meta.axes[state.kof] }, y: { low: least - room, high: top + room, label: "f" },
      curves: [
        { id: "f", x: xs, y: ys, look: "strong" },
        { id: "tangent", x: [x - reach, x + reach], y: [fx - reach * tangent, fx + reach * tangent], look: "plain", dash: true },
        { id: "secant", x: [x - h, x + h], y: [below, above], look: "accent" },
      ],
      rules: edges.map((edge) => ({ x: edge, look: "plain", dash: true, label: isNearest(edge) ? labels.kink_here : "" })),
      points: [{ x: x - h, y: below, look: "accent", label: "x − h", at: "se" }],
      handles: [
        {
          id: "h", x: x + h, y: above, along: "x", label: labels.h_handle, text: "x + h", step: width / 400,
          x_range: [x + SMALLEST * width, x + most],
        },
        { id: "x", x, y: fx, along: "x", label: labels.x_handle, text: "x", step: width / 400, x_range: [low, high] },
      ],
    }, board.mode);
  }

  drawError({ x, h, tangent, error, distance }) {
    const { board, path, span } = this, { labels, meta } = board, { most, width } = span, small = SMALLEST * width;
    const hs = Array.from({ length: POINTS + 1 }, (_, i) => small * (most / small) ** (i / POINTS));
    /** @type {(y: number, label: string) => import("shared/plot_marks.js").Point} */
    const word = (y, label) => ({ x: small, y, label, look: "plain", bare: true, at: "ne" });
    /** @type {import("shared/plot_marks.js").Rule[]} */
    const kink = distance > small && distance < most ? [{ x: distance, look: "plain", dash: true, label: labels.kink_here }] : [];
    this.error.update({
      x: { low: small, high: most, log: true, label: labels.h_axis },
      y: { low: FLOOR, high: 3, log: true, label: labels.error_axis },
      curves: [{ id: "error", x: hs, y: hs.map((at) => Math.max(FLOOR, relative(tangent, numeric(path, x, at)))), look: "strong" }],
      points: [word(meta.rules.good, labels.good_rule), word(meta.rules.wrong, labels.wrong_rule)],
      rules: [{ y: meta.rules.good, dash: true }, { y: meta.rules.wrong, dash: true }, ...kink],
      handles: [{ id: "h-log", x: h, y: Math.max(FLOOR, error), along: "x", label: labels.h_handle, text: `h = ${brief(h)}` }],
    }, board.mode);
  }

  say({ x, h, tangent, secant, error, distance, kink }) {
    const { board, state } = this, { labels, meta } = board, flip = kink >= 0 ? meta.flips[state.kof][kink] ?? "" : "";
    const crosses = distance < h, apart = Number.isFinite(distance) ? "clear" : "none";
    const found = distance === 0 ? "on" : crosses && error >= meta.rules.wrong ? "crossed" : crosses ? "mild" : apart;
    board.speak(`kink-${found}`, {
      x: brief(x, 2), h: brief(h), tangent: brief(tangent, 2), secant: brief(secant, 2), error: brief(error),
      distance: brief(distance), flip,
    });
    board.more.replaceChildren(
      el("p", "flip", flip ? sentence(labels.nearest, { flip, distance: brief(distance) }) : ""),
      el("p", "share", sentence(labels.share, meta.share)));
  }

  drawShelf({ x, h, tangent, secant, error, distance, above, below }) {
    const { labels, shelf, meta } = this.board, judged = verdict(error, meta.rules);
    const excused = distance < h && error >= meta.rules.wrong;
    const item = (/** @type {string} */ name, /** @type {string} */ text, kind = "") =>
      el("span", "item", el("span", "symbol", name), el("b", kind, text));
    shelf.replaceChildren(
      head(`x = ${brief(x, 2)} · h = ${brief(h)}`, labels.kink_note, labels.kink_help),
      el("div", "line kink-line",
        sign("("), item("f(x + h)", above.toPrecision(8)), sign("−"), item("f(x − h)", below.toPrecision(8)), sign(") ÷ 2h ="),
        el("b", "total numeric accent", brief(secant, 4))),
      el("div", "line kink-line",
        item(labels.tangent, brief(tangent, 4), "analytic"), item(labels.error, brief(error), `verdict ${judged}`),
        el("span", `pill verdict ${excused ? "closer" : judged}`, labels[excused ? "kink_verdict" : judged])));
  }
}
