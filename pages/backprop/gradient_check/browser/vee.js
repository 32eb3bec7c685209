// The error of a numeric gradient against h, both floating types in one picture, and the digits behind it.
import { button, el, sentence } from "shared/dom.js";
import { makePlot } from "shared/plot.js";
import { scientific } from "shared/numbers.js";
import { head } from "shared/arithmetic.js";
import { Board } from "./board.js";
import { brief, cancelled, digitsOf, full, inked, verdict, written } from "./digits.js";
import { FormulaAsk } from "./formula_ask.js";

const LOW = 1e-16, HIGH = 20, TYPES = /** @type {const} */ (["float64", "float32"]);
/** The digits of a gradient that are written. */
const KEPT = { float64: 12, float32: 8 };
/** The height of a type's name, on its round-off line. */
const NAMED = { float64: 1e-6, float32: 0.03 };
const LOOKS = { float64: "strong", float32: "plain" };
/** Of a step that an arrow key makes, more than this is meant as one. */
const MEANT = 0.3;
/** One error is so many times the other: it alone counts. Far from both: something else does. */
const APART = 30, FAR = 3;
/** The longest steps, where the question is asked. */
const STARTS = 9;

export class VeeBoard extends Board {
  constructor(host, root) { super(host, root, "h"); }

  held() { return { h: this.state.h, rule: this.state.rule }; }

  build() {
    const body = el("div", "plot-body");
    this.pictures.append(body);
    this.ask = new FormulaAsk(this);
    this.plot = makePlot(body, {
      label: this.labels.vee, margin: { right: 1, left: 3.2 },
      snap: (h) => this.hs[this.nearest(h)],
      tell: (h) => ({ title: `h = ${brief(h)}`, rows: TYPES.map((dtype) => [dtype, brief(this.errors(dtype)[this.nearest(h)]), LOOKS[dtype]]) }),
      chosen: (h) => this.go(this.nearest(h), true),
      drag: (_id, { x }) => this.go(this.meant(x), false),
      drop: (_id, { x }) => this.go(this.meant(x), true),
    });
  }

  get hs() { return this.arrays.h.data; }
  get at() { return this.nearest(10 ** this.state.h); }
  /** @param {string} dtype */
  errors(dtype) { return this.arrays[`${dtype}.${this.state.rule}.error`].data; }
  /** @param {string} dtype */
  numerics(dtype) { return this.arrays[`${dtype}.${this.state.rule}.numeric`].data; }

  /** @param {number} h */
  place(h) { return (Math.log10(h) - Math.log10(this.hs[0])) * this.meta.per_decade; }
  /** @param {number} h */
  nearest(h) { return Math.max(0, Math.min(this.hs.length - 1, Math.round(this.place(h)))); }

  /** An arrow key's step is smaller than the distance of two h: it is meant as one all the same. @param {number} h */
  meant(h) {
    const by = this.place(h) - this.at, near = this.nearest(h);
    return near === this.at && Math.abs(by) > MEANT ? this.nearest(this.hs[0] * 10 ** ((this.at + Math.sign(by)) / this.meta.per_decade)) : near;
  }

  /** @param {number} at @param {boolean} rests */
  go(at, rests) {
    this.state.h = Math.log10(this.hs[0]) + at / this.meta.per_decade;
    this.write();
    if (rests) this.tell();
  }

  draw() {
    const { labels, state, meta } = this;
    this.kicker.textContent = labels.vee_kicker;
    const typing = this.ask.typing;
    this.drawKnobs([
      { kind: "choice", name: "of", label: labels.of, value: state.of, options: meta.subjects },
      { kind: "choice", name: "rule", label: labels.rule, value: state.rule, options: ["central", "one-sided"].map((rule) => [rule, labels[rule]]) },
    ], (name, value) => {
      this.state[name] = value;
      if (name === "rule") this.draw();
      this.tell(name === "of");
    });
    const now = (/** @type {string} */ name) => (/** @type {any} */ value) => {
      this.state[name] = value;
      this.tell(true);
    };
    if (state.of === "weight") {
      const choice = (name, options) => el("div", "choices", ...options.map(([value, word]) => {
        const made = button("pill", "", () => now(name)(value), word);
        made.setAttribute("aria-pressed", String(state[name] === value));
        return made;
      }));
      this.knobs.append(el("div", "knob wide", choice("layer", meta.layers), choice("weight", [["strong", labels.strong], ["weak", labels.weak]]), this.typed("digit", labels.digit, 0, (value) => now("digit")(Math.round(value)), { low: 0, high: meta.last_digit })));
    } else if (state.of === "own") {
      this.ask.update(meta.refused, this.typed("x", labels.at_x, 4, now("x")));
      this.knobs.append(this.ask.root);
      // What is taken out of the page and put back loses the keyboard.
      if (typing) this.ask.input.focus({ preventScroll: true });
    }
    this.write();
  }

