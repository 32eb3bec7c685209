// Every kernel on a picture of every class: a row is one picture and many kernels, a column one kernel on many pictures.
import { el } from "shared/dom.js";
import { limitOf } from "shared/thumbnail.js";
import { legend } from "./bar.js";
import { kernelPicture, nameOf } from "./maps.js";
import { paint, picture } from "./paint.js";

/** @param {any} lesson */
export function drawCrossing(lesson) {
  const { level, meta: { labels, table }, arrays, pictures } = lesson;
  const maps = arrays["table:maps"];
  // What was asked for is still on its way: an older answer belongs to another layer.
  if (!table || lesson.waits) {
    pictures.replaceChildren(lesson.waiting());
    return;
  }
  const [rows, count, height, width] = maps.shape, fires = arrays["table:fires"].data, [, ...shape] = arrays["table:images"].shape, pixels = shape.reduce((a, b) => a * b, 1);
  const size = height * width, ramp = lesson.signed(level) ? "diverging" : "sequential";
  const limits = Array.from({ length: count }, (_, k) => {
    let most = 0;
    for (let n = 0; n < rows; n++) most = Math.max(most, limitOf(maps.data.subarray((n * count + k) * size, (n * count + k + 1) * size)));
    return most;
  });
  const along = (n) => Array.from({ length: count }, (_, k) => fires[n * count + k]).reduce((a, b) => a + b, 0);
  const down = (k) => Array.from({ length: rows }, (_, n) => fires[n * count + k]).reduce((a, b) => a + b, 0);
  const grid = el("div", "crossing");
  grid.style.setProperty("--columns", String(count));
  grid.classList.toggle("many", count > 8);
  const em = parseFloat(getComputedStyle(lesson.host).fontSize), tall = (pictures.clientHeight - 8.4 * em) / rows, wide = (pictures.clientWidth - 9 * em) / count;
  if (!lesson.narrow) grid.style.setProperty("--cell", `${Math.floor(Math.min(tall, wide) - 0.3 * em)}px`);
  grid.append(el("span", "corner"));
  for (let k = 0; k < count; k++) {
    const head = lesson.button("mini", `${nameOf(lesson, level, k)}. ${labels.what_fires}`, () => lesson.choose({ view: "kernel", channel: k, cell: null }), kernelPicture(lesson, level, k), el("small", "", level.kind === "linear" ? nameOf(lesson, level, k) : String(k)));
    head.dataset.k = String(k);
    head.dataset.focus = `mini:${k}`;
    grid.append(head);
  }
  grid.append(el("span", "corner"));
  const cells = [];
  for (let n = 0; n < rows; n++) {
    const image = picture(arrays["table:images"].data.subarray(n * pixels, (n + 1) * pixels), shape, lesson.mode);
    const row = n === 0 ? el("span", "row-head shown", image) : lesson.button("row-head", labels.take.replace("{name}", table.names[n]), () => lesson.take(table.index[n]), image);
    row.title = table.names[n];
    grid.append(row);
    for (let k = 0; k < count; k++) {
      const fired = fires[n * count + k], cell = el("span", fired ? "cell fired" : "cell", paint(maps.data.subarray((n * count + k) * size, (n * count + k + 1) * size), height, width, limits[k], ramp, lesson.mode));
      Object.assign(cell.dataset, { n: String(n), k: String(k) });
      cell.tabIndex = n === 0 && k === 0 ? 0 : -1;
      cell.setAttribute("role", "img");
      cell.setAttribute("aria-label", `${table.names[n]}, ${nameOf(lesson, level, k)}`);
      cells.push(cell);
      grid.append(cell);
    }
    grid.append(el("span", "margin", `${along(n)} / ${count}`));
  }
  grid.append(el("span", "corner"), ...Array.from({ length: count }, (_, k) => el("span", "margin", lesson.narrow ? String(down(k)) : `${down(k)} / ${rows}`)), el("span", "corner"));
  const point = (n, k) => {
    for (const cell of cells) cell.classList.toggle("dim", Number(cell.dataset.n) !== n && Number(cell.dataset.k) !== k);
    lesson.tellStory("crossing-of", { k, name: nameOf(lesson, level, k), picture: table.names[n], pictures: down(k), all: rows, kernels: along(n) });
  };
  const calm = () => {
    for (const cell of cells) cell.classList.remove("dim");
    lesson.story = null;
    lesson.refresh();
  };
  grid.onpointerover = (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest(".cell");
    if (cell) point(Number(cell.dataset.n), Number(cell.dataset.k));
  };
  grid.onpointerleave = calm;
  grid.onfocusin = (event) => {
    if (event.target.classList.contains("cell")) point(Number(event.target.dataset.n), Number(event.target.dataset.k));
  };
  grid.onkeydown = (event) => {
    const by = { ArrowUp: -count, ArrowDown: count, ArrowLeft: -1, ArrowRight: 1 }[event.key], at = cells.indexOf(event.target);
    if (event.key === "Escape") calm();
    if (at < 0 || !by || !cells[at + by]) return;
    event.preventDefault();
    cells[at].tabIndex = -1;
    cells[at + by].tabIndex = 0;
    cells[at + by].focus();
  };
  pictures.replaceChildren(el("div", "output", el("div", "caption", el("b", "", level.name), el("span", "", labels.crossing), legend(lesson, ramp === "diverging", labels.own_largest)), grid));
}
