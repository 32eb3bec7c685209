// From a number to a colour, in the browser. The colours themselves stand in ui/figures/theme.py.
import { THEME } from "stepcnn:theme";

export { THEME };

/** @typedef {"light"|"dark"} Mode */
/** @typedef {"diverging"|"sequential"} Ramp */
/** @typedef {[number, number, number]} Rgb */

/** @param {string} hex @returns {Rgb} */
export const rgbOf = (hex) => /** @type {Rgb} */ ([1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));

/** @type {Record<string, Rgb[]>} */
const STOPS = {};
for (const ramp of /** @type {const} */ (["diverging", "sequential"])) {
  for (const mode of /** @type {const} */ (["light", "dark"])) STOPS[ramp + mode] = THEME.ramps[ramp][mode].map(rgbOf);
}

/**
 * Colour of a value: diverging covers [-limit, limit], sequential [0, limit]. Infinities stand at the ramp's ends; what is
 * no number has the hatch's colour.
 * @param {number} value
 * @param {number} limit
 * @param {Ramp} ramp
 * @param {Mode} mode
 * @returns {Rgb}
 */
export function colour(value, limit, ramp = "diverging", mode = "light") {
  if (value === undefined || Number.isNaN(value)) return rgbOf(THEME.palettes[mode].hatch);
  const stops = STOPS[ramp + mode];
  const share = Number.isFinite(value) ? Math.max(-1, Math.min(1, value / (limit || 1))) : Math.sign(value);
  const at = (ramp === "diverging" ? (share + 1) / 2 : Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  return /** @type {Rgb} */ (stops[low].map((c, i) => Math.round(c + (stops[low + 1][i] - c) * (at - low))));
}

/** @param {Rgb} rgb */
export const css = (rgb) => `rgb(${rgb[0]} ${rgb[1]} ${rgb[2]})`;

/** How much light a part of red, green or blue is, of 0 to 255. @param {number} part */
const light = (part) => (part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
/** Where black and white stand out equally. */
const EVEN = Math.sqrt(1.05 * 0.05) - 0.05;

/** Black or white, whichever stands out more from this colour. @param {Rgb} rgb */
export const inkOn = (rgb) =>
  (0.2126 * light(rgb[0]) + 0.7152 * light(rgb[1]) + 0.0722 * light(rgb[2]) > EVEN ? "#000000" : "#ffffff");

/** The ramp as a CSS background, for legends. @param {Ramp} ramp @param {Mode} mode */
export const gradient = (ramp, mode) => `linear-gradient(90deg, ${THEME.ramps[ramp][mode].join(", ")})`;

/** The element that carries Streamlit's CSS variables for a component's root. @param {ShadowRoot|HTMLElement} root */
const hostOf = (root) => (root instanceof ShadowRoot ? /** @type {HTMLElement} */ (root.host) : root);

/**
 * Light or dark, from the page's own background. @param {ShadowRoot|HTMLElement} root @returns {Mode}
 */
function modeOf(root) {
  const background = getComputedStyle(hostOf(root)).getPropertyValue("--st-background-color").trim();
  return background.startsWith("#") && inkOn(rgbOf(background)) === "#ffffff" ? "dark" : "light";
}

/**
 * Give a component the theme's colours and typefaces as CSS variables (--ink, --accent-bg, --sans, …).
 * @param {ShadowRoot|HTMLElement} root
 * @returns {Mode}
 */
function applyTheme(root) {
  const mode = modeOf(root);
  const host = hostOf(root);
  for (const [name, value] of Object.entries(THEME.palettes[mode])) {
    host.style.setProperty(`--${name.replaceAll("_", "-")}`, String(value));
  }
  for (const [name, value] of Object.entries(THEME.fonts)) host.style.setProperty(`--${name}`, String(value));
  host.dataset.mode = mode;
  return mode;
}

/** @type {WeakMap<Node, () => void>} */
const watched = new WeakMap();

/**
 * Apply the theme now and whenever the reader changes it; returns a function that stops watching.
 * @param {ShadowRoot|HTMLElement} root
 * @param {(mode: Mode) => void} changed
 */
export function watchTheme(root, changed) {
  // Streamlit runs a component again without its cleanup when its data change.
  watched.get(root)?.();
  let mode = applyTheme(root);
  const look = () => {
    if (modeOf(root) === mode) return;
    mode = applyTheme(root);
    changed(mode);
  };
  // Streamlit puts its variables on an ancestor's style and swaps style sheets in the head.
  const observer = new MutationObserver(() => requestAnimationFrame(look));
  for (let at = /** @type {Node|null} */ (hostOf(root)); at instanceof HTMLElement; at = at.parentElement) {
    if (at !== hostOf(root)) observer.observe(at, { attributes: true, attributeFilter: ["style", "class"] });
  }
  observer.observe(document.head, { childList: true, subtree: true });
  const stop = () => observer.disconnect();
  watched.set(root, stop);
  changed(mode);
  return stop;
}
