// The timeline: how one moves through the stops.
import { button, el, markup } from "./dom.js";

const ICONS = {
  previous: "M8 0 2 5l6 5z", play: "M2 0l7 5-7 5z", next: "M2 0l6 5-6 5z", pause: "M1 0h3v10H1zM6 0h3v10H6z",
};
const PHASES = ["forward", "loss", "backward", "update"];

/** Previous, play, next, and the speed. @param {any} stage */
export function drawControls(stage) {
  const labels = stage.meta.labels;
  const icon = (name) => markup("span", "", `<svg viewBox="0 0 10 10" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`);
  const focused = stage.root.activeElement?.dataset?.control;
  const make = (name, label, click, kind = "") => {
    const made = button(kind, label, click, icon(name));
    made.dataset.control = name === "pause" ? "play" : name;
    made.title = label;
    return made;
  };
  const speeds = el("div", "speeds");
  ["½×", "1×", "2×"].forEach((text, i) => {
    const made = button("", `${labels.speed} ${text}`, () => {
      const playing = stage.playing;
      stage.speed = i;
      if (playing) {
        stage.stop_();
        stage.play();
      } else drawControls(stage);
    }, text);
    made.setAttribute("aria-pressed", String(stage.speed === i));
    speeds.append(made);
  });
  stage.controls.replaceChildren(
    make("previous", labels.previous, () => stage.step(-1)),
    stage.playing ? make("pause", labels.pause, () => stage.stop_(), "play") : make("play", labels.play, () => stage.play(), "play"),
    make("next", labels.next, () => stage.step(1)),
    speeds,
  );
  if (focused) /** @type {HTMLElement|null} */ (stage.controls.querySelector(`[data-control="${focused}"]`))?.focus();
}

/** One tick for each stop, by phase; dragging along them scrubs. @param {any} stage */
export function drawTrack(stage) {
  const labels = stage.meta.labels;
  stage.track.replaceChildren(...PHASES.map((phase) => {
    const own = stage.stops.map((_, i) => i).filter((i) => stage.stops[i].phase === phase);
    const ticks = el("div", "ticks");
    for (const i of own) {
      const state = i < stage.index ? " done" : i === stage.index ? " current" : "";
      const name = stage.nameOf(stage.stops[i].id), tick = button(`tick${state}`, name, () => stage.go(i));
      tick.title = name;
      ticks.append(tick);
    }
    const made = el("div", `phase${stage.stop.phase === phase ? " on" : ""}`, el("span", "", labels[`phase_${phase}`]), ticks);
    made.style.flex = String(Math.max(own.length, 2.6));
    return made;
  }));
  stage.count.textContent = `${stage.index + 1} / ${stage.stops.length}`;
  stage.track.onpointerdown = () => { stage.scrubbing = true; };
  stage.track.onpointermove = (event) => {
    if (!stage.scrubbing || !event.buttons) return;
    const tick = stage.root.elementFromPoint(event.clientX, event.clientY)?.closest(".tick");
    const at = tick ? [...stage.track.querySelectorAll(".tick")].indexOf(tick) : -1;
    if (at >= 0 && at !== stage.index) stage.go(at);
  };
  stage.track.onpointerup = () => { stage.scrubbing = false; };
}
