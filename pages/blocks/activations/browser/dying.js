// How many units are dead after training, against the learning rate: real networks, one for each rate.
import { chip, head as shelfHead, line, sign, total } from "shared/arithmetic.js";
import { el } from "shared/dom.js";
import { percent } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { unitCells } from "./units.js";

const ACROSS = 10;

/** @param {any} board @param {HTMLElement} host @param {HTMLElement} shelf */
export function makeDying(board, host, shelf) {
  const labels = board.labels;
  const body = el("div", "body"), head = el("b"), units = unitCells(board, ACROSS);
  host.append(el("div", "dying", el("div", "box", el("div", "grid-head", el("b", "", labels.dying_plot)), body),
    el("div", "box units-box", el("div", "grid-head", head), ...units.parts)), el("div", "wait", labels.waiting));
  let at = 0;

  const rates = () => board.arrays.rates?.data ?? [];
  const of = (/** @type {string} */ name, /** @type {string} */ part) => board.arrays[`dying.${name}.${part}`];
  const nearest = (/** @type {number} */ rate) => {
    const far = Array.from(rates(), (/** @type {number} */ r) => Math.abs(Math.log(r / rate)));
    return Math.max(0, far.indexOf(Math.min(...far)));
  };
  const name = () => (board.meta.dying.names.includes(board.state.f) ? board.state.f : board.meta.dying.names[0]);

  const plot = makePlot(body, {
    label: labels.dying_plot, snap: (rate) => rates()[nearest(rate)], moved: (rate) => show(rate === null ? kept() : nearest(rate)),
    chosen: (rate) => board.set("rate", String(+rates()[nearest(rate)].toPrecision(3)), true),
    tell: (rate) => {
      const i = nearest(rate);
      return { title: `${labels.rate_axis} ${+rates()[i].toPrecision(3)}`, rows: [
        ...board.meta.dying.names.map((/** @type {string} */ f) => [
          `${board.fn(f).title}: ${labels.dead_share}`, percent(of(f, "dead").data[i]), f === name() ? "strong" : "plain",
        ]),
        [`${board.fn(name()).title}: ${labels.accuracy}`, percent(of(name(), "accuracy").data[i]), "strong"],
      ] };
    },
  });
  const kept = () => nearest(Number(board.state.rate));

  /** The units of the network that was trained at this rate. @param {number} index */
  function show(index) {
    at = index;
    const open = of(name(), "open"), steps = of(name(), "lasted").data[at], count = open.shape[1];
    const shares = Array.from({ length: count }, (_, i) => open.data[at * count + i]);
    const dead = shares.filter((share) => share === 0).length;
    head.textContent = labels.hidden_units.replace("{steps}", String(steps)).replace("{rate}", String(+rates()[at].toPrecision(3)));
    const words = (/** @type {number} */ unit) => (shares[unit] === 0 ? labels.dead_unit : labels.open_unit)
      .replace("{unit}", String(unit)).replace("{share}", percent(shares[unit]));
    const all = labels.dead_of.replace("{dead}", String(dead)).replace("{units}", String(count));
    units.update(shares, shares.map((share) => share === 0), words, all, labels.opens);
    explain(dead, count, steps);
  }

  /** @param {number} dead @param {number} count @param {number} steps */
  function explain(dead, count, steps) {
    const f = board.fn(name()), before = [...of(name(), "start").data].filter((share) => share === 0).length;
    const plain = (/** @type {string} */ text) => chip(text, null);
    const shares = line(
      plain(String(dead)), sign("÷"), plain(String(count)), total(`= ${percent(dead / count)} ${labels.dead_share}`, null),
      el("span", "then", `${labels.before}:`), plain(percent(before / count)),
      el("span", "then", `${labels.accuracy}:`), plain(percent(of(name(), "accuracy").data[at])),
    );
    const lasted = steps >= board.meta.dying.steps, network = `Linear(64, ${count}) → ${f.title} → Linear(${count}, 10), SGD`;
    const more = el("div", "line small", lasted ? network : labels.diverged.replace("{steps}", String(steps)));
    shelf.replaceChildren(shelfHead(f.title, head.textContent ?? "", labels.choose_rate), shares, more);
  }

  return {
    update() {
      const ready = board.meta.dying.names.length > 0;
      host.classList.toggle("empty", !ready);
      host.classList.toggle("waiting", ready && !board.meta.dying.names.includes(board.state.f));
      if (!ready) {
        shelf.replaceChildren();
        return;
      }
      const x = [...rates()], curves = board.meta.dying.names.map((/** @type {string} */ f) => ({
        id: f, x, y: of(f, "dead").data, label: `${board.fn(f).title}: ${labels.dead_share}`, look: f === name() ? "strong" : "plain",
      }));
      plot.update({
        x: { low: x[0], high: x[x.length - 1], log: true, label: labels.rate_axis },
        y: { low: 0, high: 1.02, ticks: [0, 0.25, 0.5, 0.75, 1], write: (v) => percent(v) },
        curves: [...curves, { id: "accuracy", x, y: of(name(), "accuracy").data, label: `${labels.accuracy}`, look: "plain", dash: true }],
        points: x.map((rate, i) => ({ x: rate, y: of(name(), "dead").data[i], look: /** @type {const} */ ("strong") })),
        rules: [{ x: rates()[kept()], look: "accent" }],
      }, board.mode);
      show(kept());
    },
    values() {
      const { names, steps } = board.meta.dying, { rate } = board.state;
      if (!names.length) return { rate, dead: "…", accuracy: "…", steps };
      const share = (/** @type {string} */ part) => percent(of(name(), part).data[kept()]);
      return { rate, dead: share("dead"), accuracy: share("accuracy"), steps };
    },
  };
}
