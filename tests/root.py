"""Where the project is, for tests wherever they stand."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
