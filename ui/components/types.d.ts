// ui/figures/theme.py writes this module, so there is no file to read its types from.
declare module "stepcnn:theme" {
  type Mode = import("./shared/colours.js").Mode;
  export const THEME: {
    palettes: Record<Mode, Record<string, string>>;
    ramps: Record<import("./shared/colours.js").Ramp, Record<Mode, string[]>>;
    fonts: Record<string, string>;
    pixels: Record<string, number>;
  };
}
