// What every board does: theme, narrow windows, the lecture view, walking and playing, keys, and telling the page.
//
//   class Mine extends Board { build() {…}  draw() {…}  update() {…}  get at() {…}  get last() {…}  go(at) {…} }
//   export default boardOf(Mine);
//
// Words stand at the left; controls, pictures and shelf at the right. What needs another order says so at the end of its
// constructor.
// Telling has one form. Where the controls stand is `this.state`: it comes from the link and lives here from then on,
// and the page is told when it rests, until the page asks for another state. A subclass changes it and calls
// `changed()`. Whatever else the learner did is told by its name, `act(name, value)`; what counts each time that it is
// done, `each(name, value)`. What the page hasn't answered yet `waits`: it is told one at a time (telling.js), so that a
// drag is answered as fast as the server can.
import { watchTheme } from "./colours.js";
import { el, sentence } from "./dom.js";
import { whenFree } from "./drag.js";
import { whenGone } from "./mounted.js";
import { perching } from "./perching.js";
import { pictureKeys } from "./picture_keys.js";
import { holdWhilePrinted } from "./printing.js";
import { Resting } from "./resting.js";
import { makeTelling } from "./telling.js";
import { drawTransport } from "./transport.js";
import { unpack } from "./unpack.js";

const NARROW = 760, TELL_MS = 400;
/** How many rem beneath the picture its line of keys takes. */
const BENEATH = 2.6;
/** The least rest between an answer and the next question, and after how long a question that nobody answered is asked again. */
const REST_MS = 20, LOST_MS = 1000;

/** @typedef {(name: string, value: unknown) => void} Trigger */
/** What Streamlit hands over.
 * @typedef {{data: Uint8Array, parentElement: ShadowRoot, setTriggerValue: Trigger, setStateValue: Trigger}} Component */

