// The browser's own arithmetic for one unit: what each map that is read adds to it. Held equal to the engine by a test.

/**
 * Convolution of stride 1, or a linear layer as a kernel as large as its maps:
 * part[c] = Σ_ab w[k, c, a, b] · x[c, i + a - padding, j + b - padding].
 * @param {{data: ArrayLike<number>, shape: number[]}} x (C, H, W)
 * @param {{data: ArrayLike<number>, shape: number[]}} weight (K, C, kh, kw)
 * @returns {number[]} one part for each map that is read; with the bias they add up to the unit
 */
export function parts(x, weight, padding, k, i, j) {
  const [channels, height, width] = x.shape, [, , kh, kw] = weight.shape, found = [];
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let a = 0; a < kh; a++) {
      const row = i + a - padding;
      if (row < 0 || row >= height) continue;
      for (let b = 0; b < kw; b++) {
        const column = j + b - padding;
        if (column < 0 || column >= width) continue;
        sum += weight.data[((k * channels + c) * kh + a) * kw + b] * x.data[(c * height + row) * width + column];
      }
    }
    found.push(sum);
  }
  return found;
}

/** The weights of a kernel that reads one map, each with the number that it meets; 0 on the padding. @returns {[number, number][]} */
export function products(x, weight, padding, k, i, j) {
  const [, height, width] = x.shape, [, , kh, kw] = weight.shape;
  return Array.from({ length: kh * kw }, (_, at) => {
    const row = i + Math.floor(at / kw) - padding, column = j + (at % kw) - padding, inside = row >= 0 && row < height && column >= 0 && column < width;
    return [weight.data[k * kh * kw + at], inside ? x.data[row * width + column] : 0];
  });
}

/** The four units under a unit of a 2×2 max pooling of stride 2. @returns {number[]} */
export function under(x, k, i, j) {
  const [, height, width] = x.shape, at = (a, b) => x.data[(k * height + 2 * i + a) * width + 2 * j + b];
  return [at(0, 0), at(0, 1), at(1, 0), at(1, 1)];
}
