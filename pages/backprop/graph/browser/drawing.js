// The graph itself: a card for each number, a wire for each use of it, and on the wire what goes along it.
import { toneOf } from "shared/arithmetic.js";
import { colour, css, inkOn } from "shared/colours.js";
import { el } from "shared/dom.js";
import { product as written } from "shared/numbers.js";
import { svg } from "shared/plot_marks.js";
import { numeral } from "./words.js";

/** Ports of an operation are so far apart, in em. */
const PORT = 1.1, HALF = 1.85, LABEL_HALF = 2.55;
/** Operations whose operands can't change places: their wires are named. */
const ORDERED = new Set(["subtract", "divide", "power"]);

/** @typedef {{path: SVGElement, label: HTMLElement}} Wire */

export class Drawing {
  /**
   * @param {import("./twin.js").Plan[]} nodes @param {string[]} names @param {any} layout @param {boolean} down
   * @param {Record<string, string>} labels
   */
  constructor(nodes, names, layout, down, labels) {
    this.nodes = nodes;
    this.names = names;
    this.root = el("div", `diagram${down ? " down" : ""}`);
    this.root.style.width = `${layout.width}em`;
    this.root.style.height = `${layout.height}em`;
    const wires = svg("svg", { viewBox: `0 0 ${layout.width} ${layout.height}`, "aria-hidden": "true" });
    this.root.append(wires);
    /** @type {Map<string, Wire>} */
    this.wires = new Map();
    const columns = new Set(layout.nodes.map((at) => at[down ? 1 : 0]));
    for (const [node, slot, ...points] of layout.wires) {
      const key = `${node}.${slot}`, ports = orderOf(layout.wires.filter((wire) => wire[0] === node), down);
      const shift = (ports.indexOf(slot) - (ports.length - 1) / 2) * PORT;
      const path = svg("path", { d: curve(points, layout.labels[key], shift, down, columns), class: "edge", "data-wire": key });
      wires.append(path);
      const label = el("div", "along");
      label.dataset.wire = key;
      put(label, layout.labels[key]);
      if (ORDERED.has(nodes[node].op)) label.dataset.port = slot ? "b" : "a";
      this.wires.set(key, { path, label });
      this.root.append(label);
    }
    this.cards = nodes.map((node, i) => this.card(node, i, layout.nodes[i], labels));
    this.root.append(...this.cards);
  }

  /** What leads to an operation's slot. @param {number} node @param {number} slot */
  wire(node, slot) { return /** @type {Wire} */ (this.wires.get(`${node}.${slot}`)); }

  card(node, i, at, labels) {
    const kind = node.op === "variable" || node.op === "constant" ? node.op : "operation";
    const called = node.parents.length ? [el("b", "", node.label), el("i", "", this.names[i])] : [el("b", "", this.names[i])];
    const head = el("div", "symbol-line", ...called), value = el("div", "cell value");
    const parts = kind === "constant" ? [value] : [head, value, el("div", "cell grad")];
    const made = el("div", `node ${kind}${i === this.nodes.length - 1 ? " last" : ""}`, ...parts);
    made.dataset.node = String(i);
    made.tabIndex = 0;
    if (kind === "variable") {
      made.setAttribute("role", "spinbutton");
      made.title = labels.drag;
    } else made.setAttribute("role", "group");
    put(made, at);
    return made;
  }

