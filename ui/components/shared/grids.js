// Pictures with their numbers in the cells: maps, kernels, flattened features, matrices, lines.
import { channelAt, channelRow } from "./channels.js";
import { numberSize, short } from "./cell_type.js";
import { colour, css, gradient, inkOn } from "./colours.js";
import { el } from "./dom.js";
import { addRow, sayRoles } from "./grid_roles.js";
import { format } from "./numbers.js";
import { placeOf, unravel } from "./rules.js";
import { limitOf } from "./thumbnail.js";

/** @typedef {import("./rules.js").Place} Place */
/** @typedef {import("./unpack.js").NdArray} NdArray */
/** What describes a grid: Grid of ui/figures/grids.py. `rule` is what its way reads: mostly a Rule, else the lesson's own.
 * @typedef {{id: string, role: string, name: string, array: string, view: string, shape: number[], cursor: Record<string, string>,
 *   ramp: import("./colours.js").Ramp, edit: boolean, result: boolean, fixed: boolean, leads: boolean, pad: number[], margin: number[],
 *   size: number, channels: boolean, groups?: import("./channels.js").Groups, places?: number[],
 *   turned: boolean, column: boolean, rule?: any, how?: string, symbol?: string, pick?: string,
 *   chooses?: string, limit?: number, decimals?: number, winners?: string, window?: import("./rules.js").Read, names?: string[],
 *   twin?: string, text?: string, rgb?: string, hide?: boolean, stamps?: boolean, axes?: string[], shows?: "left"|"product"}} Spec */
/** Grids, stacks of grids and the signs between them, side by side. @typedef {(Spec|string|Spec[])[]} Picture */
/** A grid that shows a pooling layer's winners. @typedef {Grid & {taken: NdArray, spec: {window: import("./rules.js").Read}}} Switches */
/** Row and column in a picture, padding counted. @typedef {number[]} At */
/** First row, first column, last row, last column. @typedef {number[]} Area */
/** Where an area lies, in pixels. @typedef {{left: number, top: number, width: number, height: number}} Lying */

/** One picture of a bench. It knows which entry of its array each cell shows; the bench tells it what to light. */
export class Grid {
  /**
   * @param {Spec} spec
   * @param {import("./bench.js").Bench} bench
   */
  constructor(spec, bench) {
    this.spec = spec;
    this.bench = bench;
    this.values = bench.arrays[spec.array].data;
    /** @type {import("./unpack.js").Numbers|undefined} */
    this.was = bench.arrays[`was:${spec.array}`]?.data;
    this.taken = spec.winners ? bench.arrays[spec.winners] : null;
    this.pad = spec.pad ?? [0, 0];
    /** @type {Area|null} what is lit */
    this.lit = null;
    /** @type {At} where the keyboard stands */
    this.here = [...this.pad];
    /** @type {Map<number, At>} by entry */
    this.byFlat = new Map();
    /** @type {Map<string, HTMLElement>} by place in the picture, padding too */
    this.byPlace = new Map();
    /** @type {Map<string, {left: number, top: number, right: number, bottom: number}>|null} where the cells lie */
    this.spots = null;
    /** Pixels of a cell, and whether that is no room for legible numbers: then the lens shows them. */
    this.px = 0;
    this.numberless = false;
    this.root = el("div", "grid");
    this.name = el("span", "");
    this.cells = el("div", "cells");
    this.window = el("div", "frame");
    this.pointer = el("div", "frame term");
    this.legendLine = el("div", "legend");
  }

  get bars() { return false; }
  /** Whether its cells are too many to be written out. */
  get drawn() { return false; }

  // ---- which entry stands where ----

  /** Rows and columns of the picture, padding included. */
  get extent() {
    const [rows, columns] = this.inner;
    return [rows + 2 * this.pad[0], columns + 2 * this.pad[1]];
  }

  /** How many flattened maps stand side by side: all of them, but on a phone as many as can be read. */
  get across() { return this.bench.narrow ? Math.min(8, this.spec.shape[0]) : this.spec.shape[0]; }

  /** Rows and columns that hold entries. @returns {number[]} */
  get inner() {
    const { view, shape } = this.spec;
    if (view === "flat") return [shape[1] * Math.ceil(shape[0] / this.across), this.across];
    if (view === "line") return [Math.ceil(shape[0] / 8), Math.min(8, shape[0])];
    return shape.slice(-2);
  }

  /** The value of one of this picture's cursors. @param {string} axis */
  at(axis) { return channelAt(this, axis); }

