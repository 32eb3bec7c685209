// Large scores: what the plain formula gives in floats of two sizes, and what the shift by the largest score cures.
import { between, chip, equal, head, line, sign } from "shared/arithmetic.js";
import { button, el } from "shared/dom.js";
import { readable, short } from "shared/numbers.js";
import { Rows } from "./rows.js";
import { lessThan, rowHeight } from "./shares.js";
import { KEEP, naiveSoftmax, shiftedSoftmax } from "./twin.js";

/** Beyond these, e to the power of them is more than float32 and float64 hold. */
const LIMITS = [Math.log(3.4028234663852886e38), Math.log(Number.MAX_VALUE)];

/** A float as NumPy writes it. @param {number} value */
function asFloat(value, digits = 3) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return readable(value, digits, { small: 1e-3, large: 1e5, power: digits - 2, trim: true });
}

export class Overflow {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    /** Made when the scene is built, as its height is only known then. @type {Rows} */
    this.rows;
    this.limits = el("div", "limits");
  }

  get z() { return this.shell.state.large; }
  get row() { return this.rows.at[0]; }
  get column() { return this.rows.columns[this.rows.at[1]].id; }

  build() {
    const { shell, z } = this, { labels } = shell;
    /** @param {string} id @param {string} title @param {string} note @returns {import("./rows.js").Column} */
    const text = (id, title, note) => ({ id, title, note, kind: "text", wide: 6.2 });
    this.rows = new Rows(shell, {
      columns: [
        { id: "z", title: labels.scores, note: "z", kind: "drag", wide: 13, marks: LIMITS },
        text("e32", "float32", "eᶻ"), text("p32", "", "eᶻ ÷ Σ"), text("e64", "float64", "eᶻ"), text("p64", "", "eᶻ ÷ Σ"),
        text("es", labels.shifted, "eᶻ⁻ᵐᵃˣ"), text("ps", "", "÷ Σ"),
      ],
      scores: z, step: 1, positive: true, height: rowHeight(shell, z.length, 15), at: [2, 4],
      point: () => shell.write(),
    });
    this.rows.root.classList.add("floats");
    return [el("div", "table", this.rows.root, this.limits)];
  }

  update() {
    const { z, shell } = this, small = naiveSoftmax(z, KEEP.float32), large = naiveSoftmax(z), safe = shiftedSoftmax(z);
    const flagged = (/** @type {number[]} */ values) => values.map((value) => !Number.isFinite(value));
    const tell = (/** @type {number[]} */ values, foot = "") =>
      ({ values, texts: values.map((value) => asFloat(value)), flags: flagged(values), foot });
    this.rows.update({
      z: { values: z },
      e32: tell(small.e, `Σ = ${asFloat(small.sum)}`), p32: tell(small.p),
      e64: tell(large.e, `Σ = ${asFloat(large.sum)}`), p64: tell(large.p),
      es: tell(safe.e, `Σ = ${asFloat(safe.sum)}`), ps: tell(safe.p),
    });
    this.limits.textContent = shell.labels.limits;
  }

  say() {
    const broken = (keep) => naiveSoftmax(this.z, keep).p.some(Number.isNaN);
    const text = broken(KEEP.float64) ? "overflow" : broken(KEEP.float32) ? "overflow-small" : "overflow-none";
    return { text, facts: { largest: short(Math.max(...this.z)) } };
  }

  tools() {
    return this.shell.meta.large.map((scores) => button("pill", "", () => {
      this.z.splice(0, this.z.length, ...scores);
      this.shell.changed();
    }, scores.map((value) => short(value)).join(", ")));
  }

  shelf() {
    const { z, row, column, shell } = this, { labels } = shell, most = Math.max(...z);
    const shift = column.endsWith("s"), keep = KEEP[column.endsWith("32") ? "float32" : "float64"];
    const { e, p } = (shift ? shiftedSoftmax : naiveSoftmax)(z, keep);
    const name = (/** @type {number} */ k, /** @type {number} */ digits) =>
      lessThan(z[k], shift ? most : null, digits);
    const power = (/** @type {number} */ k) => (/** @type {number} */ digits) => [el("span", "power", "e", el("sup", "", name(k, digits)))];
    const powers = z.map((_, k) => [...(k ? [el("span", "gap")] : []), ...equal(power(k), asFloat(e[k]), 1, 2, "part")]);
    const sum = (/** @type {number} */ digits) => between(e.map((value) => chip(asFloat(value, digits), value)), "+");
    const share = (/** @type {number} */ digits) => [chip(asFloat(e[row], digits), 1), sign("÷ ("), ...sum(digits), sign(")")];
    return [
      head(`p[${row}]`, labels[shift ? "note_shifted" : "note_naive"], labels.help_rows),
      line(...powers.flat()),
      line(...equal(share, asFloat(p[row]), p[row], 3)),
    ];
  }
}
