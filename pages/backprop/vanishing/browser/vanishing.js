// Vanishing and exploding: a gradient's way back through deep networks, in three views.
import { watchTheme } from "shared/colours.js";
import { button, el, sentence } from "shared/dom.js";
import { drawKnobs } from "shared/knobs.js";
import { whenAsked } from "shared/resting.js";
import { makeTelling } from "shared/telling.js";
import { drawTransport } from "shared/transport.js";
import { pictureKeys } from "shared/picture_keys.js";
import { unpack } from "shared/unpack.js";
import { makeDepth } from "./depth.js";
import { makeJacobian } from "./jacobian.js";
import { makeSpectrum } from "./spectrum.js";
import { whenGone } from "shared/mounted.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/**
 * What stands in one view.
 * @typedef {object} View
 * @property {() => void} update          numbers came from the server, or the theme changed
 * @property {() => any[]} knobs          the settings above the picture
 * @property {() => Node[]} tools         what stands under the sentence
 * @property {() => number} at               the place that is explained: 0 is the input
 * @property {() => number} last             the place of the loss
 * @property {(place: number) => void} go    explain this place, and stay there
 * @property {() => boolean} held           whether it stays when the pointer moves on
 * @property {() => boolean} free            let go of it; whether it was held
 * @property {() => void} [leave]
 */

const VIEWS = { depth: makeDepth, jacobian: makeJacobian, spectrum: makeSpectrum };
const NARROW = 50.7, STEP_MS = [700, 350, 120], TEN = 10;

