// An activation's own numbers, to take hold of; and one that is learned. In a cell: dragged sideways, moved with the arrow keys or
// typed. Also as handles on the curve, each pulled up and down where it shows; the curve bends at once, and the engine says the same
// as soon as it is let go.
import { between, chip, equal, head, line, sign } from "shared/arithmetic.js";
import { el, fill } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { bracketed, format, product, readable, short } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { makeWay } from "./zigzag.js";

/** Sign and step of each of the activations' own numbers. @type {Record<string, [string, number]>} */
export const SETTINGS = {
  negative_slope: ["s", 0.01], weight: ["w", 0.05], lower: ["r ≥", 0.05], upper: ["r ≤", 0.05], alpha: ["α", 0.05],
  beta: ["β", 0.1], left: ["s₁", 0.1], right: ["s₂", 0.1], level: ["c", 0.1],
};

const PIXELS = 4;
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

/**
 * @param {any} board
 * @param {{name: string, label: string, step: number, decimals?: number}} what `name` is the control's
 */
export function numberCell(board, { name, label, step, decimals = 2 }) {
  const value = el("b"), made = el("span", "number-cell", el("span", "", label), value);
  const low = board.meta.ranges[name][0], high = board.meta.ranges[name][1];
  made.tabIndex = 0;
  made.setAttribute("role", "spinbutton");
  made.setAttribute("aria-label", label);
  made.setAttribute("aria-valuemin", String(low));
  made.setAttribute("aria-valuemax", String(high));
  made.title = board.labels.type_value;
  made.dataset.name = name;
  let from = 0, started = 0, held = false, moved = false;
  const tidy = (/** @type {number} */ v) => +Math.max(low, Math.min(high, Math.round(v / step) * step)).toFixed(6);
  const type = () => askNumber(value, board.state[name], { new_value: label },
    (typed) => board.set(name, step === 1 ? Math.round(typed) : +typed.toFixed(6), true), { low, high });

  made.addEventListener("pointerdown", (event) => {
    if (value.querySelector("input")) return;
    [from, started, held, moved] = [event.clientX, board.state[name], true, false];
    made.setPointerCapture(event.pointerId);
  });
  made.addEventListener("pointermove", (event) => {
    if (!held || (!moved && Math.abs(event.clientX - from) < PIXELS)) return;
    moved = true;
    board.set(name, tidy(started + ((event.clientX - from) / PIXELS) * step), false);
  });
  const release = () => {
    if (!held) return;
    held = false;
    if (moved) board.set(name, board.state[name], true);
  };
  made.addEventListener("pointerup", release);
  made.addEventListener("pointercancel", release);
  made.addEventListener("click", () => { if (!moved) type(); });
  made.addEventListener("keydown", (event) => {
    if (event.target !== made) return;
    const steps = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (steps) board.set(name, tidy(board.state[name] + steps * step), true);
    else if (event.key === "Enter") type();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element: made,
    update() {
      if (value.querySelector("input")) return;
      value.textContent = readable(board.state[name], decimals);
      made.setAttribute("aria-valuenow", String(board.state[name]));
    },
  };
}

/** Where a setting is held, and how high it stands there; `value` reads a height. */
const HOLDS = {
  negative_slope: { x: -5, y: (/** @type {number} */ v) => -5 * v, value: (/** @type {number} */ y) => y / -5 },
  weight: { x: -5, y: (/** @type {number} */ v) => -5 * v, value: (/** @type {number} */ y) => y / -5 },
  lower: { x: -3, y: (/** @type {number} */ v) => -3 * v, value: (/** @type {number} */ y) => y / -3 },
  upper: { x: -3, y: (/** @type {number} */ v) => -3 * v, value: (/** @type {number} */ y) => y / -3 },
  alpha: { x: -6, y: (/** @type {number} */ v) => v * Math.expm1(-6), value: (/** @type {number} */ y) => y / Math.expm1(-6) },
  beta: { x: 0, y: (/** @type {number} */ v) => Math.LN2 / v, value: (/** @type {number} */ y) => Math.LN2 / Math.max(y, 0.01) },
  left: { x: -3, y: (/** @type {number} */ v) => -3 * v, value: (/** @type {number} */ y) => y / -3 },
  right: { x: 3, y: (/** @type {number} */ v) => 3 * v, value: (/** @type {number} */ y) => y / 3 },
  level: { x: 0, y: (/** @type {number} */ v) => v, value: (/** @type {number} */ y) => y },
};
const FINE = 100;

/** @param {any} board */
export const settingHandles = (board) => board.chosen.shaped_by.map((/** @type {keyof typeof HOLDS} */ name) => {
  const hold = HOLDS[name], value = board.state[name];
  return {
    id: name, x: hold.x, y: hold.y(value), along: /** @type {const} */ ("y"),
    label: SETTINGS[name][0], text: `${SETTINGS[name][0]} ${format(value)}`,
    step: Math.abs(hold.y(value + SETTINGS[name][1]) - hold.y(value)), y_range: /** @type {[number, number]} */ ([-20, 20]),
  };
});

/** The setting that a handle's height means, within its range. @param {any} board @param {string} name @param {number} y */
export function settingAt(board, name, y) {
  const [low, high] = board.meta.ranges[name];
  return Math.max(low, Math.min(high, Math.round(HOLDS[/** @type {keyof typeof HOLDS} */ (name)].value(y) * FINE) / FINE));
}

/** @typedef {Record<string, number>} Settings */

const leaky = (/** @type {number} */ slope) => (/** @type {number} */ x) => (x > 0 ? [x, 1] : [slope * x, slope]);
const sigmoid = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x));

