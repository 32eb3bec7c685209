// What a picture keeps to itself until it rests, and then tells the page, so that the link can hold it. Whoever needs
// the link now, asks all pictures to tell at once.

import { inHand } from "./drag.js";

const ASKED = "stepcnn-tell";

/**
 * Hear when everything is to be told now.
 * @param {() => Promise<void>|void} tell @returns {() => void} stops hearing
 */
export function whenAsked(tell) {
  const heard = (/** @type {any} */ event) => event.detail.push(tell());
  document.addEventListener(ASKED, heard);
  return () => document.removeEventListener(ASKED, heard);
}

/** Let every picture of the page tell what it has kept to itself. */
export async function askAll() {
  /** @type {(Promise<void>|void)[]} */
  const told = [];
  document.dispatchEvent(new CustomEvent(ASKED, { detail: told }));
  await Promise.all(told);
  // What was told in this task is sent at its end.
  await new Promise((done) => setTimeout(done));
}

/** Tells once it rests, or when it is asked. */
export class Resting {
  /**
   * @param {() => void} tell
   * @param {() => void} [asked] what else may have to be told when all is asked for
   * @param {HTMLElement|null} [host] where a hand may be on something: however slowly it moves, what is held doesn't rest
   */
  constructor(tell, asked = () => this.now(), host = null) {
    this.tell = tell;
    this.host = host;
    /** @type {number|undefined} */
    this.timer = undefined;
    this.deaf = whenAsked(asked);
  }

  get waits() { return this.timer !== undefined; }

  /** @param {number} after milliseconds */
  soon(after) {
    this.drop();
    this.timer = window.setTimeout(() => (this.host && inHand(this.host) ? this.soon(after) : this.now()), after);
  }

  /** Tell what waits. */
  now() {
    if (!this.waits) return;
    this.drop();
    this.tell();
  }

  /** What waited is no longer news. */
  drop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  leave() {
    this.drop();
    this.deaf();
  }
}
