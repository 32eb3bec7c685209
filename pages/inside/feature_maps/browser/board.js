// Feature maps: many kernels on one picture, one kernel on many, both at once, and all layers from shallow to deep.
import { Board, boardOf } from "shared/board.js";
import { button, el } from "shared/dom.js";
import { limitOf } from "shared/thumbnail.js";
import { drawCrossing, drawKernel } from "./kernels.js";
import { drawHierarchy, drawMaps, pills, shapeOf } from "./maps.js";
import { drawSay, drawWays } from "./say.js";
import { drawShelf } from "./shelf.js";

const VIEWS = { maps: drawMaps, kernel: drawKernel, crossing: drawCrossing, layers: drawHierarchy };
/** The controls that are set here; the others stand in the row above. */
const OWN = ["layer", "view", "sort", "scope", "channel", "cell", "held"];

/** A place in the maps of a layer. @typedef {{k: number, i: number, j: number}} Unit */
/** One layer, as picture.py describes it.
 * @typedef {{name: string, kind: string, behind: string, below: string, shape: number[], padding: number,
 *   size: number, jump: number, first: number, orders: Record<string, number[]>}} Level */

/** @param {Unit|null|undefined} one @param {Unit} other */
const same = (one, other) => one?.k === other.k && one.i === other.i && one.j === other.j;
/** A place as the link writes it. @param {Unit} unit */
const placeOf = (unit) => `${unit.i}.${unit.j}`;

