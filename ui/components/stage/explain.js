// What the shelf says about one cell: the numbers that make it, in words that every kind of stop shares.
import { format } from "../shared/numbers.js";
import { placeOf, termsOf, unravel } from "./rules.js";

/** @typedef {import("./rules.js").Place} Place */
/**
 * A number on the shelf and the places it stands at.
 * @typedef {Object} Chip
 * @property {number} sign colours the chip: the value of its product
 * @property {number} [left]
 * @property {number} [right]
 * @property {number} [value]
 * @property {string} [prefix]
 * @property {boolean} [winner]
 * @property {Place[]} places
 */
/**
 * @typedef {Object} Explanation
 * @property {string} name
 * @property {string} note
 * @property {"sum"|"max"|"ratio"|"log"|"difference"|"update"|"given"} how
 * @property {Chip[]} chips
 * @property {Chip} [first]
 * @property {{cursor: string, over: string, chosen: number, totals: number[]}} [groups]
 * @property {Chip} [bias]
 * @property {number} value
 * @property {number} decimals
 * @property {Place[]} reads every place to light
 * @property {string} text the block of the sentence
 * @property {Record<string, string|number>} facts
 */

const SYMBOL = { output: "y", result_dx: "dx", result_dw: "dW", result_db: "db", result: "dz", new_weight: "W", after: "p" };

/** @param {string} template @param {Record<string, string|number>} values */
const fill = (template, values) => template.replace(/\{(\w+)\}/g, (gap, name) => (name in values ? String(values[name]) : gap));

/** A place in an array that is read as it stands. @param {string} array @param {number} flat @returns {Place} */
const whole = (array, flat) => ({ array, flat, at: [flat], view: [] });

/**
 * @param {any} stage
 * @param {import("./grids.js").Grid} grid the result
 * @param {number} flat its cell
 * @returns {Explanation}
 */
export function explain(stage, grid, flat) {
  const { stop, meta, arrays } = stage, labels = meta.labels;
  const shape = arrays[grid.spec.array].shape, index = unravel(flat, shape);
  const own = grid.spec.array.startsWith("v:") || grid.spec.array.startsWith("d:") && !grid.spec.array.includes(".") || shape[0] === 1
    ? index.slice(1) : index;
  const symbol = stop.layer && stop.id === `${meta.last}.forward` ? "z" : stop.how === "given" ? "x"
    : grid.spec.array === "p" ? "p" : grid.spec.array === "surprise" ? "−ln p" : SYMBOL[grid.spec.role] ?? "y";
  const value = grid.values[flat];
  const base = {
    name: `${symbol}[${own.join(", ")}]`, note: "", how: "sum", chips: [], value, decimals: grid.decimals, reads: [],
    text: stop.text, facts: { ...stop.facts, value: format(value, grid.decimals) },
  };
  const last = own.length - 1;
  Object.assign(base.facts, { row: own[last - 1] ?? own[last], column: own[last], k: own[0] });
  const made = HOW[grid.spec.id === "B" ? "positions" : stop.how](stage, grid, flat, base);
  made.note = made.note && fill(labels[made.note] ?? made.note, made.facts);
  return made;
}

/** The terms of the grid's own rule, as chips. */
function ruled(stage, grid, flat) {
  const found = termsOf(grid.spec.rule, stage.arrays, flat);
  const chips = found.terms.map((term) => ({
    sign: term.product, left: term.left, right: grid.spec.rule.right ? term.right : undefined, places: term.places, index: term.index,
  }));
  const bias = found.bias === null ? undefined
    : { sign: found.bias, value: found.bias, prefix: "b", places: [found.biasPlace] };
  return { chips, bias, reads: found.terms.flatMap((term) => term.places) };
}

