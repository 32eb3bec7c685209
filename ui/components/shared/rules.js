// The engine's rules (engine/explain/rules.py), evaluated for one cell: which numbers meet, and where they stand.

/** @typedef {{by: Record<string, number>, start: number, divide: number}} Axis */
/** @typedef {{array: string, view: number[], axes: Axis[]}} Read */
/**
 * @typedef {Object} Rule
 * @property {Record<string, number>} result
 * @property {Record<string, number>} terms
 * @property {Read} left
 * @property {Read|null} right
 * @property {Read|null} bias
 * @property {{term: string, cursor: string}|null} [group]
 * @property {Read[]} [also] places that show a factor once more: every term lights them
 * @property {Read[]} [beside] places that it lights, too, and isn't made of
 */
/** A place in an array: its flat index (-1 outside), and the coordinates in the rule's view, outside or not.
 * @typedef {{array: string, flat: number, at: number[], view: number[]}} Place */
/** @typedef {{left: number, right: number, product: number, places: Place[], index: Record<string, number>}} Term */
/** @typedef {Record<string, {data: ArrayLike<number>, shape: number[]}>} Arrays */

/**
 * Split a flat number into indices of the given sizes, last one fastest.
 * @param {number} flat
 * @param {number[]} sizes
 * @returns {number[]}
 */
export function unravel(flat, sizes) {
  const index = new Array(sizes.length);
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    index[axis] = flat % sizes[axis];
    flat = Math.floor(flat / sizes[axis]);
  }
  return index;
}

/**
 * @param {Read} read
 * @param {Record<string, number>} index
 * @returns {Place|null} null where the coordinate is no whole number: there is no such term
 */
export function placeOf(read, index) {
  let flat = 0, inside = true;
  const at = [];
  for (let axis = 0; axis < read.axes.length; axis++) {
    const { by, start, divide } = read.axes[axis], size = read.view[axis];
    let value = start;
    for (const name in by) value += by[name] * index[name];
    if (divide !== 1) {
      if (value % divide !== 0) return null;
      value /= divide;
    }
    if (value < 0 || value >= size) inside = false;
    flat = flat * size + value;
    at.push(value);
  }
  return { array: read.array, flat: inside ? flat : -1, at, view: read.view };
}

/**
 * Every term of one cell of a result.
 * @param {Rule} rule
 * @param {Arrays} arrays
 * @param {number} flat the cell
 * @returns {{terms: Term[], bias: number|null, biasPlace: Place|null}}
 */
export function termsOf(rule, arrays, flat) {
  const names = Object.keys(rule.result), sizes = Object.values(rule.result);
  const termNames = Object.keys(rule.terms), termSizes = Object.values(rule.terms);
  /** @type {Record<string, number>} */
  const index = {};
  unravel(flat, sizes).forEach((value, axis) => { index[names[axis]] = value; });
  const count = termSizes.reduce((a, b) => a * b, 1);
  const terms = [];
  for (let t = 0; t < count; t++) {
    const own = unravel(t, termSizes);
    for (let axis = 0; axis < own.length; axis++) index[termNames[axis]] = own[axis];
    const leftPlace = placeOf(rule.left, index), rightPlace = rule.right && placeOf(rule.right, index);
    if (!leftPlace || (rule.right && !rightPlace)) continue;
    const left = leftPlace.flat < 0 ? 0 : arrays[rule.left.array].data[leftPlace.flat];
    const right = !rule.right ? 1 : /** @type {Place} */ (rightPlace).flat < 0 ? 0
      : arrays[rule.right.array].data[/** @type {Place} */ (rightPlace).flat];
    const places = rightPlace ? [leftPlace, rightPlace] : [leftPlace];
    terms.push({ left, right, product: left * right, places, index: { ...index } });
  }
  const biasPlace = rule.bias ? placeOf(rule.bias, index) : null;
  return { terms, bias: biasPlace ? arrays[biasPlace.array].data[biasPlace.flat] : null, biasPlace };
}

/**
 * The terms that read one place, whatever cells of the result they belong to: the rule, solved for its indices.
 * @param {Rule} rule
 * @param {Read} read one of its reads
 * @param {number[]} at coordinates in the read's view, outside or not
 * @returns {{flat: number, index: Record<string, number>}[]} the cell of the result, and the term's indices
 */
export function readersOf(rule, read, at) {
  const sizes = { ...rule.result, ...rule.terms };
  /** @type {Record<string, number>[]} */
  let found = [{}];
  read.axes.forEach((axis, n) => {
    found = found.flatMap((known) => solved(axis, at[n] * axis.divide - axis.start, Object.keys(axis.by), known, sizes));
  });
  // Indices that the read doesn't name are free: a pixel is read by every filter.
  for (const name in sizes) {
    const values = [...Array(sizes[name]).keys()];
    const free = (/** @type {Record<string, number>} */ known) => values.map((value) => ({ ...known, [name]: value }));
    if (found.length && !(name in found[0])) found = found.flatMap(free);
  }
  const flatOf = (/** @type {Record<string, number>} */ index) =>
    Object.entries(rule.result).reduce((flat, [name, size]) => flat * size + index[name], 0);
  return found.map((index) => ({ index, flat: flatOf(index) }));
}

/**
 * Every choice of the named indices for which Σ by · index is `rest`, beside what is known.
 * @param {Axis} axis @param {number} rest @param {string[]} names
 * @param {Record<string, number>} known @param {Record<string, number>} sizes
 * @returns {Record<string, number>[]}
 */
function solved({ by }, rest, names, known, sizes) {
  const open = names.filter((name) => !(name in known));
  const left = names.reduce((all, name) => (name in known ? all - by[name] * known[name] : all), rest);
  if (!open.length) return left === 0 ? [known] : [];
  const [name, ...others] = open;
  if (!others.length) {
    const value = left / by[name];
    return Number.isInteger(value) && value >= 0 && value < sizes[name] ? [{ ...known, [name]: value }] : [];
  }
  const values = [...Array(sizes[name]).keys()], axis = { by, start: 0, divide: 1 };
  return values.flatMap((value) => solved(axis, rest, names, { ...known, [name]: value }, sizes));
}
