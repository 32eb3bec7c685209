// What a plot draws: its grid, curves, areas, bars, points and their labels, as SVG.
import { colour, css } from "./colours.js";
import { ticksOf } from "./scales.js";

/** @typedef {import("./colours.js").Mode} Mode */
/** @typedef {ReturnType<typeof import("./scales.js").makeScale>} Scale */
/** @typedef {{left: number, right: number, top: number, bottom: number, rem: number}} Box */
/** @typedef {"strong"|"plain"|"faint"|"accent"|"pos"|"neg"} Look  accent is for what the learner holds, never for data */
/** fixed: its arrays are never written to again, so its path may be kept.
 * @typedef {{id?: string, x: ArrayLike<number>, y: ArrayLike<number>, label?: string, look?: Look, dash?: boolean,
 *   fixed?: boolean}} Curve */
/** @typedef {{x: ArrayLike<number>, low?: ArrayLike<number>, high: ArrayLike<number>, look?: Look}} Area  `low` is 0 unless given */
/** With `limit`, each bar has the diverging map's colour of its middle.
 * @typedef {{edges: ArrayLike<number>, counts: ArrayLike<number>, look?: Look, limit?: number, sideways?: boolean}} Bars */
/** @typedef {{x?: number, y?: number, label?: string, look?: Look, dash?: boolean}} Rule  a straight line across the plot */
/** bare: only its words; at: where these stand.
 * @typedef {{x: number, y: number, label?: string, look?: Look, open?: boolean, bare?: boolean,
 *   at?: "ne"|"nw"|"se"|"sw"|"c"}} Point */

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, string|number>} [attributes] @param {...(Node|string)} inside */
export function svg(tag, attributes = {}, ...inside) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...inside);
  return made;
}

const FAR = 1e4;

/** A pixel as an attribute; not a number where there is none. @param {number} v */
const round = (v) => (Number.isFinite(v) ? Math.round(Math.max(-FAR, Math.min(FAR, v)) * 100) / 100 : NaN);

/**
 * Axes: a tick's words never meet the next one's.
 * @param {Scale} x @param {Scale} y @param {Box} box @param {(words: string) => number} wide
 */
export function grid(x, y, box, wide) {
  const group = svg("g", { class: "grid" });
  for (const { value, text } of ticksOf(y.axis, Math.max(2, (box.bottom - box.top) / (2.4 * box.rem)))) {
    const at = round(y.at(value));
    group.append(svg("line", { x1: box.left, x2: box.right, y1: at, y2: at, class: value === 0 ? "zero" : "" }));
    group.append(svg("text", { x: box.left - 0.4 * box.rem, y: at, class: "tick end" }, text));
  }
  const ticks = ticksOf(x.axis, Math.max(2, (box.right - box.left) / (3.4 * box.rem)));
  for (const { value, text } of thinned(ticks, x, (text) => wide(text) + 0.5 * box.rem)) {
    const at = round(x.at(value));
    group.append(svg("line", { x1: at, x2: at, y1: box.top, y2: box.bottom, class: value === 0 ? "zero" : "" }));
    group.append(svg("text", { x: at, y: box.bottom + 0.8 * box.rem, class: "tick middle" }, text));
  }
  if (x.axis.label) group.append(svg("text", { x: box.right, y: box.bottom + 1.75 * box.rem, class: "name end" }, x.axis.label));
  if (y.axis.label) group.append(svg("text", { x: box.left, y: box.top - 0.7 * box.rem, class: "name" }, y.axis.label));
  return group;
}

/**
 * Every tick, or every second, third, … so that each has the room that its words take.
 * @param {import("./scales.js").Tick[]} ticks @param {Scale} x @param {(text: string) => number} room
 */
function thinned(ticks, x, room) {
  const meets = (/** @type {import("./scales.js").Tick[]} */ some) =>
    some.some(({ value, text }, i) => i > 0 && x.at(value) - x.at(some[i - 1].value) < (room(text) + room(some[i - 1].text)) / 2);
  for (let every = 1; ; every += 1) {
    const some = ticks.filter((_, i) => i % every === 0);
    if (some.length < 2 || !meets(some)) return some;
  }
}

