// One map of the stack: its cells on a canvas, shaded by the ways that lead to or from the chosen unit. Of networks with too
// many units to draw them all, the photograph, and each layer as a column of its rows. And the funnels between two maps.
import { THEME, colour, css, inkOn } from "shared/colours.js";
import { el } from "shared/dom.js";

/** @typedef {import("./board.js").ReceptiveField} ReceptiveField */
/** @typedef {import("./board.js").Box} Box */
/** @typedef {import("shared/colours.js").Mode} Mode */
/** The field on one map. @typedef {{rows: Float64Array, columns: Float64Array, box: Box|null, here: boolean, locked: boolean}} Lit */
/** The field's sides on the screen. @typedef {{left: number, right: number, top: number, bottom: number}} Edges */
/** What takes the pointer and the keys. @typedef {{level: number, placeOf: (event: MouseEvent) => [number, number]|null}} Touched */

const SVG = "http://www.w3.org/2000/svg";
/** The palest lit cell: one way among many must still differ from none. */
const FAINT = 0.16;
/** Pixels that a number keeps from its cell's edges. */
const RIM = 1.5;
/** Rows that are no taller have no gap between them. */
const SPARSE = 3;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Shade of a number of ways. @param {number} ways @param {number} most @param {Mode} mode */
export const shade = (ways, most, mode) => colour(FAINT + ((1 - FAINT) * ways) / most, 1, "sequential", mode);

/** The shades from faintest to strongest as a CSS background, for legends. @param {Mode} mode */
export const ramp = (mode) => `linear-gradient(90deg, ${[0, 1, 2, 3, 4].map((step) => css(shade(step, 4, mode))).join(", ")})`;

/**
 * @param {CanvasRenderingContext2D} context @param {Record<string, string>} palette @param {boolean} locked
 * @param {number} x @param {number} y @param {number} width @param {number} height
 */
function outline(context, palette, locked, x, y, width, height) {
  context.strokeStyle = palette.ring2;
  context.lineWidth = 5;
  context.strokeRect(x, y, width, height);
  context.strokeStyle = locked ? palette.accent : palette.ring;
  context.lineWidth = 2;
  context.strokeRect(x, y, width, height);
}

/** A canvas of CSS pixels. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height */
function sized(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
}

/** The stripes of padding. @param {CanvasRenderingContext2D} context @param {Record<string, string>} palette */
function hatched(context, palette) {
  const tile = document.createElement("canvas"), side = 8;
  tile.width = tile.height = side;
  const stripes = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  stripes.strokeStyle = palette.hatch;
  stripes.lineWidth = side / 2.9;
  for (const shift of [-side, 0, side]) {
    stripes.beginPath();
    stripes.moveTo(shift - 1, side + 1);
    stripes.lineTo(shift + side + 1, -1);
    stripes.stroke();
  }
  return /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"));
}

/**
 * What every map of the page has in common: the pointer and the keys.
 * @param {HTMLCanvasElement} canvas @param {Touched} view @param {ReceptiveField} lesson
 */
function listen(canvas, view, lesson) {
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.onpointermove = (event) => {
    const at = view.placeOf(event);
    if (at) lesson.hover(view.level, ...at);
  };
  canvas.onclick = (event) => {
    const at = view.placeOf(event);
    if (at) lesson.lock(view.level, ...at);
  };
  canvas.onkeydown = (event) => {
    const by = ARROWS[event.key];
    if (by) lesson.walk(view.level, ...by);
    else if (event.key === "Enter" || event.key === " ") lesson.lock(lesson.unit.level, lesson.unit.i, lesson.unit.j);
    else if (event.key === "Escape") lesson.release();
    else return;
    event.preventDefault();
  };
}

export class Grid {
  /** @param {number} level 0 is the image @param {ReceptiveField} lesson */
  constructor(level, lesson) {
    this.level = level;
    this.lesson = lesson;
    this.size = lesson.sizes[level];
    /** @type {number} */
    this.ring = lesson.meta.windows[level]?.padding ?? 0;
    this.canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
    this.canvas.dataset.level = String(level);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** Pixels of one cell. */
    this.cell = 0;
    listen(this.canvas, this, lesson);
  }

  /** Cells side to side, the padding of the next window included. */
  get across() { return this.size + 2 * this.ring; }

  /** @param {number} cell pixels */
  build(cell) {
    this.cell = cell;
    sized(this.canvas, this.across * cell, this.across * cell);
    return this.canvas;
  }

