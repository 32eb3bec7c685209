"""What arrives when a download is pressed, and whether it is what its name says."""

from __future__ import annotations

import csv
import io
import json
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

SVG = "{http://www.w3.org/2000/svg}"


def buttons(page: Page) -> Locator:
    """Every download of the page."""
    return page.get_by_test_id("stDownloadButton").get_by_role("button")


def pressed(page: Page, button: Locator) -> tuple[str, bytes]:
    """Press a download; the name and the bytes of the file that arrives."""
    with page.expect_download() as coming:
        button.click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def svg(data: bytes) -> None:
    root = ElementTree.fromstring(data)
    assert root.tag == f"{SVG}svg"
    drawn = [element for element in root.iter() if element.tag in {SVG + kind for kind in ("path", "image", "text")}]
    assert len(drawn) > 3, "a picture of nothing"


def png(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        assert min(picture.size) > 200
        assert any(low != high for low, high in picture.convert("RGB").getextrema()), "a picture of nothing"


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def table(data: bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert all(row["array"] and row["value"] for row in rows)
    assert sum(is_number(row["value"]) for row in rows) > len(rows) / 2, "a table of few numbers"


def arrays(data: bytes) -> None:
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        assert sum(found[name].size for name in found.files if found[name].dtype.kind in "fiu") > 0


def weights(data: bytes) -> None:
    """The digit network's, into the same network of PyTorch, which refuses missing, surplus and misshapen ones."""
    torch = pytest.importorskip("torch")
    nn = torch.nn
    model = nn.Sequential(
        OrderedDict(conv1=nn.Conv2d(1, 8, 3, padding=1), conv2=nn.Conv2d(8, 16, 3, padding=1), linear=nn.Linear(64, 10))
    )
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        model.load_state_dict({name: torch.from_numpy(found[name]) for name in found.files})
    assert all(bool(parameter.detach().isfinite().all()) for parameter in model.parameters())


def words(data: bytes) -> None:
    assert len(data.decode().split()) > 20


def progress(data: bytes) -> None:
    assert {"lesson", "exercise", "seed", "tries", "solved"} <= set(json.loads(data)[0])


READ: dict[str, Callable[[bytes], None]] = {
    ".svg": svg, ".png": png, ".csv": table, ".npz": arrays, ".md": words, ".json": progress, "digits.npz": weights
}  # fmt: skip


def read_back(name: str, data: bytes) -> None:
    """Open a file as whoever took it home would; fails when it isn't what its name says."""
    READ.get(name, READ[Path(name).suffix])(data)
