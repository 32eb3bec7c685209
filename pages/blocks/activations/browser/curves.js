// All activations: a row of small pictures of their curves and slopes; those that are laid beside each other, on one pair of
// axes; and what is true of each as a table.
import { chip, head as shelfHead, line as row, sign } from "shared/arithmetic.js";
import { button, el, fill } from "shared/dom.js";
import { format, readable } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { svg } from "shared/plot_marks.js";

const VIEW = { low: -5, high: 5 };
const PRIME = "′";
const THUMB = { left: -4, right: 4, low: -1.3, high: 2.2 };
const WIDTH = 96, HEIGHT = 42, EVERY = 4;

/**
 * Each a small picture of its curve and slope. A click chooses one, its + lays it beside.
 * @param {any} board @param {HTMLElement} row
 */
export function makeGallery(board, row) {
  const labels = board.labels;
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", labels.functions);
  const cards = board.meta.functions.map((/** @type {any} */ f) => {
    const curve = svg("path", { class: "curve strong" }), slope = svg("path", { class: "curve strong dash" });
    const zero = HEIGHT * (THUMB.high / (THUMB.high - THUMB.low));
    const axes = svg(
      "g", { class: "grid" },
      svg("line", { x1: 0, x2: WIDTH, y1: zero, y2: zero, class: "zero" }),
      svg("line", { x1: WIDTH / 2, x2: WIDTH / 2, y1: 0, y2: HEIGHT }),
    );
    const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "plot small", "aria-hidden": "true" }, axes, slope, curve);
    const choose = button(
      "thumb", fill(labels.choose, { name: f.title }), () => board.set("f", f.name, true), el("span", "", f.title), picture,
    );
    choose.dataset.name = f.name;
    const pin = button("pin", fill(labels.compare_with, { name: f.title }), () => board.pin(f.name), "+");
    pin.title = fill(labels.compare_with, { name: f.title });
    return { f, choose, pin, curve, slope, card: el("div", "card", choose, pin) };
  });
  row.replaceChildren(...cards.map((/** @type {any} */ made) => made.card));

  /** @param {ArrayLike<number>} x @param {ArrayLike<number>} y */
  function path(x, y) {
    let drawn = "";
    for (let i = 0; i < x.length; i += EVERY) {
      if (x[i] < THUMB.left || x[i] > THUMB.right) continue;
      const across = ((x[i] - THUMB.left) / (THUMB.right - THUMB.left)) * WIDTH;
      const up = ((THUMB.high - Math.max(-9, Math.min(9, y[i]))) / (THUMB.high - THUMB.low)) * HEIGHT;
      drawn += `${drawn ? "L" : "M"}${across.toFixed(1)} ${up.toFixed(1)}`;
    }
    return drawn;
  }

  return {
    update() {
      for (const { f, choose, pin, curve, slope } of cards) {
        const table = board.table(f.name);
        curve.setAttribute("d", path(table.x, table.y));
        slope.setAttribute("d", path(table.x, table.slope));
        choose.setAttribute("aria-pressed", String(f.name === board.state.f));
        pin.setAttribute("aria-pressed", String(board.pinned().includes(f.name)));
        pin.hidden = f.name === board.state.f || board.state.at !== "compare";
      }
    },
  };
}

/** @param {any} f @param {any} labels @returns {[string, string, string][]} name, value, help */
export function factsOf({ facts }, labels) {
  const end = (/** @type {number|null} */ v, /** @type {string} */ far) => (
    v === null ? far : format(Math.abs(v) < 1e-9 ? 0 : v, Number.isInteger(+v.toFixed(6)) ? 0 : 2)
  );
  const { flat_left: left, flat_right: right } = facts;
  const sides = left && right ? labels.both_sides : left ? labels.left : right ? labels.right : labels.no;
  return [
    [labels.range, `${end(facts.low, "−∞")} … ${end(facts.high, "∞")}`, ""],
    [labels.mean_out, facts.centred ? `0 · ${labels.centred}` : format(facts.mean, 2), labels.mean_help],
    [labels.steepest, format(facts.steepest, 2), ""],
    [labels.saturates, sides, ""],
    [labels.dies, facts.dies ? labels.yes : labels.no, labels.dies_help],
    [labels.cost, `×${format(facts.cost, 1)}`, labels.cost_help],
  ];
}

