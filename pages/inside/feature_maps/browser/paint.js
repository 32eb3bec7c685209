// Maps, kernels and pictures as small canvases, one pixel a number; the style sheet makes them as large as they shall be.
import { colour, gradient } from "shared/colours.js";
import { el } from "shared/dom.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/** @typedef {"diverging"|"sequential"} Ramp */
/** @typedef {import("shared/unpack.js").NdArray["data"]} Values */

const STEPS = 511;
/** @type {Map<string, Uint8Array>} */
const tables = new Map();

/**
 * The ramp as a table of colours: looking one up is quicker than mixing it for each of ten thousand units.
 * @param {Ramp} ramp @param {Mode} mode
 */
function tableOf(ramp, mode) {
  const key = ramp + mode;
  if (!tables.has(key)) {
    const made = new Uint8Array(3 * STEPS);
    for (let at = 0; at < STEPS; at++) {
      const share = at / (STEPS - 1);
      made.set(colour(ramp === "diverging" ? 2 * share - 1 : share, 1, ramp, mode), 3 * at);
    }
    tables.set(key, made);
  }
  return /** @type {Uint8Array} */ (tables.get(key));
}

/** @param {number} height @param {number} width @param {(data: Uint8ClampedArray) => void} fill */
function canvasOf(height, width, fill) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
  canvas.width = width;
  canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")), image = context.createImageData(width, height);
  fill(image.data);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @param {Values} values @param {number} height @param {number} width @param {number} limit @param {Ramp} ramp @param {Mode} mode */
export function paint(values, height, width, limit, ramp, mode) {
  const table = tableOf(ramp, mode), end = limit || 1;
  return canvasOf(height, width, (data) => {
    for (let at = 0; at < height * width; at++) {
      const share = Math.max(-1, Math.min(1, values[at] / end)), place = ramp === "diverging" ? (share + 1) / 2 : Math.max(0, share);
      const from = 3 * Math.round(place * (STEPS - 1));
      data[4 * at] = table[from];
      data[4 * at + 1] = table[from + 1];
      data[4 * at + 2] = table[from + 2];
      data[4 * at + 3] = 255;
    }
  });
}

/** A picture in its own colours, or grey as ink on paper. @param {Values} values @param {number[]} shape @param {Mode} mode */
export function picture(values, [channels, height, width], mode) {
  if (channels === 1) return paint(values, height, width, 1, "sequential", mode);
  const size = height * width;
  return canvasOf(height, width, (data) => {
    for (let at = 0; at < size; at++) {
      for (let c = 0; c < 3; c++) data[4 * at + c] = 255 * values[c * size + at];
      data[4 * at + 3] = 255;
    }
  });
}

/**
 * A kernel that reads colours as a picture: grey where a weight is 0.
 * @param {Values} values @param {number[]} shape @param {number} limit
 */
export function colourKernel(values, [, height, width], limit) {
  const size = height * width;
  return canvasOf(height, width, (data) => {
    for (let at = 0; at < size; at++) {
      for (let c = 0; c < 3; c++) data[4 * at + c] = 127.5 * (1 + values[c * size + at] / (limit || 1));
      data[4 * at + 3] = 255;
    }
  });
}

/**
 * A kernel's slices side by side, one for each map that it reads.
 * @param {Values} values @param {number[]} shape @param {number} limit @param {Mode} mode
 */
export function slices(values, [channels, height, width], limit, mode) {
  const across = channels === 1 ? 1 : Math.ceil(Math.sqrt(channels)), down = Math.ceil(channels / across);
  const table = tableOf("diverging", mode), wide = across * (width + 1) - 1, high = down * (height + 1) - 1;
  return canvasOf(high, wide, (data) => {
    for (let c = 0; c < channels; c++) {
      const top = Math.floor(c / across) * (height + 1), left = (c % across) * (width + 1);
      for (let a = 0; a < height; a++) {
        for (let b = 0; b < width; b++) {
          const share = Math.max(-1, Math.min(1, values[(c * height + a) * width + b] / (limit || 1)));
          const from = 3 * Math.round(((share + 1) / 2) * (STEPS - 1)), to = 4 * ((top + a) * wide + left + b);
          data.set(table.subarray(from, from + 3), to);
          data[to + 3] = 255;
        }
      }
    }
  });
}

/** What the colours mean: one ramp, its two ends. @param {boolean} signed @param {string} end @param {Mode} mode */
export function legend(signed, end, mode) {
  const ramp = el("i");
  ramp.style.background = gradient(signed ? "diverging" : "sequential", mode);
  return el("div", "legend", signed ? (/^\d/.test(end) ? `−${end}` : "−") : "0", ramp, end);
}

/**
 * Place a frame over rows and columns of a canvas, in shares of its size.
 * @param {HTMLElement} frame @param {number[]} place top, left, bottom and right @param {number} height @param {number} width
 */
export function frameAt(frame, [top, left, bottom, right], height, width) {
  frame.hidden = bottom <= top || right <= left;
  frame.style.top = `${(100 * top) / height}%`;
  frame.style.left = `${(100 * left) / width}%`;
  frame.style.height = `${(100 * (bottom - top)) / height}%`;
  frame.style.width = `${(100 * (right - left)) / width}%`;
}
