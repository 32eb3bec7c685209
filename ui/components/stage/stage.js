// The stage: one cursor over forward, loss, backward and update; every number explained in the browser.
import { watchTheme } from "../shared/colours.js";
import { unpack } from "../shared/unpack.js";
import { button, el, sentence } from "./dom.js";
import { askNumber } from "./editing.js";
import { explain } from "./explain.js";
import { Grid } from "./grids.js";
import { layOut } from "./layout.js";
import { drawSay } from "./say.js";
import { drawShelf } from "./shelf.js";
import { drawStrip } from "./strip.js";
import { drawControls, drawTrack } from "./timeline.js";
import { drawWire } from "./wire.js";

/** Elements of the page around that have a use for arrow keys or the space bar themselves. */
const OWN_KEYS = "button, a, summary, [role=slider], [role=tab], [role=listbox], [role=option], [role=radio], [role=dialog], [role=menu]";
const CELL_MS = [340, 170, 70], STILL_MS = 2600, SWEEP = 16, NARROW = 760, TELL_MS = 500, SLIDE_MS = 120;

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const host = parentElement.querySelector(".stage-root");
  host.stage ??= new Stage(host, parentElement);
  host.stage.setStateValue = setStateValue;
  host.stage.setTriggerValue = setTriggerValue;
  host.stage.receive(data);
  return () => {
    host.stage?.leave();
    host.stage = null;
  };
}

