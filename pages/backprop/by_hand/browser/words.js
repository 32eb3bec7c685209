// How this lesson writes its numbers and symbols.
import { short } from "shared/arithmetic.js";
import { markup } from "shared/dom.js";
import { scientific } from "shared/numbers.js";

const SMALL = 1e-4, LARGE = 1e7;

/** To nine decimals, as in the sheet to take away. @param {number} value */
export function exact(value) {
  const size = Math.abs(value);
  if (value !== 0 && (size < SMALL || size >= LARGE)) return scientific(value, 4);
  return short(value, 9);
}

/** As short as a cell wants it. @param {number} value */
export function brief(value) {
  const size = Math.abs(value);
  if (value !== 0 && (size < 0.001 || size >= 1e5)) return scientific(value, 1);
  return short(value, 4);
}

/** @param {any} board @param {string} name */
export const symbol = (board, name) => markup("span", "symbol", board.meta.symbols[name].markup);

/** @param {any} board @param {string} token */
export const signOf = (board, token) => markup("span", "op-sign", board.meta.signs[token] ?? token);
