// The row that drives the run: reset, one step, play or pause, one epoch; how far it is; how fast it goes.
import { el, iconButton, iconPath } from "./dom.js";

/**
 * @param {(action: string, value?: string|number) => void} tell
 * @param {any} words
 * @param {{value: string, label: string}[]} speeds
 */
export function makeTransport(tell, words, speeds) {
  const reset = iconButton("reset", words.reset, () => tell(reset.dataset.does ?? "reset"));
  const step = iconButton("step", words.step, () => tell("step"));
  const play = iconButton("play", words.play, () => tell(play.dataset.does ?? "play"));
  const epoch = iconButton("epoch", words.epoch, () => tell("epoch"));
  const fill = el("i");
  const track = el("div", "track", [fill]);
  track.setAttribute("role", "progressbar");
  track.setAttribute("aria-label", words.progress);
  const where = el("span", "where");
  const left = el("span", "left");
  const pace = el("div", "seg");
  pace.setAttribute("role", "group");
  pace.setAttribute("aria-label", words.speed);
  const paces = speeds.map(({ value, label }) => {
    const button = el("button", "", label);
    button.addEventListener("click", () => tell("speed", value));
    button.dataset.value = value;
    return button;
  });
  pace.append(...paces);
  const open = el("button", "open", words.open);
  open.append(el("span", "", " →"));
  open.addEventListener("click", () => tell("open"));
  const buttons = el("div", "buttons", [reset, step, play, epoch]);
  const row = el("div", "transport", [buttons, el("div", "progress", [track, el("div", "count", [where, left])]), pace, open]);

  return {
    row,
    /** @param {any} meta */
    update(meta) {
      const runs = meta.status === "running" || meta.status === "queued";
      play.dataset.does = runs ? "pause" : "play";
      const label = runs ? words.pause : words.play;
      play.title = label;
      play.setAttribute("aria-label", label);
      play.querySelector("path")?.setAttribute("d", iconPath(runs ? "pause" : "play"));
      for (const button of [step, play, epoch]) {
        /** @type {HTMLButtonElement} */ (button).disabled = meta.ended;
      }
      // Where there is nothing to reset, the same button brings back what was.
      const undoes = meta.before !== null;
      const resetLabel = undoes ? words.undo.replace("{step}", meta.before) : words.reset;
      reset.dataset.does = undoes ? "undo" : "reset";
      reset.title = resetLabel;
      reset.setAttribute("aria-label", resetLabel);
      reset.querySelector("path")?.setAttribute("d", iconPath(undoes ? "undo" : "reset"));
      reset.disabled = meta.step === 0 && !meta.ended && !undoes;
      fill.style.width = `${(100 * meta.step) / meta.total}%`;
      track.style.setProperty("--epochs", String(meta.epochs));
      track.setAttribute("aria-valuenow", String(Math.round((100 * meta.step) / meta.total)));
      where.textContent = meta.where;
      left.textContent = meta.left;
      for (const button of paces) button.setAttribute("aria-pressed", String(button.dataset.value === meta.speed));
    },
  };
}
