// The explained number moved a little both ways: two losses, the slope that they make, and what backpropagation said.
import { chip, line, sign, total } from "shared/arithmetic.js";
import { button, el, fill, sentence } from "shared/dom.js";
import { unravel } from "shared/rules.js";

/** @typedef {import("./board.js").Stage} Stage */
/** What the page answers: numbers as they are written, and the verdict with its numbers.
 * @typedef {{text: string, value: string, analytic: string, tones: (number|null)[], verdict: string, losses?: string[],
 *   sign?: string, numeric?: string, facts: {digits: number, difference: string, places: string}}} Answer */

const RIGHT = ["zero", "agrees", "tiny"];

/**
 * The number that a result's cell stands for, its own or the one whose gradient it is: for the page, and for the reader.
 * @param {Stage} stage @returns {[string, string]|null}
 */
function numberOf(stage) {
  const { array } = stage.result.spec, { meta } = stage, cell = /** @type {number} */ (stage.cell);
  const name = array === "d:z" ? meta.last : array === "surprise" ? "p" : array.replace(/^(v|d|new):/, "");
  // What comes after the step has no gradient yet.
  if (name.includes(":")) return null;
  const place = unravel(cell, stage.arrays[array].shape), own = name.includes(".") ? place : place.slice(1);
  return [`${name}.${cell}`, `${meta.labels[`column_${name}`] ?? name}[${own.join(", ")}]`];
}

/** A button on the shelf of what is held, and behind it the answer. @param {Stage} stage */
export function drawNudge(stage) {
  const { shelf, labels } = stage, found = numberOf(stage), [number, name] = found ?? ["", ""];
  const holds = found && (stage.locked || stage.result.spec.edit), open = holds && stage.locked && stage.nudge.startsWith(`${number}:`);
  if (!open) stage.nudge = "";
  if (!holds) return;
  const press = button("pill nudge", "", () => stage.ask(open ? "" : `${number}:${stage.far}`), labels.nudge);
  press.dataset.nudge = "";
  press.setAttribute("aria-pressed", String(Boolean(open)));
  const help = shelf.querySelector(".shelf-head .help");
  if (help) help.before(press);
  else shelf.querySelector(".shelf-head")?.append(press);
  if (open) shelf.append(answer(stage, number, name));
}

/** @param {Stage} stage @param {string} number @param {string} name */
function answer(stage, number, name) {
  const { labels, meta } = stage;
  const found = /** @type {Answer|null} */ (meta.nudge?.text === stage.nudge ? meta.nudge : null), h = stage.nudge.split(":")[1];
  const made = el("div", "nudged"), sizes = el("span", "sizes");
  sizes.setAttribute("role", "group");
  sizes.setAttribute("aria-label", "h");
  for (const size of /** @type {string[]} */ (meta.sizes)) {
    const choose = button("pill", "", () => {
      stage.far = size;
      stage.ask(`${number}:${size}`);
    }, size);
    choose.dataset.nudge = size;
    choose.setAttribute("aria-pressed", String(size === h));
    sizes.append(choose);
  }
  made.append(line(el("b", "", name), chip(found?.value ?? "", null, { name: "v" }), sign("± h"), sizes));
  made.setAttribute("aria-live", "polite");
  if (!found) return made;
  if (found.losses) {
    const [above, below] = found.losses.map((loss, i) => chip(loss, null, { name: i ? "L(v − h)" : "L(v + h)" }));
    const quotient = total(`${found.sign} ${found.numeric}`, found.tones[0]);
    const twice = el("span", "whole", sign(") ÷ (2 × "), chip(h, null, { name: "h" }), sign(")"));
    made.append(line(sign("("), above, sign("−"), below, twice, quotient));
  }
  const backprop = chip(found.analytic, found.tones[1], { name: labels.nudge_backprop }), said = el("span", "verdict");
  said.classList.add(RIGHT.includes(found.verdict) ? "right" : found.verdict === "differs" ? "wrong" : "other");
  const agree = fill(found.facts.digits ? labels.nudge_agree : labels.nudge_agree_not, found.facts);
  said.append(sentence(labels[`nudge_${found.verdict}`], { ...found.facts, agree }));
  made.append(line(backprop, said));
  return made;
}
