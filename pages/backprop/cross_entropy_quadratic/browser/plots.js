// The three pictures: the plane of starts, the sigmoid with the two standing on it, and their course.
import { short } from "shared/arithmetic.js";
import { el } from "shared/dom.js";
import { makePlot } from "shared/plot.js";
import { sigmoid } from "./twin.js";

const POINTS = 200, TANGENT = 1.3, LOOKS = { quadratic: "plain", cross_entropy: "strong" };
const SERIES = { answer: "a", cost: "cost", gradient: "dz" };

export class Plots {
  /** @param {any} board */
  constructor(board) {
    this.board = board;
    const { labels } = board;
    const box = (kind, title, note) => {
      const host = el("div", "plot-body"), head = el("div", "grid-head", el("b", "", title), el("span", "", note));
      return { root: el("div", `plot-box ${kind}`, head, host), host, head };
    };
    const plane = box("plane", labels.plane, labels.plane_note), sigma = box("sigma", labels.sigma, labels.sigma_note), course = box("course", "", labels.course_note);
    this.courseTitle = course.head.firstElementChild;
    const moved = (_id, { x, y }) => {
      Object.assign(board.state, { w: Number(x.toFixed(2)), b: Number(y.toFixed(2)), epoch: 0 });
      board.changed();
    };
    this.plane = makePlot(plane.host, { label: labels.plane, reads: false, drag: moved, drop: moved, margin: { right: 0.9 } });
    this.sigma = makePlot(sigma.host, { label: labels.sigma, reads: false, margin: { right: 0.9 } });
    this.course = makePlot(course.host, {
      label: labels.course_note, snap: Math.round, chosen: (epoch) => board.go(epoch),
      moved: (epoch) => {
        board.pointed = epoch;
        board.write();
      },
      tell: (epoch) => ({ title: `${labels.epoch} ${epoch}`, rows: Object.keys(LOOKS).map((cost) => [labels[cost], short(board.found[cost][SERIES[board.state.show]][epoch], 4), LOOKS[cost]]) }),
    });
    this.roots = [el("div", "row upper", plane.root, sigma.root), course.root];
  }

  update() {
    const { board } = this, { state, found, labels, epoch, mode, meta, last } = board, costs = Object.keys(LOOKS);
    this.plane.update({
      x: { low: -meta.reach, high: meta.reach, label: "w" }, y: { low: -meta.reach, high: meta.reach, label: "b" },
      curves: costs.map((cost) => ({ id: cost, x: found[cost].w, y: found[cost].b, look: LOOKS[cost], dash: cost === "quadratic" })),
      points: costs.map((cost) => ({ x: found[cost].w[epoch], y: found[cost].b[epoch], look: LOOKS[cost], open: cost === "quadratic" })),
      handles: [{ id: "start", x: state.w, y: state.b, along: "xy", label: labels.start, text: `(${short(state.w)}, ${short(state.b)})`, step: 0.1, x_range: [-meta.reach, meta.reach], y_range: [-meta.reach, meta.reach] }],
    }, mode);
    const all = costs.flatMap((cost) => found[cost].z), low = Math.min(-6, Math.floor(Math.min(...all))), high = Math.max(6, Math.ceil(Math.max(...all)));
    const zs = Array.from({ length: POINTS + 1 }, (_, i) => low + ((high - low) * i) / POINTS);
    const tangent = (cost) => {
      const { z, a, slope } = found[cost], at = z[epoch], reach = TANGENT / Math.max(0.35, Math.sqrt(1 + slope[epoch] ** 2));
      return { x: [at - reach, at + reach], y: [a[epoch] - reach * slope[epoch], a[epoch] + reach * slope[epoch]], look: LOOKS[cost], dash: cost === "quadratic" };
    };
    this.sigma.update({
      x: { low, high, label: "z" }, y: { low: -0.12, high: 1.2, label: "a = σ(z)", ticks: [0, 0.5, 1] },
      curves: [{ id: "sigma", x: zs, y: zs.map(sigmoid), look: "faint" }, ...costs.map(tangent)],
      rules: [{ y: Number(state.y), label: `y = ${state.y}`, look: "accent", dash: true }],
      points: costs.map((cost) => ({ x: found[cost].z[epoch], y: found[cost].a[epoch], look: LOOKS[cost], label: labels[cost], open: cost === "quadratic", at: `${cost === "quadratic" ? "n" : "s"}${found[cost].z[epoch] > 0 ? "w" : "e"}` })),
    }, mode);
    const series = SERIES[state.show], values = costs.flatMap((cost) => found[cost][series]);
    const [least, most] = state.show === "answer" ? [0, 1] : [Math.min(0, ...values), Math.max(0, ...values)];
    this.courseTitle.textContent = labels[`course_${state.show}`];
    this.courseDrawn = { x: { low: 0, high: last, label: labels.epoch }, y: { low: least, high: most || 1e-6 } };
    this.course.update({
      ...this.courseDrawn,
      curves: costs.map((cost) => ({ id: cost, x: found[cost].z.map((_, i) => i), y: found[cost][series], look: LOOKS[cost], dash: cost === "quadratic", label: labels[cost] })),
      rules: [{ x: Math.min(state.epoch, last), look: "accent" }, ...(state.show === "answer" ? [{ y: Number(state.y), look: "accent", dash: true }] : [])],
    }, mode);
  }
}
