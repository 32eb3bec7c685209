// The Jacobian: a circle of gradients at the loss becomes an ellipse at each layer, pressed by one 2×2 matrix after another.
import { head, line, sign } from "shared/arithmetic.js";
import { colour, css, gradient, inkOn } from "shared/colours.js";
import { el, fill } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { askNumber } from "shared/editing.js";
import { MORE, holds } from "shared/equation.js";
import { bracketed, format, significant, sub } from "shared/numbers.js";
import { svg } from "shared/plot_marks.js";
import { comes, gainChip, result } from "./gains.js";

const FEWEST = 2, LIMIT = 2, POINTS = 72, STEP = 5, NOISE = 1e-12;

/** @typedef {[number, number]} Pair */

/**
 * The engine's twin: dL/dy_{l-1} = J_lᵀ · dL/dy_l for every layer, the gradient at each place, the loss last.
 * @param {ArrayLike<number>} js (L, 2, 2) flat @param {Pair} v at the loss @returns {Pair[]}
 */
export function back(js, v) {
  const found = [v];
  for (let l = js.length / 4 - 1; l >= 0; l -= 1) {
    const [a, b] = found[0], j = 4 * l;
    found.unshift([js[j] * a + js[j + 2] * b, js[j + 1] * a + js[j + 3] * b]);
  }
  return found;
}

/**
 * A matrix's entry: two digits that count, or more; 0 where it is next to nothing beside `scale`.
 * @param {number} value @param {number} [scale] @param {number} [digits]
 */
function entry(value, scale = 1, digits = FEWEST) {
  const much = Math.abs(value);
  if (much <= 1e-4 * Math.min(1, scale)) return "0";
  return much >= 0.1 && much < 1000 ? format(value, digits) : significant(value, digits, { large: 1000, power: digits - 1 });
}

/** @param {number} value @param {number} scale @param {number} digits */
const factor = (value, scale, digits) => bracketed(entry(value, scale, digits));

/**
 * The fewest digits with which every cell holds as printed, and the sign between them and what comes out.
 * @param {((digits: number) => string)[]} cells @param {string[]} results
 */
function settled(cells, results) {
  for (let digits = FEWEST; digits <= FEWEST + MORE; digits++) {
    if (cells.every((cell, i) => holds(cell(digits), results[i]))) return { digits, is: "=" };
  }
  return { digits: FEWEST, is: "≈" };
}

/** A matrix in brackets, row by row. @param {string[]} texts @param {number} [columns] */
function matrix(texts, columns = 2) {
  const made = el("span", "matrix", ...texts.map((text) => el("span", "", text)));
  made.style.gridTemplateColumns = `repeat(${columns}, auto)`;
  return made;
}

