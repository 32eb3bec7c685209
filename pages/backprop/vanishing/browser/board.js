// Vanishing and exploding: a gradient's way back through deep networks, in three views.
import { Board, boardOf } from "shared/board.js";
import { button, el } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { drawKnobs } from "shared/knobs.js";
import { makeDepth } from "./depth.js";
import { makeJacobian } from "./jacobian.js";
import { makeSpectrum } from "./spectrum.js";

/**
 * What stands in one view.
 * @typedef {object} View
 * @property {() => void} update          numbers came from the server, or the theme changed
 * @property {() => void} point           another place is explained
 * @property {() => import("shared/knobs.js").Knob[]} knobs the settings above the picture
 * @property {() => Node[]} tools         what stands under the sentence
 * @property {() => number} last          the place of the loss
 * @property {() => void} [leave]
 */

/** @type {Record<string, (board: Vanishing) => View>} */
const VIEWS = { depth: makeDepth, jacobian: makeJacobian, spectrum: makeSpectrum };
const NARROW = 50.7, STEP_MS = [700, 350, 120], FAST = 5, MANY = 20;

export class Vanishing extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** @type {View|null} */
    this.view = null;
    /** Which view that is, and in which language. */
    this.made = "";
    /** The place that is explained, 0 is the input; and whether it stays when the pointer moves on. */
    this.place = 0;
    this.locked = false;
    this.tabs = el("div", "view-tabs");
    this.tabs.setAttribute("role", "tablist");
    this.tabs.addEventListener("keydown", (event) => this.walkTabs(event));
    this.aside = el("div", "aside-tools");
    this.knobs.className = "tools";
    this.pictures.className = "picture";
    this.words.append(this.controls, this.aside);
    this.words.removeAttribute("aria-live");
    this.shelf.setAttribute("aria-live", "polite");
    const right = el("section", "right", this.knobs, this.pictures, this.shelf);
    host.replaceChildren(this.tabs, el("div", "bench", this.words, right));
  }

  leave() {
    super.leave();
    this.view?.leave?.();
  }

  /** @param {HTMLElement} at @returns {import("shared/picture_keys.js").Key[]} */
  keysAt(at) { return [...super.keysAt(at), ["Esc", "keys_release"]]; }
  get at() { return this.place; }
  get last() { return this.view?.last() ?? 0; }
  /** Measured in type: a lecture's large letters need a wide screen's room for two columns. */
  get narrow() { return this.width <= NARROW * parseFloat(getComputedStyle(document.documentElement).fontSize); }

  // ---- what the learner changes ----

  /** A setting changed: the page computes what follows. @param {Record<string, any>} change */
  ask(change) {
    Object.assign(this.state, change);
    this.tell();
    this.resting.now();
  }

  /** A worked example, or another start: several settings at once. @param {string} name */
  begin(name) {
    this.ask(this.meta.values[name]);
    this.drawKnobs();
  }

  /** The setups whose curves stay beside the present one, as the link writes them. @returns {string[]} */
  get kept() { return this.state.kept.split("~").filter((/** @type {string} */ one) => one && one !== "-"); }

  /** The present curve stays, too. */
  keep() {
    const { act, draw, size, times, norm, link, depth, width, seed } = this.state;
    const own = [act, draw, size, Number(times.toFixed(2)), norm, link, depth, width, seed].join("-");
    this.ask({ kept: [...this.kept.filter((one) => one !== own).slice(1 - this.meta.most_kept), own].join("~") });
  }

  /** @param {string} name */
  drop(name) { this.ask({ kept: this.kept.filter((one) => one !== name).join("~") || "-" }); }

  /** Another number for a weight of the layers of two units. @param {number} index @param {number} value */
  type(index, value) {
    const typed = new Map(this.state.typed.split("~").filter(Boolean).map((/** @type {string} */ one) => one.split(":")));
    typed.set(`w.${index}`, value.toFixed(9).replace(/\.?0+$/, ""));
    this.ask({ typed: [...typed].map((one) => one.join(":")).join("~") });
  }

  /** @param {string} view */
  open(view) {
    this.stop_();
    this.ask({ view });
  }

  // ---- where one stands ----

  /** Stand where the state says. */
  stand() {
    this.place = Math.max(0, this.state.at);
    this.locked = this.state.at >= 0 && this.state.held;
  }

  /** Tell where one stands. */
  stay() {
    Object.assign(this.state, { at: this.place, held: this.locked });
    this.tell();
  }

  /** The pointer is at a place. @param {number} place */
  point(place) {
    if (this.locked) return;
    this.place = clamp(place, 0, this.last);
    this.view?.point();
  }

  /** Explain a place, and stay there; or let go of it. @param {number} place */
  choose(place) {
    this.locked = !(this.locked && place === this.place);
    this.place = place;
    Object.assign(this.state, { at: this.locked ? place : -1, held: true });
    this.changed();
  }

  /** Let go of the place; whether it was held. */
  free() {
    if (!this.locked) return false;
    this.locked = false;
    this.state.at = -1;
    this.changed();
    return true;
  }

  /** @param {number} place */
  go(place) {
    this.place = clamp(place, 0, this.last);
    this.locked = true;
    this.view?.update();
  }

  /** @param {number} by to the right in the picture */
  step(by) {
    this.stop_();
    this.go(this.place + by);
    this.stay();
  }

  /** The gradient's way: from the loss back to the input. */
  play() {
    if (this.still) {
      this.go(0);
      this.stay();
      return;
    }
    if (this.place === 0) this.go(this.last);
    this.playing = true;
    this.timer = window.setInterval(() => {
      this.go(this.place - 1);
      if (this.place <= 0) this.stop_();
    }, STEP_MS[this.speed] / (this.last > MANY ? FAST : 1));
    this.drawControls();
  }

  stop_() {
    const { playing } = this;
    super.stop_();
    if (!playing) return;
    this.stay();
    this.view?.update();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) { return event.key === "Escape" ? this.free() : super.pressed(event); }

  /** The place that is explained may be one that was only pointed at. */
  tellAll() {
    const { at, held } = this.state;
    if (this.view && (this.place !== Math.max(0, at) || this.locked !== (at >= 0 && held))) this.stay();
    return super.tellAll();
  }

  /** @param {Record<string, any>} state */
  take(state) {
    this.leaveView();
    super.take(state);
  }

  // ---- drawing ----

  draw() {
    const { meta, labels } = this;
    this.drawTabs();
    if (this.made !== `${meta.view} ${labels.views}`) this.leaveView();
    if (!this.view) {
      this.stand();
      this.view = VIEWS[meta.view](this);
      this.made = `${meta.view} ${labels.views}`;
    }
    this.kicker.textContent = meta.kicker;
    this.speak(meta.says, meta.facts);
    this.drawKnobs();
  }

  drawTabs() {
    const { labels, meta, tabs } = this;
    if (tabs.ariaLabel !== labels.views) {
      tabs.ariaLabel = labels.views;
      tabs.replaceChildren(...Object.keys(VIEWS).map((view, i) => {
        const tab = button("view-tab", "", () => this.open(view), el("i", "", String(i + 1)), labels[`view_${view}`]);
        tab.setAttribute("role", "tab");
        tab.dataset.view = view;
        return tab;
      }));
    }
    for (const tab of /** @type {HTMLElement[]} */ ([...tabs.children])) {
      tab.setAttribute("aria-selected", String(tab.dataset.view === meta.view));
      tab.tabIndex = tab.dataset.view === meta.view ? 0 : -1;
    }
  }

  /** @param {KeyboardEvent} event */
  walkTabs(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key], names = Object.keys(VIEWS);
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const next = names[(names.indexOf(this.state.view) + by + names.length) % names.length];
    /** @type {HTMLElement|null} */ (this.tabs.querySelector(`[data-view="${next}"]`))?.focus();
    this.open(next);
  }

  drawKnobs() {
    if (!this.view) return;
    drawKnobs(this.knobs, this.view.knobs(), this.labels, { set: (name, value) => this.ask({ [name]: value }), act: () => {} });
  }

  update() {
    const { view } = this;
    if (!view) return;
    this.place = Math.min(this.place, this.last);
    this.keepFocus(this.aside, () => this.aside.replaceChildren(...view.tools()));
    view.update();
  }

  /** What one view has begun goes with it, and another one's numbers are nothing to it. */
  leaveView() {
    super.stop_();
    this.view?.leave?.();
    this.view = null;
    this.pictures.replaceChildren();
    this.shelf.replaceChildren();
  }

  /** Draw a row of buttons anew without taking the focus from the one that has it. @param {HTMLElement} host @param {() => void} again */
  keepFocus(host, again) {
    const name = /** @type {HTMLElement|null} */ (this.root.activeElement)?.dataset?.name;
    const held = name && host.contains(this.root.activeElement);
    again();
    if (held) /** @type {HTMLElement|null} */ (host.querySelector(`[data-name="${name}"]`))?.focus();
  }

  /** A setting that is chosen from a few. @param {string} name @returns {import("shared/knobs.js").Knob} */
  chooser(name) {
    return { kind: "select", name, label: this.labels[name] ?? name, value: this.state[name], options: this.meta.options[name] };
  }

  /** The settings of a deep network. @returns {import("shared/knobs.js").Knob[]} */
  settings() {
    return [...["act", "size", "draw", "norm", "link", "width"].map((name) => this.chooser(name)),
      { kind: "step", name: "seed", label: this.labels.seed, value: this.state.seed, low: 0, high: 9999 }];
  }

  /**
   * Buttons of which one is pressed.
   * @param {[string, string][]} options @param {string} chosen @param {(name: string) => void} choose @param {string} [label]
   */
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
}

export default boardOf(Vanishing);
