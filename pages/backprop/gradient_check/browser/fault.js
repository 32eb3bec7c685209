// Find the fault: every gradient of a small network, measured and computed, and the source that computed it.
import { gradient } from "shared/colours.js";
import { button, el, sentence } from "shared/dom.js";
import { Board } from "./board.js";
import { brief, verdict } from "./digits.js";
import { StripView } from "./strips.js";

/** What both sides of a number must stay below for the difference to be noise. */
const NOISE = 1e-9;

export class FaultBoard extends Board {
  constructor(host, root) {
    super(host, root, "fault");
  }

  held() {
    const { layer, show, mended, entry } = this.state;
    return this.heldCase === this.meta.state.case ? { layer, show, mended, entry } : {};
  }

  /** The entry that is explained, once one was pointed at. @returns {{key: string, i: number}|null} */
  get pointed() {
    const [key, i] = this.state.entry.split(":");
    return this.strips.get(key) ? { key, i: Math.min(Number(i), this.strips.get(key).size - 1) } : null;
  }

  /** @param {string} key @param {number} i */
  keep(key, i) { this.state.entry = `${key}:${i}`; }

  /** Another case, as it was found. @param {string} key */
  open(key) {
    Object.assign(this.state, { case: key, mended: false, entry: "" });
    this.tell(true);
  }

  build() {
    const { meta, labels } = this;
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
    this.flow = el("div", "flow", el("span", "", labels.input_side), el("i", ""), el("span", "", labels.flow), el("i", ""), el("span", "", labels.loss_side), this.legend);
    this.pictures.append(el("div", "network-box", this.flow, el("div", "layers", ...this.columns)));
    this.code = el("div", "suspect");
    this.entry = el("div", "entry");
    this.shelf.append(this.code, this.entry);
  }

  /** An array of this case, as it was found or mended. @param {string} key @param {string} kind */
  side(key, kind) {
    const better = this.state.mended && this.meta.found;
    return this.arrays[`${key}.${better && kind !== "numeric" ? `mended.${kind}` : kind}`].data;
  }

  draw() {
    const { meta, labels, state } = this;
    this.heldCase = state.case;
    this.kicker.textContent = labels.fault_kicker.replace("{found}", String(meta.cases.filter((one) => one.found).length)).replace("{total}", String(meta.cases.length));
    this.drawKnobs([
      { kind: "choice", name: "case", label: labels.case, value: state.case, options: meta.cases.map(({ key, found }) => [key, `${key.toUpperCase()}${found ? " ✓" : ""}`]) },
      { kind: "choice", name: "fh", label: "h", value: state.fh, options: meta.hs },
      { kind: "choice", name: "show", label: labels.show, value: state.show, options: ["error", "analytic", "numeric"].map((name) => [name, labels[`show_${name}`]]) },
      ...(meta.found && meta.fault ? [{ kind: "choice", name: "mended", label: "", value: state.mended ? "1" : "0", options: [["0", labels.as_found], ["1", labels.mended]] }] : []),
    ], (name, value) => {
      if (name === "case") {
        this.open(value);
        return;
      }
      this.state[name] = name === "mended" ? value === "1" : value;
      this.tell(name === "fh");
      if (name !== "fh") this.fill();
    });
    this.fill();
    this.drawCode();
    this.say();
  }

  fill() {
    for (const strip of this.strips.values()) strip.fill(this.state.show, this.mode);
    for (const column of this.columns) column.classList.toggle("chosen", column.dataset.layer === this.state.layer);
    const ramp = el("i", "");
    ramp.style.background = gradient(this.state.show === "error" ? "sequential" : "diverging", this.mode);
    const ends = this.state.show === "error" ? ["10⁻¹⁰", "1"] : ["−", "+"];
    this.legend.replaceChildren(el("span", "", this.labels[`legend_${this.state.show}`]), el("span", "", ends[0]), ramp, el("span", "", ends[1]));
    const { pointed } = this, strip = this.strips.get(pointed?.key ?? `${this.state.layer}.dx`);
    this.explain(strip ?? [...this.strips.values()][0], pointed?.i ?? this.largest(strip));
  }

  /** @param {StripView|undefined} strip */
  largest(strip) {
    const errors = Array.from(strip?.values("error") ?? [0]);
    return errors.indexOf(Math.max(...errors));
  }

  /** Show a layer's source. @param {string} layer @param {StripView} [strip] the one in which an entry is pointed at */
  select(layer, strip) {
    this.state.layer = layer;
    if (!strip) this.keep(`${layer}.dx`, this.largest(this.strips.get(`${layer}.dx`)));
    this.fill();
    this.drawCode();
    this.tell();
  }