class Stage {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    this.host = host;
    this.root = root;
    /** @type {Grid[]} */
    this.grids = [];
    this.mode = "light";
    this.tab = "formula";
    this.scope = "map";
    this.speed = 1;
    this.cell = null;
    this.active = null;
    this.locked = false;
    this.unfolded = false;
    this.playing = 0;
    this.narrow = false;
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.build();
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) this.draw();
    });
    this.resized = new ResizeObserver(() => {
      if (this.meta && Math.abs(host.clientWidth - this.width) > 2) this.draw();
    });
    this.resized.observe(host);
    this.pressed = (event) => this.pageKey(event);
    document.addEventListener("keydown", this.pressed);
  }

  leave() {
    this.stop_();
    clearTimeout(this.telling);
    clearTimeout(this.sliding);
    this.resized.disconnect();
    this.unwatch();
    document.removeEventListener("keydown", this.pressed);
  }

  build() {
    this.strip = el("nav", "strip");
    this.controls = el("div", "controls");
    this.track = el("div", "track");
    this.count = el("div", "count");
    this.say = el("section", "say");
    this.say.setAttribute("aria-live", "polite");
    this.pictures = el("div", "pictures");
    this.shelf = el("div", "shelf");
    this.main = el("div", "stage", this.say, el("section", "right", this.pictures, this.shelf));
    this.host.replaceChildren(this.strip, el("div", "timeline", this.controls, this.track, this.count), this.main);
  }

  /** New numbers from the engine. The cursor stays where it is. @param {Uint8Array} data */
  receive(data) {
    const { meta, arrays } = unpack(data), first = !this.meta;
    if (!first && meta.version === this.meta.version) return;
    const there = this.stop?.id;
    this.meta = meta;
    this.arrays = arrays;
    this.stops = meta.stops;
    if (first || meta.restart !== this.restart) {
      this.restart = meta.restart;
      this.cursors = { ...meta.cursors };
      this.choice = meta.stops.find((stop) => stop.id === "update").facts.choices.length - 1;
      this.cell = null;
      this.locked = false;
    }
    const at = this.stops.findIndex((stop) => stop.id === (first || !there ? meta.at : there));
    this.index = Math.max(0, at);
    this.draw();
  }

  get stop() { return this.stops?.[this.index]; }
  indexOf(id) { return this.stops.findIndex((stop) => stop.id === id); }

  nameOf(id) {
    const stop = this.stops[this.indexOf(id)], labels = this.meta.labels;
    if (!stop) return id;
    const layer = labels[`column_${stop.layer}`] ?? stop.layer;
    return (labels[`name_${stop.id}`] ?? labels[`name_${stop.id.split(".").pop()}`] ?? stop.id).replace("{layer}", layer);
  }

  // ---- moving ----

  /** @param {string|number} to */
  go(to) {
    const index = typeof to === "number" ? to : this.indexOf(to);
    this.index = Math.max(0, Math.min(this.stops.length - 1, index));
    this.cell = null;
    this.active = null;
    this.locked = false;
    this.unfolded = false;
    this.draw();
    this.tell();
  }

  /** Show another channel; what is chosen travels through the whole journey. */
  choose(cursor, channel, keep = false) {
    this.cursors[cursor] = channel;
    const kept = keep ? this.place : null;
    this.cell = null;
    this.draw();
    if (kept) this.moveTo(kept);
    this.tell();
  }

  /** Where the chosen cell stands in its picture, for keeping the place when the channel changes. */
  get place() {
    const shown = this.result?.byFlat.get(this.cell);
    return shown ? [shown.row, shown.column] : null;
  }

  moveTo([row, column]) {
    const grid = this.result, [ph, pw] = grid.pad, [rows, columns] = grid.inner;
    if (row - ph >= rows || column - pw >= columns) return;
    this.cell = grid.flatOf(row - ph, column - pw);
    this.explain();
  }

  /** Tell the page where the cursor is, once it rests, so that the link can hold it. */
  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.setStateValue("place", { at: this.stop.id, cursors: { ...this.cursors } }), TELL_MS);
  }

  hover(grid, flat) {
    if (this.playing) this.stop_();
    if (this.locked || flat < 0 || (grid === this.result && flat === this.cell)) return;
    this.active = grid.spec.id;
    this.cell = flat;
    this.explain();
  }

  lock(grid, flat) {
    const same = grid === this.result && flat === this.cell;
    this.locked = !(this.locked && same);
    this.active = grid.spec.id;
    this.cell = flat;
    this.explain();
  }

  unfold() {
    this.unfolded = true;
    this.explain();
  }

  /** A cell of an operand lights the terms that read it. */
  hoverOperand(grid, at) {
    for (const chip of this.shelf.querySelectorAll(".chip")) {
      const hit = grid && chip.places?.some((place) => String(grid.placeIn(place)) === String(at));
      chip.classList.toggle("hot", Boolean(hit));
    }
    const found = grid && [...this.shelf.querySelectorAll(".chip.hot")][0];
    this.point(found ? found.places : []);
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

  gridKey(grid, event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (grid.spec.result && by) {
      event.preventDefault();
      event.stopPropagation();
      this.active = grid.spec.id;
      const [rows, columns] = grid.inner, shown = grid.byFlat.get(this.cell), [ph, pw] = grid.pad;
      const [row, column] = shown ? [shown.row - ph, shown.column - pw] : [0, 0];
      const clamp = (value, size) => Math.max(0, Math.min(size - 1, value));
      this.cell = grid.flatOf(clamp(row + by[0], rows), clamp(column + by[1], columns));
      this.explain();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const shown = grid.byFlat.get(this.cell);
      if (grid.spec.edit && shown) this.edit(grid, this.cell, shown.cell);
      else if (grid.spec.result) {
        this.locked = !this.locked;
        this.explain();
      }
    } else if (event.key === "Escape") grid.cells.blur();
  }

  pageKey(event) {
    const target = event.composedPath()[0];
    if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest("input, textarea, select, [contenteditable]")) return;
    if (!this.host.contains(target) && target.closest(OWN_KEYS)) return;
    if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "ArrowLeft") this.step(-1);
    else if (event.key === " " && target.tagName !== "BUTTON") this.play();
    else if (event.key === "Escape") {
      this.locked = false;
      this.explain();
      return;
    } else return;
    event.preventDefault();
  }

  step(by) {
    this.stop_();
    this.go(this.index + by);
  }

  // ---- playing ----

  play() {
    if (this.playing) {
      this.stop_();
      return;
    }
    if (this.index === this.stops.length - 1) this.go(0);
    let sweep = 0;
    this.locked = false;
    const tick = () => {
      const grid = this.result, [rows, columns] = grid.inner, cells = rows * columns, steps = this.still ? 1 : Math.min(cells, SWEEP);
      if (++sweep > steps) {
        sweep = 0;
        if (this.index === this.stops.length - 1) this.stop_();
        else this.go(this.index + 1);
      } else if (!this.still) {
        const at = Math.floor(((sweep - 1) * cells) / steps);
        this.cell = grid.flatOf(Math.floor(at / columns), at % columns);
        this.explain();
      }
    };
    this.playing = setInterval(tick, this.still ? STILL_MS : CELL_MS[this.speed]);
    drawControls(this);
  }

  stop_() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = 0;
    drawControls(this);
  }

  // ---- changing numbers ----

  /** Type another value into a cell. @param {Grid} grid @param {number} flat @param {HTMLElement} cell */
  edit(grid, flat, cell) {
    if (this.playing) this.stop_();
    const labels = this.meta.labels;
    askNumber(cell, grid.values[flat], labels, (value) => this.change(grid.spec.array.replace("v:", ""), flat, value));
  }

  editBias(chip, element) {
    const { array, flat } = chip.places[0];
    askNumber(element, this.arrays[array].data[flat], this.meta.labels, (value) => this.change(array, flat, value));
  }

  change(array, index, value) { this.setTriggerValue("edit", { array, index, value }); }
  undo() { this.setTriggerValue("undo", true); }
  reset() { this.setTriggerValue("reset", true); }
  repeat() { this.setTriggerValue("repeat", true); }

  slide(lr) {
    clearTimeout(this.sliding);
    this.sliding = setTimeout(() => this.setTriggerValue("lr", lr), SLIDE_MS);
  }

  // ---- drawing ----

  draw() {
    this.width = this.host.clientWidth;
    if (!this.width) return;
    // Kept, for asking the page while cells are being written would lay it out anew for each of them.
    this.narrow = this.width <= NARROW;
    this.host.classList.toggle("narrow", this.narrow);
    this.host.classList.toggle("presenting", this.meta.present);
    drawStrip(this.strip, this);
    this.strip.setAttribute("aria-label", this.meta.labels.network);
    drawControls(this);
    drawTrack(this);
    drawSay(this);
    this.drawPictures();
  }

  text(name) { return this.meta.texts[`stop-${name}`] ?? this.meta.texts[`stop-${this.stop.kind}`] ?? ["", ""]; }

  picture() {
    return this.stop.id === "update" ? this.stop.facts.choices[this.choice].picture : this.stop.picture;
  }

  drawPictures(again = false) {
    const height = this.pictures.clientHeight;
    const focused = this.root.activeElement?.closest?.("[data-grid]")?.dataset.grid;
    const specs = this.picture(), flat = specs.flat().filter((spec) => typeof spec === "object");
    this.grids = flat.map((spec) => new Grid(spec, this));
    const sizes = layOut(this, specs);
    const made = new Map(this.grids.map((grid) => [grid.spec, grid.build(sizes.of(grid))]));
    const parts = specs.map((item) => (typeof item === "string" ? el("div", "between", item)
      : Array.isArray(item) ? el("div", "stack", ...item.map((spec) => made.get(spec))) : made.get(item)));
    this.pictures.replaceChildren(this.scopes(), ...parts);
    if (this.cell === null || !this.result.byFlat.has(this.cell)) this.cell = this.loudest();
    this.explain();
    // The shelf's height depends on what it says, and the pictures get what is left.
    if (!again && !this.narrow && Math.abs(this.pictures.clientHeight - height) > 8) {
      this.drawPictures(true);
      return;
    }
    if (focused) /** @type {HTMLElement|null} */ (this.pictures.querySelector(`[data-grid="${focused}"] .cells`))?.focus({ preventScroll: true });
  }

  scopes() {
    const labels = this.meta.labels, made = el("div", "scope");
    if (!this.grids.some((grid) => grid.spec.view === "map" && grid.spec.shape[0] > 1)) return made;
    made.append(labels.colour_range);
    for (const scope of ["map", "layer"]) {
      const choose = button("", "", () => {
        this.scope = scope;
        this.drawPictures();
      }, labels[`scope_${scope}`]);
      choose.setAttribute("aria-pressed", String(scope === this.scope));
      made.append(choose);
    }
    return made;
  }

  /** At rest the largest number is explained; the rim counts less, for half of its patch is padding. */
  loudest() {
    if (this.stop.start !== null) return this.stop.start;
    const grid = this.result, [rows, columns] = grid.inner;
    let best = grid.flatOf(0, 0), most = -1;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const rim = grid.spec.view === "map" && (row === 0 || column === 0 || row === rows - 1 || column === columns - 1);
        const flat = grid.flatOf(row, column), size = Math.abs(grid.values[flat]) * (rim ? 0.72 : 1);
        if (size > most) [most, best] = [size, flat];
      }
    }
    return best;
  }

  explain() {
    const grid = this.result;
    if (!grid) return;
    if (this.explained !== this.stop) this.shelf.style.minHeight = "";
    this.explained = this.stop;
    for (const other of this.grids) if (!other.spec.result && (other.spec.column || other.spec.cursor.row === "Y")) other.fill();
    const said = explain(this, grid, this.cell);
    for (const other of this.grids) {
      other.point(null);
      if (other === grid) other.select(this.cell, this.locked);
      else if (other.spec.result) other.unselect();
      else other.light(said.reads);
    }
    drawWire(this.pictures, this);
    drawShelf(this.shelf, this, said);
    // It may grow while one stop is looked at, but never jumps back under the pointer.
    this.shelf.style.minHeight = this.narrow ? "" : `${this.shelf.offsetHeight}px`;
    const [title, text] = this.text(said.text);
    this.heading.textContent = title;
    this.sentence.replaceChildren(sentence(text, said.facts));
  }
}
