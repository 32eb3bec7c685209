// Which of the addresses that the app writes are places that Back leads to. Streamlit pushes every one of them, ten
// for one drag, and one for what a page merely writes out when it opens. Here a new place begins with the first change
// after a rest; what follows at once, or comes without the reader's doing, takes its place.

const REST_MS = 1000;
const DOINGS = ["pointerdown", "keydown", "input", "drop"];

/** Let the window's own history tell places from what lies between them; once for a page. */
export function keepAddresses() {
  const own = /** @type {History & {stepcnn?: boolean}} */ (window.history);
  if (own.stepcnn) return;
  own.stepcnn = true;
  const push = own.pushState.bind(own);
  // This script may come after the reader's first press; but not if that was what led from the page that was opened to this.
  const [opened] = performance.getEntriesByType("navigation");
  const led = Boolean(opened) && new URL(opened.name).pathname !== window.location.pathname;
  let did = !led && Boolean(navigator.userActivation?.hasBeenActive);
  let last = -Infinity;
  for (const doing of DOINGS) window.addEventListener(doing, () => { did = true; }, { capture: true, passive: true });

  const arrive = () => {
    did = false;
    last = -Infinity;
  };
  window.addEventListener("popstate", arrive);

  own.pushState = (data, title, url) => {
    const to = new URL(url ?? "", window.location.href);
    if (to.pathname !== window.location.pathname) {
      arrive();
      push(data, title, url);
      return;
    }
    const now = performance.now();
    const isPlace = did && now - last > REST_MS;
    last = now;
    if (isPlace) push(data, title, url);
    else own.replaceState(data, title, url);
  };
}
