// An array as a small picture, one pixel a number.
import { colour } from "./colours.js";
import { el } from "./dom.js";

/**
 * @param {ArrayLike<number>} values
 * @param {number} height
 * @param {number} width
 * @param {number} limit
 * @param {"diverging"|"sequential"} ramp
 * @param {"light"|"dark"} mode
 */
export function thumbnail(values, height, width, limit, ramp, mode) {
  return painted(height, width, (at) => colour(values[at], limit, ramp, mode));
}

/**
 * Several maps of one size in one picture, one number apart: a page draws one canvas much faster than many.
 * @param {ArrayLike<number>} values  map after map
 * @param {number} count
 * @param {number} height  of one map
 * @param {number} width
 * @param {number} across  how many stand side by side
 * @param {number} limit
 * @param {"diverging"|"sequential"} ramp
 * @param {"light"|"dark"} mode
 */
export function mosaic(values, count, height, width, across, limit, ramp, mode) {
  across = Math.max(1, across);
  const down = Math.ceil(count / across), tall = height + 1, wide = width + 1;
  return painted(down * tall - 1, across * wide - 1, (_, row, column) => {
    const map = Math.floor(row / tall) * across + Math.floor(column / wide), a = row % tall, b = column % wide;
    return a < height && b < width && map < count ? colour(values[(map * height + a) * width + b], limit, ramp, mode) : null;
  });
}

/**
 * A picture in its own colours: red, green and blue between 0 and 1, one map after the other.
 * @param {ArrayLike<number>} values
 * @param {number} height
 * @param {number} width
 */
export function photograph(values, height, width) {
  const size = height * width;
  return painted(height, width, (at) => [0, 1, 2].map((c) => 255 * values[c * size + at]));
}

/** @param {number} height @param {number} width @param {(at: number, row: number, column: number) => number[]|null} rgbAt */
function painted(height, width, rgbAt) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
  canvas.width = Math.max(0, width);
  canvas.height = Math.max(0, height);
  if (!canvas.width || !canvas.height) return canvas;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")), image = context.createImageData(width, height);
  for (let at = 0; at < height * width; at++) {
    const rgb = rgbAt(at, Math.floor(at / width), at % width);
    if (rgb) image.data.set([...rgb, 255], 4 * at);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The largest finite absolute value, for the end of a colour ramp. @param {ArrayLike<number>} values */
export function limitOf(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > most && size < Infinity) most = size;
  }
  return most > 1e-9 ? most : 1;
}
