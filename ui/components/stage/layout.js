// How large a cell can be so that all pictures of a stop stand side by side.

/** What stands above and below a picture's cells, in em: its name, its channels, its legend. @param {any} grid */
const headOf = ({ spec }) => (spec.view !== "map" || spec.shape[0] === 1 || spec.channels === false ? 3.9 : spec.shape[0] > 9 ? 7.6 : 5.8);

/**
 * @param {any} stage
 * @param {any[]} specs the stop's picture: grids, stacks of grids, and the signs between them
 * @returns {{of: (grid: any) => number}}
 */
export function layOut(stage, specs) {
  const em = parseFloat(getComputedStyle(stage.host).fontSize), zoom = em / 15, bySpec = new Map(stage.grids.map((grid) => [grid.spec, grid]));
  const columns = specs.filter((item) => typeof item === "object").map((item) => (Array.isArray(item) ? item : [item]).map((spec) => bySpec.get(spec)));
  const all = columns.flat(), barsOnly = all.every((grid) => grid.bars);
  const width = stage.pictures.clientWidth - 3.2 * em, height = stage.pictures.clientHeight - 1.2 * em;
  const across = (grid) => (grid.bars ? 0 : grid.extent[1] * (grid.spec.size ?? 1));
  const down = (grid) => (grid.bars ? 0 : grid.extent[0] * (grid.spec.size ?? 1));
  const cap = (all.every((grid) => grid.bars || grid.extent[0] <= 6) ? 54 : 38) * zoom;
  const bar = Math.max(18, Math.min(30 * zoom, stage.narrow ? 26 : (height - 4 * em) / 10 - 2));
  const of = (cell) => (grid) => (grid.bars ? bar : cell);
  if (barsOnly) return { of: of(bar) };
  if (stage.narrow) {
    const widest = Math.max(...all.map(across));
    return { of: of(Math.max(17, Math.floor(Math.min(36 * zoom, (stage.host.clientWidth - 3 * em) / widest)))) };
  }
  const signs = specs.filter((item) => typeof item === "string").length;
  const barWidth = (all.filter((grid) => grid.bars).length > 1 ? 13.6 : 19.3) * em;
  let fixed = signs * 4 * em, units = 0, cell = cap;
  for (const column of columns) {
    units += Math.max(...column.map(across));
    if (column.some((grid) => grid.bars)) fixed += barWidth;
    const rows = column.reduce((sum, grid) => sum + down(grid), 0);
    const heads = column.reduce((sum, grid) => sum + headOf(grid) * em, 0);
    if (rows) cell = Math.min(cell, (height - heads) / rows);
  }
  if (units) cell = Math.min(cell, (width - fixed) / units);
  return { of: of(Math.max(17, Math.floor(cell))) };
}
