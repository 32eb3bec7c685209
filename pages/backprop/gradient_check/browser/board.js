// What the three boards have in common: a column of words, a row of settings, pictures, a shelf; and telling the page.
import { watchTheme } from "shared/colours.js";
import { button, el, sentence } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { drawKnobs } from "shared/knobs.js";
import { unpack } from "shared/unpack.js";
import { short } from "shared/arithmetic.js";
import { Resting } from "shared/resting.js";

const NARROW = 760, TELL_MS = 350;

export class Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root @param {string} view */
  constructor(host, root, view) {
    this.host = host;
    this.root = root;
    /** @type {import("shared/colours.js").Mode} */
    this.mode = "light";
    this.kicker = el("div", "kicker");
    this.heading = el("h2", "");
    this.sentence = el("p", "");
    this.more = el("div", "more-words");
    this.knobs = el("div", "knobs");
    this.pictures = el("div", "pictures");
    this.shelf = el("div", "shelf");
    const say = el("section", "say", this.kicker, this.heading, this.sentence, this.more);
    say.setAttribute("aria-live", "polite");
    host.classList.add(`is-${view}`);
    host.replaceChildren(el("div", "bench", say, el("section", "right", el("div", "tools", this.knobs), this.pictures, this.shelf)));
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) this.draw();
    });
    this.resized = new ResizeObserver(() => {
      const narrow = host.clientWidth <= NARROW;
      if (narrow === host.classList.contains("narrow")) return;
      host.classList.toggle("narrow", narrow);
      if (this.meta) this.draw();
    });
    this.resized.observe(host);
    this.resting = new Resting(() => this.tellState(), () => { if (this.meta && JSON.stringify(this.state) !== this.known) this.tellState(); }, host);
  }

  leave() {
    this.resting.leave();
    this.unwatch();
    this.resized.disconnect();
  }

  /** @param {Uint8Array} data @param {{setStateValue: Function, setTriggerValue: Function}} page */
  receive(data, page) {
    const { meta, arrays } = unpack(data), first = !this.meta, asked = first || meta.asked !== this.meta.asked;
    this.page = page;
    if (!first && meta.version === this.meta.version) return;
    this.meta = meta;
    this.arrays = arrays;
    this.host.classList.toggle("presenting", meta.present);
    // What the learner holds in the browser wins over what the page last heard of it.
    if (asked) this.resting.drop();
    this.state = asked ? { ...meta.state } : { ...meta.state, ...this.held() };
    if (asked) this.known = JSON.stringify(this.state);
    if (first) this.build();
    this.draw();
  }

  get labels() { return this.meta.labels; }

  /** The settings that the browser itself changes. @returns {Record<string, unknown>} */
  held() { return {}; }
  build() {}
  draw() {}

  /** Each telling has its time, or one that is as the last would not be heard. */
  tellState() {
    this.known = JSON.stringify(this.state);
    this.page.setStateValue("state", { ...this.state, told: Date.now(), since: this.meta.asked });
  }

  /** Let the link hold what was chosen, once it rests; at once where the engine must answer. @param {boolean} [now] */
  tell(now = false) {
    this.resting.soon(TELL_MS);
    if (now) this.resting.now();
  }

  /** @param {string} name the block of words @param {Record<string, string|number>} facts */
  words(name, facts) {
    const [heading, body] = this.meta.texts[name];
    this.heading.replaceChildren(sentence(heading, facts));
    this.sentence.replaceChildren(sentence(body, facts));
  }

  /** @param {any[]} knobs @param {(name: string, value: any) => void} set */
  drawKnobs(knobs, set) {
    drawKnobs(this.knobs, knobs, this.labels, { set, act: () => {} });
  }

  /** A number that is typed. @param {string} name @param {string} label @param {number} most decimals @param {(value: number) => void} done @param {{low?: number, high?: number}} [range] */
  typed(name, label, most, done, range) {
    const cell = button("pill typed", label, () => askNumber(cell, Number(this.state[name]), this.labels, done, range), short(Number(this.state[name]), most));
    cell.dataset.name = name;
    return el("div", "knob", el("span", "", label), cell);
  }
}
