// Two weights on their way to the goal, once with inputs that are all positive, once with centred ones.
import { chip, equal, head, line, sign } from "shared/arithmetic.js";
import { el, fill } from "shared/dom.js";
import { format, percent, product, readable, sub } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { drawKnobs } from "shared/knobs.js";

const WINDOW = { x: { low: -0.6, high: 2.1 }, y: { low: -2.1, high: 0.6 } };
const KINDS = ["positive", "centred"], BEST = "best";

/** @param {any} board @param {HTMLElement} host @param {HTMLElement} shelf */
export function makeZigzag(board, host, shelf) {
  const labels = board.labels, steps = board.meta.ranges.step[1];
  const panels = KINDS.map((kind) => {
    const note = el("span"), body = el("div", "body square"), title = labels[kind === "centred" ? "centred_inputs" : kind];
    const whole = el("div", "box", el("div", "grid-head", el("b", "", title)), body, el("div", "panel-note", note));
    return { kind, note, body, title, whole };
  });
  const way = makeWay(board, "step", labels.way);
  host.append(el("div", "zigzag walked", way.tools, el("div", "panels", panels.map((panel) => panel.whole))));
  const plots = panels.map(({ body, title }) => makePlot(body, { label: `${labels.way}: ${title}`, reads: false, margin: { right: 1 } }));

  /** @param {string} kind @param {string} part */
  const array = (kind, part) => board.arrays[`${kind}.${part}`];

  /** @param {string} kind */
  function drawing(kind) {
    const { step } = board.state, w = array(kind, "w").data, rings = array(kind, "contours"), { goal } = board.meta.walks[kind];
    const points = rings.shape[1], here = { x: w[2 * step], y: w[2 * step + 1] };
    const ring = (/** @type {number} */ r) => ({
      x: Array.from({ length: points }, (_, i) => rings.data[2 * (r * points + i)]),
      y: Array.from({ length: points }, (_, i) => rings.data[2 * (r * points + i) + 1]),
      look: /** @type {const} */ ("faint"),
    });
    const path = {
      id: "way", look: /** @type {const} */ ("strong"),
      x: Array.from({ length: step + 1 }, (_, i) => w[2 * i]), y: Array.from({ length: step + 1 }, (_, i) => w[2 * i + 1]),
    };
    const look = /** @type {const} */ ("plain");
    const both = kind === "positive" && step < steps
      ? [{ x: [here.x, WINDOW.x.high], low: [here.y, here.y], high: [WINDOW.y.high, WINDOW.y.high], look },
        { x: [WINDOW.x.low, here.x], low: [WINDOW.y.low, WINDOW.y.low], high: [here.y, here.y], look }]
      : [];
    const words = both.length
      ? [{ x: WINDOW.x.high - 0.3, y: WINDOW.y.high - 0.1, label: labels.allowed },
        { x: WINDOW.x.low + 0.35, y: WINDOW.y.low + 0.1, label: labels.allowed_down }]
      : [];
    const ahead = { id: "next", x: [here.x, w[2 * step + 2]], y: [here.y, w[2 * step + 3]], look: /** @type {const} */ ("accent") };
    return {
      x: { ...WINDOW.x, label: labels.w1 }, y: { ...WINDOW.y, label: labels.w2 }, areas: both,
      curves: [...Array.from({ length: rings.shape[0] }, (_, r) => ring(r)), path, ...(step < steps ? [ahead] : [])],
      points: [
        ...words.map((said) => ({ ...said, bare: true, at: /** @type {const} */ ("c"), look })),
        { x: goal[0], y: goal[1], label: labels.goal, look, open: true },
        { ...here, look: /** @type {const} */ ("strong"), label: step ? "" : labels.you_are },
      ],
    };
  }

  function explain() {
    const { step } = board.state, lines = KINDS.map((kind) => {
      if (step >= steps) return line();
      const x = array(kind, "x").data, dz = array(kind, "dz").data[step], dw = array(kind, "dw").data;
      const parts = [0, 1].flatMap((i) => {
        const at = 2 * step + i, n = sub(i + 1);
        const factors = (/** @type {number} */ digits) => [chip(product(readable(dz, digits), readable(x[at], digits)), dw[at])];
        return [sign(`dw${n} = dz·x${n} =`), ...equal(factors, readable(dw[at], 3), dw[at], 2)];
      });
      return line(el("span", "line-name", labels[`short-${kind}`]), ...parts);
    });
    shelf.replaceChildren(head(way.stepOf(Math.min(step + 1, steps)), "w ← w − η · dw", ""), ...lines);
  }

  return {
    update() {
      const { state, meta } = board;
      way.update("lr", meta.walk_rates.map((/** @type {string} */ rate) => [rate, rate === BEST ? labels.best_rate : rate]));
      panels.forEach((panel, i) => {
        plots[i].update(drawing(panel.kind), board.mode);
        const { arrival, same_sign } = meta.walks[panel.kind], far = array(panel.kind, "distance").data[state.step];
        const there = arrival !== null && state.step >= arrival;
        const end = there ? fill(labels.arrived, { step: arrival }) : fill(labels.distance, { distance: format(far, 2) });
        const rate = fill(labels.at_rate, { rate: meta.walks[panel.kind].lr });
        panel.note.textContent = `${end} · ${rate} · ${fill(labels.same_sign, { share: percent(same_sign) })}`;
      });
      explain();
    },
    values() {
      const { walks } = board.meta, arrival = (/** @type {string} */ kind) => walks[kind].arrival ?? `> ${steps}`;
      const [one, other] = KINDS.map((kind) => walks[kind].lr), kind = board.state.lr === BEST ? "" : "same";
      return { kind, positive: arrival("positive"), centred: arrival("centred"), rate: one, rate_centred: other };
    },
  };
}

/**
 * Above a walk: its transport, a slider over its steps, which learning rate it takes, and the seed of what it meets.
 * @param {any} board @param {string} step the control that counts the steps @param {string} label
 */
export function makeWay(board, step, label) {
  const { labels } = board, steps = board.meta.ranges[step][1];
  const slider = /** @type {HTMLInputElement} */ (el("input"));
  Object.assign(slider, { type: "range", min: "0", max: String(steps), step: "1" });
  slider.setAttribute("aria-label", label);
  slider.addEventListener("input", () => {
    board.stop_();
    board.set(step, Number(slider.value), false);
  });
  slider.addEventListener("change", () => board.tellNow());
  const where = el("span", "where"), knobs = el("div", "knobs");
  const stepOf = (/** @type {number} */ at) => fill(labels.step_of, { step: at, steps });

  return {
    tools: el("div", "tools", board.controls, slider, where, knobs),
    stepOf,
    /** @param {string} rate the control of the learning rate @param {[string, string][]} rates */
    update(rate, rates) {
      const { state, meta } = board, set = `${state[rate]} ${state.seed}`;
      slider.value = String(state[step]);
      where.textContent = stepOf(state[step]);
      if (knobs.dataset.state === set) return;
      knobs.dataset.state = set;
      drawKnobs(knobs, [
        { kind: "choice", name: rate, label: labels.rate, value: state[rate], options: rates },
        { kind: "step", name: "seed", label: labels.seed, value: state.seed, low: 0, high: meta.ranges.seed[1] },
      ], labels, { set: (name, value) => board.set(name, value, true), act: () => {} });
    },
  };
}
