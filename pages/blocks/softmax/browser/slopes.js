// Softmax's Jacobian, and how the truth's own row of it becomes p − y.
import { between, chip, equal, head, line, sign } from "shared/arithmetic.js";
import { colour, css, inkOn } from "shared/colours.js";
import { as, el, fill, gridRow } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { product, sub } from "shared/numbers.js";
import { cellOf, keepCell, rampLegend, Rows } from "./rows.js";
import { farPower, readable, rowHeight } from "./shares.js";
import { jacobian, softmax, surprise } from "./twin.js";

export class Slopes {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    /** @type {[number, number]} the cell of the Jacobian that is explained; row C is the result's */
    this.at = cellOf(shell, [this.z.length, 0], [this.z.length + 1, this.z.length]);
    /** Made when the scene is built, as its height is only known then. @type {Rows} */
    this.rows;
    this.grid = el("div", "jacobian");
    /** The cells, made with the rows: dL/dp, the Jacobian, dL/dz. @type {HTMLElement[]} */
    this.left;
    /** @type {HTMLElement[][]} */
    this.cells;
    /** @type {HTMLElement[]} */
    this.result;
    this.scale = el("div", "");
  }

  get z() { return this.shell.state.scores; }
  get truth() { return Math.min(this.shell.state.truth, this.z.length - 1); }
  /** Only the true class's share is in the loss: dL/dp = −1/p there, 0 elsewhere. */
  get upstream() { return softmax(this.z).map((p, k) => (k === this.truth ? -1 / p : 0)); }

  /** Whether one over the true class's share is more than a float holds: then the two aren't multiplied, they cancel. */
  get far() { return !Number.isFinite(this.upstream[this.truth]); }

  /** A share, also where a float holds none of it. @param {number} at @param {number} digits */
  shareText(at, digits) {
    const p = softmax(this.z)[at];
    return p ? readable(p, digits) : farPower(-surprise(this.z, at));
  }

  /** dp[i]/dz[k], likewise. @param {number} i @param {number} k @param {number} digits @param {number} [far] decimals of a far power */
  entryText(i, k, digits, far) {
    const p = softmax(this.z), value = jacobian(p)[i][k], lost = i === k ? p[i] === 0 : value === 0;
    if (!lost) return readable(value, digits);
    const [down, across] = [i, k].map((at) => surprise(this.z, at));
    return i === k ? farPower(-down, far) : `−${farPower(-down - across, far)}`;
  }

  /** dL/dp[i], likewise. @param {number} value @param {number} digits @param {number} [far] */
  upstreamText(value, digits, far) {
    return Number.isFinite(value) ? readable(value, digits) : `−${farPower(surprise(this.z, this.truth), far)}`;
  }

  build() {
    const { shell, z } = this, { labels } = shell, height = rowHeight(shell, z.length, 16);
    this.rows = new Rows(shell, {
      columns: [
        { id: "z", title: labels.scores, note: "z", kind: "drag", wide: 8 },
        { id: "p", title: labels.shares, note: "p", kind: "bars", ramp: "sequential", wide: 5 },
        { id: "y", title: labels.truth, note: "y", kind: "truth" },
      ],
      scores: z, step: 0.1, height, at: [-1, -1], point: (row) => this.go(z.length, row),
      choose: (row) => {
        shell.state.truth = row;
        shell.changed();
      },
    });
    this.grid.style.setProperty("--n", String(z.length));
    this.grid.style.setProperty("--row", `${height}rem`);
    this.grid.tabIndex = 0;
    this.grid.setAttribute("role", "grid");
    this.grid.setAttribute("aria-label", labels.jacobian);
    this.grid.onkeydown = (event) => this.walk(event);
    const cell = (/** @type {number} */ i, /** @type {number} */ k, /** @type {string} */ kind) => {
      const made = as("gridcell", el("div", `cell ${kind}`));
      made.onpointerenter = () => this.go(i, k);
      return made;
    };
    this.left = z.map((_, i) => cell(i, this.truth, "upstream"));
    this.cells = z.map((_, i) => z.map((_, k) => cell(i, k, "entry-cell")));
    this.result = z.map((_, k) => cell(z.length, k, "result-cell"));
    const heads = z.map((_, k) => as("columnheader", el("span", "axis-name", `z${sub(k)}`)));
    const name = (/** @type {string} */ text, wide = "") => as("rowheader", el("span", `axis-name ${wide}`, text));
    this.grid.append(
      gridRow(as("columnheader", el("span", "axis-name", "dL/dp")), el("span"), ...heads),
      ...z.map((_, i) => gridRow(this.left[i], name(`p${sub(i)}`), ...this.cells[i])),
      gridRow(name("dL/dz = p − y", "wide"), ...this.result),
    );
    const legends = [rampLegend(shell, "z", "diverging", "−", "+"), rampLegend(shell, "p", "sequential", "0", "1")];
    const above = el("div", "grid-head", el("b", "", labels.jacobian), el("span", "", "dp[i]/dz[k] = p[i] (δ − p[k])"));
    const below = [rampLegend(shell, "dp/dz", "diverging", "−¼", "+¼"), rampLegend(shell, "dL/dz", "diverging", "−1", "+1")];
    return [
      el("div", "table", this.rows.root, el("div", "legends", ...legends)),
      el("div", "", above, this.grid, ...below, this.scale),
    ];
  }

  /** @param {number} i @param {number} k */
  go(i, k) {
    this.at = [i, k];
    keepCell(this.shell, i, k);
    this.light();
    this.shell.write();
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (event.key === "Escape") this.grid.blur();
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    this.go(clamp(this.at[0] + by[0], 0, this.z.length), clamp(this.at[1] + by[1], 0, this.z.length - 1));
    this.shell.tell();
  }

  update() {
    const { z, truth, shell, upstream } = this, p = softmax(z), J = jacobian(p);
    const y = z.map((_, k) => (k === truth ? 1 : 0));
    this.rows.update({ z: { values: z }, p: { values: p, texts: p.map((_, k) => this.shareText(k, 4)) }, y: { values: y } });
    /** @param {HTMLElement} cell @param {number} value @param {number} limit @param {string} [text] */
    const write = (cell, value, limit, text = readable(value, 3)) => {
      const rgb = colour(value, limit, "diverging", shell.mode);
      cell.style.background = css(rgb);
      cell.style.color = inkOn(rgb);
      cell.textContent = text;
    };
    J.forEach((row, i) => row.forEach((value, k) => write(this.cells[i][k], value, 0.25, this.entryText(i, k, 3, 0))));
    const most = Math.max(...upstream.map(Math.abs)), end = this.upstreamText(-most, 2);
    upstream.forEach((value, i) => write(this.left[i], value, most, this.upstreamText(value, 3, 0)));
    this.scale.replaceChildren(rampLegend(shell, "dL/dp", "diverging", end, end.replace("−", "+")));
    p.forEach((value, k) => write(this.result[k], value - y[k], 1));
    this.light();
  }

  light() {
    const [i, k] = this.at, summed = i === this.z.length;
    this.cells.forEach((row, a) => row.forEach((cell, b) => {
      cell.classList.toggle("on", summed ? b === k : a === i && b === k);
      cell.classList.toggle("dim", summed && a !== this.truth);
    }));
    this.left.forEach((cell, a) => cell.classList.toggle("on", summed || a === i));
    this.result.forEach((cell, b) => cell.classList.toggle("on", summed && b === k));
  }

  say() {
    const p = softmax(this.z)[this.truth];
    return { text: "slopes", facts: { truth: this.truth, p: this.shareText(this.truth, 3), up: readable(p - 1, 3) } };
  }

  shelf() {
    const { z, shell, truth, upstream } = this, { labels } = shell, p = softmax(z), J = jacobian(p), [i, k] = this.at;
    const share = (/** @type {number} */ at, /** @type {number} */ digits) => chip(this.shareText(at, digits), 1);
    /** @param {(digits: number) => import("shared/arithmetic.js").Piece[]} left @param {number} value */
    const comes = (left, value, fewest = 4, text = readable(value, 4)) => equal(left, text, value, fewest);
    if (i === z.length) {
      const terms = (/** @type {number} */ digits) =>
        between(upstream.map((left, a) => chip(product(readable(left, digits), readable(J[a][k], digits)), left * J[a][k])), "+");
      const y = k === truth ? 1 : 0, result = p[k] - y, note = fill(labels.note_cancels, { p: this.shareText(truth, 3) });
      const less = (/** @type {number} */ digits) => [share(k, digits), sign("−"), chip(String(y), y)];
      const cancelled = (/** @type {number} */ digits) => [sign("− ("), chip(String(y), y), sign("−"), share(k, digits), sign(")")];
      return [
        head(`dL/dz[${k}]`, this.far ? note : labels.note_chain, labels.help_slopes),
        line(...comes(this.far ? cancelled : terms, result, 3)),
        line(el("b", "symbol", "p − y"), sign("="), ...comes(less, result)),
      ];
    }
    const own = i === k;
    const factors = (/** @type {number} */ digits) => (own
      ? [share(i, digits), sign("× ( 1 −"), share(i, digits), sign(")")]
      : [sign("−"), share(i, digits), sign("×"), share(k, digits)]);
    return [
      head(`dp[${i}]/dz[${k}]`, labels[own ? "note_own" : "note_other"], labels.help_slopes),
      line(...comes(factors, J[i][k], 4, this.entryText(i, k, 4))),
    ];
  }
}
