// A crowd of numbers through the curve, and a gradient for each of them back: everything stands on the curve's axes.
import { chip, equal, head, line, powers, sign } from "shared/arithmetic.js";
import { button, el, fill } from "shared/dom.js";
import { bracketed, format, percent, product, readable } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { meter, unitCells } from "./dying.js";
import { settingAt, settingHandles } from "./own.js";

const VIEW = { low: -8, high: 8 };
const BINS = 40;
/** Where the plots that share the x axis begin and end, in rem: a phone has no room for names beside them. */
const WIDE = { left: 2.4, right: 5.4 }, SLIM = { left: 1.8, right: 0.3 };
const PRESETS = { "preset-centre": [0, 1], "preset-out": [0, 4], "preset-below": [-2.4, 1] };

/** @param {any} board @param {HTMLElement} host @param {HTMLElement} shelf */
export function makeCrowd(board, host, shelf) {
  const labels = board.labels;
  const box = (/** @type {string} */ name) => {
    const title = el("b"), note = el("span"), body = el("div", "body");
    return { title, note, body, whole: el("div", `box ${name}`, el("div", "grid-head", title, note), body) };
  };
  const side = board.narrow ? SLIM : WIDE;
  const curve = box("curve"), input = box("input"), output = box("output"), arrives = box("arrives"), leaves = box("leaves");
  const meters = { flat: meter(labels.saturated), stopped: meter(labels.stopped) };
  const units = unitCells(board, 10);
  const presets = el("div", "presets", Object.entries(PRESETS).map(([name, [mean, spread]]) =>
    button("pill", "", () => {
      board.state.mean = mean;
      board.set("spread", spread, true);
    }, labels[name])));
  const unitsBox = el("div", "box units-box", ...units.parts);
  const back = el("div", "back", arrives.whole, leaves.whole, meters.flat.row, meters.stopped.row, unitsBox);
  host.append(el("div", "crowd", curve.whole, output.whole, back, el("div", "corner", presets), input.whole));

  let held = /** @type {{low: number, high: number}|null} */ (null);
  let now = /** @type {ReturnType<typeof pass>|null} */ (null);
  const look = (/** @type {number|null} */ x) => {
    if (x === null) return;
    board.state.x = x;
    outPlot.update(outDrawing());
    curvePlot.update(curveDrawing());
    inPlot.cursor(x);
    explain();
  };
  const snap = (/** @type {number} */ x) => board.snap(x);
  const inPlot = makePlot(input.body, {
    label: labels.input, margin: { ...side, top: 0.3 }, snap,
    moved: (x) => { look(x); curvePlot.cursor(x); },
    tell: () => null,
    drag: (id, place) => move(id, place, false), drop: (id, place) => move(id, place, true),
  });
  const curvePlot = makePlot(curve.body, {
    label: fill(labels.curve_of, { name: "" }), margin: { ...side, bottom: 0.6, top: 0.4 }, snap, moved: look,
    drag: (id, place) => bend(id, place.y, false), drop: (id, place) => bend(id, place.y, true),
  });
  const outPlot = makePlot(output.body, { label: labels.output, reads: false, margin: { left: 0.3, right: 1, bottom: 0.6, top: 0.4 } });
  const small = { left: 0.4, right: 0.4, top: 1.1, bottom: 1.4 };
  const arrivesPlot = makePlot(arrives.body, { label: labels.arrives, reads: false, margin: small });
  const leavesPlot = makePlot(leaves.body, { label: labels.goes_on, reads: false, margin: small });

  /** A handle of the crowd is somewhere. @param {string} id @param {{x: number}} place @param {boolean} rested */
  function move(id, place, rested) {
    const tidy = (/** @type {number} */ v, /** @type {string} */ name) =>
      +Math.max(board.meta.ranges[name][0], Math.min(board.meta.ranges[name][1], Math.round(v * 20) / 20)).toFixed(2);
    if (id === "mean") board.set("mean", tidy(place.x, "mean"), rested);
    else board.set("spread", tidy(Math.abs(place.x - board.state.mean), "spread"), rested);
  }

  /**
   * A setting's handle is somewhere; the axis stands still until it is let go.
   * @param {string} id @param {number} y @param {boolean} rested
   */
  function bend(id, y, rested) {
    held = rested ? null : held ?? heights();
    board.set(id, settingAt(board, id, y), rested);
  }

  /** The heights that the curve, its slope and its outputs need. */
  function heights() {
    if (held) return held;
    const { x, y, slope } = board.table(board.state.f);
    let low = -0.2, high = 1.15;
    for (let i = 0; i < x.length; i += 5) {
      if (Math.abs(x[i]) > 6) continue;
      low = Math.min(low, y[i], slope[i]);
      high = Math.max(high, y[i], slope[i]);
    }
    const top = Math.min(high, 5), room = 0.05 * (top - low);
    return { low: Math.max(low, -5) - room, high: top + room };
  }

  function outDrawing() {
    const y = heights(), found = count(now?.y ?? [], y.low, y.high, BINS), { top, cut } = ceiling(found.counts);
    const { y: table } = board.table(board.state.f), at = table[board.indexOf(board.state.x)];
    return {
      x: { low: 0, high: top, ticks: [] }, y: { ...y, ticks: [] },
      bars: [{ ...found, limit: Math.max(1, Math.min(3, y.high)), sideways: true }],
      rules: at >= y.low && at <= y.high ? [{ y: at, look: /** @type {const} */ ("accent") }] : [],
      points: cut.map((bin) => ({
        x: top * 0.99, y: (found.edges[bin] + found.edges[bin + 1]) / 2, open: true,
        label: percent(found.counts[bin] / (now?.y.length ?? 1)),
      })),
    };
  }

  /** A small histogram of gradients. @param {ArrayLike<number>} values */
  function gradients(values) {
    const found = count(values, -3, 3, 41), { top, cut } = ceiling(found.counts);
    return {
      x: { low: -3, high: 3, ticks: [-2, 0, 2] }, y: { low: 0, high: top, ticks: [] },
      bars: [{ ...found, limit: 2 }],
      points: cut.map((bin) => ({
        x: (found.edges[bin] + found.edges[bin + 1]) / 2, y: top * 0.97, open: true, label: percent(found.counts[bin] / values.length),
      })),
    };
  }

  /** Where the curve is nearly flat, as areas behind it. @param {{low: number, high: number}} y */
  function flats(y) {
    const { x, slope } = board.table(board.state.f), areas = [];
    let from = NaN;
    for (let i = 0; i <= x.length; i += 1) {
      const flat = i < x.length && Math.abs(slope[i]) < board.meta.crowd.flat;
      if (flat && Number.isNaN(from)) from = x[i];
      if (!flat && !Number.isNaN(from)) {
        areas.push({ x: [from, x[i - 1]], low: [y.low, y.low], high: [y.high, y.high], look: /** @type {const} */ ("plain") });
        from = NaN;
      }
    }
    return areas;
  }

  /** RReLU's slope in training is anywhere between its ends; Maxout's pieces go on beneath its maximum. */
  function extras() {
    const { state: c } = board;
    if (c.f === "rrelu") {
      const x = [VIEW.low, 0], look = /** @type {const} */ ("accent"), at = /** @type {const} */ ("se");
      const words = { x: -6.5, y: (-6.5 * (c.lower + c.upper)) / 2, bare: true, at, look, label: labels.train_draws };
      return { areas: [{ x, low: x.map((v) => c.upper * v), high: x.map((v) => c.lower * v), look }], curves: [], points: [words] };
    }
    if (c.f === "maxout") {
      const x = [VIEW.low, VIEW.high], look = /** @type {const} */ ("faint");
      const pieces = [[c.left, 0], [c.right, 0], [0, c.level]];
      return { areas: [], points: [], curves: pieces.map(([s, b]) => ({ x, y: x.map((v) => s * v + b), look })) };
    }
    return { areas: [], curves: [], points: [] };
  }

  function curveDrawing() {
    const f = board.chosen, table = board.table(f.name), y = heights(), extra = extras(), i = board.indexOf(board.state.x);
    const [x, up] = [table.x[i], table.y[i]], own = { look: /** @type {const} */ ("strong"), fixed: true };
    return {
      x: { ...VIEW, ticks: [] }, y,
      areas: [...flats(y), ...extra.areas],
      curves: [...extra.curves,
        { id: "way", x: [x, x, VIEW.high], y: [y.low, up, up], look: /** @type {const} */ ("accent") },
        { ...own, id: "slope", x: table.x, y: table.slope, label: board.narrow ? "" : `${f.symbol}′(x)`, dash: true },
        { ...own, id: "f", x: table.x, y: table.y, label: board.narrow ? "" : `${f.symbol}(x)` }],
      handles: settingHandles(board),
      points: [...extra.points, ...(up >= y.low && up <= y.high ? [{ x, y: up, look: /** @type {const} */ ("accent") }] : [])],
    };
  }

  function drawUnits() {
    const { open, passes, summary } = /** @type {any} */ (now), { examples } = board.meta.crowd;
    const words = (/** @type {number} */ unit) => fill(
      open[unit] === 0 ? labels.unit_dead : labels.unit_is, { unit, share: percent(passes[unit]), examples },
    );
    const all = fill(labels.dead, { dead: summary.dead, units: open.length, examples });
    units.update(passes, open.map((/** @type {number} */ n) => n === 0), words, all, labels.passes);
  }

  /** The arithmetic at the x that is pointed at, or was last. */
  function explain() {
    const f = board.chosen, table = board.table(f.name), i = board.indexOf(board.state.x);
    const x = table.x[i], y = table.y[i], slope = table.slope[i];
    const half = x > 0 ? "right" : "left", settings = board.settings();
    const factor = (/** @type {number} */ value, /** @type {number} */ decimals) => bracketed(readable(value, decimals));
    const put = (/** @type {string} */ words, /** @type {number} */ value, /** @type {number} */ digits) => {
      const own = Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, factor(setting, digits)]));
      const facts = { ...own, x: factor(x, digits), y: factor(y, digits + 1), s: factor(slope, digits) };
      return [chip(powers(fill(words, facts)), Math.sign(value))];
    };
    const comes = (/** @type {(digits: number) => HTMLElement[]} */ left, /** @type {number} */ value) =>
      equal(left, readable(value, 3), Math.sign(value), 2);
    const forwards = line(sign(`${f.symbol}(${readable(x)}) =`), ...comes((digits) => put(f[half], y, digits), y));
    const backwards = line(sign(`${f.symbol}′(${readable(x)}) =`), ...comes((digits) => put(f[`slope_${half}`], slope, digits), slope),
      el("span", "then", labels.goes_on_as), sign(`dx = dy·${f.symbol}′ =`),
      ...comes((digits) => [chip(product("1", readable(slope, digits + 1)), Math.sign(slope))], slope));
    const title = fill(labels.at, { x: readable(x) });
    shelf.replaceChildren(head(title, "", board.narrow ? labels.tap_curve : labels.point_at), forwards, backwards);
  }

  return {
    update() {
      const { state: c, mode, arrays } = board, f = board.chosen, { crowd } = board.meta;
      now = pass(stand(arrays.z.data, c.mean, c.spread, crowd), board.table(c.f), arrays.dy.data, crowd);
      const s = now.summary;
      curve.title.textContent = board.narrow ? `${f.symbol}(x) —  ${f.symbol}′(x) - -` : `${f.symbol}(x)`;
      curve.note.textContent = labels.flat_zone;
      curve.note.className = "swatch";
      input.title.textContent = `${labels.input} x`;
      input.note.textContent = [
        fill(labels.count, { count: now.x.length }),
        fill(labels.mean_is, { value: format(s.mean_x) }), fill(labels.spread_is, { value: format(s.std_x) }),
      ].join(" · ");
      output.title.textContent = `${labels.output} ${f.symbol}(x)`;
      output.note.textContent = fill(labels.mean_is, { value: readable(s.mean_y) });
      arrives.title.textContent = labels.arrives;
      arrives.note.textContent = `dy · ${fill(labels.spread_is, { value: format(s.std_dy) })}`;
      leaves.title.textContent = labels.goes_on;
      leaves.note.textContent = `dx = dy·${f.symbol}′(x) · ${fill(labels.spread_is, { value: readable(s.std_dx) })}`;

      curvePlot.update(curveDrawing(), mode);
      const found = count(now.x, VIEW.low, VIEW.high, 2 * BINS), { top } = ceiling(found.counts);
      const handle = { y: top * 0.5, along: /** @type {const} */ ("x"), step: 0.1 };
      inPlot.update({
        x: { ...VIEW, label: "x" }, y: { low: 0, high: top, ticks: [] },
        bars: [{ ...found, limit: 4 }],
        curves: [{ x: [c.mean, c.mean + c.spread], y: [top * 0.5, top * 0.5], look: "accent" }],
        handles: [
          {
            ...handle, id: "mean", x: c.mean, label: labels.mean, words: "left",
            text: fill(labels.mean_is, { value: format(c.mean, 1) }),
          },
          {
            ...handle, id: "spread", x: c.mean + c.spread, label: labels.spread, words: "right",
            text: fill(labels.spread_is, { value: format(c.spread, 1) }),
          },
        ],
      }, mode);
      outPlot.update(outDrawing(), mode);
      arrivesPlot.update(gradients(arrays.dy.data), mode);
      leavesPlot.update(gradients(now.dx), mode);
      meters.flat.set(s.flat);
      meters.stopped.set(s.stopped);
      drawUnits();
      explain();
      host.dataset.summary = JSON.stringify(s);
    },
    /** What the scene's sentence may name. */
    values() {
      const { summary: s, x } = /** @type {any} */ (now), { facts } = board.chosen, { mean, spread } = board.state;
      return {
        kind: facts.dies ? "dies" : facts.flat_left && facts.flat_right ? "saturates" : "open",
        count: x.length, mean: format(mean, 1), spread: format(spread, 1), flat: percent(s.flat), stopped: percent(s.stopped),
        dead: s.dead, units: board.meta.crowd.units, back: readable(s.std_dx), steepest: readable(facts.steepest), out: readable(s.mean_y),
      };
    },
  };
}