  /** The chosen h changed: everything that is said of it. */
  write() {
    this.drawPlot();
    this.say();
    this.drawShelf();
  }

  drawPlot() {
    const { arrays, state, meta, labels, hs, at } = this, low = hs[0], high = hs[hs.length - 1];
    const seen = (/** @type {ArrayLike<number>} */ ys) => Array.from(ys, (y) => (Number.isFinite(y) ? Math.max(LOW, Math.min(HIGH, y)) : NaN));
    const round = (dtype) => arrays[`${dtype}.${state.rule}.round_off`].data, truncation = arrays[`${state.rule}.truncation`].data;
    const dashed = (id, ys) => ({ id, x: hs, y: Array.from(ys, (y) => (y > LOW && y < HIGH ? y : NaN)), look: "faint", dash: true });
    const word = (x, y, label, where, look = "plain") => ({ x, y, label, at: where, look, bare: true });
    const onLine = (ys, height) => Array.from(ys).findIndex((y, i) => (i ? (y - height) * (ys[i - 1] - height) <= 0 : false));
    const points = [], rules = [], wide = !this.host.classList.contains("narrow");
    const tip = onLine(truncation, 1e-9);
    if (tip > 0) points.push(word(hs[tip], 1e-9, labels[`truncation_${state.rule}`], "se"));
    for (const dtype of TYPES) {
      const ys = seen(this.errors(dtype)), turn = onLine(round(dtype), NAMED[dtype]);
      if (turn > 0) points.push(word(hs[turn], 2 * NAMED[dtype], dtype, "ne", LOOKS[dtype]));
      const best = meta.best[dtype][state.rule];
      if (best && best > low && best < high) {
        const i = this.nearest(best), height = Math.max(LOW, truncation[i] + round(dtype)[i]);
        points.push({ x: best, y: height, look: LOOKS[dtype], open: true });
        rules.push({ x: best, label: wide ? labels.best.replace("{h}", brief(best)) : "", look: LOOKS[dtype], dash: true });
      }
      if (Number.isFinite(ys[at]) && dtype === "float32") points.push({ x: hs[at], y: ys[at], look: "plain" });
    }
    const off = onLine(round("float64"), 3e-12);
    if (off > 0) points.push(word(hs[off], 3e-12, labels.round_off, "sw"));
    const kinked = meta.kink && meta.kink < high;
    const [side, where] = /** @type {[number, "nw"|"ne"]} */ (wide ? [high, "nw"] : [low, "ne"]);
    points.push(word(side, 1e-7, labels.good_rule, where), word(side, 1e-2, labels.wrong_rule, where));
    if (kinked) points.push(word(meta.kink, 1e-15, labels.kink_here, "nw", "accent"));
    const here = this.errors("float64")[at];
    this.plot.update({
      x: { low, high, log: true, label: labels.h_axis },
      y: { low: LOW, high: HIGH, log: true, label: labels.error_axis },
      curves: [
        dashed("truncation", truncation), ...TYPES.map((dtype) => dashed(`round-off-${dtype}`, round(dtype))),
        ...[...TYPES].reverse().map((dtype) => ({ id: dtype, x: hs, y: seen(this.errors(dtype)), look: LOOKS[dtype] })),
      ],
      rules: [
        { y: 1e-7, dash: true }, { y: 1e-2, dash: true }, ...rules,
        ...(kinked ? [{ x: meta.kink, look: "accent", dash: true }] : []),
      ],
      points,
      handles: [{ id: "h", x: hs[at], y: Number.isFinite(here) ? Math.max(LOW, Math.min(HIGH, here)) : 1, along: "x", label: labels.h_handle, text: `h = ${brief(hs[at])}` }],
    }, this.mode);
  }

