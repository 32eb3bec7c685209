// The line where the learner types a formula of one variable, and what is wrong with one that can't be read.
import { button, el } from "shared/dom.js";
import { typing } from "shared/typing.js";

export class FormulaAsk {
  /** @param {import("./board.js").GradientCheck} board */
  constructor(board) {
    this.board = board;
    /** What stood in the field when it was last written or sent: anything else is being typed. */
    this.shown = "";
    /** What was asked for last. */
    this.own = { f: "", x: 0 };
    const { labels } = board;
    this.input = /** @type {HTMLInputElement} */ (el("input", "formula-input"));
    Object.assign(this.input, { type: "text", spellcheck: false, autocomplete: "off", maxLength: 200 });
    this.input.setAttribute("aria-label", labels.formula_input);
    this.wrong = el("div", "refusal");
    this.wrong.setAttribute("role", "alert");
    typing(this.input, {
      accept: (left) => { if (!left || this.input.value.trim() !== this.shown) this.send(); },
      discard: () => this.reset(),
    });
    this.draw = button("pill", "", () => this.send(), labels.take);
    this.at = el("div", "ask-at");
    this.root = el("div", "knob ask-formula", el("span", "symbol", "f(x) ="), this.input, this.draw, this.at, this.wrong);
  }

  send() {
    this.shown = this.input.value.trim();
    this.ask({ f: this.shown });
  }

  /** Another formula, or another x. @param {{f?: string, x?: number}} own */
  ask(own) {
    this.own = { ...this.own, ...own };
    this.board.act("ask", this.own);
  }

  /** The formula before comes back; what was wrong is forgotten. */
  reset() {
    const { refused, own } = this.board.meta;
    this.input.value = this.shown = own.f;
    this.wrong.replaceChildren();
    if (refused) this.send();
  }

  /** Whether the field has the keyboard. */
  get typing() { return this.input.matches(":focus"); }

  /** What the page says of it by now. */
  update() {
    const { board } = this, { refused, own } = board.meta;
    if (!board.waits) this.own = { ...own };
    this.at.replaceChildren(board.typed("x", board.labels.at_x, own.x, 4, (/** @type {number} */ x) => this.ask({ x })));
    if (!(this.typing && this.input.value.trim() !== this.shown)) this.input.value = this.shown = refused ? refused.text : own.f;
    this.input.setAttribute("aria-invalid", String(Boolean(refused)));
    this.wrong.replaceChildren(...(refused ? [
      el("span", "", refused.reason),
      el("pre", "", `${refused.text}\n${" ".repeat(refused.position)}`, el("b", "caret", "^")),
      el("span", "kept", board.labels.kept),
    ] : []));
  }
}
