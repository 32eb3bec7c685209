"""``pip install .`` brings the engine, all of it, and what the README says it needs is what it needs."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.root import ROOT

LOOK = """
import json, sys
import engine, numpy as np
from engine.zoo.digit_network import pretrained_digit_network
from engine.zoo.shape_network import pretrained_shape_network
networks = pretrained_digit_network(), pretrained_shape_network()
scores = [float(n.predict(np.ones((1, *n.input_shape), np.float32)).sum()) for n in networks]
print(json.dumps({"file": engine.__file__, "scores": scores}))
"""

WITHOUT = """
import importlib, pkgutil, sys
allowed = {"engine", "numpy", *sys.stdlib_module_names}

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in allowed:
            raise ImportError(f"{name} is not NumPy")

sys.meta_path.insert(0, Refuse())
import engine
for found in pkgutil.walk_packages(engine.__path__, "engine."):
    importlib.import_module(found.name)

import io
import numpy as np
from engine import Adam, Conv2d, Flatten, Linear, Network, ReLU, check_network, fit, load_npz, save_npz
rng = np.random.default_rng(0)
layers = [("conv", Conv2d(1, 2, 3)), ("relu", ReLU()), ("flatten", Flatten()), ("out", Linear(72, 2))]
network = Network.build(layers, (1, 8, 8), rng=rng)
x, y = rng.standard_normal((8, 1, 8, 8)).astype(np.float32), np.arange(8) % 2
*_, last = fit(network, (x, y), Adam(), rng=rng, epochs=2)
file = io.BytesIO()
save_npz(file, last.network.params)
again = network.replace(load_npz(file.getvalue(), expected=network.params))
assert check_network(again, x, y, rng=rng, sample=5).agrees
print("done")
"""


def run(code: str, folder: Path, path: Path) -> str:
    """What a program of its own prints, started in an empty folder with this one on its path."""
    environment = {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def parts(folder: Path) -> set[str]:
    """Every file of the engine below a folder: code and weights."""
    return {
        file.relative_to(folder).as_posix()
        for file in (folder / "engine").rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }


@pytest.mark.slow
def test_the_engine_installs_whole_and_finds_its_weights(tmp_path: Path) -> None:
    """From a copy, as building leaves files behind; without a network, and without what it depends on."""
    source, target, elsewhere = tmp_path / "source", tmp_path / "target", tmp_path / "elsewhere"
    source.mkdir()
    elsewhere.mkdir()
    shutil.copytree(ROOT / "engine", source / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    install = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", *install, str(source)], check=True)
    assert parts(target) == parts(ROOT)
    assert {file for file in parts(target) if not file.endswith(".py")} >= {"engine/zoo/weights/digits.npz"}
    found: dict[str, Any] = json.loads(run(LOOK, elsewhere, target))
    assert Path(found["file"]).is_relative_to(target)
    assert found["scores"] == json.loads(run(LOOK, elsewhere, ROOT))["scores"]


def test_to_import_train_save_and_check_a_network_numpy_is_enough(tmp_path: Path) -> None:
    """Every module is imported, and anything that is neither NumPy nor Python's own refused."""
    assert run(WITHOUT, tmp_path, ROOT) == "done\n"


def test_what_the_package_depends_on_is_what_the_app_is_tested_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tested = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    # SciPy comes with scikit-learn, which says which one.
    asked = {*project["dependencies"], *project["optional-dependencies"]["data"]} - {"scipy"}
    assert asked <= set(tested)