  /** @param {StripView} strip @param {number} i */
  point(strip, i) {
    this.keep(strip.key, i);
    this.explain(strip, i);
  }

  /** @param {StripView} strip @param {number} i */
  explain(strip, i) {
    for (const other of this.strips.values()) other.mark(other === strip ? i : null);
    const { labels } = this, [analytic, numeric, error] = ["analytic", "numeric", "error"].map((kind) => strip.values(kind)[i]);
    const row = (name, text, kind = "") => el("div", "sum-row", el("span", "symbol", name), el("b", kind, text));
    const tiny = Math.max(Math.abs(analytic), Math.abs(numeric)) < NOISE, judged = verdict(error);
    const ratio = this.ratio(strip), notes = [];
    if (tiny) notes.push(labels.noise);
    else if (ratio !== null && Math.abs(ratio - 1) > 1e-3) notes.push(labels.ratio_all.replace("{ratio}", brief(ratio, 2)));
    if (strip.key === "norm.dx") {
      const channel = strip.indexOf(i)[0];
      notes.push(labels.sum_all.replace("{channel}", String(channel)).replace("{sum}", brief(Math.abs(this.sums[channel]) < NOISE ? 0 : this.sums[channel], 2)));
    }
    this.entry.replaceChildren(
      el("div", "shelf-head", el("b", "", `${strip.key}[${strip.indexOf(i).join(", ")}]`), el("span", "", labels.entry_note)),
      row(labels.analytic, brief(analytic, 6), "analytic"), row(labels.numeric, brief(numeric, 6), "numeric"), row(labels.difference, brief(analytic - numeric, 2)), row(labels.ratio, numeric === 0 ? "—" : brief(analytic / numeric, 3)),
      el("div", "sum-row", el("span", "symbol", labels.error), el("b", `verdict ${judged}`, brief(error)), el("span", `pill verdict ${tiny ? "closer" : judged}`, tiny ? labels.tiny : labels[judged])),
      ...notes.map((text) => el("p", "entry-fact", text)));
  }

  get sums() { return this.arrays[this.state.mended && this.meta.found ? "mended.sums" : "sums"].data; }

  /** What all numbers of a strip that can be measured are multiplied by, if it is the same for all. @param {StripView} strip */
  ratio(strip) {
    const analytic = strip.values("analytic"), numeric = strip.values("numeric");
    const all = Array.from(numeric, (n, i) => (Math.abs(n) > 1e-6 ? analytic[i] / n : NaN)).filter(Number.isFinite);
    if (all.length < 2) return null;
    return Math.max(...all) - Math.min(...all) < 1e-4 * Math.abs(all[0]) ? all[0] : null;
  }

  drawCode() {
    const { meta, labels, state } = this, { layer } = state, lines = meta.sources[layer], judged = meta.verdict;
    const guilty = meta.found && meta.fault && meta.fault.layer === layer ? meta.fault.line : -1;
    const rows = lines.flatMap((text, i) => {
      const accused = judged && judged.layer === layer && judged.line === i && !meta.found;
      const made = button(`code-line${i === guilty ? " guilty" : ""}${accused ? " acquitted" : ""}`, "", () => this.accuse(layer, i), text || " ");
      made.disabled = meta.found || i === 0;
      made.dataset.line = String(i);
      return i === guilty ? [made, el("div", "code-line right-line", meta.fault.right)] : [made];
    });
    const source = el("div", "code-lines", ...rows);
    this.code.replaceChildren(el("div", "shelf-head", el("b", "", `${layer}.backward`), el("span", "", meta.found ? labels.code_done : labels.code_note)), source);
  }

  /** @param {string} layer @param {number} line */
  accuse(layer, line) {
    this.page.setTriggerValue("accuse", { case: this.state.case, layer, line });
  }

  say() {
    const { meta, labels, state } = this, judged = meta.verdict, letter = state.case.toUpperCase();
    const facts = { ...meta.facts, case: letter, layer: judged?.layer || state.layer };
    this.words(meta.found ? `fault-${meta.kind}` : judged ? `hint-${judged.kind}` : "fault-ask", facts);
    const all = meta.cases.findIndex(({ key }) => key === state.case), rest = [...meta.cases.slice(all + 1), ...meta.cases.slice(0, all)].find(({ found }) => !found);
    this.more.replaceChildren(...(meta.found ? [
      el("p", "before-after", sentence(meta.fault ? labels.before_after : labels.never_wrong, meta.facts)),
      ...(rest ? [button("pill", "", () => this.open(rest.key), labels.next_case)] : [el("p", "all-found", labels.all_found)]),
    ] : [
      el("p", "how", labels.how_to_read),
      button("pill nothing", "", () => this.accuse("", -1), labels.nothing),
    ]));
  }
}
