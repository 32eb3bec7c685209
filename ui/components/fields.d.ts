// Fields that a class fills in later than its constructor, or that only the classes which extend it fill in. From an assignment in
// a method alone the checker takes that they may be missing, and no comment can declare them otherwise.
import type { Trigger } from "./shared/board.js";
import type { NdArray } from "./shared/unpack.js";

/** What the page sends, and what a bench moves on from. */
interface Received {
  meta: any;
  arrays: Record<string, NdArray>;
  cursors: Record<string, number>;
  /** The pane that is open. */
  tab?: string;
  width: number;
  setStateValue: Trigger;
  setTriggerValue: Trigger;
}

/** What a grid has once it is built. */
interface Built {
  px: number;
  root: HTMLElement;
  name: HTMLElement;
  cells: HTMLElement;
  window: HTMLElement;
  pointer: HTMLElement;
  legendLine: HTMLElement;
}

declare module "./shared/bench.js" {
  interface Bench extends Received {
    receive(data: Uint8Array): void;
  }
}

declare module "./shared/grids.js" {
  interface Grid extends Built {}
}
