"""How fast the engine is, beside PyTorch, a textbook engine and the matrix products alone: prints a table.

    python -m benchmarks.engine                  # everything, in under four minutes
    python -m benchmarks.engine W1 digits        # only these
    python -m benchmarks.engine --threads 2      # two threads for every contender; the gates are for one
    python -m benchmarks.engine --avx2           # every contender as on a processor without AVX-512
    python -m benchmarks.engine --as-set         # NumPy's BLAS as OPENBLAS_CORETYPE has it, not for this processor

Every contender does the same steps from the same weights, each in a process of its own, in turns, and the table
shows medians. That they do compute the same is checked before anything is timed. A busy machine makes every number
larger, so close what else is running; the report says who had to wait for a core.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from benchmarks import blas
from benchmarks.gates import judge
from benchmarks.rounds import Plan, measure, measure_crowded
from benchmarks.table import Pressed, Results, as_json, text
from benchmarks.workloads import WORKLOADS
from engine.kernels.blas import IN_PLACE

BUSY = "busy"
CROWDED_WORKLOAD = "W1"


def contenders(name: str, torch: bool) -> list[str]:
    """Who takes part in a workload. Layouts of images matter only where there are images."""
    workload = WORKLOADS[name]
    layouts = ["torch", "channels_last"] if len(workload.input_shape) == 3 else ["torch"]
    return ["ours", *(layouts if torch else []), "limit", *(["yardstick"] if workload.yardstick else [])]


def header(plan: Plan, torch: bool, kernels: str, left_out: Sequence[str], avx2: bool) -> list[str]:
    """Where and how the numbers came about."""
    load = f", load {os.getloadavg()[0]:.2f} at the start" if hasattr(os, "getloadavg") else ""
    return [
        f"{_processor()}, {os.cpu_count()} cores{load}",
        f"Python {platform.python_version()}, NumPy {_version('numpy')}, "
        + (f"PyTorch {_version('torch')}" if torch else "no PyTorch: `pip install -r requirements-dev.txt` adds it"),
        f"NumPy multiplies with {kernels}",
        *(["NumPy, its BLAS and PyTorch leave AVX-512 alone, as on a processor without it"] if avx2 else []),
        *([f"{' and '.join(left_out)} left out, so that it chooses for itself; --as-set keeps it"] if left_out else []),
        f"float32, {plan.threads} thread{'s' if plan.threads > 1 else ''} each; medians of {plan.rounds} interleaved "
        f"rounds, batches of steps of at least {plan.seconds:g} s; 1 MB = 10⁶ bytes",
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", told.read_text(encoding="utf-8")) if told.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line, checked."""
    known = [*WORKLOADS, BUSY]
    summary = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=summary)
    parser.add_argument("names", nargs="*", metavar="name", help=f"what to measure: {', '.join(known)} (default: all)")
    parser.add_argument("--rounds", type=int, default=15, help="how often each contender has its turn (%(default)s)")
    parser.add_argument("--seconds", type=float, default=0.15, help="least length of a turn (%(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="threads of each contender (%(default)s)")
    kernels = parser.add_mutually_exclusive_group()
    kernels.add_argument("--avx2", action="store_true", help="nobody uses AVX-512")
    kernels.add_argument("--as-set", action="store_true", help="leave the environment's settings of OpenBLAS alone")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    chosen = parser.parse_args(given)
    unknown = [name for name in chosen.names if name not in known]
    if unknown:
        parser.error(f"{', '.join(unknown)}: not known here; there are {', '.join(known)}.")
    if chosen.rounds < 1 or chosen.threads < 1 or not chosen.seconds >= 0:
        parser.error("rounds and threads are at least 1, seconds at least 0.")
    chosen.names = chosen.names or known
    return chosen


def run(names: Sequence[str], plan: Plan, torch: bool) -> tuple[Results, Pressed]:
    """All measurements, with a line on standard error for each, because they take a while."""
    results: Results = {}
    crowded: Pressed = {}
    for name in names:
        start = perf_counter()
        if name == BUSY:
            team = ["ours", *(["torch"] if torch else [])]
            crowded[CROWDED_WORKLOAD] = measure_crowded(CROWDED_WORKLOAD, team, plan)
        else:
            results[name] = measure(name, contenders(name, torch), plan)
        print(f"{name}: {perf_counter() - start:.0f} s", file=sys.stderr)
    return results, {name: own for name, own in crowded.items() if own}


def main() -> None:
    chosen = arguments()
    torch = find_spec("torch") is not None
    plan = Plan(chosen.rounds, chosen.seconds, chosen.threads)
    left_out = [] if chosen.as_set else blas.release(os.environ)
    if chosen.avx2:
        os.environ.update(blas.WITHOUT_AVX512)
    kernels = blas.described()
    about = header(plan, torch, kernels, left_out, chosen.avx2)
    try:
        results, crowded = run(chosen.names, plan, torch)
    except (RuntimeError, ValueError) as error:
        sys.exit(str(error))
    # The gates are for one thread each.
    verdicts = judge(results, crowded, in_place=kernels.endswith(IN_PLACE)) if plan.threads == 1 else []
    print((as_json if chosen.json else text)(about, results, crowded, verdicts))


if __name__ == "__main__":
    main()
