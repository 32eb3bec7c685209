// The reader's progress, kept in the reader's own browser. The server says what the session knows; what the browser
// knows beyond that it tells the server once. Where the browser closes its storage, everything goes on without.

const KEY = "stepcnn.progress";
const MOST_CHARACTERS = 500_000, MOST_RECORDS = 2_000, MOST_TELLINGS = 3;

/** @typedef {{lesson: string, exercise: string, seed: number, tries: number, solved: boolean}} Progress */
/** @typedef {{session: string, cleared: number, heard: number, records: Progress[]}} Known */
/** @typedef {{data: Known, parentElement: ShadowRoot, setTriggerValue: (name: string, value: unknown) => void}} Component */

/**
 * What this page has done for its session so far; it outlives the component, which comes and goes with the pages.
 * @typedef {object} Memory
 * @property {string} session
 * @property {number} cleared how often its session has cleared the progress, as far as this browser has followed
 * @property {number} heard how many tellings the server has heard
 * @property {number} open how many it may not have heard: a run that is begun anew can lose one
 * @property {string} told the last one
 * @property {() => void} unlisten
 */

/** @type {Memory} */
const memory = (globalThis.$stepcnnProgress ??= { session: "", unlisten: () => {} });

/** @param {Progress} record */
const nameOf = ({ lesson, exercise, seed }) => `${lesson}/${exercise}/${seed}`;

/** @returns {Progress[]} what the browser has kept, if it can be read */
function kept() {
  try {
    const text = localStorage.getItem(KEY);
    if (!text || text.length > MOST_CHARACTERS) return [];
    const found = JSON.parse(text);
    if (!Array.isArray(found)) return [];
    return found.filter((record) => typeof record?.lesson === "string").slice(0, MOST_RECORDS);
  } catch {
    return [];
  }
}

/** @param {Progress[]} records */
function keep(records) {
  try {
    if (records.length || localStorage.getItem(KEY) !== null) localStorage.setItem(KEY, JSON.stringify(records));
  } catch {
    // A private window, or a full disk: the session goes on without.
  }
}

/** The reader has cleared it: other tabs of this browser hear of that, and of that alone. */
function forget() {
  memory.told = "";
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Where nothing can be kept there is nothing to forget.
  }
}

/** @param {Known} data @returns {Progress[]} what the browser knows and the session doesn't */
function unknown({ records }) {
  const known = new Map(records.map((record) => [nameOf(record), record]));
  return kept().filter((record) => {
    const here = known.get(nameOf(record));
    return !here || (record.solved && !here.solved) || record.tries > here.tries;
  });
}

/** @param {Component} component */
export default function ({ data, setTriggerValue }) {
  if (memory.session !== data.session) {
    Object.assign(memory, { session: data.session, cleared: 0, heard: data.heard, open: 0, told: "" });
  }
  if (data.cleared > memory.cleared) {
    memory.cleared = data.cleared;
    forget();
  }
  if (data.heard > memory.heard) Object.assign(memory, { heard: data.heard, open: 0 });
  const news = unknown(data);
  const told = JSON.stringify(news);
  if (news.length && (told !== memory.told || (memory.open > 0 && memory.open < MOST_TELLINGS))) {
    memory.told = told;
    memory.open += 1;
    setTriggerValue("stored", told);
  }
  // Until the server has heard them they stay; what it then doesn't name it couldn't use.
  const waiting = memory.open ? news : [], names = new Set(waiting.map(nameOf));
  keep([...data.records.filter((record) => !names.has(nameOf(record))), ...waiting]);

  memory.unlisten();
  /** Another tab has cleared what they share. @param {StorageEvent} event */
  const listen = (event) => {
    if (event.key !== KEY || event.newValue !== null) return;
    memory.told = "";
    setTriggerValue("emptied", Date.now());
  };
  window.addEventListener("storage", listen);
  memory.unlisten = () => window.removeEventListener("storage", listen);
  return memory.unlisten;
}