/** @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys @param {Scale} x @param {Scale} y */
function path(xs, ys, x, y) {
  let drawn = "", pen = "M";
  for (let i = 0; i < xs.length; i += 1) {
    const right = x.at(xs[i]), up = y.at(ys[i]);
    if (!Number.isFinite(right) || !Number.isFinite(up)) { pen = "M"; continue; }
    drawn += `${pen}${round(right)} ${round(up)}`;
    pen = "L";
  }
  return drawn;
}

/** Paths of fixed curves, by their heights. @type {WeakMap<object, {key: string, d: string}>} */
const KEPT = new WeakMap();

/** @param {Curve} curve @param {Scale} x @param {Scale} y */
export function line(curve, x, y) {
  const key = [
    x.at(x.axis.low), x.at(x.axis.high), x.axis.low, x.axis.high, y.at(y.axis.low), y.at(y.axis.high), y.axis.low, y.axis.high,
  ].join();
  const kept = curve.fixed ? KEPT.get(curve.y) : undefined, d = kept?.key === key ? kept.d : path(curve.x, curve.y, x, y);
  if (curve.fixed) KEPT.set(curve.y, { key, d });
  return svg("path", { class: `curve ${curve.look ?? "strong"}${curve.dash ? " dash" : ""}`, d, "data-id": curve.id ?? "" });
}

/** @param {Area} area @param {Scale} x @param {Scale} y */
export function filled(area, x, y) {
  const floor = area.low ?? Array.from(area.x, () => y.axis.log ? y.axis.low : 0);
  const back = { xs: Array.from(area.x).reverse(), ys: Array.from(floor).reverse() };
  const over = path(area.x, area.high, x, y), under = path(back.xs, back.ys, x, y).replace("M", "L");
  return svg("path", { class: `area ${area.look ?? "plain"}`, d: over && under && `${over}${under}Z` });
}

/** @param {Bars} bars @param {Scale} x @param {Scale} y @param {Mode} mode */
export function histogram(bars, x, y, mode) {
  const group = svg("g", { class: `bars ${bars.limit ? "" : bars.look ?? "plain"}` });
  const [along, up] = bars.sideways ? [y, x] : [x, y];
  const floor = up.at(up.axis.log ? up.axis.low : Math.max(0, up.axis.low));
  for (let i = 0; i < bars.counts.length; i += 1) {
    if (!bars.counts[i]) continue;
    const [a, b] = [along.at(bars.edges[i]), along.at(bars.edges[i + 1])];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    const end = up.at(up.clamp(bars.counts[i])), first = Math.min(a, b);
    const thick = Math.max(0.75, Math.abs(b - a) - (Math.abs(b - a) > 4 ? 1 : 0));
    const long = Math.max(1, Math.abs(end - floor)), start = Math.min(end, floor);
    const place = bars.sideways ? { x: start, y: first, width: long, height: thick } : { x: first, y: start, width: thick, height: long };
    const bar = svg("rect", Object.fromEntries(Object.entries(place).map(([name, value]) => [name, round(value)])));
    // Half of the bin around 0 is negative: it has neither colour.
    const middle = bars.edges[i] < -1e-9 && bars.edges[i + 1] > 1e-9;
    if (bars.limit && middle) bar.setAttribute("style", "fill:var(--mute)");
    else if (bars.limit) bar.setAttribute("style", `fill:${css(ownColour((bars.edges[i] + bars.edges[i + 1]) / 2, bars.limit, mode))}`);
    group.append(bar);
  }
  return group;
}

/** A bar near 0 must be seen too: it has the colour of 40 % of the limit.
 * @param {number} middle @param {number} limit @param {Mode} mode */
const ownColour = (middle, limit, mode) =>
  colour((middle < 0 ? -1 : 1) * Math.max(Math.abs(middle), 0.4 * limit), limit, "diverging", mode);

/** @param {Rule} rule @param {Scale} x @param {Scale} y @param {Box} box */
export function ruler(rule, x, y, box) {
  const upright = rule.x !== undefined, at = round(upright ? x.at(rule.x ?? 0) : y.at(rule.y ?? 0));
  if (!Number.isFinite(at)) return svg("g");
  const ends = upright ? { x1: at, x2: at, y1: box.top, y2: box.bottom } : { x1: box.left, x2: box.right, y1: at, y2: at };
  return svg("g", { class: `rule ${rule.look ?? "plain"}` }, svg("line", { ...ends, class: rule.dash ? "dash" : "" }));
}

