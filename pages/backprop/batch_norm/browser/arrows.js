// Lines from what a step reads to the number that it makes.
const SVG = "http://www.w3.org/2000/svg";

/** @param {any} bench */
export function drawArrows(bench) {
  const wire = bench.pictures.querySelector(".wire"), result = bench.result;
  if (!wire || !result) return;
  wire.replaceChildren();
  if (bench.narrow || !result.lit) return;
  const origin = bench.pictures.getBoundingClientRect(), to = area(result, origin);
  for (const grid of bench.grids) {
    if (grid === result || !grid.lit) continue;
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", between(area(grid, origin), to));
    wire.append(line);
  }
}

/** Where a grid's lit cells lie in the pictures. */
function area(grid, origin) {
  const box = grid.box(grid.lit), cells = grid.cells.getBoundingClientRect();
  const left = cells.left - origin.left + box.left, top = cells.top - origin.top + box.top;
  return { left, top, right: left + box.width, bottom: top + box.height, x: left + box.width / 2, y: top + box.height / 2 };
}

/** A curve from one area's nearest side to the other's. */
function between(a, b) {
  const across = a.right <= b.left ? 1 : a.left >= b.right ? -1 : 0;
  if (across) {
    const [x0, x1] = across > 0 ? [a.right + 2, b.left - 4] : [a.left - 2, b.right + 4], middle = (x0 + x1) / 2;
    return `M${x0} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${x1} ${b.y}`;
  }
  const [y0, y1] = a.bottom <= b.top ? [a.bottom + 2, b.top - 4] : [a.top - 2, b.bottom + 4], middle = (y0 + y1) / 2;
  return `M${a.x} ${y0}C${a.x} ${middle} ${b.x} ${middle} ${b.x} ${y1}`;
}
