// The error of a numeric gradient against h, both floating types in one picture, and the digits behind it.
import { head } from "shared/arithmetic.js";
import { button, el, fill, markup, sentence } from "shared/dom.js";
import { scientific } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { brief, cancelled, digitsOf, full, inked, verdict, written } from "./digits.js";
import { FormulaAsk } from "./formula_ask.js";

/** @typedef {"float64"|"float32"} Type */

const LOW = 1e-16, HIGH = 20, TYPES = /** @type {const} */ (["float64", "float32"]);
/** The digits of a gradient that are written. */
const KEPT = { float64: 12, float32: 8 };
/** The height of a type's name, on its round-off line. */
const NAMED = { float64: 1e-6, float32: 0.03 };
/** @type {Record<Type, "strong"|"plain">} */
const LOOKS = { float64: "strong", float32: "plain" };
/** Of a step that an arrow key makes, more than this is meant as one. */
const MEANT = 0.3;
/** One error is so many times the other: it alone counts. Far from both: something else does. */
const APART = 30, FAR = 3;
/** The longest steps, where the question is asked. */
const STARTS = 9;

const within = (/** @type {number} */ y) => Math.max(LOW, Math.min(HIGH, y));

export class Vee {
  /** @param {import("./board.js").GradientCheck} board */
  constructor(board) {
    this.board = board;
    const body = el("div", "plot-body");
    board.pictures.append(body);
    this.ask = new FormulaAsk(board);
    this.plot = makePlot(body, {
      label: board.labels.vee, margin: { right: 1, left: 3.2 },
      snap: (h) => this.hs[this.nearest(h)],
      tell: (h) => ({
        title: `h = ${brief(h)}`, rows: TYPES.map((dtype) => [dtype, brief(this.errors(dtype)[this.nearest(h)]), LOOKS[dtype]]),
      }),
      chosen: (h) => this.go(this.nearest(h), true),
      drag: (_id, { x }) => this.go(this.meant(x), false),
      drop: (_id, { x }) => this.go(this.meant(x), true),
    });
  }

  get state() { return this.board.state; }
  get hs() { return this.board.arrays.h.data; }
  get at() { return this.nearest(10 ** this.state.h); }
  /** @param {Type} dtype */
  errors(dtype) { return this.board.arrays[`${dtype}.${this.state.rule}.error`].data; }
  /** @param {Type} dtype */
  numerics(dtype) { return this.board.arrays[`${dtype}.${this.state.rule}.numeric`].data; }
  /** @param {Type} dtype */
  roundOff(dtype) { return this.board.arrays[`${dtype}.${this.state.rule}.round_off`].data; }
  get truncation() { return this.board.arrays[`${this.state.rule}.truncation`].data; }

  /** @param {number} h */
  place(h) { return (Math.log10(h) - Math.log10(this.hs[0])) * this.board.meta.per_decade; }
  /** @param {number} h */
  nearest(h) { return Math.max(0, Math.min(this.hs.length - 1, Math.round(this.place(h)))); }

  /** An arrow key's step is smaller than the distance of two h: it is meant as one all the same. @param {number} h */
  meant(h) {
    const by = this.place(h) - this.at, near = this.nearest(h);
    if (near !== this.at || Math.abs(by) <= MEANT) return near;
    return this.nearest(this.hs[0] * 10 ** ((this.at + Math.sign(by)) / this.board.meta.per_decade));
  }

  /** @param {number} at @param {boolean} rests */
  go(at, rests) {
    this.state.h = Math.log10(this.hs[0]) + at / this.board.meta.per_decade;
    if (rests) this.board.changed();
    else this.update();
  }

  draw() {
    const { board, state } = this, { labels, meta } = board, { typing } = this.ask;
    board.kicker.textContent = labels.vee_kicker;
    board.drawKnobs([
      { kind: "choice", name: "of", label: labels.of, value: state.of, options: meta.subjects },
      {
        kind: "choice", name: "rule", label: labels.rule, value: state.rule,
        options: ["central", "one-sided"].map((rule) => [rule, labels[rule]]),
      },
    ], (name, value) => {
      state[name] = value;
      if (name === "of") board.tellNow();
      else board.changed();
    });
    if (meta.of === "weight") this.drawWeights();
    else if (meta.of === "own") {
      this.ask.update();
      board.knobs.append(this.ask.root);
      // What is taken out of the page and put back loses the keyboard.
      if (typing) this.ask.input.focus({ preventScroll: true });
    }
  }

