// Scores become shares: exponentials, divided by their sum; then the surprise at the truth, and its slopes.
import { between, chip, equal, head, line, sign } from "shared/arithmetic.js";
import { button, el, fill } from "shared/dom.js";
import { bracketed, readable as written, short, sup } from "shared/numbers.js";
import { rampLegend, Rows, wholeBar } from "./rows.js";
import { exponentials, softmax, surprise } from "./twin.js";

const FEWEST = 2, MANY = 6;

/** A number that may be tiny or huge. @param {number} value @param {number} decimals */
export function readable(value, decimals = 3) {
  const size = Math.abs(value), more = Math.max(0, decimals - 4);
  return written(value, size >= 100 ? 1 + more : size >= 10 ? 2 + more : decimals, { small: 10 ** -decimals, large: 1e5 });
}

/** A score, less the largest where that was taken away first. @param {number} z @param {number|null} most @param {number} digits */
export const lessThan = (z, most, digits) =>
  (most === null ? short(z, digits) : `${short(z, digits)} − ${bracketed(short(most, digits))}`);

/** e with its power, as on paper. @param {string} text */
const power = (text) => el("span", "power", "e", el("sup", "", text));

/** e to a power, where a float holds it no more. @param {number} ln @param {number} [decimals] */
export function farPower(ln, decimals = 1) {
  const power = ln / Math.LN10, whole = Math.floor(power), digits = (10 ** (power - whole)).toFixed(decimals);
  const [head, raised] = Number(digits) === 10 ? [(1).toFixed(decimals), whole + 1] : [digits, whole];
  return `${head}·10${raised < 0 ? "⁻" : ""}${sup(Math.abs(raised))}`;
}

/**
 * The line that says what the truth cost.
 * @param {import("shared/scenes.js").Shell} shell @param {number[]} p @param {number[]} z @param {number} truth
 */
export const lossLine = (shell, p, z, truth) => {
  const loss = surprise(z, truth), aside = el("span", "aside", fill(shell.labels.surprise, { k: truth }));
  const share = (/** @type {number} */ digits) => [sign("−ln"), chip(p[truth] ? readable(p[truth], digits) : farPower(-loss), p[truth])];
  return line(el("b", "symbol", "L"), sign("="), ...equal(share, readable(loss, 4), loss, 4), aside);
};

