// The bench: pictures of explained grids. Point at a result's cell, and the numbers that make it light up.
//
//   class Mine extends Bench { get scene() {…}  draw() {…; this.drawPictures(); } }
//
// A subclass owns the page around `this.pictures` and `this.shelf` and says what is shown:
//   this.cursors  {cursor: channel}: what grids show of arrays that are too deep
//   this.scene    {rows: picture[], how, start, text, facts}; a picture is a list of grids (ui/figures/grids.py),
//                 stacks of grids and the signs between them; `how` names the way (explain.js) a result is made
//   this.ways     the ways that it knows: explain.js's, and its own
// and may listen: said(explanation) after a cell was explained, rested() when the cursor moved. Pointing, walking and
// playing ask the server for nothing; a typed number is told as an edit.
import { Board } from "./board.js";
import { button, el } from "./dom.js";
import { askNumber, fieldIn } from "./editing.js";
import { WAYS, explain } from "./explain.js";
import { benchKeys, onBenchKey, onGridKey } from "./keys.js";
import { layOut, tighter } from "./layout.js";
import { Lens } from "./lens.js";
import { Tracing } from "./readers.js";
import { drawShelf } from "./shelf.js";
import { strongestOf } from "./strongest.js";
import { makeGrid } from "./views.js";
import { drawWire } from "./wire.js";

const CALM_MS = 900;

/** @typedef {import("./grids.js").Grid} Grid */
/** @typedef {{rows: import("./grids.js").Picture[], how: string, start?: number|null, text: string, facts: import("./explain.js").Facts,
 *   align?: string, plays?: boolean} & import("./pane.js").Pane & Record<string, any>} Scene  with whatever else the lesson sends */

