// Curves beside each other on one pair of axes, and what is true of each activation as a table.
import { chip, head as shelfHead, line as row, sign } from "shared/arithmetic.js";
import { button, el } from "shared/dom.js";
import { format, readable } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { factsOf } from "./say.js";

const VIEW = { low: -5, high: 5 };
const PRIME = "′";

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
    const head = el("tr", "", el("th", ""), heads.map(([name, , help]) => {
      const cell = el("th", "", name);
      if (help) cell.title = help;
      return cell;
    }));
    const rows = board.meta.functions.map((/** @type {any} */ f) => {
      const shown = f.name === board.state.f || board.pinned().includes(f.name);
      const name = button("", labels.choose.replace("{name}", f.title), () => board.set("f", f.name, true), f.title);
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
    const head = shelfHead(labels.at.replace("{x}", readable(board.state.x)), "", board.narrow ? labels.tap_curve : "");
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