  say() {
    const { arrays, state, meta, labels, hs, at } = this, h = hs[at], error = this.errors("float64")[at];
    const truncation = arrays[`${state.rule}.truncation`].data[at], off = arrays[`float64.${state.rule}.round_off`].data[at];
    const above = arrays["float64.above"].data[at], [a] = written(above, this.other("float64"), "float64");
    const same = digitsOf(a, cancelled(a, above - this.other("float64")));
    const facts = {
      h: brief(h), error: brief(error), error32: brief(this.errors("float32")[at]), truncation: brief(truncation), round_off: brief(off), same,
      best: meta.best.float64[state.rule] ? brief(meta.best.float64[state.rule]) : "—", best32: meta.best.float32[state.rule] ? brief(meta.best.float32[state.rule]) : "—", kink: meta.kink ? brief(meta.kink) : "—",
    };
    this.words(`say-${this.told({ error, truncation, off })}`, facts);
    const marked = this.host.ownerDocument.createElement("div");
    marked.className = "formula";
    marked.innerHTML = meta.formulas[state.rule];
    this.more.replaceChildren(el("div", "tabs", el("b", "", labels.formula)), marked, el("p", "subject", sentence(meta.subject, {})));
  }

  /** What there is to say about this h. @param {{error: number, truncation: number, off: number}} errors */
  told({ error, truncation, off }) {
    const { meta, state, at, hs, arrays } = this, last = hs.length - 1;
    if (!Number.isFinite(error)) return "no-value";
    if (meta.slope === 0) return "no-slope";
    if (arrays[`float64.${state.rule}.round_off`].data[last] > 0.1) return "too-small";
    if (meta.kink && hs[at] > meta.kink && error > FAR * (truncation + off)) return "kinked";
    if (off > 1) return "lost";
    if (truncation > APART * off) return at > last - STARTS ? "start" : `truncation-${state.rule}`;
    return off > APART * truncation ? "round-off" : "best";
  }

  /** f(x - h), or f(x) for the one-sided rule. @param {string} dtype */
  other(dtype) { return this.state.rule === "central" ? this.arrays[`${dtype}.below`].data[this.at] : this.arrays[`${dtype}.centre`].data[0]; }

  drawShelf() {
    const { meta, labels, state, hs, at } = this, central = state.rule === "central";
    const blocks = TYPES.map((dtype) => {
      const above = this.arrays[`${dtype}.above`].data[at], other = this.other(dtype), numeric = this.numerics(dtype)[at], error = this.errors(dtype)[at];
      const row = (name, ...inside) => el("div", "sum-row", el("span", "symbol", name), ...inside);
      if (![above, other].every(Number.isFinite)) return el("div", "type-block", el("b", `which ${LOOKS[dtype]}`, dtype), el("p", "", labels.no_value));
      const [a, b] = written(above, other, dtype), judged = verdict(error);
      const made = el("div", "type-block",
        el("b", `which ${LOOKS[dtype]}`, dtype),
        row("f(x + h)", inked(a, cancelled(a, above - other))), row(central ? "f(x − h)" : "f(x)", inked(b, cancelled(b, above - other))),
        row(central ? labels.over_2h : labels.over_h, el("b", "numeric", full(numeric, KEPT[dtype]))),
        row(labels.analytic, el("span", "analytic", full(meta.slope, KEPT[dtype]))),
        row(labels.error, el("b", `verdict ${judged}`, error === 0 ? "0" : error >= 0.01 ? brief(error, 1) : scientific(error, 1)), el("span", `pill verdict ${judged}`, labels[judged])));
      made.dataset.dtype = dtype;
      return made;
    });
    this.shelf.replaceChildren(head(`h = ${brief(hs[at])}`, labels.digits_note, labels.vee_help), el("div", "types", ...blocks));
  }
}
