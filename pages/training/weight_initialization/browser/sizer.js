// The axis of weight sizes: a handle to drag, marks where the known rules stand, and what the size does to a variance.
import { button, el, sentence } from "shared/dom.js";
import { settle } from "shared/equation.js";
import { product } from "shared/numbers.js";
import { svg } from "shared/plot_marks.js";
import { DIGITS, factor } from "./arithmetic.js";

/** Room at both ends, for their numbers, in rem. */
const END = 1.1;
/** Digits of a weight's variance at most. */
const MOST = 9;
const TICKS = [0.001, 0.01, 0.1, 1, 10];

/**
 * @param {(place: number) => void} drag  the handle stands at this place of the axis
 * @param {(rule: string) => void} choose
 */
export function makeSizer(drag, choose) {
  const picture = svg("svg", { class: "sizes" });
  const handle = el("div", "handle");
  handle.tabIndex = 0;
  handle.setAttribute("role", "slider");
  const name = el("div", "sizer-name"), line = el("div", "line-host", /** @type {any} */ (picture), handle);
  const rules = el("div", "rules"), keeps = el("p", "keeps");
  const host = el("section", "sizer", name, line, rules, keeps);
  /** @type {any} */
  let meta = null;
  /** @type {any} */
  let view = null;
  let place = 0, held = false;

  const low = () => Math.log10(meta.sigmas[0]), high = () => Math.log10(meta.sigmas[meta.sigmas.length - 1]);
  const across = (/** @type {number} */ sigma) => (Math.log10(sigma) - low()) / (high() - low());
  const nearest = (/** @type {number} */ sigma) => {
    const away = meta.sigmas.map((/** @type {number} */ other) => Math.abs(Math.log(other / sigma)));
    return away.indexOf(Math.min(...away));
  };
  const free = () => !["lsuv", "zeros"].includes(view.draw);

  function draw() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), wide = line.clientWidth, y = 1.5 * rem;
    if (!wide) return;
    picture.setAttribute("viewBox", `0 0 ${wide} ${2.9 * rem}`);
    const x = (/** @type {number} */ sigma) => END * rem + across(sigma) * (wide - 2 * END * rem);
    const made = [svg("line", { x1: END * rem, x2: wide - END * rem, y1: y, y2: y, class: "track" })];
    for (const tick of TICKS) {
      const mark = svg("line", { x1: x(tick), x2: x(tick), y1: y - 3, y2: y + 3, class: "tick" });
      made.push(mark, svg("text", { x: x(tick), y: y + 0.95 * rem }, String(tick)));
    }
    const { xavier, he } = view.places;
    for (const [at, label, end] of /** @type {[number, string, string][]} */ ([[xavier, "Xavier", "end"], [he, "He", "start"]])) {
      const [nx, shift] = [x(at), end === "end" ? -0.25 * rem : 0.25 * rem];
      const mark = svg("line", { x1: nx, x2: nx, y1: y - 0.75 * rem, y2: y, class: "rule" });
      made.push(mark, svg("text", { x: nx + shift, y: y - 0.85 * rem, class: end }, label));
    }
    picture.replaceChildren(...made);
    handle.style.left = `${x(Math.max(meta.sigmas[0], Math.min(meta.sigmas[meta.sigmas.length - 1], now())))}px`;
    handle.style.top = `${y}px`;
  }

  const now = () => (held ? meta.sigmas[place] : view.sigma);

  function say() {
    const sigma = now(), words = meta.labels;
    name.replaceChildren(words.size, el("b", "", free() || held ? `σ = ${factor(sigma)}` : ""));
    handle.setAttribute("aria-label", words.size);
    handle.setAttribute("aria-valuetext", factor(sigma));
    handle.setAttribute("aria-valuemin", String(meta.sigmas[0]));
    handle.setAttribute("aria-valuemax", String(meta.sigmas[meta.sigmas.length - 1]));
    handle.setAttribute("aria-valuenow", factor(sigma));
    handle.hidden = view.draw === "zeros";
    const n = factor(view.n), whole = factor(view.n * sigma ** 2), times = (/** @type {number} */ count) => factor(sigma ** 2, count);
    const values = { n, w: times(settle((count) => product(n, times(count)), whole, DIGITS, MOST).digits), product: whole };
    keeps.replaceChildren(free() || held ? sentence(view.draw === "constant" ? words.keeps_alike : words.keeps, values) : words.no_size);
    for (const rule of rules.children) {
      const chosen = /** @type {HTMLElement} */ (rule).dataset.rule === (held ? "fixed" : view.size) && (free() || held);
      rule.setAttribute("aria-pressed", String(chosen));
    }
  }

  /** @param {number} to */
  function go(to) {
    const next = Math.max(0, Math.min(meta.sigmas.length - 1, to));
    if (held && next === place) return;
    held = true;
    place = next;
    draw();
    say();
    drag(place);
  }

  line.addEventListener("pointerdown", (event) => {
    if (!meta) return;
    line.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    follow(event);
  });
  /** @param {PointerEvent} event */
  function follow(event) {
    if (!line.hasPointerCapture(event.pointerId)) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), box = line.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left - END * rem) / (box.width - 2 * END * rem)));
    go(nearest(10 ** (low() + share * (high() - low()))));
  }
  line.addEventListener("pointermove", follow);
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5, Home: -99, End: 99 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    go((held ? place : nearest(now())) + step);
  });
  const resized = new ResizeObserver(() => { if (meta) draw(); });
  resized.observe(line);

  return {
    host,
    /** @param {any} nextMeta @param {any} nextView @param {boolean} answered whether nothing is still on its way */
    update(nextMeta, nextView, answered) {
      meta = nextMeta;
      view = nextView;
      if (answered) held = false;
      if (rules.children.length !== meta.rules.length) {
        rules.replaceChildren(...meta.rules.map((/** @type {any} */ rule) => {
          const made = button("pill", "", () => choose(rule.name), rule.label);
          made.dataset.rule = rule.name;
          return made;
        }));
      }
      draw();
      say();
    },
    leave: () => resized.disconnect(),
  };
}
