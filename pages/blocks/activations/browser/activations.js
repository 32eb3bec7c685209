// Activations: one row of curves, and five scenes that show what the chosen one does.
import { watchTheme } from "shared/colours.js";
import { button, el } from "shared/dom.js";
import { whenAsked } from "shared/resting.js";
import { pictureKeys } from "shared/picture_keys.js";
import { unpack } from "shared/unpack.js";
import { makeChain } from "./chain.js";
import { makeCompare } from "./compare.js";
import { makeCrowd } from "./crowd.js";
import { makeDying } from "./dying.js";
import { makeGallery } from "./gallery.js";
import { makeSay } from "./say.js";
import { reshape } from "./shapes.js";
import { makeZigzag } from "./zigzag.js";
import { whenGone } from "shared/mounted.js";

/** @typedef {import("shared/colours.js").Mode} Mode */

const SCENES = { crowd: makeCrowd, compare: makeCompare, chain: makeChain, zigzag: makeZigzag, dying: makeDying };
const NARROW = 760;

/** @type {WeakMap<object, Board>} */
const MOUNTED = new WeakMap();

/** @param {{data: Uint8Array, parentElement: ShadowRoot|HTMLElement, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function activations({ data, parentElement, setTriggerValue }) {
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".act"));
  let board = MOUNTED.get(host);
  if (!board) {
    board = new Board(host, parentElement, data);
    MOUNTED.set(host, board);
  }
  board.receive(data, setTriggerValue);
  return whenGone(host, () => {
    board?.leave();
    MOUNTED.delete(host);
  });
}

class Board {
  /** @param {HTMLElement} host @param {ShadowRoot|HTMLElement} root @param {Uint8Array} data */
  constructor(host, root, data) {
    this.host = host;
    this.root = root;
    const { meta, arrays } = unpack(data);
    this.meta = meta;
    this.arrays = arrays;
    this.take(meta.controls);
    /** Tables of curves that are being reshaped. @type {Record<string, any>} */
    this.reshaped = {};
    /** @type {Mode} */
    this.mode = "light";
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.build();
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      this.draw();
    });
    this.resized = new ResizeObserver(() => this.measure());
    this.resized.observe(host);
    this.deaf = whenAsked(() => { if (!this.agrees(this.meta.controls)) this.tell(); });
    this.keys = pictureKeys(host, { press: (event) => this.pressed(event), keys: () => (this.scene?.key ? [["← →", "keys_step"], ["Space", "keys_play"]] : []) });
  }

  leave() {
    this.deaf();
    this.scene?.leave?.();
    this.unwatch();
    this.resized.disconnect();
    this.keys.leave();
  }

  /** Stand as the page says. @param {Record<string, any>} controls */
  take({ x, link, ...now }) {
    /** Every control by its name, as it stands here, but for the place that is only pointed at. @type {Record<string, any>} */
    this.now = now;
    /** The x that the shelf explains. @type {number} */
    this.x = x;
    /** The link of the chain whose gradient is explained; 0 is the whole chain's. @type {number} */
    this.link = link;
  }

  /** Whether the page has heard all. @param {Record<string, any>} controls */
  agrees(controls) { return Object.entries({ ...this.now, x: this.x, link: this.link }).every(([name, value]) => controls[name] === value); }

  /** @param {Uint8Array} data @param {(name: string, value: unknown) => void} trigger */
  receive(data, trigger) {
    this.trigger = trigger;
    const { meta, arrays } = unpack(data);
    if (meta.asked !== this.meta.asked) this.take(meta.controls);
    const again = JSON.stringify(meta.labels) !== JSON.stringify(this.meta.labels) || meta.present !== this.meta.present;
    this.meta = meta;
    this.arrays = arrays;
    // What the learner has moved since is newer than what the server answers.
    const settled = Object.entries(this.now).every(([name, value]) => meta.controls[name] === value);
    if (settled) this.reshaped = {};
    this.host.dataset.settled = String(settled);
    if (again) this.build();
    this.draw();
  }

  build() {
    const labels = this.meta.labels;
    this.scene?.leave?.();
    this.scene = null;
    this.gallery = makeGallery(this);
    this.tabs = Object.keys(SCENES).map((name, i) => {
      const tab = button("scene-tab", "", () => this.set("at", name, true), el("i", "", String(i + 1)), el("span", "", labels[`scene-${name}`]));
      tab.setAttribute("role", "tab");
      tab.dataset.scene = name;
      return tab;
    });
    const row = el("div", "scene-tabs", this.tabs);
    row.setAttribute("role", "tablist");
    row.setAttribute("aria-label", labels.scenes);
    row.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      const names = Object.keys(SCENES), next = names[(names.indexOf(this.now.at) + by + names.length) % names.length];
      this.set("at", next, true);
      this.tabs?.find((tab) => tab.dataset.scene === next)?.focus();
    });
    this.say = makeSay(this);
    this.picture = el("div", "picture");
    this.shelf = el("div", "shelf");
    const right = el("div", "right", this.picture, this.shelf);
    this.host.replaceChildren(this.gallery.row, row, el("div", "bench", this.say.column, right));
    this.measure();
  }

  measure() {
    const narrow = this.host.clientWidth <= NARROW, turned = narrow !== this.narrow;
    this.narrow = narrow;
    this.host.classList.toggle("narrow", this.narrow);
    this.host.classList.toggle("presenting", Boolean(this.meta.present));
    // The scene measures its room, so the style sheet's part of it comes first.
    if (turned && this.scene) this.reset();
  }

  // ---- what scenes ask ----

  /** @param {string} name */
  fn(name) { return this.meta.functions.find((/** @type {any} */ f) => f.name === name); }

  get chosen() { return this.fn(this.now.f); }

  /** The table of a curve: x, y and slope. @param {string} name */
  table(name) {
    const own = this.reshaped[name];
    return { x: this.arrays.x.data, y: own?.y ?? this.arrays[`${name}.y`].data, slope: own?.slope ?? this.arrays[`${name}.slope`].data };
  }

  /** Where x stands in the tables. @param {number} x */
  indexOf(x) {
    const { per_one, edge } = this.meta.crowd, end = Math.round(edge * per_one);
    return end + Math.max(-end, Math.min(end, Math.round(x * per_one)));
  }

  /** The nearest x of the tables. @param {number} x */
  snap(x) { return this.arrays.x.data[this.indexOf(x)]; }

  pinned() { return String(this.now.with).split("~").filter((name) => name && name !== this.now.f && this.fn(name)); }

  /** Lay a curve beside, or take it away. @param {string} name */
  pin(name) {
    const pinned = this.pinned();
    this.set("with", (pinned.includes(name) ? pinned.filter((other) => other !== name) : [...pinned, name]).join("~"), true);
  }

  /** @param {string} name a control @param {any} value @param {boolean} rested whether to tell the server */
  set(name, value, rested) {
    this.now[name] = value;
    if (this.meta.functions.some((/** @type {any} */ f) => f.shaped_by.includes(name))) {
      for (const f of this.meta.functions) {
        if (f.shaped_by.includes(name)) this.reshaped[f.name] = reshape(f.name, this.settings(), this.arrays.x.data);
      }
    }
    if (name === "f" || name === "at") this.scene?.pause?.();
    this.draw();
    if (rested) this.tell();
  }

  tell() {
    this.host.dataset.settled = "false";
    this.trigger?.("controls", { ...this.now, x: this.x, link: this.link, since: this.meta.asked });
  }

  /** @returns {Record<string, number>} */
  settings() { return Object.fromEntries(Object.keys(this.meta.settings).map((name) => [name, this.now[name]])); }

  // ---- drawing ----

  draw() {
    if (!this.gallery || !this.picture || !this.say) return;
    this.gallery.update();
    for (const tab of this.tabs ?? []) {
      const here = tab.dataset.scene === this.now.at;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
    }
    if (this.scene?.name !== this.now.at) {
      this.scene?.leave?.();
      this.picture.replaceChildren();
      this.picture.dataset.scene = this.now.at;
      this.scene = { name: this.now.at, .../** @type {any} */ (SCENES)[this.now.at](this, this.picture, this.shelf) };
      this.say.scene();
    }
    this.scene.update();
    this.say.update(this.scene.values?.() ?? {});
    this.keys?.update();
  }

  /** Begin the scene anew, for another width. */
  reset() {
    this.scene?.leave?.();
    this.scene = null;
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    return Boolean(this.scene?.key?.(event.key));
  }
}
