"""What the README says is so: its example prints what it claims, and its lessons, files and commands exist."""

import contextlib
import io
import re
import runpy
from pathlib import Path

import pytest

from tests.root import ROOT
from ui.catalogue import table

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"<!-- example -->\n```python\n(.*?)```\n+```text\n(.*?)```", re.DOTALL)
LENET = re.compile(r"<!-- lenet -->\n```python\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def example() -> tuple[str, str]:
    found = EXAMPLE.search(README)
    assert found, "the README has no example with its output"
    return found[1], found[2]


def test_the_example_prints_what_the_readme_says(tmp_path: Path) -> None:
    code, expected = example()
    script = tmp_path / "example.py"
    script.write_text(code, encoding="utf-8")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(str(script))
    assert printed.getvalue() == expected


def test_the_example_is_ten_lines_long() -> None:
    lines = [line for line in example()[0].splitlines() if line and not line.startswith(("import ", "from "))]
    assert len(lines) == 10


@pytest.mark.slow
def test_lenet_learns_the_digits_goes_on_in_pytorch_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The README's second example as it stands, in an empty folder."""
    found = LENET.search(README)
    assert found
    assert len([line for line in found[1].splitlines() if line]) <= 25
    script = tmp_path / "lenet.py"
    script.write_text(found[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        left = runpy.run_path(str(script))
    table, right, difference = re.split(r"\n(?=\d+% of|Largest)", printed.getvalue())
    assert table == repr(left["network"])
    assert int(right.split("%")[0]) > 90
    assert float(difference.split(": ")[1]) < 1e-4
    assert left["snapshot"].network.params.keys() == left["network"].params.keys()
    for name, value in left["snapshot"].network.params.items():
        assert left["network"].params[name].tobytes() == value.tobytes()


def test_the_table_of_lessons_is_the_catalogues() -> None:
    assert table() in README, f"the README's table of lessons should be:\n{table()}"


@pytest.mark.parametrize(
    "page", ["README.md", "deploy/README.md", *(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md"))]
)
def test_every_link_to_a_file_leads_to_one(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [target for target in LINK.findall(text) if "://" not in target]
    assert [t for t in targets if not (ROOT / page).parent.joinpath(t).exists()] == []


def test_every_file_that_the_readme_names_exists() -> None:
    named = re.findall(r"`((?:engine|ui|tests|assets|docs)/[\w./]*)`", README)
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_ci_runs_the_readmes_own_test_command() -> None:
    after_mark = README.split("<!-- test command -->")[1]
    command = next(line for line in after_mark.splitlines() if line.startswith("python3 "))
    assert "requirements-dev.txt" in command
    assert "pytest" in command
    assert "<!-- test command -->" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
