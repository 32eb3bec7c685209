// The activations that have numbers of their own, while one of these is dragged: [f(x), f′(x)].
// The engine's layers say the same (engine/layers/activation*.py) as soon as it is let go.

/** @typedef {Record<string, number>} Settings */

const leaky = (/** @type {number} */ slope) => (/** @type {number} */ x) => (x > 0 ? [x, 1] : [slope * x, slope]);
const sigmoid = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x));

/** @type {Record<string, (s: Settings) => (x: number) => number[]>} */
const SHAPES = {
  leaky_relu: (s) => leaky(s.negative_slope),
  prelu: (s) => leaky(s.weight),
  rrelu: (s) => leaky((s.lower + s.upper) / 2),
  elu: (s) => (x) => (x > 0 ? [x, 1] : [s.alpha * Math.expm1(x), s.alpha * Math.exp(x)]),
  softplus: (s) => (x) => [(Math.max(0, s.beta * x) + Math.log1p(Math.exp(-Math.abs(s.beta * x)))) / s.beta, sigmoid(s.beta * x)],
  maxout: (s) => (x) => {
    const pieces = [[s.left * x, s.left], [s.right * x, s.right], [s.level, 0]];
    return pieces.reduce((best, piece) => (piece[0] > best[0] ? piece : best));
  },
};

/**
 * The table of a curve for other settings; null where an activation has none.
 * @param {string} name
 * @param {Settings} settings
 * @param {ArrayLike<number>} x
 */
export function reshape(name, settings, x) {
  const shape = SHAPES[name]?.(settings);
  if (!shape) return null;
  const y = new Float64Array(x.length), slope = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 1) [y[i], slope[i]] = shape(x[i]);
  return { y, slope };
}
