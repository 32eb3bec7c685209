// One unit and a few of them together: the browser's twin of pages/blocks/neuron/compute.py, for what is dragged.

/** @typedef {{w: number[], b: number}} Unit */
/** @typedef {number|null} Steepness null is the step */

/** The four inputs of a truth table. */
export const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]];

/** The unit whose two weights and bias stand in a list from `at` on. @param {number[]} list @param {number} [at] @returns {Unit} */
export const unitAt = (list, at = 0) => ({ w: list.slice(at, at + 2), b: list[at + 2] });

/** Let a unit's numbers stand there. @param {number[]} list @param {number} at @param {Unit} unit */
export const putUnit = (list, at, { w, b }) => list.splice(at, 3, ...w, b);

/** z = Σ w·x + b. @param {Unit} unit @param {number[]} x */
export const sumOf = ({ w, b }, x) => w.reduce((sum, weight, j) => sum + weight * x[j], 0) + b;

/** y = 1 where z > 0, else 0; or σ(steepness · z). @param {number} z @param {Steepness} steepness */
export function activate(z, steepness) {
  if (steepness === null) return z > 0 ? 1 : 0;
  const e = Math.exp(-Math.abs(steepness * z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** @param {Unit} unit @param {number[]} x @param {Steepness} steepness */
export const outputOf = (unit, x, steepness) => activate(sumOf(unit, x), steepness);

/**
 * Two hidden units and one that reads them.
 * @param {Unit[]} units the two hidden ones, then the output's
 * @param {number[]} x @param {Steepness} steepness
 */
export function throughLayers([first, second, out], x, steepness) {
  const h = [outputOf(first, x, steepness), outputOf(second, x, steepness)];
  return { h, y: outputOf(out, h, steepness) };
}

/** Every signal of a circuit of NAND gates, the inputs first. @param {number[][]} gates @param {number[]} x */
export function throughGates(gates, x) {
  const signals = [...x];
  for (const [a, b] of gates) signals.push(outputOf(NAND, [signals[a], signals[b]], null));
  return signals;
}

/** @type {Unit} */
export const NAND = { w: [-2, -2], b: 3 };

/**
 * One step of the learning rule: rate · error · input goes onto each weight, the bias having the input 1. For a sigmoid this
 * is a step down the cross-entropy. The twin of engine/training/error_rule.py.
 * @param {Unit} unit @param {number[]} x @param {number} target @param {number} rate @param {Steepness} steepness
 */
export function errorStep(unit, x, target, rate, steepness) {
  const z = sumOf(unit, x), y = activate(z, steepness), error = target - y, scale = rate * error * (steepness ?? 1);
  const change = [...x, 1].map((input) => scale * input);
  return { x, target, z, y, error, change, before: unit, after: { w: unit.w.map((w, j) => w + change[j]), b: unit.b + scale } };
}

/**
 * A walk of such steps from corner to corner.
 * @param {Unit} start @param {string} taken the corners' numbers @param {number} code of the function that is wanted
 * @param {number} rate @param {Steepness} steepness
 */
export function walkOf(start, taken, code, rate, steepness) {
  /** @type {ReturnType<typeof errorStep>[]} */
  const steps = [];
  for (const corner of [...taken].map(Number)) {
    steps.push(errorStep(steps.at(-1)?.after ?? start, CORNERS[corner], bitOf(code, corner), rate, steepness));
  }
  return steps;
}

/** Every 3×3 patch of a picture, row by row, each as its nine numbers. @param {number[]} pixels @param {number} side of the picture */
export function patchesOf(pixels, side) {
  const last = side - 2, three = [0, 1, 2];
  return Array.from({ length: last * last }, (_, i) => {
    const corner = Math.floor(i / last) * side + (i % last);
    return three.flatMap((a) => three.map((b) => pixels[corner + a * side + b]));
  });
}

/** Which of the sixteen functions: the four outputs, cut at ½, read as a binary number. @param {(x: number[]) => number} f */
export const functionOf = (f) => CORNERS.reduce((code, x) => 2 * code + (f(x) > 0.5 ? 1 : 0), 0);

/** What function number `code` gives at a corner. @param {number} code @param {number} corner */
export const bitOf = (code, corner) => (code >> (3 - corner)) & 1;
