// Which values the learner has found: hidden until then.
import { readNumber } from "shared/reading.js";

const TOLERANCE = 0.005, FEWEST = 5e-10;

export class Found {
  /** @param {any} board */
  constructor(board) {
    this.board = board;
    this.on = false;
    /** @type {Set<string>} */
    this.done = new Set();
    /** The step whose hint is open. */
    this.hint = "";
    this.said = "";
    this.typed = "";
    /** The text that was last judged. */
    this.graded = "";
  }

  /** The link's state at first; other numbers begin anew. @param {any} controls @param {any} before */
  take(controls, before) {
    if (!before) this.on = controls.quiz;
    this.done = new Set();
    const digits = [...controls.done].reverse();
    this.board.meta.lines.forEach((line, i) => {
      if (parseInt(digits[i >> 2] ?? "0", 16) & (1 << (i & 3))) this.done.add(line.result);
    });
    // What is being typed outlives an answer that comes meanwhile.
    const typed = this.board.root.activeElement?.classList.contains("guess") ? this.typed : "";
    this.forget();
    this.typed = typed;
  }

  /** One bit for each step, as hexadecimal digits. */
  written() {
    const { lines } = this.board.meta, digits = new Array(Math.ceil(lines.length / 4)).fill(0);
    lines.forEach((line, i) => { if (this.done.has(line.result)) digits[i >> 2] |= 1 << (i & 3); });
    return digits.reverse().map((digit) => digit.toString(16)).join("").replace(/^0+/, "");
  }

  toggle() {
    this.on = !this.on;
    this.forget();
  }

  forget() { this.hint = this.said = this.typed = this.graded = ""; }

  /** @param {string} name */
  has(name) { return this.done.has(name); }
  /** @param {string} name */
  hides(name) { return this.on && this.board.byResult.has(name) && !this.done.has(name); }

  /** @param {string} name */
  solve(name) {
    this.done.add(name);
    this.forget();
    this.board.write();
    this.board.tellPlace();
  }

  /** @param {string} name @param {string} text */
  grade(name, text) {
    const { labels } = this.board, value = this.board.value(name), given = readNumber(text), close = (to) => Math.abs(given - to) <= Math.max(TOLERANCE * Math.abs(value), FEWEST);
    this.typed = this.graded = text;
    if (!Number.isFinite(given)) this.said = labels.unreadable;
    else if (close(value)) {
      this.solve(name);
      return;
    } else this.said = close(-value) ? labels.wrong_sign : labels.wrong.replace("{typed}", text.trim());
    this.board.write();
  }
}
