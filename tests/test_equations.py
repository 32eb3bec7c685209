"""The reader of printed equations: what is true passes, what is false doesn't, and names are left alone."""

from __future__ import annotations

import pytest

from tests.equations import equations, false_ones, plain

TRUE = (
    "1020 × 2 = 2040",
    "19.77 × 0.11 = 2.17",
    "0.12 × 3 + 1 = 1.36",
    "the loss is 0.5 · 0.25² = 0.03125, and no more",
    "(−1)² = 1",
    "(−30)^2 = 900",
    "−30² = −900",
    "2^10 × 4 = 4096",
    "2⁻³ = 0.125",
    "e^−1 = 0.37",
    "e^[−1] = 0.37",
    "1 ÷ (1 + e^−2) = 0.88",
    "√(9 + 16) = 5",
    "−ln 0.5 = 0.693",
    "−ln(0.5) = ln 2 = 0.693",
    "(0.5 − 0.3) ÷ 0.4 = 0.5",
    "7 ÷ 3 = 2.3333",
    "5·10⁻³ × 2 = 0.01",
    "0.000023 = 2.3·10⁻⁵ = 2.3e-05",
    "3,072 × 10 = 30,720 weights",
    "72 weights + 8 biases = 80",
    "288 个权重 + 32 个偏置 = 320 个参数",
    "max(1, 3, 2) = 3",
    "⌊(13 − 3)/3⌋ + 1 = 4",
    "3 ÷ 16 = 18.75 %",
    "⟦ 2 ⟧ × ⟦ −3 ⟧ + ⟦ 0.5 × 4 ⟧ = −4",
    "⟦ −3 ⟧ ^ 2 = 9",
    "10 ÷ 3 ≈ 3.3",
    "19.77 × 0.11 ≈ 2.19",
    "∞ + 1 = ∞",
    "½ · (0.3)² = 0.045",
    "√ (0.3² + 0.4²) = 0.5",
    "$\\frac{1}{4} \\cdot 2 = 0.5$",
    "$e^{-1} \\times \\left(2\\right) = 0.74$",
    "**3 · 2** = **6**",
    "3 * 4 = 12",
    "(1 + 2) × 3 = 9, but (2 + 2) × 3 = 12.",
    "(so 2 + 2 = 4)",
    "0.1 + (−0.3) = −0.2",
    "0.1 + 0.2 = 0.3 = 0.30",
    "→ x₁ ⟦2⟧ × ⟦3⟧ = 6 → y ⟦2⟧ × ⟦4⟧ = 8",
    "1 ÷ inf = 0",
    ".5 · 3 = 1.5",
    "2 × 3 ≠ 7",
)
FALSE = (
    "1020 × 2 = 2048",
    "19.77 × 0.11 = 2.09",
    "-1 ^ 2 = 1",
    "-30² = 900",
    "−30² = 900",
    "⟦ −30² ⟧ = 900",
    "2^10 × 4 = 4097",
    "2 × 3 − 6 = 5.2·10⁻¹⁷",
    "0.1 + 0.2 = 0.30000000000000004",
    "0.5 × −2 = −1",
    "0.5 + −2 = −1.5",
    "0 ÷ 0 = 0.21",
    "the loss is 0.5 · 0.25² = 0.0313, and no more than 2 + 2 = 5",
    "7 ÷ 3 = 3",
    "3 ÷ 16 = 17 %",
    "72 weights + 8 biases = 81",
    "72 个权重 + 8 个偏置 = 81",
    "max(1, 3, 2) = 2",
    "(13 − 3)/3 + 1 = 4.0",
    "19.77 × 0.11 ≈ 3",
    "√(9 + 16) = 6",
    "e^[−1] = 0.38",
    "∞ − 1 = 5",
    "$\\frac{1}{4} \\cdot 2 = 0.6$",
    "**3 · 2** = **7**",
    "x = 2 · 3 = 7",
    "2.1 × 3 ≠ 6.3",
    "→ x₁ ⟦2⟧ × ⟦3⟧ = 6 → y ⟦2⟧ × ⟦4⟧ = 9",
    "y = 0.30 · 0.50 = 0.20 · 0.50 = 0.1",
)
NAMES = (
    "x = 2",
    "w × 0.5 = 0.2",
    "σ′ · 0.5 = 0.2",
    "W[0, 1] = 3",
    "dy[3] = 2 · w",
    "f(2) = 8",
    "diag(0.5) = 1",
    "k = 3, s = 2",
    "Σ = 1",
    "p1 = 0.3",
    "2 + x = 3",
    "lr=0.1",
    "stride=2, padding=1",
    "3 + 4 = 2 · a",
    "∂E/∂w = 0.5",
    "4 = 5",
    "3×2 = (3×4)·(4×2)",
    "g ⟦2⟧ × ⟦3⟧ = 7",
)


@pytest.mark.parametrize("text", TRUE)
def test_what_holds_at_its_shown_digits_passes(text: str) -> None:
    assert list(equations(plain(text)))
    assert not false_ones(plain(text))


@pytest.mark.parametrize("text", FALSE)
def test_what_does_not_hold_is_found(text: str) -> None:
    assert len(false_ones(plain(text))) == 1


@pytest.mark.parametrize("text", NAMES)
def test_names_are_left_alone(text: str) -> None:
    assert not list(equations(plain(text)))


MATRICES = (
    "P = ▦[1|2;3|4] · ▦[1|0;0|1] = ▦[1·1 + 2·0|1·0 + 2·1;3·1 + 4·0|3·0 + 4·1] = ▦[1|2;3|4]",
    "▦[0.5|1] + ▦[1|−3] = ▦[1.5|−2] and more",
    "▦[2;3] ⊙ ▦[0.5;2] = ▦[1;6], ▦[1|2;3|4] · ▦[1;1] + ▦[1;2] = ▦[4;9] → ▦[1;1]",
    "dy = ▦[0.33·(−1.5) + 2·1;1·1] ≈ ▦[1.51;1] ‖·‖ ⟦1.8⟧",
)


@pytest.mark.parametrize("text", MATRICES)
def test_matrices_are_read_cell_by_cell(text: str) -> None:
    assert not false_ones(text)
    assert len(list(equations(text))) >= 2


def test_a_matrix_behind_a_symbol_is_only_a_part_of_its_side() -> None:
    assert not list(equations("▦[1|2] − η · ▦[3|4] = ▦[0.7|1.6]"))


@pytest.mark.parametrize(
    "text",
    [
        "▦[1|2;3|4] · ▦[1|0;0|1] = ▦[1|2;3|5]",
        "▦[1|2;3|4] · ▦[0|1;1|0] = ▦[1|2;3|4]",
        "▦[0.37·1.2 + 2·0|1] = ▦[0.45|1]",
        "▦[1] + ▦[1] = ▦[3]",
        "▦[2;3] ⊙ ▦[0.5;2] = ▦[1;5]",
        "▦[1|2;3|4] · ▦[1;1] = ▦[3;7] ⊙ ▦[2;2] = ▦[6;14]",
        "▦[0.5|2] = ▦[0.5|3]",
    ],
)
def test_one_false_cell_is_a_false_matrix(text: str) -> None:
    assert len(false_ones(text)) >= 1
