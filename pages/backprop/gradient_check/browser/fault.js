// Find the fault: every gradient of a small network, measured and computed, and the source that computed it.
import { head } from "shared/arithmetic.js";
import { colour, css, gradient } from "shared/colours.js";
import { button, el, fill, sentence } from "shared/dom.js";
import { brief, verdict } from "./digits.js";

/** What both sides of a number must stay below for the difference to be noise. */
const NOISE = 1e-9;

export class Fault {
  /** @param {import("./board.js").GradientCheck} board */
  constructor(board) {
    this.board = board;
    const { meta, labels } = board;
    /** @type {Map<string, StripView>} */
    this.strips = new Map(meta.strips.map((spec) => [`${spec.layer}.${spec.name}`, new StripView(this, spec)]));
    this.columns = meta.layers.map(({ name, title }) => {
      const choose = button("layer-name", "", () => this.select(name), el("b", "", name), el("span", "", title));
      choose.dataset.layer = name;
      const own = [...this.strips.values()].filter((strip) => strip.spec.layer === name).map((strip) => strip.root);
      const column = el("div", "layer", choose, ...own);
      column.dataset.layer = name;
      return column;
    });
    this.legend = el("div", "legend");
    const [input, flow, loss] = [labels.input_side, labels.flow, labels.loss_side].map((text) => el("span", "", text));
    const above = el("div", "flow", input, el("i", ""), flow, el("i", ""), loss, this.legend);
    board.pictures.append(el("div", "network-box", above, el("div", "layers", ...this.columns)));
    this.code = el("div", "suspect");
    this.entry = el("div", "entry");
    board.shelf.append(this.code, this.entry);
  }

  get state() { return this.board.state; }

  /** The entry that is explained, once one was pointed at. @returns {{key: string, i: number}|null} */
  get pointed() {
    const [key, i] = this.state.entry.split(":"), strip = this.strips.get(key);
    return strip ? { key, i: Math.min(Number(i), strip.size - 1) } : null;
  }

  /** @param {string} key @param {number} i */
  keep(key, i) { this.state.entry = `${key}:${i}`; }

  /** Another case, as it was found. @param {string} key */
  open(key) {
    Object.assign(this.state, { case: key, mended: false, entry: "" });
    this.board.tellNow();
  }

  /** An array of this case, as it was found or mended. @param {string} key @param {string} kind */
  side(key, kind) {
    const { arrays, meta } = this.board, better = this.state.mended && meta.found;
    return arrays[`${key}.${better && kind !== "numeric" ? `mended.${kind}` : kind}`].data;
  }

  get sums() {
    const { arrays, meta } = this.board;
    return arrays[this.state.mended && meta.found ? "mended.sums" : "sums"].data;
  }

  draw() {
    const { board, state } = this, { meta, labels } = board, found = meta.cases.filter((one) => one.found).length;
    board.kicker.textContent = fill(labels.fault_kicker, { found, total: meta.cases.length });
    const cases = meta.cases.map(({ key, found }) => [key, `${key.toUpperCase()}${found ? " ✓" : ""}`]);
    const shown = /** @type {[string, string][]} */ (["error", "analytic", "numeric"].map((name) => [name, labels[`show_${name}`]]));
    board.drawKnobs([
      { kind: "choice", name: "case", label: labels.case, value: state.case, options: cases },
      { kind: "choice", name: "fh", label: "h", value: state.fh, options: meta.hs },
      { kind: "choice", name: "fshow", label: labels.show, value: state.fshow, options: shown },
      ...(meta.found && meta.fault ? [{
        kind: /** @type {const} */ ("choice"), name: "mended", label: "", value: state.mended ? "1" : "0",
        options: /** @type {[string, string][]} */ ([["0", labels.as_found], ["1", labels.mended]]),
      }] : []),
    ], (name, value) => {
      if (name === "case") {
        this.open(value);
        return;
      }
      state[name] = name === "mended" ? value === "1" : value;
      if (name === "fh") board.tellNow();
      else {
        this.fill();
        board.tell();
      }
    });
  }

  update() {
    this.fill();
    this.drawCode();
    this.say();
  }

  fill() {
    const { board, state } = this, { labels, mode } = board;
    for (const strip of this.strips.values()) strip.fill(state.fshow, mode);
    for (const column of this.columns) column.classList.toggle("chosen", column.dataset.layer === state.suspect);
    const ramp = el("i", "");
    ramp.style.background = gradient(state.fshow === "error" ? "sequential" : "diverging", mode);
    const [low, high] = state.fshow === "error" ? ["10⁻¹⁰", "1"] : ["−", "+"];
    this.legend.replaceChildren(el("span", "", labels[`legend_${state.fshow}`]), el("span", "", low), ramp, el("span", "", high));
    const { pointed } = this, strip = this.strips.get(pointed?.key ?? `${state.suspect}.dx`);
    this.explain(strip ?? [...this.strips.values()][0], pointed?.i ?? this.largest(strip));
  }