  /** @param {MouseEvent} event @returns {[number, number]|null} */
  placeOf(event) {
    const at = (/** @type {number} */ offset) => Math.floor(offset / this.cell) - this.ring, i = at(event.offsetY), j = at(event.offsetX);
    return i >= 0 && j >= 0 && i < this.size && j < this.size ? [i, j] : null;
  }

  /** @param {Lit} lit */
  paint({ rows, columns, box, here, locked }) {
    const { context, cell, ring, size, lesson: { mode } } = this, palette = THEME.palettes[mode], gap = cell > 9 ? 1 : 0.5;
    const most = Math.max(...rows) * Math.max(...columns), round = Math.min(2, cell / 8), blank = css(colour(0, 1, "sequential", mode));
    const hatch = ring ? hatched(context, palette) : "", type = this.type(String(most));
    context.clearRect(0, 0, this.across * cell, this.across * cell);
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let i = -ring; i < size + ring; i++) {
      for (let j = -ring; j < size + ring; j++) {
        const inside = i >= 0 && j >= 0 && i < size && j < size, ways = inside ? rows[i] * columns[j] : 0;
        const x = (j + ring) * cell, y = (i + ring) * cell, rgb = ways ? shade(ways, most, mode) : null;
        context.fillStyle = inside ? (rgb ? css(rgb) : blank) : hatch;
        context.beginPath();
        context.roundRect(x, y, cell - gap, cell - gap, round);
        context.fill();
        if (!type || (inside && !rgb)) continue;
        this.write(inside ? String(ways) : "0", x, y, rgb ? inkOn(rgb) : palette.mute);
      }
    }
    if (box) {
      const [top, bottom] = this.clip(box.rows), [left, right] = this.clip(box.columns);
      if (bottom >= top && right >= left) {
        const wide = (right - left + 1) * cell - gap - 2, tall = (bottom - top + 1) * cell - gap - 2;
        outline(context, palette, here && locked, left * cell + 1, top * cell + 1, wide, tall);
      }
    }
  }

  /** One type for all numbers of a map; none where the longest has no room: it isn't written in part. @param {string} longest */
  type(longest) {
    const { cell, lesson: { meta: { present } } } = this, least = THEME.pixels[present ? "presenter_finest" : "finest"];
    const size = Math.max(least, cell * (longest.length > 3 ? 0.28 : longest.length > 2 ? 0.33 : 0.38));
    this.context.font = `${size}px ${THEME.fonts.sans}`;
    return this.context.measureText(longest).width <= cell - 2 * RIM && size <= cell - 2 * RIM;
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} ink */
  write(text, x, y, ink) {
    this.context.fillStyle = ink;
    this.context.fillText(text, x + this.cell / 2 - 0.5, y + this.cell / 2 + 0.5);
  }

  /** A span in drawn cells, no farther than the padding that is drawn. @param {[number, number]} span */
  clip([low, high]) { return [Math.max(low + this.ring, 0), Math.min(high + this.ring, this.across - 1)]; }

  /** Where a span of rows begins and ends on the screen, and the canvas's sides at these columns. @param {Box} box @returns {Edges} */
  edges({ rows, columns }) {
    const box = this.canvas.getBoundingClientRect(), [top, bottom] = this.clip(rows), [left, right] = this.clip(columns);
    return {
      left: box.left + left * this.cell, right: box.left + (right + 1) * this.cell,
      top: box.top + top * this.cell, bottom: box.top + (bottom + 1) * this.cell,
    };
  }
}

/** The image itself, with the field as a square on it. */
export class Photo {
  /** @param {ReceptiveField} lesson */
  constructor(lesson) {
    this.level = 0;
    this.lesson = lesson;
    this.size = lesson.sizes[0];
    const { data, shape } = lesson.arrays.photo, picture = document.createElement("canvas");
    picture.width = shape[1];
    picture.height = shape[0];
    const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d")), image = context.createImageData(shape[1], shape[0]);
    for (let i = 0; i < shape[0] * shape[1]; i++) image.data.set([data[3 * i], data[3 * i + 1], data[3 * i + 2], 255], 4 * i);
    context.putImageData(image, 0, 0);
    this.picture = picture;
    this.canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
    this.canvas.dataset.level = "0";
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** Pixels from side to side. */
    this.side = 0;
    listen(this.canvas, this, lesson);
  }

  /** @param {number} side pixels */
  build(side) {
    this.side = side;
    sized(this.canvas, side, side);
    return this.canvas;
  }

  get scale() { return this.side / this.size; }