/** @param {{data: Uint8Array, parentElement: any, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function vanishing({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".vanishing");
  host.board ??= new Board(host, parentElement);
  host.board.receive(data, setTriggerValue);
  return whenGone(host, () => {
    host.board?.leave();
    host.board = null;
  });
}

export class Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    this.host = host;
    this.root = root;
    this.ask = makeTelling((_, change) => "preset" in change || "start" in change);
    /** @type {any} */
    this.meta = null;
    /** @type {Record<string, any>} */
    this.arrays = {};
    /** Every control by its name, as it stands here. @type {Record<string, any>} */
    this.now = {};
    /** @type {Mode} */
    this.mode = "light";
    this.words = "";
    this.playing = false;
    this.speed = 1;
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    /** @type {(View & {name: string})|null} */
    this.view = null;
    this.build();
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) this.draw();
    });
    this.resized = new ResizeObserver(() => this.measure());
    this.resized.observe(host);
    this.deaf = whenAsked(() => this.tellPlace());
    this.keys = pictureKeys(host, { press: (event) => this.pressed(event), keys: () => [["← →", "keys_step"], ["Space", "keys_play"], ["Esc", "keys_release"]] });
  }

  leave() {
    this.deaf();
    this.stop_();
    this.view?.leave?.();
    this.unwatch();
    this.resized.disconnect();
    this.keys.leave();
  }

  build() {
    this.tabs = el("div", "view-tabs");
    this.tabs.setAttribute("role", "tablist");
    this.tabs.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key], names = Object.keys(VIEWS);
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      const next = names[(names.indexOf(this.now.view) + by + names.length) % names.length];
      /** @type {HTMLElement|null} */ (this.tabs?.querySelector(`[data-view="${next}"]`))?.focus();
      this.set({ view: next });
    });
    this.kicker = el("div", "kicker");
    this.title = el("h2");
    this.text = el("p");
    this.aside = el("div", "aside-tools");
    this.controls = el("div", "controls");
    this.knobs = el("div", "tools");
    this.picture = el("div", "picture");
    this.shelf = el("div", "shelf");
    const say = el("section", "say", this.kicker, this.title, this.text, this.controls, this.aside);
    this.shelf.setAttribute("aria-live", "polite");
    this.host.replaceChildren(this.tabs, el("div", "bench", say, el("section", "right", this.knobs, this.picture, this.shelf)));
  }

  measure() {
    // Measured in type: a lecture's large letters need a wide screen's room for two columns.
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const narrow = this.host.clientWidth <= NARROW * rem, changed = narrow !== this.narrow;
    this.narrow = narrow;
    this.host.classList.toggle("narrow", narrow);
    if (changed && this.meta) this.draw();
  }

  /** @param {Uint8Array} data @param {(name: string, value: unknown) => void} trigger */
  receive(data, trigger) {
    const { meta, arrays } = unpack(data);
    // Where one stands is the view's, until the page asks for another place.
    if (this.meta && meta.asked !== this.meta.asked) this.leaveView();
    this.meta = meta;
    this.arrays = arrays;
    this.host.classList.toggle("presenting", meta.present);
    // What the learner has moved since is newer than what the server answers.
    this.now = this.ask.heard(meta.heard, trigger, meta.asked) ? { ...meta.controls } : { ...meta.controls, ...this.moved };
    if (this.ask.idle()) this.moved = {};
    this.draw();
    this.host.dataset.heard = String(meta.heard);
    this.host.dataset.view = meta.controls.view;
  }

  /** A setting changed: the server computes what follows. @param {Record<string, any>} change */
  set(change) {
    this.moved = { ...this.moved, ...change };
    Object.assign(this.now, change);
    this.ask.tell(change);
  }

  /** The place that is explained may be one that was only pointed at. */
  tellPlace() {
    const { view, now } = this, known = now.at >= 0;
    if (view && (view.at() !== Math.max(0, now.at) || view.held() !== (known && now.held))) this.set({ at: view.at(), held: view.held() });
    return this.ask.settled();
  }

  /** @returns {Record<string, string>} */
  get labels() { return this.meta.labels; }

  draw() {
    const { meta, labels } = this, name = meta.controls.view;
    if (this.words !== labels.views) {
      this.words = labels.views;
      this.tabs?.setAttribute("aria-label", labels.views);
      this.tabs?.replaceChildren(...Object.keys(VIEWS).map((view, i) => {
        const tab = button("view-tab", "", () => this.set({ view }), el("i", "", String(i + 1)), labels[`view_${view}`]);
        tab.setAttribute("role", "tab");
        tab.dataset.view = view;
        return tab;
      }));
      this.leaveView();
    }
    for (const tab of /** @type {HTMLElement[]} */ ([...(this.tabs?.children ?? [])])) {
      tab.setAttribute("aria-selected", String(tab.dataset.view === name));
      tab.tabIndex = tab.dataset.view === name ? 0 : -1;
    }
    if (this.view?.name !== name) {
      this.leaveView();
      this.view = { name, .../** @type {any} */ (VIEWS)[name](this) };
    }
    this.kicker?.replaceChildren(meta.kicker);
    this.title?.replaceChildren(sentence(meta.text[0], meta.facts));
    this.text?.replaceChildren(sentence(meta.text[1], meta.facts));
    const view = /** @type {View} */ (this.view);
    drawKnobs(/** @type {HTMLElement} */ (this.knobs), view.knobs(), labels, { set: (knob, value) => this.set({ [knob]: value }), act: () => {} });
    this.keepFocus(this.aside, () => this.aside?.replaceChildren(...view.tools()));
    drawTransport(this);
    view.update();
  }

  leaveView() {
    this.stop_();
    this.view?.leave?.();
    this.view = null;
    this.picture?.replaceChildren();
    this.shelf?.replaceChildren();
  }

  /** Draw a row of buttons anew without taking the focus from the one that has it. @param {HTMLElement|undefined} host @param {() => void} again */
  keepFocus(host, again) {
    const name = /** @type {HTMLElement|null} */ (this.root.activeElement)?.dataset?.name;
    const held = name && host?.contains(this.root.activeElement);
    again();
    if (held) /** @type {HTMLElement|null} */ (host?.querySelector(`[data-name="${name}"]`))?.focus();
  }

  /** A setting that is chosen from a few. @param {string} name */
  chooser(name) { return { kind: "select", name, label: this.labels[name] ?? name, value: this.now[name], options: this.meta.options[name] }; }

  /** The settings of a deep network. */
  settings() {
    return [...["act", "size", "draw", "norm", "link", "width"].map((name) => this.chooser(name)),
      { kind: "step", name: "seed", label: this.labels.seed, value: this.now.seed, low: 0, high: 9999 }];
  }

  /** Buttons of which one is pressed. @param {[string, string][]} options @param {string} chosen @param {(name: string) => void} choose @param {string} [label] */
  pills(options, chosen, choose, label = "") {
    const made = el("div", "pills", ...options.map(([name, word]) => {
      const pill = button("pill", "", () => choose(name), word);
      pill.dataset.name = name;
      pill.setAttribute("aria-pressed", String(name === chosen));
      return pill;
    }));
    made.setAttribute("role", "group");
    if (label) made.setAttribute("aria-label", label);
    return made;
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "ArrowLeft") this.step(-1);
    else if (event.key === "ArrowRight") this.step(1);
    else if (event.key === " ") this.playing ? this.stop_() : this.play();
    else return event.key === "Escape" && Boolean(this.view?.free());
    return true;
  }

  // ---- walking through the layers ----

  /** @param {number} by to the right in the picture */
  step(by) {
    this.stop_();
    const view = /** @type {View} */ (this.view);
    view.go(Math.max(0, Math.min(view.last(), view.at() + by)));
    this.set({ at: view.at(), held: view.held() });
  }

  /** The gradient's way: from the loss back to the input. */
  play() {
    const view = /** @type {View} */ (this.view), pace = STEP_MS[this.speed] / (view.last() > 2 * TEN ? TEN / 2 : 1);
    if (this.still) {
      view.go(0);
      this.set({ at: 0, held: view.held() });
      return;
    }
    if (view.at() === 0) view.go(view.last());
    this.playing = true;
    this.timer = setInterval(() => {
      view.go(view.at() - 1);
      if (view.at() <= 0) this.stop_();
    }, pace);
    drawTransport(this);
  }

  stop_() {
    clearInterval(this.timer);
    if (!this.playing) return;
    this.playing = false;
    drawTransport(this);
    this.set({ at: this.view?.at() ?? -1, held: this.view?.held() ?? true });
    this.view?.update();
  }
}
