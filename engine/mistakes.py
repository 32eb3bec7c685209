"""What is said to mistakes that more than one lesson's exercises know."""

from __future__ import annotations

from engine.sentence import Sentence

TURNED = Sentence("That is what the kernel gives when it is turned by 180°. Forwards it lies as it is written.")
UNTURNED = Sentence("That is what the kernel gives as it is written. On the way back it is turned by 180°.")
NO_BIAS = Sentence("The bias is missing.")
NO_PADDING = Sentence("That is what comes out without the padding.")
PADDED_ONCE = Sentence("The padding stands on both sides: it counts twice.")
NO_FIRST_PLACE = Sentence("One place is missing: the steps are counted, and not the place before the first of them.")
BEYOND_THE_EDGE = Sentence("There is one place too many: the last step would lead beyond the edge.")
NO_STRIDE = Sentence("That is what comes out with stride 1. Here the window moves {stride} cells at a time.", stride=2)
SWAPPED = Sentence("That stands at the place with row and column exchanged.")
INPUT_CHANNELS = Sentence("The output has a map for each kernel, not for each channel of the input.")
NO_SLOPE = Sentence("The slope of the sigmoid is missing among the factors.")
NO_INPUT = Sentence("What the weight was multiplied by, its input, is missing among the factors.")
AVERAGED = Sentence("That is the mean. The contributions are added up, and not divided by how many they are.")
UPHILL = Sentence("That is the way of the gradient. A step of descent goes against it.")
ONE_TOO_FEW = Sentence("One too few: that many still leave more than the limit.")
NO_ROOT = Sentence("That is the square: the root is still to be taken.")
ONE_WAY_ONLY = Sentence("That is what comes back on one way. There is another, and both are added up.")
