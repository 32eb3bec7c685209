// From a grid's description to its picture; and the pictures that aren't plain cells.
import { colour, css } from "./colours.js";
import { el } from "./dom.js";
import { addRow } from "./grid_roles.js";
import { Grid } from "./grids.js";
import { format } from "./numbers.js";
import { photograph, thumbnail } from "./thumbnail.js";

/** @typedef {import("./grids.js").At} At */
/** @typedef {import("./grids.js").Area} Area */
/** @typedef {import("./rules.js").Place} Place */

/** @param {import("./grids.js").Spec} spec @param {import("./bench.js").Bench} bench @returns {Grid} */
export function makeGrid(spec, bench) {
  return new (VIEWS[spec.view] ?? Grid)(spec, bench);
}

/** Numbers as bars with their values beside them: one for each class. */
class Bars extends Grid {
  get bars() { return true; }
  fitNumbers() {}
  get inner() { return [this.spec.shape[0], 1]; }

  /** @param {number} row */
  flatOf(row) { return this.spec.column ? row * (this.values.length / this.spec.shape[0]) + (this.bench.cell ?? 0) : row; }

  title() { return this.spec.column ? this.spec.name.replace("j", String(this.bench.cell ?? 0)) : this.spec.name; }

  /** @param {HTMLElement} cells */
  buildCells(cells) {
    const target = this.bench.meta.target;
    this.signed = this.spec.ramp === "diverging";
    for (let k = 0; k < this.spec.shape[0]; k++) {
      const rail = el("div", "rail", el("i"));
      rail.style.setProperty("--zero", this.signed ? "50%" : "0%");
      const name = el("span", "", this.spec.names?.[k] ?? String(k));
      const bar = el("div", `bar cell${k === target ? " target" : ""}`, name, rail, el("span"));
      bar.dataset.at = `${k},0`;
      this.byPlace.set(`${k},0`, bar);
      addRow(cells).append(bar);
    }
  }

  /** @param {HTMLElement} bar @param {number} value @param {number} limit @param {number} decimals */
  fillCell(bar, value, limit, decimals) {
    const fill = /** @type {HTMLElement} */ (bar.querySelector("i"));
    const share = Math.min(1, Math.abs(value) / limit) * (this.signed ? 50 : 100);
    const shown = this.signed ? Math.sign(value) * Math.max(Math.abs(value), 0.45 * limit) : Math.max(value, 0.55 * limit);
    fill.style.width = `${Math.max(share, 0.8)}%`;
    fill.style.left = `${this.signed ? (value < 0 ? 50 - share : 50) : 0}%`;
    fill.style.background = css(colour(shown, limit, this.spec.ramp, this.bench.mode));
    /** @type {Element} */ (bar.lastElementChild).textContent = format(value, decimals);
  }

  /** @param {Place[]} places */
  light(places) {
    super.light(places);
    if (this.lit && (this.lit[0] !== this.lit[2] || this.lit[1] !== this.lit[3])) this.window.hidden = true;
  }
}

/** A picture too large for cells: drawn pixel by pixel, with the same frames, and answered like a grid. */
class Drawing extends Grid {
  get drawn() { return true; }
  fitNumbers() {}

  /** @param {number} row @param {number} column */
  flatOf(row, column) { return (this.at("c") * this.spec.shape[1] + row) * this.spec.shape[2] + column; }

  title() { return this.spec.shape[0] > 1 ? `${this.spec.name}[${this.at("c")}]` : this.spec.name; }

  /** @param {number} flat */
  whereIs(flat) {
    const [, height, width] = this.spec.shape, size = height * width;
    if (Math.floor(flat / size) !== this.at("c")) return null;
    return [Math.floor((flat % size) / width) + this.pad[0], (flat % width) + this.pad[1]];
  }

  /** @param {At} at */
  has([row, column]) { return row >= 0 && column >= 0 && row < this.extent[0] && column < this.extent[1]; }

  /** @param {number} size */
  pixels(size) { return size * (this.spec.size ?? 1); }

