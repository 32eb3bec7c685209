// Which values the learner has found: hidden until then. And the field to type one into.
import { sign } from "./arithmetic.js";
import { button, el, fill } from "./dom.js";
import { readNumber } from "./reading.js";
import { typing } from "./typing.js";

const TOLERANCE = 0.005, FEWEST = 5e-10;

/**
 * What hides values: a board whose state says whether it does, and which ones are found.
 * @typedef {Object} Hiding
 * @property {ShadowRoot} root
 * @property {Record<string, any>} state with `quiz` and `done`
 * @property {Record<string, string>} labels
 * @property {Map<string, number>} places the number of each value that can be found, by its name
 * @property {(name: string) => number} value
 * @property {() => void} changed what is found is another: write it everywhere, and tell
 * @property {() => void} update something is said about what was typed
 */

export class Found {
  /** @param {Hiding} board */
  constructor(board) {
    this.board = board;
    /** The value whose hint is open. */
    this.hint = "";
    this.said = "";
    this.typed = "";
    /** The text that was last judged. */
    this.graded = "";
  }

  forget() { this.hint = this.said = this.typed = this.graded = ""; }

  /** Other numbers came: what is being typed outlives them. */
  renew() {
    const typed = this.board.root.activeElement?.classList.contains("guess") ? this.typed : "";
    this.forget();
    this.typed = typed;
  }

  /** One bit for each value; the link holds them as hexadecimal digits. */
  get bits() { return BigInt(`0x${this.board.state.done || "0"}`); }
  get count() { return [...this.board.places.keys()].filter((name) => this.has(name)).length; }
  /** @param {string} name */
  bit(name) { return 1n << BigInt(/** @type {number} */ (this.board.places.get(name))); }
  /** @param {string} name */
  has(name) { return (this.bits & this.bit(name)) > 0n; }
  /** @param {string} name */
  hides(name) { return this.board.state.quiz && this.board.places.has(name) && !this.has(name); }

  /** How many are found, in words. */
  get solved() {
    const { labels, places } = this.board;
    return fill(labels.solved, { done: this.count, all: places.size });
  }

  /** @param {string} name */
  solve(name) {
    this.board.state.done = (this.bits | this.bit(name)).toString(16);
    this.forget();
    this.board.changed();
  }

  /** @param {string} name @param {string} text */
  grade(name, text) {
    const { labels } = this.board, value = this.board.value(name), given = readNumber(text);
    const close = (/** @type {number} */ to) => Math.abs(given - to) <= Math.max(TOLERANCE * Math.abs(value), FEWEST);
    this.typed = this.graded = text;
    if (!Number.isFinite(given)) this.said = labels.unreadable;
    else if (close(value)) {
      this.solve(name);
      return;
    } else this.said = close(-value) ? labels.wrong_sign : fill(labels.wrong, { typed: text.trim() });
    this.board.update();
  }
}

/** The line to type a hidden value into. @param {Found} found @param {string} name */
export function guessing(found, name) {
  const { board } = found, { labels } = board, input = /** @type {HTMLInputElement} */ (el("input", "guess"));
  input.type = "text";
  input.inputMode = "decimal";
  input.value = found.typed;
  input.placeholder = labels.your_value;
  input.setAttribute("aria-label", labels.your_value);
  input.oninput = () => { found.typed = input.value; };
  typing(input, {
    accept: (left) => { if (!left || (input.value.trim() && input.value !== found.graded)) found.grade(name, input.value); },
    discard: () => {
      found.forget();
      board.update();
    },
  });
  const said = el("span", "said", found.said);
  said.setAttribute("role", "status");
  return el("div", "line guessing", sign("="), input,
    button("pill", "", () => found.grade(name, input.value), labels.check),
    button("pill", "", () => {
      found.hint = name;
      board.update();
    }, labels.hint),
    button("pill", "", () => found.solve(name), labels.give_up), said);
}