  /** @param {StripView|undefined} strip */
  largest(strip) {
    const errors = Array.from(strip?.values("error") ?? [0]);
    return errors.indexOf(Math.max(...errors));
  }

  /** Show a layer's source. @param {string} layer @param {StripView} [strip] the one in which an entry is pointed at */
  select(layer, strip) {
    this.state.suspect = layer;
    if (!strip) this.keep(`${layer}.dx`, this.largest(this.strips.get(`${layer}.dx`)));
    this.fill();
    this.drawCode();
    this.board.tell();
  }

  /** @param {StripView} strip @param {number} i */
  point(strip, i) {
    this.keep(strip.key, i);
    this.explain(strip, i);
  }

  /** @param {StripView} strip @param {number} i */
  explain(strip, i) {
    for (const other of this.strips.values()) other.mark(other === strip ? i : null);
    const { labels } = this.board, sides = /** @type {const} */ (["analytic", "numeric", "error"]);
    const [analytic, numeric, error] = sides.map((kind) => strip.values(kind)[i]);
    const row = (/** @type {string} */ name, /** @type {string} */ text, kind = "") =>
      el("div", "sum-row", el("span", "symbol", name), el("b", kind, text));
    const tiny = Math.max(Math.abs(analytic), Math.abs(numeric)) < NOISE, judged = verdict(error, this.board.meta.rules);
    this.entry.replaceChildren(
      head(`${strip.key}[${strip.indexOf(i).join(", ")}]`, labels.entry_note),
      row(labels.analytic, brief(analytic, 6), "analytic"), row(labels.numeric, brief(numeric, 6), "numeric"),
      row(labels.difference, brief(analytic - numeric, 2)), row(labels.ratio, numeric === 0 ? "—" : brief(analytic / numeric, 3)),
      el("div", "sum-row",
        el("span", "symbol", labels.error), el("b", `verdict ${judged}`, brief(error)),
        el("span", `pill verdict ${tiny ? "closer" : judged}`, tiny ? labels.tiny : labels[judged])),
      ...this.notes(strip, i, tiny).map((text) => el("p", "entry-fact", text)));
  }

  /** What holds for more than this entry. @param {StripView} strip @param {number} i @param {boolean} tiny */
  notes(strip, i, tiny) {
    const { labels } = this.board, ratio = this.ratio(strip), found = [];
    if (tiny) found.push(labels.noise);
    else if (ratio !== null && Math.abs(ratio - 1) > 1e-3) found.push(fill(labels.ratio_all, { ratio: brief(ratio, 2) }));
    if (strip.key === "norm.dx") {
      const channel = strip.indexOf(i)[0], sum = Math.abs(this.sums[channel]) < NOISE ? 0 : this.sums[channel];
      found.push(fill(labels.sum_all, { channel, sum: brief(sum, 2) }));
    }
    return found;
  }

  /** What all numbers of a strip that can be measured are multiplied by, if it is the same for all. @param {StripView} strip */
  ratio(strip) {
    const analytic = strip.values("analytic"), numeric = strip.values("numeric");
    const all = Array.from(numeric, (n, i) => (Math.abs(n) > 1e-6 ? analytic[i] / n : NaN)).filter(Number.isFinite);
    if (all.length < 2) return null;
    return Math.max(...all) - Math.min(...all) < 1e-4 * Math.abs(all[0]) ? all[0] : null;
  }

  drawCode() {
    const { meta, labels } = this.board, layer = this.state.suspect, judged = meta.verdict;
    const guilty = meta.found && meta.fault && meta.fault.layer === layer ? meta.fault.line : -1;
    const rows = meta.sources[layer].flatMap((text, i) => {
      const acquitted = judged && judged.layer === layer && judged.line === i && !meta.found;
      const kind = `code-line${i === guilty ? " guilty" : ""}${acquitted ? " acquitted" : ""}`;
      const made = button(kind, "", () => this.accuse(layer, i), text || " ");
      made.disabled = meta.found || i === 0;
      made.dataset.line = String(i);
      return i === guilty ? [made, el("div", "code-line right-line", meta.fault.right)] : [made];
    });
    const note = meta.found ? labels.code_done : labels.code_note;
    const title = head(`${layer}.backward`, note);
    this.code.replaceChildren(title, el("div", "code-lines", ...rows));
  }

  /** @param {string} layer @param {number} line */
  accuse(layer, line) { this.board.act("accuse", { case: this.board.meta.case, layer, line }); }

