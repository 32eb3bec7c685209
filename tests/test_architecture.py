"""The house rules of docs/architecture.md, read from the source: who imports whom, and what never appears.

Each rule is a function from a folder to its list of violations, so that a small folder which breaks the rule
can show that the rule bites.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.root import ROOT

PARTS = ("engine", "ui", "pages", "deploy", "app.py")
LONGEST_FILE = 400
LONGEST = ((r"app\.py", 60), (r"pages/\w+/\w+/page\.py", 75), ("", LONGEST_FILE))


@dataclass(frozen=True)
class Territory:
    """A part of the tree and what its files may import besides the standard library."""

    places: re.Pattern[str]
    may_import: frozenset[str]


def _territory(places: str, may_import: str) -> Territory:
    return Territory(re.compile(places), frozenset(may_import.split()))


# The first that fits a file's path rules it. A name covers its submodules.
TERRITORIES = (
    _territory("engine/data/", "engine numpy scipy sklearn PIL"),
    _territory("engine/", "engine numpy"),
    _territory("ui/figures/", "engine ui.figures numpy plotly matplotlib PIL"),
    _territory(r"ui/(locale_tools|translations)\.py", "ui babel"),
    _territory("ui/", "engine ui streamlit numpy threadpoolctl"),
    _territory(r"pages/\w+/\w+/(compute|exercises)\b", "engine pages numpy"),
    _territory(r"pages/\w+/\w+/(figure|grids)\b", "engine pages ui numpy matplotlib PIL"),
    _territory(r"pages/\w+/graph/layout\b", "engine pages ui grandalf"),
    _territory(r"pages/\w+/\w+/page\b", "engine pages ui streamlit"),
    _territory(r"pages/\w+/\w+/", "engine pages ui streamlit numpy"),
    _territory("deploy/", "deploy"),
    _territory("app.py", "engine ui streamlit starlette"),
)


@dataclass(frozen=True)
class Import:
    """One imported module: `deep` if it stands inside a function, so that it costs nothing at start-up."""

    module: str
    line: int
    deep: bool


def python_files(root: Path) -> list[Path]:
    files = [*root.glob("app.py")]
    for part in PARTS:
        files += (root / part).rglob("*.py")
    return sorted(files)


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, root: Path, modules: frozenset[str]) -> Iterator[Import]:
    """Every import of a file by its full name; `from a import b` means a.b if that is a module, else a."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    deep = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    package = module_name(path, root).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names = [
                f"{source}.{alias.name}" if f"{source}.{alias.name}" in modules else source for alias in node.names
            ]
        else:
            continue
        for name in dict.fromkeys(names):
            yield Import(name, node.lineno, id(node) in deep)


def all_imports(root: Path) -> Iterator[tuple[Path, Import]]:
    files = python_files(root)
    modules = frozenset(module_name(path, root) for path in files)
    for path in files:
        for imported in imports(path, root, modules):
            yield path, imported


def covers(allowed: str, module: str) -> bool:
    return module == allowed or module.startswith(allowed + ".")


def foreign_imports(root: Path) -> list[str]:
    """Imports that cross a border of the house the wrong way."""
    found = []
    for path, imported in all_imports(root):
        place = path.relative_to(root).as_posix()
        territory = next(t for t in TERRITORIES if t.places.match(place))
        top = imported.module.split(".")[0]
        if top in sys.stdlib_module_names:
            continue
        if not any(covers(allowed, imported.module) for allowed in territory.may_import):
            found.append(
                f"{place}:{imported.line} imports {imported.module}; "
                f"{territory.places.pattern} may import {', '.join(sorted(territory.may_import))}"
            )
    return found


# A lesson's room.
_ROOM = re.compile(r"pages/\w+/\w+/")
# The floors of the house, from the ground up; the first that fits a path is its floor.
FLOORS = (
    (5, re.compile(r"app\b|ui/site/|pages/\w+/\w+/page\b")),
    (1, re.compile(r"pages/\w+/\w+/(compute|exercises)\b")),
    (4, re.compile(r"pages/")),
    (2, re.compile(r"ui/figures\b")),
    (3, re.compile(r"ui\b")),
    (0, re.compile(r"engine\b")),
)


def floor(place: str) -> int | None:
    """The floor on which a file or module stands, written with slashes; None outside the house."""
    return next((number for number, places in FLOORS if places.match(place)), None)


