// The tape in the browser: values forward, products back. The same as engine/autograd/tape.py, which tests hold it to.

/** @typedef {{op: string, label: string, parents: number[], value?: number, spans: number[][]}} Plan  `spans`: where the formula says it */
/** @typedef {{node: number, slot: number, parent: number, grad: number, local: number, amount: number}} Sent */
/** @typedef {{node: number, kind: string, numbers: number[]}} Trouble */

const LARGEST = 1e12;

class Stop extends Error {
  /** @param {string} kind @param {...number} numbers */
  constructor(kind, ...numbers) {
    super(kind);
    this.kind = kind;
    this.numbers = numbers;
  }
}

/** Value and local derivatives; null for one that doesn't exist. @type {Record<string, (...a: number[]) => [number, (number|null)[]]>} */
const OPERATIONS = {
  add: (a, b) => [a + b, [1, 1]],
  subtract: (a, b) => [a - b, [1, -1]],
  multiply: (a, b) => [a * b, [b, a]],
  divide: (a, b) => {
    if (b === 0) throw new Stop("divide");
    return [a / b, [1 / b, -a / b / b]];
  },
  power: (a, b) => {
    if (a === 0 && b < 0) throw new Stop("zero-power");
    if (a < 0 && !Number.isInteger(b)) throw new Stop("broken-power", a, b);
    const value = a ** b;
    return [value, [b === 0 ? 0 : a === 0 && b < 1 ? null : b * a ** (b - 1), a > 0 ? value * Math.log(a) : null]];
  },
  negate: (a) => [-a, [-1]],
  exp: (a) => [Math.exp(a), [Math.exp(a)]],
  log: (a) => {
    if (a <= 0) throw new Stop("log", a);
    return [Math.log(a), [1 / a]];
  },
  sigmoid: (a) => {
    const s = a >= 0 ? 1 / (1 + Math.exp(-a)) : Math.exp(a) / (1 + Math.exp(a));
    return [s, [s * (1 - s)]];
  },
  tanh: (a) => [Math.tanh(a), [1 - Math.tanh(a) ** 2]],
  relu: (a) => [Math.max(a, 0), [Number(a > 0)]],
  max: (...a) => {
    const winner = a.indexOf(Math.max(...a));
    return [a[winner], a.map((_, i) => Number(i === winner))];
  },
};

/**
 * Both passes. Where a number can't be computed, `trouble` names the node, and nothing comes back.
 * @param {Plan[]} nodes each after its parents
 * @param {Record<string, number>} inputs
 * @returns {{value: number[], local: (number|null)[][], moves: boolean[], grad: (number|null)[], sent: Sent[], trouble: Trouble|null}}
 */
export function run(nodes, inputs) {
  const value = nodes.map(() => NaN), moves = nodes.map(() => false);
  /** @type {(number|null)[][]} */
  const local = nodes.map(() => []);
  const stopped = (/** @type {number} */ node, /** @type {any} */ stop) =>
    ({ value, local, moves, grad: nodes.map(() => null), sent: [], trouble: { node, kind: stop.kind, numbers: stop.numbers } });
  // What was given is known even where nothing can be made of it.
  for (const [place, { op, label, parents }] of nodes.entries()) {
    if (parents.length) continue;
    value[place] = op === "variable" ? inputs[label] : Number(label);
    moves[place] = op === "variable";
  }
  for (const [place, { op, parents }] of nodes.entries()) {
    if (!parents.length) continue;
    try {
      const [result, slopes] = OPERATIONS[op](...parents.map((parent) => value[parent]));
      if (!(Math.abs(result) <= LARGEST)) throw new Stop("large");
      moves[place] = parents.some((parent) => moves[parent]);
      const missing = slopes.some((slope, i) => slope === null && moves[parents[i]]);
      if (missing) throw new Stop("no-slope", ...parents.map((parent) => value[parent]));
      value[place] = result;
      local[place] = slopes.map((slope, i) => (moves[parents[i]] ? slope : null));
    } catch (stop) {
      if (!(stop instanceof Stop)) throw stop;
      return stopped(place, stop);
    }
  }
  const sums = nodes.map(() => 0), last = nodes.length - 1, sent = [];
  sums[last] = 1;
  for (let node = last; node >= 0; node--) {
    nodes[node].parents.forEach((parent, slot) => {
      const slope = local[node][slot];
      if (slope === null) return;
      const amount = sums[node] * slope;
      sums[parent] += amount;
      sent.push({ node, slot, parent, grad: sums[node], local: slope, amount });
    });
  }
  if (!sums.every(Number.isFinite)) return stopped(last, new Stop("endless"));
  return { value, local, moves, grad: sums.map((sum, i) => (moves[i] ? sum : null)), sent, trouble: null };
}