  say() {
    const { board, state } = this, { meta, labels, more } = board, judged = meta.verdict;
    const facts = { ...meta.facts, case: meta.case.toUpperCase(), layer: judged?.layer || state.suspect };
    board.speak(meta.found ? `fault-${meta.kind}` : judged ? `hint-${judged.kind}` : "fault-ask", facts);
    if (!meta.found) {
      more.replaceChildren(el("p", "how", labels.how_to_read), button("pill nothing", "", () => this.accuse("", -1), labels.nothing));
      return;
    }
    const at = meta.cases.findIndex(({ key }) => key === meta.case);
    const rest = [...meta.cases.slice(at + 1), ...meta.cases.slice(0, at)].find(({ found }) => !found);
    more.replaceChildren(
      el("p", "before-after", sentence(meta.fault ? labels.before_after : labels.never_wrong, meta.facts)),
      rest ? button("pill", "", () => this.open(rest.key), labels.next_case) : el("p", "all-found", labels.all_found));
  }
}

// ---- one array of gradients as a small grid of cells: how far the two sides are apart, or the numbers of either side ----

/** Relative errors from 10⁻¹⁰ to 1 lie along the ramp, each power of ten as long as the next. */
const DECADES = 10;
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {number} error */
const share = (error) => (error > 0 ? Math.max(0, Math.min(1, (Math.log10(error) + DECADES) / DECADES)) : 0);

class StripView {
  /** @param {Fault} board @param {{layer: string, name: string, shape: number[], columns: number}} spec */
  constructor(board, spec) {
    this.board = board;
    this.spec = spec;
    this.size = spec.shape.reduce((a, b) => a * b, 1);
    this.worst = el("i", "");
    this.cells = el("div", "strip-cells");
    this.cells.tabIndex = 0;
    this.cells.setAttribute("role", "application");
    this.cells.setAttribute("aria-label", `${spec.layer}.${spec.name}`);
    this.cells.style.gridTemplateColumns = `repeat(${spec.columns}, var(--c))`;
    const map = spec.shape.length === 3 ? spec.shape[1] * spec.shape[2] : spec.shape.length === 4 ? spec.shape[2] * spec.shape[3] : 0;
    for (let i = 0; i < this.size; i += 1) {
      const cell = el("b", map && i >= map && i % map < spec.columns ? "next-map" : "");
      cell.dataset.i = String(i);
      this.cells.append(cell);
    }
    this.root = el("div", "strip", el("div", "strip-name", el("span", "", spec.name === "dx" ? "dx" : spec.name), this.worst), this.cells);
    this.root.dataset.strip = this.key;
    this.cells.addEventListener("pointerover", (event) => this.enter(event));
    this.cells.addEventListener("click", (event) => {
      this.enter(event);
      board.select(spec.layer, this);
    });
    this.cells.addEventListener("focus", () => { if (this.cells.matches(":focus-visible")) board.point(this, this.here ?? 0); });
    this.cells.addEventListener("keydown", (event) => {
      const by = ARROWS[event.key];
      if (event.key === "Enter") board.select(spec.layer, this);
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      const next = (this.here ?? 0) + by[0] * spec.columns + by[1];
      if (next >= 0 && next < this.size) board.point(this, next);
    });
  }

  get key() { return `${this.spec.layer}.${this.spec.name}`; }
  /** @param {"analytic"|"numeric"|"error"|"mended"} kind */
  values(kind) { return this.board.side(this.key, kind); }

  enter(event) {
    const i = /** @type {HTMLElement} */ (event.target).dataset?.i;
    if (i !== undefined) this.board.point(this, Number(i));
  }

  /** @param {"error"|"analytic"|"numeric"} show @param {"light"|"dark"} mode */
  fill(show, mode) {
    const values = this.values(show), errors = this.values("error");
    const limit = Math.max(...Array.from(this.values("numeric"), Math.abs)) || 1;
    for (let i = 0; i < this.size; i += 1) {
      const rgb = show === "error" ? colour(share(values[i]), 1, "sequential", mode) : colour(values[i], limit, "diverging", mode);
      /** @type {HTMLElement} */ (this.cells.children[i]).style.background = css(rgb);
    }
    this.worst.textContent = brief(Math.max(...Array.from(errors)), 0);
  }

  /** @param {number|null} i */
  mark(i) {
    if (i !== null) this.here = i;
    this.cells.querySelector(".here")?.classList.remove("here");
    if (i !== null) this.cells.children[i].classList.add("here");
  }

  /** @param {number} i @returns {number[]} */
  indexOf(i) {
    const found = [];
    for (const size of [...this.spec.shape].reverse()) {
      found.unshift(i % size);
      i = Math.floor(i / size);
    }
    return found;
  }
}