def floors(root: Path) -> list[str]:
    """Imports from a higher floor: engine, a room's numbers and exercises, figures, frame, the rest of a room, page."""
    found = []
    for path, imported in all_imports(root):
        place = path.relative_to(root).with_suffix("").as_posix()
        own, other = floor(place), floor(imported.module.replace(".", "/"))
        if own is not None and other is not None and other > own:
            found.append(f"{place}:{imported.line} on floor {own} imports {imported.module} from floor {other}")
    return found


def rooms(root: Path) -> list[str]:
    """Imports of what belongs to a lesson, from anywhere outside its room."""
    found = []
    for path, imported in all_imports(root):
        place, room = path.relative_to(root).as_posix(), _ROOM.match(imported.module.replace(".", "/") + "/")
        if room and not place.startswith(room[0]):
            found.append(f"{place}:{imported.line} imports {imported.module}, which is another lesson's")
    return found


def eager_scikit_learn(root: Path) -> list[str]:
    """scikit-learn takes about a second and 170 MB to import: only inside the function that needs it."""
    return [
        f"{path.relative_to(root)}:{imported.line} imports {imported.module} when it is itself imported"
        for path, imported in all_imports(root)
        if not imported.deep and imported.module.split(".")[0] in {"sklearn", "scipy"}
    ]


def circles(root: Path) -> list[str]:
    """Modules that import each other, directly or round a corner."""
    graph: dict[str, set[str]] = {}
    modules = {module_name(path, root) for path in python_files(root)}
    for path, imported in all_imports(root):
        if imported.module in modules:
            graph.setdefault(module_name(path, root), set()).add(imported.module)

    found: list[str] = []
    done: set[str] = set()

    def walk(module: str, trail: list[str]) -> None:
        if module in trail:
            found.append(" -> ".join([*trail[trail.index(module) :], module]))
        elif module not in done:
            for following in sorted(graph.get(module, ())):
                walk(following, [*trail, module])
            done.add(module)

    for module in sorted(graph):
        walk(module, [])
    return found


def prints(root: Path) -> list[str]:
    """Calls of print: the app speaks through its pages, the engine through what it returns."""
    return [
        f"{path.relative_to(root)}:{node.lineno} calls print"
        for path in python_files(root)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


DOWNLOADS = "ui/downloads.py"


def downloads_of_their_own(root: Path) -> list[str]:
    """Downloads that don't go through ui/downloads.py: Streamlit would make them without the reader's session."""
    return [
        f"{path.relative_to(root)}:{node.lineno} has a download of its own, not one of {DOWNLOADS}"
        for path in python_files(root)
        if path != root / DOWNLOADS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "download_button")
        or (isinstance(node, ast.ImportFrom) and any(alias.name == "download_button" for alias in node.names))
    ]


