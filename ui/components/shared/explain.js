// What the shelf says about one cell: the numbers that make it.
import { fill } from "./dom.js";
import { format } from "./numbers.js";
import { placeOf, termsOf, unravel } from "./rules.js";

/** @typedef {import("./rules.js").Place} Place */
/** @typedef {import("./grids.js").Grid} Grid */
/** @typedef {import("./bench.js").Bench} Bench */
/** The numbers of a sentence. @typedef {Record<string, string|number>} Facts */
/**
 * A number on the shelf and the places it stands at.
 * @typedef {Object} Chip
 * @property {number} sign colours the chip: the value of its product
 * @property {number} [left]
 * @property {number} [right]
 * @property {number} [value]
 * @property {string} [prefix]
 * @property {boolean} [winner]
 * @property {boolean} [whole] written without decimals
 * @property {boolean} [later] its turn has not come yet
 * @property {Record<string, number>} [index] of the term
 * @property {Place[]} places
 */
/**
 * @typedef {Object} Explanation
 * @property {string} name
 * @property {string} note
 * @property {string} how
 * @property {string} [call] what stands before the brackets of a choice, where it is not "max"
 * @property {Chip[]} chips
 * @property {Chip} [first]
 * @property {{cursor: string, over: string, chosen: number, totals: number[], first: number}} [groups] `first`: the number of the first
 * @property {Chip} [bias]
 * @property {(string|Chip)[]} [pieces] signs and numbers in their order, where `how` is "written"
 * @property {number} value
 * @property {number} decimals
 * @property {Place[]} reads every place to light
 * @property {{name: string, found: import("./quiz.js").Found}} [asked] the value is hidden, for the learner to find
 * @property {string} text the block of the sentence
 * @property {Facts} facts
 */
/**
 * How a kind of result is made, from what is known of every cell; a lesson's own ways know its own kind of bench.
 * @template {Bench} [Kind=Bench]
 * @typedef {(bench: Kind, grid: Grid, flat: number, base: Explanation) => Explanation} Way
 */

/** @type {Record<string, string>} */
const SYMBOL = { output: "y", result_dx: "dx", result_dw: "dW", result_db: "db", result: "dz", new_weight: "W", after: "p" };
const MANY = 12, CROWD = 49;

/** A place in an array that is read as it stands. @param {string} array @param {number} flat @returns {Place} */
export const whole = (array, flat) => ({ array, flat, at: [flat], view: [] });

/**
 * @param {Bench} bench
 * @param {Grid} grid the result
 * @param {number} flat its cell
 * @param {Record<string, Way<any>>} ways
 * @returns {Explanation}
 */
export function explain(bench, grid, flat, ways) {
  const { scene, meta, arrays } = bench, { spec } = grid;
  const shape = arrays[spec.array].shape, index = unravel(flat, shape);
  const own = spec.view !== "kernel" && shape.length > 1 && shape[0] === 1 ? index.slice(1) : index;
  const symbol = spec.symbol ?? SYMBOL[spec.role] ?? "y", value = grid.values[flat], last = own.length - 1;
  const facts = { ...scene.facts, value: format(value, grid.decimals), row: own[last - 1] ?? own[last], column: own[last], k: own[0] };
  /** @type {Explanation} */
  const base = {
    name: `${symbol}[${own.join(", ")}]`, note: "", how: "sum", chips: [], value, decimals: grid.decimals, reads: [],
    text: spec.text ?? scene.text, facts,
  };
  const made = ways[spec.how ?? scene.how](bench, grid, flat, base);
  made.note = made.note && fill(meta.labels[made.note] ?? made.note, made.facts);
  return made;
}

/** The terms of the grid's own rule, as chips. @param {Bench} bench @param {Grid} grid @param {number} flat */
export function ruled(bench, grid, flat) {
  const { rule } = /** @type {{rule: import("./rules.js").Rule}} */ (grid.spec), found = termsOf(rule, bench.arrays, flat);
  const shown = [...rule.also ?? [], ...rule.beside ?? []];
  // Numbers that are only added up are no terms where there are none.
  const chips = found.terms.filter((term) => rule.right || term.places[0].flat >= 0).map((term) => ({
    sign: term.product, left: term.left, right: rule.right ? term.right : undefined, index: term.index,
    places: [...term.places, .../** @type {Place[]} */ (shown.map((read) => placeOf(read, term.index)).filter(Boolean))],
  }));
  const bias = found.bias === null ? undefined
    : { sign: found.bias, value: found.bias, prefix: "b", places: [/** @type {Place} */ (found.biasPlace)] };
  return { chips, bias, reads: chips.flatMap((chip) => chip.places) };
}

