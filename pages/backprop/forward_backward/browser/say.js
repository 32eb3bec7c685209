// The text column of a stop.
import { format } from "shared/numbers.js";
import { button, el } from "shared/dom.js";
import { drawKnobs } from "shared/knobs.js";
import { tabs } from "shared/pane.js";
import { lossCurve } from "./losses.js";

/** @typedef {import("./board.js").Stage} Stage */

/** The stop in words: its question, its sentence, its formula and code, and what comes next. @param {Stage} stage */
export function drawSay(stage) {
  const { stop, meta } = stage, labels = meta.labels, [title] = stage.text(stop.text);
  stage.kicker.textContent = `${labels[`phase_${stop.phase}`]} · ${stage.nameOf(stop.id)}`;
  stage.heading.textContent = title;
  const parts = [stage.kicker, stage.heading, stage.sentence];
  if (stop.phase === "update") parts.push(rate(stage));
  if (stop.id === "update") parts.push(updateChoice(stage), updatePart(stage));
  if (stop.id === "after") parts.push(repeats(stage));
  if (meta.edits.length) parts.push(edits(stage));
  parts.push(...tabs(stage, stage.scene, () => drawSay(stage)));
  if (stage.index < stage.stops.length - 1) {
    const next = stage.stops[stage.index + 1];
    const words = el("span", "", el("small", "", `${labels.next} · ${stage.nameOf(next.id)}`), stage.text(next.text)[0]);
    parts.push(button("next", "", () => stage.step(1), words, el("span", "", "→")));
  }
  replaceAround(stage.words, parts);
}

/**
 * Put new parts into the column, but leave a slider that is being dragged where it is: a slider that is taken out
 * of the page lets go of the pointer.
 * @param {HTMLElement} column @param {HTMLElement[]} parts
 */
function replaceAround(column, parts) {
  const held = /** @type {HTMLElement|null} */ (column.querySelector(".rate:focus-within"));
  const at = parts.findIndex((part) => part.classList.contains("rate"));
  if (!held || at < 0) {
    column.replaceChildren(...parts);
    return;
  }
  for (const child of [...column.children]) if (child !== held) child.remove();
  held.before(...parts.slice(0, at));
  held.after(...parts.slice(at + 1));
}

/** The learning rate, on a scale of 1, 2 and 5. @param {Stage} stage */
function rate(stage) {
  const labels = stage.meta.labels, value = el("b", "", String(stage.meta.lr)), slider = /** @type {HTMLInputElement} */ (el("input"));
  /** @type {number[]} */
  const rates = stage.meta.rates;
  const away = (/** @type {number} */ rate) => Math.abs(Math.log(rate / stage.meta.lr));
  Object.assign(slider, { type: "range", min: 0, max: rates.length - 1, step: 1 });
  slider.value = String(rates.reduce((best, rate, i) => (away(rate) < away(rates[best]) ? i : best), 0));
  slider.dataset.control = "lr";
  slider.oninput = () => {
    value.textContent = String(rates[Number(slider.value)]);
    stage.slide(rates[Number(slider.value)]);
  };
  return el("label", "rate", labels.lr, slider, value);
}

/** Which parameters the update shows. @param {Stage} stage */
function updateChoice(stage) {
  const made = el("div", "segments");
  stage.choices.forEach(({ name }, i) => {
    const choose = button("pill", "", () => {
      stage.choice = i;
      stage.cell = null;
      stage.redraw();
      stage.tell();
      /** @type {HTMLElement|null} */ (stage.words.querySelector(`[data-choice="${i}"]`))?.focus({ preventScroll: true });
    }, name);
    choose.dataset.choice = String(i);
    choose.setAttribute("aria-pressed", String(i === stage.choice));
    made.append(choose);
  });
  return made;
}

/** And which kernel of them, or the weights of which class. @param {Stage} stage */
function updatePart(stage) {
  const [{ cursor, array }] = stage.choices[stage.choice].picture, { labels } = stage, made = el("div", "knobs part");
  const sizes = stage.arrays[array].shape;
  /** @type {[string, number][]} */
  const axes = [["k", sizes[0]], ["row", sizes[0]], ["c", sizes[1]]];
  const knobs = axes.filter(([axis, size]) => axis in cursor && size > 1).map(([axis, size]) => ({
    kind: /** @type {const} */ ("step"), name: cursor[axis], label: labels[`part_${axis}`], value: stage.cursors[cursor[axis]],
    low: 0, high: size - 1,
  }));
  made.hidden = !knobs.length;
  drawKnobs(made, knobs, labels, { set: (name, value) => stage.choosePart(name, value), act: () => {} });
  return made;
}

/** Ten more steps like this one, and the curve of their losses. @param {Stage} stage */
function repeats(stage) {
  const { meta } = stage, labels = meta.labels, made = el("div", "repeats");
  made.append(button("pill", "", () => stage.act("repeat"), labels.repeat));
  made.append(button("pill", "", () => stage.act("reset"), labels.reset));
  if (meta.losses.length > 1) made.append(lossCurve(meta.losses, labels));
  return made;
}

/** What the learner changed, and the way back. @param {Stage} stage */
function edits(stage) {
  const { meta } = stage, labels = meta.labels, last = meta.edits[meta.edits.length - 1];
  return el("div", "edits",
    el("span", "", `${meta.edits.length} ${labels.changed}: ${last.name} ${format(last.was, 2)} → ${format(last.now, 2)}`),
    button("pill", "", () => stage.act("undo"), labels.undo), button("pill", "", () => stage.act("reset"), labels.reset));
}
