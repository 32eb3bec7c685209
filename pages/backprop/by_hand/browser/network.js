// The network, drawn: units with what they compute, weights on their edges, the error at the right.
import { colour, css } from "shared/colours.js";
import { el, markup } from "shared/dom.js";
import { svg } from "shared/plot_marks.js";

// Weights whose edges cross stand in thirds, as far from each other as can be.
const CROWDED = 6, WEIGHT_AT = 1 / 3, CLEAR = 4, HALFWAY = 0.5;

/** @param {import("./board.js").ByHand} board @param {HTMLElement} host @returns {import("./board.js").View} */
export function drawNetwork(board, host) {
  const { meta, labels, cells } = board, { units, weights, biases } = meta, layers = units.length;
  const base = el("div", "net"), edges = svg("svg", { class: "edges" }), spots = new Map(), weightSpots = new Map();
  base.classList.toggle("compact", layers > 4);
  const rows = Math.max(...units.map((layer) => layer.length));
  base.classList.toggle("tall", rows > 3);
  base.style.setProperty("--rows", String(rows));
  const named = (name, text) => markup("small", "", text ?? meta.symbols[name].markup);
  const pairOf = (name, label) => el("span", "named-cell", named(name, label), cells.make(name));

  const columns = units.map((layer, at) => {
    const title = at === 0 ? labels.inputs : at === layers - 1 ? labels.outputs : labels.hidden_layer;
    const made = layer.map((unit, k) => {
      if (at === 0) {
        const spot = el("div", "unit input", named(unit), cells.make(unit));
        spots.set(unit, spot);
        return spot;
      }
      const node = el("div", "unit");
      node.dataset.unit = unit;
      const delta = `d_${unit}`, back = [`dE_out_${unit}`, `slope_${unit}`].filter((name) => name in meta.symbols);
      const shortNames = { [`dE_out_${unit}`]: "∂E/∂out", [`slope_${unit}`]: "f′" };
      const bias = biases[at - 1][k], biasSpot = el("span", "bias", named(bias), cells.make(bias, "small-cell"));
      node.append(
        el("div", "unit-name", markup("b", "", `${unit[0]}<sub>${unit.slice(1)}</sub>`), biasSpot),
        el("div", "unit-row", pairOf(`net_${unit}`, labels.net), pairOf(`out_${unit}`, labels.out)),
        el("div", "unit-row back", ...(layers > 4 ? [] : back.map((name) => pairOf(name, shortNames[name]))), pairOf(delta, "δ")),
      );
      spots.set(unit, node);
      return node;
    });
    return el("div", "layer", el("div", "layer-name", title), el("div", "layer-units", ...made));
  });
  const last = units[layers - 1];
  const targets = last.map((unit, k) => el("div", "unit target", el("div", "unit-row", pairOf(`t${k + 1}`), pairOf(`E_${unit}`))));
  const after = el("span", "after-step", "→", cells.make("new_E"));
  const total = el("div", "total-error", named("E"), cells.make("E"), after);
  columns.push(el("div", "layer", el("div", "layer-name", labels.targets), el("div", "layer-units", ...targets), total));
  const floating = el("div", "floating");
  weights.forEach((matrix, at) => {
    const crowded = matrix.length * units[at].length > CROWDED;
    matrix.forEach((row, k) => row.forEach((name, j) => {
      const gradient = el("span", "gradient-row", cells.make(`dE_${name}`, "gradient-cell"), named(`dE_${name}`));
      const called = named(name), given = el("span", "weight-row", called, cells.make(name)), moved = cells.make(`new_${name}`, "new-cell");
      const tag = el("div", `weight${crowded ? " crowded" : ""}`, given, gradient, moved);
      floating.append(tag);
      const gradientName = gradient.querySelector("small"), ends = { from: units[at][j], to: units[at + 1][k] };
      weightSpots.set(name, { tag, name: called, gradientName, crowded, ...ends });
    }));
  });
  base.append(edges, ...columns, floating);
  host.replaceChildren(base, cells.legends);

  for (const [name, spot] of weightSpots) {
    const edge = svg("g", { class: "edge", "data-weight": name }, ...["line", "hit"].map((kind) => svg("line", { class: kind })));
    edge.addEventListener("pointerenter", () => board.point(name));
    edge.addEventListener("pointerleave", () => board.point(null));
    edge.addEventListener("click", () => {
      spot.tag.classList.add("asked");
      cells.ask(name, /** @type {HTMLElement} */ (spot.tag.querySelector(".cell")));
    });
    edges.append(edge);
    spot.edge = edge;
  }
  const place = () => {
    const box = base.getBoundingClientRect();
    edges.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
    for (const spot of weightSpots.values()) {
      const from = spots.get(spot.from).getBoundingClientRect(), to = spots.get(spot.to).getBoundingClientRect();
      const a = [from.right - box.left, from.top + from.height / 2 - box.top], b = [to.left - box.left, to.top + to.height / 2 - box.top];
      const ends = Object.entries({ x1: a[0], y1: a[1], x2: b[0], y2: b[1] });
      for (const line of spot.edge.children) for (const [end, at] of ends) line.setAttribute(end, String(at));
      const share = spot.crowded ? HALFWAY : WEIGHT_AT;
      // Clear of the units at both ends, with its name, as far as these are apart.
      const wide = b[0] - a[0], half = spot.tag.offsetWidth / 2 + CLEAR, tag = spot.tag.getBoundingClientRect();
      const before = (tag.left + tag.right) / 2 - spot.name.getBoundingClientRect().left + CLEAR;
      const along = Math.min(wide - half, Math.max(half, before, share * wide));
      spot.tag.style.left = `${a[0] + Math.max(Math.min(half, wide / 2), along)}px`;
      spot.tag.style.top = `${a[1] + share * (b[1] - a[1])}px`;
    }
    makeRoom();
  };
  /** A gradient's name stands beside its number as far as the next unit leaves it room. */
  const makeRoom = () => {
    for (const { gradientName, to } of weightSpots.values()) {
      const ends = gradientName.getBoundingClientRect().right;
      gradientName.classList.toggle("roomless", ends > spots.get(to).getBoundingClientRect().left - CLEAR);
    }
  };
  place();
  // The edges end where the units stand, and these move when the shelf beneath grows or shrinks.
  const resized = new ResizeObserver(place);
  resized.observe(base);

  return {
    leave() { resized.disconnect(); },
    write() {
      const { line } = board, lights = new Set([...line.tokens, line.result]), { values } = cells.limits();
      for (const [name, spot] of weightSpots) {
        const lit = lights.has(name) || lights.has(`dE_${name}`) || lights.has(`new_${name}`);
        spot.edge.classList.toggle("lit", lit);
        spot.tag.classList.toggle("lit", lit);
        spot.tag.classList.remove("asked");
        spot.edge.style.setProperty("--w", css(colour(board.value(name), values, "diverging", board.mode)));
        spot.tag.classList.toggle("with-gradient", board.stands(`dE_${name}`) && (!spot.crowded || lights.has(`dE_${name}`)));
        spot.tag.classList.toggle("with-new", board.stands(`new_${name}`) && (!spot.crowded || lights.has(`new_${name}`)));
      }
      makeRoom();
      // What is lit lies above the rest, which stays in its order.
      const all = [...weightSpots.values()].map(({ edge }) => edge), isLit = (edge) => edge.classList.contains("lit");
      edges.append(...all.filter((edge) => !isLit(edge)), ...all.filter(isLit));
      if (board.narrow) {
        const made = /** @type {HTMLElement|null} */ (base.querySelector(".cell.made"));
        if (made) host.scrollLeft = made.getBoundingClientRect().left - base.getBoundingClientRect().left - host.clientWidth / 2;
      }
      for (const [unit, node] of spots) node.classList.toggle("here", unit === line.unit);
      after.hidden = !board.stands("new_E");
    },
    point(name) {
      for (const [weight, spot] of weightSpots) {
        const on = name !== null && name.replace(/^(dE|new)_/, "") === weight;
        spot.edge.classList.toggle("pointed", on);
        spot.tag.classList.toggle("pointed", on);
      }
    },
  };
}
