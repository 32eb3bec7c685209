// A row of places, the loss at the right: at each the image of a circle of gradients, and of one chosen gradient.
import { svg } from "shared/plot_marks.js";
import { back } from "./twin.js";
import { entry, fill, size, sub } from "./written.js";

const POINTS = 72, STEP = 5;

/**
 * @param {HTMLElement} host
 * @param {any} board
 * @param {{turn: (angle: number, done: boolean) => void, point: (place: number) => void, choose: (place: number) => void}} on angle in degrees
 */
export function makeEllipses(host, board, on) {
  const still = svg("g"), grip = svg("g", { class: "handle", tabindex: 0, role: "slider", "aria-valuemin": 0, "aria-valuemax": 360 });
  const ring = svg("circle"), hit = svg("circle", { class: "hit" });
  grip.append(hit, ring);
  const picture = svg("svg", { class: "plot ellipse-row", role: "group" }, still, grip);
  host.append(/** @type {any} */ (picture));
  let held = false, centre = [0, 0], radius = 1, at = 0, locked = false;

  const columns = () => board.arrays.js.shape[0] + 1;
  /** @param {PointerEvent} event */
  const placeOf = (event) => {
    const box = picture.getBoundingClientRect();
    return Math.max(0, Math.min(columns() - 1, Math.floor(((event.clientX - box.left) / box.width) * columns())));
  };
  picture.addEventListener("pointermove", (event) => { if (!held) on.point(placeOf(event)); });
  picture.addEventListener("click", (event) => { if (!grip.contains(/** @type {Node} */ (event.target))) on.choose(placeOf(event)); });
  grip.addEventListener("pointerdown", (event) => {
    held = true;
    grip.setPointerCapture(event.pointerId);
    event.preventDefault();
    event.stopPropagation();
    grip.focus({ preventScroll: true });
  });
  /** @param {PointerEvent} event @param {boolean} done */
  const follow = (event, done) => {
    const box = picture.getBoundingClientRect(), scale = box.width / picture.clientWidth || 1;
    const [dx, dy] = [(event.clientX - box.left) / scale - centre[0], centre[1] - (event.clientY - box.top) / scale];
    on.turn(Math.round((((Math.atan2(dy, dx) * 180) / Math.PI) + 360) % 360), done);
  };
  grip.addEventListener("pointermove", (event) => { if (held) follow(event, false); });
  const release = (/** @type {PointerEvent} */ event) => {
    if (held) follow(event, true);
    held = false;
  };
  grip.addEventListener("pointerup", release);
  grip.addEventListener("pointercancel", release);
  grip.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: 1, ArrowUp: 1, ArrowRight: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    on.turn((Math.round(board.now.angle) + by * STEP + 360) % 360, true);
  });

  function draw() {
    const wide = host.clientWidth, tall = host.clientHeight;
    if (!wide || !board.arrays.js) return;
    const { labels, now, arrays } = board, rem = parseFloat(getComputedStyle(document.documentElement).fontSize), count = columns();
    const stretch = arrays.stretch.data, p = arrays.products.data, own = now.axis === "own";
    const room = Math.min(wide / count / 2 - 0.35 * rem, (tall - 3.2 * rem) / 2), middle = 1.2 * rem + (tall - 3 * rem) / 2;
    const most = Math.max(1, ...Array.from({ length: count }, (_, l) => stretch[2 * l]));
    const turned = (now.angle * Math.PI) / 180, way = back(arrays.js.data, [Math.cos(turned), Math.sin(turned)]);
    picture.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
    picture.setAttribute("aria-label", labels.ellipses);
    const made = [];
    for (let l = 0; l < count; l += 1) {
      const x = ((l + 0.5) * wide) / count, unit = room / (own ? Math.max(stretch[2 * l], 1e-300) : most);
      const path = Array.from({ length: POINTS + 1 }, (_, i) => {
        const [a, b] = [Math.cos((2 * Math.PI * i) / POINTS), Math.sin((2 * Math.PI * i) / POINTS)], m = 4 * l;
        return `${i ? "L" : "M"}${(x + unit * (p[m] * a + p[m + 2] * b)).toFixed(2)} ${(middle - unit * (p[m + 1] * a + p[m + 3] * b)).toFixed(2)}`;
      }).join("");
      const [vx, vy] = way[l], end = [x + unit * vx, middle - unit * vy], length = Math.hypot(vx, vy);
      const group = svg("g", { class: `ellipse${l === at ? " on" : ""}${board.playing && l < at ? " ahead" : ""}`, "data-place": l });
      group.append(svg("rect", { x: x - wide / count / 2 + 2, y: 0, width: wide / count - 4, height: tall, rx: 8, class: "column" }));
      if (unit <= room * 1.001) group.append(svg("circle", { cx: x, cy: middle, r: unit, class: "unit" }));
      group.append(svg("path", { d: `${path}Z`, class: "image" }), svg("line", { x1: x, y1: middle, x2: end[0], y2: end[1], class: "arrow" }), svg("circle", { cx: end[0], cy: end[1], r: 0.22 * rem, class: "tip" }));
      group.append(svg("text", { x, y: 0.75 * rem, class: "middle name" }, l === count - 1 ? labels.loss : l === 0 ? labels.input : `y${sub(l)}`));
      group.append(svg("text", { x, y: tall - 0.75 * rem, class: "middle length" }, `‖dy‖ ${size(length, 2)}`));
      if (own && Math.abs(Math.log(stretch[2 * l])) > 0.02 && stretch[2 * l] > 0) group.append(svg("text", { x, y: tall - 1.95 * rem, class: "middle zoom" }, fill(labels.zoomed, { zoom: size(1 / stretch[2 * l], 2) })));
      made.push(group);
      if (l === count - 1) {
        centre = [x, middle];
        radius = unit;
        grip.setAttribute("transform", `translate(${end[0]} ${end[1]})`);
      }
    }
    ring.setAttribute("r", String(0.42 * rem));
    hit.setAttribute("r", String(Math.max(0.9 * rem, Math.min(1.3 * rem, radius))));
    grip.setAttribute("aria-label", labels.drag_angle);
    grip.setAttribute("aria-valuenow", String(now.angle));
    grip.setAttribute("aria-valuetext", `${Math.round(now.angle)}° (${entry(way[count - 1][0])}, ${entry(way[count - 1][1])})`);
    picture.classList.toggle("locked", locked);
    still.replaceChildren(...made);
  }
  const resized = new ResizeObserver(draw);
  resized.observe(host);

  return {
    /** @param {number} place @param {boolean} holds */
    update(place, holds) {
      at = place;
      locked = holds;
      draw();
    },
    leave: () => resized.disconnect(),
  };
}