  /** The entry that a place in the picture shows, padding not counted. @param {number} row @param {number} column */
  flatOf(row, column) {
    const { view, shape } = this.spec;
    if (view === "map") return (this.at("c") * shape[1] + row) * shape[2] + column;
    if (view === "kernel") {
      const [, channels, height, width] = shape;
      const [a, b] = this.spec.turned ? [height - 1 - row, width - 1 - column] : [row, column];
      return ((this.at("k") * channels + this.at("c")) * height + a) * width + b;
    }
    if (view === "flat") {
      const map = Math.floor(row / shape[1]) * this.across + column;
      return (this.spec.cursor.row ? this.at("row") * shape[0] * shape[1] : 0) + map * shape[1] + (row % shape[1]);
    }
    return row * this.inner[1] + column;
  }

  /** The entry at a place in the picture, -1 in the padding. @param {At} at */
  entryAt([row, column]) {
    const r = row - this.pad[0], c = column - this.pad[1], [rows, columns] = this.inner;
    return r < 0 || c < 0 || r >= rows || c >= columns ? -1 : this.flatOf(r, c);
  }

  /** Where an entry is shown, or null. @param {number} flat @returns {At|null} */
  whereIs(flat) { return this.byFlat.get(flat) ?? null; }

  /** @param {At} at */
  has(at) { return this.byPlace.has(at.join(",")); }

  /** The place in the picture of something that a rule read, or null when it isn't shown. @param {Place} place */
  placeIn(place) {
    if (place.array !== this.spec.array) return null;
    if (place.flat >= 0) return this.whereIs(place.flat);
    if (this.spec.view !== "map") return null;
    const { at, view } = place, last = at.length;
    let channel = 0;
    for (let axis = 1; axis < last - 2; axis++) channel = channel * view[axis] + at[axis];
    if (channel !== this.at("c")) return null;
    const there = [at[last - 2] + this.pad[0], at[last - 1] + this.pad[1]];
    return this.has(there) ? there : null;
  }

  // ---- numbers and colours ----

  /** Decimals in the cells: enough that the largest number shows two digits. */
  get decimals() { return this.spec.decimals ?? (this.limit >= 0.1 ? 2 : this.limit >= 0.01 ? 3 : 4); }

  /** The end of the colour ramp: this map's own, the whole layer's, or a fixed one. */
  get limit() {
    const { spec, bench } = this;
    if (spec.limit) return spec.limit;
    if (spec.view === "map" && bench.scope === "map") {
      const size = spec.shape[1] * spec.shape[2], from = this.at("c") * size;
      const own = this.values.slice(from, from + size);
      let most = 0;
      for (const v of own) most = Math.max(most, Math.abs(v));
      if (most > 1e-5) return limitOf(own);
    }
    return limitOf(this.values);
  }

  title() {
    const { spec } = this;
    if (spec.view === "map") return spec.shape[0] > 1 ? `${spec.name}[${this.at("c")}]` : spec.name;
    if (spec.places) return `${spec.name}[${unravel(this.at("k"), spec.places).join(", ")}]`;
    if (spec.view === "kernel") return spec.shape[0] * spec.shape[1] > 1 ? `${spec.name}[${this.at("k")}, ${this.at("c")}]` : spec.name;
    if (spec.view === "flat" && spec.cursor.row) return `${spec.name}[${this.at("row")}]`;
    return spec.name;
  }

  // ---- building ----

  /** @param {number} size pixels of a cell */
  build(size) {
    const { spec, bench, root, cells } = this, labels = bench.meta.labels;
    root.classList.toggle("result", Boolean(spec.result));
    root.classList.toggle("is-bars", this.bars);
    root.dataset.grid = spec.id;
    this.name.textContent = this.title();
    root.append(el("div", "grid-head", el("b", "", labels[spec.role] ?? spec.role), this.name));
    if (spec.shape.length === 3 && spec.shape[0] > 1 && spec.channels !== false) root.append(channelRow(this));
    this.px = this.pixels(size);
    cells.style.setProperty("--c", `${this.px}px`);
    this.buildCells(cells);
    this.window.hidden = this.pointer.hidden = true;
    cells.append(this.window, this.pointer);
    root.append(cells, this.legendLine);
    this.listen(cells);
    this.fill();
    this.fitNumbers(this.px);
    return root;
  }

  /** Numbers as large as their cells have room for, or none. @param {number} width of a cell */
  fitNumbers(width) {
    const size = numberSize(this, width);
    this.numberless = this.cells.classList.toggle("numberless", !size);
    this.cells.style.setProperty("--number", `${size}px`);
  }
  /** @param {number} size pixels of a cell of size 1 */
  pixels(size) { return Math.floor(size * (this.spec.size ?? 1)); }

