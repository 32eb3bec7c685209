// The list of elementary steps; what reads the quantity that is pointed at is marked.
import { button, el } from "shared/dom.js";
import { brief, symbol } from "./words.js";

export class StepList {
  /** @param {any} board */
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
    this.root.replaceChildren(...meta.lines.flatMap((line) => {
      const item = button("step", "", () => board.choose(line.result), symbol(board, line.result), el("i", ""));
      item.setAttribute("aria-label", meta.symbols[line.result].spoken);
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
      const { result } = board.meta.lines[i], here = i === board.index;
      item.classList.toggle("on", here);
      item.classList.toggle("later", i > board.index);
      item.classList.toggle("found", board.found.on && board.found.has(result));
      if (here) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      item.lastElementChild.textContent = board.found.hides(result) ? "?" : brief(board.value(result));
    });
    const here = this.items[board.index], top = here.offsetTop;
    if (top < this.root.scrollTop + 20 || top + here.offsetHeight > this.root.scrollTop + this.root.clientHeight - 20) {
      this.root.scrollTop = top - this.root.clientHeight / 2;
    }
  }

  /** @param {string|null} name */
  point(name) {
    this.items.forEach((item, i) => item.classList.toggle("reads", name !== null && readBy(this.board.meta.lines[i], name)));
  }
}

/** @param {{tokens: string[]}} line @param {string} name */
const readBy = (line, name) => line.tokens.includes(name);
