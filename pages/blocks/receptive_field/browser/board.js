// Receptive field: a stack of windows, one chosen unit, its field on every map before it and after it.
import { Board, boardOf } from "shared/board.js";
import { THEME, colour, css } from "shared/colours.js";
import { button, el } from "shared/dom.js";
import { heads } from "./editing.js";
import { Column, Grid, Photo, drawWires, ramp } from "./maps.js";
import { drawPanel } from "./panel.js";
import { drawSay } from "./say.js";
import { drawTable, markRow } from "./table.js";
import { extent, reach, waysAbove, waysBelow } from "./ways.js";

const STEP_MS = 1100, CALM_MS = 2600, LARGEST = 34, SMALLEST = 6, MANY = 6;
/** Above and below the maps, in em. */
const AIR = 3;
/** As wide as the word for a kind of layer, in the height of its type. */
const TIGHT = 2.3;

/** One layer, as picture.py describes it.
 * @typedef {{name: string, units: number, size: number, jump: number, first: number, start: number, weights: string}} Level */
/** A place on a map: its layer (0 is the image), row and column. @typedef {{level: number, i: number, j: number}} Unit */
/** The rows and columns that a field spans. @typedef {{rows: [number, number], columns: [number, number]}} Box */

/** @param {Iterable<HTMLElement>} parts */
const widths = (parts) => [...parts].map((part) => part.offsetWidth);