  /** Padding is read from the very picture that is drawn. @param {Place} place */
  placeIn(place) {
    if (place.array !== this.spec.array) return null;
    if (place.flat >= 0) return this.whereIs(place.flat);
    const { at } = place, there = [at[at.length - 2] + this.pad[0], at[at.length - 1] + this.pad[1]];
    return this.has(there) ? there : null;
  }

  /** @param {HTMLElement} cells */
  buildCells(cells) {
    const [rows, columns] = this.extent;
    cells.classList.add("drawing");
    cells.style.width = `${this.px * columns}px`;
    cells.style.height = `${this.px * rows}px`;
  }

  fill() {
    const { spec } = this, [, height, width] = spec.shape, size = height * width, from = this.at("c") * size;
    const canvas = spec.rgb ? photograph(this.bench.arrays[spec.rgb].data, height, width)
      : thumbnail(this.values.slice(from, from + size), height, width, this.limit, spec.ramp, this.bench.mode);
    const [ph, pw] = this.pad;
    Object.assign(canvas.style, {
      left: `${pw * this.px}px`, top: `${ph * this.px}px`, width: `${width * this.px}px`, height: `${height * this.px}px`,
    });
    this.cells.querySelector("canvas")?.remove();
    this.cells.prepend(canvas);
    this.name.textContent = this.title();
    this.drawLegend();
  }

  /** @param {MouseEvent} event */
  under(event) {
    const box = this.cells.getBoundingClientRect();
    const at = [Math.floor((event.clientY - box.top) / this.px), Math.floor((event.clientX - box.left) / this.px)];
    return this.has(at) ? at : null;
  }

  dimAllBut() {}

  /** @param {Place[]} places */
  light(places) {
    const shown = /** @type {At[]} */ (places.map((place) => this.placeIn(place)).filter(Boolean));
    const [rows, columns] = [0, 1].map((i) => shown.map((at) => at[i]));
    this.lit = shown.length ? [Math.min(...rows), Math.min(...columns), Math.max(...rows), Math.max(...columns)] : null;
    this.frameAround(this.window, this.lit);
  }

  /** @param {Area} area */
  box([r0, c0, r1, c1]) {
    return { left: c0 * this.px, top: r0 * this.px, width: (c1 - c0 + 1) * this.px, height: (r1 - r0 + 1) * this.px };
  }
}

/** The numbers under the window, taken out of a picture that is too large to show them itself. */
class Lens extends Grid {
  get inner() { return this.spec.shape; }
  title() { return this.spec.name; }
  whereIs() { return null; }
  /** @param {Place} place */
  placeIn(place) { return this.places?.get(keyOf(place)) ?? null; }

  fill() {
    this.cells.classList.toggle("whole", this.decimals === 0);
    this.drawLegend();
  }

  /**
   * The terms' left factors, or their products, each where its term stands: at its kernel cell, or its output.
   * @param {import("./explain.js").Chip[]} chips
   */
  show(chips) {
    /** @type {Map<string, At>} */
    this.places = new Map();
    const [down, across] = this.spec.axes ?? ["a", "b"], products = this.spec.shows === "product";
    for (const chip of chips) {
      const index = /** @type {Record<string, number>} */ (chip.index), at = [index[down], index[across]];
      const cell = this.byPlace.get(at.join(","));
      if (!cell) continue;
      const later = products && Boolean(chip.later), pad = !products && chip.places[0].flat < 0;
      this.places.set(keyOf(chip.places[0]), at);
      this.fillCell(cell, /** @type {number} */ (products ? chip.sign : chip.left), this.limit, this.decimals);
      cell.classList.toggle("later", later);
      cell.classList.toggle("pad", pad);
      if (later) cell.textContent = "";
      if (later || pad) cell.style.background = "";
    }
  }
}

const keyOf = (/** @type {Place} */ place) => `${place.array} ${place.at.join(",")}`;

/** @type {Record<string, typeof Grid>} */
const VIEWS = { bars: Bars, drawing: Drawing, lens: Lens };
