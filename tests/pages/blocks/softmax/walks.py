"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, keys, point, press, scene, types

WALKS: Walks = {
    "shares": (types(".score-cell.z .cell", "1.2345"), press(".truth >> nth=2"), point(".score-cell.g >> nth=1")),
    "temperature": (scene(1), keys(".plot .handle", "ArrowRight"), point(".score-cell.zT >> nth=2")),
    "slopes": (scene(2), point(".jacobian .entry-cell >> nth=4")),
    "margins": (scene(3), press(".truth >> nth=1"), point(".score-cell.dh >> nth=2")),
    "overflow": (scene(4), types(".score-cell.z .cell", "123.456"), point(".score-cell.ps >> nth=1")),
}

TYPED = (Typed(".with-lane .cell.editable >> nth=1", ("2.25", "-1.75")),)

KEYS = ""

MEASURED = Measured("another truth", (".truth >> nth=2", ".truth >> nth=0"), ".pictures", ".score-cell")