export class ReceptiveField extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** The unit whose field is shown. @type {Unit} */
    this.unit = { level: 0, i: 0, j: 0 };
    this.locked = false;
    /** Where the unit stood when it was last taken or told. */
    this.placed = "";
    /** Changes of the stack that wait until the one before is answered. @type {Record<string, unknown>[]} */
    this.edits = [];
    /** Of what the pictures are drawn. */
    this.looks = "";
    /** The unit and the picture that the panel shows. */
    this.panelKey = "";
    /** The middle's shares, for the sentence. @type {Record<string, string>} */
    this.shares = {};
    /** Units from side to side, of the image and of every layer. @type {number[]} */
    this.sizes = [];
    /** @type {(Grid|Photo|Column)[]} */
    this.views = [];
    /** The ways along the rows and along the columns of every map. @type {Float64Array[]} */
    this.rows = [];
    /** @type {Float64Array[]} */
    this.columns = [];
    /** @type {(Box|null)[]} */
    this.boxes = [];
    /** @type {HTMLElement[]} */
    this.tableRows = [];
    this.scroll = el("div");
    this.formula = el("div", "formula");
    this.tableBox = el("div", "table");
    this.panel = el("div", "panel");
    this.words.append(this.formula, this.controls);
    this.shelf.append(this.tableBox, this.panel);
    host.replaceChildren(this.words, el("section", "right", this.pictures, this.shelf));
    // The funnels end where the maps stand, and these move when the shelf beneath them grows or shrinks.
    this.moved = new ResizeObserver(() => { if (this.views.length) this.wire(); });
    this.moved.observe(this.pictures);
  }

  leave() {
    super.leave();
    this.moved.disconnect();
  }

  /** @param {Record<string, any>} state */
  take({ unit, held }) {
    super.take({ unit, held });
    const [level, i, j] = this.meta.unit;
    this.stop_();
    this.unit = { level, i, j };
    this.locked = held;
    this.placed = this.spot;
  }

  /** @param {Uint8Array} data @param {import("shared/board.js").Trigger} trigger */
  receive(data, trigger) {
    super.receive(data, trigger);
    this.tellNext();
  }

  /** @param {number} level @returns {string} */
  nameOf(level) { return level ? this.meta.levels[level].name : this.labels.image; }

  // ---- choosing a unit ----

  get spot() { return JSON.stringify([this.unit, this.locked]); }
  get at() { return this.unit.level; }
  get last() { return this.sizes.length - 1; }

  /** @param {number} level @param {number} i @param {number} j */
  choose(level, i, j) {
    this.unit = { level, i, j };
    this.update();
  }

  /** @param {number} level @param {number} i @param {number} j */
  isAt(level, i, j) { return this.unit.level === level && this.unit.i === i && this.unit.j === j; }

  /** @param {number} level @param {number} i @param {number} j */
  hover(level, i, j) {
    if (this.locked || this.isAt(level, i, j)) return;
    this.stop_();
    this.choose(level, i, j);
  }

  /** @param {number} level @param {number} i @param {number} j */
  lock(level, i, j) {
    this.stop_();
    this.locked = !(this.locked && this.isAt(level, i, j));
    this.choose(level, i, j);
    this.tellNow();
  }

  release() {
    this.stop_();
    this.locked = false;
    this.update();
    this.tellNow();
  }

  /** @param {number} level @param {number} down @param {number} right */
  walk(level, down, right) {
    this.stop_();
    const from = this.unit.level === level ? this.unit : this.nearest(level);
    const inside = (/** @type {number} */ at) => Math.max(0, Math.min(this.sizes[level] - 1, at));
    this.choose(level, inside(from.i + down), inside(from.j + right));
    this.tell();
  }

  /** Show a layer: its unit that stands nearest to where the present one looks. @param {number} to */
  show(to) {
    const level = Math.max(0, Math.min(this.last, to)), { i, j } = this.nearest(level);
    this.choose(level, i, j);
  }

  /** @param {number} level */
  go(level) {
    this.stop_();
    this.show(level);
    this.tell();
  }

  /** @param {number} level */
  nearest(level) {
    const from = this.meta.levels[this.unit.level], to = this.meta.levels[level], most = this.sizes[level] - 1;
    const near = (/** @type {number} */ at) => Math.max(0, Math.min(most, Math.round((from.start + at * from.jump - to.start) / to.jump)));
    return { i: near(this.unit.i), j: near(this.unit.j) };
  }

  /** The column of a layer seen from the side that looks where the present unit looks. @param {number} level */
  across(level) { return level === this.unit.level ? this.unit.j : this.nearest(level).j; }

  // ---- what the page is told ----

  tell() {
    this.put();
    super.tell();
  }

  /** A unit that is held is measured: no reason to wait. */
  tellNow() {
    this.put();
    this.resting.soon(0);
  }

  put() {
    const { level, i, j } = this.unit;
    Object.assign(this.state, { unit: [level, i, j].join("."), held: this.locked });
    this.placed = this.spot;
  }

  /** The unit may be one that was only pointed at. */
  tellAll() {
    if (this.spot !== this.placed) this.put();
    return super.tellAll();
  }

  /** Change the stack. Each change means the stack that the one before has made. @param {Record<string, unknown>} edit */
  edit(edit) {
    this.edits.push(edit);
    this.tellNext();
  }

  tellNext() { if (this.edits.length && this.telling.idle()) this.act("edit", this.edits.shift()); }

  // ---- playing ----

  play() {
    const middle = Math.floor((this.sizes[0] - 1) / 2);
    this.locked = false;
    if (this.at === this.last) this.choose(0, middle, middle);
    this.playing = true;
    this.timer = window.setInterval(() => {
      this.show(this.at + 1);
      if (this.at === this.last) this.stop_();
    }, this.still ? CALM_MS : STEP_MS);
    this.drawControls();
  }

  // ---- drawing ----

  get walks() { return false; }

  /** @param {string} classes @param {string} label @param {() => void} click @param {...(Node|string)} inside */
  button(classes, label, click, ...inside) {
    const made = button(classes, label, click, ...inside);
    made.title = label;
    made.dataset.focus = `${classes}:${label}`;
    return made;
  }

  /** A field that was measured is no other stack: what stands there stays, with what is being typed into it. */
  redraw() {
    const { version, heard, state, unit, ...seen } = this.meta, looks = JSON.stringify([seen, this.mode, this.host.clientWidth]);
    if (looks === this.looks) {
      this.update();
      return;
    }
    this.looks = looks;
    const at = /** @type {HTMLInputElement|null} */ (this.root.activeElement), { focus, told } = at?.dataset ?? {};
    const typed = told !== undefined && at?.value !== told ? at?.value : undefined;
    super.redraw();
    if (!focus) return;
    const again = /** @type {HTMLInputElement|null} */ (this.root.querySelector(`[data-focus="${focus}"]`));
    again?.focus({ preventScroll: true });
    if (again && typed !== undefined) again.value = typed;
  }

  drawControls() {
    const { labels } = this, focused = /** @type {HTMLElement|null} */ (this.root.activeElement)?.dataset.focus;
    const play = this.playing ? () => this.stop_() : () => this.play(), word = this.playing ? labels.pause : labels.play;
    this.controls.replaceChildren(
      this.button("round", labels.shallower, () => this.go(this.at - 1), "‹"),
      this.button(`round play${this.playing ? " on" : ""}`, word, play, el("i", this.playing ? "two" : "one")),
      this.button("round", labels.deeper, () => this.go(this.at + 1), "›"),
      el("span", "hint", this.narrow ? labels.tap : labels.hover),
    );
    if (focused) /** @type {HTMLElement|null} */ (this.controls.querySelector(`[data-focus="${focused}"]`))?.focus({ preventScroll: true });
  }

  draw() {
    this.sizes = this.meta.levels.map((/** @type {Level} */ level) => level.units);
    this.host.classList.toggle("schematic", this.meta.schematic);
    this.host.classList.toggle("dense", this.sizes.length >= MANY);
    this.panelKey = "";
    this.host.style.removeProperty("--spare");
    this.host.style.setProperty("--ramp", ramp(this.mode));
    this.host.style.setProperty("--ramp-end", css(colour(1, 1, "sequential", this.mode)));
    drawTable(this);
    this.meta.schematic ? this.drawSchematic() : this.drawGrids();
  }

  drawGrids() {
    const views = this.sizes.map((_, level) => new Grid(level, this)), top = heads(this);
    const em = parseFloat(getComputedStyle(this.host).fontSize);
    const parts = views.map((view, level) => {
      const body = el("div", "map");
      return { view, body, column: el("div", "level", top.head(level), body, el("div", "ways")) };
    });
    this.pictures.replaceChildren(...parts.flatMap(({ column }, level) => [column, top.gap(level)]));
    const gaps = widths(this.pictures.querySelectorAll(".gap")).reduce((sum, gap) => sum + gap, 0);
    const titles = widths(this.pictures.querySelectorAll(".top")), beside = getComputedStyle(parts[0].column);
    const margin = 2 * parseFloat(beside.marginLeft) * views.length;
    const room = this.pictures.clientWidth - 2.5 * em - gaps - margin, tall = this.pictures.clientHeight - 8.7 * em;
    const widest = Math.max(...views.map((view) => view.across));
    const taken = (/** @type {number} */ size) => views.reduce((sum, view, level) => sum + Math.max(view.across * size, titles[level]), 0);
    let cell = Math.floor(Math.min((LARGEST * em) / 15, this.narrow ? (this.width - 4 * em) / Math.max(widest, 12) : tall / widest));
    while (!this.narrow && cell > SMALLEST && taken(cell) > room) cell -= 1;
    cell = Math.max(SMALLEST, cell);
    for (const { view, body } of parts) body.append(this.named(view.build(cell), view.level));
    this.views = views;
    if (this.narrow || this.meta.present) return;
    // Where the width leaves the maps no more height, the board is lower, rather than blank above and below them.
    const high = Math.max(...parts.map(({ column }) => column.offsetHeight)) + AIR * em;
    this.host.style.setProperty("--spare", `${Math.max(0, Math.floor(this.pictures.clientHeight - high))}px`);
  }

  drawSchematic() {
    const em = parseFloat(getComputedStyle(this.host).fontSize), { narrow, labels } = this;
    this.pictures.replaceChildren();
    const room = this.pictures.clientWidth - 2.4 * em, tall = this.pictures.clientHeight - 7.2 * em;
    const side = Math.floor(narrow ? Math.min(room, 19 * em) : Math.min(tall, room * 0.36));
    const step = Math.floor((narrow ? room : room - side - 2 * em) / this.last);
    // Where a layer's kind has no room beside the next one's, its number stands alone.
    this.host.classList.toggle("tight", step < TIGHT * THEME.pixels[this.meta.present ? "presenter_finest" : "finest"]);
    const width = Math.max(7, Math.min(3.4 * em, Math.floor(step * (narrow ? 0.8 : 0.62))));
    const made = this.sizes.map((_, level) => {
      const view = level ? new Column(level, this, width) : new Photo(this), canvas = this.named(view.build(side), level);
      const [, kind, number] = /** @type {RegExpExecArray} */ (/^(\D*)(.*)$/.exec(this.nameOf(level))), field = this.meta.levels[level];
      const name = level ? [el("small", "", kind), el("b", "", number)] : [el("b", "", labels.input), el("span", "", this.nameOf(0))];
      const [r, jump] = level ? [field.size, field.jump] : ["r", "jump"], ways = [el("b", "", String(r)), el("small", "", String(jump))];
      const column = el("div", "level", el("div", "level-head", ...name), el("div", "map", canvas), el("div", "ways", ...ways));
      if (level) column.style.width = `${step}px`;
      column.dataset.at = String(level);
      return { view, column };
    });
    this.views = made.map(({ view }) => view);
    this.pictures.replaceChildren(...made.map(({ column }) => column));
  }

  /** @param {HTMLCanvasElement} canvas @param {number} level */
  named(canvas, level) {
    const { units } = this.meta.levels[level];
    canvas.setAttribute("aria-label", `${this.nameOf(level)}, ${units}×${units}. ${this.labels.keys}`);
    canvas.dataset.focus = `map:${level}`;
    return canvas;
  }

  /** Light the field of the chosen unit on every map. */
  update() {
    const { meta: { windows, schematic }, sizes, unit: { level, i, j }, views, locked } = this;
    [this.rows, this.columns] = [i, j].map((at) => {
      return [...waysBelow(windows, sizes, level, at), ...waysAbove(windows, sizes, level, at).slice(1)];
    });
    const down = reach(windows, level, i), right = reach(windows, level, j);
    this.boxes = sizes.map((_, l) => {
      const rows = l <= level ? down[l] : extent(this.rows[l]), columns = l <= level ? right[l] : extent(this.columns[l]);
      return rows && columns ? { rows, columns } : null;
    });
    views.forEach((view, l) => {
      view.paint({ rows: this.rows[l], columns: this.columns[l], box: this.boxes[l], here: l === level, locked });
      const column = /** @type {HTMLElement} */ (view.canvas.closest(".level"));
      const most = Math.max(...this.rows[l]) * Math.max(...this.columns[l]);
      column.classList.toggle("here", l === level);
      if (!schematic) column.querySelector(".ways")?.replaceChildren(...this.legend(l === level ? 0 : most));
    });
    markRow(this, level);
    drawPanel(this);
    drawSay(this);
    this.wire();
    Object.assign(this.host.dataset, { unit: [level, i, j].join(), locked: String(locked) });
  }

  /** The funnels from map to map; on a phone the maps stand beneath each other. */
  wire() {
    const edges = this.views.map((view, level) => {
      const box = this.boxes[level];
      return box && view.edges(box);
    });
    drawWires(this.pictures, this.narrow && !this.meta.schematic ? [] : edges);
  }

  /** @param {number} most */
  legend(most) {
    const { labels } = this;
    if (!most) return [el("span", "", "\u00a0")];
    if (most === 1) return [el("i", "ramp one"), el("span", "", `1 ${labels.way}`)];
    return [el("span", "", "1"), el("i", "ramp"), el("span", "", `${most < 1e5 ? most : most.toExponential(1)} ${labels.ways}`)];
  }
}

export default boardOf(ReceptiveField);
