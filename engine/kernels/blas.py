"""Which kernels NumPy's BLAS multiplies with, as far as that decides how products are best cut.

OpenBLAS takes its kernels for the processor that it finds when it is loaded (or that ``OPENBLAS_CORETYPE`` names).
Those for AVX-512 have a second way for small products, which reads matrices where they lie; all others repack each
matrix first.
"""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np

IN_PLACE = ("SkylakeX", "Cooperlake", "SapphireRapids")
"""Names that OpenBLAS gives to those that have the second way."""
_ASKED = tuple(
    f"{library}openblas_get_corename{ending}" for library in ("scipy_", "") for ending in ("64_", "_64_", "64", "")
)


@cache
def kernels() -> str:
    """OpenBLAS's own name of the processor whose kernels it took; "" where another library multiplies."""
    try:
        # What NumPy's module is linked with answers through it.
        library = ctypes.CDLL(np._core._multiarray_umath.__file__)  # type: ignore[attr-defined]
    except (AttributeError, OSError):
        return ""
    for name in _ASKED:
        if function := getattr(library, name, None):
            function.restype = ctypes.c_char_p
            return str((function() or b"").decode("ascii", "replace"))
    return ""


def reads_in_place() -> bool:
    """Whether small matrices are multiplied where they lie."""
    return kernels() in IN_PLACE
