// Previous, play, next, and the speed, where something plays at all.
import { button, el, markup } from "./dom.js";

/**
 * What can be played: a bench, a board.
 * @typedef {Object} Player
 * @property {any} meta what the page sent, with its labels
 * @property {ShadowRoot} root
 * @property {HTMLElement} controls where the buttons stand
 * @property {number} speed
 * @property {boolean|number} playing
 * @property {(by: number) => void} step
 * @property {() => void} play
 * @property {() => void} stop_
 */

/** @type {Record<string, string>} */
const ICONS = {
  previous: "M8 0 2 5l6 5z", play: "M2 0l7 5-7 5z", next: "M2 0l6 5-6 5z", pause: "M1 0h3v10H1zM6 0h3v10H6z",
};

/** What stands in a row of controls by now. @type {WeakMap<HTMLElement, {bench: Player, shown: string}>} */
const drawn = new WeakMap();

/**
 * Draws them only if they look otherwise: a button that is drawn anew at each step can't be pressed by a slow finger.
 * @param {Player} bench
 * @param {{plays?: boolean, speeds?: boolean}} has
 */
export function drawTransport(bench, { plays = true, speeds: paced = plays } = {}) {
  const { labels } = bench.meta, before = drawn.get(bench.controls);
  const words = [labels.previous, labels.play, labels.pause, labels.next, labels.speed];
  const shown = [plays, paced, Boolean(bench.playing), bench.speed, ...words].join();
  if (before?.bench === bench && before.shown === shown && bench.controls.childElementCount) return;
  drawn.set(bench.controls, { bench, shown });
  const icon = (/** @type {string} */ name) =>
    markup("span", "", `<svg viewBox="0 0 10 10" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`);
  const focused = /** @type {HTMLElement|null} */ (bench.root.activeElement)?.dataset?.control;
  const make = (/** @type {string} */ name, /** @type {string} */ label, /** @type {() => void} */ click, kind = "") => {
    const made = button(kind, label, click, icon(name));
    made.dataset.control = name === "pause" ? "play" : name;
    made.title = label;
    return made;
  };
  const speeds = el("div", "speeds");
  ["½×", "1×", "2×"].forEach((text, i) => {
    const made = button("", `${labels.speed} ${text}`, () => {
      const playing = bench.playing;
      bench.speed = i;
      if (playing) {
        bench.stop_();
        bench.play();
      } else drawTransport(bench, { plays, speeds: paced });
    }, text);
    made.setAttribute("aria-pressed", String(bench.speed === i));
    speeds.append(made);
  });
  bench.controls.replaceChildren(
    make("previous", labels.previous, () => bench.step(-1)),
    ...(!plays ? [] : bench.playing ? [make("pause", labels.pause, () => bench.stop_(), "play")]
      : [make("play", labels.play, () => bench.play(), "play")]),
    make("next", labels.next, () => bench.step(1)),
    ...(paced ? [speeds] : []),
  );
  if (focused) /** @type {HTMLElement|null} */ (bench.controls.querySelector(`[data-control="${focused}"]`))?.focus();
}
