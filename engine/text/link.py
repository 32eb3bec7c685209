"""A text in few letters that may stand in a link, and back; what unpacks to more than is read is refused.

    packed = "1" + base64(zlib(text)),   letters, digits, - and _ only

The compressor knows beforehand the words that networks are made of. The digit in front says which words those are, so
that a link goes on working when they change.
"""

from __future__ import annotations

import base64
import binascii
import zlib

from engine.sentence import Sentence
from engine.text.limits import Limits

_VERSION = "1"
_WORDS = (
    b"Upsample(scale_factor=ConvTranspose2d(GroupNorm(LayerNorm(InstanceNorm2d(Hardswish()SiLU()GELU()Softplus()ELU()"
    b"LeakyReLU(Tanh()Sigmoid()Softmax()Dropout2d(Highway(\n    Transform(\n        Gate(\n        WeightNorm("
    b"AvgPool2d(Parallel(\n    Sequential(\n        Shortcut(\n        )\n    )\n)\nResidual(\n    Conv2d(8, 8, 3, "
    b"padding=1, groups=8)\n    BatchNorm2d(8)\n    ReLU()\n, bias=False)\nBatchNorm2d(16)\nDropout(0.5)\n"
    b"AdaptiveAvgPool2d(1)\nConv2d(1, 6, 5, padding=2)\nReLU()\nMaxPool2d(2)\nConv2d(8, 16, 3, stride=2, padding=1)\n"
    b"ReLU()\nMaxPool2d(2)\nFlatten()\nLinear(256, 120)\nReLU()\nLinear(64, 10)"
)


def packed(text: str) -> str:
    """The text's short form."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_DEFAULT_STRATEGY, _WORDS)
    squeezed = deflate.compress(text.encode("utf-8", "replace")) + deflate.flush()
    return _VERSION + base64.urlsafe_b64encode(squeezed).decode("ascii").rstrip("=")


def fits_link(text: str, limits: Limits = Limits()) -> bool:
    """Whether the text's short form is short enough for a link; a longer one is a file to keep."""
    return len(packed(text)) <= limits.link


def unpacked(code: str, limits: Limits = Limits()) -> str | Sentence:
    """The text of a short form; or, where it is none or unpacks to more than is read, a sentence that says so."""
    broken = Sentence("This link's network can't be unpacked: part of it is missing or was changed")
    if len(code) > limits.characters:
        return _too_long(limits)
    if not code.startswith(_VERSION) or not code.isascii():
        return broken
    body = code[len(_VERSION) :]
    inflate = zlib.decompressobj(zlib.MAX_WBITS, _WORDS)
    try:
        squeezed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        found = inflate.decompress(squeezed, 4 * limits.characters)
        if inflate.unconsumed_tail:
            return _too_long(limits)
        if not inflate.eof or inflate.unused_data:
            return broken
        text = found.decode("utf-8")
    except (binascii.Error, zlib.error, ValueError):
        return broken
    return text if len(text) <= limits.characters else _too_long(limits)


def _too_long(limits: Limits) -> Sentence:
    return Sentence("This link holds more than {most} characters; at most that many are read", most=limits.characters)