  /** Which weight of the network is differentiated. */
  drawWeights() {
    const { board, state } = this, { labels, meta } = board;
    const now = (/** @type {string} */ name, /** @type {string|number} */ value) => {
      state[name] = value;
      board.tellNow();
    };
    const choice = (/** @type {string} */ name, /** @type {[string, string][]} */ options) =>
      el("div", "choices", ...options.map(([value, word]) => {
        const made = button("pill", "", () => now(name, value), word);
        made.setAttribute("aria-pressed", String(state[name] === value));
        return made;
      }));
    const digit = (/** @type {number} */ value) => now("digit", Math.round(value)), range = { low: 0, high: meta.last_digit };
    board.knobs.append(el("div", "knob wide",
      choice("layer", meta.layers), choice("weight", [["strong", labels.strong], ["weak", labels.weak]]),
      board.typed("digit", labels.digit, state.digit, 0, digit, range)));
  }

  /** The chosen h changed: everything that is said of it. */
  update() {
    this.drawPlot();
    this.say();
    this.drawShelf();
  }

  drawPlot() {
    const { board, hs, at, truncation } = this, { meta, labels } = board, low = hs[0], high = hs[hs.length - 1];
    const here = this.errors("float64")[at];
    const seen = (/** @type {ArrayLike<number>} */ ys) => Array.from(ys, (y) => (Number.isFinite(y) ? within(y) : NaN));
    /** @type {(id: string, ys: ArrayLike<number>) => import("shared/plot_marks.js").Curve} */
    const dashed = (id, ys) => ({ id, x: hs, y: Array.from(ys, (y) => (y > LOW && y < HIGH ? y : NaN)), look: "faint", dash: true });
    const { points, rules } = this.marks();
    this.plot.update({
      x: { low, high, log: true, label: labels.h_axis },
      y: { low: LOW, high: HIGH, log: true, label: labels.error_axis },
      curves: [
        dashed("truncation", truncation), ...TYPES.map((dtype) => dashed(`round-off-${dtype}`, this.roundOff(dtype))),
        ...[...TYPES].reverse().map((dtype) => ({ id: dtype, x: hs, y: seen(this.errors(dtype)), look: LOOKS[dtype] })),
      ],
      rules: [{ y: meta.rules.good, dash: true }, { y: meta.rules.wrong, dash: true }, ...rules],
      points,
      handles: [{
        id: "h", x: hs[at], y: Number.isFinite(here) ? within(here) : 1, along: "x", label: labels.h_handle, text: `h = ${brief(hs[at])}`,
      }],
    }, board.mode);
  }

  /** What is written in the picture: names on their lines, the best h of each type, what counts as good and wrong. */
  marks() {
    const { board, state, hs, at, truncation } = this, { meta, labels } = board, low = hs[0], high = hs[hs.length - 1];
    /** @type {import("shared/plot_marks.js").Point[]} */
    const points = [];
    /** @type {import("shared/plot_marks.js").Rule[]} */
    const rules = [];
    /** @type {(x: number, y: number, label: string, at: "nw"|"ne"|"se"|"sw", look?: import("shared/plot_marks.js").Look) => void} */
    const word = (x, y, label, at, look = "plain") => { points.push({ x, y, label, at, look, bare: true }); };
    const onLine = (/** @type {ArrayLike<number>} */ ys, /** @type {number} */ height) =>
      Array.from(ys).findIndex((y, i) => (i ? (y - height) * (ys[i - 1] - height) <= 0 : false));
    const wide = !board.narrow, hall = meta.present && wide, foot = hall ? 1e-10 : 1e-9, tip = onLine(truncation, foot);
    if (tip > 0) word(hs[tip], foot, labels[`truncation_${state.rule}`], "se");
    for (const dtype of TYPES) {
      const y = this.errors(dtype)[at], round = this.roundOff(dtype), turn = onLine(round, NAMED[dtype]);
      const first = this.errors(dtype)[0];
      // Large type has room at a curve's beginning alone.
      if (hall && Number.isFinite(first)) word(low, within(first), dtype, "ne", LOOKS[dtype]);
      else if (turn > 0) word(hs[turn], 2 * NAMED[dtype], dtype, "ne", LOOKS[dtype]);
      const best = meta.best[dtype][state.rule];
      if (best && best > low && best < high) {
        const i = this.nearest(best), height = Math.max(LOW, truncation[i] + round[i]);
        points.push({ x: best, y: height, look: LOOKS[dtype], open: true });
        rules.push({ x: best, label: wide ? fill(labels.best, { h: brief(best) }) : "", look: LOOKS[dtype], dash: true });
      }
      if (Number.isFinite(y) && dtype === "float32") points.push({ x: hs[at], y: within(y), look: "plain" });
    }
    const height = [1e-13, 3e-12].find((y) => onLine(this.roundOff("float64"), y) > 0);
    if (height) word(hs[onLine(this.roundOff("float64"), height)], height, labels.round_off, "sw");
    if (wide && !hall) {
      word(high, meta.rules.good, labels.good_rule, "nw");
      word(high, meta.rules.wrong, labels.wrong_rule, "nw");
    } else {
      word(low, meta.rules.good, labels.good_rule, "se");
      word(low, meta.rules.wrong, labels.wrong_rule, "ne");
    }
    if (meta.kink && meta.kink < high) {
      word(meta.kink, hall ? 3e-7 : 1e-15, labels.kink_here, "nw", "accent");
      rules.push({ x: meta.kink, look: "accent", dash: true });
    }
    return { points, rules };
  }

