// The maps of one picture: those of a layer, each beside its kernel, the strongest first; or all, from shallow to deep.
import { el } from "shared/dom.js";
import { format, percent } from "shared/numbers.js";
import { limitOf } from "shared/thumbnail.js";
import { colourKernel, frameAt, legend, paint, picture, slices } from "./paint.js";

/** @typedef {import("./board.js").FeatureMaps} FeatureMaps */
/** @typedef {import("./board.js").Level} Level */

/** What can be chosen in a row of pills, and the label of the row. @type {Record<string, {options: string[], label: string}>} */
const CHOICES = {
  view: { options: ["maps", "kernel", "crossing", "layers"], label: "views" },
  sort: { options: ["max", "mean", "number"], label: "sort" },
  scope: { options: ["map", "layer", "all"], label: "scope" },
};
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Pills of which one is pressed. @param {FeatureMaps} lesson @param {string} name */
export function pills(lesson, name) {
  const { labels, state } = lesson, { options, label } = CHOICES[name], made = el("div", `pills ${name}`);
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", labels[label]);
  if (name !== "view") made.append(el("span", "name", labels[label]));
  for (const option of options) {
    const choose = lesson.button(`choice ${name}-${option}`, "", () => lesson.choose({ [name]: option }), labels[`${name}_${option}`]);
    choose.dataset.focus = `${name}:${option}`;
    choose.setAttribute("aria-pressed", String(state[name] === option));
    made.append(choose);
  }
  return made;
}

/** The order of the maps and the colours' range, over the maps themselves. @param {FeatureMaps} lesson */
function settings(lesson) {
  const { level, state, labels } = lesson, end = state.scope === "map" ? labels.own_largest : format(lesson.limit(level, 0), 2);
  return el("div", "settings", pills(lesson, "sort"), pills(lesson, "scope"), legend(lesson.signed(level), end, lesson.mode));
}

/** A layer's shape as people write it. @param {Level} level */
export const shapeOf = (level) => (level.kind === "linear" ? String(level.shape[0]) : level.shape.join("×"));

/** @param {FeatureMaps} lesson @param {Level} level @param {number} k @returns {string} */
export const nameOf = (lesson, level, k) => (level.kind === "linear" ? lesson.meta.classes[k] : `${lesson.labels.kernel} ${k}`);

/** The picture with a frame for what a unit sees. @param {FeatureMaps} lesson */
function inputPicture(lesson) {
  const { arrays: { input }, labels, meta: { title } } = lesson, frame = el("i", "frame");
  const canvas = picture(input.data, input.shape, lesson.mode), holder = el("div", "holder", canvas, frame);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title);
  const caption = el("figcaption", "", el("b", "", labels.input), el("span", "", title));
  return { frame, element: el("figure", "input", caption, holder, el("div", "under", input.shape.join("×"))) };
}

/**
 * A kernel as a picture: in its colours where it reads colours, else its slices.
 * @param {FeatureMaps} lesson @param {Level} level @param {number} k
 */
export function kernelPicture(lesson, level, k) {
  const weight = lesson.arrays[`w:${level.behind}`], [, ...shape] = weight.shape, size = shape.reduce((a, b) => a * b, 1);
  const values = weight.data.subarray(k * size, (k + 1) * size), limit = limitOf(weight.data);
  const coloured = Boolean(lesson.arrays[`colour:${level.behind}`]);
  return coloured ? colourKernel(values, shape, limit) : slices(values, shape, limit, lesson.mode);
}

/** @param {FeatureMaps} lesson */
export function drawMaps(lesson) {
  const { level, state, labels, pictures } = lesson, [count, height, width] = level.shape, shown = inputPicture(lesson);
  const cards = el("div", "cards"), ramp = lesson.signed(level) ? "diverging" : "sequential";
  cards.style.setProperty("--count", String(count));
  cards.classList.toggle("many", count > 8);
  cards.classList.toggle("units", height * width === 1);
  const frames = new Map();
  for (const k of lesson.order) {
    const values = lesson.maps.data.subarray(k * height * width, (k + 1) * height * width);
    const canvas = paint(values, height, width, lesson.limit(level, k), ramp, lesson.mode);
    const frame = el("i", "frame"), holder = el("div", "holder map", canvas, frame);
    listen(lesson, canvas, k, height, width);
    const empty = lesson.stat(level, 2, k), fill = el("i");
    fill.style.width = `${100 * (1 - empty)}%`;
    const strongest = format(lesson.stat(level, state.sort === "mean" ? 1 : 0, k), 2);
    const title = lesson.button("title", "", () => lesson.ask(k), el("b", "", nameOf(lesson, level, k)), el("span", "", strongest));
    title.title = labels.what_fires;
    title.dataset.focus = `title:${k}`;
    const card = el("div", "card", title, el("div", "pair", el("div", "kernel", kernelPicture(lesson, level, k)), holder),
      el("div", "empty", el("div", "rail", fill), el("span", "", `${percent(empty)} ${labels.empty}`)));
    card.dataset.k = String(k);
    frames.set(k, { frame, card });
    cards.append(card);
  }
  const head = el("div", "caption", el("b", "", labels.output), el("span", "", `${level.name} · ${shapeOf(level)}`), settings(lesson));
  pictures.replaceChildren(shown.element, el("div", "arrow", "→"), el("div", "output", head, cards));
  lesson.marked = () => {
    const { locked } = lesson, unit = /** @type {import("./board.js").Unit} */ (lesson.unit), [, high, wide] = lesson.arrays.input.shape;
    frameAt(shown.frame, lesson.field(level, unit.i, unit.j), high, wide);
    shown.frame.classList.toggle("locked", locked);
    for (const [k, { frame, card }] of frames) {
      card.classList.toggle("here", k === unit.k);
      frame.hidden = k !== unit.k;
      frame.classList.toggle("locked", locked);
      if (k === unit.k) frameAt(frame, [unit.i, unit.j, unit.i + 1, unit.j + 1], height, width);
    }
  };
}

