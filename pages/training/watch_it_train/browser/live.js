// Watch it train: everything that moves while a network learns, drawn in one place and updated where it stands.
import { watchTheme } from "shared/colours.js";
import { pictureKeys } from "shared/picture_keys.js";
import { unpack } from "shared/unpack.js";
import { makeBoard } from "./board.js";
import { whenGone } from "shared/mounted.js";

/** @typedef {import("shared/colours.js").Mode} Mode */

/** Milliseconds between two pictures; with reduced motion; the least rest between them; and after a loss. */
const PERIOD = 150;
const CALM = 600;
const REST = 20;
const LOST = 1000;

/** What each mounted component keeps between two calls. @type {WeakMap<object, ReturnType<typeof mount>>} */
const MOUNTED = new WeakMap();

/**
 * @param {{data: Uint8Array, parentElement: ShadowRoot|HTMLElement, setTriggerValue: (name: string, value: unknown) => void}} component
 */
export default function live({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".live"));
  let mounted = MOUNTED.get(root);
  if (!mounted) {
    mounted = mount(root, parentElement, data);
    MOUNTED.set(root, mounted);
  }
  mounted.update(data, setTriggerValue);
  return whenGone(root, mounted.leave);
}

/**
 * @param {HTMLElement} root
 * @param {ShadowRoot|HTMLElement} parent
 * @param {Uint8Array} first
 */
function mount(root, parent, first) {
  /** @type {(name: string, value: unknown) => void} */
  let trigger = () => {};
  // What the learner did and the server hasn't answered yet. Streamlit keeps only the newest of several events that
  // come while it works, so each one carries all that is open; the server takes every number once.
  /** @type {{action: string, value: string|number, id: number}[]} */
  let open = [];
  let id = Date.now();
  /** @type {number} */
  let timer = 0;
  /** @type {number} */
  let watchdog = 0;
  let drawn = 0;
  let asked = 0;

  /** Tell the server what the learner wants. @param {string} action @param {string|number} [value] */
  const tell = (action, value = "") => {
    open.push({ action, value, id: (id += 1) });
    trigger("events", open);
  };
  const look = () => {
    asked = performance.now();
    trigger("events", [...open, { action: "look", value: "", id: (id += 1) }]);
  };
  let frame = unpack(first);
  let board = makeBoard(root, tell, frame);
  let built = frame.meta.language;
  /** @type {Mode} */
  let mode = "light";
  const unwatch = watchTheme(parent, (now) => {
    mode = now;
    board.update(frame, mode);
  });

  // While it runs, each picture asks for the next one: a slow server is never asked twice at once, and a page
  // that is left asks no more, which is how the run knows that nobody looks.
  function schedule() {
    clearTimeout(timer);
    clearTimeout(watchdog);
    if (frame.meta.status !== "running" && frame.meta.status !== "queued" && !open.length) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const due = asked + (calm ? CALM : PERIOD) - performance.now();
    timer = window.setTimeout(look, Math.max(REST, due));
    watchdog = window.setTimeout(schedule, LOST);
  }

  const keys = pictureKeys(root, {
    keys: () => [["Space", "keys_play"], ["→", "keys_train"], ["E", "keys_epoch"], ["Home", "keys_reset"]],
    press(event) {
      const action = { " ": board.running() ? "pause" : "play", ArrowRight: "step", e: "epoch", E: "epoch", Home: "reset" }[event.key];
      if (action) tell(action);
      return Boolean(action);
    },
  });

  return {
    /** @param {Uint8Array} data @param {(name: string, value: unknown) => void} setTriggerValue */
    update(data, setTriggerValue) {
      trigger = setTriggerValue;
      frame = unpack(data);
      open = open.filter((event) => event.id > frame.meta.heard);
      if (frame.meta.language !== built) {
        built = frame.meta.language;
        board = makeBoard(root, tell, frame);
      }
      board.update(frame, mode);
      drawn += 1;
      root.dataset.drawn = String(drawn);
      root.dataset.status = frame.meta.status;
      root.dataset.step = String(frame.meta.step);
      schedule();
    },
    leave() {
      clearTimeout(timer);
      clearTimeout(watchdog);
      keys.leave();
      unwatch();
      MOUNTED.delete(root);
    },
  };
}
