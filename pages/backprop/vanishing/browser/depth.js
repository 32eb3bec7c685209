// Fifty layers: how long the gradient is at each, and what every layer multiplies it by.
import { between, head, line, sign } from "shared/arithmetic.js";
import { button, el, fill } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { settle } from "shared/equation.js";
import { significant, sub } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { comes, DIGITS, gain, gainChip, lengthChip, result } from "./gains.js";

const WRITTEN = 7;
const FLOOR = 1e-46, ROOM = 3, NAMED = [0.45, 0.18, 0.7];
const COARSE = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], FINE = [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.4];

/** @param {import("./board.js").Vanishing} board @returns {import("./board.js").View} */
export function makeDepth(board) {
  const { labels } = board, right = board.meta.ranges.depth[1] + ROOM;
  const title = el("b"), way = el("span", "way"), shown = el("div", "shown"), legend = el("span", "plot-legend");
  const above = el("div", "plot-body"), below = el("div", "plot-body");
  const note = el("span", "gain-note"), gains = el("div", "grid-head", el("b", "", labels.gains), note);
  board.pictures.append(el("div", "depth-view", el("div", "grid-head", title, way, legend, shown), above, gains, below));
  let axis = [-1, 1];
  /** Whether the pointer (or a plot's own cursor) is in one of the plots: else the place is only marked. */
  let reading = false;
  const moved = (/** @type {number|null} */ x) => {
    reading = x !== null;
    if (x === null) update();
    else board.point(place(x));
  };
  const plot = makePlot(above, {
    label: labels.plot_dy, snap: (x) => place(Math.round(x)), moved, chosen: (x) => board.choose(x), margin: { left: 3.3, right: 0.4 },
    tell: (x) => ({
      title: name(x),
      rows: curves().map(({ label, values, look }) => [label, board.place < values.length ? significant(values[offset(x)]) : "–", look]),
    }),
    drag: (_id, to) => depth(to.x), drop: (_id, to) => depth(to.x),
  });
  const strip = makePlot(below, {
    label: labels.gains, snap: (x) => place(Math.floor(x)) + 0.5, moved: (x) => moved(x === null ? null : Math.floor(x)),
    chosen: (x) => board.choose(Math.floor(x)), margin: { left: 3.3, right: 0.4, bottom: 2.2 }, tell: (x) => gainsAt(Math.floor(x)),
    drag: (_id, to) => times(to.y), drop: (_id, to) => times(to.y),
  });

  const last = () => board.meta.of.depth, place = (/** @type {number} */ x) => clamp(x, 0, last());
  /** Weights stand between two places: those of layer 1 at 1. @param {number} x */
  const offset = (x) => (board.state.what === "dw" ? Math.max(0, x - 1) : x);
  const name = (/** @type {number} */ x) => (x === 0 ? labels.input : fill(labels.layer, { number: x }));

  /** What a layer multiplies by. @param {number} x @returns {any} */
  function gainsAt(x) {
    const { arrays, meta } = board, expected = arrays["predicted.gain"].data;
    if (x >= last()) return null;
    const rows = [[labels.gain, gain(arrays.gain.data[x]), "strong"]];
    if (meta.theory) rows.push([labels.predicted, gain(expected[x]), "plain"]);
    return { title: fill(labels.layer, { number: x + 1 }), rows };
  }

  /** @param {number} x */
  function depth(x) {
    const [low, high] = board.meta.ranges.depth, layers = clamp(Math.round(x), low, high);
    if (layers !== board.state.depth) board.ask({ depth: layers });
    update();
  }

  /** @param {number} y */
  function times(y) {
    const [low, high] = board.meta.ranges.times, by = Math.round(20 * clamp(10 ** y, low, high)) / 20;
    if (by !== board.state.times) board.ask({ times: by });
    update();
  }

  function curves() {
    const what = board.state.what, found = (/** @type {string} */ of) => board.arrays[`${of}.${what}`].data;
    return [
      { id: "now", label: labels.measured, values: found("now"), look: "strong" },
      ...board.meta.kept.map((/** @type {any} */ one, /** @type {number} */ i) => (
        { id: `kept${i}`, label: `${i + 1} · ${one.label}`, values: found(`kept${i}`), look: "plain" })),
    ];
  }

  function point() {
    const at = board.place;
    plot.cursor(reading ? at : null);
    strip.cursor(reading && at < last() ? at + 0.5 : null);
    drawShelf(board, at);
  }

  function update() {
    const { state, meta, arrays, mode, place: at } = board, { what } = state, layers = last();
    title.textContent = labels[`plot_${what}`];
    way.textContent = what === "y" ? labels.way_on : labels.way_back;
    const plain = /** @type {const} */ ("plain");
    const choices = ["dy", "dw", "y"].map((one) => /** @type {[string, string]} */ ([one, labels[`what_${one}`]]));
    const show = (/** @type {string} */ one) => {
      board.state.what = one;
      board.changed();
    };
    board.keepFocus(shown, () => shown.replaceChildren(labels.what, board.pills(choices, what, show, labels.what)));
    const first = what === "dw" ? 1 : 0, xs = (/** @type {ArrayLike<number>} */ values) => Array.from(values, (_, i) => i + first);
    const lines = curves(), predicted = what === "dw" ? [] : arrays[`predicted.${what}`].data;
    const sizes = [...lines.flatMap((one) => Array.from(one.values)), ...predicted].filter((v) => v > 0 && Number.isFinite(v));
    const [least, most] = [Math.log10(Math.min(0.1, ...sizes)), Math.log10(Math.max(1, ...sizes))], span = most - least;
    const low = Math.max(FLOOR, 10 ** (least - 0.06 * span)), high = 10 ** (most + 0.14 * span), every = Math.ceil(span / 8);
    const powers = Array.from({ length: 2 * Math.ceil(span) + 1 }, (_, i) => 10 ** (every * (i - Math.ceil(span))));
    const ticks = powers.filter((v) => v >= low && v <= high), seen = (/** @type {number} */ v) => v > 0 && Number.isFinite(v);
    const own = lines[0].values, mark = (/** @type {number} */ x) => ({ x, y: own[x - first], look: /** @type {const} */ ("strong") });
    const marks = xs(own).filter((x) => seen(own[x - first])).map(mark);
    const here = at >= first && own[at - first] > 0 ? [{ ...mark(at), look: /** @type {const} */ ("accent"), open: true }] : [];
    const theory = predicted.length && meta.theory ? [el("i", "dash"), labels.predicted] : [];
    legend.replaceChildren(el("i", "dot"), labels.measured, ...theory);
    plot.update({
      x: { low: 0, high: right, label: labels.axis, ticks: [0, 10, 20, 30, 40, 50] },
      y: { low, high, log: true, ticks, label: labels.length },
      curves: [
        ...(predicted.length ? [{ id: "predicted", x: xs(predicted), y: predicted, look: plain, dash: true }] : []),
        ...lines.slice(1).map((one) => ({ id: one.id, x: xs(one.values), y: one.values, look: one.look })),
        { id: "now", x: xs(own), y: own, look: "strong" },
      ],
      rules: [{ x: layers, look: "accent", dash: true }],
      points: [...marks, ...lines.slice(1).map((one, i) => label(one, i, first, Math.sqrt(low * high))), ...here],
      handles: [{
        id: "depth", x: state.depth, y: high, along: "x", label: labels.drag_depth, words: "left",
        text: fill(labels.layers, { count: state.depth }), step: 1, x_range: meta.ranges.depth,
      }],
    }, mode);
    drawStrip();
    point();
  }

  /**
   * A kept curve's number and name, at a place of its own, on the side where there is room.
   * @param {{values: ArrayLike<number>}} one @param {number} i @param {number} first @param {number} middle @returns {any}
   */
  function label(one, i, first, middle) {
    const reach = one.values.length - 1, x = Math.round(reach * NAMED[i]), y = one.values[x];
    // A phone has no room for the name: the list has it beside its number.
    const text = board.narrow ? String(i + 1) : `${i + 1} · ${board.meta.kept[i].label}`;
    return { x: x + first, y: y > 0 && Number.isFinite(y) ? y : 1, bare: true, look: "plain", at: y > middle ? "se" : "ne", label: text };
  }

  function drawStrip() {
    const { arrays, meta, state, mode, place: at } = board, gains = Array.from(arrays.gain.data), logs = gains.map((g) => Math.log10(g));
    const seen = [...logs.filter(Number.isFinite), Math.log10(state.times)], edges = Array.from({ length: gains.length + 1 }, (_, i) => i);
    // An axis that moves under a handle in the hand would move the handle, too.
    if (!strip.picture.querySelector(".held")) axis = [Math.min(-0.12, ...seen) - 0.06, Math.max(0.12, ...seen) + 0.06];
    const [low, high] = axis, round = high - low > 0.6 ? COARSE : FINE;
    const expected = Array.from(arrays["predicted.gain"].data, (g) => Math.log10(g));
    const side = (/** @type {(v: number) => boolean} */ keep) => logs.map((v) => (Number.isFinite(v) && keep(v) ? v : 0));
    const quarter = state.act === "sigmoid" && state.link === "none" && state.norm === "none";
    const signs = [["swatch low", labels.lower], ["swatch high", labels.higher], ...(quarter ? [["dotted", labels.quarter]] : [])];
    const hint = el("span", "hint", fill(labels.times_help, { times: significant(state.times) }));
    note.replaceChildren(...signs.map(([look, word]) => el("span", "sign", el("i", look), el("span", "", word))), hint);
    strip.update({
      x: { low: 0, high: right, ticks: [0, 10, 20, 30, 40, 50], label: labels.axis },
      y: {
        low, high, ticks: round.map(Math.log10).filter((v) => v >= low && v <= high),
        write: (v) => String(Number((10 ** v).toPrecision(2))),
      },
      bars: [{ edges, counts: side((v) => v < 0), look: "neg" }, { edges, counts: side((v) => v > 0), look: "pos" }],
      curves: meta.theory ? [{ id: "theory", x: expected.map((_, i) => i + 0.5), y: expected, look: "plain", dash: true }] : [],
      rules: [{ y: 0, look: "strong" }, ...(quarter ? [{ y: Math.log10(0.25), look: /** @type {const} */ ("strong"), dash: true }] : [])],
      points: at < gains.length && Number.isFinite(logs[at]) ? [{ x: at + 0.5, y: logs[at], look: "accent", open: true }] : [],
      handles: [{
        id: "times", x: right - 1.2, y: Math.log10(state.times), along: "y", label: labels.times, words: "left",
        text: `σ × ${significant(state.times)}`, step: 0.0212, y_range: meta.ranges.times.map(Math.log10),
      }],
    }, mode);
  }

  return {
    update,
    point,
    last,
    knobs: () => board.settings(),
    tools() {
      const { meta } = board;
      const chosen = board.pills(meta.presets, meta.chosen, (preset) => board.begin(preset), labels.examples);
      const rows = meta.kept.map((/** @type {any} */ one, /** @type {number} */ i) => {
        const drop = button("drop", `${labels.drop}: ${one.label}`, () => board.drop(one.name), "×");
        drop.dataset.name = `drop${i}`;
        return el("div", "kept-row", el("i", "", String(i + 1)), el("span", "", one.label), drop);
      });
      const keep = button("pill keep", "", () => board.keep(), `+ ${labels.keep}`);
      keep.dataset.name = "keep";
      return [el("div", "small-head", labels.examples), chosen, el("div", "kept", ...rows, keep)];
    },
  };
}

