"""The command line: what is refused says what would work."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.options import Server, cores, parse
from deploy.problems import Problem


def test_without_options_there_is_a_process_for_each_core_and_only_this_machine_reaches_it() -> None:
    options = parse([])
    assert (options.processes, options.address, options.port) == (cores(), "127.0.0.1", 8501)
    assert options.proxy


def test_servers_elsewhere_are_read_with_names_and_numbers() -> None:
    options = parse(["--servers", "one:8501", "10.0.0.2:8502", "--trusted", "10.0.0.0/8"])
    assert options.servers == (Server("one", 8501), Server("10.0.0.2", 8502))
    assert options.trusted == ("10.0.0.0/8",)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--processes", "0"], "from 1 to 64"),
        (["--port", "70000"], "from 1 to 65535"),
        (["--address", "my-machine"], "0.0.0.0"),
        (["--servers", "one"], "HOST:PORT"),
        (["--servers", "one:two"], "HOST:PORT"),
        (["--servers", "one:1", "--no-proxy"], "Give one"),
        (["--trusted", "everyone"], "10.0.0.0/8"),
        (["--certificate", __file__], "--key"),
        (["--certificate", "/nowhere.pem", "--key", __file__], "/nowhere.pem"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(given: list[str], said: str) -> None:
    with pytest.raises(Problem, match=said):
        parse(given)


def test_the_files_of_tls_are_found_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("chain.pem", "key.pem"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    options = parse(["--certificate", "chain.pem", "--key", "key.pem"])
    assert options.certificate == tmp_path / "chain.pem"
