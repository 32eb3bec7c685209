// Whose visit this is: a token in the tab's own storage, which outlives a reload and nothing else. When the server
// gives another token than the one that lies there, the tab has come back, and tells the old one until it is answered.
// A visit that holds nothing leaves no token, and costs no question.

const PLACE = "stepcnn.visit";
const AGAIN_MS = 700;
const TRIES = 6;

let timer = 0;
/** What was given last, and the way to tell: a question that is asked again must go the newest way. */
let now = { token: "", holds: false, answered: "" };
/** @type {(token: string) => void} */
let way = () => {};

/**
 * @param {{token: string, holds: boolean, answered: string}} given this visit's token, whether it holds anything, and the
 *   last token that was answered
 * @param {(token: string) => void} tell
 */
export function tellVisit(given, tell) {
  const asking = now.token === given.token && timer !== 0;
  now = given;
  way = tell;
  const before = read();
  if (before === given.token || (!before && !given.holds)) return;
  if (!before || before === given.answered) settle();
  else if (!asking) ask(before, 1);
}

/** The old connection may still be open for a moment, and then what it holds isn't given: ask again. */
function ask(/** @type {string} */ before, /** @type {number} */ count) {
  way(before);
  timer = window.setTimeout(() => (count < TRIES ? ask(before, count + 1) : settle()), AGAIN_MS);
}

function settle() {
  clearTimeout(timer);
  timer = 0;
  write(now.holds ? now.token : "");
}

/** Storage may be closed, in a private window for instance: then every reload begins anew. */
function read() {
  try {
    return sessionStorage.getItem(PLACE) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} token */
function write(token) {
  try {
    if (token) sessionStorage.setItem(PLACE, token);
    else sessionStorage.removeItem(PLACE);
  } catch {
    // As above.
  }
}
