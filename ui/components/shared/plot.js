// A small plot: axes, curves, areas, bars, names at the curves' ends, a cursor that reads them off, and handles.
// Its looks stand in plot.css, its colours in the theme; a how-to is the typedef Drawing below.
import { el } from "./dom.js";
import { format } from "./numbers.js";
import { makeHandles, wordsOf } from "./plot_handles.js";
import { dot, filled, grid, histogram, line, names, ruler, rulerWords, svg } from "./plot_marks.js";
import { heightAt, makeScale } from "./scales.js";

/** @typedef {import("./colours.js").Mode} Mode */
/** @typedef {import("./plot_handles.js").Place} Place */
/** @typedef {[string, string, string?]} Row  a name, a value, and the look of its curve */
/**
 * @typedef {object} Drawing
 * @property {import("./scales.js").Axis} x
 * @property {import("./scales.js").Axis} y
 * @property {import("./plot_marks.js").Curve[]} [curves]
 * @property {import("./plot_marks.js").Area[]} [areas]
 * @property {import("./plot_marks.js").Bars[]} [bars]
 * @property {import("./plot_marks.js").Rule[]} [rules]
 * @property {import("./plot_marks.js").Point[]} [points]
 * @property {import("./plot_handles.js").Handle[]} [handles]
 */
/**
 * @typedef {object} Options
 * @property {string} label                                 what the plot shows, for a screen reader
 * @property {boolean} [reads]                              whether it has a cursor; yes unless said
 * @property {(x: number) => {title: string, rows: Row[]}|null} [tell]  the cursor's words; the curves' heights unless given
 * @property {(x: number|null) => void} [moved]             the cursor went there (null: it left)
 * @property {(x: number) => void} [chosen]                 a click, or Enter, at x
 * @property {(x: number) => number} [snap]                 where the cursor may stand
 * @property {(id: string, place: Place) => void} [drag]    a handle is on its way
 * @property {(id: string, place: Place) => void} [drop]    and has arrived
 * @property {{left?: number, right?: number, top?: number, bottom?: number}} [margin]  in rem, where the usual won't do
 */

/** A plot's type, in its own unit: a rem, unless a style sheet gives its type another size, which all else follows. */
const TYPE = 0.8;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10, Home: -1e9, End: 1e9 };

/**
 * @param {HTMLElement} host its size is the plot's
 * @param {Options} options
 */
