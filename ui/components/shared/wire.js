// A funnel from what is read to what is written.
/** @typedef {import("./grids.js").Grid} Grid */

const SVG = "http://www.w3.org/2000/svg";

/** @param {HTMLElement} pictures @param {import("./bench.js").Bench} bench */
export function drawWire(pictures, bench) {
  // Where it goes is asked before anything is changed, or the page would have to be laid out once more.
  const funnels = pairs(bench).map(([from, to]) => funnel(pictures, from, to)).filter((made) => made !== null);
  let wire = pictures.querySelector(".wire");
  if (!wire) {
    wire = document.createElementNS(SVG, "svg");
    wire.setAttribute("class", "wire");
    wire.setAttribute("aria-hidden", "true");
    pictures.prepend(wire);
  }
  wire.replaceChildren(...funnels);
}

/** Which grids are joined. @param {import("./bench.js").Bench} bench @returns {[Grid, Grid][]} */
function pairs(bench) {
  const result = bench.result;
  if (bench.narrow || !result?.lit) return [];
  const before = bench.grids.slice(0, bench.grids.indexOf(result)).filter((grid) => !grid.spec.result).reverse();
  // Over an upright kernel the funnel passes, and so it does over one that is read here and there only.
  const passed = (/** @type {Grid} */ grid) =>
    grid.spec.view === "kernel" && (!grid.spec.turned || grid.window.hidden) && before.length > 1;
  const source = before.find((grid) => grid.lit && !grid.bars && !passed(grid));
  if (!source) return [];
  const drawing = source.spec.view === "lens" && before.find((grid) => grid.lit && grid.drawn);
  return [...(drawing ? [/** @type {[Grid, Grid]} */ ([drawing, source])] : []), [source, result]];
}

/** @param {HTMLElement} pictures @param {Grid} from @param {Grid} to @returns {Element|null} */
function funnel(pictures, from, to) {
  const origin = pictures.getBoundingClientRect(), a = edges(from, origin), b = edges(to, origin);
  if (!a || !b || a.right > b.left) return null;
  const x0 = a.right + 3, x1 = b.left - 2, middle = (x0 + x1) / 2;
  const upper = `M${x0} ${a.top}C${middle} ${a.top} ${middle} ${b.top} ${x1} ${b.top}`;
  const lower = `${x1} ${b.bottom}C${middle} ${b.bottom} ${middle} ${a.bottom} ${x0} ${a.bottom}`;
  const made = document.createElementNS(SVG, "g");
  for (const d of [`${upper}L${lower}Z`, `${upper}M${lower}`]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    made.append(path);
  }
  return made;
}

/** Where a grid's lit area lies. @param {Grid} grid @param {DOMRect} origin */
function edges(grid, origin) {
  const box = grid.box(/** @type {import("./grids.js").Area} */ (grid.lit));
  if (!box) return null;
  const cells = grid.cells.getBoundingClientRect(), left = cells.left - origin.left + box.left, top = cells.top - origin.top + box.top;
  return { left, top, right: left + box.width, bottom: top + box.height };
}
