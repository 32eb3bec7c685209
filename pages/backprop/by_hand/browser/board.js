// Backprop by hand: a small network, the list of its elementary steps, and the arithmetic of the chosen one.
import { Board, boardOf } from "shared/board.js";
import { el } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { drawKnobs } from "shared/knobs.js";
import { Found } from "shared/quiz.js";
import { Cells, exact } from "./cells.js";
import { Course } from "./course.js";
import { drawMatrices } from "./matrices.js";
import { drawNetwork } from "./network.js";
import { StepList, drawShelf } from "./steps.js";

/** What no number in a link is as large as. */
const BEYOND = 10_000;

/** A picture of all quantities: it writes what changes with the chosen step, and lights what is pointed at.
 * @typedef {{write: () => void, point?: (name: string|null) => void, leave?: () => void}} View */
/** @typedef {{result: string, tokens: string[], phase: string, unit: string, text: string, facts: Record<string, string>}} Line */

export class ByHand extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    // Every step is to be read, and nothing moves between two of them: it is played for whoever wants less motion, too.
    this.still = false;
    this.cells = new Cells(this);
    this.course = new Course(this);
    this.found = new Found(this);
    this.list = new StepList(this);
    /** @type {View|undefined} */
    this.view = undefined;
    /** Where the step stands that computes a quantity. @type {Map<string, number>} */
    this.places = new Map();
    /** What the picture was last drawn from. @type {any} */
    this.drawnFrom = undefined;
    this.picture = el("div", "picture");
    this.notice = el("div", "notes flagged");
    this.notice.setAttribute("role", "status");
    this.words.append(this.course.root);
    this.pictures.className = "middle";
    this.pictures.before(this.notice);
    this.pictures.replaceChildren(this.picture, this.list.root);
  }

  get pace() { return [2600, 1300, 650]; }
  get at() { return this.places.get(this.state.at) ?? /** @type {number} */ (this.places.get(this.meta.first)); }
  get last() { return this.meta.lines.length - 1; }
  /** The chosen step. @returns {Line} */
  get line() { return this.meta.lines[this.at]; }
  /** @param {string} name @returns {number} */
  value(name) { return this.meta.symbols[name].value; }
  /** Whether a quantity stands there by now: given, or computed up to the chosen step. @param {string} name */
  stands(name) { return (this.places.get(name) ?? -1) <= this.at; }
  /** Whether its value may be read: not while the learner is to find it. @param {string} name */
  shown(name) { return this.stands(name) && !this.found.hides(name); }

  /** @param {number} at */
  go(at) { this.choose(this.meta.lines[clamp(at, 0, this.last)].result); }

  /** @param {string} result */
  choose(result) {
    if (!this.places.has(result) || result === this.line.result) return;
    this.state.at = result;
    this.found.forget();
    this.changed();
  }

  // ---- what the page must answer ----

  /** Other numbers, another network, more steps. @param {Record<string, any>} change */
  ask(change) {
    Object.assign(this.state, change);
    this.found.forget();
    this.changed();
    this.resting.now();
  }

  /** Learning begins anew, and what was found is another number now. @param {Record<string, any>} change */
  startWith(change) { this.ask({ ...change, run: "0", n: 0, done: "" }); }

  /** Another number for a given quantity. The weights as they are now become the start. @param {string} name @param {number} value */
  edit(name, value) {
    const { state, waits } = this, { units, weights, biases, n } = this.meta;
    /** @type {Record<string, string[]>} */
    const given = { x: units[0], t: units.at(-1).map((_, k) => `t${k + 1}`), w: [...weights.flat(2), ...biases.flat()] };
    // What was typed a moment ago isn't drawn yet.
    const typed = (/** @type {string} */ control) =>
      waits && !(control === "w" && state.n) && state[control].length === given[control].length;
    const now = (/** @type {string} */ control) => (typed(control) ? state[control] : given[control].map((one) => this.value(one)));
    const row = (/** @type {string} */ control) => given[control].map((one, i) => (one === name ? value : now(control)[i]));
    const changed = Object.keys(given).filter((control) => given[control].includes(name) || (n && control === "w"));
    const change = Object.fromEntries(changed.map((control) => [control, row(control)]));
    // A run beyond all bounds can't be a start.
    if (change.w?.some((weight) => Math.abs(weight) >= BEYOND)) return;
    this.startWith(change);
  }

  /** Another network: its own numbers, unless only what follows from them changes. @param {string} name @param {any} value */
  set(name, value) {
    if (value === this.state[name]) return;
    const own = { sizes: ["x", "t", "w"], seed: ["x", "t", "w"], head: ["t"] }[name] ?? [];
    this.startWith({ [name]: value, ...Object.fromEntries(own.map((control) => [control, []])) });
  }

  /** Stand after so many steps; the run is made as long as that needs. @param {number} to */
  goTo(to) {
    const { levels } = this.meta, n = clamp(to, 0, levels.at(-1)), needed = levels.find((level) => level >= n);
    this.ask({ n, run: String(Math.max(needed, Number(this.state.run))) });
  }

  reset() { this.startWith({ x: [], t: [], w: [], lr: this.meta.rate.usual }); }

  // ---- drawing ----

  draw() {
    const { meta } = this;
    if (this.drawnFrom !== meta) {
      this.drawnFrom = meta;
      this.found.renew();
      this.places = new Map(meta.lines.map((/** @type {Line} */ line, /** @type {number} */ i) => [line.result, i]));
    }
    this.notice.textContent = meta.notice;
    this.notice.hidden = !meta.notice;
    this.drawKnobs();
    this.list.build();
    this.course.update();
    this.drawView();
  }

  drawView() {
    const matrices = this.state.view === "matrices";
    this.cells.clear();
    this.picture.dataset.view = this.state.view;
    this.view?.leave?.();
    this.view = matrices ? drawMatrices(this, this.picture) : drawNetwork(this, this.picture);
  }

  drawKnobs() {
    const { labels, meta, state } = this, { choices } = meta;
    const trained = /** @type {[string, string][]} */ ([["true", labels.trained], ["false", labels.fixed]]);
    const select = (/** @type {string} */ name, /** @type {[string, string][]} */ options) =>
      /** @type {import("shared/knobs.js").Knob} */ ({ kind: "select", name, label: labels[name], value: state[name], options });
    const sizes = choices.sizes.includes(state.sizes) ? choices.sizes : [...choices.sizes, state.sizes];
    drawKnobs(this.knobs, [
      { kind: "choice", name: "view", label: "", value: state.view, options: [["network", labels.network], ["matrices", labels.matrices]] },
      select("sizes", sizes.map((text) => [text, text])),
      select("hidden", choices.hidden.map((name) => [name, name])),
      select("head", choices.head.map((name) => [name, labels[`head_${name}`]])),
      { kind: "choice", name: "biases", label: labels.biases, value: String(state.biases), options: trained },
      { kind: "step", name: "seed", label: labels.seed, value: state.seed, low: 0, high: 999 },
      { kind: "button", name: "quiz", label: state.quiz ? labels.unquiz : labels.quiz },
    ], labels, {
      set: (name, value) => {
        if (name === "view") {
          state.view = value;
          this.drawView();
          this.changed();
        } else this.set(name, name === "biases" ? value === "true" : value);
      },
      act: () => {
        state.quiz = !state.quiz;
        // Found one after the other, each from what stands there already.
        if (state.quiz) state.at = this.meta.lines[0].result;
        this.found.forget();
        this.drawKnobs();
        this.course.update();
        this.changed();
      },
    });
  }

  /** The chosen step changed, or what is known: write it everywhere. */
  update() {
    const { line, labels } = this, { result } = line;
    this.cells.write();
    this.view?.write();
    this.list.write();
    // The error's curve shows itself once both ends of the step are found.
    if (this.state.quiz) this.course.update();
    const hidden = this.found.hides(result), value = hidden ? "?" : exact(this.value(result));
    const [E, after] = ["E", "new_E"].map((name) => (this.shown(name) ? exact(this.value(name)) : "?"));
    this.kicker.textContent = `${labels[line.phase]} · ${this.at + 1} / ${this.last + 1}`;
    this.speak(hidden ? "step-find" : line.text, { ...line.facts, value, E, after });
    drawShelf(this, this.shelf);
  }

  /** Light what a quantity stands for, wherever it stands, and the steps that read it. @param {string|null} name */
  point(name) {
    this.cells.point(name);
    this.list.point(name);
    this.view?.point?.(name);
  }
}

export default boardOf(ByHand);
