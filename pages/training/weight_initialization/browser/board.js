// A signal's way up through a deep stack and a gradient's way back, layer by layer, for one choice of first weights.
import { Board, boardOf } from "shared/board.js";
import { button, el, fill, markup } from "shared/dom.js";
import { percent } from "shared/numbers.js";
import { drawTransport } from "shared/transport.js";
import { brief, briefest, drawArithmetic, size } from "./arithmetic.js";
import { makeRow } from "./row.js";
import { makeSizer } from "./sizer.js";
import { experiments, makeStarts, whenTheyCome } from "./starts.js";

/** @typedef {"y"|"g"} Kind */
/** @typedef {{kind: Kind, layer: number}} Place */

const STEP_MS = 650, EXPERIMENTS_MS = 1500;

const FORMULAS = {
  y: "Var(<i>s</i>) = <i>n</i> · Var(<i>w</i>) · E[<i>x</i>²]",
  g: "E[<i>dx</i>²] = <i>n</i> · Var(<i>w</i>) · E[<i>f</i> ′²] · E[<i>dy</i>²]",
};
const NORMED = " · E[1/<i>σ</i>²]";

/** What is explained at first. */
const FIRST = "y1";
/** Of what is told of these, only the newest counts. */
const OF_SIZE = ["preset", "rule", "size"];

