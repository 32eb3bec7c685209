// Fifty layers: how long the gradient is at each, and what every layer multiplies it by.
import { button, el } from "shared/dom.js";
import { makePlot } from "shared/plot.js";
import { drawDepthShelf } from "./depth_shelf.js";
import { fill, gain, size } from "./written.js";

const FLOOR = 1e-46, ROOM = 3, NAMED = [0.45, 0.18, 0.7];
const COARSE = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], FINE = [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.4];

/** @param {import("./vanishing.js").Board} board @returns {import("./vanishing.js").View} */
export function makeDepth(board) {
  const { labels } = board, right = board.meta.ranges.depth[1] + ROOM;
  const title = el("b"), way = el("span", "way"), shown = el("div", "shown"), legend = el("span", "plot-legend");
  const above = el("div", "plot-body"), below = el("div", "plot-body");
  const box = el("div", "depth-view", el("div", "grid-head", title, way, legend, shown), above, el("div", "grid-head", el("b", "", labels.gains), el("span", "gain-note")), below);
  board.picture?.append(box);
  const note = /** @type {HTMLElement} */ (box.querySelector(".gain-note"));
  let axis = [-1, 1];
  /** The place that is explained: 0 is the input, `depth` the loss. */
  let at = board.now.at >= 0 ? board.now.at : 0, locked = board.now.at >= 0 && board.now.held;

  const lock = (/** @type {number} */ place) => {
    locked = !(locked && place === at);
    at = place;
    board.set({ at: locked ? at : -1, held: true });
    update();
  };
  /** Whether the pointer (or a plot's own cursor) is in one of the plots: else the place is only marked. */
  let reading = false;
  const moved = (/** @type {number|null} */ x) => {
    reading = x !== null;
    if (x === null) update();
    else if (!locked) point(x);
  };
  const plot = makePlot(above, {
    label: labels.plot_dy, snap: (x) => place(Math.round(x)), moved, chosen: lock, margin: { left: 3.3, right: 0.4 },
    tell: (x) => ({ title: name(x), rows: curves().map(({ label, values, look }) => [label, at < values.length ? size(values[offset(x)]) : "–", look]) }),
    drag: (_id, to) => depth(to.x), drop: (_id, to) => depth(to.x),
  });
  const strip = makePlot(below, {
    label: labels.gains, snap: (x) => place(Math.floor(x)) + 0.5, moved: (x) => moved(x === null ? null : Math.floor(x)), chosen: (x) => lock(Math.floor(x)), margin: { left: 3.3, right: 0.4, bottom: 2.2 },
    tell: (x) => (x >= board.meta.controls.depth ? null : { title: fill(labels.layer, { number: Math.floor(x) + 1 }), rows: [[labels.gain, gain(board.arrays.gain.data[Math.floor(x)]), "strong"], ...(board.meta.theory ? [[labels.predicted, gain(board.arrays["predicted.gain"].data[Math.floor(x)]), "plain"]] : [])] }),
    drag: (_id, to) => times(to.y), drop: (_id, to) => times(to.y),
  });

  const place = (/** @type {number} */ x) => Math.max(0, Math.min(board.meta.controls.depth, x));
  /** Weights stand between two places: those of layer 1 at 1. @param {number} x */
  const offset = (x) => (board.now.what === "dw" ? Math.max(0, x - 1) : x);
  const name = (/** @type {number} */ x) => (x === 0 ? labels.input : fill(labels.layer, { number: x }));

  /** @param {number} x */
  function depth(x) {
    const [low, high] = board.meta.ranges.depth, layers = Math.max(low, Math.min(high, Math.round(x)));
    if (layers !== board.now.depth) board.set({ depth: layers });
    update();
  }

  /** @param {number} y */
  function times(y) {
    const [low, high] = board.meta.ranges.times, by = Math.round(20 * Math.max(low, Math.min(high, 10 ** y))) / 20;
    if (by !== board.now.times) board.set({ times: by });
    update();
  }

  function curves() {
    const what = board.now.what, found = (/** @type {string} */ of) => board.arrays[`${of}.${what}`].data;
    return [
      { id: "now", label: labels.measured, values: found("now"), look: "strong" },
      ...board.meta.kept.map((/** @type {any} */ one, /** @type {number} */ i) => ({ id: `kept${i}`, label: `${i + 1} · ${one.label}`, values: found(`kept${i}`), look: "plain" })),
    ];
  }

  /** @param {number} x */
  function point(x) {
    at = place(x);
    plot.cursor(reading ? at : null);
    strip.cursor(reading && at < board.meta.controls.depth ? at + 0.5 : null);
    drawDepthShelf(board, at, locked);
  }

  function update() {
    const { now, meta, arrays, mode } = board, what = now.what, layers = meta.controls.depth;
    at = place(at);
    title.textContent = labels[`plot_${what}`];
    way.textContent = what === "y" ? labels.way_on : labels.way_back;
    board.keepFocus(shown, () => shown.replaceChildren(labels.what, board.pills(["dy", "dw", "y"].map((one) => [one, labels[`what_${one}`]]), what, (one) => board.set({ what: one }), labels.what)));
    const first = what === "dw" ? 1 : 0, xs = (/** @type {ArrayLike<number>} */ values) => Array.from(values, (_, i) => i + first);
    const lines = curves(), predicted = what === "dw" ? [] : arrays[`predicted.${what}`].data;
    const sizes = [...lines.flatMap((one) => Array.from(one.values)), ...predicted].filter((v) => v > 0 && Number.isFinite(v));
    const [least, most] = [Math.log10(Math.min(0.1, ...sizes)), Math.log10(Math.max(1, ...sizes))], span = most - least;
    const low = Math.max(FLOOR, 10 ** (least - 0.06 * span)), high = 10 ** (most + 0.14 * span), every = Math.ceil(span / 8);
    const ticks = Array.from({ length: 2 * Math.ceil(span) + 1 }, (_, i) => 10 ** (every * (i - Math.ceil(span)))).filter((v) => v >= low && v <= high);
    legend.replaceChildren(el("i", "dot"), labels.measured, ...(predicted.length && meta.theory ? [el("i", "dash"), labels.predicted] : []));
    plot.update({
      x: { low: 0, high: right, label: labels.axis, ticks: [0, 10, 20, 30, 40, 50] },
      y: { low, high, log: true, ticks, label: labels.length },
      curves: [
        ...(predicted.length ? [{ id: "predicted", x: xs(predicted), y: predicted, look: /** @type {const} */ ("plain"), dash: true }] : []),
        ...lines.slice(1).map((one) => ({ id: one.id, x: xs(one.values), y: one.values, look: one.look })),
        { id: "now", x: xs(lines[0].values), y: lines[0].values, look: "strong" },
      ],
      rules: [{ x: layers, look: "accent", dash: true }],
      points: [
        ...xs(lines[0].values).filter((_, i) => lines[0].values[i] > 0 && Number.isFinite(lines[0].values[i])).map((x) => ({ x, y: lines[0].values[x - first], look: /** @type {const} */ ("strong") })),
        ...lines.slice(1).map((one, i) => label(one, i, first, Math.sqrt(low * high))),
        ...(at >= first && lines[0].values[at - first] > 0 ? [{ x: at, y: lines[0].values[at - first], look: /** @type {const} */ ("accent"), open: true }] : []),
      ],
      handles: [{ id: "depth", x: now.depth, y: high, along: "x", label: labels.drag_depth, text: fill(labels.layers, { count: now.depth }), words: "left", step: 1, x_range: meta.ranges.depth }],
    }, mode);
    drawStrip();
    point(at);
  }

  /** A kept curve's number and name, at a place of its own, on the side where there is room. */
  function label(one, i, first, middle) {
    const reach = one.values.length - 1, x = Math.round(reach * NAMED[i]), y = one.values[x];
    return { x: x + first, y: y > 0 && Number.isFinite(y) ? y : 1, bare: true, look: "plain", at: y > middle ? "se" : "ne", label: `${i + 1} · ${board.meta.kept[i].label}` };
  }

  function drawStrip() {
    const { arrays, meta, now, mode } = board, gains = Array.from(arrays.gain.data), logs = gains.map((g) => Math.log10(g));
    const seen = [...logs.filter(Number.isFinite), Math.log10(now.times)], edges = Array.from({ length: gains.length + 1 }, (_, i) => i);
    // An axis that moves under a handle in the hand would move the handle, too.
    if (!strip.picture.querySelector(".held")) axis = [Math.min(-0.12, ...seen) - 0.06, Math.max(0.12, ...seen) + 0.06];
    const [low, high] = axis, round = high - low > 0.6 ? COARSE : FINE;
    const expected = Array.from(arrays["predicted.gain"].data, (g) => Math.log10(g));
    const side = (/** @type {(v: number) => boolean} */ keep) => logs.map((v) => (Number.isFinite(v) && keep(v) ? v : 0));
    const quarter = now.act === "sigmoid" && now.link === "none" && now.norm === "none";
    note.replaceChildren(el("i", "swatch low"), labels.lower, el("i", "swatch high"), labels.higher, ...(quarter ? [el("i", "dotted"), labels.quarter] : []), el("span", "hint", fill(labels.times_help, { times: size(now.times) })));
    strip.update({
      x: { low: 0, high: right, ticks: [0, 10, 20, 30, 40, 50], label: labels.axis },
      y: { low, high, ticks: round.map(Math.log10).filter((v) => v >= low && v <= high), write: (v) => String(Number((10 ** v).toPrecision(2))) },
      bars: [{ edges, counts: side((v) => v < 0), look: "neg" }, { edges, counts: side((v) => v > 0), look: "pos" }],
      curves: meta.theory ? [{ id: "theory", x: expected.map((_, i) => i + 0.5), y: expected, look: "plain", dash: true }] : [],
      rules: [{ y: 0, look: "strong" }, ...(quarter ? [{ y: Math.log10(0.25), look: /** @type {const} */ ("strong"), dash: true }] : [])],
      points: at < gains.length && Number.isFinite(logs[at]) ? [{ x: at + 0.5, y: logs[at], look: "accent", open: true }] : [],
      handles: [{ id: "times", x: right - 1.2, y: Math.log10(now.times), along: "y", label: labels.times, text: `σ × ${size(now.times)}`, words: "left", step: 0.0212, y_range: meta.ranges.times.map(Math.log10) }],
    }, mode);
  }

  return {
    update,
    knobs: () => board.settings(),
    tools() {
      const { meta } = board;
      const chosen = board.pills(meta.presets, meta.chosen, (preset) => board.set({ preset }), labels.examples);
      const rows = meta.kept.map((/** @type {any} */ one, /** @type {number} */ i) => {
        const drop = button("drop", `${labels.drop}: ${one.label}`, () => board.set({ drop: one.name }), "×");
        drop.dataset.name = `drop${i}`;
        return el("div", "kept-row", el("i", "", String(i + 1)), el("span", "", one.label), drop);
      });
      const keep = button("pill keep", "", () => board.set({ keep: true }), `+ ${labels.keep}`);
      keep.dataset.name = "keep";
      return [el("div", "small-head", labels.examples), chosen, el("div", "kept", ...rows, keep)];
    },
    at: () => at,
    held: () => locked,
    last: () => board.meta.controls.depth,
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
