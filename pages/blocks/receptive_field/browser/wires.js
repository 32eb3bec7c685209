// The cone: funnels from the field on one map to the field on the next.
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {HTMLElement} pictures
 * @param {({left: number, right: number, top: number, bottom: number}|null)[]} edges of the field on each map
 */
export function drawWires(pictures, edges) {
  let wires = pictures.querySelector(".wires");
  if (!wires) {
    wires = document.createElementNS(SVG, "svg");
    wires.setAttribute("class", "wires");
    wires.setAttribute("aria-hidden", "true");
    pictures.prepend(wires);
  }
  const origin = pictures.getBoundingClientRect(), dx = pictures.scrollLeft - origin.left, dy = pictures.scrollTop - origin.top;
  const made = [];
  for (let l = 0; l + 1 < edges.length; l++) {
    const a = edges[l], b = edges[l + 1];
    if (!a || !b || a.right > b.left + 1) continue;
    const x0 = a.right + dx, x1 = b.left + dx, m = (x0 + x1) / 2, [at, ab, bt, bb] = [a.top, a.bottom, b.top, b.bottom].map((y) => y + dy);
    const upper = `M${x0} ${at}C${m} ${at} ${m} ${bt} ${x1} ${bt}`, lower = `${x1} ${bb}C${m} ${bb} ${m} ${ab} ${x0} ${ab}`;
    for (const path of [`${upper}L${lower}Z`, `${upper}M${lower}`]) {
      const drawn = document.createElementNS(SVG, "path");
      drawn.setAttribute("d", path);
      made.push(drawn);
    }
  }
  wires.style.width = `${pictures.scrollWidth}px`;
  wires.replaceChildren(...made);
}
