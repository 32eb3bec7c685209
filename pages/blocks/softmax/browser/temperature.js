// Temperature: divide all scores first, and the shares even out or sharpen.
import { between, chip, equal, head, line, sign } from "shared/arithmetic.js";
import { button, el, fill } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { short } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { rampLegend, Rows, wholeBar } from "./rows.js";
import { readable, rowHeight } from "./shares.js";
import { exponentials, softmax } from "./twin.js";

const LOW = 0.1, HIGH = 20, POINTS = 120;
const TS = Array.from({ length: POINTS + 1 }, (_, i) => LOW * (HIGH / LOW) ** (i / POINTS));

export class Temperature {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    /** Made when the scene is built, as its height is only known then. @type {Rows} */
    this.rows;
    this.whole = wholeBar(shell);
    this.host = el("div", "temperature-plot");
    /** @type {ReturnType<typeof makePlot>} */
    this.plot;
  }

  get z() { return this.shell.state.warm; }
  get T() { return this.shell.state.T; }
  get row() { return this.rows.at[0]; }
  set T(value) { this.shell.state.T = clamp(Number(value.toPrecision(2)), LOW, HIGH); }

  build() {
    const { shell, z } = this, { labels } = shell;
    this.rows = new Rows(shell, {
      columns: [
        { id: "z", title: labels.scores, note: "z", kind: "drag", wide: 11 },
        { id: "p1", title: labels.shares, note: "T = 1", kind: "bars", ramp: "sequential", wide: 8 },
        { id: "zT", title: labels.divided, note: "z ÷ T", kind: "bars", wide: 7 },
        { id: "p", title: labels.shares, note: "softmax(z ÷ T)", kind: "bars", ramp: "sequential", wide: 8 },
      ],
      scores: z, step: 0.1, height: rowHeight(shell, z.length, 31), at: [0, 3],
      point: () => {
        this.update();
        shell.write();
      },
    });
    const named = (/** @type {number} */ k) => fill(labels.class, { k });
    this.plot = makePlot(this.host, {
      label: labels.curves,
      drag: (_, { x }) => this.take(x),
      drop: (_, { x }) => this.take(x),
      tell: (x) => ({ title: `T = ${short(x)}`, rows: softmax(z, x).map((p, k) => [named(k), readable(p, 3), "strong"]) }),
    });
    const legends = [rampLegend(shell, "z, z ÷ T", "diverging", "−", "+"), rampLegend(shell, "p", "sequential", "0", "1")];
    const above = el("div", "grid-head", el("b", "", labels.curves), el("span", "", labels.curves_note));
    return [el("div", "table", this.rows.root, this.whole.root, el("div", "legends", ...legends), above, this.host)];
  }

  /** @param {number} T */
  take(T) {
    this.T = T;
    this.shell.changed();
  }

  update() {
    const { z, T, shell } = this, { labels } = shell, zT = z.map((value) => value / T), p = softmax(z, T), p1 = softmax(z);
    const span = Math.max(...zT.map(Math.abs), 1);
    this.whole.update(p);
    const three = (/** @type {number[]} */ values) => ({ values, texts: values.map((value) => readable(value, 3)) });
    this.rows.update({
      z: { values: z }, p1: { ...three(p1), foot: "Σ = 1" },
      zT: { ...three(zT), range: [-span, span] }, p: { ...three(p), foot: "Σ = 1" },
    });
    const curves = TS.map((t) => softmax(z, t));
    this.plot.update({
      x: { low: LOW, high: HIGH, log: true, label: labels.temperature, ticks: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20] },
      y: { low: 0, high: 1, ticks: [0, 0.5, 1], label: "p" },
      curves: z.map((_, k) => ({
        id: String(k), x: TS, y: curves.map((shares) => shares[k]),
        label: fill(labels.class, { k }), look: k === this.row ? "strong" : "plain",
      })),
      rules: [{ y: 1 / z.length, label: labels.even, dash: true, look: "faint" }, { x: T, look: "accent" }],
      handles: [{
        id: "T", x: T, y: 0, along: "x", label: labels.temperature, text: `T = ${short(T)}`,
        step: Math.max(0.1, Number((T / 10).toPrecision(1))), x_range: [LOW, HIGH],
      }],
    }, shell.mode);
  }

  say() {
    const { z, T, row } = this;
    const text = T > 1 ? "temperature-warm" : T < 1 ? "temperature-cold" : "temperature";
    return { text, facts: { T: short(T), k: row, p: readable(softmax(z, T)[row], 3), p1: readable(softmax(z)[row], 3) } };
  }

  tools() {
    return this.shell.meta.temperatures.map((T) => button("pill", "", () => this.take(T), `T = ${short(T)}`));
  }

  shelf() {
    const { z, T, row, shell } = this, zT = z.map((value) => value / T), p = softmax(z, T);
    const { e, shift } = exponentials(zT), { labels } = shell;
    const terms = (/** @type {number} */ digits) =>
      between(e.map((value, k) => chip(readable(value, digits), 1, { kind: k === row ? "winner" : "" })), "+");
    const share = (/** @type {number} */ digits) => [chip(readable(e[row], digits), 1), sign("÷ ("), ...terms(digits), sign(")")];
    const warmed = (/** @type {number} */ digits) => [chip(`${short(z[row], digits)} ÷ ${short(T, digits)}`, z[row])];
    return [
      head(`p[${row}]`, labels[shift === null ? "note_temperature" : "note_temperature_shifted"], labels.help_temperature),
      line(...equal(warmed, short(zT[row], 3), zT[row], 2, "part")),
      line(...equal(share, readable(p[row], 4), 1, 3)),
    ];
  }
}
