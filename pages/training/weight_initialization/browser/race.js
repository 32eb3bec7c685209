// The race: a hundred steps of training from each start, and what the first units of one of them have learnt.
import { watchTheme } from "shared/colours.js";
import { button, el, sentence } from "shared/dom.js";
import { format } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { heightAt } from "shared/scales.js";
import { unpack } from "shared/unpack.js";
import { makeTelling } from "shared/telling.js";
import { makeUnits } from "./units.js";
import { whenGone } from "shared/mounted.js";

const LOOK_MS = 220, CALM_MS = 700, NARROW = 760;

/** @type {WeakMap<object, ReturnType<typeof make>>} */
const MOUNTED = new WeakMap();

/** @param {{data: Uint8Array, parentElement: ShadowRoot, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function mount({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".race"));
  const race = MOUNTED.get(root) ?? make(root, parentElement);
  MOUNTED.set(root, race);
  race.receive(data, setTriggerValue);
  return whenGone(root, () => {
    race.leave();
    MOUNTED.delete(root);
  });
}

/** @param {HTMLElement} host @param {ShadowRoot} root */
function make(host, root) {
  const ask = makeTelling();
  /** @type {any} */
  let meta = null;
  /** @type {Record<string, any>} */
  let arrays = {};
  /** @type {import("shared/colours.js").Mode} */
  let mode = "light";
  let timer = 0, built = "";
  /** @type {string|null} */
  let pointed = null;
  const title = el("h2"), text = el("p"), note = el("p", "note"), go = button("go", "", () => ask.tell({ go: true }));
  const rates = el("div", "rates");
  const list = el("div", "list");
  const body = el("div", "plot-body");
  const units = makeUnits();
  host.append(el("section", "say", title, text, el("div", "drive", go, rates), note),
    el("figure", "curves", body), list, units.host);
  /** @type {ReturnType<typeof makePlot>|null} */
  let plot = null;

  const unwatch = watchTheme(root, (now) => {
    mode = now;
    if (meta) draw();
  });
  const resized = new ResizeObserver(() => host.classList.toggle("narrow", host.clientWidth < NARROW));
  resized.observe(host);

  /** What the plot's cursor says. @param {number} step */
  function tell(step) {
    const rows = meta.starts.map((/** @type {any} */ start) => {
      const losses = arrays[`loss.${start.name}`].data;
      return [start.label, format(heightAt(steps(losses.length), losses, step), 2), start.name === lit() ? "strong" : "plain"];
    }).filter((/** @type {string[]} */ row) => row[1] !== "not a number");
    return rows.length ? { title: `${meta.words.step} ${Math.round(step)}`, rows } : null;
  }

  const steps = (/** @type {number} */ count) => Float32Array.from({ length: count }, (_, i) => i + 1);
  const lit = () => pointed ?? meta.units;

  function curves() {
    const drawn = meta.starts.map((/** @type {any} */ start) => {
      const y = arrays[`loss.${start.name}`].data;
      return { id: start.name, x: steps(y.length), y, label: start.label, look: start.name === lit() ? "strong" : "plain" };
    });
    const all = drawn.flatMap((/** @type {any} */ curve) => Array.from(curve.y)).filter((/** @type {number} */ v) => Number.isFinite(v) && v > 0);
    const low = Math.min(0.1, ...all), high = Math.max(10, ...all);
    plot?.update({
      x: { low: 0, high: meta.steps, label: meta.words.step },
      y: { low: 10 ** Math.floor(Math.log10(low)), high: Math.min(1e6, 10 ** Math.ceil(Math.log10(high) - 1e-9)), log: true, label: meta.words.loss },
      curves: drawn, rules: [{ y: meta.guess, label: meta.words.guess, dash: true }],
    }, mode);
  }

  function draw() {
    const words = meta.words;
    title.textContent = words.title;
    text.replaceChildren(sentence(words.text, {}));
    go.textContent = meta.starts.length ? words.again : words.train;
    const running = meta.status === "running" || meta.status === "queued";
    note.textContent = meta.failed ? words.failed : meta.status === "queued" ? words.queued.replace("{count}", String(meta.ahead)) : "";
    host.dataset.status = meta.status;
    host.dataset.finished = String(meta.starts.filter((/** @type {any} */ s) => s.ended).length);
    go.classList.toggle("busy", running);
    rates.replaceChildren(el("span", "", words.rate), ...meta.rates.map((/** @type {string} */ rate) => {
      const made = button("", "", () => ask.tell({ lr: rate }), rate);
      made.setAttribute("aria-pressed", String(rate === meta.lr));
      return made;
    }));
    curves();
    const focused = /** @type {HTMLElement|null} */ (root.activeElement)?.dataset?.name;
    list.replaceChildren(...meta.starts.map((/** @type {any} */ start) => {
      const made = button(`start${start.first ? " first" : ""}`, "", () => ask.tell({ units: start.name }),
        el("b", "", start.label), el("span", "", start.stopped ? words.stopped.replace("{step}", String(start.step + 1))
          : start.ended ? words.right.replace("{share}", start.accuracy) : `${words.step} ${start.step}`));
      made.dataset.name = start.name;
      made.setAttribute("aria-pressed", String(start.name === meta.units));
      made.title = words.curve;
      made.onpointerenter = made.onfocus = () => { pointed = start.name; curves(); };
      made.onpointerleave = made.onblur = () => { pointed = null; curves(); };
      return made;
    }));
    if (focused) /** @type {HTMLElement|null} */ (list.querySelector(`[data-name="${focused}"]`))?.focus();
    units.update(meta, arrays, mode);
  }

  return {
    /** @param {Uint8Array} data @param {(name: string, value: unknown) => void} trigger */
    receive(data, trigger) {
      ({ meta, arrays } = unpack(data));
      ask.heard(meta.heard, trigger);
      if (built !== meta.language) {
        built = meta.language;
        body.replaceChildren();
        plot = makePlot(body, { label: meta.words.plot, tell, snap: Math.round });
      }
      draw();
      clearTimeout(timer);
      if (meta.status === "running" || meta.status === "queued") {
        const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
        timer = window.setTimeout(() => ask.tell({ look: true }), calm ? CALM_MS : LOOK_MS);
      }
    },
    leave() {
      clearTimeout(timer);
      unwatch();
      resized.disconnect();
    },
  };
}
