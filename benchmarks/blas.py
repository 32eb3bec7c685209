"""NumPy's library of matrix products: which one it is, and which processor's kernels it took.

``python -m benchmarks.blas`` prints it. It is asked in a process of its own, because a library chooses when it loads.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import MutableMapping
from pathlib import Path

from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

SETTINGS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""What makes OpenBLAS work as if the processor were another one; PyTorch's library doesn't read them."""
WITHOUT_AVX512 = {
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
}
"""What makes NumPy, its BLAS and all of PyTorch's libraries work as on a processor that has AVX2 and no AVX-512."""


def release(environment: MutableMapping[str, str]) -> list[str]:
    """Take SETTINGS out of the environment, so that every library chooses for the processor at hand; what was set."""
    return [f"{name}={environment.pop(name)}" for name in SETTINGS if name in environment]


def described() -> str:
    """The library and its kernels, as a process started now gets them."""
    asked = [sys.executable, "-m", "benchmarks.blas"]
    return subprocess.run(
        asked, cwd=Path(__file__).parents[1], check=True, capture_output=True, text=True
    ).stdout.strip()


def main() -> None:
    import numpy  # noqa: F401  # loads the library

    found = [entry for entry in threadpool_info() if entry["user_api"] == "blas"]
    told = " and ".join(
        f"{entry['internal_api']} {entry['version']}, kernels for {entry.get('architecture', 'an unnamed processor')}"
        for entry in found
    )
    print(told or "a library that doesn't tell its name")


if __name__ == "__main__":
    main()
