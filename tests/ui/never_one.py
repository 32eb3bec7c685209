"""Gaps of English sentences that never hold a 1, sentence by sentence, each with the reason why it can't.

By where the sentence stands: its name, or how it begins before a "…", and the gaps.
"""

from __future__ import annotations

from collections.abc import Mapping

DATA = "counts all of a data set or of a batch, which has more than one"
SIZE = "counts parts of a network or a picture whose controls or whose making allow no fewer than two"
SETTING = "a number that the page itself sets, of steps or of draws"
CHECKED = "counts what a check computes again: whole arrays"
SEVERAL = "is said only where there are several; one alone has other words, or none"
LIMIT = "an upper limit, which is larger"
LONG = "is said of what is longer than its limit"
WINDOW = "a stride that the question sets, larger than 1"
FAR = "so many layers until a float is full or empty: no factor does it in one"

Cases = tuple[tuple[str, str, str], ...]
NEVER_ONE: Mapping[str, Cases] = {
    "backprop/batch_norm": (
        ("step-dbias", "m", DATA),
        ("step-dinv-std", "m", DATA),
        ("step-dmean", "m", DATA),
        ("step-dweight", "m", DATA),
        ("step-mean", "m", DATA),
    ),
    "backprop/by_hand": (
        ("many", "E", SETTING),
        ("numbers", "steps", SETTING),
    ),
    "backprop/convolution_backward": (("scene-dx-maps", "count maps", SEVERAL),),
    "backprop/cross_entropy_quadratic": (("try", "epochs", SETTING),),
    "backprop/forward_backward": (
        ("check-differs", "size", CHECKED),
        ("checked", "size", CHECKED),
        ("checked-tiny", "size", CHECKED),
        ("held-out", "count", DATA),
        ("stop-conv", "channels count", SIZE),
        ("stop-conv-bias", "places", SIZE),
        ("stop-conv-first", "count", SIZE),
        ("stop-conv-input", "maps", SIZE),
        ("stop-conv-weight", "places", SIZE),
        ("stop-linear", "features", SIZE),
        ("stop-linear-right", "features", SIZE),
        ("stop-relu", "total", SIZE),
        ("stop-update", "parameters", SIZE),
        ("stop-update-bias", "parameters", SIZE),
    ),
    "backprop/gradient_check": (
        ("checked", "size", CHECKED),
        ("fault-edges", "edge_all", CHECKED),
        ("fault-first-cell", "pool_all", CHECKED),
    ),
    "backprop/vanishing": (
        ("learned", "steps", SETTING),
        ("say-explodes", "depth", SIZE),
        ("say-explodes", "until", FAR),
        ("say-spectrum", "depth width", SIZE),
        ("say-steady", "depth", SIZE),
        ("say-vanishes", "depth", SIZE),
    ),
    "blocks/activations": (
        ("checked", "numbers", CHECKED),
        ("scene-crowd-dies", "count", SETTING),
        ("scene-crowd-open", "count", SETTING),
        ("scene-crowd-saturates", "count", SETTING),
        ("scene-dying", "steps", SETTING),
        ("scene-race-tied", "seeds", SETTING),
    ),
    "blocks/convolution": (
        ("motive", "small_weights", SIZE),
        ("scene-channels", "channels count", SEVERAL),
        ("scene-grouped", "channels count filters groups", SEVERAL),
        ("scene-linear", "classes features", SIZE),
        ("scene-sparse", "columns size", SIZE),
        ("sharing", "alexnet_neurons", SIZE),
    ),
    "blocks/neuron": (
        ("scene-patch", "count", SIZE),
        ("scene-patch-map", "count", SIZE),
    ),
    "blocks/pooling": (
        ("moving", "digits", DATA),
        ("scene-max", "cells", SIZE),
        ("scene-max-tie", "equals", SEVERAL),
    ),
    "blocks/receptive_field": (
        ("say-holes", "square", SIZE),
        ("say-unit", "most", SIZE),
        ("why", "vgg_conv", SIZE),
    ),
    "engine/autograd/expression.py": (
        ("The formula has {count}…", "count", LONG),
        ("max takes 2 to…", "most", LIMIT),
    ),
    "engine/mistakes.py": (("That is what comes out with stride…", "stride", WINDOW),),
    "engine/text/forward.py": (("There are more than {most} layers;…", "most", LIMIT),),
    "engine/text/joined.py": (("There are more than {most} layers;…", "most", LIMIT),),
    "engine/text/link.py": (("This link holds more…", "most", LIMIT),),
    "engine/text/measure.py": (
        ("With this layer one example makes…", "count", LONG),
        ("With this layer there are…", "count", LONG),
    ),
    "engine/text/modules.py": (("There are more than {most} layers;…", "most", LIMIT),),
    "engine/text/read.py": (
        ("Taken where the pattern…", "channels hidden", SETTING),
        ("There are {count} layers;…", "count", LONG),
    ),
    "engine/text/source.py": (
        ("There are more than…", "most", LIMIT),
        ("There are {count} lines;…", "count", LONG),
        ("This text has {count}…", "count", LONG),
    ),
    "engine/zoo/pattern.py": (("The pattern has {count}…", "count", LONG),),
    "inside/feature_maps": (
        ("networks", "digit_size shape_size", SIZE),
        ("networks", "shape_count", DATA),
        ("recount-differs", "count", CHECKED),
        ("recounted", "count", CHECKED),
        ("say-crossing-of", "all", DATA),
        ("say-crossing-of", "count", SIZE),
        ("say-deep", "reads", SIZE),
        ("say-deep-of", "reads", SIZE),
        ("say-kernel", "all", DATA),
        ("say-layer", "size", SIZE),
    ),
    "pages/backprop/batch_norm/check.py": (
        (
            "{count} gradients of L = Σ dy · y measured by central differences; the largest difference…",
            "count",
            CHECKED,
        ),
        ("{count} gradients of L = Σ dy · y measured by central differences; the largest relative…", "count", CHECKED),
        ("{count} numbers by the…", "count", CHECKED),
    ),
    "pages/backprop/convolution_backward/check.py": (
        ("{count} gradients computed again…", "count", CHECKED),
        ("{count} of {size} gradients…", "size", CHECKED),
    ),
    "pages/backprop/convolution_backward/picture.py": (("Σ dy = **{given}**,…", "cells", SIZE),),
    "pages/backprop/graph/labels.py": (
        ("{count} uses: what comes…", "count", SEVERAL),
        ("{so_far} of {count} uses…", "count", SEVERAL),
    ),
    "pages/backprop/vanishing/words.py": (
        ("Here with {width} units:…", "width", SIZE),
        ("{count} layers", "count", SIZE),
        ("{count} units", "count", SIZE),
    ),
    "pages/blocks/activations/labels.py": (
        ("100 hidden units after…", "steps", SETTING),
        ("unit {unit} is dead:…", "examples", DATA),
        ("{count} numbers", "count", SETTING),
        ("{dead} of {units} units {dead|is|are} dead", "units", SIZE),
        ("{dead} of {units} units {dead|is|are} dead for…", "examples", DATA),
        ("{dead} of {units} units {dead|is|are} dead for…", "units", SIZE),
    ),
    "pages/blocks/convolution/controls.py": (
        ("{groups} groups need the…", "groups", SEVERAL),
        ("{wanted} groups can't cut…", "channels wanted", SEVERAL),
    ),
    "pages/blocks/convolution/exercises.py": (
        ("A kernel reads all…", "channels", SEVERAL),
        ("A patch reaches through…", "channels", SEVERAL),
    ),
    "pages/blocks/convolution/picture.py": (
        ("**{zeros}** of the {size}…", "size", SIZE),
        ("In {groups} groups each…", "channels groups own", SEVERAL),
    ),
    "pages/blocks/neuron/check.py": (("Of {lines} random lines,…", "lines", CHECKED),),
    "pages/blocks/pooling/check.py": (("{count} numbers of y…", "count", CHECKED),),
    "pages/blocks/pooling/controls.py": (("A window of {window}…", "side", SIZE),),
    "pages/blocks/pooling/labels.py": (("{equals} cells are equal:…", "equals", SEVERAL),),
    "pages/blocks/receptive_field/exercises.py": (("The second layer's padding…", "jump", SEVERAL),),
    "pages/blocks/receptive_field/labels.py": (("Mean over {count} digits…", "count", DATA),),
    "pages/inside/feature_maps/labels.py": (("The nine of {count}…", "count", DATA),),
    "pages/training/watch_it_train/check.py": (("At step {step}, on…", "all digits", CHECKED),),
    "pages/training/watch_it_train/words.py": (("**{accuracy}** of the {count}…", "count", DATA),),
    "pages/training/weight_initialization/check.py": (("New weights and new…", "samples", DATA),),
    "pages/training/weight_initialization/words.py": (
        ("The data: {count} examples.", "count", DATA),
        ("{count} examples", "count", DATA),
    ),
    "training/weight_initialization": (("say-alike", "width", SIZE),),
    "ui/components/bench/labels.py": (
        ("{count} products, largest first;…", "count", SEVERAL),
        ("{count} products: {here} here from…", "count", SEVERAL),
        ("{count} products: {here} here through…", "count", SEVERAL),
        ("{name} goes into {count}…", "count", SEVERAL),
    ),
    "ui/controls.py": (("at most {count} characters…", "count", LIMIT),),
}
