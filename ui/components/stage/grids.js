// Pictures with their numbers in the cells: maps, kernels, flattened features, bars.
import { colour, css, gradient, inkOn } from "../shared/colours.js";
import { format } from "../shared/numbers.js";
import { button, el } from "./dom.js";
import { placeOf, unravel } from "./rules.js";

/** @typedef {import("./rules.js").Place} Place */
/** @typedef {{cell: HTMLElement, flat: number, row: number, column: number}} Cell */

/**
 * A small picture of an array: one pixel a number.
 * @param {ArrayLike<number>} values
 * @param {number} height
 * @param {number} width
 * @param {number} limit
 * @param {"diverging"|"sequential"} ramp
 * @param {"light"|"dark"} mode
 */
export function thumbnail(values, height, width, limit, ramp, mode) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas"));
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  for (let i = 0; i < height * width; i++) image.data.set([...colour(values[i], limit, ramp, mode), 255], 4 * i);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The largest absolute value, for the end of a colour ramp. @param {ArrayLike<number>} values */
export function limitOf(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
  return most > 1e-9 && Number.isFinite(most) ? most : 1;
}

/** One picture of the stage. It knows which entry of its array each cell shows; the stage tells it what to light. */
export class Grid {
  /**
   * @param {any} spec a grid of ui/figures/journey.py
   * @param {any} stage
   */
  constructor(spec, stage) {
    this.spec = spec;
    this.stage = stage;
    this.values = stage.arrays[spec.array].data;
    this.was = stage.arrays[`was:${spec.array}`]?.data;
    this.taken = spec.winners ? stage.arrays[spec.winners] : null;
    this.pad = spec.pad ?? [0, 0];
    /** @type {Map<number, Cell>} by entry */
    this.byFlat = new Map();
    /** @type {Map<string, HTMLElement>} by place in the picture, padding too */
    this.byPlace = new Map();
  }

  get bars() { return this.spec.view === "bars"; }

  /** Rows and columns of the picture, padding included. */
  get extent() {
    const [rows, columns] = this.inner;
    return [rows + 2 * this.pad[0], columns + 2 * this.pad[1]];
  }

  /** How many flattened maps stand side by side: all of them, but on a phone as many as can be read. */
  get across() { return this.stage.narrow ? Math.min(8, this.spec.shape[0]) : this.spec.shape[0]; }

  /** Rows and columns that hold entries. */
  get inner() {
    const { view, shape } = this.spec;
    if (view === "map" || view === "kernel") return shape.slice(-2);
    if (view === "flat") return [shape[1] * Math.ceil(shape[0] / this.across), this.across];
    if (view === "line") return [Math.ceil(shape[0] / 8), Math.min(8, shape[0])];
    return [shape[0], 1];
  }

  /** Decimals in the cells: enough that the largest number shows two digits. */
  get decimals() { return this.spec.decimals ?? (this.limit >= 0.1 ? 2 : this.limit >= 0.01 ? 3 : 4); }

  /** The value of one of this picture's cursors. @param {string} axis */
  at(axis) {
    const cursor = this.spec.cursor[axis];
    return cursor === "Y" ? this.stage.cell ?? 0 : this.stage.cursors[cursor] ?? 0;
  }

