// The row of views, order and colours, and the strip of layers under it.
import { gradient } from "shared/colours.js";
import { el } from "shared/dom.js";
import { format } from "shared/numbers.js";

const VIEWS = ["maps", "kernel", "crossing", "layers"], SORTS = ["max", "mean", "number"], SCOPES = ["map", "layer", "all"];

/** Pills of which one is pressed. */
export function pills(lesson, name, options, label) {
  const { labels } = lesson.meta, made = el("div", `pills ${name}`);
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", labels[label]);
  if (name !== "view") made.append(el("span", "name", labels[label]));
  for (const option of options) {
    const text = labels[`${name}_${option}`], choose = lesson.button(`choice ${name}-${option}`, "", () => lesson.choose({ [name]: option }), text);
    choose.dataset.focus = `${name}:${option}`;
    choose.setAttribute("aria-pressed", String(lesson.chosen[name] === option));
    made.append(choose);
  }
  return made;
}

/** What the colours mean: one ramp, its two ends. @param {any} lesson @param {boolean} signed @param {string} end */
export function legend(lesson, signed, end) {
  const ramp = el("i");
  ramp.style.background = gradient(signed ? "diverging" : "sequential", lesson.mode);
  return el("div", "legend", signed ? (/^\d/.test(end) ? `−${end}` : "−") : "0", ramp, end);
}

/** The order of the maps and the colours' range, over the maps themselves. @param {any} lesson */
export function settings(lesson) {
  const end = lesson.chosen.scope === "map" ? lesson.meta.labels.own_largest : format(lesson.limit(lesson.level, 0), 2);
  return el("div", "settings", pills(lesson, "sort", SORTS, "sort"), pills(lesson, "scope", SCOPES, "scope"), legend(lesson, lesson.signed(lesson.level), end));
}

/** A layer's shape as people write it. @param {any} level */
export const shapeOf = (level) => (level.kind === "linear" ? String(level.shape[0]) : level.shape.join("×"));

/** @param {any} lesson */
export function drawBar(lesson) {
  const { meta: { labels, levels }, chosen } = lesson;
  lesson.bar.replaceChildren(pills(lesson, "view", VIEWS, "views"), ...(chosen.view === "layers" ? [pills(lesson, "scope", SCOPES, "scope")] : []));
  lesson.strip.hidden = chosen.view === "layers";
  lesson.strip.setAttribute("role", "group");
  lesson.strip.setAttribute("aria-label", labels.layers);
  const [channels, height, width] = lesson.arrays.input.shape;
  lesson.strip.replaceChildren(
    el("span", "stop", el("b", "", labels.input), el("small", "", [channels, height, width].join("×"))),
    ...levels.flatMap((level) => {
      const stop = lesson.button("stop", "", () => lesson.choose({ layer: level.name }), el("b", "", level.name), el("small", "", shapeOf(level)));
      stop.dataset.focus = `layer:${level.name}`;
      stop.setAttribute("aria-pressed", String(level === lesson.level));
      return [el("span", "arrow", "→"), stop];
    }),
  );
}
