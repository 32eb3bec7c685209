// What the shelf says of the numbers that are no plain sums: softmax, the loss, its gradient, the update.
import { WAYS as GENERAL, ruled, whole } from "shared/explain.js";
import { format } from "shared/numbers.js";

/** @type {Record<string, import("shared/explain.js").Way<import("./board.js").Stage>>} */
export const WAYS = {
  ...GENERAL,

  sum(stage, grid, flat, base) {
    const made = GENERAL.sum(stage, grid, flat, base);
    if (stage.stop.kind === "linear-weight") {
      made.facts.error = format(/** @type {number} */ (made.chips[0].left), 3);
      made.note = "note_linear_weight";
    } else if (stage.stop.kind === "relu-input") made.note = made.chips[0].right ? "note_gate_open" : "note_gate_shut";
    return made;
  },

  positions(stage, grid, flat, base) {
    const { chips, reads } = ruled(stage, grid, flat), bias = grid.spec.id === "B";
    const kept = chips.filter((chip) => chip.sign !== 0);
    /** @type {import("shared/explain.js").Facts} */
    const facts = { ...base.facts, count: kept.length, places: chips.length, zeros_here: chips.length - kept.length };
    if (!bias) {
      const sums = stage.grids.find((other) => other.spec.id === "B");
      facts.db = sums ? format(sums.values[stage.cursors[grid.spec.cursor.k]]) : "";
    }
    return { ...base, facts, chips: kept, reads, text: bias ? "conv-bias" : base.text, note: bias ? "note_bias" : "note_positions" };
  },

  ratio(stage, grid, flat, base) {
    const chips = Array.from(stage.arrays.exp.data, (e, k) =>
      ({ sign: e > 5e-4 ? 1 : 0, value: e, winner: k === flat, places: [whole("exp", k)] }));
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
    const what = name.endsWith(".bias") ? "note_bias_" : "note_";
    const note = what + (g > 0 ? "goes_down" : g < 0 ? "goes_up" : "stays");
    const facts = { ...base.facts, value: format(base.value, 4), lr: String(stage.meta.lr) };
    return { ...base, facts, how: "update", decimals: 4, chips, reads: chips.flatMap((chip) => chip.places), note };
  },

  change(stage, grid, flat, base) {
    const after = stage.arrays["after:p"].data[flat], before = stage.arrays.p.data[flat];
    const chips = [
      { sign: after, value: after, places: [whole("after:p", flat)] },
      { sign: -before, value: before, places: [whole("p", flat)] },
    ];
    const reads = [chips[1].places[0]];
    return { ...base, name: `Δp[${flat}]`, how: "difference", chips, value: after - before, reads, note: "note_loss_change" };
  },
};
