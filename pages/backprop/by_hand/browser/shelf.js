// The chosen step: its formula, the formula with its numbers, its value, or the place to type it.
import { toneOf } from "shared/arithmetic.js";
import { button, el } from "shared/dom.js";
import { typing as typed } from "shared/typing.js";
import { exact, signOf, symbol } from "./words.js";

/** @param {any} board @param {HTMLElement} shelf */
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
  const numbers = line.tokens.map((token) => {
    if (!known(token)) return signOf(board, token);
    const value = board.value(token), made = el("span", "chip", exact(value));
    made.style.setProperty("--tc", toneOf(value));
    made.onclick = () => board.choose(token);
    return lights(made, token);
  });
  const head = el("div", "shelf-head", el("b", "", board.meta.symbols[line.result].spoken), el("span", "", found.on ? labels.solved.replace("{done}", String(found.done.size)).replace("{all}", String(board.meta.lines.length)) : labels[line.phase]), el("span", "help", labels.help));
  const rows = [head, el("div", "line formula-line", symbol(board, line.result), el("span", "op-sign", "="), ...symbols)];
  if (asked) {
    if (hinted) rows.push(el("div", "line", el("span", "op-sign", "="), ...numbers, el("span", "op-sign", "= ?")));
    rows.push(quiz(board));
  } else {
    const value = board.value(line.result), total = el("span", "total", `= ${exact(value)}`);
    total.style.setProperty("--tc", toneOf(value));
    const plain = line.tokens.length === 1 && !known(line.tokens[0]);
    rows.push(el("div", "line", ...(plain ? [] : [el("span", "op-sign", "="), ...numbers]), total));
  }
  shelf.replaceChildren(...rows);
  if (asked && typing) /** @type {HTMLElement} */ (shelf.querySelector(".guess")).focus({ preventScroll: true });
}

/** @param {any} board */
function quiz(board) {
  const { labels, found, at } = board, input = /** @type {HTMLInputElement} */ (el("input", "guess"));
  input.type = "text";
  input.inputMode = "decimal";
  input.value = found.typed;
  input.placeholder = labels.your_value;
  input.setAttribute("aria-label", labels.your_value);
  input.oninput = () => { found.typed = input.value; };
  typed(input, {
    accept: (left) => { if (!left || (input.value.trim() && input.value !== found.graded)) found.grade(at, input.value); },
    discard: () => {
      found.forget();
      board.write();
    },
  });
  const said = el("span", "said", found.said);
  said.setAttribute("role", "status");
  return el("div", "line guessing", el("span", "op-sign", "="), input,
    button("pill", "", () => found.grade(at, input.value), labels.check),
    button("pill", "", () => {
      found.hint = at;
      board.write();
    }, labels.hint),
    button("pill", "", () => found.solve(at), labels.give_up), said);
}
