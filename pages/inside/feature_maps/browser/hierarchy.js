// All layers from shallow to deep: the maps shrink, what a unit sees grows.
import { el } from "shared/dom.js";
import { format } from "shared/numbers.js";
import { legend, shapeOf } from "./bar.js";
import { inputPicture, nameOf } from "./maps.js";
import { frameAt, paint } from "./paint.js";

/** @param {any} lesson */
export function drawHierarchy(lesson) {
  const { meta: { labels, levels }, pictures } = lesson, shown = inputPicture(lesson);
  shown.frame.hidden = true;
  const columns = levels.map((level) => {
    const [count, height, width] = level.shape, y = lesson.arrays[`y:${level.name}`].data, stack = el("div", "stack");
    stack.classList.toggle("many", count > 8);
    const ramp = lesson.signed(level) ? "diverging" : "sequential";
    for (const k of Array(count).keys()) {
      const map = paint(y.subarray(k * height * width, (k + 1) * height * width), height, width, lesson.limit(level, k), ramp, lesson.mode);
      const tile = lesson.button("tile", `${level.name}, ${nameOf(lesson, level, k)}. ${labels.what_fires}`, () => lesson.choose({ layer: level.name, view: "kernel", channel: k, cell: null }), map);
      if (level.kind === "linear") tile.append(el("small", "", nameOf(lesson, level, k)));
      tile.dataset.focus = `tile:${level.name}:${k}`;
      const point = () => {
        const { i, j } = lesson.peak(level, k);
        frameAt(shown.frame, ...lesson.field(level, i, j), ...lesson.arrays.input.shape.slice(1));
        lesson.tellStory("layer", { layer: level.name, name: nameOf(lesson, level, k), r: level.size, max: format(lesson.stat(level, 0, k), 2), size: `${height}×${width}`, empty: `${Math.round(100 * lesson.stat(level, 2, k))} %`, count });
      };
      tile.onpointerenter = tile.onfocus = point;
      tile.onpointerleave = tile.onblur = () => {
        shown.frame.hidden = true;
        lesson.story = null;
        lesson.refresh();
      };
      stack.append(tile);
    }
    const end = lesson.chosen.scope === "map" ? labels.own_largest : format(lesson.limit(level, 0), 1);
    const empty = [...Array(count).keys()].reduce((sum, k) => sum + lesson.stat(level, 2, k), 0) / count;
    return el("div", "column", el("div", "caption", el("b", "", level.name), el("span", "", shapeOf(level))), stack,
      legend(lesson, ramp === "diverging", end), el("div", "under", labels.sees.replaceAll("{r}", level.size)), el("div", "under", `${Math.round(100 * empty)} % ${labels.empty}`));
  });
  pictures.replaceChildren(shown.element, ...columns);
}
