// Which number of a result is worth a look first.

/**
 * The largest; the rim counts less, for half of its patch is padding.
 * @param {import("./grids.js").Grid} grid
 */
export function strongestOf(grid) {
  const [rows, columns] = grid.inner;
  let best = grid.flatOf(0, 0), most = -1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const outermost = row === 0 || column === 0 || row === rows - 1 || column === columns - 1;
      const rim = outermost && ["map", "drawing"].includes(grid.spec.view);
      const flat = grid.flatOf(row, column), size = Math.abs(grid.values[flat]) * (rim ? 0.72 : 1);
      if (size > most) [most, best] = [size, flat];
    }
  }
  return best;
}