/**
 * How long the gradient is at one place, as a product with its numbers.
 * @param {import("./board.js").Vanishing} board @param {number} at 0 is the input, `depth` the loss
 */
function drawShelf(board, at) {
  const { labels, arrays, meta, locked } = board, layers = meta.of.depth, gains = arrays.gain.data, sizes = arrays["now.dy"].data;
  const help = locked ? labels.locked : board.narrow ? labels.tap : labels.hover;
  const title = at === 0 ? labels.at_input : fill(labels.here, { number: at });
  if (at >= layers) {
    board.shelf.replaceChildren(head(title, "", help), line(sign(labels.sent_in), result(sizes[layers])));
    return;
  }
  const layer = at + 1;
  board.shelf.replaceChildren(
    head(title, fill(labels.layer, { number: layer }), help),
    line(
      el("i", "symbol", `‖dy${sub(at)}‖ =`), ...comes((digits) => [
        gainChip(gains[at], `${labels.gain} g${sub(layer)}`, digits), sign("×"), lengthChip(sizes[layer], `‖dy${sub(layer)}‖`, digits),
      ], sizes[at]),
    ),
    made(board, at),
    running(board, at),
  );
}

/** What this layer's gain is made of, and what theory says of it. @param {import("./board.js").Vanishing} board @param {number} at */
function made(board, at) {
  const { labels, arrays, meta } = board, piece = (/** @type {string} */ name) => arrays[`factor.${name}`]?.data[at];
  const parts = ["branch.slope", "branch.norm", "branch.weight"].filter((name) => arrays[`factor.${name}`]);
  const words = (/** @type {string} */ name) => labels[name.split(".")[1]];
  const product = (/** @type {string[]} */ names, /** @type {number} */ digits) =>
    between(names.map((name) => gainChip(piece(name), words(name), digits)), "×");
  const row = line(el("i", "symbol", `g${sub(at + 1)} =`)), value = arrays.gain.data[at];
  if (meta.of.link === "none") row.append(...comes((digits) => product(parts, digits), value, gain(value)));
  else {
    const ways = Object.keys(arrays).filter((name) => name.startsWith("way.")).map((name) => name.slice(4));
    const squares = ways.reduce((sum, way) => sum + arrays[`way.${way}`].data[at] ** 2, 0), common = arrays.gain.data[at] ** 2 - squares;
    const square = (/** @type {string} */ way, /** @type {number} */ digits) =>
      [gainChip(arrays[`way.${way}`].data[at], labels[way], digits), sign("²", "squared")];
    row.append(...comes((digits) => [
      sign("√("), ...ways.flatMap((way, i) => [...(i ? [sign("+")] : []), ...square(way, digits)]),
      sign(common < 0 ? "−" : "+"), lengthChip(Math.abs(common), labels.cross, digits), sign(")"),
    ], value, gain(value)));
    const inner = [...(arrays["factor.branch.open"] ? ["branch.open"] : []), ...parts];
    row.append(sign(`· ${labels.branch}:`), ...product(inner, DIGITS));
  }
  if (!meta.theory) row.append(el("span", "theory", labels.no_theory));
  else if (meta.of.link === "none" && meta.of.norm === "none") {
    const slope2 = arrays["predicted.slope2"].data[at], expected = gain(arrays["predicted.gain"].data[at]);
    const root = (/** @type {number} */ digits) =>
      `√(${meta.of.width} · ${significant(meta.var_w, digits)} · ${significant(slope2, digits)})`;
    const { digits, sign: is } = settle(root, expected, DIGITS);
    row.append(el("span", "theory", labels.theory, ` ${root(digits)} ${is} `, el("b", "", expected)));
  } else row.append(el("span", "theory", `${labels.theory_short} `, el("b", "", gain(arrays["predicted.gain"].data[at]))));
  return row;
}

/** The product of all gains from the loss to here. @param {import("./board.js").Vanishing} board @param {number} at */
function running(board, at) {
  const { labels, arrays, meta } = board, layers = meta.of.depth, gains = arrays.gain.data, sizes = arrays["now.dy"].data;
  const row = line(sign(labels.product)), count = layers - at;
  const every = () => Array.from({ length: count }, (_, i) => layers - 1 - i);
  const shown = count <= WRITTEN ? every() : [layers - 1, layers - 2, layers - 3, -1, at + 1, at];
  // Those that aren't written out each stand there as the one factor that they are together.
  const others = every().slice(3, -2).reduce((all, i) => all * gains[i], 1);
  const factor = (/** @type {number} */ i, /** @type {number} */ digits) =>
    (i < 0 ? gainChip(others, `… (${count - 5})`, digits, "more") : gainChip(gains[i], `g${sub(i + 1)}`, digits));
  const left = sizes[at] / sizes[layers];
  row.append(...comes((digits) => between(shown.map((i) => factor(i, digits)), "×"), left));
  row.append(sign(fill(labels.on_average, { average: Number.isFinite(left) ? gain(left ** (1 / count)) : labels.lost, count })));
  return row;
}
