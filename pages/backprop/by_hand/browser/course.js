// Many steps of learning: how far, and the error on the way; a click on the curve opens the sheet of that step.
import { button, el, fill, markup } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { makePlot } from "shared/plot.js";
import { heightAt } from "shared/scales.js";
import { exact } from "./cells.js";

export class Course {
  /** @param {import("./board.js").ByHand} board */
  constructor(board) {
    this.board = board;
    this.head = el("div", "grid-head");
    this.pills = el("div", "pills");
    this.host = el("div", "course-plot");
    this.root = el("div", "course", this.head, this.pills, this.host);
    this.stands = el("div", "stands");
    this.root.append(this.stands);
    /** @type {ReturnType<typeof makePlot>|undefined} */
    this.plot = undefined;
    /** @type {number[]} */
    this.xs = [];
    /** @type {ArrayLike<number>} */
    this.errors = [];
  }

  update() {
    const { board } = this, { labels, meta } = board, { n, levels } = meta;
    this.head.replaceChildren(el("b", "", labels.run), el("span", "", labels.run_note));
    const count = (/** @type {number} */ steps) => steps.toLocaleString("en");
    const written = `η = ${exact(meta.symbols.lr.value)}`, rate = el("button", "pill rate", written);
    rate.setAttribute("aria-label", `${labels.lr} ${written}`);
    const [low, high] = meta.rate.range;
    rate.onclick = () => askNumber(rate, board.value("lr"), labels, (lr) => board.startWith({ lr }), { low, high });
    this.pills.replaceChildren(...levels.map((level) => {
      const made = button("pill", `${count(level)} ${labels.step}`, () => board.goTo(level), count(level));
      made.setAttribute("aria-pressed", String(level === n));
      return made;
    }), rate, button("pill", labels.reset, () => board.reset(), markup("span", "", "↺")));
    /** @type {HTMLElement} */ (this.pills.lastElementChild).title = labels.reset;
    const stands = n ? fill(labels.after, { n: count(n) }) : labels.after_none;
    this.stands.replaceChildren(el("b", "", stands), el("span", "", ` E = ${board.found.hides("E") ? "?" : exact(board.value("E"))}`));
    // The curve and what it tells would give away what is to be found.
    this.host.hidden = board.found.hides("E") || board.found.hides("new_E");
    if (this.host.hidden) return;
    const steps = board.arrays.steps.data, errors = board.arrays.errors.data, last = steps[steps.length - 1];
    this.plot ??= makePlot(this.host, {
      label: labels.curve, margin: { right: 0.9, left: 3 }, snap: (x) => Math.max(0, Math.round(x - 1)) + 1,
      chosen: (x) => board.goTo(Math.round(x) - 1),
      tell: (x) => ({
        title: fill(board.labels.after, { n: (Math.round(x) - 1).toLocaleString("en") }),
        rows: [["E", exact(heightAt(this.xs, this.errors, x)), "strong"]],
      }),
    });
    // Step 0 has no place on a logarithmic axis: everything stands one further to the right.
    this.xs = Array.from(steps, (step) => step + 1);
    this.errors = errors;
    const far = Math.max(last, levels[2]);
    const least = Math.max(1e-12, Math.min(...errors)), most = Math.max(...errors, 2e-12);
    this.plot.update({
      x: {
        low: 1, high: far + 1, log: true, label: labels.step, ticks: levels.filter((level) => level <= far).map((level) => level + 1),
        write: (x) => (x > 1000 ? `${(x - 1) / 1000}k` : String(x - 1)),
      },
      y: { low: 10 ** Math.floor(Math.log10(least)), high: 10 ** Math.ceil(Math.log10(most)), log: true, label: "E" },
      curves: [{ id: "E", x: this.xs, y: errors, look: "strong" }],
      points: [{ x: n + 1, y: Math.max(least, meta.symbols.E.value), look: "accent" }],
    }, board.mode);
  }
}
