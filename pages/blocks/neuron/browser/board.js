// One neuron: a weighted vote, its line, a soft edge, how it learns, two layers, circuits of one kind of unit, and a patch.
import { lessonOf } from "shared/scenes.js";
import { Gates } from "./gates.js";
import { Layers } from "./layers.js";
import { Learn } from "./learn.js";
import { Line, Soft } from "./line.js";
import { Patch } from "./patch.js";
import { Vote } from "./vote.js";

export default lessonOf({ vote: Vote, line: Line, soft: Soft, learn: Learn, layers: Layers, gates: Gates, patch: Patch });
