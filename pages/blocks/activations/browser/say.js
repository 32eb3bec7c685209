// The column of words: the scene's question, its sentence with the learner's numbers, the formula and the facts.
import { button, el, markup } from "shared/dom.js";
import { format, percent } from "shared/numbers.js";
import { numberCell } from "./handles.js";

/** Sign and step of each of the activations' own numbers. @type {Record<string, [string, number]>} */
export const SETTINGS = {
  negative_slope: ["s", 0.01], weight: ["w", 0.05], lower: ["r ≥", 0.05], upper: ["r ≤", 0.05], alpha: ["α", 0.05],
  beta: ["β", 0.1], left: ["s₁", 0.1], right: ["s₂", 0.1], level: ["c", 0.1],
};

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

/** @param {any} board */
export function makeSay(board) {
  const labels = board.labels;
  const tabs = el("div", "tabs"), pane = el("div", "pane"), own = el("div", "own");
  board.words.replaceChildren(board.kicker, board.heading, board.sentence, own, tabs, pane);
  tabs.setAttribute("role", "tablist");
  let shown = "";
  /** @type {ReturnType<typeof numberCell>[]} */
  let cells = [];
  for (const kind of ["formula", "facts"]) {
    const choose = button("", "", () => {
      board.pane = kind;
      shown = "";
      drawPane();
    }, labels[kind]);
    choose.setAttribute("role", "tab");
    choose.dataset.kind = kind;
    tabs.append(choose);
  }

  function drawPane() {
    for (const choose of /** @type {HTMLElement[]} */ ([...tabs.children])) {
      choose.setAttribute("aria-selected", String(choose.dataset.kind === board.pane));
    }
    const f = board.chosen, zigzag = board.state.at === "zigzag";
    const key = `${board.pane} ${zigzag} ${`dying.${f.name}.dead` in board.arrays} ${JSON.stringify(f)}`;
    tabs.hidden = zigzag;
    if (key === shown) return;
    shown = key;
    if (zigzag) {
      const slopes = markup("div", "", "dw<sub>1</sub> = dz·x<sub>1</sub>, dw<sub>2</sub> = dz·x<sub>2</sub>");
      pane.replaceChildren(el("div", "formula", slopes, markup("div", "", "w ← w − η·dw")));
    } else if (board.pane === "formula") {
      const slope = f.name === "maxout" ? `<span class="words">${labels.winning}</span>` : f.slope;
      const lines = [`${f.symbol}(x) = ${f.formula}`, `${f.symbol}′(x) = ${slope}`];
      pane.replaceChildren(el("div", "formula", ...lines.map((text) => markup("div", "", text))));
    } else {
      const most = board.arrays[`dying.${f.name}.dead`];
      const found = most ? [[labels.dead_most, percent(Math.max(...most.data)), labels.dead_most_help]] : [];
      pane.replaceChildren(el("dl", "facts", [...factsOf(f, labels), ...found].flatMap(([name, value, help]) => {
        const term = el("dt", "", name);
        if (help) term.title = help;
        return [term, el("dd", "", value)];
      })));
    }
  }

  function drawSettings() {
    const wanted = board.chosen.shaped_by;
    if (cells.map((cell) => cell.element.dataset.name).join() !== wanted.join()) {
      cells = wanted.map((/** @type {string} */ name) => numberCell(board, { name, label: SETTINGS[name][0], step: SETTINGS[name][1] }));
      own.replaceChildren(...cells.map((cell) => cell.element));
    }
    for (const cell of cells) cell.update();
    own.hidden = !cells.length || board.state.at === "zigzag";
  }

  return {
    /** @param {Record<string, string|number>} values */
    update(values) {
      const scene = `scene-${board.state.at}`;
      board.kicker.textContent = labels[scene];
      board.speak(`${scene}${values.kind ? `-${values.kind}` : ""}`, { name: board.chosen.title, ...values });
      drawSettings();
      drawPane();
    },
  };
}
