"""What is said to people: a template and the values in its gaps, so that it can be said in another language too.

>>> str(Sentence("{name} takes one number; here it has {count}", name="exp", count=2))
'exp takes one number; here it has 2'
"""

from __future__ import annotations

from typing import Any


class Sentence:
    """A sentence with gaps ``{name}`` for values; a value may be a sentence itself."""

    def __init__(self, template: str, **values: Any) -> None:
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def __repr__(self) -> str:
        return f"Sentence({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sentence):
            return NotImplemented
        return (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash(self.template)
