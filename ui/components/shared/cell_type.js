// How large a cell's number can be. One that would be too small to be read isn't written: the lens shows it.
import { THEME } from "./colours.js";
import { format } from "./numbers.js";

/** A number's size as a share of its cell's, and of a large cell; whole numbers are short. */
const SHARE = 0.335, LARGE_SHARE = 0.29, WHOLE_SHARE = 0.42, LARGE = 44;
/** Pixels that a number keeps from its cell's edges. */
const RIM = 1.5;
/** How much closer its digits stand than usual, on a desk and in a hall, in ems (bench.css). */
const TIGHT = 0.02, TIGHT_PRESENT = 0.04;
const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

/**
 * A number as a cell has room for it: three digits say how large it is; the arithmetic writes it out.
 * @param {number} value @param {number} decimals
 */
export function short(value, decimals) {
  const size = Math.abs(value);
  return format(value, Math.min(decimals, size >= 99.95 ? 0 : size >= 9.995 ? 1 : decimals));
}

/**
 * Pixels of a grid's numbers: as many as the widest of all channels has room for; 0 if that is too small to be read.
 * @param {import("./grids.js").Grid} grid @param {number} width of a cell
 */
export function numberSize(grid, width) {
  const least = THEME.pixels[grid.bench.meta.present ? "presenter_finest" : "finest"];
  const share = grid.decimals === 0 ? WHOLE_SHARE : width > LARGE ? LARGE_SHARE : SHARE;
  const size = Math.min(Math.max(least, share * width), (width - 2 * RIM) / widest(grid), grid.px - 2 * RIM);
  return size < least ? 0 : Math.round(size * 100) / 100;
}

/** How wide a grid's widest number is, in the height of its type. @param {import("./grids.js").Grid} grid */
function widest({ values, decimals, taken, bench }) {
  const tight = bench.meta.present ? TIGHT_PRESENT : TIGHT;
  pen.font = `${taken ? 700 : 400} 100px ${THEME.fonts.sans}`;
  let low = 0, high = 0;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const texts = [0.1, low, high].map((value) => short(value, decimals));
  return Math.max(...texts.map((text) => pen.measureText(text).width / 100 - tight * text.length));
}