/** @type {Record<string, (stage: any, grid: any, flat: number, base: any) => any>} */
const HOW = {
  given: (stage, grid, flat, base) => ({
    ...base, how: "given", note: "note_pixel", chips: [{ sign: base.value, value: base.value, places: [whole(grid.spec.array, flat)] }],
  }),

  sum(stage, grid, flat, base) {
    const { chips, bias, reads } = ruled(stage, grid, flat), { group } = grid.spec.rule;
    const made = { ...base, chips, bias, reads };
    Object.assign(made.facts, { count: chips.length, bias: bias ? format(bias.value) : "" });
    if (group && chips.length) {
      const totals = [], size = grid.spec.rule.terms[group.term], chosen = Math.min(stage.cursors[group.cursor] ?? 0, size - 1);
      for (let g = 0; g < size; g++) totals.push(chips.filter((c) => c.index[group.term] === g).reduce((sum, c) => sum + c.sign, 0));
      made.chips = chips.filter((chip) => chip.index[group.term] === chosen);
      if (size > 1) {
        made.groups = { cursor: group.cursor, over: group.term, chosen, totals };
        Object.assign(made.facts, { here: made.chips.length, channel: chosen, others: size - 1 });
        made.note = group.term === "c" ? "note_channels" : "note_maps";
      } else made.note = "note_products";
    } else if (chips.length > 12) {
      const zeros = chips.filter((chip) => chip.sign === 0).length;
      made.chips = chips.filter((chip) => chip.sign !== 0).sort((a, b) => Math.abs(b.sign) - Math.abs(a.sign));
      made.facts.zeros_here = zeros;
      made.note = "note_largest";
    } else if (stage.stop.kind === "linear-weight") {
      made.facts.error = format(chips[0].left, 3);
      made.note = "note_linear_weight";
    } else if (stage.stop.kind === "relu-input") made.note = chips[0].right ? "note_gate_open" : "note_gate_shut";
    return made;
  },

  positions(stage, grid, flat, base) {
    const { chips, reads } = ruled(stage, grid, flat), bias = grid.spec.id === "B";
    const kept = chips.filter((chip) => chip.sign !== 0);
    const facts = { ...base.facts, count: kept.length, places: chips.length, zeros_here: chips.length - kept.length };
    if (!bias) {
      const sums = stage.grids.find((other) => other.spec.id === "B");
      facts.db = sums ? format(sums.values[stage.cursors[grid.spec.cursor.k]]) : "";
    }
    return { ...base, facts, chips: kept, reads, text: bias ? "conv-bias" : base.text, note: bias ? "note_bias" : "note_positions" };
  },

  gate(stage, grid, flat, base) {
    const { chips, reads } = ruled(stage, grid, flat), x = chips[0].left;
    const options = [
      { sign: 0, value: 0, winner: x <= 0, places: [] },
      { sign: x, value: x, winner: x > 0, places: chips[0].places.slice(0, 1) },
    ];
    return { ...base, how: "max", chips: options, reads, note: x > 0 ? "note_passes" : "note_stopped" };
  },

  max(stage, grid, flat, base) {
    const { chips, reads } = ruled(stage, grid, flat);
    const inside = chips.filter((chip) => chip.places[0].flat >= 0);
    const winner = inside.find((chip) => chip.right === 1) ?? inside[0];
    const [row, column] = winner.places[0].at.slice(-2);
    const facts = { ...base.facts, winner_row: row, winner_column: column };
    const options = inside.map((chip) => ({ sign: chip.left, value: chip.left, winner: chip === winner, places: chip.places.slice(0, 1) }));
    return { ...base, facts, how: "max", chips: options, reads, note: "note_winner" };
  },

  route(stage, grid, flat, base) {
    const { chips } = ruled(stage, grid, flat), switches = stage.grids.find((other) => other.spec.window);
    const inside = chips.filter((chip) => chip.places[0].flat >= 0), won = inside.some((chip) => chip.right === 1);
    const cells = [], rule = switches.spec.window, [height, width] = switches.taken.shape.slice(-2);
    const facts = { ...base.facts };
    for (const chip of inside) {
      const [n, c, i, j] = chip.places[0].at;
      for (let t = 0; t < height * width; t++) {
        const [a, b] = unravel(t, [height, width]), place = placeOf(rule, { n, c, i, j, a, b });
        cells.push(place);
        const [, , H, W] = switches.taken.shape;
        if (switches.taken.data[((c * H + i) * W + j) * height * width + t]) [facts.winner_row, facts.winner_column] = place.at.slice(-2);
      }
      chip.places = [chip.places[0], whole(switches.spec.array, flat)];
    }
    return {
      ...base, facts, chips: inside, text: won ? base.text : `${base.text}-lost`, note: won ? "note_won" : "note_lost",
      reads: [...inside.map((chip) => chip.places[0]), ...cells],
    };
  },

  ratio(stage, grid, flat, base) {
    const chips = Array.from(stage.arrays.exp.data, (e, k) => ({ sign: e > 5e-4 ? 1 : 0, value: e, winner: k === flat, places: [whole("exp", k)] }));
    const first = { sign: 1, value: stage.arrays.exp.data[flat], places: [whole("exp", flat), whole(`v:${stage.meta.last}`, flat)] };
    return { ...base, how: "ratio", first, chips, reads: [...first.places, ...chips.flatMap((chip) => chip.places)], note: "note_share" };
  },

  log(stage, grid, flat, base) {
    const p = stage.arrays.p.data[flat], places = [whole("p", flat)];
    const note = flat === stage.meta.target ? "note_is_loss" : "note_would_be";
    return { ...base, how: "log", chips: [{ sign: p, value: p, places }], reads: places, facts: { ...base.facts, class: flat }, note };
  },

  difference(stage, grid, flat, base) {
    const p = stage.arrays.p.data[flat], y = stage.arrays.target.data[flat];
    const chips = [
      { sign: p, value: p, places: [whole("p", flat)] },
      { sign: -y, value: y, whole: true, places: [whole("target", flat)] },
    ];
    return { ...base, how: "difference", chips, reads: chips.flatMap((chip) => chip.places), note: y ? "note_push_up" : "note_push_down" };
  },

  update(stage, grid, flat, base) {
    const name = grid.spec.array.replace("new:", ""), w = stage.arrays[name].data[flat], g = stage.arrays[`d:${name}`].data[flat];
    const chips = [
      { sign: w, value: w, places: [whole(name, flat)] },
      { sign: 0, value: stage.meta.lr, prefix: "η", places: [] },
      { sign: g, value: g, places: [whole(`d:${name}`, flat)] },
    ];
    const note = g > 0 ? "note_goes_down" : g < 0 ? "note_goes_up" : "note_stays";
    const facts = { ...base.facts, value: format(base.value, 4), lr: String(stage.meta.lr) };
    return { ...base, facts, how: "update", decimals: 4, chips, reads: chips.flatMap((chip) => chip.places), note };
  },

  change(stage, grid, flat, base) {
    const after = stage.arrays["after:p"].data[flat], before = stage.arrays.p.data[flat];
    const chips = [
      { sign: after, value: after, places: [whole("after:p", flat)] },
      { sign: -before, value: before, places: [whole("p", flat)] },
    ];
    return { ...base, name: `Δp[${flat}]`, how: "difference", chips, value: after - before, reads: [chips[1].places[0]], note: "note_loss_change" };
  },
};
