"""Two processes behind nginx, started once for all tests of this folder and looked over when they are ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deploy.running import Running, needs_nginx, running, until


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two processes and one address. Stopping it must leave neither a process nor a file."""
    needs_nginx()
    with running(tmp_path_factory.mktemp("two") / "log.txt", "--processes", "2") as deployment:
        yield deployment
        assert deployment.stop() == 0
        until(f"nothing left, but there is {deployment.left()}", lambda: not deployment.left(), 10)
