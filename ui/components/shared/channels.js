// Which channel a picture shows of an array that is too deep, and the row of small pictures to choose another from.
// Where the channels fall into groups, a filter reads those of its own: they stand together, the others are faint.
import { button, el } from "./dom.js";
import { limitOf, thumbnail } from "./thumbnail.js";

/** @typedef {import("./grids.js").Grid} Grid */
/** How many groups the channels fall into, how many filters there are, and the cursor that chooses one.
 * @typedef {{count: number, filters: number, cursor: string}} Groups */

/** The value of one of a picture's cursors; never beyond the last channel that there is. @param {Grid} grid @param {string} axis */
export function channelAt(grid, axis) {
  const { spec: { cursor: { [axis]: cursor }, groups, shape, view }, bench } = grid, chosen = bench.cursors[cursor] ?? 0;
  if (cursor === "Y") return bench.cell ?? 0;
  if (groups && cursor !== groups.cursor) {
    const each = shape[0] / groups.count;
    return groupOf(grid, groups) * each + Math.min(chosen, each - 1);
  }
  const last = view === "kernel" ? shape[axis === "k" ? 0 : 1] : shape.length === 3 && axis === "c" ? shape[0] : Infinity;
  return Math.min(chosen, last - 1);
}

/** The group of the chosen filter. @param {Grid} grid @param {Groups} groups */
function groupOf({ bench }, { count, filters, cursor }) {
  return Math.floor((Math.min(bench.cursors[cursor] ?? 0, filters - 1) * count) / filters);
}

/** All channels, small, to choose from. @param {Grid} grid */
export function channelRow(grid) {
  const { spec, bench, values } = grid, [count, height, width] = spec.shape, size = height * width, { groups } = spec;
  const row = el("div", "channels"), limit = limitOf(values), each = groups ? count / groups.count : count;
  for (let c = 0; c < count; c++) {
    const picture = thumbnail(values.slice(c * size, (c + 1) * size), height, width, limit, spec.ramp, bench.mode);
    const choose = button("", `${spec.name}[${c}]`, () => turnTo(grid, c), picture);
    choose.setAttribute("aria-pressed", String(c === grid.at("c")));
    choose.classList.toggle("apart", c > 0 && c % each === 0);
    choose.classList.toggle("beyond", Boolean(groups) && Math.floor(c / each) !== groupOf(grid, /** @type {Groups} */ (groups)));
    row.append(choose);
  }
  return row;
}

/** Show another channel; one of another group takes the filter along, to its group. @param {Grid} grid @param {number} c */
function turnTo({ spec: { cursor, groups, shape }, bench }, c) {
  if (!groups || cursor.c === groups.cursor) {
    bench.choose(cursor.c, c);
    return;
  }
  const each = shape[0] / groups.count, filters = groups.filters / groups.count;
  bench.cursors[groups.cursor] = Math.floor(c / each) * filters + ((bench.cursors[groups.cursor] ?? 0) % filters);
  bench.choose(cursor.c, c % each);
}