/** @param {any} board @param {HTMLElement} host @param {HTMLElement} shelf */
export function makeCompare(board, host, shelf) {
  const labels = board.labels;
  const body = el("div", "body"), show = el("div", "choices");
  for (const [value, word] of [["both", labels.show_both], ["f", labels.show_f], ["slope", labels.show_slope]]) {
    const choose = button("pill", "", () => board.set("show", value, true), word);
    choose.dataset.show = value;
    show.append(choose);
  }
  const every = button("pill", "", () => {
    const names = board.meta.functions.map((/** @type {any} */ f) => f.name).filter((/** @type {string} */ name) => name !== board.state.f);
    board.set("with", board.pinned().length === names.length ? "" : names.join("~"), true);
  });
  const table = el("table", "facts-table");
  host.append(el("div", "compare", el("div", "box", el("div", "grid-head", show, every), body), el("div", "table-box", table)));
  let hovered = "";

  const plot = makePlot(body, {
    label: labels.curves, snap: (x) => board.snap(x),
    moved: (x) => {
      if (x === null) return;
      board.state.x = x;
      explain();
    },
  });

  function names() { return [board.state.f, ...board.pinned()]; }

  function drawTable() {
    const heads = factsOf(board.chosen, labels);
    const head = el("tr", "", el("td"), heads.map(([name, , help]) => {
      const cell = el("th", "", name);
      if (help) cell.title = help;
      return cell;
    }));
    const rows = board.meta.functions.map((/** @type {any} */ f) => {
      const shown = f.name === board.state.f || board.pinned().includes(f.name);
      const name = button("", fill(labels.choose, { name: f.title }), () => board.set("f", f.name, true), f.title);
      const cells = factsOf(f, labels).map(([, value], i) => {
        const good = i === 1 && f.facts.centred, bad = (i === 3 && value !== labels.no) || (i === 4 && f.facts.dies);
        return el("td", good ? "good" : bad ? "bad" : "", good ? "0 ✓" : value);
      });
      const row = el("tr", `${shown ? "shown" : ""} ${f.name === board.state.f ? "chosen" : ""}`, el("th", "", name), cells);
      row.addEventListener("pointerenter", () => hover(f.name));
      return row;
    });
    table.replaceChildren(el("thead", "", head), el("tbody", "", rows));
  }
  const hover = (/** @type {string} */ name) => {
    if (name === hovered) return;
    hovered = name;
    drawPlot();
  };
  table.addEventListener("pointerleave", () => hover(""));
  body.addEventListener("pointerover", (event) => {
    const id = /** @type {Element} */ (event.target).getAttribute("data-id") ?? "";
    hover(id.split(".")[0]);
  });
  body.addEventListener("pointerleave", () => hover(""));

  function drawPlot() {
    const c = board.state, list = [...new Set([...names(), ...(hovered ? [hovered] : [])])];
    const curves = list.flatMap((name) => {
      const f = board.fn(name), own = board.table(name), strong = hovered ? name === hovered : name === c.f;
      const look = /** @type {"strong"|"plain"|"faint"} */ (strong ? "strong" : hovered ? "faint" : "plain");
      const value = { id: name, x: own.x, y: own.y, label: `${f.title}`, look, fixed: true };
      const slope = { ...value, id: `${name}.slope`, y: own.slope, label: `${f.title}${PRIME}`, dash: true };
      return [...(c.show !== "slope" ? [value] : []), ...(c.show !== "f" ? [slope] : [])];
    }).sort((a, b) => Number(a.look === "strong") - Number(b.look === "strong"));
    const known = c.show === "f" ? [] : names().filter((name) => name === "sigmoid" || name === "tanh").map((name) => {
      const top = board.table(name).slope[board.indexOf(0)];
      return { x: 0, y: top, label: format(top, 2), look: /** @type {"strong"|"plain"} */ (name === c.f ? "strong" : "plain") };
    });
    const band = { x: [VIEW.low, 0], low: [c.upper * VIEW.low, 0], high: [c.lower * VIEW.low, 0], look: /** @type {const} */ ("accent") };
    plot.update({
      x: { ...VIEW, label: "x" }, y: c.show === "slope" ? { low: -0.3, high: 1.25 } : { low: -1.4, high: 3 }, curves, points: known,
      areas: c.f === "rrelu" && c.show !== "slope" ? [band] : [],
    }, board.mode);
  }

  function explain() {
    const i = board.indexOf(board.state.x);
    const line = (/** @type {"y"|"slope"} */ part) => row(sign(part === "y" ? "f" : `f${PRIME}`), ...names().map((name) => {
      const value = board.table(name)[part][i], kind = name === board.state.f ? "chosen" : "";
      return chip(`${board.fn(name).title}${part === "y" ? "" : PRIME} ${readable(value, 4)}`, Math.sign(value), { kind });
    }));
    const head = shelfHead(fill(labels.at, { x: readable(board.state.x) }), "", board.narrow ? labels.tap_curve : "");
    shelf.replaceChildren(head, line("y"), line("slope"));
  }

  return {
    update() {
      for (const choose of /** @type {HTMLElement[]} */ ([...show.children])) {
        choose.setAttribute("aria-pressed", String(choose.dataset.show === board.state.show));
      }
      every.textContent = board.pinned().length === board.meta.functions.length - 1 ? labels.compare_none : labels.compare_all;
      drawTable();
      drawPlot();
      explain();
    },
    values() {
      const at = (/** @type {string} */ name, /** @type {number} */ x) => board.table(name).slope[board.indexOf(x)];
      return { sigmoid0: format(at("sigmoid", 0), 2), tanh0: format(at("tanh", 0), 0), sigmoid10: readable(at("sigmoid", 10), 2) };
    },
  };
}
