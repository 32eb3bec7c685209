// Two costs teach the same badly wrong unit: where it starts, where it stands on the sigmoid, and how it learns.
import { Board, boardOf } from "shared/board.js";
import { button, el, fill, markup } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { askNumber } from "shared/editing.js";
import { drawKnobs } from "shared/knobs.js";
import { short } from "shared/numbers.js";
import { Plots } from "./plots.js";
import { drawShelf } from "./shelf.js";
import { learn } from "./twin.js";

const NEAR = 0.2, FAR = 0.75;
const COSTS = /** @type {const} */ (["quadratic", "cross_entropy"]);

export class TwoCosts extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** The epoch under the pointer. @type {number|null} */
    this.pointed = null;
    /** What the unit learns with each of the two. @type {Record<string, import("./twin.js").Learning>} */
    this.found = {};
    this.starts = el("div", "pills");
    this.formulas = el("div", "formulas");
    /** Made with the first numbers. @type {Plots} */
    this.plots;
  }

  build() {
    this.words.append(this.starts, this.formulas);
    this.plots = new Plots(this);
    this.pictures.classList.add("rows");
    this.pictures.replaceChildren(...this.plots.roots);
  }

  get pace() { return [90, 45, 22]; }
  get at() { return this.state.epoch; }
  get last() { return Number(this.state.epochs); }
  get epoch() { return clamp(this.pointed ?? this.at, 0, this.last); }

  /** @param {number} epoch */
  go(epoch) {
    this.state.epoch = clamp(Math.round(epoch), 0, this.last);
    this.pointed = null;
    this.write();
    this.tell();
  }

  /** @param {number} by */
  step(by) { this.go(this.at + by * Math.max(1, Math.round(this.last / 100))); }

  draw() {
    const { labels, meta } = this;
    // In another language the pictures are made anew: their names were written once.
    if (this.plots.labels.kicker !== labels.kicker) this.build();
    this.kicker.textContent = labels.kicker;
    const written = COSTS.map((cost) => el("div", "", el("b", "", labels[cost]), markup("div", "formula", meta.formulas[cost])));
    this.formulas.replaceChildren(...written);
    this.drawKnobs();
  }

  /** Numbers changed: learn anew. */
  update() {
    const { w, b, x, lr } = this.state, start = { w, b, x, lr, y: Number(this.state.y), epochs: this.last };
    this.found = Object.fromEntries(COSTS.map((cost) => [cost, learn(cost, start)]));
    this.write();
  }

  drawKnobs() {
    const { labels, meta, state } = this;
    drawKnobs(this.knobs, [
      { kind: "choice", name: "show", label: labels.show, value: state.show, options: meta.show.map((name) => [name, labels[name]]) },
      { kind: "choice", name: "y", label: labels.target, value: state.y, options: [["0", "y = 0"], ["1", "y = 1"]] },
      { kind: "choice", name: "epochs", label: labels.epochs, value: state.epochs, options: meta.epochs.map((name) => [name, name]) },
    ], labels, {
      set: (name, value) => {
        state[name] = value;
        state.epoch = Math.min(state.epoch, this.last);
        this.changed();
      },
      act: () => {},
    });
    this.knobs.append(...["x", "lr", "w", "b"].map((name) => this.typed(name)));
  }

  /** A number that is typed. @param {string} name */
  typed(name) {
    const { labels, meta } = this, [low, high] = meta.ranges[name];
    const names = { x: labels.input, lr: labels.lr, w: "w", b: "b" };
    const range = fill(labels.range, { low: short(low), high: short(high) });
    const cell = button("pill typed", "", () => askNumber(cell, this.state[name], labels, (value) => {
      this.state[name] = value;
      this.changed();
    }, { low, high }), "");
    cell.dataset.name = name;
    cell.dataset.said = names[name];
    cell.title = range;
    return el("div", "knob", el("span", "", names[name]), cell);
  }

  /** The chosen start or epoch changed: write it everywhere. */
  write() {
    const { state, labels, meta } = this;
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (this.knobs.querySelectorAll(".typed"))) {
      const value = short(state[/** @type {string} */ (cell.dataset.name)]);
      cell.setAttribute("aria-label", `${cell.dataset.said} ${value}`);
      if (!cell.querySelector("input")) cell.textContent = value;
    }
    this.starts.replaceChildren(...meta.starts.map(([w, b], i) => {
      const made = button("pill", "", () => {
        Object.assign(state, { w, b, epoch: 0 });
        this.changed();
      }, labels[`start_${i}`]);
      made.setAttribute("aria-pressed", String(state.w === w && state.b === b));
      return made;
    }));
    this.plots.update();
    this.tellStory();
    drawShelf(this, this.shelf);
  }

  tellStory() {
    const { found, epoch, labels, last } = this, y = Number(this.state.y), { quadratic, cross_entropy } = found;
    const first = (/** @type {import("./twin.js").Learning} */ one) => {
      const at = one.a.findIndex((a) => Math.abs(a - y) < NEAR);
      return at < 0 ? fill(labels.never, { epochs: last }) : fill(labels.at_epoch, { epoch: at });
    };
    const [slow, quick] = [quadratic.dz[epoch], cross_entropy.dz[epoch]], gap = Math.abs(quadratic.a[0] - y);
    const text = epoch > 0 ? "between" : gap >= FAR ? "wrong" : gap < NEAR ? "right" : "middling";
    const facts = {
      epoch, target: y, a: short(quadratic.a[0], 3), aq: short(quadratic.a[epoch], 3), ac: short(cross_entropy.a[epoch], 3),
      gq: short(slow, 4), gc: short(quick, 4), slope: short(quadratic.slope[epoch], 4),
      times: slow ? short(Math.abs(quick / slow), 0) : "∞", eq: first(quadratic), ec: first(cross_entropy),
    };
    this.speak(`say-${text}`, facts);
  }
}

export default boardOf(TwoCosts);