  /** @param {HTMLElement} cells */
  buildCells(cells) {
    const [rows, columns] = this.extent, [inRows, inColumns] = this.inner, [ph, pw] = this.pad, [mh, mw] = this.spec.margin ?? [0, 0];
    cells.style.gridTemplateColumns = `repeat(${columns}, ${this.px}px)`;
    for (let row = 0; row < rows; row++) {
      const line = addRow(cells);
      for (let column = 0; column < columns; column++) {
        const cell = el("div", "cell");
        cell.dataset.at = `${row},${column}`;
        const inside = row >= ph && column >= pw && row < inRows + ph && column < inColumns + pw;
        if (!inside) {
          cell.classList.add("pad");
          cell.textContent = "0";
        } else if (this.spec.view === "line" && this.flatOf(row, column) >= this.spec.shape[0]) continue;
        if (row < mh || column < mw || row >= rows - mh || column >= columns - mw) cell.classList.add("margin");
        this.byPlace.set(`${row},${column}`, cell);
        line.append(cell);
      }
    }
  }

  drawLegend() {
    const { spec, bench } = this;
    if ((spec.decimals === 0 && spec.limit) || spec.hide) {
      this.legendLine.replaceChildren("\u00a0");
      return;
    }
    const ramp = el("i"), end = format(this.limit, this.decimals);
    ramp.style.background = gradient(spec.ramp, bench.mode);
    this.legendLine.replaceChildren(...spec.ramp === "sequential" ? ["0", ramp, end] : [`−${end}`, ramp, `+${end}`]);
  }

