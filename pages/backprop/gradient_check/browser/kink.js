// A kink between x − h and x + h: the secant takes a short cut that the tangent knows nothing of.
import { el, sentence } from "shared/dom.js";
import { makePlot } from "shared/plot.js";
import { head } from "shared/arithmetic.js";
import { Board } from "./board.js";
import { brief, verdict } from "./digits.js";
import { nearest, numeric, relative, slope, value } from "./path.js";

const POINTS = 240, FLOOR = 1e-12, SMALLEST = 1e-6;
/** What may be seen of the known way: x and both ends of the secant stay inside it. */
const SHARE = 0.2;

export class KinkBoard extends Board {
  constructor(host, root) { super(host, root, "kink"); }

  held() { return { ...this.state }; }

  build() {
    const box = (kind, title, note) => {
      const host = el("div", "plot-body");
      return { host, root: el("div", `plot-box ${kind}`, el("div", "grid-head", el("b", "", title), el("span", "", note)), host) };
    };
    const { labels } = this, curve = box("curve-box", labels.curve, labels.curve_note), error = box("error-box", labels.error_plot, labels.error_plot_note);
    const moved = (/** @type {boolean} */ rests) => (/** @type {string} */ id, /** @type {{x: number}} */ { x }) => this.move(id, x, rests);
    this.curve = makePlot(curve.host, { label: labels.curve, reads: false, drag: moved(false), drop: moved(true), margin: { right: 1.2 } });
    this.error = makePlot(error.host, {
      label: labels.error_plot, drag: moved(false), drop: moved(true), margin: { right: 1, left: 3.2 },
      tell: (h) => ({ title: `h = ${brief(h)}`, rows: [[labels.error, brief(relative(slope(this.path, this.state.x), numeric(this.path, this.state.x, h))), "strong"]] }),
      chosen: (h) => this.move("h-log", h, true),
    });
    this.pictures.append(curve.root, error.root);
  }

  /** @returns {import("./path.js").Path} */
  get path() {
    const { edges, z } = this.at(this.state.kof), classes = z.shape[1];
    return { edges: edges.data, z: z.data, classes, target: this.meta.targets[this.state.kof] };
  }
  /** @param {string} name */
  at(name) { return { edges: this.arrays[`${name}.edges`], z: this.arrays[`${name}.z`] }; }
  get span() {
    const { edges } = this.path, low = edges[0], width = edges[edges.length - 1] - low;
    return { low: low + SHARE * width, high: low + (1 - SHARE) * width, most: SHARE * width, width };
  }

  /** @param {string} id @param {number} to @param {boolean} rests */
  move(id, to, rests) {
    const { low, high, most, width } = this.span;
    if (id === "x") this.state.x = Math.max(low, Math.min(high, to));
    else this.state.h = Math.max(SMALLEST * width, Math.min(most, id === "h-log" ? to : Math.abs(to - this.state.x)));
    this.write();
    if (rests) this.tell();
  }

  draw() {
    const { labels, meta, state } = this;
    this.kicker.textContent = labels.kink_kicker;
    this.drawKnobs([{ kind: "choice", name: "kof", label: labels.function, value: state.kof, options: meta.functions }], (_name, name) => {
      Object.assign(this.state, { kof: name, ...meta.starts[name] });
      this.write();
      this.tell();
    });
    this.write();
  }

