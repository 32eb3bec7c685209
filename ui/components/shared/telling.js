// What the learner changed and the server hasn't answered yet. One request is out at a time: what changes meanwhile
// waits and goes along with the next, so that a drag is answered as fast as the server can, and never piles up.

const LOST_MS = 3000;

/** @param {(name: string, change: Record<string, unknown>) => boolean} [voids] whether a newer change makes a waiting one void */
export function makeTelling(voids = () => false) {
  /** @type {Record<string, unknown>|null} */
  let waiting = null;
  /** @type {Record<string, unknown>|null} */
  let sent = null;
  /** @type {(name: string, value: unknown) => void} */
  let trigger = () => {};
  let id = Date.now(), since = 0;
  /** @type {(() => void)[]} */
  const patient = [];
  const idle = () => !sent && !waiting;

  function send() {
    if (!waiting || (sent && performance.now() - since < LOST_MS)) return;
    id += 1;
    sent = waiting;
    since = performance.now();
    waiting = null;
    trigger("change", { ...sent, id });
  }

  return {
    /** @param {Record<string, unknown>} change */
    tell(change) {
      const kept = Object.entries(waiting ?? {}).filter(([name]) => !voids(name, change));
      waiting = { ...Object.fromEntries(kept), ...change };
      send();
    },
    /** An answer came; whether nothing is still open. @param {number} heard @param {typeof trigger} now */
    heard(heard, now) {
      trigger = now;
      if (heard >= id) sent = null;
      send();
      if (idle()) for (const done of patient.splice(0)) done();
      return idle();
    },
    idle,
    /** Until all that was told is answered. @returns {Promise<void>} */
    settled: () => (idle() ? Promise.resolve() : new Promise((done) => { patient.push(done); })),
  };
}
