// A bench with the whole lesson around it: a column of words, a row of settings, pictures, arithmetic.
// Everything comes from Python (ui/components/bench), which runs it as it is; a lesson that needs more extends this class.
import { Bench } from "./bench.js";
import { boardOf } from "./board.js";
import { el, fill, sentence } from "./dom.js";
import { drawKnobs } from "./knobs.js";
import { tabs } from "./pane.js";
import { Found } from "./quiz.js";
import { drawTransport } from "./transport.js";

const REST_MS = 500;

export class Workbench extends Bench {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    this.found = new Found(this);
    /** Which of the scene's values can be hidden, by grid and entry. @type {Map<string, number>} */
    this.places = new Map();
    /** The values that are hidden, as the found ones were found. */
    this.numbers = "";
    /** What was asked last. */
    this.question = "";
    this.state = { quiz: false, done: "" };
    this.notes = el("div", "notes");
    this.notes.setAttribute("role", "status");
    this.tools.after(this.notes);
  }

  // ---- where one stands ----

  /**
   * The cursor stays where it is, unless the scene is another, or the page asks for a place: when it opens, and when an
   * example was chosen.
   * @param {any} before @param {boolean} asked
   */
  arrived(before, asked) {
    const { meta } = this, { state } = meta;
    this.hideAgain(asked);
    if (!asked && meta.id === before.id) return;
    this.stop_();
    this.cursors = { ...meta.cursors };
    for (const name of Object.keys(this.cursors)) if (name in state) this.cursors[name] = state[name];
    this.cell = state.cell < 0 ? null : state.cell;
    this.active = (meta.results.length ? meta.results[state[meta.result]] : state[meta.result]) || null;
    this.locked = asked && state.held;
    this.unfolded = asked && state.unfolded;
    if (asked) [this.scope, this.tab] = [state.scope, state.pane];
  }

  /** The scene may hide other values, and what was found of other numbers is void. @param {boolean} asked */
  hideAgain(asked) {
    /** @type {import("./grids.js").Spec[]} */
    const specs = this.meta.rows.flat(2).filter((/** @type {any} */ spec) => spec.hide);
    const names = specs.flatMap((spec) => Array.from(this.arrays[spec.array].data, (_, flat) => `${spec.id}.${flat}`));
    const numbers = specs.map((spec) => this.arrays[spec.array].data.join()).join(";");
    const another = Boolean(numbers && this.numbers && numbers !== this.numbers);
    this.places = new Map(names.map((name, i) => [name, i]));
    this.numbers = numbers || this.numbers;
    this.state = { quiz: names.length > 0, done: asked ? this.meta.state.done ?? "" : another ? "" : this.state.done };
    if (another) this.found.renew();
  }

  /** @param {Uint8Array} data @param {import("./board.js").Trigger} trigger */
  receive(data, trigger) {
    const before = this.meta;
    super.receive(data, trigger);
    // What the page holds and what is seen must agree, or the link would open elsewhere.
    if (before && this.meta !== before && this.meta.asked === before.asked && this.strayed) this.rested();
  }

  get standing() {
    const { meta } = this, id = this.result?.spec.id, first = this.grids.find((grid) => grid.spec.result)?.spec.id;
    const chosen = Object.entries(this.cursors).filter(([name]) => name in meta.state);
    // A control of every bench's has no name for the result that is explained if nobody chose one.
    const active = meta.results.length ? meta.results.indexOf(id) : meta.result === "result" && id === first ? "" : id;
    return {
      cell: this.cell, ...Object.fromEntries(chosen), [meta.result]: active,
      held: this.locked, unfolded: this.unfolded, scope: this.scope, pane: this.tab,
      ...("done" in meta.state ? { done: this.state.done } : {}),
    };
  }

  get strayed() {
    if (!this.grids.length) return false;
    const { standing, meta: { state } } = this, known = Object.fromEntries(Object.keys(standing).map((name) => [name, state[name]]));
    if (!this.result.whereIs(known.cell)) known.cell = this.strongest();
    return JSON.stringify(known) !== JSON.stringify(standing);
  }

  /** Where the cursor is, once it rests, so that the link can hold it. */
  rested() { this.resting.soon(REST_MS); }

  /** Another channel of the same place: one looks from filter to filter. @param {string} cursor @param {number} channel */
  choose(cursor, channel, keep = true) { super.choose(cursor, channel, keep); }

  // ---- values to be found ----

  /** @param {string} name @returns {number} */
  value(name) {
    const [id, flat] = name.split(".");
    return /** @type {import("./grids.js").Grid} */ (this.grids.find((grid) => grid.spec.id === id)).values[Number(flat)];
  }

  /** @param {import("./grids.js").Grid} grid @param {number} flat */
  hides(grid, flat) { return this.found.hides(`${grid.spec.id}.${flat}`); }

  /** @param {import("./grids.js").Grid} grid @param {number} flat */
  explanation(grid, flat) {
    const made = super.explanation(grid, flat), name = `${grid.spec.id}.${flat}`;
    if (name !== this.question) this.found.forget();
    this.question = name;
    if (!this.found.hides(name)) return made;
    return { ...made, text: "scene-find", facts: { ...made.facts, name: made.name }, asked: { name, found: this.found } };
  }

  /** While values are hidden, a click chooses which one to find: on its way to the field, the pointer passes others. */
  hover(/** @type {import("./grids.js").Grid} */ grid, /** @type {number} */ flat) {
    if (!this.state.quiz) super.hover(grid, flat);
  }

  /** @param {import("./grids.js").Grid} grid @param {number} flat */
  lock(grid, flat) {
    if (!this.state.quiz) {
      super.lock(grid, flat);
      return;
    }
    [this.active, this.cell] = [grid.spec.id, flat];
    this.follow(grid);
    this.explain();
    this.rested();
    /** @type {HTMLElement|null} */ (this.shelf.querySelector(".guess"))?.focus({ preventScroll: true });
  }

  /** Something was found. */
  changed() {
    for (const grid of this.grids) if (grid.spec.hide) grid.fill();
    this.explain();
    this.rested();
  }

  update() { if (this.state.quiz) this.explain(); }

  // ---- drawing ----

  drawControls() {
    drawTransport(this);
    this.controls.hidden = this.scene.plays === false;
    this.tools.hidden = this.controls.hidden && !this.meta.knobs.length;
  }

  draw() {
    this.drawSay();
    drawKnobs(this.knobs, this.meta.knobs, this.labels, { set: (name, value) => this.set(name, value), act: (name) => this.act(name) });
    this.drawNotes();
    this.drawPictures();
  }

  drawSay() {
    const { scene } = this;
    this.kicker.textContent = scene.kicker;
    this.words.replaceChildren(this.kicker, this.heading, this.sentence, ...this.extras(), ...tabs(this, scene, () => this.drawSay()));
  }

  /** More of the column of words, between the sentence and the formula. @returns {HTMLElement[]} */
  extras() { return []; }

  drawNotes() {
    this.notes.hidden = !this.scene.notes.length;
    this.notes.replaceChildren(...this.scene.notes.map(
      (/** @type {{text: string, flagged: boolean}} */ { text, flagged }) => el("p", flagged ? "flagged" : "", sentence(text, {}))));
  }

  /** @param {import("./explain.js").Explanation} explanation */
  said(explanation) {
    const [title, text] = this.meta.texts[explanation.text] ?? this.meta.texts[this.scene.text] ?? ["", ""];
    this.heading.textContent = fill(title, explanation.facts);
    this.sentence.replaceChildren(sentence(text, explanation.facts));
  }
}

export default boardOf(Workbench);