export class Bench extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** @type {Grid[]} */
    this.grids = [];
    /** @type {Record<string, import("./explain.js").Way<any>>} */
    this.ways = WAYS;
    /** What is shown of arrays that are too deep. @type {Record<string, number>} */
    this.cursors = {};
    this.scope = "map";
    /** The pane that is open. */
    this.tab = "formula";
    /** @type {number|null} the explained entry of the active result */
    this.cell = null;
    /** @type {string|null} which result is explained, where there are several */
    this.active = null;
    this.locked = false;
    this.unfolded = false;
    /** @type {(() => void)[]|null} frames that wait to be placed, while cells are being lit */
    this.framing = null;
    /** The operand that the keys walk over. @type {Grid|null} */
    this.keyed = null;
    this.lens = new Lens();
    /** Where the pointer or the keys are. @type {{grid: Grid, at: import("./grids.js").At}|null} */
    this.looked = null;
    this.tracing = new Tracing(this);
    /** The scene that the shelf's height was made for. @type {Scene|null} */
    this.explained = null;
  }

  // ---- what a subclass says ----

  /** @returns {Scene} */
  get scene() { return this.meta; }
  draw() { this.drawPictures(); }
  /** @param {import("./explain.js").Explanation} _explanation */
  said(_explanation) {}
  rested() {}
  /** Whether a value isn't shown, for the learner to find. @param {Grid} _grid @param {number} _flat */
  hides(_grid, _flat) { return false; }
  /** @param {string} array @param {number} index @param {number} value */
  change(array, index, value) { this.each("edit", { array, index, value }); }

  /** Another value of a control that the page must answer. @param {string} name @param {unknown} value */
  set(name, value) { this.act("set", { ...this.telling.open("set"), [name]: value }); }

  /** The page puts the cursor elsewhere when the scene is another: where one stands is told as a whole. */
  get news() { return this.standing; }

  // ---- moving ----

  /** Show another channel; what is chosen travels through all pictures. @param {string} cursor @param {number} channel */
  choose(cursor, channel, keep = false) {
    this.cursors[cursor] = channel;
    const kept = keep ? this.place : null;
    this.cell = null;
    this.redraw();
    if (kept) this.moveTo(kept);
    this.rested();
  }

  /** Where the chosen cell stands in its picture, for keeping the place when the channel changes. */
  get place() { return this.result?.whereIs(/** @type {number} */ (this.cell)) ?? null; }

  moveTo(/** @type {import("./grids.js").At} */ [row, column]) {
    const grid = this.result, [ph, pw] = grid.pad, [rows, columns] = grid.inner;
    if (row - ph >= rows || column - pw >= columns) return;
    this.cell = grid.flatOf(row - ph, column - pw);
    this.explain();
  }

  /** The pointer is over a place of a grid, or has left it. @param {Grid} grid @param {import("./grids.js").At|null} at */
  pointAt(grid, at) {
    if (fieldIn(this.host)) return;
    this.look(at && grid, at);
    if (grid.spec.result) {
      if (at) this.hover(grid, grid.entryAt(at));
    } else {
      if (at && grid.spec.leads) this.lead(grid, at);
      this.traceFrom(at && grid, at);
      this.hoverOperand(at && grid, at);
    }
  }

  /** @param {Grid|null} grid @param {import("./grids.js").At|null} at */
  look(grid, at) {
    this.looked = grid && at ? { grid, at } : null;
    this.magnify();
  }

  /** Lay the lens on what is looked at, else on what is read, if that is too small to be written out where it stands. */
  magnify() {
    const small = this.grids.filter((grid) => grid.numberless), { looked, lens } = this;
    lens.root.hidden = !small.length;
    this.host.classList.toggle("magnifying", small.length > 0);
    if (!small.length) return;
    this.shelf.after(lens.root);
    const read = small.find((grid) => grid.lit && !grid.spec.result) ?? small.find((grid) => grid.lit) ?? small[0];
    const grid = looked && small.includes(looked.grid) ? looked.grid : read;
    const [row, column] = looked?.grid === grid ? looked.at : grid.pad, area = looked?.grid === grid ? null : grid.lit;
    lens.show(grid, area ?? [row, column, row, column], this.meta.labels[grid.spec.role] ?? grid.spec.role);
  }

  /** Where an operand's number goes. @param {Grid|null} grid @param {import("./grids.js").At|null} at */
  traceFrom(grid, at) { this.tracing.from(grid, at); }

  /** @param {Grid} grid @param {number} flat */
  hover(grid, flat) {
    if (this.playing) this.stop_();
    if (this.locked || flat < 0 || (grid === this.result && flat === this.cell)) return;
    this.active = grid.spec.id;
    this.cell = flat;
    this.follow(grid);
    this.explain();
  }

  /** A column of a matrix of patches leads to the cell that its patch makes. @param {Grid} grid @param {import("./grids.js").At} at */
  lead(grid, [, column]) {
    const result = this.result, [, columns] = result.inner;
    if (this.locked || result.spec.view === "matrix") return;
    this.hover(result, result.flatOf(Math.floor(column / columns), column % columns));
  }

  /** A result that shows all channels at once takes the others along to the channel of the chosen cell. @param {Grid} grid */
  follow(grid) {
    const { chooses } = grid.spec;
    if (!chooses) return;
    const channel = Math.floor(/** @type {number} */ (this.cell) / grid.inner[1]);
    if (this.cursors[chooses] === channel) return;
    this.cursors[chooses] = channel;
    for (const other of this.grids) other.fill();
  }

  /** @param {Grid} grid @param {number} flat */
  lock(grid, flat) {
    const same = grid === this.result && flat === this.cell;
    this.locked = !(this.locked && same);
    this.active = grid.spec.id;
    this.cell = flat;
    this.follow(grid);
    this.explain();
    this.rested();
  }

  unfold() {
    this.unfolded = true;
    this.explain();
    this.rested();
  }

  /** A cell of an operand lights the terms that read it. @param {Grid|null} grid @param {import("./grids.js").At|null} at */
  hoverOperand(grid, at) {
    for (const chip of /** @type {NodeListOf<import("./shelf.js").ChipElement>} */ (this.shelf.querySelectorAll(".chip"))) {
      const hit = grid && chip.places?.some((place) => String(grid.placeIn(place)) === String(at));
      chip.classList.toggle("hot", Boolean(hit));
    }
    const found = grid && [.../** @type {NodeListOf<import("./shelf.js").ChipElement>} */ (this.shelf.querySelectorAll(".chip.hot"))][0];
    this.point(found ? /** @type {import("./rules.js").Place[]} */ (found.places) : []);
    if (grid && !found) grid.point(grid === this.keyed ? at : null);
  }

  /** Point at the places of one term. @param {import("./rules.js").Place[]} places */
  point(places) {
    for (const grid of this.grids) grid.point(places.map((place) => grid.placeIn(place)).find(Boolean) ?? null);
  }

  get result() {
    const results = this.grids.filter((grid) => grid.spec.result);
    return results.find((grid) => grid.spec.id === this.active) ?? results[0];
  }

  // ---- keys ----

  /** @param {KeyboardEvent} event */
  pressed(event) { return onBenchKey(this, event); }

  /** @param {HTMLElement} at */
  keysAt(at) { return benchKeys(this, at); }

  /** @param {Grid} grid @param {KeyboardEvent} event */
  gridKey(grid, event) { onGridKey(this, grid, event); }

  /** One cell on, within a result. @param {Grid} grid @param {number[]} by */
  walk(grid, by) {
    this.active = grid.spec.id;
    const [rows, columns] = grid.inner, shown = grid.whereIs(/** @type {number} */ (this.cell)), [ph, pw] = grid.pad;
    const [row, column] = shown ? [shown[0] - ph, shown[1] - pw] : [0, 0];
    this.cell = grid.flatOf(clamp(row + by[0], rows), clamp(column + by[1], columns));
    const now = grid.whereIs(this.cell);
    this.looked = now ? { grid, at: now } : null;
    this.follow(grid);
    this.explain();
    this.rested();
  }

  /** One cell on, within an operand: as if the pointer went there. @param {Grid} grid @param {number[]} by */
  walkOperand(grid, by) {
    const [rows, columns] = grid.inner, [ph, pw] = grid.pad;
    grid.here = [clamp(grid.here[0] - ph + by[0], rows) + ph, clamp(grid.here[1] - pw + by[1], columns) + pw];
    this.keyed = grid;
    this.pointAt(grid, grid.here);
    this.keyed = null;
  }

  // ---- playing ----

  /** The next cell of the result, row by row; false at the end. @param {number} by */
  advance(by) {
    const grid = this.result, [rows, columns] = grid.inner, [ph, pw] = grid.pad, shown = grid.whereIs(/** @type {number} */ (this.cell));
    const at = shown ? (shown[0] - ph) * columns + shown[1] - pw + by : 0;
    if (at < 0 || at >= rows * columns) return false;
    this.cell = grid.flatOf(Math.floor(at / columns), at % columns);
    this.explain();
    return true;
  }

  /** Whether there is nothing left to play. */
  get finished() {
    const grid = this.result, [rows, columns] = grid.inner;
    return this.cell === grid.flatOf(rows - 1, columns - 1);
  }

  begin() { this.cell = this.result.flatOf(0, 0); }

  step(/** @type {number} */ by) {
    this.stop_();
    this.locked = false;
    if (this.advance(by)) this.rested();
  }

  play() {
    if (this.playing) {
      this.stop_();
      return;
    }
    this.locked = false;
    if (this.finished) this.begin();
    this.explain();
    this.playing = true;
    this.timer = window.setInterval(() => {
      if (!this.advance(1)) this.stop_();
    }, this.still ? CALM_MS : this.pace[this.speed]);
    this.drawControls();
  }

  stop_() {
    if (!this.playing) return;
    super.stop_();
    this.rested();
  }

  // ---- changing numbers ----

  /** Type another value into a cell. @param {Grid} grid @param {number} flat @param {HTMLElement} cell */
  edit(grid, flat, cell) {
    if (this.playing) this.stop_();
    this.tracing.stop();
    askNumber(cell, grid.values[flat], this.meta.labels, (value) => this.change(grid.spec.array.replace("v:", ""), flat, value));
  }

  /** @param {import("./explain.js").Chip} chip @param {HTMLElement} element */
  editBias(chip, element) {
    const { array, flat } = chip.places[0];
    askNumber(element, this.arrays[array].data[flat], this.meta.labels, (value) => this.change(array, flat, value));
  }

  // ---- drawing ----

  /** @param {boolean} [again] @param {number} [tight] as layout.js counts it @param {number} [before] @returns {void} */
  drawPictures(again = false, tight = 0, before = Infinity) {
    this.pictures.classList.toggle("tight", tight > 0);
    const height = this.pictures.clientHeight;
    const focused = /** @type {HTMLElement|null|undefined} */ (this.root.activeElement?.closest?.("[data-grid]"))?.dataset.grid;
    const rows = this.scene.rows;
    this.looked = null;
    this.grids = rows.flat(2).filter((spec) => typeof spec === "object").map((spec) => makeGrid(spec, this));
    const sizes = layOut(this, rows, tight);
    const made = new Map(this.grids.map((grid) => [grid.spec, grid.build(sizes.of(grid))]));
    const lines = rows.map((specs) => specs.map((item) => (typeof item === "string" ? el("div", "between", item)
      : Array.isArray(item) ? el("div", "stack", ...item.map((spec) => /** @type {HTMLElement} */ (made.get(spec))))
        : /** @type {HTMLElement} */ (made.get(item)))));
    this.pictures.classList.toggle("rows", lines.length > 1);
    const standing = this.scene.align === "end", kind = standing ? "row standing" : "row";
    const pictures = lines.length > 1 || standing ? lines.map((line) => el("div", kind, ...line)) : lines[0];
    this.pictures.replaceChildren(this.scopes(), ...pictures);
    if (this.cell === null || !this.result.whereIs(this.cell)) this.cell = this.strongest();
    this.explain();
    // The shelf's height depends on what it says, and the pictures get what is left.
    if (!again && !this.narrow && Math.abs(this.pictures.clientHeight - height) > 8) {
      return this.drawPictures(true);
    }
    const next = this.narrow ? null : tighter(this.pictures, sizes.gives, tight, before);
    if (next) return this.drawPictures(true, ...next);
    if (focused)
      /** @type {HTMLElement|null} */ (this.pictures.querySelector(`[data-grid="${focused}"] .cells`))?.focus({ preventScroll: true });
  }

  scopes() {
    const labels = this.meta.labels, made = el("div", "scope");
    if (!this.grids.some((grid) => grid.spec.view === "map" && grid.spec.shape[0] > 1)) return made;
    made.append(labels.colour_range);
    for (const scope of ["map", "layer"]) {
      const choose = button("", "", () => {
        this.scope = scope;
        this.drawPictures();
        this.rested();
      }, labels[`scope_${scope}`]);
      choose.setAttribute("aria-pressed", String(scope === this.scope));
      made.append(choose);
    }
    return made;
  }

  /** What is explained at rest. */
  strongest() {
    const { start } = this.scene;
    if (start !== null && start !== undefined && this.result.whereIs(start)) return start;
    return strongestOf(this.result);
  }

  /** What is said about a cell. @param {Grid} grid @param {number} flat */
  explanation(grid, flat) { return explain(this, grid, flat, this.ways); }

  explain() {
    const grid = this.result;
    if (!grid) return;
    if (this.explained !== this.scene) this.shelf.style.minHeight = "";
    this.explained = this.scene;
    this.tracing.clear();
    for (const other of this.grids) {
      const { spec } = other;
      if (!spec.result && (spec.column || Object.values(spec.cursor).includes("Y"))) other.fill();
    }
    const explanation = this.explanation(grid, /** @type {number} */ (this.cell));
    this.framing = [];
    this.pictures.classList.remove("tracing");
    for (const other of this.grids) {
      other.point(null);
      if (other.spec.view === "lens")
        /** @type {Grid & {show: (chips: import("./explain.js").Chip[]) => void}} */ (other).show(explanation.chips);
      if (other.spec.result) {
        if (other.spec.array === grid.spec.array || other.spec.twin === grid.spec.id)
          other.select(/** @type {number} */ (this.cell), this.locked);
        else other.unselect();
        // A result may itself be read by another.
        if (other !== grid && explanation.reads.some((place) => place.array === other.spec.array)) other.light(explanation.reads);
      } else other.light(explanation.reads);
    }
    this.frame();
    this.magnify();
    drawShelf(this.shelf, this, explanation);
    this.said(explanation);
    // It may grow while one scene is looked at, but never jumps back under the pointer.
    const height = this.narrow ? "" : `${this.shelf.offsetHeight}px`;
    drawWire(this.pictures, this);
    this.shelf.style.minHeight = height;
  }

  /** Place the frames once all cells are lit: new cells that the page has seen unlit would fade, each by itself. */
  frame() {
    const places = /** @type {(() => void)[]} */ (this.framing);
    this.framing = null;
    for (const grid of this.grids) if (!grid.spots) grid.survey();
    for (const place of places) place();
  }
}

const clamp = (/** @type {number} */ value, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, value));
