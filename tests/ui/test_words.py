"""The words of the Chinese course: one term for one thing, each word in its sense, and no English left over."""

from __future__ import annotations

import re

import pytest

from tests.ui.test_i18n import chinese_texts, text_of
from ui import locale_tools, translations

# What an English label says has this in its Chinese.
TERMS = {
    "dilation": "空洞率", "stride": "步幅", "padding": "填充", "kernels?": "核", "momentum": "动量",
    "learning rate": "学习率", "weight decay": "权重衰减", "gradients?": "梯度|dL|dy", "upstream": "上游",
    "loss": "损失", "accuracy": "准确率", "batch norm": "批归一化", "cross-entropy": "交叉熵",
    "relative error": "相对误差", "central differences?": "中心差分", "feature maps?": "特征图",
    "Jacobians?": "雅可比矩阵", "bias(es)?": "偏置", "threshold": "阈值", "epochs?": "轮",
    "standard deviation": "标准差", "spread": "标准差", "the true class": "真实类别", "max pooling": "最大池化",
    "average pooling": "平均池化", "singular values?": "奇异值", "weighted sums?": "加权和", "winners?": "胜",
    "dead": "死", "receptive field": "感受野", "exponentials?": "幂", "plain loops": "朴素的循环",
}  # fmt: skip
# What would be another thing's name, or a second one for the same.
NEVER = (
    "膨胀", "扩张率", "胜出者", "赢家", "锁定", "门槛", "正确率", "学习速率", "加权总和", "每大 1", "标准差分之一",
    "散布", "正确的类别", "正确类别", "普通循环", "Enter 固定", "指数(?!函数|能变动)",
)  # fmt: skip
SENSES = {
    ("weights", "zeros"): "全零", ("", "zeros"): "补零",
    ("their kind", "layers"): "层的类型", ("", "layers"): "层数",
    ("of a chain", "link"): "环节", ("", "link"): "捷径",
    ("activation", "step"): "阶跃", ("", "step"): "步",
    ("random numbers", "draw"): "随机数", ("", "draw"): "抽取",
}  # fmt: skip
# Written the same way in every language: functions, formats, keys, libraries, people, symbols.
NAMES = """
    sigmoid tanh relu ReLU GELU SiLU ELU softmax SGD Adam NumPy PyTorch log exp max min std inf nan and or if float32
    float64 im2col col2im CSV PNG SVG NPZ JSON PDF XML HEIC AVIF TIFF CMYK zip Office Markdown LaTeX Esc Home Ctrl
    Leaky Sobel Xavier NAND XOR XNOR AND Var net out CONV POOL conv1
    True False lambda import await yield del global nonlocal raise try with match assert else forward self dropout
    Sequential Residual int64 MNIST IDX CIFAR UCI openml org mlxtend pip install scikit learn LeCun Cortes
    Burges Krizhevsky Alpaydin Kaynak ZIP deflate
"""
GAPS = re.compile(r"\{[^}]*\}")


@pytest.mark.parametrize("english", TERMS)
def test_one_thing_has_one_term(english: str) -> None:
    asked = re.compile(rf"\b({english})\b", re.IGNORECASE)
    other = [
        (label.message, string)
        for label, string in locale_tools.translated().items()
        if asked.search(GAPS.sub("", label.message)) and not re.search(TERMS[english], text_of(string))
    ]
    assert not other


@pytest.mark.parametrize("variant", NEVER)
def test_no_second_word_stands_for_it(variant: str) -> None:
    found = [match.group() for text in chinese_texts() for match in re.finditer(f".{{0,20}}{variant}.{{0,20}}", text)]
    assert not found


def test_a_word_with_two_senses_has_two_translations() -> None:
    known = translations.labels("zh")
    found = {(sense, word): known.pgettext(sense, word) if sense else known.gettext(word) for sense, word in SENSES}
    assert found == SENSES


def test_no_english_is_left_in_the_labels() -> None:
    word = re.compile(r"(?<![\w/.])[A-Za-z][A-Za-z0-9]{2,}(?!\w)")
    strings = map(text_of, locale_tools.translated().values())
    left = {
        string: found for string in strings if (found := set(word.findall(GAPS.sub("", string))) - set(NAMES.split()))
    }
    assert not left
