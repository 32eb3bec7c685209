// The browser's twin of compute/kinks.py's Path: z is straight between the edges, f is z or its cross-entropy.

/** @typedef {{edges: ArrayLike<number>, z: ArrayLike<number>, classes: number, target: number|null}} Path */

/** The piece that x lies on; at a kink the one on its left. @param {Path} path @param {number} x */
export function piece({ edges }, x) {
  let at = 0;
  while (at < edges.length - 2 && edges[at + 1] < x) at += 1;
  return at;
}

/** @param {Path} path @param {number} x @returns {{z: number[], slope: number[]}} */
export function logits(path, x) {
  const at = piece(path, x), { edges, z, classes } = path, width = edges[at + 1] - edges[at];
  const slope = Array.from({ length: classes }, (_, k) => (z[(at + 1) * classes + k] - z[at * classes + k]) / width);
  return { slope, z: slope.map((s, k) => z[at * classes + k] + (x - edges[at]) * s) };
}

/** @param {Path} path @param {number} x */
export function value(path, x) {
  const { z } = logits(path, x);
  if (path.target === null) return z[0];
  const most = Math.max(...z);
  return most + Math.log(z.reduce((sum, one) => sum + Math.exp(one - most), 0)) - z[path.target];
}

/** f′(x). @param {Path} path @param {number} x */
export function slope(path, x) {
  const found = logits(path, x);
  if (path.target === null) return found.slope[0];
  const most = Math.max(...found.z), e = found.z.map((one) => Math.exp(one - most)), total = e.reduce((sum, one) => sum + one, 0);
  return e.reduce((sum, one, k) => sum + (one / total) * found.slope[k], 0) - found.slope[path.target];
}

/** (f(x + h) − f(x − h)) / 2h. @param {Path} path @param {number} x @param {number} h */
export const numeric = (path, x, h) => (value(path, x + h) - value(path, x - h)) / (2 * h);

/** @param {number} a @param {number} b */
export const relative = (a, b) => (a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)));

/** The nearest kink's number among the inner edges, and how far it is; -1 where there is none. @param {Path} path @param {number} x */
export function nearest({ edges }, x) {
  let found = -1, distance = Infinity;
  for (let i = 1; i < edges.length - 1; i += 1) {
    if (Math.abs(edges[i] - x) < distance) [found, distance] = [i - 1, Math.abs(edges[i] - x)];
  }
  return { kink: found, distance };
}
