// A gradient check, three ways to look at it: the error against h, a kink, and a fault to be found.
import { Board, boardOf } from "shared/board.js";
import { button, el } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { drawKnobs } from "shared/knobs.js";
import { short } from "shared/numbers.js";
import { Fault } from "./fault.js";
import { Kink } from "./kink.js";
import { Vee } from "./vee.js";

/** @type {Record<string, new (board: GradientCheck) => Vee|Kink|Fault>} */
const VIEWS = { h: Vee, kink: Kink, fault: Fault };

export class GradientCheck extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    this.more = el("div", "more-words");
    this.words.append(this.more);
    /** The view that is shown, and its name. @type {Vee|Kink|Fault|undefined} */
    this.view = undefined;
    this.shown = "";
  }

  get walks() { return false; }

  /** The page itself changes what is left out: by the row above, by a formula that is asked for, by a case that is found. */
  take({ view, f, x, found, ...held }) { super.take(held); }

  draw() {
    const { view } = this.meta;
    if (view !== this.shown) {
      this.host.classList.remove(`is-${this.shown}`);
      this.host.classList.add(`is-${view}`);
      for (const part of [this.pictures, this.shelf, this.more]) part.replaceChildren();
      this.shown = view;
      this.view = new VIEWS[view](this);
    }
    this.view?.draw();
  }

  update() { this.view?.update(); }

  /** The page must answer: it is told at once. */
  tellNow() {
    this.resting.drop();
    this.tellState();
  }

  /** @param {import("shared/knobs.js").Knob[]} knobs @param {(name: string, value: any) => void} set */
  drawKnobs(knobs, set) {
    drawKnobs(this.knobs, knobs, this.labels, { set, act: () => {} });
  }

  /**
   * A number that is typed.
   * @param {string} name @param {string} label @param {number} value @param {number} most decimals
   * @param {(value: number) => void} done @param {{low?: number, high?: number}} [range]
   */
  typed(name, label, value, most, done, range) {
    const cell = button("pill typed", label, () => askNumber(cell, value, this.labels, done, range), short(value, most));
    cell.dataset.name = name;
    return el("div", "knob", el("span", "", label), cell);
  }
}

export default boardOf(GradientCheck);
