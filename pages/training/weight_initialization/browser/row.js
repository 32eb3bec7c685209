// One row of the board: a histogram for each layer, its numbers beneath, and below them the sizes on a log axis,
// measured as dots and predicted as a line.
import { colour, css } from "shared/colours.js";
import { el } from "shared/dom.js";
import { scientific } from "shared/numbers.js";
import { svg } from "shared/plot_marks.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/**
 * @typedef {object} Content
 * @property {string} label                 what the row shows, for a screen reader
 * @property {ArrayLike<number>} sizes      measured, (layers + 1)
 * @property {ArrayLike<number>} predicted
 * @property {ArrayLike<number>} bars       (layers + 1) · bins, shares of all values
 * @property {ArrayLike<number>} zeros      shares of exact zeros
 * @property {string[][]} first             the lines beneath each histogram; then as they are written where that is too wide
 * @property {string[][]} second
 * @property {string} unit                  what the second line's shares are of, where they stand without it
 * @property {string[]} ends                how far each histogram's axis goes
 * @property {string[][]} heads             the columns' names; none for a row without
 */

const BINS = 41, LEAST_DECADES = 3, LEAST_PIXELS = 120;
const FLOOR = 1e-36, TWEEN_MS = 420;
/** Between two columns' words, and from a line of words to the next, in the height of their type. */
const APART = 0.5, LEADING = 1.2;

/**
 * @param {"y"|"g"} kind
 * @param {(layer: number|null) => void} point
 * @param {(layer: number) => void} choose
 */