/**
 * What stands at a rule, above whatever the curves do; at an upright one a line lower where other words stand already.
 * @param {Rule} rule @param {Scale} x @param {Scale} y @param {Box} box
 * @param {(words: string) => number} wide @param {{left: number, right: number, at: number}[]} taken
 */
export function rulerWords(rule, x, y, box, wide, taken) {
  const group = svg("g", { class: `rule ${rule.look ?? "plain"}` });
  if (!rule.label) return group;
  const upright = rule.x !== undefined, at = round(upright ? x.at(rule.x ?? 0) : y.at(rule.y ?? 0));
  if (!Number.isFinite(at)) return group;
  const near = upright ? at > box.right - 6 * box.rem : at < box.top + 1.2 * box.rem;
  const place = upright
    ? { x: at + (near ? -0.35 : 0.35) * box.rem, y: box.top + 0.6 * box.rem, class: near ? "end" : "" }
    : { x: box.right - 0.2 * box.rem, y: at + (near ? 0.65 : -0.65) * box.rem, class: "end" };
  const width = wide(rule.label), left = place.class ? place.x - width : place.x, right = left + width;
  const meets = (/** @type {{left: number, right: number, at: number}} */ other) =>
    other.left < right && left < other.right && Math.abs(other.at - place.y) < 0.9 * box.rem;
  while (upright && place.y < box.bottom - 2 * box.rem && taken.some(meets)) place.y += 0.5 * box.rem;
  taken.push({ left, right, at: place.y });
  group.append(svg("text", place, rule.label));
  return group;
}

/** @param {Point} point @param {Scale} x @param {Scale} y @param {Box} box */
export function dot(point, x, y, box) {
  const [cx, cy] = [round(x.at(point.x)), round(y.at(point.y))];
  const group = svg("g", { class: `point ${point.look ?? "strong"}${point.open ? " open" : ""}` });
  if (!Number.isFinite(cx) || !Number.isFinite(cy)) return group;
  if (!point.bare) group.append(svg("circle", { cx, cy, r: round(0.26 * box.rem) }));
  if (point.label) {
    const where = point.at ?? (cx > box.right - 5 * box.rem ? "nw" : "ne"), left = where.endsWith("w");
    const place = where === "c" ? { x: cx, y: cy, class: "middle" }
      : { x: cx + (left ? -0.5 : 0.5) * box.rem, y: cy + (where.startsWith("s") ? 0.75 : -0.6) * box.rem, class: left ? "end" : "" };
    group.append(svg("text", place, point.label));
  }
  return group;
}

/**
 * The curves' names at their right ends, moved apart so that none covers another.
 * @param {Curve[]} curves @param {Scale} x @param {Scale} y @param {Box} box
 */
export function names(curves, x, y, box) {
  const group = svg("g", { class: "names" });
  const apart = 1.08 * box.rem;
  const placed = curves.filter((curve) => curve.label && curve.x.length).map((curve) => {
    let last = curve.x.length - 1;
    const seen = (/** @type {number} */ i) => curve.x[i] <= x.axis.high && curve.y[i] <= y.axis.high && curve.y[i] >= y.axis.low;
    while (last > 0 && !seen(last)) last -= 1;
    const end = Math.max(box.top + 0.3 * box.rem, Math.min(box.bottom - 0.3 * box.rem, y.at(curve.y[last])));
    return { curve, end, at: end, x: Math.min(box.right, x.at(curve.x[last])) };
  }).filter((one) => Number.isFinite(one.end) && Number.isFinite(one.x)).sort((a, b) => a.end - b.end);
  placed.forEach((one, i) => { if (i) one.at = Math.max(one.at, placed[i - 1].at + apart); });
  for (let i = placed.length - 1, low = box.bottom; i >= 0; i -= 1, low = placed[i + 1].at - apart) {
    placed[i].at = Math.min(placed[i].at, low);
  }
  for (const one of placed) {
    const from = one.x + 0.15 * box.rem, to = box.right + 0.6 * box.rem;
    if (Math.abs(one.at - one.end) > 2 || to - from > box.rem) {
      group.append(svg("path", { class: "lead", d: `M${round(from)} ${round(one.end)}L${round(to - 2)} ${round(one.at)}` }));
    }
    const place = { x: to, y: round(one.at), class: `name ${one.curve.look ?? "strong"}`, "data-id": one.curve.id ?? "" };
    group.append(svg("text", place, one.curve.label ?? ""));
  }
  return group;
}
