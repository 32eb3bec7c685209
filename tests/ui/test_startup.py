"""What happens once when the server starts."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from engine.data.digits import all_digits
from ui import startup


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_matrix_products_stay_on_one_thread_also_after_the_data_set_was_read() -> None:
    all_digits()
    with threadpool_limits(limits=2, user_api="blas"):
        assert blas_threads() == {2}
        all_digits.cache_clear()
        startup._warm()
        np.dot(np.ones((64, 64)), np.ones((64, 64)))
        assert blas_threads() == {1}


def test_what_lessons_open_on_is_made_ahead_of_need(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    room = tmp_path / "pages" / "training" / "sample_lesson"
    room.mkdir(parents=True)
    (room / "ahead.py").touch()
    made: list[str] = []
    monkeypatch.setattr(startup, "ROOT", tmp_path)
    monkeypatch.setattr(startup, "import_module", lambda name: SimpleNamespace(prepare=lambda: made.append(name)))
    startup._warm_lessons()
    assert made == ["pages.training.sample_lesson.ahead"]
