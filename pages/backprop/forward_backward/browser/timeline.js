// The timeline: one tick for each stop.
import { button, el } from "shared/dom.js";

const PHASES = ["forward", "loss", "backward", "update"];

/** One tick for each stop, by phase; dragging along them scrubs. @param {import("./board.js").Stage} stage */
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
