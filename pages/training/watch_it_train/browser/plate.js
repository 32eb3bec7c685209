// A plate: many small pictures of equal size on one canvas, every cell of which can be pointed at.
import { THEME, colour, css, gradient, inkOn } from "shared/colours.js";
import { format, scientific } from "shared/numbers.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/** @typedef {import("shared/colours.js").Ramp} Ramp */
/**
 * @typedef {object} Spec
 * @property {number} across     tiles in a row
 * @property {number} height     cells of a tile
 * @property {number} width
 * @property {number} cell       greatest size of a cell, in px at a root of 15 px
 * @property {number} gap        px between tiles
 * @property {Ramp} [ramp]
 * @property {boolean} [numbers] write numbers into the cells
 * @property {boolean} [legend]
 * @property {boolean} [lens]    show the cell's tile enlarged
 * @property {(value: number) => number} [scale]  what is coloured, when it isn't the value itself
 * @property {(tile: number, row: number, column: number) => string} name
 * @property {(value: number) => string} [write]
 * @property {(tile: number) => void} [choose]    on click or Enter
 */

/** Few digits, but enough of them. @param {number} value */
export const short = (value) => {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0 || size >= 100) return format(value, 0);
  if (size < 0.001) return scientific(value);
  return format(value, size >= 10 ? 1 : size >= 1 ? 2 : 3);
};

const SHADES = 256;
/** @type {Record<string, string[]>} */
const TABLES = {};

/**
 * A ramp in 257 shades, ready to paint with: thousands of cells are painted several times a second.
 * @param {Ramp} ramp @param {Mode} mode
 */
function shades(ramp, mode) {
  const value = (/** @type {number} */ i) => (ramp === "diverging" ? (2 * i) / SHADES - 1 : i / SHADES);
  return (TABLES[ramp + mode] ??= Array.from({ length: SHADES + 1 }, (_, i) => css(colour(value(i), 1, ramp, mode))));
}

/**
 * @param {HTMLElement} host
 * @param {ReturnType<import("./lens.js").makeLens>} lens
 * @param {string} label
 * @param {Spec} spec
 */
