// One row for each class, one column for each thing that its score becomes; bars that can be read, some that can be dragged.
import { colour, css, gradient, inkOn } from "shared/colours.js";
import { as, el, fill, gridRow } from "shared/dom.js";
import { clamp, draggable, snap, tellValue } from "shared/drag.js";
import { numberCell } from "shared/number_cell.js";
import { percent, short } from "shared/numbers.js";
import { drawable } from "shared/scales.js";

/**
 * @typedef {Object} Column
 * @property {string} id
 * @property {string} title
 * @property {string} note
 * @property {"drag"|"bars"|"text"|"truth"} kind
 * @property {"diverging"|"sequential"} [ramp]
 * @property {number} [wide] in rem, the bar's
 * @property {[number, number]} [range] the bar's ends; for "drag" it follows the scores
 * @property {number[]} [marks] places on the scores' bars
 */
/** What a column is told: its numbers, how they are written, what stands beneath them, which are flagged, its bars' ends.
 * @typedef {{values: number[], texts?: string[], foot?: string, flags?: boolean[], range?: [number, number]}} Told */
/** What a cell shows. @typedef {{value: number, text: string, ends: [number, number], flag: boolean}} Shown */
/** @typedef {{root: HTMLElement, update: (shown: Shown) => void}} Cell */

const MOST = 1000, SPANS = [6, 12, 24, 48, 120, 400, 1000];

export class Rows {
  /**
   * @param {import("shared/scenes.js").Shell} shell
   * @param {Object} how
   * @param {Column[]} how.columns
   * @param {number[]} how.scores the numbers that can be dragged
   * @param {number} how.step of the arrow keys and of dragging
   * @param {boolean} [how.positive] scores start at 0
   * @param {number} how.height of a row, in rem
   * @param {(row: number, column: string) => void} how.point
   * @param {(row: number) => void} [how.choose] another class is true
   * @param {[number, number]} how.at the cell that is explained: row and column
   */
  constructor(shell, { columns, scores, step, positive = false, height, point, choose, at }) {
    this.shell = shell;
    this.columns = columns;
    this.scores = scores;
    this.step = step;
    this.positive = positive;
    this.point = point;
    this.choose = choose;
    /** @type {[number, number]} the cell that is explained: row and column */
    this.at = at[0] < 0 ? at : cellOf(shell, at, [scores.length, columns.length]);
    // A bar gives of its length where the columns need more than there is.
    const track = (/** @type {Column} */ { kind, wide = 9 }) =>
      ({ truth: "2.6rem", text: `${wide}rem`, drag: `minmax(7.2rem, ${wide + 4.1}rem)`, bars: `minmax(7.5rem, ${wide + 4.4}rem)` })[kind];
    this.root = el("div", "rows");
    // On a phone a class has two lines: its score, and beneath it what becomes of it.
    this.root.style.gridTemplateColumns = shell.narrow ? `repeat(${columns.length - 1}, minmax(0, 1fr))`
      : `max-content ${columns.map(track).join(" ")}`;
    this.root.style.setProperty("--row", `${height}rem`);
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "grid");
    this.root.setAttribute("aria-label", shell.labels.rows);
    this.root.onkeydown = (event) => this.walk(event);
    const heads = columns.map((column) =>
      as("columnheader", el("div", `head-cell ${column.id}`, el("b", "", column.title), el("span", "", column.note))));
    const rows = scores.map((_, row) => this.makeRow(row));
    this.feet = columns.map((column) => as("gridcell", el("div", `foot ${column.id}`)));
    this.cells = rows.map(({ cells }) => cells);
    const body = rows.map(({ name, cells }) => gridRow(name, ...cells.map((cell) => as("gridcell", cell.root))));
    this.root.append(gridRow(el("div", "corner-cell"), ...heads), ...body, gridRow(el("div", "corner-cell"), ...this.feet));
  }

  /** @param {number} row */
  makeRow(row) {
    const name = as("rowheader", el("div", "class-name", fill(this.shell.labels.class, { k: row })));
    const cells = this.columns.map((column, c) => {
      const cell = MAKE[column.kind](this, column, row);
      cell.root.classList.add("score-cell", column.id);
      cell.root.addEventListener("pointerenter", () => this.go(row, c));
      return cell;
    });
    return { name, cells };
  }

  /** @param {number} row @param {number} column */
  go(row, column) {
    this.at = [row, column];
    keepCell(this.shell, row, column);
    this.frame();
    this.point(row, this.columns[column].id);
  }

  frame() {
    const [at, on] = this.at;
    this.cells.forEach((cells, row) => cells.forEach((cell, column) => {
      cell.root.classList.toggle("chosen", row === at && column === on);
    }));
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    if (event.target !== this.root) return;
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (event.key === "Escape") this.root.blur();
    else if (event.key === "Enter" && this.columns[this.at[1]].kind === "truth") this.choose?.(this.at[0]);
    else if (by) {
      this.go(clamp(this.at[0] + by[0], 0, this.scores.length - 1), clamp(this.at[1] + by[1], 0, this.columns.length - 1));
      this.shell.tell();
    }
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * The ends of the scores' bars; they stand still while one is dragged, or it would run away from the pointer.
   * @returns {[number, number]}
   */
  range() {
    if (!this.span || !this.root.querySelector(".held")) {
      const most = Math.max(...this.scores.map(Math.abs), 1);
      this.span = SPANS.find((span) => span >= most) ?? MOST;
    }
    return [this.positive ? 0 : -this.span, this.span];
  }

  /**
   * Write every number.
   * @param {Record<string, Told>} told by column
   */
  update(told) {
    this.columns.forEach((column, c) => {
      const { values, texts, foot = "", flags, range } = told[column.id] ?? { values: this.scores };
      const ends = range ?? (column.kind === "drag" ? this.range() : column.range ?? [0, 1]);
      values.forEach((value, row) => {
        this.cells[row][c].update({ value, text: texts?.[row] ?? short(value, 3), ends, flag: flags?.[row] ?? false });
      });
      this.feet[c].textContent = foot;
    });
    this.frame();
  }
}

