"""What happens once when the server starts."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from engine.data.digits import all_digits
from pages.training.weight_initialization import controls
from ui import startup


def test_matrix_products_stay_on_one_thread_also_after_the_data_set_was_read() -> None:
    all_digits.cache_clear()
    startup._warm()
    np.dot(np.ones((64, 64)), np.ones((64, 64)))
    blas = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    assert blas
    assert set(blas) == {1}


def test_the_experiments_that_a_lesson_opens_on_are_measured_ahead_of_need(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(controls, "prepare", lambda: asked.append(True))
    startup._warm_lessons()
    assert asked
