// The chain of batch norm: nine steps from left to right, and under each value its gradient, from right to left.
// Every picture is a result of the ones that it reads; stepping and playing go from result to result.
import { boardOf } from "shared/board.js";
import { gradient } from "shared/colours.js";
import { el } from "shared/dom.js";
import { WAYS, whole } from "shared/explain.js";
import { makeGrid } from "shared/views.js";
import { Workbench } from "shared/workbench.js";
import { drawArrows } from "./arrows.js";

/** @typedef {import("shared/grids.js").Grid} Grid */
/** @typedef {import("shared/grids.js").Spec} Spec */

const STEP_MS = [3600, 1900, 900], LARGEST = 40, SMALLEST = 22, NARROW_CELL = 40, FEWEST = 2, MOST = 5, FEW = 5, HEAD = 6.5;

/**
 * Where a step reads a number: a statistic has one for all examples.
 * @param {Grid} grid @param {string} name @param {number} n @param {number} column
 */
function placeIn(grid, name, n, column) {
  return whole(name, grid.bench.arrays[name].shape[0] === 1 ? column : n * grid.inner[1] + column);
}

/**
 * Whether a number of a grid is made from this place.
 * @param {Grid} grid @param {number} flat @param {string} array @param {number} from
 */
function reads(grid, flat, array, from) {
  const features = grid.inner[1], row = Math.floor(flat / features), column = flat % features;
  const there = (piece) => (piece.all ? from % features === column : placeIn(grid, array, row, column).flat === from);
  return (grid.spec.rule?.pieces ?? []).some((piece) => piece.read?.includes(array) && there(piece));
}

/** A step's arithmetic as it is written: signs, and numbers with the places that they stand at. @type {import("shared/explain.js").Way} */
function written(bench, grid, flat, base) {
  const features = grid.inner[1], row = Math.floor(flat / features), column = flat % features, chips = [];
  const place = (name, n) => placeIn(grid, name, n, column);
  const chipAt = ({ read }, n) => {
    const places = read.map((name) => place(name, n));
    const [left, right] = places.map(({ array, flat: at }) => bench.arrays[array].data[at]);
    const made = { sign: right === undefined ? left : left * right, left, right, places };
    chips.push(made);
    return made;
  };
  const pieces = grid.spec.rule.pieces.flatMap((piece) => {
    if (typeof piece === "string") return [piece];
    if (!piece.all) return [chipAt(piece, row)];
    const examples = bench.arrays[piece.read[0]].shape[0];
    return Array.from({ length: examples }, (_, n) => (n ? ["+", chipAt(piece, n)] : [chipAt(piece, n)])).flat();
  });
  const facts = { ...base.facts, feature: column, example: row };
  const decimals = digitsFor([base.value, ...chips.flatMap(({ left, right }) => [left, right ?? 0])]);
  return { ...base, how: "written", pieces, chips, facts, decimals, reads: chips.flatMap((chip) => chip.places) };
}

/** As many decimals as the smallest of these numbers needs to show two digits. @param {number[]} values */
function digitsFor(values) {
  const sizes = values.map(Math.abs).filter((size) => size > 1e-9), least = Math.min(1, ...sizes);
  return Math.max(FEWEST, Math.min(MOST, Math.ceil(-Math.log10(least)) + 1));
}

/** A head that would reach into the next column's is shorter. @param {HTMLElement} board */
function shorten(board) {
  const gap = parseFloat(getComputedStyle(board).columnGap);
  /** @type {[Element, boolean][]} */
  const heads = [...board.querySelectorAll(".stack:not(:last-child) .grid")].map((grid) => {
    const [head, cells] = grid.children;
    return [head, head.scrollWidth > cells.getBoundingClientRect().width + gap - 2];
  });
  for (const [head, long] of heads) head.classList.toggle("short", long);
}