def trees_out_of_turn(root: Path) -> list[str]:
    """Syntax trees that are made elsewhere than in engine/syntax.py, which lets one thread at a time make one."""
    makers = {("ast", "parse"), ("ast", "literal_eval"), ("inspect", "getsource"), ("inspect", "getsourcelines")}
    return [
        f"{path.relative_to(root)}:{node.lineno} calls {node.value.id}.{node.attr}; engine/syntax.py does it in turns"
        for path in python_files(root)
        if path.name not in ("syntax.py", "locale_tools.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        if isinstance(node.value, ast.Name) and (node.value.id, node.attr) in makers
    ]


LOOPS = "tests/asynchronous.py"


def loops_of_their_own(root: Path) -> list[str]:
    """Tests that start a loop on the thread that they run on, where Playwright's may be running already."""
    return [
        f"{path.relative_to(root)}:{node.lineno} runs a loop; {LOOPS} does it beside a browser's"
        for path in sorted((root / "tests").rglob("*.py"))
        if path != root / LOOPS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "run"
        if isinstance(node.value, ast.Name) and node.value.id == "asyncio"
    ]


def helpers_that_reach_inside(root: Path) -> list[str]:
    """What many tests share and what uses private names of the app: it would break with every change inside."""
    found = []
    for path in sorted((root / "tests").rglob("*.py")):
        if path.name.startswith("test_"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        house = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("engine", "ui", "pages")
            for alias in node.names
        }
        found += [
            f"{path.relative_to(root)}:{node.lineno} uses {node.value.id}.{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
            if isinstance(node.value, ast.Name) and node.value.id in house
        ]
    return found


def long_files(root: Path) -> list[str]:
    """Files that want to be two rooms."""
    files = python_files(root) + [
        path
        for part in ("ui", "pages", "assets")
        for path in (root / part).rglob("*")
        if path.suffix in {".js", ".css"}
    ]
    found = []
    for path in files:
        place = path.relative_to(root).as_posix()
        most = next(most for places, most in LONGEST if re.match(places, place))
        length = path.read_text(encoding="utf-8").count("\n")
        if length > most:
            found.append(f"{place} has {length} lines, over {most}")
    return found


COLUMNS = 140


def wide_scripts(root: Path) -> list[str]:
    """Scripts and sheets whose lines don't fit beside another window; a sheet's rule may be a line of its own."""
    return [
        f"{path.relative_to(root)}:{number} has {len(line)} columns, over {COLUMNS}"
        for part in ("ui", "pages", "tests")
        for path in sorted((root / part).rglob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > COLUMNS
    ]


# What stands in one shared module, and the pieces of source by which one knows that it was written again.
WRITTEN_ONCE = (
    ("shared/arithmetic.js", r'el\("span", [`"](?:op-sign|chip|total)\b'),
    ("shared/arithmetic.js", r'el\("div", "shelf-head|\^\\\[\('),
    ("shared/numbers.js", r"₀₁₂|⁰¹²|< 0 \? `\(|\} × \$\{"),
    ("shared/numbers.js", r"\w\.toPrecision\([^)]*\)\)\.replace\(|\* \w+\)(?:\.toFixed\(.*?\))?\} %"),
    ("shared/dom.js", r"\.replace\(/\\\{\(\\w\+\)\\\}/g|\.replace\([\"'`]\{"),
)


def written_again(root: Path) -> list[str]:
    """Numbers, gaps in words and pieces of written-out sums that a script makes for itself."""
    return [
        f"{path.relative_to(root)}:{number} makes for itself what {once} has: {again[0]}"
        for part in ("ui", "pages")
        for path in sorted((root / part).rglob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for once, pattern in WRITTEN_ONCE
        if path != root / "ui/components" / once
        for again in [re.search(pattern, line)]
        if again
    ]


def busy_pages(root: Path) -> list[str]:
    """Lessons' pages that are more than an outline: they open the frame and define nothing."""
    return [
        f"{path.relative_to(root)}:{node.lineno} defines {node.name}"
        for path in sorted((root / "pages").glob("*/*/page.py"))
        if any("lesson_frame" in line for line in path.read_text(encoding="utf-8").splitlines())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]


MOST_FILES = 20
"""In a room, without its Chinese labels. What has more wants to be two lessons, or has files for what isn't an idea."""


def crowded_rooms(root: Path) -> list[str]:
    """Rooms with too many files to find one's way."""
    found = []
    for page in sorted((root / "pages").glob("*/*/page.py")):
        files = [path for path in page.parent.rglob("*") if path.is_file() and path.suffix not in {".pyc", ".po"}]
        if len(files) > MOST_FILES:
            found.append(f"{page.parent.relative_to(root)} has {len(files)} files, over {MOST_FILES}")
    return found


_SCRIPT_IMPORT = re.compile(r"""["'(](\.\./[\w/.-]+\.js)["']""")
_ASSET = re.compile(r"""["'](\w+/[\w.-]+\.(?:js|css))["']""")


def components_in_each_others_rooms(root: Path) -> list[str]:
    """Scripts and style sheets that a component takes from outside its folder: what two need stands in shared/."""
    found = []
    for path in sorted([*(root / "ui/components").glob("*/*"), *(root / "pages").glob("*/*/**/*")]):
        link = {".js": _SCRIPT_IMPORT, ".py": _ASSET}.get(path.suffix)
        if link is None:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found += [
                f"{path.relative_to(root)}:{number} takes {target}, which stands neither beside it nor in shared/"
                for target in link.findall(line)
                if target.split("/")[0] not in ("shared", path.parent.name)
            ]
    return found


# The names of XML vocabularies look like addresses but nothing is ever fetched from them.
_XML_NAMES = re.compile(r"http://www\.w3\.org/(2000/svg|1999/xlink|1999/xhtml|1998/Math/MathML)\b")
_ADDRESS = re.compile(r"""(?:https?:|wss?:|["'(])//(?!127\.0\.0\.1\b|localhost\b)[\w\[]""")


def outside_addresses(root: Path) -> list[str]:
    """Addresses of other hosts in what the browser is given: without a network all must work."""
    files = [
        path
        for part in ("ui", "pages", "assets")
        for path in sorted((root / part).rglob("*"))
        if path.suffix in {".js", ".css", ".html", ".svg"}
    ]
    return [
        f"{path.relative_to(root)}:{number} names another host: {line.strip()[:80]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _ADDRESS.search(_XML_NAMES.sub("", line))
    ]


# Written so that this line doesn't find itself.
_PRIVATE_PATH = re.compile(r"""(?<![\w.:/-])/(?:work|tmp|home|root|Users)/\w""")


def paths_of_one_machine(root: Path) -> list[str]:
    """Absolute paths that exist on somebody's own machine only."""
    folders = ("engine", "ui", "pages", "assets", "tests", "docs", "benchmarks", "deploy")
    kinds = {".py", ".js", ".css", ".md", ".toml", ".po"}
    files = [path for folder in folders for path in sorted((root / folder).rglob("*")) if path.suffix in kinds]
    files += [*root.glob("*.md"), *root.glob("*.py"), *root.glob("*.toml"), *root.glob("*.txt")]
    return [
        f"{path.relative_to(root)}:{number} names a path of one machine: {line.strip()[:80]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _PRIVATE_PATH.search(line)
    ]


Rule = Callable[[Path], list[str]]
RULES: tuple[Rule, ...] = (
    foreign_imports,
    floors,
    rooms,
    eager_scikit_learn,
    circles,
    prints,
    downloads_of_their_own,
    trees_out_of_turn,
    loops_of_their_own,
    helpers_that_reach_inside,
    long_files,
    wide_scripts,
    written_again,
    busy_pages,
    crowded_rooms,
    components_in_each_others_rooms,
    outside_addresses,
    paths_of_one_machine,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    assert python_files(ROOT), "no source was found to judge"
    assert rule(ROOT) == []


BROKEN: tuple[tuple[Rule, dict[str, str]], ...] = (
    (foreign_imports, {"engine/a.py": "import streamlit"}),
    (foreign_imports, {"engine/a.py": "def f():\n    from scipy import ndimage"}),
    (foreign_imports, {"engine/data/a.py": "from ui import state", "ui/state.py": ""}),
    (foreign_imports, {"ui/figures/a.py": "import streamlit as st"}),
    (foreign_imports, {"ui/figures/a.py": "from ..state import get", "ui/state.py": ""}),
    (foreign_imports, {"ui/a.py": "from pages.a.b.x import y", "pages/a/b/x.py": ""}),
    (foreign_imports, {"pages/a/b/page.py": "import numpy as np"}),
    (foreign_imports, {"pages/a/b/compute.py": "import streamlit"}),
    (foreign_imports, {"pages/a/b/compute/c.py": "from ui import i18n", "ui/i18n.py": ""}),
    (foreign_imports, {"pages/a/b/figure.py": "import streamlit as st"}),
    (floors, {"engine/a.py": "from ui.figures import theme", "ui/figures/theme.py": ""}),
    (floors, {"ui/figures/a.py": "from ui import state", "ui/state.py": ""}),
    (floors, {"ui/a.py": "import pages.a.b.controls", "pages/a/b/controls.py": ""}),
    (floors, {"pages/a/b/compute.py": "from pages.a.b.controls import x", "pages/a/b/controls.py": ""}),
    (floors, {"pages/a/b/picture.py": "from pages.a.b import page", "pages/a/b/page.py": ""}),
    (floors, {"ui/a.py": "from ui.site import main", "ui/site/main.py": ""}),
    (rooms, {"pages/a/b/x.py": "from pages.a.c.y import z", "pages/a/c/y.py": ""}),
    (rooms, {"pages/a/b/x.py": "import pages.a.c"}),
    (rooms, {"ui/a.py": "from pages.a.b.x import z", "pages/a/b/x.py": ""}),
    (rooms, {"pages/a/b/compute/x.py": "from pages.c.b.compute import z", "pages/c/b/compute.py": ""}),
    (foreign_imports, {"deploy/a.py": "from ui import limits", "ui/limits.py": ""}),
    (foreign_imports, {"deploy/a.py": "import streamlit"}),
    (eager_scikit_learn, {"engine/data/a.py": "from sklearn.datasets import load_digits"}),
    (circles, {"engine/a.py": "from . import b", "engine/b.py": "def f():\n    import engine.a"}),
    (circles, {"engine/__init__.py": "from engine.a import x", "engine/a.py": "from engine import x"}),
    (prints, {"ui/a.py": "print('hello')"}),
    (downloads_of_their_own, {"pages/blocks/a.py": "import streamlit as st\nst.download_button('x', b'')"}),
    (downloads_of_their_own, {"ui/a.py": "from streamlit import download_button"}),
    (trees_out_of_turn, {"ui/a.py": "import ast\nast.parse('1')"}),
    (trees_out_of_turn, {"engine/a.py": "import inspect\ninspect.getsource(f)"}),
    (loops_of_their_own, {"tests/deploy/test_a.py": "import asyncio\nasyncio.run(f())"}),
    (helpers_that_reach_inside, {"tests/opening.py": "from ui import state\nstate._bind({})"}),
    (long_files, {"ui/components/a.js": "\n" * (LONGEST_FILE + 1)}),
    (wide_scripts, {"pages/a/b/browser/board.js": "x" * (COLUMNS + 1)}),
    (written_again, {"pages/a/b/browser/a.js": 'const sign = (text) => el("span", "op-sign", text);'}),
    (written_again, {"pages/a/b/browser/a.js": "const text = `${short(w)} × ${short(x)}`;"}),
    (written_again, {"pages/a/b/browser/a.js": 'const sub = (n) => "₀₁₂₃₄₅₆₇₈₉"[n];'}),
    (written_again, {"pages/a/b/browser/a.js": 'const said = labels.step.replace("{n}", String(n));'}),
    (written_again, {"ui/components/a.js": "const fill = (words) => words.replace(/\\{(\\w+)\\}/g, put);"}),
    (busy_pages, {"pages/a/b/page.py": "with lesson_frame('b') as frame:\n    pass\ndef f():\n    pass"}),
    (crowded_rooms, {"pages/a/b/page.py": "", **{f"pages/a/b/{n}.md": "" for n in range(MOST_FILES)}}),
    (components_in_each_others_rooms, {"ui/components/a/a.js": 'import { f } from "../b/b.js";'}),
    (components_in_each_others_rooms, {"pages/a/b/browser/a.js": 'import { f } from "../../c/browser/b.js";'}),
    (components_in_each_others_rooms, {"pages/a/b/picture.py": 'css = style("c/c.css")'}),
    (components_in_each_others_rooms, {"ui/components/a/a.js": '/** @param {import("../b/b.js").B} b */'}),
    (components_in_each_others_rooms, {"ui/components/a/__init__.py": 'css = style("b/b.css")'}),
    (outside_addresses, {"ui/components/a.js": 'import x from "https://cdn.example.org/x.js";'}),
    (outside_addresses, {"ui/components/a.css": "@import url(//fonts.example.org/a.css);"}),
    (long_files, {"pages/a/b/page.py": "\n" * 76}),
    (paths_of_one_machine, {"docs/a.md": "Look into " + "/".join(["", "home", "me", "notes"])}),
    (outside_addresses, {"assets/style/a.css": "a { background: url('http://example.org/a.png') }"}),
)


def write_tree(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("rule", "files"), BROKEN, ids=[f"{rule.__name__}-{number}" for number, (rule, _) in enumerate(BROKEN)]
)
def test_a_tree_that_breaks_a_rule_is_reported(tmp_path: Path, rule: Rule, files: dict[str, str]) -> None:
    write_tree(tmp_path, files)
    assert len(rule(tmp_path)) == 1


def test_a_sound_tree_breaks_no_rule(tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        {
            "app.py": "import streamlit as st\nfrom ui import catalogue",
            "engine/__init__.py": "from engine.a import x",
            "engine/a.py": "import math\nimport numpy as np\nfrom .types import Array",
            "engine/types.py": "",
            "engine/data/digits.py": "def digits():\n    from sklearn import datasets",
            "ui/catalogue.py": "",
            "ui/figures/maps.py": "import plotly.graph_objects as go\nfrom ui.figures import theme",
            "ui/figures/theme.py": "",
            "ui/downloads.py": "import streamlit as st\nst.download_button('x', b'')",
            "ui/components/a/a.js": 'import { f } from "./b.js";\nimport { g } from "shared/g.js";',
            "ui/components/a/__init__.py": 'css = style("shared/bench.css") + style("a/a.css")',
            "ui/components/a.js": '// a//b "http://127.0.0.1:8501" \nconst svg = "http://www.w3.org/2000/svg";',
            "pages/a/b/page.py": "from pages.a.b import picture\nfrom ui.figures import maps\nfrom engine import x",
            "pages/a/b/picture.py": "import streamlit\nimport numpy\nfrom pages.a.b.compute import x",
            "pages/a/b/compute.py": "import numpy\nfrom engine import x",
        },
    )
    assert [violation for rule in RULES for violation in rule(tmp_path)] == []
