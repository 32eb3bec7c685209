import { watchTheme } from "shared/colours.js";

/**
 * Hear of every switch between light and dark, but not of the scheme that the page begins with.
 * @param {ShadowRoot} parent
 * @param {(mode: string) => void} switched
 */
export function followMode(parent, switched) {
  let known = "";
  return watchTheme(parent, (mode) => {
    if (known) switched(mode);
    known = mode;
  });
}
