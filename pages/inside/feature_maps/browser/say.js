// The column of words: one question, an answer once the learner has pointed, and what is known of the kernel.
import { el, sentence } from "shared/dom.js";
import { format } from "shared/numbers.js";
import { nameOf } from "./maps.js";

const SURE = 0.75, NEARLY = 0.5;
const percent = (share) => `${Math.round(100 * share)} %`;

/** Which way a kernel runs, as a text's name. */
function verdict([rows, columns]) {
  if (rows >= SURE) return "yes";
  if (rows >= NEARLY) return "nearly";
  return columns > rows ? "vertical" : "slanted";
}

/** @param {any} lesson @returns {[string, Record<string, any>]} */
function story(lesson) {
  const { level, chosen, unit, meta } = lesson;
  const k = chosen.view === "maps" ? unit.k : lesson.channel, runs = lesson.arrays[`runs:${level.behind}`], own = runs.data.subarray(3 * k, 3 * k + 3);
  const colours = lesson.arrays[`colour:${level.behind}`], value = lesson.valueAt(unit);
  const facts = {
    layer: level.name, k, name: nameOf(lesson, level, k), rows: percent(own[0]), columns: percent(own[1]), rest: percent(own[2]),
    count: level.shape[0], empty: percent(lesson.stat(level, 2, k)), max: format(lesson.stat(level, 0, k), 2), value: format(value, 2),
    i: unit.i, j: unit.j, r: level.size, reads: lesson.arrays[`w:${level.behind}`].shape[1], picture: meta.title,
    colour: colours ? percent(colours.data[k]) : "", kernel: lesson.arrays[`w:${level.behind}`].shape.slice(2).join("×"),
  };
  if (lesson.story) return [lesson.story[0], { ...facts, ...lesson.story[1] }];
  if (chosen.view === "kernel") {
    const { samples } = meta;
    return ["kernel", { ...facts, firing: samples ? percent(samples.firing) : "…", all: samples?.count.toLocaleString("en") ?? "" }];
  }
  if (chosen.view !== "maps") return [chosen.view, facts];
  if (level.kind === "linear") return ["classes", { ...facts, first: nameOf(lesson, level, level.orders.max[0]), second: nameOf(lesson, level, level.orders.max[1]) }];
  if (level.name === "conv1") {
    const kind = colours ? "colour" : "strokes";
    return lesson.pointed ? [colours ? "colour-of" : `strokes-${verdict(own)}`, facts] : [kind, facts];
  }
  const deep = level.kind === "conv" ? "deep" : level.kind;
  return [lesson.pointed ? `${deep}-of` : deep, facts];
}

/** A share as a bar. */
function share(name, value) {
  const fill = el("i");
  fill.style.width = `${100 * value}%`;
  return el("div", "share", el("span", "", name), el("div", "rail", fill), el("b", "", percent(value)));
}

/** @param {any} lesson */
export function drawSay(lesson) {
  const { level, chosen, meta: { labels, texts } } = lesson, [name, facts] = story(lesson), [title, text] = texts[`say-${name}`] ?? ["", ""];
  lesson.host.dataset.text = name;
  lesson.kicker.textContent = chosen.view === "layers" ? facts.picture : labels.of_kernel.replace("{layer}", level.name).replace("{k}", facts.k);
  if (chosen.view === "crossing") lesson.kicker.textContent = level.name;
  lesson.heading.replaceChildren(sentence(title, facts));
  lesson.sentence.replaceChildren(sentence(text, facts));
  const one = (chosen.view === "maps" && lesson.pointed) || chosen.view === "kernel", k = facts.k;
  lesson.facts.hidden = !one;
  lesson.ways.replaceChildren();
  if (chosen.view === "maps") lesson.ways.append(lesson.button("pill", "", () => lesson.choose({ view: "kernel", channel: lesson.unit.k, cell: null }), `${labels.what_fires} →`), el("span", "hint", lesson.narrow ? labels.tap : labels.hint));
  if (!one) return;
  const runs = lesson.arrays[`runs:${level.behind}`].data, colours = lesson.arrays[`colour:${level.behind}`];
  const numbers = el("dl", "", ...[["largest", format(lesson.stat(level, 0, k), 2)], ["mean", format(lesson.stat(level, 1, k), 2)], ["empty", facts.empty]].flatMap(([what, value]) => [el("dt", "", labels[what]), el("dd", "", value)]));
  const bars = level.behind === "conv1" ? [el("div", "small", labels.runs), ...["rows", "columns", "rest"].map((way, at) => share(labels[way], runs[3 * k + at])), ...(colours ? [share(labels.colour, colours.data[k])] : [])] : [];
  lesson.facts.replaceChildren(numbers, ...bars);
}
