// The line where the learner types a formula of one variable, and what is wrong with one that can't be read.
import { button, el } from "../shared/dom.js";

export class FormulaAsk {
  /** @param {any} board */
  constructor(board) {
    this.board = board;
    const { labels } = board;
    this.input = /** @type {HTMLInputElement} */ (el("input", "formula-input"));
    Object.assign(this.input, { type: "text", spellcheck: false, autocomplete: "off", maxLength: 200 });
    this.input.setAttribute("aria-label", labels.formula_input);
    this.wrong = el("div", "refusal");
    this.wrong.setAttribute("role", "alert");
    this.input.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") this.send();
      else if (event.key === "Escape") this.reset();
    };
    this.draw = button("pill", "", () => this.send(), labels.take);
    this.root = el("div", "knob ask-formula");
  }

  send() {
    this.board.state.f = this.input.value.trim();
    this.board.tell(true);
  }

  reset() {
    this.input.value = this.board.meta.state.f;
    this.wrong.replaceChildren();
  }

  /** @param {{text: string, reason: string, position: number}|null} refused @param {HTMLElement} place where x is typed */
  update(refused, place) {
    this.root.replaceChildren(el("span", "symbol", "f(x) ="), this.input, this.draw, place, this.wrong);
    this.input.value = refused ? refused.text : this.board.meta.state.f;
    this.input.setAttribute("aria-invalid", String(Boolean(refused)));
    this.wrong.replaceChildren(...(refused ? [
      el("span", "", refused.reason),
      el("pre", "", `${refused.text}\n${" ".repeat(refused.position)}`, el("b", "caret", "^")),
      el("span", "kept", this.board.labels.kept),
    ] : []));
  }
}