/** @param {import("./board.js").Vanishing} board @returns {import("./board.js").View} */
export function makeJacobian(board) {
  const { labels } = board;
  const scales = el("div", "shown"), legend = el("div", "legend"), cards = el("div", "cards");
  const above = el("div", "ellipses");
  const top = el("div", "grid-head", el("b", "", labels.ellipses), el("span", "", labels.angle_help), scales);
  const box = el("div", "jacobian-view", top, el("div", "sheet", above, cards), legend);
  board.pictures.append(box);
  const pictures = makeEllipses(above, board, {
    turn(angle, done) {
      board.state.angle = angle;
      point();
      if (done) board.tell();
    },
    // On the way to the arrow the pointer crosses the loss, where there is nothing to multiply.
    point: (place) => { if (place < layers()) board.point(place); },
  });
  const layers = () => board.arrays.js.shape[0], [low, high] = board.meta.ranges.layers;
  const skips = () => /** @type {any} */ ([[false, board.meta.options.link[0][1]], [true, labels.skip]]);

  /** @param {number} value @param {string} kind */
  function cell(value, kind) {
    const made = el("span", `cell ${kind}`, format(value, 2)), rgb = colour(value, LIMIT, "diverging", board.mode);
    made.style.background = css(rgb);
    made.style.color = inkOn(rgb);
    made.title = entry(value);
    return made;
  }

  /** W, f′ and J of one layer. @param {number} layer */
  function card(layer) {
    const { weights, slopes, js } = board.arrays, number = layer + 1;
    const w = Array.from({ length: 4 }, (_, i) => {
      const index = 4 * layer + i, value = weights.data[index], made = cell(value, "editable");
      made.tabIndex = 0;
      made.setAttribute("role", "spinbutton");
      made.setAttribute("aria-valuenow", String(value));
      made.setAttribute("aria-label", fill(labels.weights_of, { number, row: 1 + (i >> 1), column: 1 + (i & 1) }));
      made.dataset.index = String(index);
      const ask = () => askNumber(made, value, labels, (typed) => board.type(index, typed));
      made.onclick = ask;
      made.onkeydown = (event) => {
        if (event.key !== "Enter" || event.target !== made) return;
        event.preventDefault();
        ask();
      };
      return made;
    });
    const slope = (/** @type {number} */ unit) => el("span", "", format(slopes.data[2 * layer + unit], 2));
    const j = Array.from({ length: 4 }, (_, i) => cell(js.data[4 * layer + i], "j"));
    const made = el("div", "card",
      el("div", "card-head", fill(labels.layer, { number })),
      el("div", "named", el("small", "", "W"), el("div", "two", ...w)),
      el("div", "named slopes", el("small", "", labels.slopes), slope(0), slope(1)),
      el("div", "named", el("small", "", board.state.skip ? "J = I + f′·W" : "J = f′·W"), el("div", "two", ...j)),
    );
    made.dataset.layer = String(number);
    made.onpointerenter = () => board.point(layer);
    return made;
  }

  function point() {
    pictures.draw();
    for (const made of /** @type {HTMLElement[]} */ ([...cards.children])) {
      made.classList.toggle("on", Number(made.dataset.layer) === board.place + 1);
    }
    drawShelf(board);
  }

  function update() {
    const ramp = el("i");
    ramp.style.background = gradient("diverging", board.mode);
    legend.replaceChildren(`${labels.signed}: −${LIMIT}`, ramp, `+${LIMIT}`);
    const choose = (/** @type {string} */ axis) => {
      board.state.axis = axis;
      board.changed();
    };
    const axes = board.pills([["shared", labels.one_axis], ["own", labels.own_axis]], board.state.axis, choose);
    board.keepFocus(scales, () => scales.replaceChildren(axes));
    const focused = /** @type {HTMLElement|null} */ (board.root.activeElement)?.dataset?.index;
    cards.style.setProperty("--columns", String(layers() + 1));
    box.style.setProperty("--columns", String(layers() + 1));
    cards.replaceChildren(...Array.from({ length: layers() }, (_, layer) => card(layer)));
    if (focused) /** @type {HTMLElement|null} */ (cards.querySelector(`[data-index="${focused}"]`))?.focus();
    point();
  }

  return {
    update,
    point,
    last: layers,
    knobs: () => [
      { kind: "step", name: "layers", label: labels.depth, value: board.state.layers, low, high },
      { kind: "select", name: "bend", label: labels.act, value: board.state.bend, options: board.meta.options.bend },
      { kind: "choice", name: "skip", label: labels.link, value: board.state.skip, options: skips() },
    ],
    tools() {
      const { meta, state } = board, chosen = state.typed ? "" : state.start;
      return [el("div", "small-head", labels.starts), board.pills(meta.starts, chosen, (start) => board.begin(start), labels.starts)];
    },
    leave: () => pictures.leave(),
  };
}

/**
 * A row of places, the loss at the right: at each the image of a circle of gradients, and of one chosen gradient.
 * @param {HTMLElement} host
 * @param {import("./board.js").Vanishing} board
 * @param {{turn: (angle: number, done: boolean) => void, point: (place: number) => void}} on angle in degrees
 */