/**
 * The cell that is explained, as the link has it, or else the usual one.
 * @param {import("shared/scenes.js").Shell} shell @param {[number, number]} usual @param {[number, number]} sizes
 * @returns {[number, number]}
 */
export function cellOf(shell, usual, sizes) {
  const [row, column] = shell.state.cell ? shell.state.cell.split(".").map(Number) : usual;
  return [Math.min(row, sizes[0] - 1), Math.min(column, sizes[1] - 1)];
}

/** @param {import("shared/scenes.js").Shell} shell @param {number} row @param {number} column */
export function keepCell(shell, row, column) { shell.state.cell = `${row}.${column}`; }

/** A bar from 0, in the colour of its number. @param {Column} column @param {import("shared/colours.js").Mode} mode */
function makeLane(column, mode) {
  const fill = el("i"), zero = el("u"), lane = el("div", "lane", zero, fill);
  return {
    lane,
    /** @param {number} value @param {[number, number]} ends */
    update(value, [wantedLow, wantedHigh]) {
      const [low, high] = drawable({ low: wantedLow, high: wantedHigh });
      const at = (/** @type {number} */ v) => (clamp(v, low, high) - low) / (high - low);
      const from = at(Math.max(low, 0)), to = at(Number.isFinite(value) ? value : low);
      zero.style.left = `${from * 100}%`;
      fill.style.left = `${Math.min(from, to) * 100}%`;
      fill.style.width = `${Math.max(Math.abs(to - from) * 100, value === 0 ? 0 : 0.6)}%`;
      const limit = Math.max(Math.abs(low), Math.abs(high)), shown = Math.sign(value) * Math.max(Math.abs(value), 0.35 * limit);
      fill.style.background = css(colour(shown, limit, column.ramp ?? "diverging", mode));
      return to;
    },
  };
}