/** What Streamlit calls: the board of this kind in its element. @param {new (host: HTMLElement, root: ShadowRoot) => Board} Kind */
export const boardOf = (Kind) => (/** @type {Component} */ component) => {
  const host = /** @type {HTMLElement & {board: Board|null}} */ (component.parentElement.querySelector(".board"));
  host.board ??= new Kind(host, component.parentElement);
  host.board.receive(component.data, component.setTriggerValue);
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
    /** @type {Record<string, import("./unpack.js").NdArray>} */
    this.arrays = {};
    /** The controls by name. @type {Record<string, any>} */
    this.state = {};
    /** The controls as the page knows them. */
    this.known = "";
    /** The next question that asks for another picture, and when the last one was asked. @type {number|undefined} */
    this.asking = undefined;
    this.askedAt = 0;
    /** How wide the board was when it was drawn, and how high its stage could be. */
    this.width = 0;
    this.tall = 0;
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
    this.tools = el("div", "tools", ...(this.walks ? [this.controls] : []), this.knobs);
    host.replaceChildren(el("div", "bench", this.words, el("section", "right", this.tools, this.pictures, this.shelf)));
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) whenFree(host, () => this.redraw());
    });
    this.resized = new ResizeObserver(() => {
      if (this.meta && Math.abs(host.clientWidth - this.width) > 2) whenFree(host, () => this.redraw());
    });
    this.resized.observe(host);
    this.reworded = new MutationObserver(() => this.hang());
    this.reworded.observe(this.words, { childList: true, subtree: true, characterData: true });
    this.printed = holdWhilePrinted(host);
    this.perched = () => {};
    this.roomy = () => { if (this.meta?.present && this.measure() && !this.narrow) whenFree(host, () => this.redraw()); };
    window.addEventListener("resize", this.roomy);
    // What stands above may come later, or be this board's own: then the window leaves another height.
    this.shifted = new ResizeObserver(() => this.roomy());
    this.shifted.observe(document.querySelector("[data-testid=stMainBlockContainer]") ?? host);
    this.telling = makeTelling((name, change) => this.voids(name, change));
    this.resting = new Resting(() => this.tellState(), () => this.tellAll(), host);
    const press = (/** @type {KeyboardEvent} */ event) => Boolean(this.meta) && this.pressed(event);
    this.keys = this.walks ? pictureKeys(host, { press, keys: (at) => (this.meta ? this.keysAt(at) : []) }) : null;
  }

  leave() {
    this.stop_();
    clearTimeout(this.asking);
    this.resting.leave();
    this.telling.leave();
    this.unwatch();
    this.resized.disconnect();
    this.reworded.disconnect();
    this.printed();
    this.perched();
    window.removeEventListener("resize", this.roomy);
    this.shifted.disconnect();
    this.keys?.leave();
  }

  // ---- what a subclass says ----

  /** Once, when the page has sent something for the first time. */
  build() {}
  /** What doesn't change while the learner plays. */
  draw() {}
  /** The state changed: write it everywhere. */
  update() {}
  /** Whether there are steps to walk and play. A board without has no transport, and leaves all keys to what stands on it. */
  get walks() { return true; }
  /** Where one stands, and the last place there is. */
  get at() { return 0; }
  get last() { return 0; }
  /** Go there. @param {number} _at */
  go(_at) {}
  /** @param {number} by */
  step(by) { this.go(this.at + by); }
  /** Milliseconds between two steps of playing, slow to fast. */
  get pace() { return [340, 170, 70]; }
  /** How often the page is asked for another picture, in milliseconds, while something goes on there; 0 is never. */
  get every() { return 0; }
  /** What the keys do while something of the board has the focus. @param {HTMLElement} _at @returns {import("./picture_keys.js").Key[]} */
  keysAt(_at) { return [["← →", "keys_step"], ["Space", "keys_play"]]; }
  /** Whether a newer change makes one that waits to be told void. @param {string} _name @param {Record<string, unknown>} _change */
  voids(_name, _change) { return false; }

  // ---- what the page sends ----

  /** @param {Uint8Array} data @param {Trigger} trigger */
  receive(data, trigger) {
    const { meta, arrays } = unpack(data), first = !this.meta, asked = first || meta.asked !== this.meta.asked;
    this.telling.heard(meta.heard, trigger, meta.asked);
    if (first || meta.version !== this.meta.version) {
      const before = this.meta;
      this.meta = meta;
      this.arrays = arrays;
      if (asked) this.resting.drop();
      this.arrived(before, asked);
      if (first) {
        this.build();
        this.perched = perching(this.shelf, this.easel);
      }
      this.redraw();
    } else this.meta.state = meta.state;
    this.askAgain();
  }

  /** Ask for the next picture, after this one. A page that is left asks no more, which is how a run knows that nobody looks. */
  askAgain() {
    clearTimeout(this.asking);
    if (!this.every) return;
    const ask = () => {
      this.askedAt = performance.now();
      this.act("look");
      this.asking = window.setTimeout(ask, LOST_MS);
    };
    this.asking = window.setTimeout(ask, Math.max(REST_MS, this.askedAt + this.every - performance.now()));
  }

  /** Something else came, after what was there before. `asked`: the page asks for a state. @param {any} _before @param {boolean} asked */
  arrived(_before, asked) { if (asked) this.take(structuredClone(this.meta.state)); }

  /** Stand as the page says. @param {Record<string, any>} state */
  take(state) {
    this.state = state;
    this.known = JSON.stringify(state);
  }

  /** Where one stands, as the page is told: controls by name. @returns {Record<string, any>} */
  get standing() { return this.state; }

  /** Whether one stands elsewhere than the page knows. */
  get strayed() { return JSON.stringify(this.standing) !== this.known; }

  get labels() { return this.meta.labels; }
  get narrow() { return this.width <= NARROW; }

  redraw() {
    this.width = this.host.clientWidth;
    if (!this.width) return;
    this.host.classList.toggle("narrow", this.narrow);
    this.host.classList.toggle("presenting", Boolean(this.meta.present));
    if (this.meta.present) this.measure();
    this.host.style.removeProperty("--asked");
    this.drawControls();
    this.draw();
    // What this board itself draws above its stage takes of the room.
    if (this.meta.present && this.measure()) this.draw();
    this.keys?.update();
    this.update();
    if (this.meta.present && !this.narrow) this.makeRoom();
  }

  /** What the picture is drawn into. */
  get easel() { return this.pictures; }

  /** In a hall the stage grows by what its pictures have no room for. */
  makeRoom() {
    const { scrollHeight, clientHeight } = this.easel;
    if (scrollHeight > clientHeight) this.host.style.setProperty("--asked", `${scrollHeight}px`);
    this.hang();
  }

  /** In a hall words that are longer than the stage is high hang down from it. */
  hang() {
    if (!this.meta?.present || this.narrow) return;
    this.host.style.setProperty("--hanging", "0px");
    this.host.style.setProperty("--hanging", `${this.words.scrollHeight - this.words.clientHeight}px`);
  }

  /** What holds the picture and its words. */
  get stage() { return this.host.querySelector(":scope > .bench, :scope > .stage") ?? this.host; }

  /** In a hall the picture takes what the window leaves below all that stands above it. Whether that is another height. */
  measure() {
    const scrolled = document.querySelector("[data-testid=stMain]")?.scrollTop ?? 0;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const room = Math.round(window.innerHeight - this.stage.getBoundingClientRect().top - scrolled - BENEATH * rem);
    const other = Math.abs(room - this.tall) > 2;
    this.tall = room;
    this.host.style.setProperty("--room", `${room}px`);
    return other;
  }

  drawControls() { if (this.walks) drawTransport(this); }

  /** One of the blocks of words, with its numbers. @param {string} block @param {Record<string, string|number>} facts */
  speak(block, facts) {
    const [heading, body] = this.meta.texts[block];
    this.heading.replaceChildren(sentence(heading, facts));
    this.sentence.replaceChildren(sentence(body, facts));
  }

  // ---- what the page is told ----

  /** The state was changed here: write it everywhere, and let the link hold it once it rests. */
  changed() {
    this.update();
    this.tell();
  }

  tell() { this.resting.soon(TELL_MS); }

  tellState() {
    const { news } = this;
    this.known = JSON.stringify(this.standing);
    this.telling.tell({ state: { ...this.telling.open("state"), ...news } });
  }

  /** What of it the page doesn't know: the rest it may have moved itself, by a widget of its own. @returns {Record<string, any>} */
  get news() {
    const known = this.known ? JSON.parse(this.known) : {}, now = JSON.parse(JSON.stringify(this.standing));
    return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name])));
  }

  /** Whoever needs the link now asks for all that hasn't been told. */
  tellAll() {
    this.resting.drop();
    if (this.meta && this.strayed) this.tellState();
    return this.telling.settled();
  }

  /** What the learner did besides changing the state. @param {string} name @param {unknown} value */
  act(name, value = true) { this.telling.tell({ [name]: value }); }

  /** What counts each time that it is done: a list of all is told. @param {string} name @param {unknown} value */
  each(name, value) { this.telling.add(name, value); }

  /** Whether something was done here that the page hasn't answered yet. */
  get waits() { return this.resting.waits || !this.telling.idle(); }

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
    this.drawControls();
  }

  stop_() {
    clearInterval(this.timer);
    if (!this.playing) return;
    this.playing = false;
    this.drawControls();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "ArrowLeft") this.step(-1);
    else if (event.key === " ") this.playing ? this.stop_() : this.play();
    else return false;
    return true;
  }
}