function makeEllipses(host, board, on) {
  const still = svg("g"), grip = svg("g", { class: "handle", tabindex: 0, role: "slider", "aria-valuemin": 0, "aria-valuemax": 360 });
  const ring = svg("circle"), hit = svg("circle", { class: "hit" });
  grip.append(hit, ring);
  const picture = svg("svg", { class: "plot ellipse-row", role: "group" }, still, grip);
  host.append(/** @type {any} */ (picture));
  let held = false, centre = [0, 0], radius = 1;

  const columns = () => board.arrays.js.shape[0] + 1;
  /** @param {PointerEvent} event */
  const placeOf = (event) => {
    const box = picture.getBoundingClientRect();
    return clamp(Math.floor(((event.clientX - box.left) / box.width) * columns()), 0, columns() - 1);
  };
  picture.addEventListener("pointermove", (event) => { if (!held) on.point(placeOf(event)); });
  picture.addEventListener("click", (event) => { if (!grip.contains(/** @type {Node} */ (event.target))) board.choose(placeOf(event)); });
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
    on.turn((Math.round(board.state.angle) + by * STEP + 360) % 360, true);
  });

  function draw() {
    const wide = host.clientWidth, tall = host.clientHeight;
    if (!wide || !board.arrays.js) return;
    const { labels, state, arrays, place } = board, count = columns(), own = state.axis === "own";
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const stretch = arrays.stretch.data, p = arrays.products.data;
    const room = Math.min(wide / count / 2 - 0.35 * rem, (tall - 3.2 * rem) / 2), middle = 1.2 * rem + (tall - 3 * rem) / 2;
    const most = Math.max(1, ...Array.from({ length: count }, (_, l) => stretch[2 * l]));
    const turned = (state.angle * Math.PI) / 180, way = back(arrays.js.data, [Math.cos(turned), Math.sin(turned)]);
    picture.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
    picture.setAttribute("aria-label", labels.ellipses);
    const made = [];
    for (let l = 0; l < count; l += 1) {
      const x = ((l + 0.5) * wide) / count, unit = room / (own ? Math.max(stretch[2 * l], 1e-300) : most);
      const path = Array.from({ length: POINTS + 1 }, (_, i) => {
        const [a, b] = [Math.cos((2 * Math.PI * i) / POINTS), Math.sin((2 * Math.PI * i) / POINTS)], m = 4 * l;
        const [right, up] = [p[m] * a + p[m + 2] * b, p[m + 1] * a + p[m + 3] * b];
        return `${i ? "L" : "M"}${(x + unit * right).toFixed(2)} ${(middle - unit * up).toFixed(2)}`;
      }).join("");
      const [vx, vy] = way[l], end = [x + unit * vx, middle - unit * vy], length = Math.hypot(vx, vy);
      const group = svg("g", { class: `ellipse${l === place ? " on" : ""}${board.playing && l < place ? " ahead" : ""}`, "data-place": l });
      group.append(svg("rect", { x: x - wide / count / 2 + 2, y: 0, width: wide / count - 4, height: tall, rx: 8, class: "column" }));
      if (unit <= room * 1.001) group.append(svg("circle", { cx: x, cy: middle, r: unit, class: "unit" }));
      group.append(
        svg("path", { d: `${path}Z`, class: "image" }), svg("line", { x1: x, y1: middle, x2: end[0], y2: end[1], class: "arrow" }),
        svg("circle", { cx: end[0], cy: end[1], r: 0.22 * rem, class: "tip" }),
      );
      const name = l === count - 1 ? labels.loss : l === 0 ? labels.input : `y${sub(l)}`;
      group.append(svg("text", { x, y: 0.75 * rem, class: "middle name" }, name));
      group.append(svg("text", { x, y: tall - 0.75 * rem, class: "middle length" }, `‖dy‖ ${significant(length, 2)}`));
      if (own && Math.abs(Math.log(stretch[2 * l])) > 0.02 && stretch[2 * l] > 0) {
        const zoom = fill(labels.zoomed, { zoom: significant(1 / stretch[2 * l], 2) });
        group.append(svg("text", { x, y: tall - 1.95 * rem, class: "middle zoom" }, zoom));
      }
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
    grip.setAttribute("aria-valuenow", String(state.angle));
    grip.setAttribute("aria-valuetext", `${Math.round(state.angle)}° (${entry(way[count - 1][0])}, ${entry(way[count - 1][1])})`);
    picture.classList.toggle("locked", board.locked);
    still.replaceChildren(...made);
  }
  const resized = new ResizeObserver(draw);
  resized.observe(host);

  return { draw, leave: () => resized.disconnect() };
}

