// The line where a formula is typed, the ones that can be called up, and what is wrong with one that can't be read.
import { button, el } from "shared/dom.js";
import { typing } from "shared/typing.js";
import { bare } from "./words.js";

export class FormulaRow {
  /** @param {import("./board.js").FormulaGraph} board */
  constructor(board) {
    this.board = board;
    /** What stood in the field when it was last written or sent: anything else is being typed. */
    this.shown = "";
    const { labels } = board;
    this.input = /** @type {HTMLInputElement} */ (el("input", "formula-input"));
    Object.assign(this.input, { type: "text", spellcheck: false, autocomplete: "off", maxLength: 400 });
    this.input.setAttribute("aria-label", labels.formula_input);
    this.input.setAttribute("aria-describedby", "formula-wrong");
    typing(this.input, {
      accept: (left) => { if (!left || this.input.value.trim() !== this.shown) this.send(); },
      discard: () => this.reset(),
    });
    this.input.oninput = () => this.mark();
    this.draw = button("pill draw", "", () => this.send(), labels.draw);
    this.wrong = el("div", "wrong");
    this.wrong.id = "formula-wrong";
    this.wrong.setAttribute("role", "alert");
    this.presets = el("div", "presets");
    this.root = el("div", "formula-row", el("div", "ask", el("b", "f-name", "f ="), this.input, this.draw, this.wrong), this.presets);
  }

  send() {
    const typed = this.shown = this.input.value.trim();
    const { asked, formula, meta } = this.board;
    if (typed !== asked && (asked !== null || typed !== formula || meta.refused)) this.board.ask(typed);
  }

  reset() {
    this.input.value = this.shown = this.board.formula;
    this.wrong.replaceChildren();
    this.mark();
    if (this.board.meta.refused) this.board.act("keep");
  }

  mark() {
    this.draw.classList.toggle("ready", this.input.value.trim() !== this.board.formula);
  }

  /** What the page says of it by now. */
  update() {
    const { meta, formula, labels } = this.board, { refused } = meta;
    const typed = this.input.matches(":focus") && this.input.value.trim() !== this.shown;
    if (!typed) this.input.value = this.shown = refused ? refused.text : formula;
    this.input.classList.toggle("edit-wrong", Boolean(refused));
    this.input.setAttribute("aria-invalid", String(Boolean(refused)));
    this.wrong.replaceChildren(...(refused ? [
      el("p", "", refused.reason),
      el("pre", "", `${refused.text}\n${" ".repeat(refused.position)}`, el("b", "caret", "^")),
      el("p", "kept", labels.kept),
    ] : []));
    this.mark();
    if (refused && !typed && this.input.matches(":focus")) this.input.setSelectionRange(refused.position, refused.position + 1);
    this.presets.replaceChildren(el("span", "caption", labels.presets), ...meta.presets.map((preset) => {
      const drawn = bare(preset.formula) === bare(formula);
      const pill = button("pill", "", () => this.board.ask(drawn ? formula : preset.formula, preset.values), preset.name);
      pill.setAttribute("aria-pressed", String(drawn));
      pill.title = preset.formula;
      return pill;
    }));
  }
}
