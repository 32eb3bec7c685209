// A weighted vote: each product is a bar, laid end to end; where the last one ends is the sum.
import { between, chip, equal, head, line, sign, total } from "shared/arithmetic.js";
import { button, el, fill } from "shared/dom.js";
import { clamp, draggable, snap, tellValue } from "shared/drag.js";
import { numberCell, signedLegend } from "shared/number_cell.js";
import { product, short, sub } from "shared/numbers.js";
import { svg } from "shared/plot_marks.js";

const MOST = 20, STEP = 0.1, SPANS = [12, 20, 40, 80, 200, 400, 1300];
/** Where a vote has its weights and its threshold, after the three scores. */
const WEIGHTS = 3, THRESHOLD = 6;

export class Vote {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    this.span = this.width = this.rowHeight = 0;
    /** @type {ReturnType<typeof numberCell>[]} */
    this.cells = [];
    /** @type {ReturnType<Vote["makeBar"]>[]} */
    this.bars = [];
    // Made by `build`, before anything is written into them.
    /** @type {SVGElement} */
    this.drawing;
    /** @type {HTMLElement} */
    this.answer;
    /** @type {HTMLElement} */
    this.board;
    /** @type {SVGElement} */
    this.yes_;
    /** @type {SVGElement} */
    this.no_;
    /** @type {SVGElement} */
    this.axis;
    /** @type {SVGElement} */
    this.sumMark;
    /** @type {SVGElement} */
    this.gate;
  }

  /** @returns {number[]} */
  get vote() { return this.shell.state.vote; }
  get scores() { return this.vote.slice(0, WEIGHTS); }
  get weights() { return this.vote.slice(WEIGHTS, THRESHOLD); }
  get threshold() { return this.vote[THRESHOLD]; }
  get products() { return this.scores.map((x, j) => x * this.weights[j]); }
  get sum() { return this.products.reduce((sum, product) => sum + product, 0); }
  get yes() { return this.sum - this.threshold > 0; }

  build() {
    const { shell, vote } = this, { labels } = shell, { rem } = shell;
    this.cells = vote.slice(0, THRESHOLD).map((_, i) => numberCell(shell, {
      label: `${i < WEIGHTS ? "x" : "w"}${(i % WEIGHTS) + 1}`, get: () => vote[i], set: (value) => { vote[i] = value; }, most: MOST,
    }));
    this.rowHeight = Math.round(shell.narrow ? 3.4 * rem : Math.min(6.6 * rem, (shell.pictures.clientHeight - 7 * rem) / 4));
    const rows = this.scores.map((_, j) => el(
      "div", "vote-row",
      el("span", "who", labels.voters[j]), this.cells[j].root, sign("×"), this.cells[WEIGHTS + j].root,
    ));
    const heads = el(
      "div", "vote-row heads",
      el("span", ""), el("span", "", labels.input, el("small", "", "x")), el("span"), el("span", "", labels.weight, el("small", "", "w")),
    );
    const sum = el("div", "vote-row vote-sum", el("span", "who", labels.sum));
    const left = el("div", "vote-left", heads, ...rows, sum, signedLegend(shell, "x, w"));
    left.style.setProperty("--row", `${this.rowHeight}px`);
    this.drawing = svg("svg", { class: "waterfall" });
    this.answer = el("div", "answer");
    this.board = el("div", "waterfall-board", this.drawing);
    const right = el("div", "vote-answer", el("div", "grid-head", el("b", "", labels.output), el("span", "", "y")), this.answer);
    this.width = shell.narrow ? shell.width - 2.2 * rem : Math.min(46 * rem, shell.pictures.clientWidth - 26 * rem);
    this.makeBars();
    return [el("div", "vote", left, this.board, right)];
  }

  x(value) { return ((value + this.span) / (2 * this.span)) * this.width; }
  get top() { return 2.4 * this.shell.rem; }
  middle(row) { return this.top + (row + 0.5) * this.rowHeight; }

  makeBars() {
    const { shell, vote } = this, { labels, rem } = shell, height = this.top + 4 * this.rowHeight + 1.9 * rem;
    this.drawing.setAttribute("viewBox", `0 0 ${this.width} ${height}`);
    this.drawing.setAttribute("width", String(this.width));
    this.drawing.setAttribute("height", String(height));
    this.yes_ = svg("rect", { class: "yes-side", y: this.top, height: 4 * this.rowHeight });
    this.no_ = svg("rect", { class: "no-side", y: this.top, height: 4 * this.rowHeight });
    this.axis = svg("g", { class: "axis-marks" });
    this.bars = this.scores.map((_, j) => this.makeBar(j));
    this.sumMark = svg(
      "g", { class: "sum-mark" },
      svg("line", { class: "drop" }), svg("circle", { r: 0.55 * rem }), svg("text", { class: "bar-text", "text-anchor": "middle" }),
    );
    this.gate = svg(
      "g", { class: "threshold" },
      svg("line", { class: "band" }), svg("line", { class: "stroke" }),
      svg("rect", { class: "flag", rx: 0.3 * rem, height: 1.7 * rem, y: 0.2 * rem }),
      svg("text", { class: "flag-text", "text-anchor": "middle", y: 1.4 * rem }),
    );
    draggable(this.gate, {
      label: labels.threshold,
      drag: (event) => this.take(THRESHOLD, clamp(this.valueAt(event), -this.span, this.span)),
      end: () => shell.changed(),
      nudge: (right, up) => this.take(THRESHOLD, clamp(vote[THRESHOLD] + (right + up) * STEP * 5, -MOST * MOST, MOST * MOST)),
    });
    this.drawing.replaceChildren(this.no_, this.yes_, this.axis, this.gate, ...this.bars.map((bar) => bar.group), this.sumMark);
  }

  makeBar(j) {
    const { shell, vote } = this, rem = shell.rem, weight = WEIGHTS + j;
    const rect = svg("path", { class: "vote-shape" }), link = svg("line", { class: "drop" }), text = svg("text", { class: "bar-text" });
    const grip = svg("circle", { class: "grip", r: 0.62 * rem });
    const group = svg("g", { class: "vote-bar" }, link, rect, text, grip);
    draggable(grip, {
      label: `w${j + 1}`,
      drag: (event) => {
        // A voter who says 0 has no say, whatever the weight.
        if (vote[j]) this.take(weight, clamp((this.valueAt(event) - this.startOf(j)) / vote[j], -MOST, MOST));
      },
      end: () => shell.changed(),
      nudge: (right, up) => this.take(weight, clamp(vote[weight] + (right + up) * STEP, -MOST, MOST)),
    });
    group.addEventListener("pointerenter", () => this.light(j));
    group.addEventListener("pointerleave", () => this.light(null));
    return { group, rect, link, text, grip };
  }

  startOf(j) { return this.products.slice(0, j).reduce((sum, product) => sum + product, 0); }

  /** @param {PointerEvent} event */
  valueAt(event) {
    const box = this.drawing.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * 2 * this.span - this.span;
  }

  /** One of the vote's numbers was moved. @param {number} index @param {number} value */
  take(index, value) {
    this.vote[index] = snap(value, STEP);
    this.shell.changed();
  }

  light(j) {
    this.bars.forEach((bar, i) => bar.group.classList.toggle("hot", i === j));
    [...this.shell.shelf.querySelectorAll(".chip")].slice(0, 3).forEach((made, i) => made.classList.toggle("hot", i === j));
  }

  update() {
    const { scores, weights, threshold, products, shell } = this, { labels, rem } = shell;
    this.cells.forEach((cell) => cell.update());
    const ends = products.map((_, j) => this.startOf(j + 1));
    // While something is dragged the scale stands still, or it would run away from under the pointer.
    if (!this.drawing.querySelector(".held") || !this.span) {
      const most = Math.max(...ends.map(Math.abs), Math.abs(threshold)) * 1.1;
      this.span = SPANS.find((span) => span >= most) ?? SPANS[SPANS.length - 1];
      this.drawAxis();
    }
    products.forEach((term, j) => {
      const { rect, link, text, grip } = this.bars[j];
      const start = this.x(this.startOf(j)), end = this.x(ends[j]), y = this.middle(j);
      const half = Math.min(this.rowHeight * 0.24, 1.3 * rem);
      const nose = Math.min(Math.abs(end - start), half) * Math.sign(end - start);
      rect.setAttribute("d", `M${start} ${y - half}H${end - nose}L${end} ${y}L${end - nose} ${y + half}H${start}Z`);
      rect.style.fill = term >= 0 ? "var(--pos)" : "var(--neg)";
      setAll(link, { x1: start, x2: start, y1: j ? this.middle(j - 1) : this.top, y2: y });
      setAll(grip, { cx: end, cy: y });
      const inside = Math.abs(end - start) > 4.6 * rem;
      text.textContent = `${product(short(scores[j]), short(weights[j]))} = ${short(term)}`;
      const beyond = Math.max(start, end) + 1 * rem, room = this.width - beyond > 8 * rem;
      text.setAttribute("class", `bar-text${inside && Math.abs(end - start) > 9 * rem ? " inside" : ""}`);
      if (inside && Math.abs(end - start) > 9 * rem) setAll(text, { x: (start + end) / 2, y: y, "text-anchor": "middle" });
      else setAll(text, { x: room ? beyond : Math.min(start, end) - 1 * rem, y, "text-anchor": room ? "start" : "end" });
      tellValue(grip, weights[j], `w${sub(j + 1)} = ${short(weights[j])}`);
    });
    const gate = this.x(threshold), sum = this.x(clamp(this.sum, -this.span, this.span)), foot = this.middle(3);
    setAll(this.no_, { x: 0, width: Math.max(0, gate) });
    setAll(this.yes_, { x: gate, width: Math.max(0, this.width - gate) });
    const [band, stroke, flag, words] = this.gate.children;
    for (const part of [band, stroke]) setAll(part, { x1: gate, x2: gate, y1: 0.9 * rem, y2: this.top + 4 * this.rowHeight });
    words.textContent = `${labels.threshold} ${short(threshold)}`;
    const wide = (words.textContent.length * (words.textContent.match(/[\u4e00-\u9fff]/) ? 0.72 : 0.52) + 1.4) * rem;
    const at = clamp(gate, wide / 2, this.width - wide / 2);
    setAll(flag, { x: at - wide / 2, width: wide });
    setAll(words, { x: at });
    tellValue(this.gate, threshold, short(threshold));
    const [drop, dot, number] = this.sumMark.children;
    setAll(drop, { x1: sum, x2: sum, y1: this.middle(2), y2: foot });
    setAll(dot, { cx: sum, cy: foot });
    setAll(number, { x: clamp(sum, 2 * rem, this.width - 2 * rem), y: foot + 1.35 * rem });
    number.textContent = short(this.sum);
    this.answer.textContent = this.yes ? "1" : "0";
    this.answer.className = `answer ${this.yes ? "one" : "zero"}`;
    this.answer.append(el("small", "", this.yes ? labels.yes : labels.no));
  }

  drawAxis() {
    const { rem } = this.shell, bottom = this.top + 4 * this.rowHeight, marks = [];
    const every = this.width < 18 * rem ? 2 : 1;
    for (let i = -4; i <= 4; i += every) {
      const value = (this.span * i) / 4, x = this.x(value);
      const across = clamp(x, 0.8 * rem, this.width - 0.8 * rem);
      const text = svg("text", { x: across, y: bottom + 1.2 * rem, "text-anchor": "middle", class: "tick" });
      text.textContent = short(value);
      marks.push(svg("line", { x1: x, x2: x, y1: this.top, y2: bottom, class: i ? "rule" : "rule zero" }), text);
    }
    this.axis.replaceChildren(...marks);
  }

  say() {
    const facts = { sum: short(this.sum), threshold: short(this.threshold) };
    return { text: this.yes ? "vote-yes" : "vote", facts };
  }

  tools() {
    const { labels } = this.shell;
    return this.shell.meta.votes.map((vote, i) => button("pill", "", () => {
      Object.assign(this.vote, vote);
      this.shell.changed();
    }, labels.votes[i]));
  }

  shelf() {
    const { scores, weights, threshold, products, sum, shell } = this, { labels } = shell, margin = sum - threshold;
    const terms = (/** @type {number} */ digits) => between(products.map((term, j) => (
      chip(product(short(scores[j], digits), short(weights[j], digits)), term, { point: (on) => this.light(on ? j : null) })
    )), "+");
    const compare = margin > 0 ? ">" : "≤";
    return [
      head("z", labels.note_vote, labels.help_vote),
      line(...equal(terms, short(sum), sum, 2)),
      line(
        total(short(sum), sum, "part"), sign(compare), total(short(threshold), threshold, "part"), sign("⟹"),
        total(`y = ${this.yes ? 1 : 0}`, this.yes ? 1 : -1),
        el("span", "aside", fill(labels.as_bias, { b: short(-threshold), z: short(margin) })),
      ),
    ];
  }
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