/** @type {Record<string, (s: Settings) => (x: number) => number[]>} */
const SHAPES = {
  leaky_relu: (s) => leaky(s.negative_slope),
  prelu: (s) => leaky(s.weight),
  rrelu: (s) => leaky((s.lower + s.upper) / 2),
  elu: (s) => (x) => (x > 0 ? [x, 1] : [s.alpha * Math.expm1(x), s.alpha * Math.exp(x)]),
  softplus: (s) => (x) => [(Math.max(0, s.beta * x) + Math.log1p(Math.exp(-Math.abs(s.beta * x)))) / s.beta, sigmoid(s.beta * x)],
  maxout: (s) => (x) => {
    const pieces = [[s.left * x, s.left], [s.right * x, s.right], [s.level, 0]];
    return pieces.reduce((best, piece) => (piece[0] > best[0] ? piece : best));
  },
};

/**
 * The table of a curve for other settings; null where an activation has none.
 * @param {string} name
 * @param {Settings} settings
 * @param {ArrayLike<number>} x
 */
export function reshape(name, settings, x) {
  const shape = SHAPES[name]?.(settings);
  if (!shape) return null;
  const y = new Float64Array(x.length), slope = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 1) [y[i], slope[i]] = shape(x[i]);
  return { y, slope };
}

// ---- PReLU's slope, learned ----

const SIDE = 3.3, ROOM = 3.6;

