"""What must hold of every reading, whatever the text was."""

from engine.sentence import Sentence
from engine.text.reading import Place, Reading, rows_of


def assert_inside(place: Place, text: str) -> None:
    """A place that the text has: its line and its columns exist, and it doesn't end before it begins."""
    rows = rows_of(text)
    assert 1 <= place.line <= place.last <= len(rows)
    assert 1 <= place.column <= len(rows[place.line - 1]) + 1
    assert 1 <= place.end <= len(rows[place.last - 1]) + 1
    assert (place.line, place.column) <= (place.last, place.end)


def assert_sound(reading: Reading, text: str) -> None:
    """Either there are layers, or there is a fault; each of them has a place, a sentence, and fixes within the text."""
    assert (reading.layers is None) == bool(reading.faults)
    for fault in reading.faults:
        assert_inside(fault.place, text)
        assert isinstance(fault.sentence, Sentence)
        assert str(fault.sentence)
        for fix in fault.fixes:
            assert 1 <= fix.line <= fix.last <= len(rows_of(text))
            assert fix.applied(text) != text
    for line in reading.lines:
        assert_inside(line.place, text)
        assert line.fault is None or line.fault in reading.faults
