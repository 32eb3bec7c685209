// A funnel from what is read to what is written.
const SVG = "http://www.w3.org/2000/svg";

/** @param {HTMLElement} pictures @param {any} stage */
export function drawWire(pictures, stage) {
  let wire = pictures.querySelector(".wire");
  if (!wire) {
    wire = document.createElementNS(SVG, "svg");
    wire.setAttribute("class", "wire");
    wire.setAttribute("aria-hidden", "true");
    pictures.prepend(wire);
  }
  wire.replaceChildren();
  const result = stage.result;
  if (stage.narrow || !result?.lit) return;
  const index = stage.grids.indexOf(result), from = stage.grids.slice(0, stage.grids.findIndex((grid) => grid.spec.result)).reverse();
  const source = from.find((grid) => grid.lit && !grid.bars && !(grid.spec.view === "kernel" && !grid.spec.turned && from.length > 1));
  if (!source || index < 0) return;
  const origin = pictures.getBoundingClientRect();
  const box = (grid, [r0, c0, r1, c1]) => {
    const first = grid.byPlace.get(`${r0},${c0}`).getBoundingClientRect(), last = grid.byPlace.get(`${r1},${c1}`).getBoundingClientRect();
    return { left: first.left - origin.left, top: first.top - origin.top, right: last.right - origin.left, bottom: last.bottom - origin.top };
  };
  const a = box(source, source.lit), b = box(result, result.lit);
  if (a.right > b.left) return;
  const x0 = a.right + 3, x1 = b.left - 2, middle = (x0 + x1) / 2;
  const upper = `M${x0} ${a.top}C${middle} ${a.top} ${middle} ${b.top} ${x1} ${b.top}`;
  const lower = `${x1} ${b.bottom}C${middle} ${b.bottom} ${middle} ${a.bottom} ${x0} ${a.bottom}`;
  for (const path of [`${upper}L${lower}Z`, `${upper}M${lower}`]) {
    const made = document.createElementNS(SVG, "path");
    made.setAttribute("d", path);
    wire.append(made);
  }
}
