// The row that drives the run: reset, one step, play or pause, one epoch; how far it is; how fast it goes.
import { el, fill } from "shared/dom.js";

/** @type {Record<string, string>} */
const ICONS = {
  play: "M2 0l7 5-7 5z",
  pause: "M1 0h3v10H1zM6 0h3v10H6z",
  step: "M1 0l5 5-5 5zM7 0h2v10H7z",
  epoch: "M0 0l4 5-4 5zM4 0l4 5-4 5zM8.4 0H10v10H8.4z",
  undo: "M4 0L0 3.2 4 6.4V4.3h2.2a1.9 1.9 0 0 1 0 3.8H3v1.6h3.2a3.5 3.5 0 0 0 0-7H4z",
  reset: "M5 1a4 4 0 1 1-3.9 3.1l1.2.3A2.8 2.8 0 1 0 5 2.2V4L2.4 1.7 5-.6z",
};

/** @param {string} name @param {() => void} click */
function round(name, click) {
  const made = /** @type {HTMLButtonElement} */ (el("button", `round ${name}`));
  made.type = "button";
  made.innerHTML = `<svg viewBox="0 -1 10 12" aria-hidden="true"><path/></svg>`;
  made.addEventListener("click", click);
  return made;
}

/** What a button does now. @param {HTMLElement} made @param {string} icon @param {string} label */
function show(made, icon, label) {
  made.dataset.does = icon;
  made.title = label;
  made.setAttribute("aria-label", label);
  made.querySelector("path")?.setAttribute("d", ICONS[icon]);
}

/**
 * @param {Object} on
 * @param {(action: string) => void} on.drive
 * @param {(pace: string) => void} on.pace
 * @param {() => void} on.open
 * @param {Record<string, string>} labels
 * @param {{value: string, label: string}[]} speeds
 */
export function makeDriver({ drive, pace, open }, labels, speeds) {
  const reset = round("reset", () => drive(reset.dataset.does ?? "reset"));
  const step = round("step", () => drive("step"));
  const play = round("play", () => drive(play.dataset.does ?? "play"));
  const epoch = round("epoch", () => drive("epoch"));
  show(step, "step", labels.step);
  show(epoch, "epoch", labels.epoch);
  const done = el("i");
  const track = el("div", "track", [done]);
  track.setAttribute("role", "progressbar");
  track.setAttribute("aria-label", labels.progress);
  const where = el("span", "where");
  const left = el("span", "left");
  const seg = el("div", "seg");
  seg.setAttribute("role", "group");
  seg.setAttribute("aria-label", labels.speed);
  const paces = speeds.map(({ value, label }) => {
    const button = el("button", "", label);
    button.addEventListener("click", () => pace(value));
    button.dataset.value = value;
    return button;
  });
  seg.append(...paces);
  const goes = el("button", "open", labels.open, el("span", "", " →"));
  goes.addEventListener("click", open);
  const buttons = el("div", "buttons", [reset, step, play, epoch]);
  const row = el("div", "transport", [buttons, el("div", "progress", [track, el("div", "count", [where, left])]), seg, goes]);

  return {
    row,
    /** @param {any} meta @param {boolean} runs @param {string} speed */
    update(meta, runs, speed) {
      show(play, runs ? "pause" : "play", runs ? labels.pause : labels.play);
      for (const button of [step, play, epoch]) button.disabled = meta.ended;
      // Where there is nothing to reset, the same button brings back what was.
      const undoes = meta.before !== null;
      show(reset, undoes ? "undo" : "reset", undoes ? fill(labels.undo, { step: meta.before }) : labels.reset);
      reset.disabled = meta.step === 0 && !meta.ended && !undoes;
      done.style.width = `${(100 * meta.step) / meta.total}%`;
      track.style.setProperty("--epochs", String(meta.epochs));
      track.setAttribute("aria-valuenow", String(Math.round((100 * meta.step) / meta.total)));
      where.textContent = meta.where;
      left.textContent = meta.left;
      for (const button of paces) button.setAttribute("aria-pressed", String(button.dataset.value === speed));
    },
  };
}
