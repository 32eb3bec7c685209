// A lesson in a few scenes: where one stands, the words at the left, the picture, the arithmetic beneath it.
import { watchTheme } from "./colours.js";
import { button, el, markup, sentence } from "./dom.js";
import { whenFree } from "./drag.js";
import { pictureKeys } from "./picture_keys.js";
import { Resting } from "./resting.js";
import { unpack } from "./unpack.js";
import { whenGone } from "./mounted.js";

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

/** @typedef {import("./board.js").SetState} SetState */

const NARROW = 760, TELL_MS = 400;
/** @type {Record<string, string>} */
const ICONS = { previous: "M8 0 2 5l6 5z", play: "M2 0l7 5-7 5z", next: "M2 0l6 5-6 5z", pause: "M1 0h3v10H1zM6 0h3v10H6z" };

/**
 * The entry point of a component made of scenes.
 * @param {Record<string, new (shell: Shell) => Scene>} scenes
 */
export const lessonOf = (scenes) => (/** @type {import("./board.js").Component} */ { data, parentElement, setStateValue }) => {
  const host = /** @type {HTMLElement & {shell: Shell|null}} */ (parentElement.querySelector(".scenes"));
  host.shell ??= new Shell(host, parentElement, scenes);
  host.shell.receive(data, setStateValue);
  return whenGone(host, () => {
    host.shell?.leave();
    host.shell = null;
  });
};

