// The browser's twin of compute/, for as long as something is dragged: curves that are being bent, and what a crowd of
// numbers does, looked up in the engine's table of the curve. The engine says the same as soon as it is let go.

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

/**
 * Where each number stands in the table: mean + spread · z, set on the nearest place.
 * @param {ArrayLike<number>} z
 * @param {number} mean
 * @param {number} spread
 * @param {{per_one: number, edge: number}} crowd
 */
export function stand(z, mean, spread, { per_one, edge }) {
  const end = Math.round(edge * per_one);
  return Int32Array.from(z, (draw) => end + Math.max(-end, Math.min(end, Math.floor((mean + spread * draw) * per_one + 0.5))));
}

/**
 * @param {Int32Array} places
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>, slope: ArrayLike<number>}} table
 * @param {ArrayLike<number>} dy
 * @param {{units: number, examples: number, flat: number, stopped: number}} crowd
 */
export function pass(places, table, dy, { units, examples, flat, stopped }) {
  const take = (/** @type {ArrayLike<number>} */ values) => Float64Array.from(places, (place) => values[place]);
  const x = take(table.x), y = take(table.y), slope = take(table.slope);
  const dx = slope.map((s, i) => s * dy[i]);
  const open = new Array(units).fill(0), passes = new Array(units).fill(0);
  slope.forEach((s, i) => {
    if (Math.abs(s) >= stopped) open[i % units] += 1;
    passes[i % units] += Math.abs(s) / examples;
  });
  const share = (/** @type {number} */ below) => slope.reduce((all, s) => all + (Math.abs(s) < below ? 1 : 0), 0) / slope.length;
  const [mx, my, gone, come] = [moments(x), moments(y), moments(dx), moments(dy)];
  const summary = {
    mean_x: mx.mean, std_x: mx.std, mean_y: my.mean, std_y: my.std, std_dy: come.std, std_dx: gone.std,
    flat: share(flat), stopped: share(stopped), dead: open.filter((count) => count === 0).length,
  };
  return { x, y, slope, dx, open, passes, summary };
}

/** @param {ArrayLike<number>} values */
function moments(values) {
  let sum = 0, squares = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i += 1) squares += (values[i] - mean) ** 2;
  return { mean, std: Math.sqrt(squares / values.length) };
}

/**
 * How many values fall into each of `bins` equal parts; what lies beyond the ends is counted in the last ones.
 * @param {ArrayLike<number>} values
 * @param {number} low
 * @param {number} high
 * @param {number} bins
 */
export function count(values, low, high, bins) {
  const counts = new Array(bins).fill(0), wide = (high - low) / bins;
  for (let i = 0; i < values.length; i += 1) counts[Math.max(0, Math.min(bins - 1, Math.floor((values[i] - low) / wide + 1e-9)))] += 1;
  return { edges: Array.from({ length: bins + 1 }, (_, i) => low + i * wide), counts };
}

/**
 * A height for the axis that one crowded bin doesn't spoil for all the others, and the bins that it cuts off.
 * @param {number[]} counts
 */
export function ceiling(counts) {
  const [first, second] = [...counts].sort((a, b) => b - a);
  const top = Math.max(1, Math.min(first, 2 * Math.max(second, first / 6)));
  return { top: top * 1.08, cut: counts.flatMap((n, i) => (n > top * 1.08 ? [i] : [])) };
}
