// One neuron: a weighted vote, the line it draws, a soft edge, two layers, and circuits of one kind of unit.
import { lessonOf } from "shared/scenes.js";
import { Gates } from "./gates.js";
import { Layers } from "./layers.js";
import { Line, Soft } from "./line.js";
import { Vote } from "./vote.js";

export default lessonOf({ vote: Vote, line: Line, soft: Soft, layers: Layers, gates: Gates });
