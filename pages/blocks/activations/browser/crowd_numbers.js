// What a crowd of numbers does, looked up in the engine's table of the curve: the twin of
// compute/crowd.py, for as long as something is dragged.

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
