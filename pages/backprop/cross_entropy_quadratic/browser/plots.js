// The three pictures: the plane of starts, the sigmoid with the two standing on it, and their course.
import { el } from "shared/dom.js";
import { short } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { sigmoid } from "./twin.js";

const POINTS = 200, TANGENT = 1.3;
/** @type {Record<string, import("shared/plot_marks.js").Look>} */
const LOOKS = { quadratic: "plain", cross_entropy: "strong" };
/** @type {Record<string, "a"|"cost"|"dz">} */
const SERIES = { answer: "a", cost: "cost", gradient: "dz" };

export class Plots {
  /** @param {import("./board.js").TwoCosts} board */
  constructor(board) {
    this.board = board;
    const { labels } = board;
    /** The words that the pictures were made with. */
    this.labels = labels;
    /** @param {string} kind @param {string} title @param {string} note */
    const box = (kind, title, note) => {
      const host = el("div", "plot-body"), name = el("b", "", title);
      return { root: el("div", `plot-box ${kind}`, el("div", "grid-head", name, el("span", "", note)), host), host, name };
    };
    const plane = box("plane", labels.plane, labels.plane_note), sigma = box("sigma", labels.sigma, labels.sigma_note);
    const course = box("course", "", labels.course_note);
    this.courseTitle = course.name;
    /** @param {string} _id @param {import("shared/plot_handles.js").Place} place */
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
      tell: (epoch) => ({
        title: `${labels.epoch} ${epoch}`,
        rows: Object.keys(LOOKS).map((cost) => [labels[cost], short(board.found[cost][SERIES[board.state.show]][epoch], 4), LOOKS[cost]]),
      }),
    });
    this.roots = [el("div", "row upper", plane.root, sigma.root), course.root];
  }

  update() {
    const { board } = this, { state, found, labels, epoch, mode, meta, last } = board, costs = Object.keys(LOOKS);
    const { reach } = meta, dashed = (/** @type {string} */ cost) => cost === "quadratic";
    this.plane.update({
      x: { low: -reach, high: reach, label: "w" }, y: { low: -reach, high: reach, label: "b" },
      curves: costs.map((cost) => ({ id: cost, x: found[cost].w, y: found[cost].b, look: LOOKS[cost], dash: dashed(cost) })),
      points: costs.map((cost) => ({ x: found[cost].w[epoch], y: found[cost].b[epoch], look: LOOKS[cost], open: dashed(cost) })),
      handles: [{
        id: "start", x: state.w, y: state.b, along: "xy", label: labels.start, text: `(${short(state.w)}, ${short(state.b)})`,
        step: 0.1, x_range: [-reach, reach], y_range: [-reach, reach],
      }],
    }, mode);
    const all = costs.flatMap((cost) => found[cost].z);
    const low = Math.min(-6, Math.floor(Math.min(...all))), high = Math.max(6, Math.ceil(Math.max(...all)));
    const zs = Array.from({ length: POINTS + 1 }, (_, i) => low + ((high - low) * i) / POINTS);
    const tangent = (/** @type {string} */ cost) => {
      const { z, a, slope } = found[cost], at = z[epoch], arm = TANGENT / Math.max(0.35, Math.sqrt(1 + slope[epoch] ** 2));
      const y = [a[epoch] - arm * slope[epoch], a[epoch] + arm * slope[epoch]];
      return { x: [at - arm, at + arm], y, look: LOOKS[cost], dash: dashed(cost) };
    };
    /** @param {string} cost @returns {import("shared/plot_marks.js").Point} */
    const standing = (cost) => {
      const x = found[cost].z[epoch], at = dashed(cost) ? x > 0 ? "nw" : "ne" : x > 0 ? "sw" : "se";
      return { x, y: found[cost].a[epoch], look: LOOKS[cost], label: labels[cost], open: dashed(cost), at };
    };
    this.sigma.update({
      x: { low, high, label: "z" }, y: { low: -0.12, high: 1.2, label: "a = σ(z)", ticks: [0, 0.5, 1] },
      curves: [{ id: "sigma", x: zs, y: zs.map(sigmoid), look: "faint" }, ...costs.map(tangent)],
      rules: [{ y: Number(state.y), label: `y = ${state.y}`, look: "accent", dash: true }],
      points: costs.map(standing),
    }, mode);
    const series = SERIES[state.show], values = costs.flatMap((cost) => found[cost][series]);
    const [least, most] = state.show === "answer" ? [0, 1] : [Math.min(0, ...values), Math.max(0, ...values)];
    this.courseTitle.textContent = labels[`course_${state.show}`];
    /** @type {import("shared/plot_marks.js").Rule} */
    const epochRule = { x: Math.min(state.epoch, last), look: "accent" };
    this.courseDrawn = { x: { low: 0, high: last, label: labels.epoch }, y: { low: least, high: most || 1e-6 } };
    this.course.update({
      ...this.courseDrawn,
      curves: costs.map((cost) => ({
        id: cost, x: found[cost].z.map((_, i) => i), y: found[cost][series], look: LOOKS[cost], dash: dashed(cost), label: labels[cost],
      })),
      rules: state.show === "answer" ? [epochRule, { y: Number(state.y), look: "accent", dash: true }] : [epochRule],
    }, mode);
  }
}