  /** The entry that a place in the picture shows. @param {number} row @param {number} column */
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
    if (view === "line") return row * this.inner[1] + column;
    if (this.spec.column) return row * (this.values.length / shape[0]) + (this.stage.cell ?? 0);
    return row;
  }

  /** The place in the picture of something that a rule read, or null when it isn't shown. @param {Place} place */
  placeIn(place) {
    if (place.array !== this.spec.array) return null;
    if (place.flat >= 0) {
      const shown = this.byFlat.get(place.flat);
      return shown ? [shown.row, shown.column] : null;
    }
    if (this.spec.view !== "map") return null;
    const at = place.at, view = place.view, last = at.length;
    let channel = 0;
    for (let axis = 1; axis < last - 2; axis++) channel = channel * view[axis] + at[axis];
    if (channel !== this.at("c")) return null;
    const row = at[last - 2] + this.pad[0], column = at[last - 1] + this.pad[1];
    return this.byPlace.has(`${row},${column}`) ? [row, column] : null;
  }

  /** The end of the colour ramp: this map's own, the whole layer's, or a fixed one. */
  get limit() {
    const { spec, stage } = this;
    if (spec.limit) return spec.limit;
    if (spec.view === "map" && stage.scope === "map") {
      const size = spec.shape[1] * spec.shape[2], from = this.at("c") * size;
      const own = this.values.slice(from, from + size);
      let most = 0;
      for (const v of own) most = Math.max(most, Math.abs(v));
      if (most > 1e-5) return limitOf(own);
    }
    return limitOf(this.values);
  }

  /** @param {number} size pixels of a cell */
  build(size) {
    const { spec, stage } = this, text = stage.meta.labels;
    const root = el("div", `grid${spec.result ? " result" : ""}${this.bars ? " is-bars" : ""}`);
    root.dataset.grid = spec.id;
    this.root = root;
    this.name = el("span", "", this.title());
    root.append(el("div", "grid-head", el("b", "", text[spec.role] ?? spec.role), this.name));
    if (spec.view === "map" && spec.shape[0] > 1 && spec.channels !== false) root.append(this.channels());
    const cells = el("div", "cells");
    this.cells = cells;
    const px = Math.floor(size * (spec.size ?? 1));
    cells.style.setProperty("--c", `${px}px`);
    if (this.bars) this.buildBars(cells);
    else this.buildCells(cells, px);
    this.window = el("div", "frame");
    this.pointer = el("div", "frame term");
    this.window.hidden = this.pointer.hidden = true;
    cells.append(this.window, this.pointer);
    root.append(cells, this.legend());
    this.listen(cells);
    this.fill();
    return root;
  }

  title() {
    const { spec } = this;
    if (spec.view === "map") return spec.shape[0] > 1 ? `${spec.name}[${this.at("c")}]` : spec.name;
    if (spec.view === "kernel") return `${spec.name}[${this.at("k")}, ${this.at("c")}]`;
    if (spec.view === "flat" && spec.cursor.row) return `${spec.name}[${this.at("row")}]`;
    if (spec.column) return `${spec.name.replace("j", String(this.stage.cell ?? 0))}`;
    return spec.name;
  }

  channels() {
    const { spec, stage } = this, [count, height, width] = spec.shape, size = height * width;
    const row = el("div", "channels"), limit = limitOf(this.values), cursor = spec.cursor.c;
    for (let c = 0; c < count; c++) {
      const picture = thumbnail(this.values.slice(c * size, (c + 1) * size), height, width, limit, spec.ramp, stage.mode);
      const choose = button("", `${spec.name}[${c}]`, () => stage.choose(cursor, c), picture);
      choose.setAttribute("aria-pressed", String(c === this.at("c")));
      row.append(choose);
    }
    return row;
  }

  /** @param {HTMLElement} cells @param {number} px */
  buildCells(cells, px) {
    const [rows, columns] = this.extent, [inRows, inColumns] = this.inner, [ph, pw] = this.pad;
    cells.style.gridTemplateColumns = `repeat(${columns}, ${px}px)`;
    cells.classList.toggle("large", px > 44);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const cell = el("div", "cell");
        cell.dataset.at = `${row},${column}`;
        const inside = row >= ph && column >= pw && row < inRows + ph && column < inColumns + pw;
        if (!inside) {
          cell.classList.add("pad");
          cell.textContent = "0";
        } else if (this.spec.view === "line" && this.flatOf(row, column) >= this.spec.shape[0]) continue;
        this.byPlace.set(`${row},${column}`, cell);
        cells.append(cell);
      }
    }
  }

  /** @param {HTMLElement} cells */
  buildBars(cells) {
    const target = this.stage.meta.target;
    this.signed = this.spec.ramp === "diverging";
    for (let k = 0; k < this.spec.shape[0]; k++) {
      const rail = el("div", "rail", el("i"));
      rail.style.setProperty("--zero", this.signed ? "50%" : "0%");
      const bar = el("div", `bar cell${k === target ? " target" : ""}`, el("span", "", String(k)), rail, el("span"));
      bar.dataset.at = `${k},0`;
      this.byPlace.set(`${k},0`, bar);
      cells.append(bar);
    }
  }

  legend() {
    const { spec, stage } = this;
    if (spec.decimals === 0) return el("div", "legend", "\u00a0");
    const ramp = el("i");
    ramp.style.background = gradient(spec.ramp, stage.mode);
    const end = format(this.limit, this.decimals);
    return spec.ramp === "sequential" ? el("div", "legend", "0", ramp, end) : el("div", "legend", `−${end}`, ramp, `+${end}`);
  }

  /** Write every cell's number and colour. */
  fill() {
    const [ph, pw] = this.pad, [rows, columns] = this.inner, limit = this.limit, mode = this.stage.mode, decimals = this.decimals;
    this.cells.classList.toggle("long", decimals > 2 && !this.bars);
    this.byFlat.clear();
    if (this.name) this.name.textContent = this.title();
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const cell = this.byPlace.get(`${row + ph},${column + pw}`);
        if (!cell) continue;
        const flat = this.flatOf(row, column), value = this.values[flat];
        this.byFlat.set(flat, { cell, flat, row: row + ph, column: column + pw });
        const changed = this.was && Math.abs(this.was[flat] - value) > 1e-6;
        cell.classList.toggle("changed", Boolean(changed));
        cell.title = changed ? `${this.stage.meta.labels.was} ${format(this.was[flat], 3)}` : "";
        if (this.bars) this.fillBar(cell, value, limit);
        else {
          const rgb = colour(value, limit, this.spec.ramp, mode);
          cell.style.background = css(rgb);
          cell.style.color = value === 0 ? "var(--mute)" : inkOn(rgb);
          cell.textContent = format(value, decimals);
        }
      }
    }
    if (this.taken) this.markWinners();
  }

  /** @param {HTMLElement} bar @param {number} value @param {number} limit */
  fillBar(bar, value, limit) {
    const fill = /** @type {HTMLElement} */ (bar.querySelector("i"));
    const share = Math.min(1, Math.abs(value) / limit) * (this.signed ? 50 : 100);
    const shown = this.signed ? Math.sign(value) * Math.max(Math.abs(value), 0.45 * limit) : Math.max(value, 0.55 * limit);
    fill.style.width = `${Math.max(share, 0.8)}%`;
    fill.style.left = `${this.signed ? (value < 0 ? 50 - share : 50) : 0}%`;
    fill.style.background = css(colour(shown, limit, this.spec.ramp, this.stage.mode));
    bar.lastElementChild.textContent = format(value, this.decimals);
  }

  /** Outline the winner of each pooling window. */
  markWinners() {
    const [, , height, width, kh, kw] = this.taken.shape, channel = this.at("c");
    for (const cell of this.byPlace.values()) cell.classList.remove("winner");
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        for (let t = 0; t < kh * kw; t++) {
          const flat = ((channel * height + i) * width + j) * kh * kw + t;
          if (!this.taken.data[flat]) continue;
          const [a, b] = unravel(t, [kh, kw]);
          const place = placeOf(this.spec.window, { n: 0, c: channel, i, j, a, b });
          this.byFlat.get(place.flat)?.cell.classList.add("winner");
        }
      }
    }
  }

  /** @param {HTMLElement} cells */
  listen(cells) {
    const { stage, spec } = this;
    const under = (event) => {
      const cell = event.target.closest?.("[data-at]");
      return cell ? cell.dataset.at.split(",").map(Number) : null;
    };
    const flatAt = ([row, column]) => {
      const r = row - this.pad[0], c = column - this.pad[1], [rows, columns] = this.inner;
      return r < 0 || c < 0 || r >= rows || c >= columns ? -1 : this.flatOf(r, c);
    };
    cells.onpointermove = (event) => {
      const at = under(event);
      if (!at) return;
      if (spec.result) stage.hover(this, flatAt(at));
      else stage.hoverOperand(this, at);
    };
    cells.onpointerleave = () => { if (!spec.result) stage.hoverOperand(null); };
    cells.onclick = (event) => {
      const at = under(event);
      if (!at || event.target.closest("input")) return;
      const flat = flatAt(at);
      if (flat < 0) return;
      if (spec.pick) stage.choose(spec.pick, flat);
      else if (spec.edit) stage.edit(this, flat, this.byPlace.get(at.join(",")));
      else if (spec.result) stage.lock(this, flat);
    };
    if (spec.edit) cells.classList.add("editable");
    if (!spec.result && !spec.edit) return;
    cells.tabIndex = 0;
    cells.setAttribute("role", "grid");
    cells.setAttribute("aria-label", `${stage.meta.labels[spec.role] ?? spec.role} ${this.title()}. ${stage.meta.labels.grid_keys}`);
    cells.onkeydown = (event) => stage.gridKey(this, event);
  }

  /**
   * Light the places that the chosen cell reads, dim the rest, and frame them.
   * @param {Place[]} places
   */
  light(places) {
    const lit = new Set();
    let frame = null;
    for (const place of places) {
      const at = this.placeIn(place);
      if (!at) continue;
      lit.add(at.join(","));
      frame = frame ? [Math.min(frame[0], at[0]), Math.min(frame[1], at[1]), Math.max(frame[2], at[0]), Math.max(frame[3], at[1])] : [...at, ...at];
    }
    this.cells.classList.add("active");
    for (const [at, cell] of this.byPlace) cell.classList.toggle("on", lit.has(at));
    // A frame says "this window"; scattered places (several windows, all classes) are only lit.
    const whole = frame && lit.size === (frame[2] - frame[0] + 1) * (frame[3] - frame[1] + 1);
    this.lit = frame;
    this.frameAround(this.window, whole && lit.size < this.byPlace.size || lit.size === 1 ? frame : null);
    if (this.bars && lit.size > 1) this.window.hidden = true;
  }

  /** Frame the chosen cell of a result. @param {number} flat @param {boolean} locked */
  select(flat, locked) {
    const shown = this.byFlat.get(flat);
    this.frameAround(this.window, shown ? [shown.row, shown.column, shown.row, shown.column] : null);
    this.window.classList.toggle("locked", locked);
    this.lit = shown ? [shown.row, shown.column, shown.row, shown.column] : null;
  }

  unselect() { this.window.hidden = true; this.lit = null; }

  /** Point at one place, as a term's twin. @param {number[]|null} at */
  point(at) { this.frameAround(this.pointer, at ? [...at, ...at] : null); }

  /** @param {HTMLElement} frame @param {number[]|null} area */
  frameAround(frame, area) {
    frame.hidden = !area;
    if (!area) return;
    const first = this.byPlace.get(`${area[0]},${area[1]}`), last = this.byPlace.get(`${area[2]},${area[3]}`);
    if (!first || !last) { frame.hidden = true; return; }
    frame.style.left = `${first.offsetLeft - 2}px`;
    frame.style.top = `${first.offsetTop - 2}px`;
    frame.style.width = `${last.offsetLeft + last.offsetWidth - first.offsetLeft + 4}px`;
    frame.style.height = `${last.offsetTop + last.offsetHeight - first.offsetTop + 4}px`;
  }
}