/** One more factor of the product, written out entry by entry. @param {import("./board.js").Vanishing} board */
function drawShelf(board) {
  const { labels, arrays, state, place: at, locked } = board, layers = arrays.js.shape[0], turned = (state.angle * Math.PI) / 180;
  const help = locked ? labels.locked : board.narrow ? labels.tap : labels.hover;
  const way = back(arrays.js.data, [Math.cos(turned), Math.sin(turned)]);
  if (at >= layers) {
    const sent = matrix([entry(way[at][0]), entry(way[at][1])], 1);
    board.shelf.replaceChildren(head(labels.loss, "", help), line(sign(labels.at_loss), sent));
    return;
  }
  const four = (/** @type {string} */ of, /** @type {number} */ place) => Array.from(arrays[of].data.subarray(4 * place, 4 * place + 4));
  const j = four("js", at), p = four("products", at + 1), made = four("products", at);
  const most = (/** @type {number[]} */ values) => Math.max(...values.map(Math.abs)), far = most(p), after = most(made);
  const sums = [0, 1, 2, 3].map((i) => (/** @type {number} */ digits) => {
    const row = 2 * (i >> 1), column = i & 1, [a, b] = [j[column], j[2 + column]].map((value) => factor(value, 1, digits));
    return `${entry(p[row], far, digits)}·${a} + ${factor(p[row + 1], far, digits)}·${b}`;
  });
  const [v, u] = [way[at + 1], way[at]], length = (/** @type {number[]} */ w) => Math.hypot(w[0], w[1]);
  // What is left of two products that cancel is no area.
  const det = (/** @type {number[]} */ [a, b, c, d]) => (Math.abs(a * d - b * c) <= NOISE * Math.abs(a * d) ? 0 : Math.abs(a * d - b * c));
  const areas = (/** @type {number} */ digits) => [
    gainChip(det(p), `|det P${sub(at + 1)}|`, digits), sign("×"), gainChip(det(j), `|det J${sub(at + 1)}|`, digits),
  ];
  const [longest, shortest] = arrays.stretch.data.subarray(2 * at, 2 * at + 2);
  const turns = [0, 1].map((i) => (/** @type {number} */ digits) => {
    const [a, b] = v.map((value) => factor(value, most(v), digits));
    return `${entry(j[i], 1, digits)}·${a} + ${factor(j[2 + i], 1, digits)}·${b}`;
  });
  const place = at === 0 ? labels.at_input : fill(labels.here, { number: at });
  const written = made.map((value) => entry(value, after)), left = u.map((w) => entry(w, most(u)));
  const { digits, is } = settled(sums, written), moved = settled(turns, left);
  const wide = matrix(sums.map((sum) => sum(digits)));
  wide.classList.add("sums");
  board.shelf.replaceChildren(
    head(place, `${labels.product_of}: P${sub(at)} = P${sub(at + 1)} · J${sub(at + 1)}`, help),
    line(
      el("i", "symbol", `P${sub(at)} =`), matrix(p.map((v) => entry(v, far, digits))), sign("·"),
      matrix(j.map((v) => entry(v, 1, digits))),
      sign("="), wide, sign(is), strong(matrix(written)),
    ),
    line(
      el("i", "symbol", `${labels.vector}: dy${sub(at)} = J${sub(at + 1)}ᵀ dy${sub(at + 1)} =`),
      matrix(turns.map((turn) => turn(moved.digits)), 1),
      sign(moved.is), matrix(left, 1), sign("‖·‖"), result(length(u)), gainChip(length(u) / length(v), "×"),
    ),
    line(
      sign(labels.singular), result(longest, significant(longest)), result(shortest, significant(shortest < 1e-9 * longest ? 0 : shortest)),
      sign(`· ${labels.det}`), ...comes(areas, det(p) * det(j)),
    ),
  );
}

/** @param {HTMLElement} made */
function strong(made) {
  made.classList.add("strong");
  return made;
}