class Lab extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** What is explained, and whether it is held. @type {Place} */
    this.place = { kind: "y", layer: 1 };
    this.locked = false;
    /** What is shown: the settings as they stand, or the classic experiment that was chosen and isn't answered yet. */
    this.shown = "now";
    /** @type {any} */
    this.answer = undefined;
    this.dressed = "";
    /** @type {HTMLElement[]} */
    this.axes = [];
    this.starts = makeStarts((name) => this.choosePreset(name));
    this.sizer = makeSizer((place) => this.drag(place), (rule) => this.act("rule", rule));
    this.rows = { y: this.makeRow("y"), g: this.makeRow("g") };
    this.heads = { y: el("div", "row-head"), g: el("div", "row-head") };
    this.formula = el("div", "formula");
    this.words.append(this.formula, this.sizer.host, this.controls);
    this.pictures.tabIndex = 0;
    this.pictures.setAttribute("role", "group");
    this.pictures.addEventListener("keydown", (event) => this.onArrow(event));
    this.pictures.replaceChildren(this.heads.y, this.rows.y.host, this.heads.g, this.rows.g.host);
    this.shelf.setAttribute("aria-live", "polite");
    host.replaceChildren(this.starts.host, el("div", "bench", this.words, el("section", "right", this.pictures, this.shelf)));
    this.deaf = whenTheyCome(() => { if (this.meta) this.redraw(); });
  }

  leave() {
    super.leave();
    this.deaf();
    this.sizer.leave();
    for (const row of Object.values(this.rows)) row.leave();
  }

  /** @param {Kind} kind */
  makeRow(kind) {
    const point = (/** @type {number|null} */ layer) => {
      if (layer !== null && !this.locked && !this.playing) this.explain({ kind, layer });
    };
    return makeRow(kind, point, (layer) => {
      this.stop_();
      this.locked = !(this.locked && this.place.kind === kind && this.place.layer === layer);
      this.explain({ kind, layer });
      this.hold();
    });
  }

  /** @param {string} name @param {Record<string, unknown>} change */
  voids(name, change) { return OF_SIZE.includes(name) && OF_SIZE.some((other) => other in change); }

  /** The classic experiments come one by one. */
  get every() { return this.meta.waits ? EXPERIMENTS_MS : 0; }

  get view() { return this.shown === "now" ? this.meta.now : experiments().views[this.shown]; }
  /** @param {string} name */
  get(name) { return (this.shown === "now" ? this.arrays : experiments().arrays)[`${this.shown}.${name}`]; }

  // ---- where one stands ----

  /** What was only pointed at stays, unless another place is asked for. @param {Record<string, any>} state */
  take(state) {
    const before = this.state, at = state.at || FIRST;
    super.take(state);
    if (before.at === state.at && before.held === state.held) return;
    this.place = /** @type {Place} */ ({ kind: at[0], layer: Number(at.slice(1)) });
    this.locked = Boolean(state.at && state.held);
  }

  /** The place that is explained may be one that was only pointed at. */
  tellAll() {
    const { state } = this;
    if (this.meta && (this.where !== (state.at || FIRST) || this.locked !== Boolean(state.at && state.held))) {
      Object.assign(state, { at: this.where, held: this.locked });
    }
    return super.tellAll();
  }

  get where() { return `${this.place.kind}${this.place.layer}`; }

  /** The place is held now, or let go. */
  hold() {
    Object.assign(this.state, { at: this.locked ? this.where : "", held: true });
    this.tell();
  }

  /** The way up through the activations, and down again through the gradients. */
  get at() { return this.place.kind === "y" ? this.place.layer : this.last - this.place.layer; }
  get last() { return 2 * this.view.depth + 1; }

  /** @param {number} at */
  go(at) { this.explain(at <= this.view.depth ? { kind: "y", layer: at } : { kind: "g", layer: this.last - at }); }

  /** One layer on, round and round. @param {number} by */
  step(by) { this.go((this.at + by + this.last + 1) % (this.last + 1)); }

  play() {
    this.locked = false;
    this.playing = true;
    this.timer = window.setInterval(() => this.step(1), STEP_MS);
    this.drawControls();
  }

  // ---- what is drawn ----

  /** Words that stay while the reader's language does. */
  dress() {
    const { labels } = this;
    this.dressed = labels.activations;
    this.axes = ["shared", "own"].map((axis) => {
      const made = button("", "", () => this.chooseAxis(axis), labels[axis === "shared" ? "one_axis" : "own_axis"]);
      made.dataset.axis = axis;
      return made;
    });
    const head = (/** @type {string} */ symbol, /** @type {string} */ name, /** @type {string} */ way) =>
      [el("b", "", name), el("i", "", symbol), el("span", "", way)];
    const key = el("span", "key", el("i", "dot"), labels.measured, el("i", "dash"), labels.predicted);
    this.heads.y.replaceChildren(...head("y", labels.activations, `${labels.forward} →`), key, el("span", "axes", ...this.axes));
    this.heads.g.replaceChildren(...head("dL/dy", labels.gradients, `← ${labels.backward}`));
    this.pictures.setAttribute("aria-label", labels.hover);
  }

  drawControls() { drawTransport(this, { speeds: false }); }

  draw() {
    const { meta, labels } = this;
    if (this.answer !== meta) this.shown = "now";
    this.answer = meta;
    if (this.dressed !== labels.activations) this.dress();
    const { view } = this;
    this.place.layer = Math.min(this.place.layer, view.depth);
    this.kicker.textContent = view.kick;
    this.speak(view.say, view.facts);
    const chosen = this.shown === "now" ? meta.chosen : this.shown;
    this.starts.update(meta, chosen, (name) => experiments().arrays[`${name}.std`]?.data ?? null);
    // While a drag is on its way the axis shows its predictions; what is measured is what came last.
    this.sizer.update(meta, view, !this.waits);
    for (const made of this.axes) made.setAttribute("aria-pressed", String(made.dataset.axis === this.state.axis));
    this.drawRows();
    Object.assign(this.host.dataset, { heard: String(meta.heard), chosen: meta.chosen });
  }

  drawRows() {
    const { view, labels, meta, mode } = this, { axis } = this.state, n = view.depth + 1;
    const { data, shape } = this.get("table"), flat = meta.table.indexOf("flat"), zeros = this.get("zeros").data;
    const lost = (/** @type {number} */ layer) => {
      if (layer === 0) return "";
      return percent(view.activation === "relu" ? zeros[layer] : data[(layer - 1) * shape[1] + flat]);
    };
    /** Shares with their word, then alone. @param {string} label @param {string[]} shares */
    const second = (label, shares) => ({
      second: [shares.map((share) => share && fill(label, { share })), shares], unit: fill(label, { share: "" }).trim(),
    });
    const layers = Array.from({ length: n }, (_, i) => i), reaches = this.get("reaches").data;
    const sizes = (/** @type {string} */ array) => [size, brief, briefest].map((write) => Array.from(this.get(array).data, write));
    const ends = (/** @type {0|1} */ which) => layers.map((i) => size(axis === "own" ? reaches[which * n + i] : view.reach[which]));
    this.rows.y.update({
      label: labels.activations, sizes: this.get("std").data, predicted: this.get("predicted_std").data,
      bars: this.get(`y_${axis}`).data, zeros: zeros.subarray(0, n), first: sizes("std"),
      ...second(view.activation === "relu" ? labels.zero : labels.flat, layers.map(lost)), ends: ends(0),
      heads: [labels.layer, "{number}"].map((name) => layers.map((i) => (i ? fill(name, { number: i }) : labels.data))),
    }, mode);
    this.rows.g.update({
      label: labels.gradients, sizes: this.get("rms").data, predicted: this.get("predicted_rms").data,
      bars: this.get(`g_${axis}`).data, zeros: zeros.subarray(n), first: sizes("rms"),
      ...second(labels.zero, layers.map((i) => (zeros[n + i] > 0.005 ? percent(zeros[n + i]) : ""))), ends: ends(1), heads: [],
    }, mode);
  }

  update() { this.explain(this.place); }

  /** Put a place's numbers into its rule. @param {Place} place */
  explain(place) {
    this.place = place;
    const { kind, layer } = place, { view } = this, other = kind === "y" ? "g" : "y";
    this.rows[kind].mark(layer, kind === "y" ? (layer > 0 ? layer - 1 : null) : layer < view.depth ? layer + 1 : null);
    this.rows[other].mark(null, null);
    this.host.dataset.at = this.where;
    const formula = kind === "g" && view.batchNorm ? FORMULAS.g + NORMED : FORMULAS[kind];
    if (this.formula.dataset.shown !== formula) this.formula.replaceChildren(markup("span", "", formula));
    this.formula.dataset.shown = formula;
    this.host.classList.toggle("is-locked", this.locked);
    const scene = { meta: this.meta, view, get: (/** @type {string} */ name) => this.get(name) };
    drawArithmetic(this.shelf, scene, place, { locked: this.locked, narrow: this.narrow }, (what) => this.name(what));
  }

  /** Light up what a factor of the arithmetic is. @param {string|null} what */
  name(what) {
    this.sizer.host.classList.toggle("named", what === "size");
    for (const kind of /** @type {const} */ (["y", "g"])) {
      const layer = what?.[0] === kind ? Number(what.slice(1)) : null;
      const here = this.place.kind === kind ? this.place.layer : null;
      this.rows[kind].mark(here, what ? layer : here === null ? null : kind === "y" ? here - 1 : here + 1);
    }
  }

  // ---- what the learner does ----

  /** The size is being dragged: predictions move at once. @param {number} place */
  drag(place) {
    const n = this.view.depth + 1;
    for (const [kind, name] of /** @type {[Kind, string][]} */ ([["y", "std"], ["g", "gradient"]])) {
      const { data, shape } = this.arrays[`sizes.${name}`];
      if (shape[1] === n) this.rows[kind].predict(data.subarray(place * n, (place + 1) * n));
    }
    this.act("size", this.meta.sigmas[place]);
  }

  /** @param {string} name */
  choosePreset(name) {
    this.stop_();
    if (experiments().views[name]) {
      this.shown = name;
      this.redraw();
    }
    this.act("preset", name);
  }

  /** @param {string} axis */
  chooseAxis(axis) {
    this.state.axis = axis;
    this.redraw();
    this.tell();
  }

  /** @param {KeyboardEvent} event */
  onArrow(event) {
    const { kind, layer } = this.place, top = this.view.depth;
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (side) this.explain({ kind, layer: Math.max(0, Math.min(top, layer + side)) });
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.explain({ kind: event.key === "ArrowUp" ? "y" : "g", layer });
    else if (event.key === "Enter") {
      this.locked = !this.locked;
      this.explain(this.place);
      this.hold();
    } else return;
    this.stop_();
    event.preventDefault();
    event.stopPropagation();
  }

  /** @returns {import("shared/picture_keys.js").Key[]} */
  keysAt() { return [["← →", "keys_step"], ["Space", "keys_play"], ["Esc", "keys_release"]]; }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key !== "Escape" || !this.locked) return super.pressed(event);
    this.locked = false;
    this.explain(this.place);
    this.hold();
    return true;
  }
}

export default boardOf(Lab);