// ---- the browser's twin of compute/units.py, for as long as something is dragged: looked up in the engine's table of the curve ----

/**
 * Where each number stands in the table: mean + spread · z, set on the nearest place.
 * @param {ArrayLike<number>} z
 * @param {number} mean
 * @param {number} spread
 * @param {{per_one: number, edge: number}} crowd
 */
export function stand(z, mean, spread, { per_one, edge }) {
  const end = Math.round(edge * per_one);
  return Int32Array.from(z, (draw) => end + Math.max(-end, Math.min(end, Math.floor((mean + spread * draw) * per_one + 0.5))));
}

/**
 * @param {Int32Array} places
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>, slope: ArrayLike<number>}} table
 * @param {ArrayLike<number>} dy
 * @param {{units: number, examples: number, flat: number, stopped: number}} crowd
 */
function pass(places, table, dy, { units, examples, flat, stopped }) {
  const take = (/** @type {ArrayLike<number>} */ values) => Float64Array.from(places, (place) => values[place]);
  const x = take(table.x), y = take(table.y), slope = take(table.slope);
  const dx = slope.map((s, i) => s * dy[i]);
  const open = new Array(units).fill(0), passes = new Array(units).fill(0);
  slope.forEach((s, i) => {
    if (Math.abs(s) >= stopped) open[i % units] += 1;
    passes[i % units] += Math.abs(s) / examples;
  });
  const share = (/** @type {number} */ below) => slope.reduce((all, s) => all + (Math.abs(s) < below ? 1 : 0), 0) / slope.length;
  const [mx, my, gone, come] = [moments(x), moments(y), moments(dx), moments(dy)];
  const summary = {
    mean_x: mx.mean, std_x: mx.std, mean_y: my.mean, std_y: my.std, std_dy: come.std, std_dx: gone.std,
    flat: share(flat), stopped: share(stopped), dead: open.filter((count) => count === 0).length,
  };
  return { x, y, slope, dx, open, passes, summary };
}

