// A lesson in a few scenes: where one stands, the words at the left, the picture, the arithmetic beneath it.
import { Board, boardOf } from "./board.js";
import { button, el, sentence } from "./dom.js";
import { drawTransport } from "./transport.js";

/**
 * A scene: what `Shell` shows at one of its stops. Every part but `build` and `say` may be left out.
 * @typedef {Object} Scene
 * @property {() => Node[]} build the pictures, made anew
 * @property {() => Node|null} [strip] what stands above the stage
 * @property {() => void} [update] the numbers changed: write them where they stand
 * @property {() => {text: string, facts: Record<string, string|number>}} say the block of words and its numbers
 * @property {() => Node[]} [tools] what stands under the sentence
 * @property {() => Node[]} [shelf] the lines of arithmetic
 * @property {() => void} [play] start or stop what moves by itself
 * @property {boolean} [playing]
 * @property {() => void} [leave]
 */

/** @type {Scene} */
const NONE = { build: () => [], say: () => ({ text: "", facts: {} }) };

/**
 * The entry point of a component made of scenes.
 * @param {Record<string, new (shell: any) => Scene>} scenes in the order that `meta.scenes` gives
 */
export const lessonOf = (scenes) => boardOf(class extends Shell {
  makeScene() { return new scenes[this.state.scene](this); }
});

export class Shell extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** The one that is shown. */
    this.scene = NONE;
    this.track = el("nav", "track");
    this.count = el("div", "count");
    this.above = el("div", "above");
    this.extras = el("div", "extras");
    this.formula = el("div", "formula");
    this.onward = el("div", "onward");
    this.words.append(this.extras, this.formula, this.onward);
    this.main = el("div", "bench", this.words, el("section", "right", this.pictures, this.shelf));
    host.classList.add("scenes");
    host.replaceChildren(el("div", "timeline", this.controls, this.track, this.count), this.above, this.main);
  }

  /** @returns {Scene} */
  makeScene() { throw new Error("lessonOf says which scenes there are."); }

  leave() {
    super.leave();
    this.scene.leave?.();
  }

  get at() { return Math.max(0, this.meta.scenes.indexOf(this.state.scene)); }
  get last() { return this.meta.scenes.length - 1; }
  /** Pixels of one rem. */
  get rem() { return parseFloat(getComputedStyle(document.documentElement).fontSize); }

  keysAt() {
    /** @type {import("./picture_keys.js").Key[]} */
    const keys = [["← →", "keys_scene"]];
    if (this.scene.play) keys.push(["Space", "keys_play"]);
    return keys;
  }

  /** @param {number} at */
  go(at) {
    const to = this.meta.scenes[Math.max(0, Math.min(this.last, at))];
    if (to === this.state.scene) return;
    this.state.scene = to;
    // The cell that is explained is one of the scene that was left.
    if ("cell" in this.state) this.state.cell = "";
    this.redraw();
    this.tell();
  }

  /** What moves by itself is the scene's own. */
  play() {
    this.scene.play?.();
    this.drawControls();
  }

  stop_() { if (this.scene.playing) this.play(); }

  /** @param {KeyboardEvent} event */
  pressed(event) { return event.key === " " && !this.scene.play ? false : super.pressed(event); }

  update() {
    this.scene.update?.();
    this.write();
  }

  draw() {
    this.scene.leave?.();
    this.scene = this.makeScene();
    this.host.dataset.scene = this.state.scene;
    const strip = this.scene.strip?.();
    this.above.replaceChildren(...(strip ? [strip] : []));
    this.drawControls();
    this.drawTrack();
    this.drawSay();
    // Pictures measure the room that they have: what another scene has left on the shelf must not take any.
    this.shelf.replaceChildren();
    this.shelf.style.minHeight = "";
    this.pictures.replaceChildren(...this.scene.build());
  }

  drawControls() {
    this.playing = Boolean(this.scene.playing);
    drawTransport(this, { plays: Boolean(this.scene.play), speeds: false });
  }

  drawTrack() {
    this.track.setAttribute("aria-label", this.labels.scenes);
    this.track.replaceChildren(...this.meta.scenes.map((/** @type {string} */ scene, /** @type {number} */ i) => {
      const state = i === this.at ? " on" : i < this.at ? " done" : "", name = el("span", "", this.labels[`scene_${scene}`]);
      const made = button(`phase${state}`, "", () => this.go(i), name, el("i"));
      if (i === this.at) made.setAttribute("aria-current", "step");
      return made;
    }));
    this.count.textContent = `${this.at + 1} / ${this.meta.scenes.length}`;
  }

  drawSay() {
    this.kicker.textContent = this.labels[`scene_${this.state.scene}`];
    this.extras.replaceChildren(...(this.scene.tools?.() ?? []));
    this.formula.innerHTML = this.meta.formulas[this.state.scene] ?? "";
    const next = this.meta.scenes[this.at + 1];
    const label = next && this.labels[`scene_${next}`];
    const words = () => el("span", "", el("small", "", this.labels.next), label);
    this.onward.replaceChildren(...(next ? [button("next", "", () => this.go(this.at + 1), words(), el("span", "", "→"))] : []));
  }

  /** The words and the arithmetic, with the numbers as they are. */
  write() {
    const { scene } = this, { text, facts } = scene.say();
    const [heading, body] = this.meta.texts[`scene-${text}`] ?? ["", ""];
    if (this.heading.textContent !== heading) this.heading.textContent = heading;
    this.sentence.replaceChildren(sentence(body, facts));
    this.shelf.replaceChildren(...(scene.shelf?.() ?? []));
    // It may grow while a scene is looked at, but never jumps back under the pointer.
    this.shelf.style.minHeight = this.narrow ? "" : `${this.shelf.offsetHeight}px`;
  }
}
