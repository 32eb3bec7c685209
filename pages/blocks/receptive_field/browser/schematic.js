// Networks with too many units to draw them all: the photograph, and each layer as a column of its rows.
import { THEME, colour, css } from "shared/colours.js";
import { el } from "shared/dom.js";
import { listen, outline, shade, sized } from "./grid.js";

const SPARSE = 3;

/** The image itself, with the field as a square on it. */
export class Photo {
  constructor(lesson) {
    this.level = 0;
    this.lesson = lesson;
    this.size = lesson.sizes[0];
    const { data, shape } = lesson.arrays.photo, picture = document.createElement("canvas");
    picture.width = shape[1];
    picture.height = shape[0];
    const context = picture.getContext("2d"), image = context.createImageData(shape[1], shape[0]);
    for (let i = 0; i < shape[0] * shape[1]; i++) image.data.set([data[3 * i], data[3 * i + 1], data[3 * i + 2], 255], 4 * i);
    context.putImageData(image, 0, 0);
    this.picture = picture;
  }

  /** @param {number} side pixels */
  build(side) {
    this.side = side;
    this.canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
    this.canvas.dataset.level = "0";
    this.context = sized(this.canvas, side, side);
    listen(this.canvas, this, this.lesson);
    return this.canvas;
  }

  get scale() { return this.side / this.size; }

  placeOf(event) {
    const at = (offset) => Math.max(0, Math.min(this.size - 1, Math.floor(offset / this.scale)));
    return [at(event.offsetY), at(event.offsetX)];
  }

  clip([low, high]) { return [Math.max(low, 0) * this.scale, (Math.min(high, this.size - 1) + 1) * this.scale]; }

  paint({ box, here, locked }) {
    const { context, side } = this, palette = THEME.palettes[this.lesson.mode];
    context.drawImage(this.picture, 0, 0, side, side);
    context.fillStyle = palette.panel;
    context.globalAlpha = 0.62;
    const [top, bottom] = this.clip(box.rows), [left, right] = this.clip(box.columns);
    context.fillRect(0, 0, side, top);
    context.fillRect(0, bottom, side, side - bottom);
    context.fillRect(0, top, left, bottom - top);
    context.fillRect(right, top, side - right, bottom - top);
    context.globalAlpha = 1;
    outline(context, palette, here && locked, left + 1, top + 1, Math.max(right - left - 2, 1), Math.max(bottom - top - 2, 1));
  }

  edges({ rows, columns }) {
    const box = this.canvas.getBoundingClientRect(), [top, bottom] = this.clip(rows), [left, right] = this.clip(columns);
    return { left: box.left + left, right: box.left + right, top: box.top + top, bottom: box.top + bottom };
  }
}

/** One layer seen from the side: its rows at the height of the pixels on which their fields are centred. */
export class Column {
  constructor(level, lesson) {
    this.level = level;
    this.lesson = lesson;
    this.size = lesson.sizes[level];
    this.field = lesson.meta.levels[level];
  }

  /** @param {number} side pixels of the image's height @param {number} width */
  build(side, width) {
    this.side = side;
    this.width = width;
    this.canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
    this.canvas.dataset.level = String(this.level);
    this.context = sized(this.canvas, width, side);
    listen(this.canvas, this, this.lesson);
    return this.canvas;
  }

  get scale() { return this.side / this.lesson.sizes[0]; }

  /** Where unit i stands on the screen: its own share of the image's height. */
  top(i) { return (this.field.start + i * this.field.jump - this.field.jump / 2 + 0.5) * this.scale; }

  placeOf(event) {
    const i = Math.floor((event.offsetY - this.top(0)) / (this.field.jump * this.scale));
    return [Math.max(0, Math.min(this.size - 1, i)), this.lesson.across(this.level)];
  }

  clip([low, high]) {
    const inside = (y) => Math.max(0, Math.min(this.side, y));
    return [inside(this.top(low)), inside(this.top(high + 1))];
  }

  paint({ rows, box, here, locked }) {
    const { context, side, width } = this, mode = this.lesson.mode, palette = THEME.palettes[mode], tall = this.field.jump * this.scale;
    const most = Math.max(...rows), gap = tall > SPARSE ? 1 : 0;
    context.clearRect(0, 0, width, side);
    for (let i = 0; i < this.size; i++) {
      context.fillStyle = css(rows[i] ? shade(rows[i], most, mode) : colour(0, 1, "sequential", mode));
      context.fillRect(0, this.top(i), width, Math.max(tall - gap, 0.75));
    }
    if (!box) return;
    const [top, bottom] = this.clip(box.rows);
    outline(context, palette, here && locked, 1, top + 1, width - 2, Math.max(bottom - top - 2, 1));
  }

  edges({ rows }) {
    const box = this.canvas.getBoundingClientRect(), [top, bottom] = this.clip(rows);
    return { left: box.left, right: box.left + this.width, top: box.top + top, bottom: box.top + bottom };
  }
}
