// The browser's own count of ways and reach; tests hold it to compute/stack.py and compute/measured.py.

/** @typedef {{kind: string, kernel: number, stride: number, padding: number, dilation: number}} Window */
/** @typedef {[number, number]} Span first and last, both inside */

const one = (/** @type {number} */ size, /** @type {number} */ place) => {
  const ways = new Float64Array(size);
  ways[place] = 1;
  return ways;
};

/**
 * In one direction: the ways from each place of the image and of every layer up to `level` to one unit of it.
 * @param {Window[]} windows
 * @param {number[]} sizes units in a row, the image's first
 * @param {number} level
 * @param {number} place
 */
export function waysBelow(windows, sizes, level, place) {
  const found = [one(sizes[level], place)];
  for (let l = level; l > 0; l--) {
    const { kernel, stride, padding, dilation } = windows[l - 1], above = found[0], below = new Float64Array(sizes[l - 1]);
    for (let i = 0; i < above.length; i++) {
      if (!above[i]) continue;
      for (let a = 0; a < kernel; a++) {
        const at = i * stride + a * dilation - padding;
        if (at >= 0 && at < below.length) below[at] += above[i];
      }
    }
    found.unshift(below);
  }
  return found;
}

/**
 * In one direction: the ways from one unit of `level` to every unit of its own and of each later layer.
 * @param {Window[]} windows @param {number[]} sizes @param {number} level @param {number} place
 */
export function waysAbove(windows, sizes, level, place) {
  const found = [one(sizes[level], place)];
  for (let l = level; l < windows.length; l++) {
    const { kernel, stride, padding, dilation } = windows[l], below = found[found.length - 1], above = new Float64Array(sizes[l + 1]);
    for (let i = 0; i < above.length; i++) {
      for (let a = 0; a < kernel; a++) above[i] += below[i * stride + a * dilation - padding] ?? 0;
    }
    found.push(above);
  }
  return found;
}

/**
 * Where the field of a unit begins and ends on the image and on every layer up to its own, padding included.
 * @param {Window[]} windows @param {number} level @param {number} place
 * @returns {Span[]}
 */
export function reach(windows, level, place) {
  /** @type {Span[]} */
  const found = [[place, place]];
  for (let l = level; l > 0; l--) {
    const { kernel, stride, padding, dilation } = windows[l - 1], [low, high] = found[0];
    found.unshift([low * stride - padding, high * stride - padding + dilation * (kernel - 1)]);
  }
  return found;
}

/** First and last place that any way leads to; null where none does. @param {ArrayLike<number>} ways @returns {Span|null} */
export function extent(ways) {
  let low = -1, high = -1;
  for (let i = 0; i < ways.length; i++) {
    if (!ways[i]) continue;
    if (low < 0) low = i;
    high = i;
  }
  return low < 0 ? null : [low, high];
}

/** The middle half of a span, odd or even as the span is. @param {Span} span @returns {Span} */
export function middle([low, high]) {
  const side = high - low + 1;
  let half = Math.floor((side + 1) / 2);
  half = half - ((side - half) % 2) || side;
  const cut = (side - half) / 2;
  return [low + cut, high - cut];
}

/**
 * How much of a map lies within rows × columns, as a share of the whole map.
 * @param {(row: number, column: number) => number} value
 * @param {number} size @param {Span} rows @param {Span} columns
 */
export function share(value, size, rows, columns) {
  let all = 0, inside = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const v = value(i, j);
      all += v;
      if (i >= rows[0] && i <= rows[1] && j >= columns[0] && j <= columns[1]) inside += v;
    }
  }
  return inside / all;
}
