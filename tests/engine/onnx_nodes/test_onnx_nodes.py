"""ONNX's node tests: whatever of them the engine can express, it computes, and the counts are in docs/onnx.md."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.engine.onnx_nodes.node import every_case
from tests.engine.onnx_nodes.table import DOCUMENT, MARK, OPERATORS, table, verdict_of, verdicts

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def _no_network() -> Iterator[None]:
    """The cases are code in the package: nothing may be fetched while they are made."""

    def refused(*_: object, **__: object) -> None:
        raise OSError("a test of one operator asked for a connection")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refused)
        yield


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_case_that_the_engine_can_express_passes(operator: str) -> None:
    found = verdicts(operator)
    assert found, "ONNX has no such operator"
    assert [verdict for verdict in found if verdict.wrong] == []


def test_the_counts_in_the_document_are_these() -> None:
    _, written = DOCUMENT.read_text(encoding="utf-8").split(MARK)
    assert written == table(), "python -m tests.engine.onnx_nodes.table writes it anew"


def test_a_number_or_a_shape_that_differs_is_wrong() -> None:
    case = every_case()["Relu"][0]
    expected = case.outputs[0]
    assert expected is not None
    off = expected.copy()
    off[-1, -1, -1] += 0.01
    assert verdict_of(case).wrong == ""
    assert "off by" in verdict_of(replace(case, outputs=(off,))).wrong
    assert "shape" in verdict_of(replace(case, outputs=(expected[:1],))).wrong