export class Shell {
  /** @param {HTMLElement} host @param {ShadowRoot} root @param {Record<string, new (shell: Shell) => Scene>} scenes */
  constructor(host, root, scenes) {
    this.host = host;
    this.root = root;
    this.scenes = scenes;
    /** @type {import("./colours.js").Mode} */
    this.mode = "light";
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.width = 0;
    this.controls = el("div", "controls");
    this.track = el("nav", "track");
    this.count = el("div", "count");
    this.above = el("div", "above");
    this.kicker = el("div", "kicker");
    this.heading = el("h2", "");
    this.sentence = el("p", "");
    this.extras = el("div", "extras");
    this.formula = el("div", "formula");
    this.onward = el("div", "onward");
    this.pictures = el("div", "pictures");
    this.shelf = el("div", "shelf");
    const say = el("section", "say", this.kicker, this.heading, this.sentence, this.extras, this.formula, this.onward);
    say.setAttribute("aria-live", "polite");
    this.main = el("div", "bench", say, el("section", "right", this.pictures, this.shelf));
    host.replaceChildren(el("div", "timeline", this.controls, this.track, this.count), this.above, this.main);
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) whenFree(host, () => this.draw());
    });
    this.resized = new ResizeObserver(() => {
      if (this.meta && Math.abs(host.clientWidth - this.width) > 2) whenFree(host, () => this.draw());
    });
    this.resized.observe(host);
    this.resting = new Resting(() => this.tellState(), () => { if (JSON.stringify(this.state) !== this.known) this.tellState(); }, host);
    this.keys = pictureKeys(host, {
      press: (event) => this.pressed(event),
      keys: () => (this.scene?.play ? [["← →", "keys_scene"], ["Space", "keys_play"]] : [["← →", "keys_scene"]]),
    });
  }

  leave() {
    this.resting.leave();
    this.scene?.leave?.();
    this.resized.disconnect();
    this.unwatch();
    this.keys.leave();
  }

  /**
   * The state comes from the link, and from then on lives here and the page is told; until the page asks for another.
   * @param {Uint8Array} data @param {SetState} setStateValue
   */
  receive(data, setStateValue) {
    const { meta, arrays } = unpack(data), first = !this.meta, asked = first || meta.asked !== this.meta.asked;
    this.setStateValue = setStateValue;
    if (!first && meta.version === this.meta.version) return;
    this.meta = meta;
    this.arrays = arrays;
    if (asked) {
      this.resting.drop();
      this.state = structuredClone(meta.state);
      this.known = JSON.stringify(this.state);
    }
    this.draw();
  }

  get labels() { return this.meta.labels; }
  get index() { return Math.max(0, this.meta.scenes.indexOf(this.state.scene)); }
  get narrow() { return this.width <= NARROW; }
  /** Pixels of one rem. */
  get rem() { return parseFloat(getComputedStyle(document.documentElement).fontSize); }

  /** @param {number} index */
  go(index) {
    const to = this.meta.scenes[Math.max(0, Math.min(this.meta.scenes.length - 1, index))];
    if (to === this.state.scene) return;
    this.state.scene = to;
    // The cell that is explained is one of the scene that was left.
    if ("cell" in this.state) this.state.cell = "";
    this.draw();
    this.tell();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "ArrowRight") this.go(this.index + 1);
    else if (event.key === "ArrowLeft") this.go(this.index - 1);
    else if (event.key === " " && this.scene?.play) this.play();
    else return false;
    return true;
  }

  play() {
    /** @type {() => void} */ (this.scene.play)();
    this.drawControls();
  }

  /** A number was changed here: write it everywhere, and let the link hold it once it rests. */
  changed() {
    this.scene.update?.();
    this.write();
    this.tell();
  }

  tell() { this.resting.soon(TELL_MS); }

  /** Each telling has a number, or one that is as the last would not be heard. */
  tellState() {
    this.known = JSON.stringify(this.state);
    this.told = (this.told ?? Date.now()) + 1;
    this.setStateValue("state", { ...structuredClone(this.state), told: this.told, since: this.meta.asked });
  }

  draw() {
    this.width = this.host.clientWidth;
    if (!this.width) return;
    this.host.classList.toggle("narrow", this.narrow);
    this.host.classList.toggle("presenting", this.meta.present);
    this.scene?.leave?.();
    this.scene = new this.scenes[this.state.scene](this);
    this.host.dataset.scene = this.state.scene;
    const strip = this.scene.strip?.();
    this.above.replaceChildren(...(strip ? [strip] : []));
    this.drawControls();
    this.keys.update();
    this.drawTrack();
    this.drawSay();
    // Pictures measure the room that they have: what another scene has left on the shelf must not take any.
    this.shelf.replaceChildren();
    this.shelf.style.minHeight = "";
    this.pictures.replaceChildren(...this.scene.build());
    this.scene.update?.();
    this.write();
  }

  drawControls() {
    const { labels } = this;
    const icon = (/** @type {string} */ name, /** @type {string} */ label, /** @type {() => void} */ click, kind = "") => {
      const made = button(kind, label, click, markup("span", "", `<svg viewBox="0 0 10 10" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`));
      made.title = label;
      return made;
    };
    const playing = this.scene.playing;
    this.controls.replaceChildren(
      icon("previous", labels.previous, () => this.go(this.index - 1)),
      ...(this.scene.play ? [icon(playing ? "pause" : "play", playing ? labels.pause : labels.play, () => this.play(), "play")] : []),
      icon("next", labels.next, () => this.go(this.index + 1)),
    );
  }

  drawTrack() {
    this.track.setAttribute("aria-label", this.labels.scenes);
    this.track.replaceChildren(...this.meta.scenes.map((/** @type {string} */ scene, /** @type {number} */ i) => {
      const made = button(`phase${i === this.index ? " on" : i < this.index ? " done" : ""}`, "", () => this.go(i), el("span", "", this.labels[`scene_${scene}`]), el("i"));
      if (i === this.index) made.setAttribute("aria-current", "step");
      return made;
    }));
    this.count.textContent = `${this.index + 1} / ${this.meta.scenes.length}`;
  }

  drawSay() {
    this.kicker.textContent = this.labels[`scene_${this.state.scene}`];
    this.extras.replaceChildren(...(this.scene.tools?.() ?? []));
    this.formula.innerHTML = this.meta.formulas[this.state.scene] ?? "";
    const next = this.meta.scenes[this.index + 1];
    const label = next && this.labels[`scene_${next}`];
    this.onward.replaceChildren(...(next ? [button("next", "", () => this.go(this.index + 1), el("span", "", el("small", "", this.labels.next), label), el("span", "", "→"))] : []));
  }

  /** The words and the arithmetic, with the numbers as they are. */
  write() {
    const { text, facts } = this.scene.say();
    const [heading, body] = this.meta.texts[`scene-${text}`] ?? ["", ""];
    if (this.heading.textContent !== heading) this.heading.textContent = heading;
    this.sentence.replaceChildren(sentence(body, facts));
    this.shelf.replaceChildren(...(this.scene.shelf?.() ?? []));
    // It may grow while a scene is looked at, but never jumps back under the pointer.
    this.shelf.style.minHeight = this.narrow ? "" : `${this.shelf.offsetHeight}px`;
  }
}
