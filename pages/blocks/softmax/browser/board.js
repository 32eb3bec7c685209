// From scores to shares: softmax, its temperature, its slopes, the hinge beside it, and its limits in floats.
import { lessonOf } from "shared/scenes.js";
import { Margins } from "./margins.js";
import { Overflow } from "./overflow.js";
import { Shares } from "./shares.js";
import { Slopes } from "./slopes.js";
import { Temperature } from "./temperature.js";

export default lessonOf({ shares: Shares, temperature: Temperature, slopes: Slopes, margins: Margins, overflow: Overflow });