/** @param {any} board @param {HTMLElement} host @param {HTMLElement} shelf */
export function makeLearned(board, host, shelf) {
  const { labels } = board, way = makeWay(board, "fit_step", labels.bowl_plot), steps = board.meta.ranges.fit_step[1];
  const panel = (/** @type {string} */ title) => {
    const body = el("div", "body square"), note = el("span");
    return { body, note, whole: el("div", "box", el("div", "grid-head", el("b", "", title)), body, el("div", "panel-note", note)) };
  };
  const left = panel(labels.fit_plot), right = panel(labels.bowl_plot);
  host.append(el("div", "learned walked", way.tools, el("div", "panels", left.whole, right.whole)));
  const fit = makePlot(left.body, { label: labels.fit_plot, reads: false, margin: { right: 1 } });
  const bowl = makePlot(right.body, { label: labels.bowl_plot, reads: false, margin: { right: 1 } });
  /** The point that is marked, and the step that is written out. */
  let marked = 0, written = "";

  const of = (/** @type {string} */ part) => board.arrays[`learned.${part}`].data;
  /** What stands at a step. @param {number} step */
  function at(step) {
    const x = of("x"), count = x.length;
    const row = (/** @type {string} */ part) => Array.from({ length: count }, (_, i) => of(part)[step * count + i]);
    const below = Array.from(x, (_, i) => i).filter((i) => x[i] < 0);
    return { x, t: of("t"), w: of("w")[step], y: row("y"), dy: row("dy"), dw: of("dw")[step], below };
  }

  function drawFit() {
    const { x, t, w, y, dy, below } = at(board.state.fit_step), bend = (/** @type {number} */ slope) => [-SIDE * slope, 0, SIDE];
    /** @type {(i: number) => "accent"|"pos"|"neg"} */
    const look = (i) => (i === marked ? "accent" : dy[i] * x[i] > 0 ? "pos" : "neg");
    const pulls = below.map((i) => ({ x: [x[i], x[i]], y: [y[i], t[i]], look: look(i) }));
    fit.update({
      x: { low: -SIDE, high: SIDE, label: "x" }, y: { low: -ROOM, high: ROOM, label: "y" },
      curves: [
        { id: "start", x: [-SIDE, 0, SIDE], y: bend(of("w")[0]), look: "plain", dash: true },
        ...pulls,
        { id: "prelu", x: [-SIDE, 0, SIDE], y: bend(w), look: "strong" },
      ],
      points: Array.from(x, (_, i) => ({
        x: x[i], y: t[i], look: /** @type {"accent"|"plain"} */ (i === marked ? "accent" : "plain"), open: x[i] > 0,
      })),
    }, board.mode);
    left.note.textContent = fill(labels.slope_is, { w: readable(w, 3), start: readable(of("w")[0], 2) });
  }

  function drawBowl() {
    const { fit_step: step } = board.state, slopes = of("slopes"), w = of("w"), loss = of("loss");
    const walked = { x: Array.from(w.slice(0, step + 1)), y: Array.from(loss.slice(0, step + 1)) };
    const next = { id: "next", x: [w[step], w[step + 1]], y: [loss[step], loss[step + 1]], look: /** @type {const} */ ("accent") };
    // The way down is seen, and the bowl's bottom where it starts there.
    const high = Math.max(2 * loss[0], 4 * Math.min(...of("bowl")));
    bowl.update({
      x: { low: slopes[0], high: slopes[slopes.length - 1], label: labels.slope_axis },
      y: { low: 0, high, label: labels.loss_axis },
      curves: [
        { id: "bowl", x: slopes, y: of("bowl"), look: "plain" },
        { id: "way", ...walked, look: "strong" },
        ...(step < steps ? [next] : []),
      ],
      points: [{ x: w[step], y: loss[step], look: "strong" }],
    }, board.mode);
    right.note.textContent = fill(labels.best_is, { best: readable(board.meta.learned.best, 3) });
  }

  /** The sum that is dw, the step that follows from it, and where the marked point's dy comes from. */
  function explain() {
    const { fit_step: step, fit_lr: rate } = board.state, { x, t, w, y, dy, dw, below } = at(step);
    const mark = (/** @type {number} */ i) => {
      if (marked === i) return;
      marked = i;
      drawFit();
      ofPoint.replaceChildren(...point());
    };
    const pulls = (/** @type {number} */ many) => between(below.map((i) => chip(product(readable(dy[i], many), short(x[i], 1)),
      dy[i] * x[i], { kind: "pull", point: (on) => { if (on) mark(i); } })), "+");
    const sum = line(sign("dw = Σ dy·x ="), ...equal(pulls, readable(dw, 3), dw, 2));
    const next = step < steps ? of("w")[step + 1] : null;
    const moved = (/** @type {number} */ many) => [chip(readable(w, many), w), sign("−"), chip(product(rate, readable(dw, many)), dw)];
    const on = next === null ? line() : line(sign("w ← w − η·dw ="), ...equal(moved, readable(next, 3), next, 3));
    const point = () => {
      const [xi, ti] = [short(x[marked], 1), short(t[marked], 1)];
      const left = (/** @type {number} */ many) => [chip(product(readable(w, many), xi), y[marked])];
      const from = (/** @type {number} */ many) => `2 × (${readable(y[marked], many)} − ${bracketed(ti)}) ÷ ${x.length}`;
      return [
        el("span", "line-name", fill(labels.at, { x: xi })),
        sign("y = w·x ="), ...equal(left, readable(y[marked], 3), y[marked], 3),
        sign("dy = 2·(y − t)/N =", "then"), ...equal((many) => [chip(from(many), dy[marked])], readable(dy[marked], 3), dy[marked], 3),
      ];
    };
    marked = below.includes(marked) ? marked : below[0];
    const ofPoint = line(...point());
    shelf.replaceChildren(head(way.stepOf(Math.min(step + 1, steps)), "", labels.pulls_help), sum, on, ofPoint);
  }

  return {
    update() {
      const { state, meta } = board;
      way.update("fit_lr", meta.learned.rates.map((/** @type {string} */ rate) => [rate, rate]));
      const now = JSON.stringify([state.fit_step, meta.version, meta.present, board.narrow, board.mode]);
      if (now !== written) {
        written = now;
        explain();
      }
      drawFit();
      drawBowl();
    },
    values() {
      const { fit_step: step } = board.state, { best } = board.meta.learned, w = of("w");
      const far = (/** @type {number} */ slope) => Math.abs(slope - best);
      return {
        kind: step > 0 && far(w[step]) > far(w[0]) ? "away" : "", steps: step, start: readable(w[0], 2), w: readable(w[step], 3),
        first: readable(of("loss")[0], 3), loss: readable(of("loss")[step], 3), best: readable(best, 3), rate: board.state.fit_lr,
      };
    },
  };
}
