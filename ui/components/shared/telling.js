// What the learner changed and the server hasn't answered yet. One request is out at a time: what changes meanwhile
// waits and goes along with the next, so that a drag is answered as fast as the server can, and never piles up.
//
// What is told may be lost: the run of a whole page takes the place of one that was to come, and forgets what that was told.
// So what isn't answered is told again, by its number, under which the server hears it once; and given up in the end.

const LOST_MS = 4000, TIMES = 5;

/** @param {(name: string, change: Record<string, unknown>) => boolean} [voids] whether a newer change makes a waiting one void */
export function makeTelling(voids = () => false) {
  /** @type {Record<string, unknown>|null} */
  let waiting = null;
  /** @type {Record<string, unknown>|null} */
  let sent = null;
  /** @type {(name: string, value: unknown) => void} */
  let trigger = () => {};
  let id = Date.now();
  /** @type {number|undefined} */
  let since;
  /** @type {number|undefined} */
  let lost;
  /** @type {(() => void)[]} */
  const patient = [];
  const idle = () => !sent && !waiting;

  function send() {
    if (!waiting || sent) return;
    id += 1;
    sent = waiting;
    waiting = null;
    say(1);
  }

  /** @param {number} time which of the times that it is told this is */
  function say(time) {
    trigger("change", { ...sent, id, since });
    clearTimeout(lost);
    lost = setTimeout(() => {
      if (time < TIMES) return say(time + 1);
      sent = null;
      send();
    }, LOST_MS * time);
  }

  return {
    /** @param {Record<string, unknown>} change */
    tell(change) {
      const kept = Object.entries(waiting ?? {}).filter(([name]) => !voids(name, change));
      waiting = { ...Object.fromEntries(kept), ...change };
      send();
    },
    /** What is done several times counts as often: those that wait are told in their order. @param {string} name @param {unknown} once */
    add(name, once) {
      const before = waiting?.[name];
      waiting = { ...waiting, [name]: [...(Array.isArray(before) ? before : []), once] };
      send();
    },
    /**
     * An answer came; whether nothing is still open. What was told before the page took another state is void.
     * @param {number} heard @param {typeof trigger} now @param {number} [asked]
     */
    heard(heard, now, asked = since) {
      trigger = now;
      if (asked !== since) waiting = null;
      if (heard >= id || asked !== since) {
        sent = null;
        clearTimeout(lost);
      }
      since = asked;
      send();
      if (idle()) for (const done of patient.splice(0)) done();
      return idle();
    },
    idle,
    /** Nobody is there any more who could be answered. */
    leave: () => clearTimeout(lost),
    /** What waits to be told under a name. @param {string} name @returns {any} */
    open: (name) => waiting?.[name],
    /** Until all that was told is answered. @returns {Promise<void>} */
    settled: () => (idle() ? Promise.resolve() : new Promise((done) => { patient.push(done); })),
  };
}
