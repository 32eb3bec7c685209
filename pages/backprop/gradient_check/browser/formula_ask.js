// The line where the learner types a formula of one variable, and what is wrong with one that can't be read.
import { button, el } from "shared/dom.js";
import { typing } from "shared/typing.js";

export class FormulaAsk {
  /** @param {any} board */
  constructor(board) {
    this.board = board;
    /** What stood in the field when it was last written or sent: anything else is being typed. */
    this.shown = "";
    const { labels } = board;
    this.input = /** @type {HTMLInputElement} */ (el("input", "formula-input"));
    Object.assign(this.input, { type: "text", spellcheck: false, autocomplete: "off", maxLength: 200 });
    this.input.setAttribute("aria-label", labels.formula_input);
    this.wrong = el("div", "refusal");
    this.wrong.setAttribute("role", "alert");
    typing(this.input, { accept: (left) => { if (!left || this.input.value.trim() !== this.shown) this.send(); }, discard: () => this.reset() });
    this.draw = button("pill", "", () => this.send(), labels.take);
    this.at = el("div", "ask-at");
    this.root = el("div", "knob ask-formula", el("span", "symbol", "f(x) ="), this.input, this.draw, this.at, this.wrong);
  }

  send() {
    this.board.state.f = this.shown = this.input.value.trim();
    this.board.tell(true);
  }

  reset() {
    this.input.value = this.shown = this.board.meta.state.f;
    this.wrong.replaceChildren();
  }

  /** Whether the field has the keyboard. */
  get typing() { return this.input.matches(":focus"); }

  /** @param {{text: string, reason: string, position: number}|null} refused @param {HTMLElement} place where x is typed */
  update(refused, place) {
    this.at.replaceChildren(place);
    if (!(this.typing && this.input.value.trim() !== this.shown)) this.input.value = this.shown = refused ? refused.text : this.board.meta.state.f;
    this.input.setAttribute("aria-invalid", String(Boolean(refused)));
    this.wrong.replaceChildren(...(refused ? [
      el("span", "", refused.reason),
      el("pre", "", `${refused.text}\n${" ".repeat(refused.position)}`, el("b", "caret", "^")),
      el("span", "kept", this.board.labels.kept),
    ] : []));
  }
}