export class Shares {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    /** Made when the scene is built, as its height is only known then. @type {Rows} */
    this.rows;
    this.whole = wholeBar(shell);
  }

  get z() { return this.shell.state.scores; }
  get truth() { return Math.min(this.shell.state.truth, this.z.length - 1); }
  get row() { return Math.min(this.rows.at[0], this.z.length - 1); }
  get column() { return this.rows.columns[this.rows.at[1]].id; }

  build() {
    const { shell, z } = this, { labels } = shell;
    this.rows = new Rows(shell, {
      columns: [
        { id: "z", title: labels.scores, note: "z", kind: "drag", wide: 14 },
        { id: "e", title: labels.exponentials, note: "eᶻ", kind: "bars", ramp: "sequential", wide: 8 },
        { id: "p", title: labels.shares, note: "p = eᶻ ÷ Σ", kind: "bars", ramp: "sequential", wide: 8 },
        { id: "y", title: labels.truth, note: "y", kind: "truth" },
        { id: "g", title: labels.slopes, note: "dL/dz = p − y", kind: "bars", wide: 7, range: [-1, 1] },
      ],
      scores: z, step: 0.1, height: rowHeight(shell, z.length, 13), at: [0, 2],
      point: () => shell.write(),
      choose: (row) => {
        shell.state.truth = row;
        shell.changed();
      },
    });
    const legends = el("div", "legends",
      rampLegend(shell, "z", "diverging", "−", "+"), rampLegend(shell, "p", "sequential", "0", "1"),
      rampLegend(shell, "dL/dz", "diverging", "−1", "+1"));
    return [el("div", "table", this.rows.root, this.whole.root, legends)];
  }

  update() {
    const { z, truth } = this, p = softmax(z), { e, sum, shift } = exponentials(z), most = Math.max(...e);
    const written = this.rows.root.querySelector(".head-cell.e span");
    if (written) written.textContent = shift === null ? "eᶻ" : "eᶻ⁻ᵐᵃˣ";
    const y = z.map((_, k) => (k === truth ? 1 : 0));
    this.whole.update(p);
    this.rows.update({
      z: { values: z },
      e: { values: e, texts: e.map((value) => readable(value)), range: [0, most], foot: `Σ = ${readable(sum)}` },
      p: { values: p, texts: p.map((value) => readable(value, 4)), foot: "Σ = 1" },
      y: { values: y },
      g: { values: p.map((value, k) => value - y[k]), texts: p.map((value, k) => readable(value - y[k], 4)), foot: "Σ = 0" },
    });
  }

  say() {
    const { z, row, truth } = this, p = softmax(z), even = Math.max(...p) - Math.min(...p) < 0.005;
    const facts = { k: row, p: readable(p[row], 3), truth, loss: readable(surprise(z, truth), 3), count: z.length };
    return { text: even ? "shares-even" : "shares", facts };
  }

  tools() {
    const { shell, z } = this, { labels } = shell;
    const again = () => {
      shell.state.truth = this.truth;
      shell.draw();
      shell.tell();
    };
    const pills = shell.meta.scores.map((scores) => button("pill", "", () => {
      z.splice(0, z.length, ...scores);
      again();
    }, scores.map((value) => short(value)).join(", ")));
    if (z.length < MANY) pills.push(button("pill", "", () => {
      z.push(0);
      again();
    }, labels.add_class));
    if (z.length > FEWEST) pills.push(button("pill", "", () => {
      z.pop();
      again();
    }, labels.drop_class));
    return pills;
  }

  shelf() {
    const { shell, z, row, column, truth } = this, { labels } = shell, p = softmax(z), { e, shift } = exponentials(z);
    const y = row === truth ? 1 : 0, symbol = { z: "z", e: "e", p: "p", y: "y", g: "dL/dz" }[column];
    const terms = (/** @type {number} */ digits) => e.map((value, k) =>
      chip(readable(value, digits), 1, { kind: k === row ? "winner" : "", point: (on) => this.light(on ? k : null) }));
    const share = (/** @type {number} */ digits) =>
      [chip(readable(e[row], digits), 1), sign("÷ ("), ...between(terms(digits), "+"), sign(")")];
    const slope = (/** @type {number} */ digits) => [chip(readable(p[row], digits), 1), sign("−"), chip(String(y), y)];
    const made = {
      z: () => line(chip(short(z[row]), z[row])),
      e: () => line(...equal((digits) => [power(lessThan(z[row], shift, digits))], readable(e[row], 4), 1, 2)),
      p: () => line(...equal(share, readable(p[row], 4), 1, 3)),
      y: () => line(chip(String(y), y)),
      g: () => line(...equal(slope, readable(p[row] - y, 4), p[row] - y, 4)),
    }[column];
    const shifted = shift !== null && ["e", "p"].includes(column);
    const note = column === "g" ? labels[y ? "note_up" : "note_down"] : labels[shifted ? "note_shifted" : `note_${column}`];
    return [head(`${symbol}[${row}]`, note, labels.help_rows), made(), lossLine(shell, p, z, truth)];
  }

  /** @param {number|null} row */
  light(row) {
    this.rows.cells.forEach((cells, k) => cells[1].root.classList.toggle("hot", k === row));
  }
}

/** How high a row may be. @param {import("shared/scenes.js").Shell} shell @param {number} count @param {number} [room] in rem */
export function rowHeight(shell, count, room = 10) {
  return shell.narrow ? 2.9 : Math.max(2.4, Math.min(5.4, (shell.pictures.clientHeight / shell.rem - room) / count));
}
