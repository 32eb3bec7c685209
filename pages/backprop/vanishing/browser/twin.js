// The browser's twin of engine/gradient_flow: a gradient of two numbers goes back through 2×2 Jacobians.

/** @typedef {[number, number]} Pair */

/** dL/dy_{l-1} = J_lᵀ · dL/dy_l for every layer: the gradient at each place, the loss last. @param {ArrayLike<number>} js (L, 2, 2) flat @param {Pair} v at the loss @returns {Pair[]} */
export function back(js, v) {
  const found = [v];
  for (let l = js.length / 4 - 1; l >= 0; l -= 1) {
    const [a, b] = found[0], j = 4 * l;
    found.unshift([js[j] * a + js[j + 2] * b, js[j + 1] * a + js[j + 3] * b]);
  }
  return found;
}
