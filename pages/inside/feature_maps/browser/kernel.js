// One kernel on many pictures: itself, large, and the nine pictures of the data set that fire it most.
import { el } from "shared/dom.js";
import { format } from "shared/numbers.js";
import { limitOf } from "shared/thumbnail.js";
import { legend } from "./bar.js";
import { kernelPicture, nameOf } from "./maps.js";
import { frameAt, paint, picture, slices } from "./paint.js";

/** @param {any} lesson */
export function drawKernel(lesson) {
  const { level, meta: { labels, samples }, arrays, pictures } = lesson, k = lesson.channel;
  const weight = arrays[`w:${level.behind}`], [, ...shape] = weight.shape, size = shape.reduce((a, b) => a * b, 1);
  const large = kernelPicture(lesson, level, k), coloured = Boolean(arrays[`colour:${level.behind}`]);
  const apart = coloured ? [el("div", "apart", ...["red", "green", "blue"].map((name, c) => el("figure", "", slices(weight.data.subarray(k * size + (c * size) / 3, k * size + ((c + 1) * size) / 3), [1, shape[1], shape[2]], limitOf(weight.data), lesson.mode), el("figcaption", "", labels[name]))))] : [];
  const pick = el("div", "picker");
  for (const other of Array(level.shape[0]).keys()) {
    const chip = lesson.button("mini", nameOf(lesson, level, other), () => lesson.choose({ channel: other, cell: null }), kernelPicture(lesson, level, other));
    chip.dataset.focus = `mini:${other}`;
    chip.setAttribute("aria-pressed", String(other === k));
    pick.append(chip);
  }
  const note = coloured ? labels.picture_colours : `${labels.weights} ±${format(limitOf(weight.data), 2)}`;
  const left = el("div", "one", el("div", "caption", el("b", "", nameOf(lesson, level, k)), el("span", "", `${level.behind} · ${shape.join("×")}`)), el("div", "large", large), el("div", "under", note), ...apart, pick);
  // What was asked for is still on its way: an older answer belongs to another kernel.
  if (!samples || lesson.waits) {
    pictures.replaceChildren(left, el("div", "arrow", "→"), lesson.waiting());
    return;
  }
  const maps = arrays["samples:maps"], limit = limitOf(maps.data), [, height, width] = maps.shape, ramp = lesson.signed(level) ? "diverging" : "sequential";
  const [, ...imageShape] = arrays["samples:images"].shape, pixels = imageShape.reduce((a, b) => a * b, 1);
  const grid = el("div", "top");
  samples.names.forEach((name, n) => {
    const image = picture(arrays["samples:images"].data.subarray(n * pixels, (n + 1) * pixels), imageShape, lesson.mode), frame = el("i", "frame"), place = el("i", "frame");
    frameAt(frame, ...samples.boxes[n], imageShape[1], imageShape[2]);
    const map = paint(maps.data.subarray(n * height * width, (n + 1) * height * width), height, width, limit, ramp, lesson.mode), [i, j] = samples.units[n];
    frameAt(place, i, j, i + 1, j + 1, height, width);
    const item = lesson.button("sample", labels.take.replace("{name}", name), () => lesson.take(samples.index[n]),
      el("span", "both", el("span", "holder", image, frame), el("span", "holder", map, place)), el("span", "words", el("b", "", format(samples.values[n], 2)), el("small", "", name)));
    item.dataset.focus = `sample:${n}`;
    const [top, left_, bottom, right] = samples.boxes[n];
    item.onpointerenter = item.onfocus = () => lesson.tellStory("sample", { picture: name, value: format(samples.values[n], 2), i, j, top, left: left_, bottom: bottom - 1, right: right - 1 });
    item.onpointerleave = item.onblur = () => {
      lesson.story = null;
      lesson.refresh();
    };
    grid.append(item);
  });
  const head = el("div", "caption", el("b", "", level.name), el("span", "", labels.top.replace("{count}", samples.count.toLocaleString("en"))), legend(lesson, ramp === "diverging", format(limit, 2)));
  pictures.replaceChildren(left, el("div", "arrow", "→"), el("div", "output", head, grid));
}