class Chain extends Workbench {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    this.ways = { ...WAYS, written };
  }

  /** Forward above, backward below: in each, the stacks of its steps. */
  get bands() { return /** @type {Spec[][][]} */ (this.scene.rows); }

  /** The results in the order in which they are computed. */
  get order() {
    const [above, below] = this.bands.map((band) => band.flat().filter((spec) => spec.result).map((spec) => spec.id));
    return [...above, ...below.reverse()].map((id) => this.grids.find((grid) => grid.spec.id === id));
  }

  // ---- moving: from step to step ----

  /** @param {number} by */
  advance(by) {
    const order = this.order, to = order[order.indexOf(this.result) + by];
    if (!to) return false;
    const [row, column] = this.result.whereIs(/** @type {number} */ (this.cell)) ?? [0, 0];
    this.row = this.result.inner[0] > 1 ? row : this.row ?? 0;
    this.active = to.spec.id;
    this.cell = to.flatOf(Math.min(this.row, to.inner[0] - 1), column);
    this.explain();
    return true;
  }

  play() {
    if (this.playing) {
      this.stop_();
      return;
    }
    this.locked = false;
    const order = this.order;
    if (this.result === order.at(-1)) this.advance(1 - order.length);
    this.playing = true;
    this.timer = window.setInterval(() => {
      if (!this.advance(1)) this.stop_();
    }, STEP_MS[this.speed]);
    this.drawControls();
  }

  /** Of a step, the first number is explained at first. */
  strongest() { return 0; }

  // ---- drawing ----

  drawPictures() {
    const focused = /** @type {HTMLElement|null|undefined} */ (this.root.activeElement?.closest?.("[data-grid]"))?.dataset.grid;
    const { bands } = this;
    this.grids = bands.flat(2).map((spec) => makeGrid(spec, this));
    const size = this.cellSize(bands), bySpec = new Map(this.grids.map((grid) => [grid.spec, grid]));
    const labels = this.meta.labels, board = el("div", `chain${bands[0].length <= FEW ? " few" : ""}`);
    if (!this.narrow) board.style.columnGap = `${this.gap(bands)}em`;
    board.style.gridTemplateColumns = `auto repeat(${bands[0].length}, max-content)`;
    bands.forEach((band, at) => {
      board.append(el("div", "band", labels[at ? "band_backward" : "band_forward"]));
      const made = (/** @type {Spec} */ spec) => this.built(/** @type {Grid} */ (bySpec.get(spec)), size);
      board.append(...band.map((stack) => el("div", "stack", ...stack.map(made))));
    });
    this.pictures.replaceChildren(board, this.legend());
    if (!this.narrow) shorten(board);
    if (this.cell === null || !this.result.whereIs(this.cell)) this.cell = this.strongest();
    this.explain();
    if (focused)
      /** @type {HTMLElement|null} */ (this.pictures.querySelector(`[data-grid="${focused}"] .cells`))?.focus({ preventScroll: true });
  }

  /** From column to column, in em: few have room for their whole names. @param {Spec[][][]} bands */
  gap(bands) { return bands[0].length > FEW ? 0.55 : this.meta.present ? 2.2 : 4.2; }

  /**
   * How wide and high a cell can be so that both bands stand on the page; never higher than wide.
   * @param {Spec[][][]} bands
   */
  cellSize(bands) {
    const em = parseFloat(getComputedStyle(this.host).fontSize), most = LARGEST * (em / 15);
    if (this.narrow) return [NARROW_CELL, NARROW_CELL];
    const across = (/** @type {Spec[]} */ stack) => Math.max(0, ...stack.map((spec) => spec.shape[1]));
    const units = bands[0].reduce((sum, stack, at) => sum + Math.max(across(stack), across(bands[1][at])), 0);
    const wide = this.pictures.clientWidth - 4.2 * em - bands[0].length * this.gap(bands) * em - units;
    // The last column is as wide as its heads, whose type in a hall is the page's own.
    const last = Math.max(across(bands[0].at(-1) ?? []), across(bands[1].at(-1) ?? []));
    const head = HEAD * em * (this.meta.present ? 1 : 0.8);
    const each = Math.min(wide / units, (wide - head) / Math.max(1, units - last));
    const down = bands.map((band) => Math.max(...band.map((stack) => stack.reduce((sum, spec) => sum + spec.shape[0], 0))));
    const high = this.pictures.clientHeight - 7.2 * em - down[0] - down[1];
    const width = Math.max(SMALLEST, Math.floor(Math.min(most, each)));
    return [width, Math.max(SMALLEST, Math.floor(Math.min(width, high / (down[0] + down[1]))))];
  }

  /** @param {Grid} grid @param {number[]} size */
  built(grid, [width, height]) {
    const root = grid.build(height);
    grid.cells.style.gridTemplateColumns = `repeat(${grid.extent[1]}, ${width}px)`;
    grid.cells.style.setProperty("--w", `${width}px`);
    grid.fitNumbers(width);
    return root;
  }

  /** One legend for all: each picture has a range of its own. */
  legend() {
    const ramp = el("i");
    ramp.style.background = gradient("diverging", this.mode);
    return el("div", "legend", el("span", "", this.meta.labels.own_range), "−", ramp, "+");
  }

  explain() {
    super.explain();
    // What isn't read is no less of a number.
    for (const grid of this.grids) if (!grid.spec.result && !grid.lit) grid.cells.classList.remove("active");
    this.markReaders(this.result, /** @type {number} */ (this.cell));
    drawArrows(this);
  }

  /** @param {Grid|null} grid @param {import("shared/grids.js").At|null} at */
  traceFrom(grid, at) {
    if (grid && at) this.markReaders(grid, grid.entryAt(at));
    else this.markReaders(this.result, /** @type {number} */ (this.cell));
  }

  /** Where a number goes: a dashed rim around every number that is made from it. @param {Grid} origin @param {number} from */
  markReaders(origin, from) {
    for (const grid of this.grids) {
      for (const [flat, at] of grid.byFlat) {
        const goes = grid !== origin && reads(grid, flat, origin.spec.array, from);
        /** @type {HTMLElement} */ (grid.byPlace.get(String(at))).classList.toggle("goes", goes);
      }
    }
  }
}

export default boardOf(Chain);
