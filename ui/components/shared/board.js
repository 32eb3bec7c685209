// What every board does: the words at the left, the row of buttons and settings, the pictures, the shelf beneath; theme,
// narrow windows, the lecture view, walking and playing, keys, and telling the page where things rest.
//
//   class Mine extends Board { build() {…}  draw() {…}  update() {…}  get at() {…}  get last() {…}  go(at) {…} }
//   export default boardOf(Mine);
//
// The controls stand in `this.state`: they come from the link, live here from then on, and the page is told when they
// rest; until the page asks for another state. A subclass changes them and calls `changed()`.
import { watchTheme } from "./colours.js";
import { el, sentence } from "./dom.js";
import { whenGone } from "./mounted.js";
import { pictureKeys } from "./picture_keys.js";
import { Resting } from "./resting.js";
import { drawTransport } from "./transport.js";
import { unpack } from "./unpack.js";

const NARROW = 760, TELL_MS = 400;

/** @typedef {(name: string, value: unknown) => void} SetState */
/** What Streamlit hands over.
 * @typedef {{data: Uint8Array, parentElement: ShadowRoot, setStateValue: SetState, setTriggerValue: SetState}} Component */

/** What Streamlit calls: the board of this kind in its element. @param {new (host: HTMLElement, root: ShadowRoot) => Board} Kind */
export const boardOf = (Kind) => (/** @type {Component} */ component) => {
  const host = /** @type {HTMLElement & {board: Board|null}} */ (component.parentElement.querySelector(".board"));
  host.board ??= new Kind(host, component.parentElement);
  host.board.receive(component.data, component.setStateValue);
  return whenGone(host, () => {
    host.board?.leave();
    host.board = null;
  });
};

export class Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    this.host = host;
    this.root = root;
    /** @type {import("./colours.js").Mode} */
    this.mode = "light";
    this.speed = 1;
    this.playing = false;
    /** @type {number|undefined} */
    this.timer = undefined;
    /** What the page sent. @type {any} */
    this.meta = undefined;
    /** @type {Record<string, any>} */
    this.arrays = {};
    /** The controls by name. @type {Record<string, any>} */
    this.state = {};
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.controls = el("div", "controls");
    this.knobs = el("div", "knobs");
    this.kicker = el("div", "kicker");
    this.heading = el("h2", "");
    this.sentence = el("p", "");
    this.pictures = el("div", "pictures");
    this.shelf = el("div", "shelf");
    this.words = el("section", "say", this.kicker, this.heading, this.sentence);
    this.words.setAttribute("aria-live", "polite");
    host.replaceChildren(el("div", "bench", this.words, el("section", "right", el("div", "tools", this.controls, this.knobs), this.pictures, this.shelf)));
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) this.redraw();
    });
    this.resized = new ResizeObserver(() => host.classList.toggle("narrow", host.clientWidth <= NARROW));
    this.resized.observe(host);
    this.resting = new Resting(() => this.tellState(), undefined, host);
    this.keys = pictureKeys(host, { press: (event) => this.pressed(event), keys: () => this.keysLine });
  }

  // ---- what a subclass says ----

  /** Once, before anything is drawn. */
  build() {}
  /** What doesn't change while the learner plays. */
  draw() {}
  /** The state changed: write it everywhere. */
  update() {}
  /** Where one stands, and the last place there is. */
  get at() { return 0; }
  get last() { return 0; }
  /** Go there. @param {number} _at */
  go(_at) {}
  /** @param {number} by */
  step(by) { this.go(this.at + by); }
  /** Milliseconds between two steps of playing, slow to fast. */
  get pace() { return [340, 170, 70]; }
  /** @returns {import("./picture_keys.js").Key[]} */
  get keysLine() { return [["← →", "keys_step"], ["Space", "keys_play"]]; }

  // ---- what the page sends, and is told ----

  /** @param {Uint8Array} data @param {SetState} setStateValue */
  receive(data, setStateValue) {
    const { meta, arrays } = unpack(data), first = !this.meta, asked = first || meta.asked !== this.meta.asked;
    this.setStateValue = setStateValue;
    if (!first && meta.version === this.meta.version) return;
    this.meta = meta;
    this.arrays = arrays;
    if (asked) {
      this.resting.drop();
      this.state = structuredClone(meta.state);
    }
    if (first) this.build();
    this.host.classList.toggle("presenting", meta.present);
    this.redraw();
  }

  leave() {
    this.stop_();
    this.resting.leave();
    this.unwatch();
    this.resized.disconnect();
    this.keys.leave();
  }

  get labels() { return this.meta.labels; }

  redraw() {
    drawTransport(this);
    this.draw();
    this.update();
  }

  /** The state was changed here: write it everywhere, and let the link hold it once it rests. */
  changed() {
    this.update();
    this.tell();
  }

  tell() { this.resting.soon(TELL_MS); }

  /** Each telling has a time, or one that is as the last would not be heard. */
  tellState() {
    this.setStateValue?.("state", { ...structuredClone(this.state), told: Date.now(), since: this.meta.asked });
  }

  /** One of the blocks of words, with its numbers. @param {string} block @param {Record<string, string|number>} facts */
  speak(block, facts) {
    const [heading, body] = this.meta.texts[block];
    this.heading.replaceChildren(sentence(heading, facts));
    this.sentence.replaceChildren(sentence(body, facts));
  }

  // ---- walking ----

  play() {
    if (this.at >= this.last) this.go(0);
    if (this.still) {
      this.go(this.last);
      return;
    }
    this.playing = true;
    this.timer = window.setInterval(() => {
      this.step(1);
      if (this.at >= this.last) this.stop_();
    }, this.pace[this.speed]);
    drawTransport(this);
  }

  stop_() {
    clearInterval(this.timer);
    if (!this.playing) return;
    this.playing = false;
    drawTransport(this);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (!this.meta) return false;
    if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "ArrowLeft") this.step(-1);
    else if (event.key === " ") this.playing ? this.stop_() : this.play();
    else return false;
    return true;
  }
}