  write() {
    const { path, state, labels, meta, span } = this, { x, h } = state, { low, high, most, width } = span;
    const tangent = slope(path, x), secant = numeric(path, x, h), error = relative(tangent, secant), { kink, distance } = nearest(path, x);
    const [fx, above, below] = [x, x + h, x - h].map((at) => value(path, at));
    const xs = Array.from({ length: POINTS + 1 }, (_, i) => low - most / 2 + ((high - low + most) * i) / POINTS).concat(Array.from(path.edges)).sort((a, b) => a - b).filter((at) => at >= low - most && at <= high + most);
    const ys = xs.map((at) => value(path, at)), [least, top] = [Math.min(...ys), Math.max(...ys)], room = 0.12 * (top - least || 1);
    const reach = 0.32 * (high - low), line = (name, at, height, steep, look, dash) => ({ id: name, x: [at - reach, at + reach], y: [height - reach * steep, height + reach * steep], look, dash });
    const edges = Array.from(path.edges).slice(1, -1);
    this.curve.update({
      x: { low: low - most / 2, high: high + most / 2, label: meta.axes[state.kof] }, y: { low: least - room, high: top + room, label: "f" },
      curves: [{ id: "f", x: xs, y: ys, look: "strong" }, line("tangent", x, fx, tangent, "plain", true), { id: "secant", x: [x - h, x + h], y: [below, above], look: "accent" }],
      rules: edges.filter((edge) => edge > low - most / 2 && edge < high + most / 2).map((edge) => ({ x: edge, look: "plain", dash: true, label: Math.abs(Math.abs(edge - x) - distance) < 1e-12 ? labels.kink_here : "" })),
      points: [{ x: x - h, y: below, look: "accent", label: "x − h", at: "se" }],
      handles: [
        { id: "h", x: x + h, y: above, along: "x", label: labels.h_handle, text: "x + h", step: width / 400, x_range: [x + SMALLEST * width, x + most] },
        { id: "x", x, y: fx, along: "x", label: labels.x_handle, text: "x", step: width / 400, x_range: [low, high] },
      ],
    }, this.mode);
    const small = SMALLEST * width, hs = Array.from({ length: POINTS + 1 }, (_, i) => small * (most / small) ** (i / POINTS));
    const errors = hs.map((at) => Math.max(FLOOR, relative(tangent, numeric(path, x, at))));
    this.error.update({
      x: { low: small, high: most, log: true, label: labels.h_axis }, y: { low: FLOOR, high: 3, log: true, label: labels.error_axis },
      curves: [{ id: "error", x: hs, y: errors, look: "strong" }],
      points: [{ x: small, y: 1e-7, label: labels.good_rule, look: "plain", bare: true, at: "ne" }, { x: small, y: 1e-2, label: labels.wrong_rule, look: "plain", bare: true, at: "ne" }],
      rules: [{ y: 1e-7, dash: true }, { y: 1e-2, dash: true }, ...(distance > small && distance < most ? [{ x: distance, look: "plain", dash: true, label: labels.kink_here }] : [])],
      handles: [{ id: "h-log", x: h, y: Math.max(FLOOR, error), along: "x", label: labels.h_handle, text: `h = ${brief(h)}` }],
    }, this.mode);
    this.say({ x, h, tangent, secant, error, distance, above, below, kink });
  }

  say({ x, h, tangent, secant, error, distance, above, below, kink }) {
    const { labels, meta, state } = this, flip = kink >= 0 ? meta.flips[state.kof][kink] ?? "" : "";
    const facts = { x: brief(x, 2), h: brief(h), tangent: brief(tangent, 2), secant: brief(secant, 2), error: brief(error), distance: brief(distance), flip };
    const crosses = distance < h, bad = error >= 1e-2;
    this.words(distance === 0 ? "kink-on" : crosses && bad ? "kink-crossed" : crosses ? "kink-mild" : Number.isFinite(distance) ? "kink-clear" : "kink-none", facts);
    this.more.replaceChildren(el("p", "flip", flip ? sentence(labels.nearest, { flip, distance: brief(distance) }) : ""), el("p", "share", sentence(labels.share, meta.share)));
    const judged = verdict(error), item = (name, text, kind = "") => el("span", "item", el("span", "symbol", name), el("b", kind, text));
    this.shelf.replaceChildren(
      head(`x = ${brief(x, 2)} · h = ${brief(h)}`, labels.kink_note, labels.kink_help),
      el("div", "line kink-line", el("span", "op-sign", "("), item("f(x + h)", above.toPrecision(8)), el("span", "op-sign", "−"), item("f(x − h)", below.toPrecision(8)), el("span", "op-sign", ") ÷ 2h ="), el("b", "total numeric accent", brief(secant, 4))),
      el("div", "line kink-line", item(labels.tangent, brief(tangent, 4), "analytic"), item(labels.error, brief(error), `verdict ${judged}`), el("span", `pill verdict ${crosses && bad ? "closer" : judged}`, labels[crosses && bad ? "kink_verdict" : judged])));
  }
}
