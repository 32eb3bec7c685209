// A gradient check, three ways to look at it: the error against h, a kink, and a fault to be found.
import { unpack } from "shared/unpack.js";
import { FaultBoard } from "./fault.js";
import { KinkBoard } from "./kink.js";
import { VeeBoard } from "./vee.js";
import { whenGone } from "shared/mounted.js";

const BOARDS = { h: VeeBoard, kink: KinkBoard, fault: FaultBoard };

/** @param {{data: Uint8Array, parentElement: any, setStateValue: (name: string, value: unknown) => void, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function gradientcheck({ data, parentElement, setStateValue, setTriggerValue }) {
  const host = parentElement.querySelector(".gradientcheck");
  host.board ??= new BOARDS[unpack(data).meta.view](host, parentElement);
  host.board.receive(data, { setStateValue, setTriggerValue });
  return whenGone(host, () => {
    host.board?.leave();
    host.board = null;
  });
}
