"""Components' scripts carry all that they import, and import nothing from elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.root import ROOT
from ui.components import modules
from ui.components.modules import COMPONENTS, ModuleError, module


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")


def carried(text: str) -> list[str]:
    """The modules that a script carries, each once, in the order in which they are made."""
    found: list[str] = json.loads(text[text.index("for (const text of ") + 19 : text.index(") {\n")])
    return found


def test_a_relative_import_is_put_inside(tmp_path: Path) -> None:
    write(tmp_path, a='import { f, g as h } from "./b.js";\nf();\n', b="export const f = () => 1, g = 2; // é\n")
    text = module(tmp_path / "a.js")
    assert carried(text) == ["export const f = () => 1, g = 2; // é\n"]
    assert text.endswith("const { f, g: h } = await import($urls[0]);\nf();\n")


def test_imports_of_imports_are_put_inside_too_and_each_module_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        a='import "./b.js";\nimport { g } from "./c.js";',
        b='export * from "./c.js";',
        c="export const g = 2;",
    )
    text = module(tmp_path / "a.js")
    assert carried(text) == ["export const g = 2;", 'export * from "stepcnn:0";']
    assert text.endswith("await import($urls[1]);\nconst { g } = await import($urls[0]);")


def test_an_import_over_several_lines_is_put_inside(tmp_path: Path) -> None:
    write(tmp_path, a="import {\n  f,\n  g,\n} from './b.js';\n", b="export const f = 1, g = 2;")
    assert carried(module(tmp_path / "a.js")) == ["export const f = 1, g = 2;"]


def test_a_script_that_hands_on_names_is_told_to_import_them(tmp_path: Path) -> None:
    write(tmp_path, a='export * from "./b.js";', b="export const f = 1;")
    with pytest.raises(ModuleError, match="by name"):
        module(tmp_path / "a.js")


def test_words_that_only_look_like_imports_are_left_alone(tmp_path: Path) -> None:
    text = 'const s = "a from \'./b.js\'"; // import { f } from "./b.js"\n'
    write(tmp_path, a=text)
    assert module(tmp_path / "a.js") == text


def test_what_components_share_has_one_name_wherever_it_is_imported(tmp_path: Path) -> None:
    write(tmp_path, a='import { clamp } from "shared/drag.js";')
    assert (COMPONENTS / "shared/drag.js").read_text() in carried(module(tmp_path / "a.js"))


def test_the_theme_is_generated_and_stands_inside() -> None:
    assert carried(module("shared/colours.js")) == [modules.theme.javascript()]


@pytest.mark.parametrize("target", ["https://cdn.example/x.js", "//cdn.example/x.js", "/x.js", "lodash"])
def test_imports_from_elsewhere_are_refused(tmp_path: Path, target: str) -> None:
    write(tmp_path, a=f'import x from "{target}";')
    with pytest.raises(ModuleError, match="nothing is fetched"):
        module(tmp_path / "a.js")


def test_a_missing_module_is_named_with_who_imports_it(tmp_path: Path) -> None:
    write(tmp_path, a='import "./gone.js";')
    with pytest.raises(ModuleError, match=r"no module gone\.js, which a\.js imports"):
        module(tmp_path / "a.js")


def test_a_circle_is_named(tmp_path: Path) -> None:
    write(tmp_path, a='import "./b.js";', b='import "./a.js";')
    with pytest.raises(ModuleError, match=r"a\.js -> b\.js -> a\.js"):
        module(tmp_path / "a.js")


SCRIPTS = sorted([*COMPONENTS.rglob("*.js"), *ROOT.glob("pages/**/*.js")])


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_component_script_can_be_put_together(path: Path) -> None:
    assert not re.search("""from ["'](?:[.]{1,2}/|shared/)""", module(path))
