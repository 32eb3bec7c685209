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
 * A picture in its own colours: red, green and blue between 0 and 1, one map after the other.
 * @param {ArrayLike<number>} values
 * @param {number} height
 * @param {number} width
 */
export function photograph(values, height, width) {
  const size = height * width;
  return painted(height, width, (at) => [0, 1, 2].map((c) => 255 * values[c * size + at]));
}

function painted(height, width, rgbAt) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  for (let at = 0; at < height * width; at++) image.data.set([...rgbAt(at), 255], 4 * at);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The largest absolute value, for the end of a colour ramp. @param {ArrayLike<number>} values */
export function limitOf(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
  return most > 1e-9 && Number.isFinite(most) ? most : 1;
}
