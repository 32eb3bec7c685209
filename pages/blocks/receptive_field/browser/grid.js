// One map of the stack: its cells on a canvas, shaded by the ways that lead to or from the chosen unit.
import { THEME, colour, css, inkOn } from "shared/colours.js";
import { el } from "shared/dom.js";

/** The palest lit cell: one way among many must still differ from none. */
export const FAINT = 0.16;
const SMALLEST_WITH_NUMBER = 16, MOST_DIGITS = 4;
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Shade of a number of ways. @param {number} ways @param {number} most @param {"light"|"dark"} mode */
export const shade = (ways, most, mode) => colour(FAINT + ((1 - FAINT) * ways) / most, 1, "sequential", mode);

/** The shades from faintest to strongest as a CSS background, for legends. @param {"light"|"dark"} mode */
export const ramp = (mode) => `linear-gradient(90deg, ${[0, 1, 2, 3, 4].map((step) => css(shade(step, 4, mode))).join(", ")})`;

/** @param {CanvasRenderingContext2D} context @param {any} palette @param {boolean} locked */
export function outline(context, palette, locked, x, y, width, height) {
  context.strokeStyle = palette.ring2;
  context.lineWidth = 5;
  context.strokeRect(x, y, width, height);
  context.strokeStyle = locked ? palette.accent : palette.ring;
  context.lineWidth = 2;
  context.strokeRect(x, y, width, height);
}

/** A canvas of CSS pixels. @param {HTMLCanvasElement} canvas */
export function sized(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  return context;
}

/** The stripes of padding. @param {CanvasRenderingContext2D} context @param {any} palette */
function hatched(context, palette) {
  const tile = document.createElement("canvas"), side = 8;
  tile.width = tile.height = side;
  const stripes = tile.getContext("2d");
  stripes.strokeStyle = palette.hatch;
  stripes.lineWidth = side / 2.9;
  for (const shift of [-side, 0, side]) {
    stripes.beginPath();
    stripes.moveTo(shift - 1, side + 1);
    stripes.lineTo(shift + side + 1, -1);
    stripes.stroke();
  }
  return context.createPattern(tile, "repeat");
}

/** What every map of the page has in common: the pointer and the keys. */
export function listen(canvas, view, lesson) {
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
  /** @param {number} level 0 is the image @param {any} lesson */
  constructor(level, lesson) {
    this.level = level;
    this.lesson = lesson;
    this.size = lesson.sizes[level];
    this.ring = lesson.meta.windows[level]?.padding ?? 0;
  }

  /** Cells side to side, the padding of the next window included. */
  get across() { return this.size + 2 * this.ring; }

  /** @param {number} cell pixels */
  build(cell) {
    this.cell = cell;
    this.canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
    this.canvas.dataset.level = String(this.level);
    this.context = sized(this.canvas, this.across * cell, this.across * cell);
    listen(this.canvas, this, this.lesson);
    return this.canvas;
  }

  /** @param {PointerEvent} event @returns {[number, number]|null} */
  placeOf(event) {
    const at = (offset) => Math.floor(offset / this.cell) - this.ring, i = at(event.offsetY), j = at(event.offsetX);
    return i >= 0 && j >= 0 && i < this.size && j < this.size ? [i, j] : null;
  }

  /** @param {{rows: ArrayLike<number>, columns: ArrayLike<number>, box: any, here: boolean, locked: boolean}} lit */
  paint({ rows, columns, box, here, locked }) {
    const { context, cell, ring, size, lesson: { mode } } = this, palette = THEME.palettes[mode], gap = cell > 9 ? 1 : 0.5;
    const most = Math.max(...rows) * Math.max(...columns), round = Math.min(2, cell / 8), blank = css(colour(0, 1, "sequential", mode));
    const hatch = ring ? hatched(context, palette) : "";
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
        if (cell >= SMALLEST_WITH_NUMBER && (rgb || !inside)) this.write(inside ? String(ways) : "0", x, y, rgb ? inkOn(rgb) : palette.mute);
      }
    }
    if (box) {
      const [top, bottom] = this.clip(box.rows), [left, right] = this.clip(box.columns);
      if (bottom >= top && right >= left) {
        outline(context, palette, here && locked, left * cell + 1, top * cell + 1, (right - left + 1) * cell - gap - 2, (bottom - top + 1) * cell - gap - 2);
      }
    }
  }

  write(text, x, y, ink) {
    if (text.length > MOST_DIGITS) return;
    const size = this.cell * (text.length > 3 ? 0.28 : text.length > 2 ? 0.33 : 0.38);
    this.context.font = `${size}px ${THEME.fonts.sans}`;
    this.context.fillStyle = ink;
    this.context.fillText(text, x + this.cell / 2 - 0.5, y + this.cell / 2 + 0.5);
  }

  /** A span in drawn cells, no farther than the padding that is drawn. */
  clip([low, high]) { return [Math.max(low + this.ring, 0), Math.min(high + this.ring, this.across - 1)]; }

  /** Where a span of rows begins and ends on the screen, and the canvas's sides at these columns. */
  edges({ rows, columns }) {
    const box = this.canvas.getBoundingClientRect(), [top, bottom] = this.clip(rows), [left, right] = this.clip(columns);
    return {
      left: box.left + left * this.cell, right: box.left + (right + 1) * this.cell,
      top: box.top + top * this.cell, bottom: box.top + (bottom + 1) * this.cell,
    };
  }
}
