// Receptive field: a stack of windows, one chosen unit, its field on every map before it and after it.
import { colour, css, watchTheme } from "shared/colours.js";
import { el } from "shared/dom.js";
import { Resting } from "shared/resting.js";
import { unpack } from "shared/unpack.js";
import { heads } from "./editing.js";
import { Grid, ramp } from "./grid.js";
import { drawPanel } from "./panel.js";
import { drawSay } from "./say.js";
import { Column, Photo } from "./schematic.js";
import { drawTable, markRow } from "./table.js";
import { extent, reach, waysAbove, waysBelow } from "./ways.js";
import { drawWires } from "./wires.js";
import { whenGone } from "shared/mounted.js";

const NARROW = 760, STEP_MS = 1100, CALM_MS = 2600, REST_MS = 260, LARGEST = 34, SMALLEST = 6, MANY = 6;

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".rf");
  host.lesson ??= new Receptive(host, parentElement);
  host.lesson.setTriggerValue = setTriggerValue;
  host.lesson.receive(data);
  return whenGone(host, () => {
    host.lesson?.leave();
    host.lesson = null;
  });
}

class Receptive {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    this.host = host;
    this.root = root;
    this.mode = "light";
    this.locked = false;
    this.playing = 0;
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
    this.resting = new Resting(() => this.tellUnit(), () => { if (this.standing !== this.known) this.tellUnit(); });
  }

  leave() {
    this.pause();
    this.resting.leave();
    this.resized.disconnect();
    this.unwatch();
  }

  build() {
    this.kicker = el("div", "kicker");
    this.heading = el("h2");
    this.sentence = el("p");
    this.sentence.setAttribute("aria-live", "polite");
    this.formula = el("div", "formula");
    this.controls = el("div", "controls");
    this.pictures = el("div", "pictures");
    this.tableBox = el("div", "table");
    this.panel = el("div", "panel");
    const say = el("section", "say", this.kicker, this.heading, this.sentence, this.formula, this.controls);
    this.host.replaceChildren(say, el("section", "right", this.pictures, el("div", "shelf", this.tableBox, this.panel)));
  }

  /** @param {Uint8Array} data */
  receive(data) {
    const { meta, arrays } = unpack(data);
    if (meta.version === this.meta?.version) return;
    const asked = meta.asked !== this.meta?.asked, other = asked || meta.scene !== this.meta?.scene;
    this.meta = meta;
    this.arrays = arrays;
    if (other) {
      const [level, i, j] = meta.unit;
      this.pause();
      this.unit = { level, i, j };
      this.locked = asked && meta.held;
      this.resting.drop();
      this.sizes = meta.levels.map((level) => level.units);
      this.draw();
      this.known = this.standing;
    } else this.refresh();
  }

  nameOf(level) { return level ? this.meta.levels[level].name : this.meta.labels.image; }

  // ---- choosing a unit ----

  hover(level, i, j) {
    const { unit } = this;
    if (this.locked || (unit.level === level && unit.i === i && unit.j === j)) return;
    this.pause();
    this.choose(level, i, j);
  }

  lock(level, i, j) {
    const { unit } = this, same = unit.level === level && unit.i === i && unit.j === j;
    this.pause();
    this.locked = !(this.locked && same);
    this.choose(level, i, j);
    this.tell();
  }

  release() {
    this.pause();
    this.locked = false;
    this.refresh();
    this.tell();
  }

  walk(level, down, right) {
    this.pause();
    const from = this.unit.level === level ? this.unit : this.nearest(level), inside = (at) => Math.max(0, Math.min(this.sizes[level] - 1, at));
    this.choose(level, inside(from.i + down), inside(from.j + right));
    this.tell(REST_MS);
  }

  choose(level, i, j) {
    this.unit = { level, i, j };
    this.refresh();
  }

  /** Show a layer: its unit that stands nearest to where the present one looks. */
  goTo(level) {
    this.pause();
    const { i, j } = this.nearest(level);
    this.choose(level, i, j);
    this.tell(REST_MS);
  }

  nearest(level) {
    const from = this.meta.levels[this.unit.level], to = this.meta.levels[level], most = this.sizes[level] - 1;
    const near = (at) => Math.max(0, Math.min(most, Math.round((from.start + at * from.jump - to.start) / to.jump)));
    return { i: near(this.unit.i), j: near(this.unit.j) };
  }

  /** The column of a layer seen from the side that looks where the present unit looks. */
  across(level) { return level === this.unit.level ? this.unit.j : this.nearest(level).j; }

  /** Tell the page which unit is chosen: the link holds it, and the engine measures it. */
  tell(after = 0) { this.resting.soon(after); }

  get standing() { return JSON.stringify([this.unit, this.locked]); }

  tellUnit() {
    this.known = this.standing;
    this.setTriggerValue("unit", { at: [this.unit.level, this.unit.i, this.unit.j], held: this.locked, since: this.meta.asked });
  }

  send(event) { this.setTriggerValue("event", event); }

  // ---- playing ----

  step(by) {
    const level = this.unit.level + by;
    if (level < 0 || level >= this.sizes.length) return false;
    const { i, j } = this.nearest(level);
    this.choose(level, i, j);
    return true;
  }

  play() {
    if (this.playing) {
      this.pause();
      return;
    }
    this.locked = false;
    const middle = Math.floor((this.sizes[0] - 1) / 2);
    if (this.unit.level === this.sizes.length - 1) this.choose(0, middle, middle);
    this.playing = setInterval(() => { if (!this.step(1)) this.pause(); }, this.still ? CALM_MS : STEP_MS);
    this.drawControls();
  }

  pause() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = 0;
    this.drawControls();
  }

  // ---- drawing ----

  /** @returns {HTMLButtonElement} */
  button(classes, label, click, ...inside) {
    const made = /** @type {HTMLButtonElement} */ (el("button", classes, ...inside));
    made.type = "button";
    made.title = label;
    made.setAttribute("aria-label", label);
    made.dataset.focus = `${classes}:${label}`;
    made.onclick = click;
    return made;
  }

  draw() {
    this.width = this.host.clientWidth;
    if (!this.width) return;
    const { activeElement } = this.root, focused = activeElement?.dataset?.focus, { told } = activeElement?.dataset ?? {};
    const typed = told !== undefined && activeElement.value !== told ? activeElement.value : null;
    this.narrow = this.width <= NARROW;
    this.host.classList.toggle("narrow", this.narrow);
    this.host.classList.toggle("presenting", this.meta.present);
    this.host.classList.toggle("schematic", this.meta.schematic);
    this.host.classList.toggle("dense", this.sizes.length >= MANY);
    this.panelKey = "";
    this.host.style.setProperty("--ramp", ramp(this.mode));
    this.host.style.setProperty("--ramp-end", css(colour(1, 1, "sequential", this.mode)));
    drawTable(this);
    this.drawControls();
    this.meta.schematic ? this.drawSchematic() : this.drawGrids();
    this.refresh();
    const again = focused && /** @type {HTMLElement|null} */ (this.root.querySelector(`[data-focus="${focused}"]`));
    again?.focus({ preventScroll: true });
    if (again && typed !== null) again.value = typed;
  }

  drawGrids() {
    this.views = this.sizes.map((_, level) => new Grid(level, this));
    const em = parseFloat(getComputedStyle(this.host).fontSize), top = heads(this);
    const parts = this.views.map((view, level) => {
      const body = el("div", "map");
      return { view, body, column: el("div", "level", top.head(level), body, el("div", "ways")) };
    });
    const row = parts.flatMap(({ column }, level) => [column, top.gap(level)]);
    this.pictures.replaceChildren(...row);
    const wide = (/** @type {Iterable<HTMLElement>} */ parts) => [...parts].map((part) => part.offsetWidth);
    const gaps = wide(this.pictures.querySelectorAll(".gap")).reduce((sum, gap) => sum + gap, 0), titles = wide(this.pictures.querySelectorAll(".top"));
    const room = this.pictures.clientWidth - 2.5 * em - gaps - (this.sizes.length >= MANY ? 0.5 : 1.1) * em * this.views.length, tall = this.pictures.clientHeight - 8.4 * em;
    const widest = Math.max(...this.views.map((view) => view.across));
    const taken = (size) => this.views.reduce((sum, view, level) => sum + Math.max(view.across * size, titles[level]), 0);
    let cell = Math.floor(Math.min((LARGEST * em) / 15, this.narrow ? (this.width - 4 * em) / Math.max(widest, 12) : tall / widest));
    while (!this.narrow && cell > SMALLEST && taken(cell) > room) cell -= 1;
    cell = Math.max(SMALLEST, cell);
    for (const { view, body } of parts) body.append(this.named(view.build(cell), view.level));
  }

  drawSchematic() {
    const em = parseFloat(getComputedStyle(this.host).fontSize), count = this.sizes.length - 1;
    this.views = this.sizes.map((_, level) => (level ? new Column(level, this) : new Photo(this)));
    this.pictures.replaceChildren();
    const room = this.pictures.clientWidth - 2.4 * em, tall = this.pictures.clientHeight - 7.2 * em;
    const side = Math.floor(this.narrow ? Math.min(room, 19 * em) : Math.min(tall, room * 0.36));
    const step = Math.floor((this.narrow ? room : room - side - 2 * em) / count), width = Math.max(7, Math.min(3.4 * em, Math.floor(step * (this.narrow ? 0.8 : 0.62))));
    const columns = this.views.map((view, level) => {
      const [, kind, number] = /^(\D*)(.*)$/.exec(this.nameOf(level)), field = this.meta.levels[level];
      const body = el("div", "map", this.named(level ? view.build(side, width) : view.build(side), level));
      const name = level ? el("div", "level-head", el("small", "", kind), el("b", "", number)) : el("div", "level-head", el("b", "", this.meta.labels.input), el("span", "", this.nameOf(0)));
      const made = el("div", "level", name, body, el("div", "ways", ...(level ? [el("b", "", String(field.size)), el("small", "", String(field.jump))] : [el("b", "", "r"), el("small", "", "jump")])));
      if (level) made.style.width = `${step}px`;
      made.dataset.at = String(level);
      return made;
    });
    this.pictures.replaceChildren(...columns);
  }

  named(canvas, level) {
    const { labels, levels } = this.meta;
    canvas.setAttribute("aria-label", `${this.nameOf(level)}, ${levels[level].units}×${levels[level].units}. ${labels.keys}`);
    canvas.dataset.focus = `map:${level}`;
    return canvas;
  }

  drawControls() {
    const { labels } = this.meta;
    const focused = this.root.activeElement?.dataset?.focus;
    this.controls.replaceChildren(
      this.button("round", labels.shallower, () => { this.pause(); this.step(-1); this.tell(REST_MS); }, "‹"),
      this.button(`round play${this.playing ? " on" : ""}`, this.playing ? labels.pause : labels.play, () => this.play(), el("i", this.playing ? "two" : "one")),
      this.button("round", labels.deeper, () => { this.pause(); this.step(1); this.tell(REST_MS); }, "›"),
      el("span", "hint", this.narrow ? labels.tap : labels.hover),
    );
    if (focused) /** @type {HTMLElement|null} */ (this.controls.querySelector(`[data-focus="${focused}"]`))?.focus({ preventScroll: true });
  }

  /** Light the field of the chosen unit on every map. */
  refresh() {
    const { meta: { windows, labels }, sizes, unit: { level, i, j }, views } = this;
    [this.rows, this.columns] = [i, j].map((at) => [...waysBelow(windows, sizes, level, at), ...waysAbove(windows, sizes, level, at).slice(1)]);
    const down = reach(windows, level, i), right = reach(windows, level, j);
    this.boxes = sizes.map((_, l) => {
      const rows = l <= level ? down[l] : extent(this.rows[l]), columns = l <= level ? right[l] : extent(this.columns[l]);
      return rows && columns ? { rows, columns } : null;
    });
    views.forEach((view, l) => {
      view.paint({ rows: this.rows[l], columns: this.columns[l], box: this.boxes[l], here: l === level, locked: this.locked });
      const column = view.canvas.closest(".level"), most = Math.max(...this.rows[l]) * Math.max(...this.columns[l]);
      column.classList.toggle("here", l === level);
      if (!this.meta.schematic) column.querySelector(".ways").replaceChildren(...this.legend(l === level ? 0 : most, labels));
    });
    if (this.narrow && !this.meta.schematic) drawWires(this.pictures, []);
    else drawWires(this.pictures, views.map((view, l) => (this.boxes[l] ? view.edges(this.boxes[l]) : null)));
    markRow(this, level);
    drawPanel(this);
    drawSay(this);
    this.host.dataset.unit = [level, i, j].join();
    this.host.dataset.locked = String(this.locked);
  }

  legend(most, labels) {
    if (!most) return [el("span", "", "\u00a0")];
    if (most === 1) return [el("i", "ramp one"), el("span", "", `1 ${labels.way}`)];
    return [el("span", "", "1"), el("i", "ramp"), el("span", "", `${most < 1e5 ? most : most.toExponential(1)} ${labels.ways}`)];
  }
}
