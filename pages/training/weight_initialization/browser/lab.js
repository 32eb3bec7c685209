// The lab: a signal's way through a deep stack and a gradient's way back, layer by layer, for one choice of first weights.
import { watchTheme } from "shared/colours.js";
import { button, el, markup, sentence } from "shared/dom.js";
import { whenAsked } from "shared/resting.js";
import { makeTelling } from "shared/telling.js";
import { pictureKeys } from "shared/picture_keys.js";
import { unpack } from "shared/unpack.js";
import { drawArithmetic } from "./arithmetic.js";
import { experiments, whenTheyCome } from "./experiments.js";
import { makeRow } from "./row.js";
import { makeSizer } from "./sizer.js";
import { makeStarts } from "./starts.js";
import { percent, size } from "./words.js";
import { whenGone } from "shared/mounted.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/** @typedef {{kind: "y"|"g", layer: number}} Place */

/** Of what is told of these, only the newest counts. */
const OF_SIZE = ["preset", "size", "sigma"];
const NARROW = 760, STEP_MS = 650, PRESETS_MS = 1500;

const FORMULAS = {
  y: "Var(<i>s</i>) = <i>n</i> · Var(<i>w</i>) · E[<i>x</i>²]",
  g: "E[<i>dx</i>²] = <i>n</i> · Var(<i>w</i>) · E[<i>f</i> ′²] · E[<i>dy</i>²]",
};

/** What is explained at first. */
const FIRST = "y1";

const NORMED = " · E[1/<i>σ</i>²]";

/** @type {WeakMap<object, Lab>} */
const MOUNTED = new WeakMap();

