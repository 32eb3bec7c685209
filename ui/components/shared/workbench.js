// A bench with the whole lesson around it: a column of words, a row of settings, pictures, arithmetic.
// Everything comes from Python (ui/components/bench), which runs it as it is; a lesson that needs more extends this class.
import { Bench, mount } from "./bench.js";
import { el, sentence } from "./dom.js";
import { fill } from "./explain.js";
import { drawKnobs } from "./knobs.js";
import { tabs } from "./pane.js";
import { Resting } from "./resting.js";
import { drawTransport } from "./transport.js";
import { unpack } from "./unpack.js";

const REST_MS = 500;

/** What of a scene says where one stands: no reason to draw anew, for it may have been told from here. */
const STANDING = ["start", "cursors", "active", "held", "unfolded", "scope", "pane"];

export class Workbench extends Bench {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    this.resting = new Resting(() => this.tellPlace(), () => { if (this.strayed) this.tellPlace(); });
  }

  leave() {
    super.leave();
    this.resting.leave();
  }

  build() {
    this.say = el("section", "say");
    this.say.setAttribute("aria-live", "polite");
    this.knobs = el("div", "knobs");
    this.tools = el("div", "tools", this.controls, this.knobs);
    this.notes = el("div", "notes");
    this.notes.setAttribute("role", "status");
    this.host.replaceChildren(el("div", "bench", this.say, el("section", "right", this.tools, this.notes, this.pictures, this.shelf)));
  }

  /**
   * New numbers from the engine. The cursor stays where it is, unless the scene is another, or the page asks for a place:
   * when it opens, and when an example was chosen.
   * @param {Uint8Array} data
   */
  receive(data) {
    const { meta, arrays } = unpack(data), first = !this.meta, asked = first || meta.asked !== this.meta.asked;
    if (!first && meta.version === this.meta.version) {
      for (const name of STANDING) this.meta[name] = meta[name];
      return;
    }
    const another = asked || meta.id !== this.meta.id;
    this.meta = meta;
    this.arrays = arrays;
    /** Settings that the page hasn't answered yet. @type {Record<string, any>} */
    this.changed = {};
    if (another) {
      if (this.playing) this.stop_();
      this.cursors = { ...meta.cursors };
      this.cell = null;
      this.active = meta.active;
      this.locked = asked && meta.held;
      this.unfolded = asked && meta.unfolded;
    }
    if (asked) {
      this.scope = meta.scope;
      this.tab = meta.pane;
      this.resting.drop();
    }
    this.draw();
    this.keys.update();
    // What the page holds and what is seen must agree, or the link would open elsewhere.
    if (!asked && this.strayed) this.rested();
  }

  /** Another channel of the same place: one looks from filter to filter. @param {string} cursor @param {number} channel */
  choose(cursor, channel, keep = true) { super.choose(cursor, channel, keep); }

  // ---- what is told to the page ----

  /** Settings that change before the page has answered are told together. @param {string} name @param {unknown} value */
  set(name, value) {
    this.changed = { ...this.changed, [name]: value };
    this.setTriggerValue("set", this.changed);
  }

  /** @param {string} name */
  act(name) { this.setTriggerValue("act", name); }

  /** Where the cursor is, once it rests, so that the link can hold it. */
  rested() { if (this.meta.tells) this.resting.soon(REST_MS); }

  /** Whether one stands elsewhere than the page knows. */
  get strayed() {
    const { meta, standing } = this;
    if (!meta?.tells || !this.grids.length) return false;
    const known = { ...standing, ...Object.fromEntries(STANDING.slice(3).map((name) => [name, meta[name]])) };
    known.cell = this.loudest();
    known.active = meta.active ?? this.grids.find((grid) => grid.spec.result)?.spec.id;
    known.cursors = Object.fromEntries(Object.keys(standing.cursors).map((name) => [name, meta.cursors[name] ?? 0]));
    return JSON.stringify(known) !== JSON.stringify(standing);
  }

  /** Each telling has a number, or one that is as the last would not be heard. */
  tellPlace() {
    this.told = (this.told ?? Date.now()) + 1;
    this.setStateValue("place", { ...this.standing, told: this.told, since: this.meta.asked });
  }

  // ---- drawing ----

  draw() {
    if (!this.measure()) return;
    this.drawSay();
    drawTransport(this);
    this.controls.hidden = this.scene.plays === false;
    drawKnobs(/** @type {HTMLElement} */ (this.knobs), this.meta.knobs, this.meta.labels,
      { set: (name, value) => this.set(name, value), act: (name) => this.act(name) });
    /** @type {HTMLElement} */ (this.tools).hidden = this.controls.hidden && !this.meta.knobs.length;
    this.drawNotes();
    this.drawPictures();
  }

  drawSay() {
    const { scene } = this;
    this.heading = el("h2", "");
    this.sentence = el("p", "");
    /** @type {HTMLElement} */ (this.say).replaceChildren(
      el("div", "kicker", scene.kicker), this.heading, this.sentence, ...this.extras(), ...tabs(this, scene, () => this.drawSay()));
  }

  /** More of the column of words, between the sentence and the formula. @returns {HTMLElement[]} */
  extras() { return []; }

  drawNotes() {
    /** @type {HTMLElement} */ (this.notes).hidden = !this.scene.notes.length;
    /** @type {HTMLElement} */ (this.notes).replaceChildren(...this.scene.notes.map(
      (/** @type {{text: string, flagged: boolean}} */ { text, flagged }) => el("p", flagged ? "flagged" : "", sentence(text, {}))));
  }

  /** @param {import("./explain.js").Explanation} explanation */
  said(explanation) {
    const [title, text] = this.meta.texts[explanation.text] ?? this.meta.texts[this.scene.text] ?? ["", ""];
    /** @type {HTMLElement} */ (this.heading).textContent = fill(title, explanation.facts);
    /** @type {HTMLElement} */ (this.sentence).replaceChildren(sentence(text, explanation.facts));
  }
}

export default mount(Workbench);