export function makePlate(host, lens, label, spec) {
  const canvas = document.createElement("canvas");
  canvas.className = "plate";
  canvas.tabIndex = 0;
  canvas.setAttribute("role", spec.choose ? "button" : "img");
  canvas.setAttribute("aria-label", label);
  host.append(canvas);
  const legend = document.createElement("div");
  legend.className = "legend";
  const [low, bar, high] = ["span", "i", "span"].map((tag) => legend.appendChild(document.createElement(tag)));
  if (spec.legend !== false) host.append(legend);

  const ramp = spec.ramp ?? "diverging";
  const scale = spec.scale ?? ((/** @type {number} */ v) => v);
  const write = spec.write ?? short;
  const me = {};
  /** @type {import("shared/unpack.js").Numbers} */
  let values = new Float32Array(0);
  let limit = 1;
  let size = spec.cell;
  /** @type {Mode} */
  let mode = "light";
  let at = -1;
  let pointed = false;
  let fitted = -1;
  /** The smallest type that can be read in this view, in px. */
  let least = 12;

  const tileCells = spec.height * spec.width;
  const place = (/** @type {number} */ index) => {
    const tile = Math.floor(index / tileCells);
    const inside = index % tileCells;
    const row = Math.floor(inside / spec.width);
    const column = inside % spec.width;
    const x = (tile % spec.across) * (spec.width * size + spec.gap) + column * size;
    const y = Math.floor(tile / spec.across) * (spec.height * size + spec.gap) + row * size;
    return { tile, row, column, x, y };
  };

  /** Give the canvas its size; only when the room or the number of cells changed, since it makes the page lay out anew. */
  function fit() {
    const rows = Math.ceil(values.length / tileCells / spec.across);
    const root = parseFloat(getComputedStyle(document.documentElement).fontSize) / 15;
    const room = host.clientWidth || 320;
    least = parseFloat(getComputedStyle(canvas).fontSize);
    const fits = (room - (spec.across - 1) * spec.gap) / (spec.across * spec.width);
    size = Math.max(1.5, Math.min(spec.cell * root, Math.floor(fits * 4) / 4));
    const wide = spec.across * (spec.width * size + spec.gap) - spec.gap;
    const tall = rows * (spec.height * size + spec.gap) - spec.gap;
    canvas.width = Math.round(wide * devicePixelRatio);
    canvas.height = Math.round(tall * devicePixelRatio);
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${tall}px`;
    fitted = values.length;
  }

  function draw() {
    if (fitted !== values.length) fit();
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `${Math.max(least, size * 0.5)}px ${THEME.fonts.sans}`;
    const table = shades(ramp, mode);
    const top = scale(limit);
    const hair = size >= 12 ? 1 : 0;
    for (let index = 0; index < values.length; index += 1) {
      const { x, y } = place(index);
      const share = Math.max(-1, Math.min(1, scale(values[index]) / top));
      const shade = Math.round((ramp === "diverging" ? (share + 1) / 2 : Math.max(0, share)) * SHADES);
      pen.fillStyle = table[shade] ?? THEME.palettes[mode].hatch;
      pen.fillRect(x, y, size - hair + (hair ? 0 : 0.3), size - hair + (hair ? 0 : 0.3));
      if (spec.numbers && values[index] !== 0) {
        pen.fillStyle = inkOn(colour(scale(values[index]), top, ramp, mode));
        pen.fillText(write(values[index]), x + (size - hair) / 2, y + size / 2);
      }
    }
    if (at >= 0) mark(pen);
  }

  /** @param {CanvasRenderingContext2D} pen */
  function mark(pen) {
    const { x, y } = place(at);
    pen.lineWidth = 3;
    pen.strokeStyle = THEME.palettes[mode].panel;
    pen.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
    pen.lineWidth = 1.5;
    pen.strokeStyle = THEME.palettes[mode].ink;
    pen.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
  }

  function explain() {
    if (at < 0 || at >= values.length) return;
    const { tile, row, column } = place(at);
    const start = tile * tileCells;
    // The lens stands beside the whole tile, so that it hides none of it.
    const { x, y } = place(start);
    const box = canvas.getBoundingClientRect();
    const near = new DOMRect(box.left + x, box.top + y, spec.width * size, spec.height * size);
    const magnified = spec.lens === false ? null : {
      values: values.slice(start, start + tileCells), columns: spec.width,
      at: at - start, limit, ramp, decimals: limit >= 10 ? 1 : limit < 0.05 ? 4 : 2,
    };
    lens.show(me, near, spec.name(tile, row, column), write(values[at]), magnified, mode);
  }

  /** @param {number} index */
  function go(index) {
    at = index;
    draw();
    if (at < 0) lens.hide(me);
    else explain();
  }

  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const tileColumn = Math.floor(x / (spec.width * size + spec.gap));
    const tileRow = Math.floor(y / (spec.height * size + spec.gap));
    const column = Math.floor((x - tileColumn * (spec.width * size + spec.gap)) / size);
    const row = Math.floor((y - tileRow * (spec.height * size + spec.gap)) / size);
    const index = (tileRow * spec.across + tileColumn) * tileCells + row * spec.width + column;
    const inside = column < spec.width && row < spec.height && tileColumn < spec.across && x >= 0 && y >= 0;
    pointed = true;
    if (inside && index < values.length) { if (index !== at) go(index); } else go(-1);
  });
  canvas.addEventListener("pointerleave", () => { pointed = false; go(-1); });
  canvas.addEventListener("focus", () => { if (!pointed && canvas.matches(":focus-visible")) go(Math.max(0, at)); });
  canvas.addEventListener("blur", () => go(-1));
  canvas.addEventListener("click", () => { if (spec.choose && at >= 0) spec.choose(place(at).tile); });
  canvas.addEventListener("keydown", (event) => {
    const { tile, row, column } = place(Math.max(0, at));
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === "Escape") canvas.blur();
    if (event.key === "Enter" && spec.choose && at >= 0) spec.choose(tile);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const tiles = values.length / tileCells;
    const rows = Math.ceil(tiles / spec.across) * spec.height;
    const columns = spec.across * spec.width;
    const down = Math.floor(tile / spec.across) * spec.height + row + step[0];
    const right = (tile % spec.across) * spec.width + column + step[1];
    if (down < 0 || right < 0 || down >= rows || right >= columns) return;
    const to = Math.floor(down / spec.height) * spec.across + Math.floor(right / spec.width);
    if (to < tiles) go(to * tileCells + (down % spec.height) * spec.width + (right % spec.width));
  });
  new ResizeObserver(() => { fit(); draw(); }).observe(host);

  return {
    /**
     * @param {import("shared/unpack.js").Numbers} next
     * @param {Mode} now
     * @param {number} [top] the value at the end of the ramp; by default the largest there is
     */
    update(next, now, top) {
      const same = mode === now && values.length === next.length && values.every((value, i) => value === next[i]);
      values = next;
      mode = now;
      limit = top ?? largest(next);
      if (same) return;
      low.textContent = ramp === "diverging" ? short(-limit) : "0";
      high.textContent = ramp === "diverging" ? `+${short(limit)}` : short(limit);
      bar.style.background = gradient(ramp, mode);
      draw();
      explain();
    },
  };
}

/** The largest finite size. @param {ArrayLike<number>} values */
function largest(values) {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) {
    const size = Math.abs(values[i]);
    if (size > most && size < Infinity) most = size;
  }
  return most || 1;
}
