// The stage: one cursor over forward, loss, backward and update; a bench that moves from stop to stop.
import { Bench } from "shared/bench.js";
import { boardOf } from "shared/board.js";
import { el, fill, sentence } from "shared/dom.js";
import { Resting } from "shared/resting.js";
import { WAYS } from "./explain.js";
import { drawNudge } from "./nudge.js";
import { drawSay } from "./say.js";
import { drawStrip } from "./strip.js";
import { drawTrack } from "./timeline.js";

const STILL_MS = 2600, SWEEP = 16, TELL_MS = 500, SLIDE_MS = 120;
/** What the link has for a channel, a cell, a choice that nobody chose. */
const USUAL = -1;

export class Stage extends Bench {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    this.ways = WAYS;
    /** @type {any[]} */
    this.stops = [];
    /** The stop that is shown, and whose weights an update shows. */
    this.index = this.choice = 0;
    /** The scene of that stop. @type {{stop: any, picture: any, scene: any}|null} */
    this.shown = null;
    /** The learning rate under the slider. @type {number|undefined} */
    this.lr = undefined;
    /** Whether the pointer is held down on the timeline. */
    this.scrubbing = false;
    /** The number that is nudged and how far, as the page is told ("conv1.weight.3:0.01"), and how far the next one is. */
    this.nudge = "";
    this.far = "0.01";
    this.sliding = new Resting(() => this.set("lr", this.lr));
    this.strip = el("nav", "strip");
    this.track = el("div", "track");
    this.count = el("div", "count");
    const timeline = el("div", "timeline", this.controls, this.track, this.count);
    host.replaceChildren(this.strip, timeline, el("div", "bench stage", this.words, el("section", "right", this.pictures, this.shelf)));
  }

  leave() {
    super.leave();
    this.sliding.leave();
  }

  // ---- where one stands ----

  /** The cursor stays where it is, unless the scene is another, or the page asks for a place. @param {any} before @param {boolean} asked */
  arrived(before, asked) {
    const { meta } = this, { state } = meta, there = asked ? state.at : this.stop.id;
    this.stops = meta.stops;
    if (asked || meta.id !== before.id) {
      this.cursors = { ...meta.best };
      this.choice = this.usualChoice;
      this.cell = null;
      this.locked = false;
    }
    this.index = Math.max(0, this.indexOf(there));
    if (!asked) return;
    this.stop_();
    for (const [cursor, name] of Object.entries(meta.named)) if (state[name] >= 0) this.cursors[cursor] = state[name];
    this.cell = state.cell < 0 ? null : state.cell;
    this.active = state.result || null;
    if (state.choice >= 0) this.choice = Math.min(state.choice, this.choices.length - 1);
    [this.locked, this.unfolded, this.scope, this.tab] = [state.held, state.unfolded, state.scope, state.pane];
    this.nudge = state.nudge;
  }

  /** @param {Uint8Array} data @param {import("shared/board.js").Trigger} trigger */
  receive(data, trigger) {
    const before = this.meta;
    super.receive(data, trigger);
    if (this.meta === before) return;
    if (this.meta.asked !== before?.asked) this.known = JSON.stringify(this.standing);
    // A place that was told meanwhile is the last scene's; and a channel that stays in sight may be the strongest no more.
    else if (this.meta.id !== before.id || this.strayed) this.tell();
  }

  /** What is as usual is told as such. */
  get standing() {
    const { meta, stop, cell, cursors, unfolded, scope } = this, active = this.result?.spec.id;
    const first = this.grids.find((grid) => grid.spec.result)?.spec.id;
    const channelOf = (/** @type {string} */ cursor) => (cursors[cursor] === meta.best[cursor] ? USUAL : cursors[cursor]);
    const channels = Object.entries(meta.named).map(([cursor, name]) => [name, channelOf(cursor)]);
    return {
      at: stop.id, ...Object.fromEntries(channels),
      cell: !this.result || cell === this.strongest() ? USUAL : cell, result: active === first ? "" : active,
      choice: this.choice === this.usualChoice ? USUAL : this.choice, held: this.locked, unfolded, scope, pane: this.tab,
      nudge: this.nudge,
    };
  }

  get strayed() { return Boolean(this.grids.length) && super.strayed; }

  /**
   * The arrays of parameters that an update shows, and which of them if nobody chose one.
   * @returns {{name: string, picture: any[], formula: string, shapes: string}[]}
   */
  get choices() { return this.stops[this.indexOf("update")].facts.choices; }
  get usualChoice() { return this.stops[this.indexOf("update")].facts.usual; }

  get stop() { return this.stops?.[this.index]; }
  /** @param {string} id */
  indexOf(id) { return this.stops.findIndex((stop) => stop.id === id); }

  get scene() {
    const { stop } = this, shows = stop.id === "update" ? this.choices[this.choice] : stop, { picture, formula, shapes } = shows;
    // The same object as long as the same stop is shown: the shelf keeps its height for one.
    const { shown } = this;
    if (shown && shown.stop === stop && shown.picture === picture) return shown.scene;
    const scene = { ...stop, formula, shapes, rows: [picture] };
    this.shown = { stop, picture, scene };
    return scene;
  }

  /** @param {string} id */
  nameOf(id) {
    const stop = this.stops[this.indexOf(id)], labels = this.meta.labels;
    if (!stop) return id;
    const layer = labels[`column_${stop.layer}`] ?? stop.layer;
    return fill(labels[`name_${stop.id}`] ?? labels[`name_${stop.id.split(".").pop()}`] ?? stop.id, { layer });
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
    this.redraw();
    this.tell();
  }

  /** Tell the page where the cursor is, once it rests, so that the link can hold it. */
  tell() { this.resting.soon(TELL_MS); }
  rested() { this.tell(); }

  /** @param {number} by */
  step(by) {
    this.stop_();
    this.go(this.index + by);
  }

  /**
   * Another channel of what an update shows, from its row of settings, which stays as it is.
   * @param {string} cursor @param {number} to
   */
  choosePart(cursor, to) {
    const { place } = this;
    this.cursors[cursor] = to;
    this.cell = null;
    drawStrip(this.strip, this);
    this.drawPictures();
    if (place) this.moveTo(place);
    this.tell();
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
      const grid = this.result, [rows, columns] = grid.inner, cells = rows * columns;
      const steps = this.still ? 1 : Math.min(cells, SWEEP);
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
    this.playing = true;
    this.timer = window.setInterval(tick, this.still ? STILL_MS : this.pace[this.speed]);
    this.drawControls();
  }

  // ---- changing numbers ----

  /** @param {number} lr */
  slide(lr) {
    this.lr = lr;
    this.sliding.soon(SLIDE_MS);
  }

  /** A result that can be typed into isn't held by a click; where one is held, the click takes the hold along. */
  edit(/** @type {import("shared/grids.js").Grid} */ grid, /** @type {number} */ flat, /** @type {HTMLElement} */ cell) {
    if (grid.spec.result && this.locked) {
      this.cell = flat;
      this.explain();
      this.rested();
    }
    super.edit(grid, flat, cell);
  }

  /** Nudge a number, hold it meanwhile, and let the page answer; "" lets go. @param {string} nudge */
  ask(nudge) {
    if (this.playing) this.stop_();
    [this.nudge, this.locked] = [nudge, this.locked || nudge !== ""];
    this.explain();
    this.set("nudge", nudge);
    this.tell();
  }

  // ---- drawing ----

  /** The shelf is written anew with each cell: what had the keyboard there has it again. */
  explain() {
    const pressed = /** @type {HTMLElement|null|undefined} */ (this.root.activeElement)?.dataset?.nudge;
    super.explain();
    if (pressed === undefined) return;
    /** @type {HTMLElement|null} */ (this.shelf.querySelector(`[data-nudge="${pressed}"]`))?.focus({ preventScroll: true });
  }

  draw() {
    drawStrip(this.strip, this);
    this.strip.setAttribute("aria-label", this.labels.network);
    drawTrack(this);
    drawSay(this);
    this.drawPictures();
  }

  /** A block of words: its title and its sentence. @param {string} name @returns {[string, string]} */
  text(name) { return this.meta.texts[`stop-${name}`] ?? this.meta.texts[`stop-${this.stop.kind}`] ?? ["", ""]; }

  /** @param {import("shared/explain.js").Explanation} explanation */
  said(explanation) {
    const [title, text] = this.text(explanation.text);
    this.heading.textContent = title;
    this.sentence.replaceChildren(sentence(text, explanation.facts));
    drawNudge(this);
  }
}

export default boardOf(Stage);
