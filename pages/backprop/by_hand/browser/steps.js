// The list of elementary steps, where what reads the quantity that is pointed at is marked; and the chosen one on the
// shelf: its formula, the formula with its numbers, its value, or the place to type it.
import { chip, equal, head, line as row, sign, total } from "shared/arithmetic.js";
import { button, el } from "shared/dom.js";
import { bracketed } from "shared/numbers.js";
import { guessing } from "shared/quiz.js";
import { brief, DIGITS, exact, signOf, symbol } from "./cells.js";

/** @typedef {import("./board.js").ByHand} ByHand */
/** @typedef {import("./board.js").Line} Line */

export class StepList {
  /** @param {ByHand} board */
  constructor(board) {
    this.board = board;
    this.root = el("div", "steps");
    /** @type {HTMLElement[]} */
    this.items = [];
  }

  build() {
    const { board } = this, { meta, labels } = board;
    this.root.setAttribute("aria-label", labels.steps);
    this.root.setAttribute("role", "group");
    let phase = "";
    this.items = [];
    this.root.replaceChildren(...meta.lines.flatMap((/** @type {Line} */ line) => {
      const written = symbol(board, line.result), said = el("span", "spoken", meta.symbols[line.result].spoken);
      written.setAttribute("aria-hidden", "true");
      const item = button("step", "", () => board.choose(line.result), said, written, el("i", ""));
      item.dataset.result = line.result;
      item.onpointerenter = () => board.point(line.result);
      item.onpointerleave = () => board.point(null);
      this.items.push(item);
      if (line.phase === phase) return [item];
      phase = line.phase;
      return [el("div", "step-phase", labels[phase]), item];
    }));
  }

  write() {
    const { board } = this;
    this.items.forEach((item, i) => {
      const { result } = board.meta.lines[i], here = i === board.at;
      item.classList.toggle("on", here);
      item.classList.toggle("later", i > board.at);
      item.classList.toggle("found", board.state.quiz && board.found.has(result));
      if (here) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      /** @type {Element} */ (item.lastElementChild).textContent = board.found.hides(result) ? "?" : brief(board.value(result));
    });
    const here = this.items[board.at], top = here.offsetTop;
    if (top < this.root.scrollTop + 20 || top + here.offsetHeight > this.root.scrollTop + this.root.clientHeight - 20) {
      this.root.scrollTop = top - this.root.clientHeight / 2;
    }
  }

  /** @param {string|null} name */
  point(name) {
    this.items.forEach((item, i) => item.classList.toggle("reads", name !== null && readBy(this.board.meta.lines[i], name)));
  }
}

/** @param {Line} line @param {string} name */
const readBy = (line, name) => line.tokens.includes(name);

/** @param {ByHand} board @param {HTMLElement} shelf */
export function drawShelf(board, shelf) {
  const { line, labels, found } = board, asked = found.hides(line.result), hinted = found.hint === line.result;
  const typing = board.root.activeElement?.classList.contains("guess"), known = (token) => token in board.meta.symbols;
  const lights = (made, token) => {
    made.tabIndex = 0;
    made.onpointerenter = made.onfocus = () => board.point(token);
    made.onpointerleave = made.onblur = () => board.point(null);
    return made;
  };
  const symbols = line.tokens.map((token) => (known(token) ? lights(symbol(board, token), token) : signOf(board, token)));
  const numbers = (/** @type {number} */ digits) => line.tokens.map((token, at) => {
    if (!known(token)) return signOf(board, token);
    const alone = at === 0 || line.tokens[at - 1].endsWith("("), hidden = found.hides(token), value = board.value(token);
    const text = exact(value, digits), made = hidden ? chip("?", null) : chip(alone ? text : bracketed(text), value);
    made.onclick = () => board.choose(token);
    return lights(made, token);
  });
  const name = board.meta.symbols[line.result].spoken, stands = board.state.quiz ? found.solved : labels[line.phase];
  const rows = [head(name, stands, labels.help), el("div", "line formula-line", symbol(board, line.result), sign("="), ...symbols)];
  if (asked) {
    if (hinted) rows.push(row(sign("="), ...numbers(DIGITS), sign("= ?")));
    rows.push(guessing(found, line.result));
  } else {
    const value = board.value(line.result), plain = line.tokens.length === 1 && !known(line.tokens[0]);
    rows.push(plain ? row(total(`= ${exact(value)}`, value)) : row(sign("="), ...equal(numbers, exact(value), value, DIGITS)));
  }
  shelf.replaceChildren(...rows);
  if (asked && typing) /** @type {HTMLElement} */ (shelf.querySelector(".guess")).focus({ preventScroll: true });
}
