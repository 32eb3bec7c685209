// One array of gradients as a small grid of cells: how far the two sides are apart, or the numbers of either side.
import { colour, css } from "shared/colours.js";
import { el } from "shared/dom.js";
import { brief } from "./digits.js";

/** Relative errors from 10⁻¹⁰ to 1 lie along the ramp, each power of ten as long as the next. */
const DECADES = 10;
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {number} error */
export const share = (error) => (error > 0 ? Math.max(0, Math.min(1, (Math.log10(error) + DECADES) / DECADES)) : 0);

export class StripView {
  /** @param {import("./fault.js").Fault} board @param {{layer: string, name: string, shape: number[], columns: number}} spec */
  constructor(board, spec) {
    this.board = board;
    this.spec = spec;
    this.size = spec.shape.reduce((a, b) => a * b, 1);
    this.worst = el("i", "");
    this.cells = el("div", "strip-cells");
    this.cells.tabIndex = 0;
    this.cells.setAttribute("role", "application");
    this.cells.setAttribute("aria-label", `${spec.layer}.${spec.name}`);
    this.cells.style.gridTemplateColumns = `repeat(${spec.columns}, var(--c))`;
    const map = spec.shape.length === 3 ? spec.shape[1] * spec.shape[2] : spec.shape.length === 4 ? spec.shape[2] * spec.shape[3] : 0;
    for (let i = 0; i < this.size; i += 1) {
      const cell = el("b", map && i >= map && i % map < spec.columns ? "next-map" : "");
      cell.dataset.i = String(i);
      this.cells.append(cell);
    }
    this.root = el("div", "strip", el("div", "strip-name", el("span", "", spec.name === "dx" ? "dx" : spec.name), this.worst), this.cells);
    this.root.dataset.strip = this.key;
    this.cells.addEventListener("pointerover", (event) => this.enter(event));
    this.cells.addEventListener("click", (event) => {
      this.enter(event);
      board.select(spec.layer, this);
    });
    this.cells.addEventListener("focus", () => { if (this.cells.matches(":focus-visible")) board.point(this, this.here ?? 0); });
    this.cells.addEventListener("keydown", (event) => {
      const by = ARROWS[event.key];
      if (event.key === "Enter") board.select(spec.layer, this);
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      const next = (this.here ?? 0) + by[0] * spec.columns + by[1];
      if (next >= 0 && next < this.size) board.point(this, next);
    });
  }

  get key() { return `${this.spec.layer}.${this.spec.name}`; }
  /** @param {"analytic"|"numeric"|"error"|"mended"} kind */
  values(kind) { return this.board.side(this.key, kind); }

  enter(event) {
    const i = /** @type {HTMLElement} */ (event.target).dataset?.i;
    if (i !== undefined) this.board.point(this, Number(i));
  }

  /** @param {"error"|"analytic"|"numeric"} show @param {"light"|"dark"} mode */
  fill(show, mode) {
    const values = this.values(show), errors = this.values("error");
    const limit = Math.max(...Array.from(this.values("numeric"), Math.abs)) || 1;
    for (let i = 0; i < this.size; i += 1) {
      const rgb = show === "error" ? colour(share(values[i]), 1, "sequential", mode) : colour(values[i], limit, "diverging", mode);
      /** @type {HTMLElement} */ (this.cells.children[i]).style.background = css(rgb);
    }
    this.worst.textContent = brief(Math.max(...Array.from(errors)), 0);
  }

  /** @param {number|null} i */
  mark(i) {
    if (i !== null) this.here = i;
    this.cells.querySelector(".here")?.classList.remove("here");
    if (i !== null) this.cells.children[i].classList.add("here");
  }

  /** @param {number} i @returns {number[]} */
  indexOf(i) {
    const found = [];
    for (const size of [...this.spec.shape].reverse()) {
      found.unshift(i % size);
      i = Math.floor(i / size);
    }
    return found;
  }
}
