"""A network as text: said, read without being executed, measured, mended, and written out again.

``read`` makes a ``Reading`` of a text: layers a line with PyTorch's names, a pattern, what PyTorch prints, or
its source. Learn from it in this order:

1. ``reading``, ``limits``: what comes of it, and how much is read;
2. ``source``, ``constant``, ``known``, ``arguments``: from characters to one layer;
3. ``said``, ``lines``, ``blocks``: from lines to a network;
4. ``pytorch``, ``modules``, ``forward``, ``functional``, ``joined``: from a class and its forward to the same;
5. ``measure``, ``mend``, ``meet``: what each line makes and costs, and what would make it fit;
6. ``write``, ``to_pytorch``, ``to_script``, ``link``, ``presets``: the way out, and texts to start from.
"""

from engine.text.limits import Limits
from engine.text.link import fits_link, packed, unpacked
from engine.text.presets import PRESETS, Preset
from engine.text.read import read
from engine.text.reading import Fault, Fix, Line, Place, Reading
from engine.text.to_pytorch import Unwritable, pytorch_of
from engine.text.to_script import script_of
from engine.text.write import lines_of

__all__ = [
    "PRESETS",
    "Fault",
    "Fix",
    "Limits",
    "Line",
    "Place",
    "Preset",
    "Reading",
    "Unwritable",
    "fits_link",
    "lines_of",
    "packed",
    "pytorch_of",
    "read",
    "script_of",
    "unpacked",
]
