"""Labels in other languages, from the catalogues as people edit them: one per room, one for what several share."""

from __future__ import annotations

import gettext
import io
from pathlib import Path
from threading import Lock

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ui.prose import Language

ROOT = Path(__file__).parent.parent
SHARED = Path("assets") / "locale"
_made: dict[Language, gettext.NullTranslations] = {"en": gettext.NullTranslations()}
_making = Lock()


def labels(to: Language) -> gettext.NullTranslations:
    """A language's labels, read once; English is written in the code itself."""
    if to not in _made:
        with _making:
            if to not in _made:
                _made[to] = compiled([read(path) for path in files(ROOT, to)])
    return _made[to]


def files(root: Path, to: Language) -> list[Path]:
    """A language's catalogues: the shared one, then each room's own."""
    return [root / SHARED / f"{to}.po", *sorted(root.glob(f"pages/*/*/{to}.po"))]


def read(path: Path) -> Catalog:
    """One catalogue."""
    with path.open("rb") as file:
        return read_po(file)


def compiled(catalogues: list[Catalog]) -> gettext.GNUTranslations:
    """All their labels, as gettext looks them up."""
    merged = Catalog(fuzzy=False, header_comment="")
    merged.mime_headers = catalogues[0].mime_headers
    for catalogue in catalogues:
        for message in catalogue:
            if message.id:
                merged.add(message.id, message.string, context=message.context)
    file = io.BytesIO()
    write_mo(file, merged)
    file.seek(0)
    return gettext.GNUTranslations(file)