/** @param {{data: Uint8Array, parentElement: ShadowRoot, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function mount({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".lab"));
  const lab = MOUNTED.get(root) ?? new Lab(root, parentElement);
  MOUNTED.set(root, lab);
  lab.receive(data, setTriggerValue);
  return whenGone(root, () => {
    lab.leave();
    MOUNTED.delete(root);
  });
}

class Lab {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    this.host = host;
    this.root = root;
    this.ask = makeTelling((name, change) => OF_SIZE.includes(name) && OF_SIZE.some((other) => other in change));
    /** @type {any} */
    this.meta = null;
    /** @type {Record<string, any>} */
    this.arrays = {};
    this.shown = "now";
    this.place = /** @type {Place} */ ({ kind: "y", layer: 1 });
    this.locked = false;
    this.playing = 0;
    this.waiting = 0;
    this.mode = /** @type {Mode} */ ("light");
    this.built = "";
    this.rows = /** @type {Record<string, ReturnType<typeof makeRow>>} */ ({});
    this.starts = makeStarts((name) => this.choosePreset(name));
    this.sizer = makeSizer((place) => this.drag(place), () => {}, (rule) => this.tell({ size: rule }));
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) this.draw(false);
    });
    this.deafToAsking = whenAsked(() => this.tellPlace());
    this.keys = pictureKeys(host, { press: (event) => this.pressed(event), keys: () => [["← →", "keys_step"], ["Space", "keys_play"], ["Esc", "keys_release"]] });
    this.deaf = whenTheyCome(() => {
      if (!this.meta) return;
      this.lookUp();
      this.draw(false);
    });
    this.resized = new ResizeObserver(() => host.classList.toggle("narrow", host.clientWidth < NARROW));
    this.resized.observe(host);
  }

  leave() {
    this.stop();
    clearTimeout(this.waiting);
    this.unwatch();
    this.deaf();
    this.deafToAsking();
    this.sizer.leave();
    this.resized.disconnect();
    for (const row of Object.values(this.rows)) row.leave();
    this.keys.leave();
  }

  /** @param {Uint8Array} data @param {(name: string, value: unknown) => void} setTriggerValue */
  receive(data, setTriggerValue) {
    const { meta, arrays } = unpack(data), first = !this.meta, asked = first || meta.asked !== this.meta.asked;
    this.meta = meta;
    this.own = { views: meta.views, arrays };
    this.lookUp();
    this.host.classList.toggle("presenting", meta.present);
    const answered = this.ask.heard(meta.heard, setTriggerValue, meta.asked);
    // While a drag is on its way the axis shows its predictions; what is measured is what came last.
    this.shown = "now";
    if (meta.language !== this.built) this.build();
    if (asked) {
      const at = meta.at || FIRST;
      this.place = { kind: at[0], layer: Number(at.slice(1)) };
      this.locked = Boolean(meta.at && meta.held);
    }
    this.place.layer = Math.min(this.place.layer, this.view.depth);
    this.draw(!first, answered);
    this.host.dataset.heard = String(meta.heard);
    this.host.dataset.chosen = meta.chosen;
    clearTimeout(this.waiting);
    if (meta.waits) this.waiting = window.setTimeout(() => this.tell({ look: true }), PRESETS_MS);
  }

  /** What was measured now, and the classic experiments that have come. */
  lookUp() {
    const { views, arrays } = experiments();
    this.meta.views = { ...views, ...this.own.views };
    this.arrays = { ...arrays, ...this.own.arrays };
  }

  get view() { return this.meta.views[this.shown]; }
  /** @param {string} name */
  get(name) { return this.arrays[`${this.shown}.${name}`]; }
  /** @param {Record<string, unknown>} change */
  tell(change) { this.ask.tell(change); }

  /** The place that is explained may be one that was only pointed at. */
  tellPlace() {
    const { kind, layer } = this.place, at = `${kind}${layer}`, { meta } = this;
    if (meta && (at !== (meta.at || FIRST) || this.locked !== Boolean(meta.at && meta.held))) this.tell({ at, held: this.locked });
    return this.ask.settled();
  }

  build() {
    const words = this.meta.words;
    this.built = this.meta.language;
    for (const row of Object.values(this.rows)) row.leave();
    const point = (/** @type {"y"|"g"} */ kind) => (/** @type {number|null} */ layer) => { if (layer !== null && !this.locked && !this.playing) this.go({ kind, layer }); };
    const choose = (/** @type {"y"|"g"} */ kind) => (/** @type {number} */ layer) => {
      this.stop();
      const same = this.locked && this.place.kind === kind && this.place.layer === layer;
      this.locked = !same;
      this.go({ kind, layer });
      this.tell({ at: this.locked ? `${kind}${layer}` : "", held: true });
    };
    this.rows = { y: makeRow("y", words.activations, point("y"), choose("y")), g: makeRow("g", words.gradients, point("g"), choose("g")) };
    this.kick = el("div", "kicker");
    this.title = el("h2");
    this.text = el("p");
    this.formula = el("div", "formula");
    this.controls = el("div", "controls");
    this.axes = el("span", "axes", ...["shared", "own"].map((axis) => {
      const made = button("", "", () => this.tell({ axis }), words[axis === "shared" ? "one_axis" : "own_axis"]);
      made.dataset.axis = axis;
      return made;
    }));
    this.shelf = el("div", "shelf");
    this.shelf.setAttribute("aria-live", "polite");
    const head = (/** @type {string} */ symbol, /** @type {string} */ name, /** @type {string} */ way, /** @type {Node[]} */ more) =>
      el("div", "row-head", el("b", "", name), el("i", "", symbol), el("span", "", way), ...more);
    const legend = el("span", "legend", el("i", "dot"), words.measured, el("i", "dash"), words.predicted);
    const pictures = el("div", "pictures",
      head("y", words.activations, `${words.forward} →`, [legend, this.axes]), this.rows.y.host,
      head("dL/dy", words.gradients, `← ${words.backward}`, []), this.rows.g.host);
    pictures.tabIndex = 0;
    pictures.setAttribute("role", "group");
    pictures.setAttribute("aria-label", words.hover);
    pictures.addEventListener("keydown", (event) => this.onArrow(event));
    this.pictures = pictures;
    this.host.replaceChildren(this.starts.host, el("div", "stage",
      el("section", "say", this.kick, this.title, this.text, this.formula, this.sizer.host, this.controls),
      el("div", "right", pictures, this.shelf)));
  }

  /** @param {boolean} moves @param {boolean} [answered] */
  draw(moves, answered = this.ask.idle()) {
    const { view, meta } = this, words = meta.words;
    this.kick.textContent = view.kick;
    this.title.textContent = view.title;
    this.text.replaceChildren(sentence(view.text, {}));
    this.starts.update(meta, this.shown === "now" ? meta.chosen : this.shown, (name) => this.arrays[`${name}.std`]?.data ?? null);
    this.sizer.update(meta, view, answered);
    for (const made of this.axes.children) made.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (made).dataset.axis === meta.axis));
    const heads = Array.from({ length: view.depth + 1 }, (_, i) => (i === 0 ? words.data : view.depth > 12 ? String(i) : words.layer.replace("{number}", String(i))));
    const { data, shape } = this.get("table"), flat = meta.table.indexOf("flat");
    const zeros = this.get("zeros").data, n = view.depth + 1;
    const note = (/** @type {number} */ layer) => {
      if (layer === 0) return "";
      const share = view.activation === "relu" ? zeros[layer] : data[(layer - 1) * shape[1] + flat];
      return words[view.activation === "relu" ? "zero" : "flat"].replace("{share}", percent(share));
    };
    const ends = (/** @type {0|1} */ which) => Array.from({ length: n }, (_, i) => size(meta.axis === "own" ? this.get("reaches").data[which * n + i] : view.reach[which]));
    this.rows.y.update({
      sizes: this.get("std").data, predicted: this.get("predicted_std").data, bars: this.get(`y_${meta.axis}`).data, zeros: zeros.subarray(0, n),
      first: Array.from(this.get("std").data, size), second: heads.map((_, i) => note(i)), ends: ends(0), heads,
    }, this.mode, moves);
    this.rows.g.update({
      sizes: this.get("rms").data, predicted: this.get("predicted_rms").data, bars: this.get(`g_${meta.axis}`).data, zeros: zeros.subarray(n),
      first: Array.from(this.get("rms").data, size),
      second: heads.map((_, i) => (zeros[n + i] > 0.005 ? words.zero.replace("{share}", percent(zeros[n + i])) : "")), ends: ends(1), heads: [],
    }, this.mode, moves);
    this.drawControls();
    this.go(this.place);
  }

  drawControls() {
    const words = this.meta.words, focused = /** @type {HTMLElement|null} */ (this.root.activeElement)?.dataset?.control;
    const make = (/** @type {string} */ name, /** @type {string} */ label, /** @type {() => void} */ click, /** @type {string} */ shape) => {
      const made = button(`round ${name}`, label, click, el("i", shape));
      made.dataset.control = name;
      made.title = label;
      return made;
    };
    this.controls.replaceChildren(
      make("previous", words.previous, () => this.step(-1), "back"),
      make("play", this.playing ? words.pause : words.follow, () => (this.playing ? this.stop() : this.play()), this.playing ? "two" : "one"),
      make("next", words.next, () => this.step(1), "on"),
    );
    if (focused) /** @type {HTMLElement|null} */ (this.controls.querySelector(`[data-control="${focused}"]`))?.focus();
  }

  /** Explain a place. @param {Place} place */
  go(place) {
    this.place = place;
    const { kind, layer } = place, other = kind === "y" ? "g" : "y";
    this.rows[kind].mark(layer, kind === "y" ? (layer > 0 ? layer - 1 : null) : layer < this.view.depth ? layer + 1 : null);
    this.rows[other].mark(null, null);
    this.host.dataset.at = `${kind}${layer}`;
    const formula = kind === "g" && this.view.batchNorm ? FORMULAS.g + NORMED : FORMULAS[kind];
    if (this.formula.dataset.shown !== formula) this.formula.replaceChildren(markup("span", "", formula));
    this.formula.dataset.shown = formula;
    this.host.classList.toggle("is-locked", this.locked);
    const scene = { meta: this.meta, view: this.view, get: (/** @type {string} */ name) => this.get(name) };
    drawArithmetic(this.shelf, scene, place, { locked: this.locked, narrow: this.host.clientWidth < NARROW }, (what) => this.name(what));
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

  /** The size is being dragged: predictions move at once. @param {number} place */
  drag(place) {
    const n = this.view.depth + 1;
    for (const [kind, name] of /** @type {["y"|"g", string][]} */ ([["y", "std"], ["g", "gradient"]])) {
      const { data, shape } = this.arrays[`sizes.${name}`];
      if (shape[1] === n) this.rows[kind].predict(data.subarray(place * n, (place + 1) * n));
    }
    this.tell({ sigma: this.meta.sigmas[place] });
  }

  /** @param {string} name */
  choosePreset(name) {
    this.stop();
    if (this.meta.views[name]) {
      this.shown = name;
      this.place = { kind: this.place.kind, layer: Math.min(this.place.layer, this.view.depth) };
      this.draw(true);
    }
    this.tell({ preset: name });
  }

  /** One layer on, up through the activations and down through the gradients. @param {number} by */
  step(by) {
    const top = this.view.depth, { kind, layer } = this.place;
    const at = kind === "y" ? layer : 2 * top + 1 - layer, next = (at + by + 2 * top + 2) % (2 * top + 2);
    this.go(next <= top ? { kind: "y", layer: next } : { kind: "g", layer: 2 * top + 1 - next });
  }

  play() {
    this.locked = false;
    this.playing = window.setInterval(() => this.step(1), STEP_MS);
    this.drawControls();
  }

  stop() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = 0;
    this.drawControls();
  }

  /** @param {KeyboardEvent} event */
  onArrow(event) {
    const { kind, layer } = this.place, top = this.view.depth;
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (side) this.go({ kind, layer: Math.max(0, Math.min(top, layer + side)) });
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.go({ kind: event.key === "ArrowUp" ? "y" : "g", layer });
    else if (event.key === "Enter") { this.locked = !this.locked; this.go(this.place); this.tell({ at: this.locked ? `${kind}${layer}` : "", held: true }); }
    else return;
    this.stop();
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (!this.meta) return false;
    if (event.key === "Escape" && this.locked) {
      this.locked = false;
      this.go(this.place);
      this.tell({ at: "" });
    } else if (event.key === " ") this.playing ? this.stop() : this.play();
    else if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "ArrowLeft") this.step(-1);
    else return false;
    return true;
  }
}
