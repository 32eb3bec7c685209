// On a phone the arithmetic stays at the foot of the screen while its picture is looked at. It would hide the picture's first
// lines, keys and names, where no more of it has come up from below than the arithmetic itself is high: there it waits in its place.

/** What is to be seen of the picture above it, in rem. */
const LEAST = 8;

/** @param {HTMLElement} shelf @param {HTMLElement} picture @returns {() => void} how to leave */
export function perching(shelf, picture) {
  /** @type {IntersectionObserver|null} */
  let watch = null;
  // The margin can't be changed: another height of the shelf needs another watch.
  const resized = new ResizeObserver(() => {
    watch?.disconnect();
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), below = Math.round(shelf.offsetHeight + LEAST * rem);
    watch = new IntersectionObserver((found) => {
      shelf.classList.toggle("staying", Boolean(found.at(-1)?.isIntersecting));
    }, { rootMargin: `0px 0px -${below}px 0px` });
    watch.observe(picture);
  });
  resized.observe(shelf);
  return () => {
    resized.disconnect();
    watch?.disconnect();
  };
}
