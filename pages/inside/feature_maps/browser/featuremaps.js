// Feature maps: many kernels on one picture, one kernel on many, both at once, and all layers from shallow to deep.
import { watchTheme } from "shared/colours.js";
import { button, el } from "shared/dom.js";
import { limitOf } from "shared/thumbnail.js";
import { Resting } from "shared/resting.js";
import { makeTelling } from "shared/telling.js";
import { unpack } from "shared/unpack.js";
import { drawBar } from "./bar.js";
import { drawCrossing } from "./crossing.js";
import { drawHierarchy } from "./hierarchy.js";
import { drawKernel } from "./kernel.js";
import { drawMaps } from "./maps.js";
import { drawSay } from "./say.js";
import { drawShelf } from "./shelf.js";
import { whenGone } from "shared/mounted.js";

const NARROW = 760, REST_MS = 260;
const VIEWS = { maps: drawMaps, kernel: drawKernel, crossing: drawCrossing, layers: drawHierarchy };

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".fm");
  host.lesson ??= new FeatureMaps(host, parentElement);
  host.lesson.receive(data, setTriggerValue);
  return whenGone(host, () => {
    host.lesson?.leave();
    host.lesson = null;
  });
}

class FeatureMaps {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    this.host = host;
    this.root = root;
    this.mode = "light";
    this.locked = false;
    /** Whether what is drawn stands for pictures that are still on their way. */
    this.pale = false;
    this.ask = makeTelling();
    /** Whether the learner has pointed at a map of this layer: only then is the question answered. */
    this.pointed = false;
    /** @type {{k: number, i: number, j: number}|null} */
    this.unit = null;
    /** What a view says about the thing pointed at: [text, facts]. @type {[string, Record<string, any>]|null} */
    this.story = null;
    this.kicker = el("div", "kicker");
    this.heading = el("h2");
    this.sentence = el("p");
    this.sentence.setAttribute("aria-live", "polite");
    this.facts = el("div", "facts");
    this.ways = el("div", "ways");
    this.bar = el("div", "bar");
    this.strip = el("div", "strip");
    this.pictures = el("div", "pictures");
    this.shelf = el("div", "shelf");
    host.replaceChildren(el("section", "say", this.kicker, this.heading, this.sentence, this.facts, this.ways), el("section", "right", this.bar, this.strip, this.pictures, this.shelf));
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) this.draw();
    });
    this.resized = new ResizeObserver(() => {
      if (this.meta && Math.abs(host.clientWidth - this.width) > 2) this.draw();
    });
    this.resized.observe(host);
    this.resting = new Resting(() => this.ask.tell({ set: { ...this.chosen } }), () => this.tellPlace());
  }

  leave() {
    this.resting.leave();
    this.resized.disconnect();
    this.unwatch();
  }

  /** @param {Uint8Array} data @param {(name: string, value: unknown) => void} trigger */
  receive(data, trigger) {
    const { meta, arrays } = unpack(data), before = this.meta, asked = before && meta.asked !== before.asked;
    const other = asked || (before && (meta.net !== before.net || meta.title !== before.title));
    if (asked) this.resting.drop();
    this.ask.heard(meta.heard, trigger, meta.asked);
    const same = meta.version === before?.version && !this.pale && (this.waits || JSON.stringify(meta.chosen) === JSON.stringify(this.chosen));
    this.meta = meta;
    this.arrays = arrays;
    // While an answer to something older is on its way, what the learner chose since stands.
    if (!this.waits) this.chosen = meta.chosen;
    this.level = this.levelOf(this.chosen.layer) ?? meta.levels[0];
    if (same) return;
    if (other) this.forget();
    this.draw();
  }

  /** Whether the learner chose something that the page hasn't answered yet. */
  get waits() { return this.resting.waits || !this.ask.idle(); }

  forget() {
    this.unit = null;
    this.locked = false;
    this.pointed = false;
    this.story = null;
  }

  // ---- what is known ----

  get maps() { return this.arrays[`y:${this.level.name}`]; }
  get order() {
    const { level, chosen } = this;
    return chosen.sort === "number" ? [...level.shape.slice(0, 1)].flatMap((count) => [...Array(count).keys()]) : level.orders[chosen.sort];
  }
  /** The chosen map, or the strongest. */
  get channel() { return this.chosen.channel ?? this.level.orders.max[0]; }
  levelOf(name) { return this.meta.levels.find((level) => level.name === name); }
  signed(level) { return level.kind === "conv" || level.kind === "linear"; }
  stat(level, which, k) { return this.arrays[`stats:${level.name}`].data[which * level.shape[0] + k]; }

  /** The end of the colour ramp for one map. */
  limit(level, k) {
    const y = this.arrays[`y:${level.name}`], size = level.shape[1] * level.shape[2];
    if (this.chosen.scope === "map") return limitOf(y.data.subarray(k * size, (k + 1) * size));
    if (this.chosen.scope === "layer") return limitOf(y.data);
    return Math.max(...this.meta.levels.map((other) => limitOf(this.arrays[`y:${other.name}`].data)));
  }

  /** What a layer reads: (C, H, W). */
  read(level) {
    if (level.below === "input") return this.arrays.input;
    return { ...this.arrays[`y:${level.below}`], shape: this.levelOf(level.below).shape };
  }

  valueAt({ k, i, j }) {
    const [, height, width] = this.level.shape;
    return this.maps.data[(k * height + i) * width + j];
  }

  /** Where a map is largest. */
  peak(level, k) {
    const [, height, width] = level.shape, y = this.arrays[`y:${level.name}`].data;
    let best = 0;
    for (let at = 1; at < height * width; at++) if (y[k * height * width + at] > y[k * height * width + best]) best = at;
    return { k, i: Math.floor(best / width), j: best % width };
  }

  /** The pixels that a unit sees: [top, left, bottom, right], no farther than the image. */
  field(level, i, j) {
    const [, height, width] = this.arrays.input.shape, at = (unit) => level.first + unit * level.jump;
    return [Math.max(0, at(i)), Math.max(0, at(j)), Math.min(height, at(i) + level.size), Math.min(width, at(j) + level.size)];
  }

  // ---- what the learner does ----

  /** Change what is chosen, draw it, and tell the page. */
  choose(change, again = true) {
    const { layer } = this.chosen;
    Object.assign(this.chosen, change);
    this.level = this.levelOf(this.chosen.layer);
    if (this.chosen.layer !== layer) {
      this.forget();
      if (!("channel" in change)) this.chosen.channel = null;
      this.chosen.cell = null;
      this.chosen.held = true;
    }
    this.tell();
    if (!again) return;
    this.story = null;
    this.draw();
  }

  tell(after = 0) { this.resting.soon(after); }

  /** The unit that is explained may be one that was only pointed at. */
  tellPlace() {
    const { unit, chosen, locked } = this;
    if (unit && this.pointed && (chosen.held !== locked || String(chosen.cell) !== String([unit.i, unit.j]) || chosen.channel !== unit.k)) {
      Object.assign(chosen, { channel: unit.k, cell: [unit.i, unit.j], held: locked });
      this.tell();
    }
    this.resting.now();
    return this.ask.settled();
  }

  /** Explain a unit. @param {{k: number, i: number, j: number}} unit */
  hover(unit) {
    if (this.locked || (this.pointed && this.unit && unit.k === this.unit.k && unit.i === this.unit.i && unit.j === this.unit.j)) return;
    this.pointed = true;
    this.unit = unit;
    this.refresh();
  }

  lock(unit) {
    const same = this.unit && unit.k === this.unit.k && unit.i === this.unit.i && unit.j === this.unit.j;
    this.locked = !(this.locked && same);
    this.pointed = true;
    this.unit = unit;
    this.choose({ channel: unit.k, cell: this.locked ? [unit.i, unit.j] : null, held: true }, false);
    this.refresh();
  }

  walk(k, down, right) {
    const [, height, width] = this.level.shape, from = this.unit?.k === k ? this.unit : this.peak(this.level, k);
    const inside = (at, size) => Math.max(0, Math.min(size - 1, at));
    this.locked = false;
    this.pointed = true;
    this.unit = { k, i: inside(from.i + down, height), j: inside(from.j + right, width) };
    this.refresh();
    Object.assign(this.chosen, { channel: k, cell: [this.unit.i, this.unit.j], held: false });
    this.tell(REST_MS);
  }

  release() {
    this.locked = false;
    this.choose({ cell: null, held: true }, false);
    this.refresh();
  }

  /** What stands in the place of pictures that are still on their way: those before, pale, so that nothing jumps. */
  waiting() {
    this.pale = true;
    const old = this.pictures.querySelector(".output:has(.sample, .cell)");
    if (!old) return el("div", "output", el("p", "waiting", this.meta.labels.waiting));
    old.classList.add("stale");
    return old;
  }

  /** Say something about what is pointed at. @param {string} text @param {Record<string, any>} facts */
  tellStory(text, facts) {
    this.story = [text, facts];
    drawSay(this);
  }

  /** The way on to the page with every product. */
  open() { this.ask.tell({ open: { ...this.chosen, channel: this.unit?.k ?? this.channel } }); }
  take(index) { this.ask.tell({ take: index }); }
  button(classes, label, click, ...inside) {
    const made = button(classes, label, click, ...inside);
    made.dataset.focus = `${classes.split(" ")[0]}:${label}`;
    return made;
  }

  // ---- drawing ----

  draw() {
    this.width = this.host.clientWidth;
    if (!this.width) return;
    const focused = this.root.activeElement?.dataset?.focus;
    this.narrow = this.width <= NARROW;
    this.host.classList.toggle("narrow", this.narrow);
    this.host.classList.toggle("presenting", this.meta.present);
    this.host.dataset.view = this.chosen.view;
    this.host.dataset.layer = this.level.name;
    drawBar(this);
    if (!this.unit) {
      const { cell } = this.chosen;
      this.unit = cell && this.chosen.channel !== null ? { k: this.chosen.channel, i: cell[0], j: cell[1] } : this.peak(this.level, this.channel);
      this.locked = Boolean(cell) && this.chosen.held;
      this.pointed = Boolean(cell);
    }
    this.shelf.hidden = this.chosen.view !== "maps";
    this.marked = () => {};
    this.pale = false;
    VIEWS[this.chosen.view](this);
    this.refresh();
    if (focused) /** @type {HTMLElement|null} */ (this.root.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  }

  refresh() {
    this.marked();
    if (this.chosen.view === "maps") drawShelf(this);
    drawSay(this);
    this.host.dataset.unit = [this.unit.k, this.unit.i, this.unit.j].join();
    this.host.dataset.locked = String(this.locked);
  }
}