/** @type {Record<string, Way>} */
export const WAYS = {
  /** A number that was given. */
  given: (bench, grid, flat, base) => ({
    ...base, how: "given", note: "note_pixel", chips: [{ sign: base.value, value: base.value, places: [whole(grid.spec.array, flat)] }],
  }),

  /** Products, added up: by groups where the rule has them, else the largest first where they are many. */
  sum(bench, grid, flat, base) {
    const { chips, bias, reads } = ruled(bench, grid, flat), { group } = /** @type {import("./rules.js").Rule} */ (grid.spec.rule);
    const made = { ...base, chips, bias, reads };
    Object.assign(made.facts, { count: chips.length, bias: bias ? format(bias.value) : "" });
    if (group && chips.length) {
      const totals = [], size = grid.spec.rule.terms[group.term], chosen = Math.min(bench.cursors[group.cursor] ?? 0, size - 1);
      for (let g = 0; g < size; g++) totals.push(chips.filter((c) => c.index[group.term] === g).reduce((sum, c) => sum + c.sign, 0));
      made.chips = chips.filter((chip) => chip.index[group.term] === chosen);
      // Where the channels fall into groups, the rule counts within one.
      const first = (chips[0].index.g ?? 0) * size;
      Object.assign(made.facts, { first, last: first + size - 1 });
      if (size > 1) {
        made.groups = { cursor: group.cursor, over: group.term, chosen, totals, first };
        Object.assign(made.facts, { here: made.chips.length, channel: first + chosen, others: size - 1 });
        made.note = group.term === "c" ? "note_channels" : "note_maps";
      } else made.note = bias ? "note_products" : "note_products_only";
    }
    // A kernel's products are read best in their places; where they are too many to be read so, the largest come first.
    if (made.chips.length > (group ? CROWD : MANY)) {
      made.facts.zeros_here = made.chips.filter((chip) => chip.sign === 0).length;
      made.chips = made.chips.filter((chip) => chip.sign !== 0).sort((a, b) => Math.abs(b.sign) - Math.abs(a.sign));
      if (!made.groups) made.note = "note_largest";
    }
    return made;
  },

  /** ReLU: the larger of 0 and the number. */
  gate(bench, grid, flat, base) {
    const { chips, reads } = ruled(bench, grid, flat), x = chips[0].left;
    const options = [
      { sign: 0, value: 0, winner: x <= 0, places: [] },
      { sign: x, value: x, winner: x > 0, places: chips[0].places.slice(0, 1) },
    ];
    return { ...base, how: "max", chips: options, reads, note: x > 0 ? "note_passes" : "note_stopped" };
  },

  /** The largest of a window: the rule's right factor is 1 for the winner. */
  max(bench, grid, flat, base) {
    const { chips, reads } = ruled(bench, grid, flat);
    const inside = chips.filter((chip) => chip.places[0].flat >= 0);
    const winner = inside.find((chip) => chip.right === 1) ?? inside[0];
    const [row, column] = winner.places[0].at.slice(-2);
    const facts = { ...base.facts, winner_row: row, winner_column: column };
    const options = inside.map((chip) => ({ sign: chip.left, value: chip.left, winner: chip === winner, places: chip.places.slice(0, 1) }));
    return { ...base, facts, how: "max", chips: options, reads, note: "note_winner" };
  },

  /** Back to the winner of each window; needs a grid with ``winners`` and ``window`` among the operands. */
  route(bench, grid, flat, base) {
    const { chips } = ruled(bench, grid, flat), switches =
      /** @type {import("./grids.js").Switches} */ (bench.grids.find((other) => other.spec.window));
    const inside = chips.filter((chip) => chip.places[0].flat >= 0), won = inside.some((chip) => chip.right === 1);
    const cells = [], rule = switches.spec.window, [, , H, W, height, width] = switches.taken.shape;
    const facts = { ...base.facts };
    for (const chip of inside) {
      const [n, c, i, j] = chip.places[0].at;
      for (let t = 0; t < height * width; t++) {
        const [a, b] = unravel(t, [height, width]), place = /** @type {Place} */ (placeOf(rule, { n, c, i, j, a, b }));
        cells.push(place);
        if (switches.taken.data[((c * H + i) * W + j) * height * width + t]) [facts.winner_row, facts.winner_column] = place.at.slice(-2);
      }
      chip.places = [chip.places[0], whole(switches.spec.array, flat)];
    }
    return {
      ...base, facts, chips: inside, text: won ? base.text : `${base.text}-lost`, note: won ? "note_won" : "note_lost",
      reads: [...inside.map((chip) => chip.places[0]), ...cells],
    };
  },
};