export function makePlot(host, options) {
  const still = svg("g", { "aria-hidden": "true" }), reading = svg("g", { class: "reading" }), held = svg("g", { class: "handles" });
  const clip = svg("rect"), clipId = `clip-${Math.random().toString(36).slice(2)}`;
  const picture = svg("svg", { class: "plot", "aria-label": options.label },
    svg("clipPath", { id: clipId }, clip), still, reading, held);
  const card = el("div", "plot-card");
  card.setAttribute("role", "status");
  card.hidden = true;
  host.classList.add("plot-host");
  host.append(picture, card);
  const reads = options.reads ?? true;
  if (reads) picture.setAttribute("tabindex", "0");
  const handles = makeHandles(held, { drag: (id, place) => options.drag?.(id, place), drop: (id, place) => options.drop?.(id, place) });
  /** @type {Drawing|null} */
  let drawing = null;
  /** @type {Mode} */
  let mode = "light";
  /** @type {number|null} */
  let cursor = null;
  let room = { width: 0, height: 0, rem: 15 };
  let box = { left: 0, right: 1, top: 0, bottom: 1, rem: 15 };
  let x = makeScale({ low: 0, high: 1 }, 0, 1), y = x;
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

  /** Its size and type: asked for when they change, since each question makes the browser lay the page out anew. */
  function measure() {
    const { fontSize, fontFamily } = getComputedStyle(picture), rem = parseFloat(fontSize) / TYPE;
    room = { width: host.clientWidth, height: host.clientHeight, rem };
    pen.font = `600 ${0.78 * rem}px ${fontFamily}`;
  }

  function draw() {
    if (!room.width) measure();
    if (!drawing || !room.width) return;
    const d = drawing, { width, height, rem } = room, margin = options.margin ?? {};
    const widest = Math.max(0, ...(d.curves ?? []).map((curve) => (curve.label ? pen.measureText(curve.label).width : 0)));
    box = {
      rem,
      left: (margin.left ?? 2.4) * rem,
      right: width - (margin.right !== undefined ? margin.right * rem : widest ? widest + 0.9 * rem : 0.9 * rem),
      top: (margin.top ?? (d.y.label ? 1.5 : 0.6)) * rem,
      bottom: height - (margin.bottom ?? (d.x.label ? 2.3 : 1.5)) * rem,
    };
    x = makeScale(d.x, box.left, box.right);
    y = makeScale(d.y, box.bottom, box.top);
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const [across, down] = [Math.max(0, box.right - box.left), Math.max(0, box.bottom - box.top + 4)];
    for (const [name, value] of Object.entries({ x: box.left, y: box.top - 2, width: across, height: down })) {
      clip.setAttribute(name, String(value));
    }
    const inside = svg("g", { "clip-path": `url(#${clipId})` });
    for (const bars of d.bars ?? []) inside.append(histogram(bars, x, y, mode));
    for (const area of d.areas ?? []) inside.append(filled(area, x, y));
    for (const curve of d.curves ?? []) inside.append(line(curve, x, y));
    const wide = (/** @type {string} */ words) => pen.measureText(words).width;
    const rules = (d.rules ?? []).map((rule) => ruler(rule, x, y, box)), level = (d.rules ?? []).filter((rule) => rule.x === undefined);
    const upright = (d.rules ?? []).filter((rule) => rule.x !== undefined);
    // Where words stand that don't give way: those at the handles.
    const taken = (d.handles ?? []).filter((handle) => handle.text).map((handle) => {
      const said = wordsOf(handle, x, y, rem), long = wide(handle.text ?? "");
      return { left: said.left ? said.x - long : said.x, right: said.left ? said.x : said.x + long, at: said.y };
    });
    const said = [...level, ...upright].map((rule) => rulerWords(rule, x, y, box, wide, taken));
    const points = (d.points ?? []).map((point) => dot(point, x, y, box));
    still.replaceChildren(grid(x, y, box, wide), ...rules, inside, ...said, ...points, names(d.curves ?? [], x, y, box));
    handles.update(d.handles ?? [], x, y, rem);
    // What can be dragged must be found inside; a picture is one thing, and says itself what it shows.
    picture.setAttribute("role", d.handles?.length ? "group" : "img");
    read();
  }

  /** What the curves say at x. @param {number} at */
  function heights(at) {
    const curves = (drawing?.curves ?? []).filter((curve) => curve.label);
    return {
      title: `${drawing?.x.label ?? "x"} = ${format(at, 2)}`,
      rows: curves.map((curve) =>
        /** @type {Row} */ ([curve.label ?? "", format(heightAt(curve.x, curve.y, at), 3), curve.look ?? "strong"])),
    };
  }

  /** Draw the cursor, its dots and its card. */
  function read() {
    const said = cursor === null ? null : (options.tell ?? heights)(cursor);
    reading.replaceChildren();
    card.hidden = !said;
    if (cursor === null || !said) return;
    const at = x.at(cursor);
    if (!Number.isFinite(at)) return;
    reading.append(svg("line", { x1: at, x2: at, y1: box.top, y2: box.bottom }));
    for (const curve of drawing?.curves ?? []) {
      const up = y.at(heightAt(curve.x, curve.y, cursor)), look = curve.look ?? "strong";
      if (up >= box.top - 2 && up <= box.bottom + 2) reading.append(svg("circle", { cx: at, cy: up, r: 0.24 * box.rem, class: look }));
    }
    const rows = said.rows.flatMap(([name, value, look]) => [el("span", look ?? "", name), el("i", look ?? "", value)]);
    card.replaceChildren(el("b", "", said.title), ...rows);
    const right = at + 0.9 * box.rem, fits = right + card.offsetWidth < room.width;
    card.style.left = `${Math.max(0, fits ? right : at - 0.9 * box.rem - card.offsetWidth)}px`;
    card.style.top = `${box.top}px`;
  }

  /** @param {number|null} to */
  function go(to) {
    const next = to === null ? null : x.clamp(options.snap ? options.snap(x.clamp(to)) : to);
    if (next === cursor) return;
    cursor = next;
    read();
    options.moved?.(cursor);
  }

  if (reads) {
    picture.addEventListener("pointermove", (event) => {
      const at = event.clientX - picture.getBoundingClientRect().left;
      go(at < box.left - 4 || at > box.right + 4 ? null : x.value(at));
    });
    picture.addEventListener("pointerleave", () => go(null));
    // A handle keeps its press to itself; the click that follows a drag is none.
    let pressed = false;
    picture.addEventListener("pointerdown", () => { pressed = true; });
    picture.addEventListener("click", () => {
      if (pressed && cursor !== null) options.chosen?.(cursor);
      pressed = false;
    });
    const middle = () => x.value((box.left + box.right) / 2);
    picture.addEventListener("focus", () => { if (picture.matches(":focus-visible") && cursor === null) go(middle()); });
    picture.addEventListener("blur", () => go(null));
    picture.addEventListener("keydown", (event) => {
      if (event.target !== picture || !drawing) return;
      const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
      if (step !== undefined) go(Math.abs(step) > 1e8 ? x.axis[step < 0 ? "low" : "high"] : x.move(cursor ?? middle(), step));
      else if (event.key === "Enter" && cursor !== null) options.chosen?.(cursor);
      else if (event.key === "Escape") go(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
  new ResizeObserver(() => {
    // Another plot may have taken its place in the host; type that isn't on the page has no size.
    if (!picture.isConnected) return;
    measure();
    draw();
  }).observe(host);

  return {
    picture,
    /** @param {Drawing} next @param {Mode} [now] */
    update(next, now = mode) {
      drawing = next;
      mode = now;
      draw();
    },
    /** Put the cursor somewhere from outside, as a linked plot does. @param {number|null} at */
    cursor(at) {
      cursor = at;
      read();
    },
  };
}
