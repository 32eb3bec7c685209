import { watchTheme } from "../shared/colours.js";

/** @param {{parentElement: ShadowRoot, setTriggerValue: (name: string, value: string) => void}} component */
export default function ({ parentElement, setTriggerValue }) {
  let known = "";
  return watchTheme(parentElement, (mode) => {
    if (known) setTriggerValue("switched", mode);
    known = mode;
  });
}
