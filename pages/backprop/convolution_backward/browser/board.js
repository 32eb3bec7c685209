// The bench of "Convolution, backward", and one weight's journey: a scene that is walked term by term. At each place of
// the kernel the weight meets a pixel; the product with that output's gradient is added to those before.
import { boardOf } from "shared/board.js";
import { fieldIn } from "shared/editing.js";
import { WAYS, ruled, whole } from "shared/explain.js";
import { product, short } from "shared/numbers.js";
import { Workbench } from "shared/workbench.js";

/** @typedef {import("shared/grids.js").Grid} Grid */

const STEP_MS = [2400, 1200, 500];
/** What stands around two rows of pictures, and how small their cells may become, in em. */
const AROUND = 10.2, LEAST = 1.55;

/**
 * The sum up to the place where the weight is, and this place's product.
 * @type {import("shared/explain.js").Way<Backward>}
 */
function journey(bench, grid, flat, base) {
  const { chips } = ruled(bench, grid, flat), here = Math.min(bench.stop, chips.length - 1), { labels } = bench;
  chips.forEach((chip, at) => Object.assign(chip, { later: at > here }));
  const sum = (/** @type {number} */ count) => chips.slice(0, count).reduce((all, chip) => all + chip.sign, 0);
  const now = chips[here], [x, dy] = now.places, before = sum(here), value = sum(here + 1);
  const soFar = { sign: before, value: before, prefix: labels.so_far, places: [] };
  const [row, column] = dy.at.slice(-2), { row: a, column: b } = base.facts;
  const facts = {
    ...base.facts, a, b, row, column, place: here + 1, places: chips.length, weight: short(bench.arrays.weight.data[flat]),
    product: short(now.sign), value: short(value),
    times: product(short(/** @type {number} */ (now.left)), short(/** @type {number} */ (now.right))),
  };
  const text = x.flat < 0 ? `${base.text}-pad` : here === chips.length - 1 ? `${base.text}-end` : base.text;
  const also = [whole("weight", flat), ...chips.map((chip) => ({ ...chip.places[1], array: "y" }))];
  return {
    ...base, text, facts, how: "written", note: "note_place", chips, value, pieces: here ? [soFar, "+", now] : [now],
    reads: [...chips.flatMap((chip) => chip.places), ...also],
  };
}

class Backward extends Workbench {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    this.ways = { ...WAYS, journey };
    /** At which place of the kernel the weight is. */
    this.stop = 0;
    /** Whether the pictures have no room for two rows, and the scene in one. */
    this.low = false;
    /** @type {{of: any, scene: any}|null} */
    this.inOneRow = null;
  }

  /** Where there is little room, x is multiplied by dy where it stands: the forward pass and the cut-out are left out. */
  get scene() {
    const { meta } = this;
    if (!this.low || meta.how !== "journey") return meta;
    if (this.inOneRow?.of !== meta) {
      const [[x], [, ...rest]] = meta.rows;
      this.inOneRow = { of: meta, scene: { ...meta, rows: [[x, ...rest]] } };
    }
    return /** @type {{scene: any}} */ (this.inOneRow).scene;
  }

  get travels() { return this.scene.how === "journey"; }
  /** How many places there are: as many as outputs. */
  get last() { return this.arrays.dy.shape.slice(-2).reduce((a, b) => a * b) - 1; }
  get pace() { return this.travels ? STEP_MS : super.pace; }

  // ---- where one stands ----

  arrived(before, asked) {
    super.arrived(before, asked);
    if (asked || this.meta.id !== before.id) this.stop = this.meta.state.place;
    if (this.travels) this.stop = Math.min(this.stop, this.last);
  }

  get standing() { return { ...super.standing, ...(this.travels ? { place: this.stop } : {}) }; }

  // ---- moving: from place to place, then to the next weight ----

  /** @param {number} by */
  advance(by) {
    const { stop } = this;
    if (!this.travels) return super.advance(by);
    this.stop += by;
    if (this.stop >= 0 && this.stop <= this.last) {
      this.explain();
      return true;
    }
    this.stop = by > 0 ? 0 : this.last;
    if (super.advance(by)) return true;
    this.stop = stop;
    return false;
  }

  get finished() { return super.finished && (!this.travels || this.stop === this.last); }

  begin() {
    super.begin();
    this.stop = 0;
  }

  /** @param {Grid} grid @param {import("shared/grids.js").At|null} at */
  pointAt(grid, at) {
    if (!this.travels || grid.spec.result) super.pointAt(grid, at);
    else if (at && !this.locked && !fieldIn(this.host)) this.visit(grid, at);
  }

  /** A weight begins its journey; anything else leads to the place where it takes part. @param {Grid} grid @param {number[]} at */
  visit(grid, at) {
    if (grid.spec.view === "kernel") {
      this.hover(this.result, grid.entryAt(at));
      return;
    }
    const [, columns] = this.arrays.dy.shape.slice(-2);
    const { chips } = ruled(this, this.result, /** @type {number} */ (this.cell));
    const to = grid.spec.id !== "X" ? at[0] * columns + at[1]
      : chips.findIndex((chip) => String(grid.placeIn(chip.places[0])) === String(at));
    if (to < 0 || to === this.stop) return;
    this.stop_();
    this.stop = to;
    this.explain();
    this.rested();
  }

  // ---- drawing ----

  drawPictures(again = false) {
    if (this.travels) {
      const em = parseFloat(getComputedStyle(this.host).fontSize), [ph] = this.meta.rows[0][0].pad;
      const [tall, below] = ["x", "dy"].map((name) => /** @type {number} */ (this.arrays[name].shape.at(-2)));
      const rows = tall + 2 * ph + below;
      this.low = !this.narrow && this.pictures.clientHeight / em < AROUND + LEAST * rows;
    }
    super.drawPictures(again);
  }

  /** A journey begins with the first weight. */
  strongest() { return this.travels ? this.result.flatOf(0, 0) : super.strongest(); }

  explain() {
    super.explain();
    if (this.travels) this.mark();
  }

  /** The kernel where it lies, the weight's own place in every picture, and the sum as far as it goes. */
  mark() {
    const { result, stop } = this, flat = /** @type {number} */ (this.cell), { chips } = ruled(this, result, flat), now = chips[stop];
    const [, , , down, across] = /** @type {{by: Record<string, number>}[]} */ (result.spec.rule.left.axes);
    const { i, j } = now.index, [kh, kw] = result.inner;
    for (const grid of this.grids) {
      const { id, view } = grid.spec;
      if (id === "X") {
        const top = i * down.by.i, left = j * across.by.j;
        grid.frameAround(grid.window, [top, left, top + (kh - 1) * down.by.a, left + (kw - 1) * across.by.b]);
        grid.point(grid.placeIn(now.places[0]));
      } else if (view === "kernel" && grid !== result) grid.point(grid.whereIs(flat));
      else if (grid !== result) grid.point([i, j]);
    }
    const cell = result.byPlace.get(String(result.whereIs(flat))), until = chips.slice(0, stop + 1);
    const value = until.reduce((sum, chip) => sum + chip.sign, 0);
    result.fill();
    if (cell) result.fillCell(cell, value, result.limit, result.decimals);
  }
}

export default boardOf(Backward);