/** @type {Record<Column["kind"], (rows: Rows, column: Column, row: number) => Cell>} */
const MAKE = {
  drag(rows, column, row) {
    const { shell, scores } = rows, { lane, update } = makeLane(column, shell.mode), grip = el("span", "grip");
    const marked = column.marks ?? [], marks = marked.map(() => el("s")), label = fill(shell.labels.score, { k: row });
    const cell = numberCell(shell, {
      label, get: () => scores[row], set: (value) => { scores[row] = value; }, most: MOST, step: rows.step,
    });
    const set = (/** @type {number} */ value) => {
      scores[row] = snap(clamp(value, rows.positive ? 0 : -MOST, MOST), rows.step);
      shell.changed();
    };
    lane.append(...marks, grip);
    draggable(grip, {
      label,
      drag: (event) => {
        const box = lane.getBoundingClientRect(), [low, high] = rows.range();
        set(clamp(low + ((event.clientX - box.left) / box.width) * (high - low), low, high));
      },
      end: () => shell.changed(),
      nudge: (right, up) => set(scores[row] + (right + up) * rows.step),
    });
    return {
      root: el("div", "with-lane", cell.root, lane),
      update({ value, ends }) {
        cell.update();
        grip.style.left = `${update(value, ends) * 100}%`;
        marks.forEach((mark, i) => {
          const share = (marked[i] - ends[0]) / (ends[1] - ends[0]);
          mark.style.left = `${share * 100}%`;
          mark.hidden = share > 1;
        });
        tellValue(grip, value, short(value));
      },
    };
  },

  bars(rows, column) {
    const { lane, update } = makeLane(column, rows.shell.mode), number = el("span", "number");
    return {
      root: el("div", "with-lane", lane, number),
      update({ value, text, ends, flag }) {
        update(value, ends);
        number.textContent = text;
        number.classList.toggle("flag", flag);
      },
    };
  },

  text(_, column) {
    const root = el("div", "text-cell");
    return {
      root,
      update({ text, flag }) {
        root.textContent = text;
        root.classList.toggle("flag", flag);
      },
    };
  },

  truth(rows, _, row) {
    const root = el("div", "truth");
    root.onclick = () => rows.choose?.(row);
    root.title = rows.shell.labels.take_truth;
    return {
      root,
      update({ value }) {
        root.textContent = String(value);
        root.classList.toggle("true", value === 1);
      },
    };
  },
};

/**
 * All shares side by side, as the one whole that they make; each says its class and its size, its class alone, or nothing,
 * as it has room.
 * @param {import("shared/scenes.js").Shell} shell
 */
export function wholeBar(shell) {
  const root = el("div", "whole");
  root.setAttribute("role", "img");
  /** What each of them has to say. @type {string[][]} */
  let named = [];
  const fit = () => [...root.children].forEach((part, k) => {
    part.replaceChildren(...named[k].map((text) => el("b", "", text)));
    while (part.lastChild && part.scrollWidth > part.clientWidth) part.lastChild.remove();
  });
  /** @param {number[]} p */
  const update = (p) => {
    named = p.map((share, k) => [fill(shell.labels.class, { k }), ` · ${percent(share, 1)}`]);
    root.setAttribute("aria-label", named.map((parts) => parts.join("")).join(", "));
    root.replaceChildren(...p.map((share) => {
      const rgb = colour(Math.max(share, 0.12), 1, "sequential", shell.mode);
      const part = el("span");
      part.style.flex = `${share} 1 0`;
      part.style.background = css(rgb);
      part.style.color = inkOn(rgb);
      return part;
    }));
    fit();
  };
  new ResizeObserver(fit).observe(root);
  return { root, update };
}

/**
 * What a column's colours mean.
 * @param {import("shared/scenes.js").Shell} shell @param {string} name @param {"diverging"|"sequential"} ramp
 * @param {string} low @param {string} high
 */
export function rampLegend(shell, name, ramp, low, high) {
  const bar = el("i");
  bar.style.background = gradient(ramp, shell.mode);
  return el("div", "legend", `${name} ${low}`, bar, high);
}
