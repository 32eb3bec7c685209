// A number as somebody types it.

/** 0.5, −3, 0,5, 1e-4, 2/3 or ０．５; NaN for what is none. @param {string} text */
export function readNumber(text) {
  const clean = text.normalize("NFKC").replace(/[−–]/g, "-").replace(/[,，。]/g, ".").replace(/\s/g, "");
  if (!/^[-+]?[\d.]/.test(clean) || /[xob_]/i.test(clean)) return NaN;
  const [above, below, ...more] = clean.split("/");
  if (more.length) return NaN;
  return below === undefined ? Number(above) : Number(above) / Number(below || NaN);
}
