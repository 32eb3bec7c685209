// Which values the learner has found: hidden until then. And the field to type the chosen one into.
import { sign } from "shared/arithmetic.js";
import { button, el } from "shared/dom.js";
import { readNumber } from "shared/reading.js";
import { typing } from "shared/typing.js";

const TOLERANCE = 0.005, FEWEST = 5e-10;

export class Found {
  /** @param {import("./board.js").ByHand} board */
  constructor(board) {
    this.board = board;
    /** The step whose hint is open. */
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

  /** One bit for each step; the link holds them as hexadecimal digits. */
  get bits() { return BigInt(`0x${this.board.state.done || "0"}`); }
  get count() { return this.board.meta.lines.filter((/** @type {{result: string}} */ { result }) => this.has(result)).length; }
  /** @param {string} name */
  bit(name) { return 1n << BigInt(/** @type {number} */ (this.board.places.get(name))); }
  /** @param {string} name */
  has(name) { return (this.bits & this.bit(name)) > 0n; }
  /** @param {string} name */
  hides(name) { return this.board.state.quiz && this.board.places.has(name) && !this.has(name); }

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
    } else this.said = close(-value) ? labels.wrong_sign : labels.wrong.replace("{typed}", text.trim());
    this.board.update();
  }
}

/** @param {import("./board.js").ByHand} board */
export function guessing(board) {
  const { labels, found } = board, at = board.line.result, input = /** @type {HTMLInputElement} */ (el("input", "guess"));
  input.type = "text";
  input.inputMode = "decimal";
  input.value = found.typed;
  input.placeholder = labels.your_value;
  input.setAttribute("aria-label", labels.your_value);
  input.oninput = () => { found.typed = input.value; };
  typing(input, {
    accept: (left) => { if (!left || (input.value.trim() && input.value !== found.graded)) found.grade(at, input.value); },
    discard: () => {
      found.forget();
      board.update();
    },
  });
  const said = el("span", "said", found.said);
  said.setAttribute("role", "status");
  return el("div", "line guessing", sign("="), input,
    button("pill", "", () => found.grade(at, input.value), labels.check),
    button("pill", "", () => {
      found.hint = at;
      board.update();
    }, labels.hint),
    button("pill", "", () => found.solve(at), labels.give_up), said);
}