export function makeRow(kind, point, choose) {
  const picture = svg("svg", { class: "signal", role: "img" });
  const host = el("div", "row-host", /** @type {any} */ (picture));
  host.dataset.kind = kind;
  /** @type {Content|null} */
  let content = null;
  /** @type {Mode} */
  let mode = "light";
  /** @type {number|null} */
  let at = null;
  /** @type {number|null} */
  let source = null;
  let box = { rem: 15, line: 15, left: 0, column: 1, top: 0, hist: 0, chart: 0, bottom: 0, width: 0 };
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** What is written in each column, as its width allows. @type {{heads: string[], first: string[], second: string[], unit: string}} */
  let words = { heads: [], first: [], second: [], unit: "" };
  const tween = makeTween(draw);

  const columns = () => content?.sizes.length ?? 0;
  const middle = (/** @type {number} */ layer) => box.left + (layer + 0.5) * box.column;

  function fit() {
    if (!content || host.clientWidth < LEAST_PIXELS) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), height = host.clientHeight;
    const { fontSize, fontFamily } = getComputedStyle(picture), type = parseFloat(fontSize), line = Math.max(rem, LEADING * type);
    const top = content.heads.length ? 1.35 * line : 0.25 * rem;
    const rest = height - top - 2.15 * line - 1.1 * rem;
    const left = 3.1 * rem;
    box = {
      rem, line, left, top, width: host.clientWidth, column: (host.clientWidth - left - 0.3 * rem) / columns(),
      hist: top + rest * 0.5, chart: top + rest * 0.5 + 2.15 * line + 0.3 * rem, bottom: height - 0.55 * rem,
    };
    picture.setAttribute("viewBox", `0 0 ${host.clientWidth} ${height}`);
    pen.font = `650 ${fontSize} ${fontFamily}`;
    const room = box.column - APART * type, second = fitting(content.second, room);
    const unit = second === content.second[0] ? "" : content.unit;
    words = { heads: fitting(content.heads, room), first: fitting(content.first, room), second, unit };
  }

  /**
   * The first way to write them that fits its columns, else every so many of the last one.
   * @param {string[][]} ways @param {number} room
   */
  function fitting(ways, room) {
    const widest = (/** @type {string[]} */ texts) => Math.max(0, ...texts.map((text) => pen.measureText(text).width));
    const last = ways.at(-1) ?? [], every = Math.max(1, Math.ceil(widest(last) / Math.max(1, room)));
    return ways.find((texts) => widest(texts) <= room) ?? last.map((text, i) => (i % every ? "" : text));
  }

  /** Everything that moves, in one array: logarithms, predictions, zeros, the axis, bars. @param {Content} c */
  function flat(c) {
    const n = c.sizes.length, all = [...Array.from(c.sizes), ...Array.from(c.predicted)].filter((v) => v > FLOOR && Number.isFinite(v));
    let low = Math.floor(Math.log10(Math.min(1, ...all)) + 1e-6), high = Math.ceil(Math.log10(Math.max(1, ...all)) - 1e-6);
    while (high - low < LEAST_DECADES) { low -= 1; if (high - low < LEAST_DECADES) high += 1; }
    const log = (/** @type {number} */ v) => (v > FLOOR && Number.isFinite(v) ? Math.log10(v) : NaN);
    const tall = Array.from({ length: n }, (_, i) => Math.max(1e-9, ...Array.from(c.bars).slice(BINS * i, BINS * (i + 1))));
    return Float64Array.from([
      low, high, ...Array.from(c.sizes, log), ...Array.from(c.predicted, log),
      ...Array.from(c.zeros, (zero, i) => Math.min(1, zero / tall[i])),
      ...Array.from(c.bars, (share, i) => share / tall[Math.floor(i / BINS)]),
    ]);
  }

  /** @param {Float64Array} numbers */
  function draw(numbers) {
    if (!content || !box.width) return;
    const n = columns(), [low, high] = numbers, { rem, line: lead } = box;
    const up = (/** @type {number} */ log) => box.bottom - ((log - low) / (high - low)) * (box.bottom - box.chart);
    const made = [ramp(), ...bands(), ...axis(low, high, up)];
    const wide = box.column - 0.55 * rem, tall = box.hist - box.top - 2;
    /** @type {string[]} */
    const line = [];
    for (let layer = 0; layer < n; layer += 1) {
      const x = middle(layer), left = x - wide / 2, each = wide / BINS;
      if (words.heads.length) made.push(svg("text", { x, y: 0.62 * lead, class: "head" }, words.heads[layer]));
      let path = "";
      for (let bin = 0; bin < BINS; bin += 1) {
        const share = numbers[2 + 3 * n + layer * BINS + bin];
        const tallest = round(Math.max(1, share * tall)), across = round(Math.max(0.7, each - 0.35));
        if (share > 0) path += `M${round(bin * each)} ${box.hist}v${-tallest}h${across}V${box.hist}z`;
      }
      const zero = numbers[2 + 2 * n + layer] * tall;
      const zeros = { class: "zeros", x: round(20 * each), width: round(each), y: box.hist - zero, height: zero };
      made.push(
        svg("line", { x1: left, x2: left + wide, y1: box.hist + 0.5, y2: box.hist + 0.5, class: "floor" }),
        svg("g", { transform: `translate(${round(left)} 0)` },
          ...(zero > 0.5 ? [svg("rect", zeros)] : []),
          svg("path", { d: path, fill: `url(#ramp-${kind})` })),
        svg("text", { x, y: box.hist + 0.75 * lead, class: "first" }, words.first[layer]),
        svg("text", { x, y: box.hist + 1.62 * lead, class: "second" }, words.second[layer]),
      );
      const predicted = numbers[2 + n + layer];
      const pen = line.length && Number.isFinite(numbers[1 + n + layer]) ? "L" : "M";
      line.push(Number.isFinite(predicted) ? `${pen}${round(x)} ${round(up(predicted))}` : "");
    }
    if (words.unit) made.push(svg("text", { x: box.left, y: box.hist + 1.62 * lead, class: "second unit" }, words.unit));
    made.push(svg("path", { d: line.join(""), class: "predicted" }));
    for (let layer = 0; layer < n; layer += 1) {
      const log = numbers[2 + layer];
      const kind = `measured${layer === at ? " here" : ""}`;
      if (Number.isFinite(log)) made.push(svg("circle", { cx: middle(layer), cy: up(log), r: 0.27 * rem, class: kind }));
    }
    if (at !== null && content.ends[at]) {
      made.push(svg("text", { x: middle(at) - wide / 2, y: box.top + 0.5 * rem, class: "end" }, `±${content.ends[at]}`));
    }
    picture.replaceChildren(...made);
  }

  /** The histogram's colours: blue below 0, orange above; even next to 0 strong enough to be seen on their ground. */
  function ramp() {
    const wide = box.column - 0.55 * box.rem, half = [0.6, 0.8, 1];
    const stops = /** @type {[number, number][]} */ ([
      ...half.map((value) => [(1 - value) * 1.25, -value]).reverse(), ...half.map((value) => [1 - (1 - value) * 1.25, value]),
    ]);
    return svg("linearGradient", { id: `ramp-${kind}`, gradientUnits: "userSpaceOnUse", x1: 0, x2: wide },
      ...stops.map(([offset, value]) => svg("stop", { offset, "stop-color": css(colour(value, 1, "diverging", mode)) })));
  }

  /** The explained column, and the one that it reads. */
  function bands() {
    return /** @type {[number|null, string][]} */ ([[source, "source"], [at, "band"]])
      .filter(([layer]) => layer !== null && layer < columns())
      .map(([layer, name]) => svg("rect", {
        class: name, x: middle(Number(layer)) - box.column / 2 + 1, y: 1, width: box.column - 2, height: box.bottom + 0.35 * box.rem, rx: 6,
      }));
  }

  /** @param {number} low @param {number} high @param {(log: number) => number} up */
  function axis(low, high, up) {
    const made = [], span = high - low, every = Math.max(1, Math.ceil(span / Math.max(2, (box.bottom - box.chart) / (1.15 * box.rem))));
    for (let power = Math.ceil(low); power <= high + 1e-6; power += 1) {
      if ((Math.ceil(high) - power) % every) continue;
      const y = up(power), value = 10 ** power;
      const name = Math.abs(power) <= 2 ? String(+value.toPrecision(1)) : scientific(value, 0).replace("1·", "");
      made.push(svg("line", { x1: box.left, x2: box.width - 0.3 * box.rem, y1: y, y2: y, class: power === 0 ? "one" : "grid" }));
      made.push(svg("text", { x: box.left - 0.4 * box.rem, y, class: "tick" }, name));
    }
    return made;
  }

  const under = (/** @type {any} */ event, /** @type {(layer: number) => void} */ does) => {
    const layer = Math.floor((event.clientX - picture.getBoundingClientRect().left - box.left) / box.column);
    if (layer >= 0 && layer < columns()) does(layer);
  };
  picture.addEventListener("pointermove", (event) => under(event, point));
  picture.addEventListener("pointerleave", () => point(null));
  picture.addEventListener("click", (event) => under(event, choose));
  /** @type {Float64Array} */
  let last = new Float64Array(0);
  const resized = new ResizeObserver(() => {
    fit();
    if (content) tween.to(last, false);
  });
  resized.observe(host);

  return {
    host,
    /** @param {Content} next @param {Mode} now */
    update(next, now) {
      content = next;
      mode = now;
      picture.setAttribute("aria-label", next.label);
      fit();
      last = flat(next);
      tween.to(last, true);
    },
    /** Another prediction for the same measurement. @param {ArrayLike<number>} predicted */
    predict(predicted) {
      if (!content) return;
      content = { ...content, predicted };
      last = flat(content);
      tween.to(last, false);
    },
    /** Mark a column, and the one that it reads. @param {number|null} layer @param {number|null} from */
    mark(layer, from) {
      if (layer === at && from === source) return;
      at = layer;
      source = from;
      picture.toggleAttribute("data-active", layer !== null);
      tween.to(last, false);
    },
    leave() {
      tween.stop();
      resized.disconnect();
    },
  };
}

const round = (/** @type {number} */ v) => Math.round(v * 100) / 100;
const ease = (/** @type {number} */ t) => 1 - (1 - t) ** 3;

/**
 * From one set of numbers to the next, in a few frames; at once for readers who want no motion.
 * @param {(numbers: Float64Array) => void} draw
 */
function makeTween(draw) {
  /** @type {Float64Array} */
  let shown = new Float64Array(0);
  let frame = 0;

  return {
    /** @param {Float64Array} target @param {boolean} moves */
    to(target, moves) {
      cancelAnimationFrame(frame);
      const from = shown, began = performance.now();
      if (!moves || from.length !== target.length || matchMedia("(prefers-reduced-motion: reduce)").matches) {
        draw((shown = target));
        return;
      }
      const step = () => {
        const t = Math.min(1, (performance.now() - began) / TWEEN_MS), share = ease(t);
        shown = t < 1 ? target.map((value, i) => (Number.isFinite(from[i]) ? from[i] + (value - from[i]) * share : value)) : target;
        draw(shown);
        if (t < 1) frame = requestAnimationFrame(step);
      };
      step();
    },
    stop: () => cancelAnimationFrame(frame),
  };
}
