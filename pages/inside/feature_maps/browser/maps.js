// Many kernels on one picture: each kernel beside its map, the strongest first.
import { el } from "shared/dom.js";
import { format } from "shared/numbers.js";
import { limitOf } from "shared/thumbnail.js";
import { settings, shapeOf } from "./bar.js";
import { colourKernel, frameAt, paint, picture, slices } from "./paint.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The picture with a frame for what a unit sees. @param {any} lesson */
export function inputPicture(lesson) {
  const { arrays, meta: { labels, title } } = lesson, frame = el("i", "frame");
  const canvas = picture(arrays.input.data, arrays.input.shape, lesson.mode), holder = el("div", "holder", canvas, frame);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title);
  const shape = arrays.input.shape;
  return { frame, element: el("figure", "input", el("figcaption", "", el("b", "", labels.input), el("span", "", title)), holder, el("div", "under", shape.join("×"))) };
}

/** A kernel as a picture: in its colours where it reads colours, else its slices. @param {any} lesson @param {any} level @param {number} k */
export function kernelPicture(lesson, level, k) {
  const weight = lesson.arrays[`w:${level.behind}`], [, ...shape] = weight.shape, size = shape.reduce((a, b) => a * b, 1);
  const values = weight.data.subarray(k * size, (k + 1) * size), limit = limitOf(weight.data);
  const coloured = Boolean(lesson.arrays[`colour:${level.behind}`]);
  return coloured ? colourKernel(values, shape, limit) : slices(values, shape, limit, lesson.mode);
}

export const nameOf = (lesson, level, k) => (level.kind === "linear" ? lesson.meta.classes[k] : `${lesson.meta.labels.kernel} ${k}`);

/** @param {any} lesson */
export function drawMaps(lesson) {
  const { level, meta: { labels }, pictures } = lesson, [count, height, width] = level.shape, shown = inputPicture(lesson);
  const cards = el("div", "cards");
  cards.style.setProperty("--count", String(count));
  cards.classList.toggle("many", count > 8);
  cards.classList.toggle("units", height * width === 1);
  const frames = new Map();
  for (const k of lesson.order) {
    const values = lesson.maps.data.subarray(k * height * width, (k + 1) * height * width);
    const canvas = paint(values, height, width, lesson.limit(level, k), lesson.signed(level) ? "diverging" : "sequential", lesson.mode);
    const frame = el("i", "frame"), holder = el("div", "holder map", canvas, frame);
    listen(lesson, canvas, k, height, width);
    const empty = lesson.stat(level, 2, k), fill = el("i");
    fill.style.width = `${100 * (1 - empty)}%`;
    const title = lesson.button("title", "", () => lesson.choose({ view: "kernel", channel: k, cell: null }), el("b", "", nameOf(lesson, level, k)), el("span", "", format(lesson.stat(level, lesson.chosen.sort === "mean" ? 1 : 0, k), 2)));
    title.title = labels.what_fires;
    title.dataset.focus = `title:${k}`;
    const card = el("div", "card", title, el("div", "pair", el("div", "kernel", kernelPicture(lesson, level, k)), holder),
      el("div", "empty", el("div", "rail", fill), el("span", "", `${Math.round(100 * empty)} % ${labels.empty}`)));
    card.dataset.k = String(k);
    frames.set(k, { frame, card });
    cards.append(card);
  }
  const head = el("div", "caption", el("b", "", labels.output), el("span", "", `${level.name} · ${shapeOf(level)}`), settings(lesson));
  pictures.replaceChildren(shown.element, el("div", "arrow", "→"), el("div", "output", head, cards));
  lesson.marked = () => {
    const { unit } = lesson;
    frameAt(shown.frame, ...lesson.field(level, unit.i, unit.j), ...lesson.arrays.input.shape.slice(1));
    shown.frame.classList.toggle("locked", lesson.locked);
    for (const [k, { frame, card }] of frames) {
      card.classList.toggle("here", k === unit.k);
      frame.hidden = k !== unit.k;
      frame.classList.toggle("locked", lesson.locked);
      if (k === unit.k) frameAt(frame, unit.i, unit.j, unit.i + 1, unit.j + 1, height, width);
    }
  };
}

/** Pointer and keys on one map. */
function listen(lesson, canvas, k, height, width) {
  const at = (event) => {
    const inside = (share, size) => Math.max(0, Math.min(size - 1, Math.floor(share * size)));
    return { k, i: inside(event.offsetY / canvas.clientHeight, height), j: inside(event.offsetX / canvas.clientWidth, width) };
  };
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", `${lesson.level.name}[${k}], ${height}×${width}. ${lesson.meta.labels.keys}`);
  canvas.dataset.focus = `map:${k}`;
  canvas.onpointermove = (event) => lesson.hover(at(event));
  canvas.onclick = (event) => lesson.lock(at(event));
  canvas.onfocus = () => {
    if (!canvas.matches(":focus-visible") || lesson.locked || lesson.unit.k === k) return;
    lesson.hover(lesson.peak(lesson.level, k));
  };
  canvas.onkeydown = (event) => {
    const by = ARROWS[event.key];
    if (by) lesson.walk(k, by[0], by[1]);
    else if (event.key === "Enter") lesson.lock(lesson.unit.k === k ? lesson.unit : lesson.peak(lesson.level, k));
    else if (event.key === "Escape") lesson.release();
    else return;
    event.preventDefault();
  };
}