/** @param {ArrayLike<number>} values */
function moments(values) {
  let sum = 0, squares = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i += 1) squares += (values[i] - mean) ** 2;
  return { mean, std: Math.sqrt(squares / values.length) };
}

/**
 * How many values fall into each of `bins` equal parts; what lies beyond the ends is counted in the last ones.
 * @param {ArrayLike<number>} values
 * @param {number} low
 * @param {number} high
 * @param {number} bins
 */
function count(values, low, high, bins) {
  const counts = new Array(bins).fill(0), wide = (high - low) / bins;
  for (let i = 0; i < values.length; i += 1) counts[Math.max(0, Math.min(bins - 1, Math.floor((values[i] - low) / wide + 1e-9)))] += 1;
  return { edges: Array.from({ length: bins + 1 }, (_, i) => low + i * wide), counts };
}

/**
 * A height for the axis that one crowded bin doesn't spoil for all the others, and the bins that it cuts off.
 * @param {number[]} counts
 */
function ceiling(counts) {
  const [first, second] = [...counts].sort((a, b) => b - a);
  const top = Math.max(1, Math.min(first, 2 * Math.max(second, first / 6)));
  return { top: top * 1.08, cut: counts.flatMap((n, i) => (n > top * 1.08 ? [i] : [])) };
}