  /** @param {MouseEvent} event @returns {[number, number]} */
  placeOf(event) {
    const at = (/** @type {number} */ offset) => Math.max(0, Math.min(this.size - 1, Math.floor(offset / this.scale)));
    return [at(event.offsetY), at(event.offsetX)];
  }

  /** @param {[number, number]} span */
  clip([low, high]) { return [Math.max(low, 0) * this.scale, (Math.min(high, this.size - 1) + 1) * this.scale]; }

  /** @param {Lit} lit */
  paint({ box, here, locked }) {
    const { context, side } = this, palette = THEME.palettes[this.lesson.mode];
    context.drawImage(this.picture, 0, 0, side, side);
    if (!box) return;
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

  /** @param {Box} box @returns {Edges} */
  edges({ rows, columns }) {
    const box = this.canvas.getBoundingClientRect(), [top, bottom] = this.clip(rows), [left, right] = this.clip(columns);
    return { left: box.left + left, right: box.left + right, top: box.top + top, bottom: box.top + bottom };
  }
}

/** One layer seen from the side: its rows at the height of the pixels on which their fields are centred. */
export class Column {
  /** @param {number} level @param {ReceptiveField} lesson @param {number} width pixels */
  constructor(level, lesson, width) {
    this.level = level;
    this.lesson = lesson;
    this.width = width;
    this.size = lesson.sizes[level];
    this.field = lesson.meta.levels[level];
    this.canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
    this.canvas.dataset.level = String(level);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** Pixels of the image's height. */
    this.side = 0;
    listen(this.canvas, this, lesson);
  }

  /** @param {number} side pixels of the image's height */
  build(side) {
    this.side = side;
    sized(this.canvas, this.width, side);
    return this.canvas;
  }

  get scale() { return this.side / this.lesson.sizes[0]; }

  /** Where unit i stands on the screen: its own share of the image's height. @param {number} i */
  top(i) { return (this.field.start + i * this.field.jump - this.field.jump / 2 + 0.5) * this.scale; }

  /** @param {MouseEvent} event @returns {[number, number]} */
  placeOf(event) {
    const i = Math.floor((event.offsetY - this.top(0)) / (this.field.jump * this.scale));
    return [Math.max(0, Math.min(this.size - 1, i)), this.lesson.across(this.level)];
  }

  /** @param {[number, number]} span */
  clip([low, high]) {
    const inside = (/** @type {number} */ y) => Math.max(0, Math.min(this.side, y));
    return [inside(this.top(low)), inside(this.top(high + 1))];
  }

  /** @param {Lit} lit */
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

  /** @param {Box} box @returns {Edges} */
  edges({ rows }) {
    const box = this.canvas.getBoundingClientRect(), [top, bottom] = this.clip(rows);
    return { left: box.left, right: box.left + this.width, top: box.top + top, bottom: box.top + bottom };
  }
}

/**
 * The cone: funnels from the field on one map to the field on the next.
 * @param {HTMLElement} pictures
 * @param {(Edges|null)[]} edges of the field on each map
 */
export function drawWires(pictures, edges) {
  const wires = /** @type {SVGElement} */ (pictures.querySelector(".wires") ?? document.createElementNS(SVG, "svg"));
  if (!wires.isConnected) {
    wires.setAttribute("class", "wires");
    wires.setAttribute("aria-hidden", "true");
    pictures.prepend(wires);
  }
  const origin = pictures.getBoundingClientRect(), dx = pictures.scrollLeft - origin.left, dy = pictures.scrollTop - origin.top;
  const made = [];
  for (let l = 0; l + 1 < edges.length; l++) {
    const a = edges[l], b = edges[l + 1];
    if (!a || !b || a.right > b.left + 1) continue;
    const x0 = a.right + dx, x1 = b.left + dx, m = (x0 + x1) / 2;
    const [at, ab, bt, bb] = [a.top, a.bottom, b.top, b.bottom].map((y) => y + dy);
    const upper = `M${x0} ${at}C${m} ${at} ${m} ${bt} ${x1} ${bt}`, lower = `${x1} ${bb}C${m} ${bb} ${m} ${ab} ${x0} ${ab}`;
    for (const path of [`${upper}L${lower}Z`, `${upper}M${lower}`]) {
      const drawn = document.createElementNS(SVG, "path");
      drawn.setAttribute("d", path);
      made.push(drawn);
    }
  }
  wires.style.width = `${pictures.scrollWidth}px`;
  wires.replaceChildren(...made);
}