export class FeatureMaps extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** Whether what is drawn stands for pictures that are still on their way. */
    this.pale = false;
    /** Of which picture the maps are. */
    this.shown = "";
    /** Shows which unit is explained. @type {() => void} */
    this.marked = () => {};
    this.forget();
    this.facts = el("div", "facts");
    this.ways = el("div", "ways");
    this.bar = el("div", "bar");
    this.strip = el("div", "strip");
    this.words.append(this.facts, this.ways);
    host.replaceChildren(this.words, el("section", "right", this.bar, this.strip, this.pictures, this.shelf));
  }

  forget() {
    /** The unit that is explained. @type {Unit|null} */
    this.unit = null;
    this.locked = false;
    /** Whether the learner has pointed at a map of this layer: only then is the question answered. */
    this.pointed = false;
    /** What a view says about the thing pointed at: text and facts. @type {[string, Record<string, any>]|null} */
    this.story = null;
  }

  /** @param {Record<string, any>} state */
  take(state) {
    super.take(Object.fromEntries(OWN.map((name) => [name, state[name]])));
    this.forget();
  }

  /** @param {Uint8Array} data @param {import("shared/board.js").Trigger} trigger */
  receive(data, trigger) {
    super.receive(data, trigger);
    // What was waited for may be what was sent before: of two choices made at once, the last one stands.
    if (this.pale && !this.waits) this.redraw();
  }

  // ---- what is known ----

  /** @param {string} name @returns {Level|undefined} */
  levelOf(name) { return this.meta.levels.find((/** @type {Level} */ level) => level.name === name); }
  /** @returns {Level} */
  get level() { return this.levelOf(this.state.layer) ?? this.meta.levels[0]; }
  get maps() { return this.arrays[`y:${this.level.name}`]; }
  get order() {
    const { level, state } = this;
    return state.sort === "number" ? [...Array(level.shape[0]).keys()] : level.orders[state.sort];
  }
  /** The chosen map, or the strongest. */
  get channel() { return this.state.channel === "" ? this.level.orders.max[0] : Number(this.state.channel); }
  /** @param {Level} level */
  signed(level) { return level.kind === "conv" || level.kind === "linear"; }
  /** @param {Level} level @param {number} which @param {number} k */
  stat(level, which, k) { return this.arrays[`stats:${level.name}`].data[which * level.shape[0] + k]; }

  /** The end of the colour ramp for one map. @param {Level} level @param {number} k */
  limit(level, k) {
    const y = this.arrays[`y:${level.name}`], size = level.shape[1] * level.shape[2];
    if (this.state.scope === "map") return limitOf(y.data.subarray(k * size, (k + 1) * size));
    if (this.state.scope === "layer") return limitOf(y.data);
    return Math.max(...this.meta.levels.map((/** @type {Level} */ other) => limitOf(this.arrays[`y:${other.name}`].data)));
  }

  /** What a layer reads: (C, H, W). @param {Level} level */
  read(level) {
    if (level.below === "input") return this.arrays.input;
    return { ...this.arrays[`y:${level.below}`], shape: /** @type {Level} */ (this.levelOf(level.below)).shape };
  }

  /** @param {Unit} unit */
  valueAt({ k, i, j }) {
    const [, height, width] = this.level.shape;
    return this.maps.data[(k * height + i) * width + j];
  }

  /** Where a map is largest. @param {Level} level @param {number} k @returns {Unit} */
  peak(level, k) {
    const [, height, width] = level.shape, y = this.arrays[`y:${level.name}`].data;
    let best = 0;
    for (let at = 1; at < height * width; at++) if (y[k * height * width + at] > y[k * height * width + best]) best = at;
    return { k, i: Math.floor(best / width), j: best % width };
  }

  /**
   * The pixels that a unit sees: top, left, bottom and right, no farther than the image.
   * @param {Level} level @param {number} i @param {number} j
   */
  field(level, i, j) {
    const [, height, width] = this.arrays.input.shape, at = (/** @type {number} */ unit) => level.first + unit * level.jump;
    return [Math.max(0, at(i)), Math.max(0, at(j)), Math.min(height, at(i) + level.size), Math.min(width, at(j) + level.size)];
  }

  // ---- what the learner does ----

  /** Change what is chosen, draw it, and tell the page, which may have to compute what is shown. @param {Record<string, any>} change */
  choose(change) {
    this.put(change);
    this.story = null;
    this.redraw();
  }

  /** @param {Record<string, any>} change */
  put(change) {
    const { state } = this, { layer } = state;
    Object.assign(state, change);
    if (state.layer !== layer) {
      this.forget();
      Object.assign(state, { channel: change.channel ?? "", cell: "" });
    }
    if (!state.cell) state.held = true;
    this.resting.soon(0);
  }

  /** What fires this kernel most? @param {number} k */
  ask(k, layer = this.level.name) { this.choose({ layer, view: "kernel", channel: String(k), cell: "" }); }

  /** Explain a unit. @param {Unit} unit */
  hover(unit) {
    if (this.locked || (this.pointed && same(this.unit, unit))) return;
    this.pointed = true;
    this.unit = unit;
    this.update();
  }

  /** @param {Unit} unit */
  lock(unit) {
    this.locked = !(this.locked && same(this.unit, unit));
    this.pointed = true;
    this.unit = unit;
    this.put({ channel: String(unit.k), cell: this.locked ? placeOf(unit) : "", held: true });
    this.update();
  }

  /** @param {number} k @param {number} down @param {number} right */
  walk(k, down, right) {
    const [, height, width] = this.level.shape, from = this.unit?.k === k ? this.unit : this.peak(this.level, k);
    const inside = (/** @type {number} */ at, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, at));
    this.locked = false;
    this.pointed = true;
    this.unit = { k, i: inside(from.i + down, height), j: inside(from.j + right, width) };
    Object.assign(this.state, { channel: String(k), cell: placeOf(this.unit), held: false });
    this.changed();
  }

  release() {
    this.locked = false;
    this.put({ cell: "" });
    this.update();
  }

  /** The unit that is explained may be one that was only pointed at; other views than the maps explain none. */
  tellAll() {
    const { unit, locked, state } = this;
    if (unit && this.pointed && state.view === "maps") Object.assign(state, { channel: String(unit.k), cell: placeOf(unit), held: locked });
    return super.tellAll();
  }

  /** What stands in the place of pictures that are still on their way: those before, pale, so that nothing jumps. */
  waiting() {
    this.pale = true;
    const old = this.pictures.querySelector(".output:has(.sample, .cell)");
    if (!old) return el("div", "output", el("p", "waiting", this.labels.waiting));
    old.classList.add("stale");
    return old;
  }

  /** Say something about what is pointed at, or no longer. @param {[string, Record<string, any>]|null} story */
  tellStory(story) {
    this.story = story;
    this.update();
  }

  /** @param {string} classes @param {string} label @param {() => void} click @param {...(Node|string)} inside */
  button(classes, label, click, ...inside) {
    const made = button(classes, label, click, ...inside);
    made.dataset.focus = `${classes.split(" ")[0]}:${label}`;
    return made;
  }

  // ---- drawing ----

  get walks() { return false; }

  redraw() {
    const focused = /** @type {HTMLElement|null} */ (this.root.activeElement)?.dataset.focus;
    super.redraw();
    if (!focused) return;
    /** @type {HTMLElement|null} */ (this.root.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  }

  /** The row of views, and the strip of layers under it. */
  drawControls() {
    const { state, labels, level: here } = this;
    this.bar.replaceChildren(pills(this, "view"), ...(state.view === "layers" ? [pills(this, "scope")] : []));
    this.strip.hidden = state.view === "layers";
    this.strip.setAttribute("role", "group");
    this.strip.setAttribute("aria-label", labels.layers);
    const stops = this.meta.levels.flatMap((/** @type {Level} */ level) => {
      const words = [el("b", "", level.name), el("small", "", shapeOf(level))];
      const stop = this.button("stop", "", () => this.choose({ layer: level.name }), ...words);
      stop.dataset.focus = `layer:${level.name}`;
      stop.setAttribute("aria-pressed", String(level === here));
      return [el("span", "arrow", "→"), stop];
    });
    const input = el("span", "stop", el("b", "", labels.input), el("small", "", this.arrays.input.shape.join("×")));
    this.strip.replaceChildren(input, ...stops);
  }

  draw() {
    const { state, meta } = this, shown = `${meta.net}: ${meta.title}`;
    if (shown !== this.shown) this.forget();
    this.shown = shown;
    if (!this.unit) {
      const [i, j] = state.cell.split(".").map(Number);
      this.unit = state.cell && state.channel !== "" ? { k: this.channel, i, j } : this.peak(this.level, this.channel);
      this.locked = Boolean(state.cell) && state.held;
      this.pointed = Boolean(state.cell);
    }
    Object.assign(this.host.dataset, { view: state.view, layer: this.level.name });
    this.shelf.hidden = state.view !== "maps";
    this.marked = () => {};
    this.pale = false;
    VIEWS[/** @type {keyof typeof VIEWS} */ (state.view)](this);
    drawWays(this);
  }

  update() {
    const { k, i, j } = /** @type {Unit} */ (this.unit);
    this.marked();
    if (this.state.view === "maps") drawShelf(this);
    drawSay(this);
    Object.assign(this.host.dataset, { unit: [k, i, j].join(), locked: String(this.locked) });
  }
}

export default boardOf(FeatureMaps);
