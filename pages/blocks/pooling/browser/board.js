// The bench of "Pooling": a window's winner and its equals, a number drawn by chance, and the way back through both.
import { boardOf } from "shared/board.js";
import { WAYS, ruled } from "shared/explain.js";
import { Workbench } from "shared/workbench.js";

/** The chips of windows that are really there, without those beyond the rim. */
const present = (chips) => chips.filter((chip) => chip.places[0].flat >= 0);

/** The largest of a window, and whether it stands there more than once. @type {import("shared/explain.js").Way} */
function strongest(bench, grid, flat, base) {
  const made = WAYS.max(bench, grid, flat, base), equals = made.chips.filter((chip) => chip.value === made.value).length;
  Object.assign(made.facts, { count: made.chips.length, equals });
  return equals > 1 ? { ...made, text: `${base.text}-tie`, note: "note_tie" } : made;
}

/** One cell of the window, drawn: every cell with its chance. @type {import("shared/explain.js").Way} */
function draw(bench, grid, flat, base) {
  const { chips, reads } = ruled(bench, grid, flat), chances = bench.arrays.chances.data;
  const options = chips.map((chip, t) => ({
    sign: chip.left, value: chip.left, prefix: `${Math.round(100 * chances[flat * chips.length + t])}%:`,
    winner: chip.right === 1, places: chip.places,
  }));
  const drawn = chips.findIndex((chip) => chip.right === 1), [row, column] = chips[drawn].places[0].at.slice(-2);
  const percent = options[drawn].prefix.replace(":", "");
  const facts = { ...base.facts, winner_row: row, winner_column: column, percent, count: chips.length };
  const text = options.some((option) => option.value > 0) ? base.text : `${base.text}-alike`;
  return { ...base, text, facts, how: "max", call: bench.meta.labels.draw_of, chips: options, reads, note: "note_drawn" };
}

/** Each cell of the window times its share. @type {import("shared/explain.js").Way} */
function weigh(bench, grid, flat, base) {
  const made = WAYS.sum(bench, grid, flat, base);
  return made.note ? made : { ...made, note: "note_cells" };
}

/** What every window sends back to one cell. @param {import("shared/explain.js").Way} way @returns {import("shared/explain.js").Way} */
const back = (way) => (bench, grid, flat, base) => {
  const made = way(bench, grid, flat, { ...base, text: `${base.text}-back` });
  made.chips = present(made.chips);
  const count = made.chips.length;
  made.facts.count = count;
  if (!count) return { ...made, text: `${base.text}-unread`, note: "note_unread" };
  made.facts.wins = made.chips.filter((chip) => chip.right === 1).length;
  if (base.text === "scene-expected" && bench.arrays.x.data[flat] <= 0) made.text = `${made.text}-off`;
  if (way === WAYS.route) return count > 1 ? { ...made, note: "note_wins" } : made;
  return { ...made, note: count > 1 ? "note_windows" : "note_window" };
};

/** What every place of a weight adds to its gradient. @type {import("shared/explain.js").Way} */
const collect = (bench, grid, flat, base) => WAYS.sum(bench, grid, flat, { ...base, text: `${base.text}-weight` });

class Pooling extends Workbench {
  constructor(host, root) {
    super(host, root);
    this.ways = { ...WAYS, max: strongest, draw, weigh, route: back(WAYS.route), spread: back(WAYS.sum), collect };
  }
}

export default boardOf(Pooling);
