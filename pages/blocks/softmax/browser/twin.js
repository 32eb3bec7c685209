// The browser's twin of compute.py, for scores that are being dragged.

/** How a float of so many bits keeps a number. */
export const KEEP = { float32: Math.fround, float64: (/** @type {number} */ value) => value };

/** Sums of exponentials between this and its inverse are written as they are. */
const LARGE = 1e300;

/** e^z and the shares, without a shift. @param {number[]} z @param {(value: number) => number} keep */
export function naiveSoftmax(z, keep = KEEP.float64) {
  const e = z.map((value) => keep(Math.exp(keep(value))));
  const sum = e.reduce((all, value) => keep(all + value), 0);
  return { e, sum, p: e.map((value) => keep(value / sum)) };
}

/** The same after the largest score was taken from all. @param {number[]} z @param {(value: number) => number} keep */
export function shiftedSoftmax(z, keep = KEEP.float64) {
  const most = Math.max(...z);
  return naiveSoftmax(z.map((value) => keep(value - most)), keep);
}

/**
 * e^z as it can be written down: where a float can't hold the plain ones' sum, or it is next to nothing, the
 * largest score is taken from all first, and is the shift.
 * @param {number[]} z
 */
export function exponentials(z) {
  const plain = naiveSoftmax(z), far = !(plain.sum < LARGE && plain.sum > 1 / LARGE);
  return far ? { ...shiftedSoftmax(z), shift: Math.max(...z) } : { ...plain, shift: null };
}

/** @param {number[]} z @param {number} temperature */
export const softmax = (z, temperature = 1) => shiftedSoftmax(z.map((value) => value / temperature)).p;

/** −ln p of the true class, finite even where p rounds to 0. @param {number[]} z @param {number} target */
export function surprise(z, target) {
  const most = Math.max(...z);
  return Math.log(z.reduce((sum, value) => sum + Math.exp(value - most), 0)) - (z[target] - most);
}

/** dp[i]/dz[k]. @param {number[]} p */
export const jacobian = (p) => p.map((pi, i) => p.map((pk, k) => pi * ((i === k ? 1 : 0) - pk)));

/** What each other class adds to the hinge loss. @param {number[]} z @param {number} target */
export const hingeTerms = (z, target) => z.map((value, k) => (k === target ? 0 : Math.max(0, value - z[target] + 1)));

/** The hinge loss's slopes. @param {number[]} z @param {number} target */
export function hingeSlopes(z, target) {
  /** @type {number[]} */
  const over = hingeTerms(z, target).map((term) => (term > 0 ? 1 : 0));
  const count = over.reduce((sum, one) => sum + one, 0);
  return over.map((one, k) => (k === target ? 0 - count : one));
}
