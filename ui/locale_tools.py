"""The catalogues of labels: ``python -m ui.locale_tools update`` brings them to the source's state.

A label that one room alone uses stands in that room's zh.po; the frame's, the engine's and what two rooms use in the
shared one. New labels come in untranslated, those that nobody uses go, and one that a second room uses moves.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from ui import translations
from ui.translations import ROOT, SHARED

SOURCES = ("app.py", "ui", "pages", "engine")
# What a call's leading arguments are: c for the context, m for the message, s for its plural.
CALLS = {
    "_": "m",
    "_p": "cm",
    "_n": "ms",
    "Refusal": "m",
    "Sentence": "m",
    "DataError": "m",
    "PictureError": "m",
    "InputError": "m",
}
HEADER = """msgid ""
msgstr ""
"Language: zh\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

# A translation: one for each plural form of the language, where the label counts something; empty if there is none.
Text = str | tuple[str, ...]


class Label(NamedTuple):
    """What a catalogue is asked for: a message, in a context if it has one, with its plural if it counts something."""

    context: str | None
    message: str
    plural: str | None


class LocaleError(Exception):
    """The catalogues can't be one: a label has two translations, or two plurals."""


def update(root: Path = ROOT) -> None:
    """Write every catalogue as ``wanted`` says, and take away those of rooms that have no label of their own."""
    texts = wanted(root)
    for path in translations.files(root, "zh"):
        if path not in texts:
            path.unlink()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")


def wanted(root: Path = ROOT) -> dict[Path, str]:
    """Each catalogue's text as it has to be: the labels of the source at their places, in order of first use.

    Raises:
        LocaleError: where two catalogues translate one label differently.
    """
    known = translated(root)
    found: dict[Path, dict[Label, Text]] = {root / SHARED / "zh.po": {}}
    for label, path in places(root).items():
        found.setdefault(path, {})[label] = known.get(label, "")
    return {path: as_po(labels) for path, labels in found.items()}


def places(root: Path = ROOT) -> dict[Label, Path]:
    """Every label of the source, in order of first use, with the catalogue that it belongs to.

    Raises:
        LocaleError: for a message that has two plurals, or one here and none there: gettext can't tell them apart.
    """
    homes: dict[Label, set[Path]] = {}
    plurals: dict[tuple[str | None, str], str | None] = {}
    for path, label in used(root):
        homes.setdefault(label, set()).add(home(path, root))
        if plurals.setdefault(label[:2], label.plural) != label.plural:
            raise LocaleError(f"{label.message!r} stands there with different plurals, or with one and without.")
    return {label: homes[label].pop() if len(homes[label]) == 1 else root / SHARED / "zh.po" for label in homes}


def home(path: Path, root: Path) -> Path:
    """The catalogue of the room that a file stands in, or the shared one."""
    match path.relative_to(root).parts:
        case ("pages", part, room, *_rest):
            return root / "pages" / part / room / "zh.po"
    return root / SHARED / "zh.po"


def used(root: Path = ROOT) -> Iterator[tuple[Path, Label]]:
    """Every use of a label in the source: the leading arguments of each of ``CALLS``."""
    for source in SOURCES:
        folder = root / source
        for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]:
            tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            calls = [node for node in tree if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
            for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
                if label := _label(call):
                    yield path, label


def _label(call: ast.Call) -> Label | None:
    match call:
        case ast.Call(ast.Name(name), arguments) if kinds := CALLS.get(name):
            texts = [node.value for node in arguments if isinstance(node, ast.Constant) and isinstance(node.value, str)]
            given = dict(zip(kinds, texts, strict=False))
            if given.keys() == set(kinds):
                return Label(given.get("c"), given["m"], given.get("s"))
    return None


def translated(root: Path = ROOT) -> dict[Label, Text]:
    """The translation of every label that has one, wherever it stands.

    Raises:
        LocaleError: where two catalogues translate one label differently.
    """
    found: dict[Label, tuple[Text, Path]] = {}
    for path in translations.files(root, "zh"):
        for label, string in entries(translations.read(path)):
            if not string:
                continue
            other, first = found.setdefault(label, (string, path))
            if other != string:
                raise LocaleError(
                    f"{label.message!r} is {other!r} in {first.relative_to(root)} and {string!r} in "
                    f"{path.relative_to(root)}: let one be right, or give the two senses contexts, `_p`."
                )
    return {label: string for label, (string, _path) in found.items()}


def entries(catalogue: Catalog) -> Iterator[tuple[Label, Text]]:
    """A catalogue's labels with their translations; one that is missing is empty."""
    for message in catalogue:
        if not message.id:
            continue
        one, plural = (message.id, None) if isinstance(message.id, str) else message.id
        string = message.string or ""
        yield Label(message.context, one, plural), string if isinstance(string, str) else tuple(filter(None, string))


def as_po(labels: dict[Label, Text]) -> str:
    """A catalogue as text, without dates, so that it only changes when a label does."""
    catalogue = Catalog(locale="zh", charset="utf-8", fuzzy=False)
    for (context, message, plural), string in labels.items():
        catalogue.add((message, plural) if plural else message, string, context=context)
    file = io.BytesIO()
    write_po(file, catalogue, omit_header=True, width=0)
    return HEADER + file.getvalue().decode()


def main(command: str) -> None:
    """Do as told on the command line.

    Raises:
        SystemExit: for a command that isn't update, or where the catalogues can't be one.
    """
    if command != "update":
        raise SystemExit("python -m ui.locale_tools update")
    try:
        update()
    except LocaleError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
