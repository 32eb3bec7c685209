// The hinge beside softmax: one is content with a lead of 1, the other never quite.
import { between, chip, equal, head, line, sign } from "shared/arithmetic.js";
import { button, el, fill } from "shared/dom.js";
import { bracketed, short } from "shared/numbers.js";
import { rampLegend, Rows } from "./rows.js";
import { lossLine, readable, rowHeight } from "./shares.js";
import { hingeSlopes, hingeTerms, softmax, surprise } from "./twin.js";

export class Margins {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    /** Made when the scene is built, as its height is only known then. @type {Rows} */
    this.rows;
    /** Both losses. */
    this.duel = [el("div", "loss-box"), el("div", "loss-box")];
  }

  get z() { return this.shell.state.margins; }
  get truth() { return this.shell.state.against; }
  get row() { return this.rows.at[0]; }
  get column() { return this.rows.columns[this.rows.at[1]].id; }

  build() {
    const { shell, z } = this, { labels } = shell;
    this.rows = new Rows(shell, {
      columns: [
        { id: "z", title: labels.scores, note: "z", kind: "drag", wide: 9 },
        { id: "y", title: labels.truth, note: "y", kind: "truth" },
        { id: "h", title: labels.hinge, note: "max(0, z − z_y + 1)".replace("_y", "ᵧ"), kind: "bars", ramp: "sequential", wide: 4.6 },
        { id: "dh", title: labels.slopes, note: labels.of_hinge, kind: "bars", wide: 4, range: [-2, 2] },
        { id: "p", title: labels.shares, note: "softmax", kind: "bars", ramp: "sequential", wide: 4.6 },
        { id: "g", title: labels.slopes, note: "p − y", kind: "bars", wide: 4, range: [-1, 1] },
      ],
      scores: z, step: 0.1, height: rowHeight(shell, z.length, 16), at: [1, 2],
      point: () => shell.write(),
      choose: (row) => {
        shell.state.against = row;
        shell.changed();
      },
    });
    const legends = [rampLegend(shell, "z, dL/dz", "diverging", "−", "+"), rampLegend(shell, "p", "sequential", "0", "1")];
    return [el("div", "table", this.rows.root, el("div", "legends", ...legends), el("div", "duel", ...this.duel))];
  }

  update() {
    const { z, truth, shell } = this, { labels } = shell, h = hingeTerms(z, truth), p = softmax(z);
    const y = z.map((_, k) => (k === truth ? 1 : 0)), hinge = h.reduce((sum, term) => sum + term, 0), loss = surprise(z, truth);
    const three = (/** @type {number[]} */ values) => ({ values, texts: values.map((value) => readable(value, 3)) });
    this.rows.update({
      z: { values: z }, y: { values: y },
      h: { ...three(h), range: [0, Math.max(1, ...h)], texts: h.map((term, k) => (k === truth ? "–" : readable(term, 2))) },
      dh: { values: hingeSlopes(z, truth) }, p: three(p), g: three(p.map((value, k) => value - y[k])),
    });
    const tell = (/** @type {HTMLElement} */ box, /** @type {string} */ name, /** @type {number} */ value) => {
      box.replaceChildren(el("span", "", name), el("b", "", readable(value, 4)));
      box.classList.toggle("none", value === 0);
    };
    tell(this.duel[0], labels.hinge_loss, hinge);
    tell(this.duel[1], labels.cross_entropy, loss);
  }

  say() {
    const { z, truth } = this, loss = surprise(z, truth);
    const hinge = hingeTerms(z, truth).reduce((sum, term) => sum + term, 0);
    return { text: hinge === 0 ? "margins" : "margins-lost", facts: { hinge: readable(hinge, 2), entropy: readable(loss, 4), truth } };
  }

  tools() {
    return this.shell.meta.margins.map((scores) => button("pill", "", () => {
      this.z.splice(0, this.z.length, ...scores);
      this.shell.state.against = 0;
      this.shell.changed();
    }, scores.map((value) => short(value)).join(", ")));
  }

  shelf() {
    const { z, truth, row, column, shell } = this, { labels } = shell, p = softmax(z), h = hingeTerms(z, truth);
    const hinge = h.reduce((sum, term) => sum + term, 0), others = z.map((_, k) => k).filter((k) => k !== truth);
    const chosen = column === "h" || column === "dh" ? row : null;
    const term = (/** @type {number} */ k, /** @type {number} */ digits) => chip(
      `max(0, ${short(z[k], digits)} − ${bracketed(short(z[truth], digits))} + 1)`, h[k], { kind: k === chosen ? "winner" : "" });
    const terms = (/** @type {number} */ digits) => between(others.map((k) => term(k, digits)), "+");
    return [
      head(labels.both_losses, fill(labels.note_margins, { k: truth }), labels.help_rows),
      line(el("b", "symbol", "L"), sign(`${labels.hinge} =`), ...equal(terms, readable(hinge, 3), hinge, 2)),
      lossLine(shell, p, z, truth),
    ];
  }
}
