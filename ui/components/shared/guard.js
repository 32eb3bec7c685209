// A component that fails says so in its own place, in plain words, and the rest of the page works.
//
// Whatever is thrown while it is drawn is caught here. What a handler or a timer throws goes to the window instead, and is
// given back to the component that it comes from as far as its trace and the reader's last touch tell. The next data, or
// the button beside the words, draw the component from the beginning.
import { button, el } from "./dom.js";
import { whenGone } from "./mounted.js";
import { whenWordsCome, word } from "./page_words.js";

/** @typedef {{parentElement: ShadowRoot, data: unknown}} Component */
/** @typedef {(component: any) => (() => void)|void} Mount */

const TOUCHES = ["pointerdown", "pointermove", "click", "keydown", "input", "change", "focusin"];
const MESSAGE = "failed";

/** Everything that is drawn on the page. @type {Set<Guard>} */
const guards = new Set();
/** Where the reader's pointer or keyboard was last. @type {Guard|null} */
let touched = null;

class Guard {
  /** @param {ShadowRoot} root @param {Mount} mount @param {string} url of its script */
  constructor(root, mount, url) {
    this.root = root;
    this.mount = mount;
    this.url = url;
    this.failed = false;
    /** What the elements hold before the component draws into them. */
    this.bare = this.parts.map((part) => /** @type {HTMLElement} */ (part.cloneNode(true)));
    this.touch = () => { touched = this; };
    for (const name of TOUCHES) root.addEventListener(name, this.touch, true);
    this.deaf = whenWordsCome(() => this.write());
    guards.add(this);
  }

  get parts() { return /** @type {HTMLElement[]} */ ([...this.root.children].filter((part) => !part.matches(`style, link, .${MESSAGE}`))); }

  /** @param {Component} component */
  draw(component) {
    this.last = component;
    if (this.failed) this.renew();
    try {
      this.cleanup = this.mount(component);
    } catch (error) {
      console.error("A component could not be drawn.", error);
      this.tidy();
      for (const part of this.parts) part.hidden = true;
      this.say("failed");
    }
  }

  /** A handler or a timer failed: the picture stays, with the words above it. */
  stumbled() { if (!this.failed) this.say("failed_part"); }

  /** @param {string} what */
  say(what) {
    this.failed = true;
    this.what = what;
    this.message?.remove();
    this.message = el("div", MESSAGE);
    this.message.setAttribute("role", "alert");
    this.root.prepend(this.message);
    this.write();
  }

  write() {
    const again = button("", "", () => { if (this.last) this.draw(this.last); }, word("failed_again"));
    this.message?.replaceChildren(el("p", "", word(this.what ?? "")), again);
  }

  tidy() {
    try {
      this.cleanup?.();
    } catch (error) {
      console.warn("A component that failed could not be put away.", error);
    }
    this.cleanup = undefined;
  }

  /** As before anything was drawn. */
  renew() {
    this.tidy();
    this.message?.remove();
    this.failed = false;
    this.parts.forEach((part, i) => {
      part.hidden = false;
      part.replaceChildren(.../** @type {HTMLElement} */ (this.bare[i].cloneNode(true)).childNodes);
    });
  }

  leave() {
    this.tidy();
    this.deaf();
    for (const name of TOUCHES) this.root.removeEventListener(name, this.touch, true);
    guards.delete(this);
    if (touched === this) touched = null;
  }
}

/** Whose error this is; null when it is nobody's, or could be several's. @param {unknown} error @returns {Guard|null} */
function ownerOf(error) {
  const trace = error instanceof Error ? String(error.stack) : "";
  if (!trace.includes("blob:")) return null;
  const all = [...guards], own = all.filter((guard) => trace.includes(guard.url)), maybe = own.length ? own : all;
  return touched && maybe.includes(touched) ? touched : maybe.length === 1 ? maybe[0] : null;
}

addEventListener("error", (event) => ownerOf(event.error)?.stumbled());
addEventListener("unhandledrejection", (event) => ownerOf(event.reason)?.stumbled());

/**
 * The same component, that never throws.
 * @param {Mount} mount @param {string} url of its script
 * @returns {Mount}
 */
export function guarded(mount, url) {
  /** @type {WeakMap<ShadowRoot, Guard>} */
  const made = new WeakMap();
  return (component) => {
    const root = component.parentElement, guard = made.get(root) ?? new Guard(root, mount, url);
    made.set(root, guard);
    guard.draw(component);
    return whenGone(root.host, () => {
      guard.leave();
      made.delete(root);
    });
  };
}