  /** Write every cell's number and colour. */
  fill() {
    const [ph, pw] = this.pad, [rows, columns] = this.inner, { bench, limit, decimals } = this;
    this.spots = null;
    this.byFlat.clear();
    this.name.textContent = this.title();
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const cell = this.byPlace.get(`${row + ph},${column + pw}`);
        if (!cell) continue;
        const flat = this.flatOf(row, column), value = this.values[flat];
        this.byFlat.set(flat, [row + ph, column + pw]);
        this.markChange(cell, flat, value);
        cell.classList.toggle("hidden", bench.hides(this, flat)) ? cell.replaceChildren("?") : this.fillCell(cell, value, limit, decimals);
      }
    }
    this.drawLegend();
    if (this.taken) /** @type {Switches} */ (this).markWinners();
  }

  /** @param {HTMLElement} cell @param {number} flat @param {number} value */
  markChange(cell, flat, value) {
    const changed = this.was && Math.abs(this.was[flat] - value) > 1e-6;
    cell.classList.toggle("changed", Boolean(changed));
    cell.title = changed ? `${this.bench.meta.labels.was} ${format(/** @type {NdArray["data"]} */ (this.was)[flat], 3)}` : "";
  }

  /** @param {HTMLElement} cell @param {number} value @param {number} limit @param {number} decimals */
  fillCell(cell, value, limit, decimals) {
    const rgb = colour(value, limit, this.spec.ramp, this.bench.mode);
    cell.style.background = css(rgb);
    cell.style.color = value === 0 ? "var(--mute)" : inkOn(rgb);
    cell.textContent = short(value, decimals);
  }

  /** Outline the winner of each pooling window. @this {Switches} */
  markWinners() {
    const [, , height, width, kh, kw] = this.taken.shape, channel = this.at("c");
    for (const cell of this.byPlace.values()) cell.classList.remove("winner");
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        for (let t = 0; t < kh * kw; t++) {
          const flat = ((channel * height + i) * width + j) * kh * kw + t;
          if (!this.taken.data[flat]) continue;
          const [a, b] = unravel(t, [kh, kw]), place = /** @type {Place} */ (placeOf(this.spec.window, { n: 0, c: channel, i, j, a, b }));
          this.byPlace.get(String(this.whereIs(place.flat)))?.classList.add("winner");
        }
      }
    }
  }

  // ---- the pointer ----

  /** The place under a pointer event, or null. @param {MouseEvent} event @returns {At|null} */
  under(event) {
    const cell = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest?.("[data-at]"));
    return cell ? /** @type {string} */ (cell.dataset.at).split(",").map(Number) : null;
  }

  /** @param {HTMLElement} cells */
  listen(cells) {
    const { bench, spec } = this;
    cells.onpointermove = (event) => {
      const at = this.under(event);
      if (at) bench.pointAt(this, at);
    };
    cells.onpointerleave = () => bench.pointAt(this, null);
    cells.onclick = (event) => {
      const at = this.under(event);
      if (!at || /** @type {Element} */ (event.target).closest("input")) return;
      const flat = this.entryAt(at);
      if (flat < 0) return;
      if (spec.pick) bench.choose(spec.pick, flat);
      else if (spec.edit) bench.edit(this, flat, /** @type {HTMLElement} */ (this.byPlace.get(at.join(","))));
      else if (spec.result) bench.lock(this, flat);
    };
    if (spec.edit) cells.classList.add("editable");
    if (!spec.result && !spec.edit && !spec.leads) return;
    cells.tabIndex = 0;
    sayRoles(cells, this.drawn);
    cells.setAttribute("aria-label", `${bench.meta.labels[spec.role] ?? spec.role} ${this.title()}. ${bench.meta.labels.grid_keys}`);
    cells.onkeydown = (event) => bench.gridKey(this, event);
    if (!spec.result) cells.onblur = () => bench.pointAt(this, null);
  }

  // ---- what is lit ----

  /**
   * Light the places that the chosen cell reads, dim the rest, and frame them.
   * @param {Place[]} places
   */
  light(places) {
    const lit = new Set();
    /** @type {Area|null} */
    let area = null;
    for (const place of places) {
      const at = this.placeIn(place);
      if (!at) continue;
      lit.add(at.join(","));
      area = area ? [Math.min(area[0], at[0]), Math.min(area[1], at[1]), Math.max(area[2], at[0]), Math.max(area[3], at[1])]
        : [...at, ...at];
    }
    this.dimAllBut(lit);
    this.lit = area;
    // A frame says "this window"; scattered places (several windows, all classes) are only lit, each by itself.
    const whole = area && lit.size === (area[2] - area[0] + 1) * (area[3] - area[1] + 1);
    this.frameAround(this.window, whole && lit.size < this.byPlace.size || lit.size === 1 ? area : null);
    this.cells.classList.toggle("scattered", this.window.hidden && lit.size < this.byPlace.size);
  }

  /** @param {Set<string>} lit */
  dimAllBut(lit) {
    this.cells.classList.add("active");
    for (const [at, cell] of this.byPlace) cell.classList.toggle("on", lit.has(at));
  }

  /** Frame the chosen cell of a result. @param {number} flat @param {boolean} locked */
  select(flat, locked) {
    const at = this.whereIs(flat);
    this.lit = at ? [...at, ...at] : null;
    this.cells.classList.remove("active", "scattered");
    this.frameAround(this.window, this.lit);
    this.window.classList.toggle("locked", locked);
  }

  unselect() {
    this.cells.classList.remove("active", "scattered");
    this.window.hidden = true;
    this.lit = null;
  }

  /** Point at one place, as a term's twin. @param {At|null} at */
  point(at) { this.frameAround(this.pointer, at ? [...at, ...at] : null); }

  /** Take down where the cells lie, all at once: asked one by one, they make the page lay itself out again and again. */
  survey() {
    this.spots = new Map();
    for (const [at, cell] of this.byPlace) {
      const left = cell.offsetLeft, top = cell.offsetTop;
      this.spots.set(at, { left, top, right: left + cell.offsetWidth, bottom: top + cell.offsetHeight });
    }
    return this.spots;
  }

  /** Where an area lies inside the cells' element. @param {Area} area @returns {Lying|null} */
  box([r0, c0, r1, c1]) {
    const spots = this.spots ?? this.survey(), first = spots.get(`${r0},${c0}`), last = spots.get(`${r1},${c1}`);
    if (!first || !last) return null;
    return { left: first.left, top: first.top, width: last.right - first.left, height: last.bottom - first.top };
  }

  /** @param {HTMLElement} frame @param {Area|null} area */
  frameAround(frame, area) {
    frame.hidden = !(area && this.has(area.slice(0, 2)) && this.has(area.slice(2)));
    if (frame.hidden) return;
    const { framing } = this.bench, place = () => this.place(frame, /** @type {Area} */ (area));
    if (framing) framing.push(place);
    else place();
  }

  /** @param {HTMLElement} frame @param {Area} area */
  place(frame, area) {
    const box = /** @type {Lying} */ (this.box(area));
    frame.style.left = `${box.left - 2}px`;
    frame.style.top = `${box.top - 2}px`;
    frame.style.width = `${box.width + 4}px`;
    frame.style.height = `${box.height + 4}px`;
  }
}
