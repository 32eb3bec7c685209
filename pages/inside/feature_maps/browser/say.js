// The column of words: one question, an answer once the learner has pointed, and what is known of the kernel.
import { el, fill } from "shared/dom.js";
import { format, percent } from "shared/numbers.js";
import { nameOf } from "./maps.js";

/** @typedef {import("./board.js").FeatureMaps} FeatureMaps */

const SURE = 0.75, NEARLY = 0.5;

/** Which way a kernel runs, as a text's name. @param {ArrayLike<number>} runs */
function verdict({ 0: rows, 1: columns }) {
  if (rows >= SURE) return "yes";
  if (rows >= NEARLY) return "nearly";
  return columns > rows ? "vertical" : "slanted";
}

/** @param {FeatureMaps} lesson @returns {[string, Record<string, any>]} */
function story(lesson) {
  const { level, state, meta, arrays } = lesson, unit = /** @type {import("./board.js").Unit} */ (lesson.unit);
  const k = state.view === "maps" ? unit.k : lesson.channel, own = arrays[`runs:${level.behind}`].data.subarray(3 * k, 3 * k + 3);
  const colours = arrays[`colour:${level.behind}`], weight = arrays[`w:${level.behind}`];
  const name = (/** @type {number} */ of) => nameOf(lesson, level, of);
  const facts = {
    layer: level.name, k, name: name(k), rows: percent(own[0]), columns: percent(own[1]), rest: percent(own[2]),
    count: level.shape[0], empty: percent(lesson.stat(level, 2, k)), max: format(lesson.stat(level, 0, k), 2),
    value: format(lesson.valueAt(unit), 2), i: unit.i, j: unit.j, r: level.size, reads: weight.shape[1], picture: meta.title,
    colour: colours ? percent(colours.data[k]) : "", kernel: weight.shape.slice(2).join("×"),
  };
  if (lesson.story) return [lesson.story[0], { ...facts, ...lesson.story[1] }];
  if (state.view === "kernel") {
    const { samples } = meta;
    return ["kernel", { ...facts, firing: samples ? percent(samples.firing) : "…", all: samples?.count.toLocaleString("en") ?? "" }];
  }
  if (state.view !== "maps") return [state.view, facts];
  if (level.kind === "linear") return ["classes", { ...facts, first: name(level.orders.max[0]), second: name(level.orders.max[1]) }];
  if (level.name === "conv1") {
    const kind = colours ? "colour" : "strokes";
    return lesson.pointed ? [colours ? "colour-of" : `strokes-${verdict(own)}`, facts] : [kind, facts];
  }
  const deep = level.kind === "conv" ? "deep" : level.kind;
  return [lesson.pointed ? `${deep}-of` : deep, facts];
}

/** A share as a bar. @param {string} name @param {number} value */
function share(name, value) {
  const fill = el("i");
  fill.style.width = `${100 * value}%`;
  return el("div", "share", el("span", "", name), el("div", "rail", fill), el("b", "", percent(value)));
}

/** The way on from a map to what fires its kernel. @param {FeatureMaps} lesson */
export function drawWays(lesson) {
  const { labels, state } = lesson, ask = () => lesson.ask(lesson.unit?.k ?? lesson.channel);
  const way = lesson.button("pill", "", ask, `${labels.what_fires} →`);
  const hint = el("span", "hint", lesson.narrow ? labels.tap : labels.hint);
  lesson.ways.replaceChildren(...(state.view === "maps" ? [way, hint] : []));
}

/** @param {FeatureMaps} lesson */
export function drawSay(lesson) {
  const { level, state: { view }, labels, arrays } = lesson, [name, facts] = story(lesson), { k } = facts;
  const kernel = fill(labels.of_kernel, { layer: level.name, k });
  lesson.host.dataset.text = name;
  lesson.kicker.textContent = view === "layers" ? facts.picture : view === "crossing" ? level.name : kernel;
  lesson.speak(`say-${name}`, facts);
  lesson.facts.hidden = !((view === "maps" && lesson.pointed) || view === "kernel");
  if (lesson.facts.hidden) return;
  const runs = arrays[`runs:${level.behind}`].data, colours = arrays[`colour:${level.behind}`];
  const rows = [["largest", format(lesson.stat(level, 0, k), 2)], ["mean", format(lesson.stat(level, 1, k), 2)], ["empty", facts.empty]];
  const bars = level.behind !== "conv1" ? [] : [
    el("div", "small", labels.runs), ...["rows", "columns", "rest"].map((way, at) => share(labels[way], runs[3 * k + at])),
    ...(colours ? [share(labels.colour, colours.data[k])] : []),
  ];
  const numbers = rows.flatMap(([what, value]) => [el("dt", "", labels[what]), el("dd", "", value)]);
  lesson.facts.replaceChildren(el("dl", "", ...numbers), ...bars);
}