/**
 * Pointer and keys on one map.
 * @param {FeatureMaps} lesson @param {HTMLCanvasElement} canvas @param {number} k @param {number} height @param {number} width
 */
function listen(lesson, canvas, k, height, width) {
  const at = (/** @type {MouseEvent} */ event) => {
    const inside = (/** @type {number} */ share, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, Math.floor(share * size)));
    return { k, i: inside(event.offsetY / canvas.clientHeight, height), j: inside(event.offsetX / canvas.clientWidth, width) };
  };
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", `${lesson.level.name}[${k}], ${height}×${width}. ${lesson.labels.keys}`);
  canvas.dataset.focus = `map:${k}`;
  canvas.onpointermove = (event) => lesson.hover(at(event));
  canvas.onclick = (event) => lesson.lock(at(event));
  canvas.onfocus = () => {
    if (!canvas.matches(":focus-visible") || lesson.locked || lesson.unit?.k === k) return;
    lesson.hover(lesson.peak(lesson.level, k));
  };
  canvas.onkeydown = (event) => {
    const by = ARROWS[event.key];
    if (by) lesson.walk(k, by[0], by[1]);
    else if (event.key === "Enter") lesson.lock(lesson.unit?.k === k ? lesson.unit : lesson.peak(lesson.level, k));
    else if (event.key === "Escape") lesson.release();
    else return;
    event.preventDefault();
  };
}

/** All layers from shallow to deep: the maps shrink, what a unit sees grows. @param {FeatureMaps} lesson */
export function drawHierarchy(lesson) {
  const { meta: { levels }, state, labels, arrays, pictures, mode } = lesson, shown = inputPicture(lesson);
  const [, high, wide] = arrays.input.shape;
  shown.frame.hidden = true;
  const columns = levels.map((/** @type {Level} */ level) => {
    const [count, height, width] = level.shape, y = arrays[`y:${level.name}`].data, stack = el("div", "stack");
    stack.classList.toggle("many", count > 8);
    const ramp = lesson.signed(level) ? "diverging" : "sequential";
    for (const k of Array(count).keys()) {
      const name = nameOf(lesson, level, k), values = y.subarray(k * height * width, (k + 1) * height * width);
      const map = paint(values, height, width, lesson.limit(level, k), ramp, mode);
      const tile = lesson.button("tile", `${level.name}, ${name}. ${labels.what_fires}`, () => lesson.ask(k, level.name), map);
      if (level.kind === "linear") tile.append(el("small", "", name));
      tile.dataset.focus = `tile:${level.name}:${k}`;
      tile.onpointerenter = tile.onfocus = () => {
        const { i, j } = lesson.peak(level, k), empty = `${Math.round(100 * lesson.stat(level, 2, k))} %`;
        const max = format(lesson.stat(level, 0, k), 2), size = `${height}×${width}`;
        frameAt(shown.frame, lesson.field(level, i, j), high, wide);
        lesson.tellStory(["layer", { layer: level.name, name, r: level.size, max, size, empty, count }]);
      };
      tile.onpointerleave = tile.onblur = () => {
        shown.frame.hidden = true;
        lesson.tellStory(null);
      };
      stack.append(tile);
    }
    const end = state.scope === "map" ? labels.own_largest : format(lesson.limit(level, 0), 1);
    const empty = [...Array(count).keys()].reduce((sum, k) => sum + lesson.stat(level, 2, k), 0) / count;
    return el("div", "column", el("div", "caption", el("b", "", level.name), el("span", "", shapeOf(level))), stack,
      legend(ramp === "diverging", end, mode), el("div", "under", labels.sees.replaceAll("{r}", String(level.size))),
      el("div", "under", `${percent(empty)} ${labels.empty}`));
  });
  pictures.replaceChildren(shown.element, ...columns);
}
