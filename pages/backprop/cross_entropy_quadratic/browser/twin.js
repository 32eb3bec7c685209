// The browser's twin of compute.py, for a start that is being dragged.

/** @typedef {{w: number[], b: number[], z: number[], a: number[], slope: number[], cost: number[], dz: number[], dw: number[]}} Learning */

/** @param {number} z */
export function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** ln σ(z), finite however small σ is. @param {number} z */
const logSigmoid = (z) => Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));

/**
 * @param {"quadratic"|"cross_entropy"} cost
 * @param {{w: number, b: number, x: number, y: number, lr: number, epochs: number}} start
 * @returns {Learning}
 */
export function learn(cost, { w, b, x, y, lr, epochs }) {
  /** @type {Learning} */
  const found = { w: [], b: [], z: [], a: [], slope: [], cost: [], dz: [], dw: [] };
  for (let epoch = 0; epoch <= epochs; epoch += 1) {
    const z = w * x + b, a = sigmoid(z), slope = a * (1 - a), quadratic = cost === "quadratic";
    const dz = quadratic ? (a - y) * slope : a - y;
    found.w.push(w);
    found.b.push(b);
    found.z.push(z);
    found.a.push(a);
    found.slope.push(slope);
    found.cost.push(quadratic ? (a - y) ** 2 / 2 : -(y * logSigmoid(z) + (1 - y) * logSigmoid(-z)));
    found.dz.push(dz);
    found.dw.push(dz * x);
    w -= lr * dz * x;
    b -= lr * dz;
  }
  return found;
}
