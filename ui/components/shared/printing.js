// On paper a picture is what it was on the screen: as high as it was drawn, though a sheet's height is another than the window's.

/** What takes its height from the window's. */
const PARTS = ".bench, .stage";

/** Hold a picture's height while the page is printed; returns what stops it. @param {HTMLElement} host */
export function holdWhilePrinted(host) {
  /** @type {HTMLElement[]} */
  let held = [];
  const hold = () => {
    const parts = [host, .../** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll(PARTS))];
    const heights = parts.map((part) => part.offsetHeight);
    held = parts.filter((part) => !part.style.height);
    held.forEach((part) => { part.style.height = `${heights[parts.indexOf(part)]}px`; });
  };
  const release = () => {
    for (const part of held) part.style.height = "";
    held = [];
  };
  window.addEventListener("beforeprint", hold);
  window.addEventListener("afterprint", release);
  return () => {
    window.removeEventListener("beforeprint", hold);
    window.removeEventListener("afterprint", release);
  };
}
