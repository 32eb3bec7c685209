// The Jacobian: a circle of gradients at the loss becomes an ellipse at each layer, pressed by one 2×2 matrix after another.
import { colour, css, gradient, inkOn } from "shared/colours.js";
import { el } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { format } from "shared/numbers.js";
import { makeEllipses } from "./ellipses.js";
import { drawJacobianShelf } from "./jacobian_shelf.js";
import { entry, fill } from "./written.js";

const LIMIT = 2;

/** @param {import("./vanishing.js").Board} board @returns {import("./vanishing.js").View} */
export function makeJacobian(board) {
  const { labels } = board;
  const scales = el("div", "shown"), legend = el("div", "legend"), cards = el("div", "cards");
  const above = el("div", "ellipses");
  const box = el("div", "jacobian-view", el("div", "grid-head", el("b", "", labels.ellipses), el("span", "", labels.angle_help), scales), el("div", "sheet", above, cards), legend);
  board.picture?.append(box);
  let at = Math.max(0, board.now.at), locked = board.now.at >= 0 && board.now.held;
  const point = (/** @type {number} */ place) => {
    at = Math.max(0, Math.min(layers(), place));
    draw();
  };
  const pictures = makeEllipses(above, board, {
    turn(angle, done) {
      board.now.angle = angle;
      draw();
      if (done) board.set({ angle });
    },
    // On the way to the arrow the pointer crosses the loss, where there is nothing to multiply.
    point: (place) => { if (!locked && place < layers()) point(place); },
    choose(place) {
      locked = !(locked && place === at);
      board.set({ at: locked ? place : -1, held: true });
      point(place);
    },
  });
  const layers = () => board.arrays.js.shape[0];

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
      const ask = () => askNumber(made, value, labels, (typed) => board.set({ cell: { index, value: typed } }));
      made.onclick = ask;
      made.onkeydown = (event) => {
        if (event.key !== "Enter" || event.target !== made) return;
        event.preventDefault();
        ask();
      };
      return made;
    });
    const made = el("div", "card",
      el("div", "card-head", fill(labels.layer, { number })),
      el("div", "named", el("small", "", "W"), el("div", "two", ...w)),
      el("div", "named slopes", el("small", "", labels.slopes), ...[0, 1].map((unit) => el("span", "", format(slopes.data[2 * layer + unit], 2)))),
      el("div", "named", el("small", "", board.now.skip ? "J = I + f′·W" : "J = f′·W"), el("div", "two", ...Array.from({ length: 4 }, (_, i) => cell(js.data[4 * layer + i], "j")))),
    );
    made.dataset.layer = String(number);
    made.onpointerenter = () => { if (!locked) point(layer); };
    return made;
  }

  function draw() {
    pictures.update(at, locked);
    for (const made of /** @type {HTMLElement[]} */ ([...cards.children])) made.classList.toggle("on", Number(made.dataset.layer) === at + 1);
    drawJacobianShelf(board, at, locked);
  }

  function update() {
    const ramp = el("i");
    ramp.style.background = gradient("diverging", board.mode);
    legend.replaceChildren(`${labels.signed}: −${LIMIT}`, ramp, `+${LIMIT}`);
    board.keepFocus(scales, () => scales.replaceChildren(board.pills([["shared", labels.one_axis], ["own", labels.own_axis]], board.now.axis, (axis) => board.set({ axis }))));
    const focused = /** @type {HTMLElement|null} */ (board.root.activeElement)?.dataset?.index;
    cards.style.setProperty("--columns", String(layers() + 1));
    box.style.setProperty("--columns", String(layers() + 1));
    cards.replaceChildren(...Array.from({ length: layers() }, (_, layer) => card(layer)));
    if (focused) /** @type {HTMLElement|null} */ (cards.querySelector(`[data-index="${focused}"]`))?.focus();
    at = Math.min(at, layers());
    draw();
  }

  return {
    update,
    knobs: () => [
      { kind: "step", name: "layers", label: labels.depth, value: board.now.layers, low: board.meta.ranges.layers[0], high: board.meta.ranges.layers[1] },
      { kind: "select", name: "bend", label: labels.act, value: board.now.bend, options: board.meta.options.bend },
      { kind: "choice", name: "skip", label: labels.link, value: board.now.skip, options: [[false, board.meta.options.link[0][1]], [true, labels.skip]] },
    ],
    tools: () => [el("div", "small-head", labels.starts), board.pills(board.meta.starts, board.now.typed ? "" : board.now.start, (start) => board.set({ start }), labels.starts)],
    at: () => at,
    held: () => locked,
    last: () => layers(),
    go(to) {
      locked = true;
      at = to;
      draw();
    },
    free() {
      if (!locked) return false;
      locked = false;
      board.set({ at: -1 });
      draw();
      return true;
    },
    leave: () => pictures.leave(),
  };
}
