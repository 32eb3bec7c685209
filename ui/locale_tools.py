"""The catalogue of labels: ``python -m ui.locale_tools update`` reads the source and merges new messages in,
``python -m ui.locale_tools compile`` writes the .mo file that the app reads. Needs babel (requirements-dev.txt).
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).parent.parent
PO = ROOT / "assets" / "locale" / "zh" / "LC_MESSAGES" / "stepcnn.po"
MO = PO.with_suffix(".mo")
SOURCES = ("app.py", "ui", "pages", "engine")
CALLS = ("_", "Refusal", "Sentence", "PictureError")


def messages() -> list[str]:
    """Every message of the source, in order of first use: the first argument of each of ``CALLS``."""
    found: dict[str, None] = {}
    for source in SOURCES:
        root = ROOT / source
        for path in sorted(root.rglob("*.py")) if root.is_dir() else [root]:
            tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            calls = [node for node in tree if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
            for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
                match call:
                    case ast.Call(ast.Name(name), [ast.Constant(str(message)), *_rest]) if name in CALLS:
                        found.setdefault(message)
    return list(found)


def read() -> Catalog:
    """The Chinese catalogue."""
    with PO.open("rb") as file:
        return pofile.read_po(file, locale="zh", domain="stepcnn")


def merged() -> Catalog:
    """The catalogue with new messages added, untranslated, and those no longer used left out."""
    old = read()
    new = Catalog(locale="zh", domain="stepcnn", project="StepCNN", charset="utf-8", fuzzy=False)
    for message in messages():
        known = old.get(message)
        new.add(message, known.string if known else "")
    return new


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as text, without dates, so that it only changes when a message does."""
    file = io.BytesIO()
    pofile.write_po(file, catalogue, omit_header=True, width=0)
    header = 'msgid ""\nmsgstr ""\n"Language: zh\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return header.encode() + file.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    file = io.BytesIO()
    small = _Undated(locale="zh", charset="utf-8", fuzzy=False)
    for message in catalogue:
        if message.id and message.string:
            small.add(message.id, message.string)
    mofile.write_mo(file, small)
    return file.getvalue()


class _Undated(Catalog):
    """A catalogue whose header doesn't change with the day or with babel's version."""

    def __iter__(self) -> Iterator[Message]:
        _header, *messages = super().__iter__()
        yield Message("", "Content-Type: text/plain; charset=utf-8\n")
        yield from messages


def main(command: str) -> None:
    """Do as told on the command line.

    Raises:
        SystemExit: for a command that isn't update or compile.
    """
    if command == "update":
        PO.write_bytes(as_po(merged()))
    elif command == "compile":
        MO.write_bytes(as_mo(read()))
    else:
        raise SystemExit("python -m ui.locale_tools update|compile")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
