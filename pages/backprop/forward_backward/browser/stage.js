// The stage: one cursor over forward, loss, backward and update; a bench that moves from stop to stop.
import { Bench, CELL_MS, mount } from "shared/bench.js";
import { el, sentence } from "shared/dom.js";
import { Resting } from "shared/resting.js";
import { drawTransport } from "shared/transport.js";
import { unpack } from "shared/unpack.js";
import { WAYS } from "./explain.js";
import { drawSay } from "./say.js";
import { drawStrip } from "./strip.js";
import { drawTrack } from "./timeline.js";

const STILL_MS = 2600, SWEEP = 16, TELL_MS = 500, SLIDE_MS = 120;

class Stage extends Bench {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    this.ways = WAYS;
    this.tab = "formula";
    this.resting = new Resting(() => this.tellPlace(), () => { if (this.strayed) this.tellPlace(); });
    this.sliding = new Resting(() => this.setTriggerValue("lr", this.lr));
  }

  leave() {
    super.leave();
    this.resting.leave();
    this.sliding.leave();
  }

  build() {
    this.strip = el("nav", "strip");
    this.track = el("div", "track");
    this.count = el("div", "count");
    this.say = el("section", "say");
    this.say.setAttribute("aria-live", "polite");
    this.main = el("div", "bench stage", this.say, el("section", "right", this.pictures, this.shelf));
    this.host.replaceChildren(this.strip, el("div", "timeline", this.controls, this.track, this.count), this.main);
  }

  /** New numbers from the engine. The cursor stays where it is, unless another scene begins. @param {Uint8Array} data */
  receive(data) {
    const { meta, arrays } = unpack(data), first = !this.meta, anew = first || meta.scene !== this.meta.scene;
    if (!first && meta.version === this.meta.version) return;
    const there = anew ? meta.at : this.stop.id, other = anew || meta.restart !== this.restart;
    this.meta = meta;
    this.arrays = arrays;
    this.stops = meta.stops;
    if (other) {
      this.restart = meta.restart;
      this.cursors = { ...meta.cursors };
      this.choice = meta.stops.find((stop) => stop.id === "update").facts.choices.length - 1;
      this.cell = null;
      this.locked = false;
    }
    this.index = Math.max(0, this.indexOf(there));
    if (anew) {
      this.stop_();
      this.stand(meta.standing);
    }
    this.draw();
    if (first) this.known = this.grids.length ? JSON.stringify(this.spot) : null;
    // A place that was told meanwhile is the last scene's.
    else if (other) this.tell();
  }

  /** Stand as a link says. @param {Record<string, any>} standing */
  stand({ cell = -1, result = "", choice = -1, held = false, unfolded = false, scope = "map", pane = "formula" }) {
    this.cell = cell < 0 ? null : cell;
    this.active = result || null;
    if (choice >= 0) this.choice = Math.min(choice, this.choice);
    [this.locked, this.unfolded, this.scope, this.tab] = [held, unfolded, scope, pane];
  }

  get stop() { return this.stops?.[this.index]; }
  indexOf(id) { return this.stops.findIndex((stop) => stop.id === id); }

  get scene() {
    const { stop } = this, picture = stop.id === "update" ? stop.facts.choices[this.choice].picture : stop.picture;
    // The same object as long as the same stop is shown: the shelf keeps its height for one.
    if (this.shown?.stop !== stop || this.shown.picture !== picture) this.shown = { stop, picture, scene: { ...stop, rows: [picture] } };
    return this.shown.scene;
  }

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

  choose(cursor, channel, keep = false) {
    super.choose(cursor, channel, keep);
    this.tell();
  }

  /** Tell the page where the cursor is, once it rests, so that the link can hold it. */
  tell() { this.resting.soon(TELL_MS); }
  rested() { this.tell(); }

  /** Where one stands, as the link holds it: what is as usual isn't named. */
  get spot() {
    const { cell, cursors, active, ...standing } = this.standing, results = this.grids.filter((grid) => grid.spec.result);
    const last = this.stops.find((stop) => stop.id === "update").facts.choices.length - 1;
    const place = { cell: cell === this.loudest() ? -1 : cell, result: active === results[0]?.spec.id ? "" : active, choice: this.choice === last ? -1 : this.choice };
    return { at: this.stop.id, cursors, standing: { ...standing, ...place } };
  }

  get strayed() { return Boolean(this.grids.length) && JSON.stringify(this.spot) !== this.known; }

  /** Each telling has a number, or one that is as the last would not be heard. */
  tellPlace() {
    this.known = JSON.stringify(this.spot);
    this.told = (this.told ?? Date.now()) + 1;
    this.setStateValue("place", { ...this.spot, told: this.told, since: this.meta.scene });
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
    drawTransport(this);
  }

  // ---- changing numbers ----

  undo() { this.setTriggerValue("undo", true); }
  reset() { this.setTriggerValue("reset", true); }
  repeat() { this.setTriggerValue("repeat", true); }

  slide(lr) {
    this.lr = lr;
    this.sliding.soon(SLIDE_MS);
  }

  // ---- drawing ----

  draw() {
    if (!this.measure()) return;
    drawStrip(this.strip, this);
    this.strip.setAttribute("aria-label", this.meta.labels.network);
    drawTransport(this);
    drawTrack(this);
    drawSay(this);
    this.drawPictures();
  }

  text(name) { return this.meta.texts[`stop-${name}`] ?? this.meta.texts[`stop-${this.stop.kind}`] ?? ["", ""]; }

  said(explanation) {
    const [title, text] = this.text(explanation.text);
    this.heading.textContent = title;
    this.sentence.replaceChildren(sentence(text, explanation.facts));
  }
}

export default mount(Stage);