  say() {
    const { board, state, hs, at } = this, { meta, labels, arrays, more } = board, error = this.errors("float64")[at];
    const truncation = this.truncation[at], off = this.roundOff("float64")[at], best = this.best("float64"), best32 = this.best("float32");
    const above = arrays["float64.above"].data[at], [a] = written(above, this.other("float64"), "float64");
    const same = digitsOf(a, cancelled(a, above - this.other("float64")));
    board.speak(`say-${this.told({ error, truncation, off })}`, {
      h: brief(hs[at]), error: brief(error), error32: brief(this.errors("float32")[at]), truncation: brief(truncation),
      round_off: brief(off), same, best, best32, kink: meta.kink ? brief(meta.kink) : "—",
    });
    more.replaceChildren(
      el("div", "tabs", el("b", "", labels.formula)), markup("div", "formula", meta.formulas[state.rule]),
      el("p", "subject", sentence(meta.subject, {})));
  }

  /** @param {Type} dtype */
  best(dtype) {
    const found = this.board.meta.best[dtype][this.state.rule];
    return found ? brief(found) : "—";
  }

  /** What there is to say about this h. @param {{error: number, truncation: number, off: number}} errors */
  told({ error, truncation, off }) {
    const { state, at, hs } = this, { meta } = this.board, last = hs.length - 1;
    if (!Number.isFinite(error)) return "no-value";
    if (meta.slope === 0) return "no-slope";
    if (this.roundOff("float64")[last] > 0.1) return "too-small";
    if (meta.kink && hs[at] > meta.kink && error > FAR * (truncation + off)) return "kinked";
    if (off > 1) return "lost";
    if (truncation > APART * off) return at > last - STARTS ? "start" : `truncation-${state.rule}`;
    return off > APART * truncation ? "round-off" : "best";
  }

  /** f(x - h), or f(x) for the one-sided rule. @param {Type} dtype */
  other(dtype) {
    const { arrays } = this.board;
    return this.state.rule === "central" ? arrays[`${dtype}.below`].data[this.at] : arrays[`${dtype}.centre`].data[0];
  }

  drawShelf() {
    const { labels, shelf } = this.board;
    const title = head(`h = ${brief(this.hs[this.at])}`, labels.digits_note, labels.vee_help);
    shelf.replaceChildren(title, el("div", "types", ...TYPES.map((dtype) => this.block(dtype))));
  }

  /** Both values with all their digits, and what comes of them. @param {Type} dtype */
  block(dtype) {
    const { board, state, at } = this, { meta, labels } = board, central = state.rule === "central";
    const above = board.arrays[`${dtype}.above`].data[at], other = this.other(dtype), error = this.errors(dtype)[at];
    const row = (/** @type {string} */ name, /** @type {Node[]} */ ...inside) =>
      el("div", "sum-row", el("span", "symbol", name), ...inside);
    const which = el("b", `which ${LOOKS[dtype]}`, dtype);
    if (![above, other].every(Number.isFinite)) return el("div", "type-block", which, el("p", "", labels.no_value));
    const [a, b] = written(above, other, dtype), judged = verdict(error, meta.rules);
    const size = error === 0 ? "0" : error >= 0.01 ? brief(error, 1) : scientific(error, 1);
    const made = el("div", "type-block", which,
      row("f(x + h)", inked(a, cancelled(a, above - other))),
      row(central ? "f(x − h)" : "f(x)", inked(b, cancelled(b, above - other))),
      row(central ? labels.over_2h : labels.over_h, el("b", "numeric", full(this.numerics(dtype)[at], KEPT[dtype]))),
      row(labels.analytic, el("span", "analytic", full(meta.slope, KEPT[dtype]))),
      row(labels.error, el("b", `verdict ${judged}`, size), el("span", `pill verdict ${judged}`, labels[judged])));
    made.dataset.dtype = dtype;
    return made;
  }
}
