// Kernels and pictures. One kernel on many pictures: itself, large, and the nine of the data set that fire it most. And every
// kernel on a picture of every class: a row is one picture and many kernels, a column one kernel on many pictures.
import { el, fill } from "shared/dom.js";
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
    const item = lesson.button("sample", fill(labels.take, { name }), () => lesson.act("take", samples.index[n]),
      el("span", "both", el("span", "holder", image, frame), el("span", "holder", map, place)),
      el("span", "words", el("b", "", value), el("small", "", name)));
    item.dataset.focus = `sample:${n}`;
    const facts = { picture: name, value, i, j, top, left: start, bottom: bottom - 1, right: end - 1 };
    item.onpointerenter = item.onfocus = () => lesson.tellStory(["sample", facts]);
    item.onpointerleave = item.onblur = () => lesson.tellStory(null);
    grid.append(item);
  });
  const words = el("span", "", fill(labels.top, { count: samples.count.toLocaleString("en") }));
  const ends = legend(ramp === "diverging", format(limit, 2), lesson.mode);
  return el("div", "output", el("div", "caption", el("b", "", level.name), words, ends), grid);
}

/** @param {FeatureMaps} lesson */
export function drawCrossing(lesson) {
  const { level, labels, meta: { table }, arrays, pictures } = lesson;
  // What was asked for is still on its way: an older answer belongs to another layer.
  if (!table || lesson.waits) {
    pictures.replaceChildren(lesson.waiting());
    return;
  }
  const maps = arrays["table:maps"], [rows, count, height, width] = maps.shape, fires = arrays["table:fires"].data;
  const [, ...shape] = arrays["table:images"].shape, pixels = shape.reduce((a, b) => a * b, 1), size = height * width;
  const ramp = lesson.signed(level) ? "diverging" : "sequential", all = [...Array(rows).keys()], kernels = [...Array(count).keys()];
  const mapAt = (/** @type {number} */ n, /** @type {number} */ k) => {
    const from = (n * count + k) * size;
    return maps.data.subarray(from, from + size);
  };
  const limits = kernels.map((k) => Math.max(0, ...all.map((n) => limitOf(mapAt(n, k)))));
  const along = (/** @type {number} */ n) => kernels.reduce((sum, k) => sum + fires[n * count + k], 0);
  const down = (/** @type {number} */ k) => all.reduce((sum, n) => sum + fires[n * count + k], 0);
  const grid = el("div", "crossing");
  grid.style.setProperty("--columns", String(count));
  grid.classList.toggle("many", count > 8);
  const em = parseFloat(getComputedStyle(lesson.host).fontSize);
  const tall = (pictures.clientHeight - 8.4 * em) / rows, wide = (pictures.clientWidth - 9 * em) / count;
  if (!lesson.narrow) grid.style.setProperty("--cell", `${Math.floor(Math.min(tall, wide) - 0.3 * em)}px`);
  grid.append(el("span", "corner"));
  for (const k of kernels) {
    const name = nameOf(lesson, level, k), under = el("small", "", level.kind === "linear" ? name : String(k));
    const head = lesson.button("mini", `${name}. ${labels.what_fires}`, () => lesson.ask(k), kernelPicture(lesson, level, k), under);
    head.dataset.k = String(k);
    head.dataset.focus = `mini:${k}`;
    grid.append(head);
  }
  grid.append(el("span", "corner"));
  /** @type {HTMLElement[]} */
  const cells = [];
  for (const n of all) {
    const image = picture(arrays["table:images"].data.subarray(n * pixels, (n + 1) * pixels), shape, lesson.mode), name = table.names[n];
    const take = () => lesson.act("take", table.index[n]);
    const row = n === 0 ? el("span", "row-head shown", image) : lesson.button("row-head", fill(labels.take, { name }), take, image);
    row.title = name;
    grid.append(row);
    for (const k of kernels) {
      const map = paint(mapAt(n, k), height, width, limits[k], ramp, lesson.mode);
      const cell = el("span", fires[n * count + k] ? "cell fired" : "cell", map);
      Object.assign(cell.dataset, { n: String(n), k: String(k) });
      cell.tabIndex = n === 0 && k === 0 ? 0 : -1;
      cell.setAttribute("role", "img");
      cell.setAttribute("aria-label", `${name}, ${nameOf(lesson, level, k)}`);
      cells.push(cell);
      grid.append(cell);
    }
    grid.append(el("span", "margin", `${along(n)} / ${count}`));
  }
  const sums = kernels.map((k) => el("span", "margin", lesson.narrow ? String(down(k)) : `${down(k)} / ${rows}`));
  grid.append(el("span", "corner"), ...sums, el("span", "corner"));
  const point = (/** @type {HTMLElement} */ at) => {
    const n = Number(at.dataset.n), k = Number(at.dataset.k);
    for (const cell of cells) cell.classList.toggle("dim", Number(cell.dataset.n) !== n && Number(cell.dataset.k) !== k);
    const facts = { k, name: nameOf(lesson, level, k), picture: table.names[n], pictures: down(k), all: rows, kernels: along(n) };
    lesson.tellStory(["crossing-of", facts]);
  };
  const calm = () => {
    for (const cell of cells) cell.classList.remove("dim");
    lesson.tellStory(null);
  };
  grid.onpointerover = (event) => {
    const cell = /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (event.target).closest(".cell"));
    if (cell) point(cell);
  };
  grid.onpointerleave = calm;
  grid.addEventListener("focusin", ({ target: at }) => {
    if (at instanceof HTMLElement && at.classList.contains("cell")) point(at);
  });
  grid.onkeydown = (event) => {
    const steps = /** @type {Record<string, number>} */ ({ ArrowUp: -count, ArrowDown: count, ArrowLeft: -1, ArrowRight: 1 });
    const by = steps[event.key], at = cells.indexOf(/** @type {HTMLElement} */ (event.target));
    if (event.key === "Escape") calm();
    if (at < 0 || !by || !cells[at + by]) return;
    event.preventDefault();
    cells[at].tabIndex = -1;
    cells[at + by].tabIndex = 0;
    cells[at + by].focus();
  };
  const ends = legend(ramp === "diverging", labels.own_largest, lesson.mode);
  pictures.replaceChildren(el("div", "output", el("div", "caption", el("b", "", level.name), el("span", "", labels.crossing), ends), grid));
}
