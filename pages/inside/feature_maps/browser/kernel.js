// One kernel on many pictures: itself, large, and the nine pictures of the data set that fire it most.
import { el } from "shared/dom.js";
import { format } from "shared/numbers.js";
import { limitOf } from "shared/thumbnail.js";
import { kernelPicture, nameOf } from "./maps.js";
import { frameAt, legend, paint, picture, slices } from "./paint.js";

/** @typedef {import("./board.js").FeatureMaps} FeatureMaps */

/** @param {FeatureMaps} lesson */
export function drawKernel(lesson) {
  const { meta: { samples }, pictures } = lesson, left = itself(lesson), arrow = el("div", "arrow", "→");
  // What was asked for is still on its way: an older answer belongs to another kernel.
  pictures.replaceChildren(left, arrow, samples && !lesson.waits ? nine(lesson) : lesson.waiting());
}

/** The kernel, and the others to choose from. @param {FeatureMaps} lesson */
function itself(lesson) {
  const { level, labels, arrays, channel: k } = lesson, weight = arrays[`w:${level.behind}`], [, ...shape] = weight.shape;
  const size = shape.reduce((a, b) => a * b, 1), limit = limitOf(weight.data), coloured = Boolean(arrays[`colour:${level.behind}`]);
  const apart = !coloured ? [] : [el("div", "apart", ...["red", "green", "blue"].map((name, c) => {
    const values = weight.data.subarray(k * size + (c * size) / 3, k * size + ((c + 1) * size) / 3);
    return el("figure", "", slices(values, [1, shape[1], shape[2]], limit, lesson.mode), el("figcaption", "", labels[name]));
  }))];
  const pick = el("div", "picker");
  for (const other of Array(level.shape[0]).keys()) {
    const chip = lesson.button("mini", nameOf(lesson, level, other), () => lesson.ask(other), kernelPicture(lesson, level, other));
    chip.dataset.focus = `mini:${other}`;
    chip.setAttribute("aria-pressed", String(other === k));
    pick.append(chip);
  }
  const note = coloured ? labels.picture_colours : `${labels.weights} ±${format(limit, 2)}`;
  const caption = el("div", "caption", el("b", "", nameOf(lesson, level, k)), el("span", "", `${level.behind} · ${shape.join("×")}`));
  return el("div", "one", caption, el("div", "large", kernelPicture(lesson, level, k)), el("div", "under", note), ...apart, pick);
}

/** The pictures that fire it most. @param {FeatureMaps} lesson */
function nine(lesson) {
  const { level, labels, meta: { samples }, arrays } = lesson, maps = arrays["samples:maps"], images = arrays["samples:images"];
  const limit = limitOf(maps.data), [, height, width] = maps.shape, ramp = lesson.signed(level) ? "diverging" : "sequential";
  const [, ...shape] = images.shape, pixels = shape.reduce((a, b) => a * b, 1), grid = el("div", "top");
  samples.names.forEach((/** @type {string} */ name, /** @type {number} */ n) => {
    const image = picture(images.data.subarray(n * pixels, (n + 1) * pixels), shape, lesson.mode);
    const frame = el("i", "frame"), place = el("i", "frame");
    frameAt(frame, samples.boxes[n], shape[1], shape[2]);
    const map = paint(maps.data.subarray(n * height * width, (n + 1) * height * width), height, width, limit, ramp, lesson.mode);
    const [i, j] = samples.units[n], [top, start, bottom, end] = samples.boxes[n], value = format(samples.values[n], 2);
    frameAt(place, [i, j, i + 1, j + 1], height, width);
    const item = lesson.button("sample", labels.take.replace("{name}", name), () => lesson.act("take", samples.index[n]),
      el("span", "both", el("span", "holder", image, frame), el("span", "holder", map, place)),
      el("span", "words", el("b", "", value), el("small", "", name)));
    item.dataset.focus = `sample:${n}`;
    const facts = { picture: name, value, i, j, top, left: start, bottom: bottom - 1, right: end - 1 };
    item.onpointerenter = item.onfocus = () => lesson.tellStory(["sample", facts]);
    item.onpointerleave = item.onblur = () => lesson.tellStory(null);
    grid.append(item);
  });
  const words = el("span", "", labels.top.replace("{count}", samples.count.toLocaleString("en")));
  const ends = legend(ramp === "diverging", format(limit, 2), lesson.mode);
  return el("div", "output", el("div", "caption", el("b", "", level.name), words, ends), grid);
}