  /**
   * @param {ReturnType<typeof import("./twin.js").run>} tape @param {ReturnType<typeof import("./steps.js").reached>} known
   * @param {{focus: number, trouble: number, limits: number[], mode: any, labels: Record<string, string>, now: any}} how
   */
  update(tape, known, { focus, trouble, limits, mode, labels, now }) {
    this.cards.forEach((card, i) => {
      const [value, grad] = [tape.value[i], known.grad[i]];
      card.classList.toggle("focus", i === focus);
      card.classList.toggle("trouble", i === trouble);
      card.classList.toggle("waiting", !known.value[i]);
      card.classList.toggle("copies", known.arrived[i] > 1);
      const cell = /** @type {HTMLElement} */ (card.querySelector(".value"));
      if (!cell.querySelector("input")) write(cell, known.value[i] ? value : null, limits[0], mode);
      const back = card.querySelector(".grad");
      if (back) write(back, grad, limits[1], mode);
      const told = known.value[i] ? numeral(value) : "?";
      card.setAttribute("aria-label", `${this.names[i]} = ${told}${grad === null ? "" : `, ${labels.gradient} ${numeral(grad)}`}`);
      if (this.nodes[i].op === "variable") card.setAttribute("aria-valuenow", String(value));
    });
    for (const { path, label } of this.wires.values()) {
      path.setAttribute("class", "edge");
      label.replaceChildren();
    }
    this.nodes.forEach(({ parents }, node) => parents.forEach((parent, slot) => {
      const { path, label } = this.wire(node, slot);
      const lit = node === focus, going = lit && now.kind === "forward" && now.node === node;
      path.setAttribute("class", `edge${known.value[node] ? " known" : ""}${lit ? " lit" : ""}${going ? " going" : ""}`);
      label.className = `along${lit ? " lit" : ""}`;
      label.append(el("span", "forth", known.value[parent] ? numeral(tape.value[parent]) : ""));
    }));
    tape.sent.forEach(({ node, slot, grad, local, amount }, at) => {
      if (!known.sent[at]) return;
      const { path, label } = this.wire(node, slot), coming = now.kind === "backward" && now.node === node;
      path.setAttribute("class", `${path.getAttribute("class")} sent${amount ? "" : " nothing"}${coming ? " coming" : ""}`);
      const product = el("b", "", `= ${numeral(amount)}`);
      product.style.color = toneOf(amount);
      label.append(el("span", "factors", written(numeral(grad, 3), numeral(local, 3))), product);
    });
  }
}

const put = (element, [x, y]) => {
  element.style.left = `${x}em`;
  element.style.top = `${y}em`;
};

/** A number in its colour, or an empty cell. */
function write(cell, value, limit, mode) {
  cell.classList.toggle("empty", value === null);
  cell.textContent = value === null ? "" : numeral(value);
  cell.classList.toggle("long-number", cell.textContent.length > 7);
  const rgb = value === null ? null : colour(value, limit, "diverging", mode);
  cell.style.background = rgb ? css(rgb) : "";
  cell.style.color = rgb ? inkOn(rgb) : "";
}

/** An operation's slots in the order in which their wires arrive, so that none need cross. */
function orderOf(wires, down) {
  const arriving = wires.map(([, slot, ...points]) => ({ slot, at: points.at(-2)[down ? 0 : 1] }));
  return arriving.sort((a, b) => a.at - b.at || a.slot - b.slot).map(({ slot }) => slot);
}

/** Along the way: half of what a wire passes in a column of cards, and of what is written on it, before and after. */
const PASSED = { across: { card: HALF, before: LABEL_HALF, after: LABEL_HALF }, down: { card: 2.25, before: 1.3, after: 2.1 } };

/**
 * A wire's path: level past whole columns, so that it bends between them only; downwards it is interrupted where something
 * is written on it. It ends at its own port.
 * @param {number[][]} points @param {number[]} label @param {number} shift of the port @param {boolean} down
 * @param {Set<number>} columns where columns of cards stand
 */
function curve(points, label, shift, down, columns) {
  const [along, across] = down ? [1, 0] : [0, 1];
  const { card, before, after } = PASSED[down ? "down" : "across"];
  const write = (/** @type {number[]} */ [x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;
  let path = "", from = points[0];
  const to = (point) => {
    const bend = (point[along] - from[along]) / 2, one = [...from], two = [...point];
    one[along] += bend;
    two[along] -= bend;
    path += `C${write(one)} ${write(two)} ${write(point)}`;
    from = point;
  };
  points.forEach((point, i) => {
    const at = (by, aside = 0) => {
      const moved = [...point];
      moved[along] += by;
      moved[across] += aside;
      return moved;
    };
    const written = point[0] === label[0] && point[1] === label[1], half = columns.has(point[along]) ? card : after;
    if (i === 0) path = `M${write(from = at(card))}`;
    else if (i === points.length - 1) to(at(-card - 0.1, shift));
    else {
      to(at(written ? -before : -half));
      if (written && down) path += `M${write(from = at(after))}`;
      else to(at(half));
    }
  });
  return path;
}
