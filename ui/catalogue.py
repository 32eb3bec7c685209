"""The lessons of the course, as plain data: from here come navigation, titles, the home page and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent

Text = dict[str, str]


@dataclass(frozen=True)
class Part:
    """A part of the course: its letter, its title and what it answers."""

    key: str
    letter: str
    title: Text
    question: Text


@dataclass(frozen=True)
class Lesson:
    """One lesson = one page. ``key`` is its URL and the name of its prose file."""

    key: str
    file: str
    part: str
    title: Text
    goal: Text
    prerequisites: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return ROOT / self.file


HOME = ROOT / "pages" / "start" / "home.py"

PARTS: tuple[Part, ...] = (
    Part(
        "blocks",
        "A",
        {"en": "From a neuron to a convolution", "zh": "从神经元到卷积"},
        {
            "en": "What does one unit compute, and why slide it over a picture?",
            "zh": "一个单元算的是什么？为什么让它在图像上滑动？",
        },
    ),
    Part(
        "backprop",
        "B",
        {"en": "Forward and backward", "zh": "前向与反向"},
        {
            "en": "Where does every number come from, and how does blame travel back?",
            "zh": "每个数从哪里来？误差又怎样一层层传回去？",
        },
    ),
    Part(
        "inside",
        "C",
        {"en": "Looking inside", "zh": "看进网络内部"},
        {"en": "What did the network look at?", "zh": "网络究竟看到了什么？"},
    ),
    Part(
        "training",
        "D",
        {"en": "Training", "zh": "训练"},
        {
            "en": "How do random numbers turn into a network that reads?",
            "zh": "一堆随机数怎样变成会认字的网络？",
        },
    ),
    Part(
        "data",
        "E",
        {"en": "Data", "zh": "数据"},
        {"en": "What should the network be fed?", "zh": "该喂给网络什么样的数据？"},
    ),
    Part(
        "architectures",
        "F",
        {"en": "Architectures", "zh": "网络结构"},
        {"en": "How are famous networks put together?", "zh": "那些著名的网络是怎样搭起来的？"},
    ),
)

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        key="neuron",
        file="pages/blocks/neuron/page.py",
        part="blocks",
        title={"en": "Neuron", "zh": "神经元"},
        goal={
            "en": "Weigh, add up, compare: drag the line of one unit, find what it misses, let two layers make it.",
            "zh": "加权、求和、比较：拖动一个单元的直线，找出它做不到的事，再看两层怎样做到。",
        },
    ),
    Lesson(
        key="convolution",
        file="pages/blocks/convolution/page.py",
        part="blocks",
        title={"en": "Convolution", "zh": "卷积"},
        goal={
            "en": "Slide a kernel over a picture, change any number of it, and see every product that it makes.",
            "zh": "让卷积核滑过图像，改动它的任何一个数，看清它得到的每一个乘积。",
        },
        prerequisites=("neuron",),
    ),
    Lesson(
        key="pooling",
        file="pages/blocks/pooling/page.py",
        part="blocks",
        title={"en": "Pooling", "zh": "池化"},
        goal={
            "en": "Let each window keep one number, send its gradient back, and move the picture to see what stays.",
            "zh": "让每个窗口只留下一个数，把梯度送回去，再移动图像，看什么不变。",
        },
        prerequisites=("convolution",),
    ),
    Lesson(
        key="activations",
        file="pages/blocks/activations/page.py",
        part="blocks",
        title={"en": "Activations", "zh": "激活函数"},
        goal={
            "en": "Push a crowd of numbers through a curve and a gradient back: which bends let learning through?",
            "zh": "把一群数推过一条曲线，再让梯度传回来：哪些弯能让学习通过？",
        },
        prerequisites=("neuron",),
    ),
    Lesson(
        key="softmax",
        file="pages/blocks/softmax/page.py",
        part="blocks",
        title={"en": "Softmax and scores", "zh": "softmax 与得分"},
        goal={
            "en": "Drag a score and see every share, the loss and its slopes answer; warm it up, break it, mend it.",
            "zh": "拖动一个得分，看每个份额、损失和它的斜率怎样回应；给它升温，把它弄坏，再修好。",
        },
        prerequisites=("neuron",),
    ),
    Lesson(
        key="receptive-field",
        file="pages/blocks/receptive_field/page.py",
        part="blocks",
        title={"en": "Receptive field", "zh": "感受野"},
        goal={
            "en": "Build a stack of layers, point at any unit, and see which pixels can move it and which really do.",
            "zh": "搭一叠层，指向任何一个单元，看哪些像素能影响它，哪些真的在影响它。",
        },
        prerequisites=("convolution",),
    ),
    Lesson(
        key="graph",
        file="pages/backprop/graph/page.py",
        part="backprop",
        title={"en": "Computational graph", "zh": "计算图"},
        goal={
            "en": "Type a formula, step through it forward and back, and see what each gradient is multiplied from.",
            "zh": "键入一个公式，一步步向前再向后走，看每个梯度怎样一路相乘而来。",
        },
        prerequisites=("neuron",),
    ),
    Lesson(
        key="by-hand",
        file="pages/backprop/by_hand/page.py",
        part="backprop",
        title={"en": "Backprop by hand", "zh": "手算反向传播"},
        goal={
            "en": "One step of learning in a tiny network, with every number: follow it, or find each yourself.",
            "zh": "在一个很小的网络里走一步学习，每个基本步骤都带着数：跟着看，或者自己一个个算出来。",
        },
        prerequisites=("neuron",),
    ),
    Lesson(
        key="cross-entropy-quadratic",
        file="pages/backprop/cross_entropy_quadratic/page.py",
        part="backprop",
        title={"en": "Cross-entropy against quadratic cost", "zh": "交叉熵与二次代价"},
        goal={
            "en": "Start one unit badly wrong, let two costs teach it, and find the one factor between them.",
            "zh": "让一个单元从大错特错开始，由两种代价来教它，看清造成差别的那一个因子。",
        },
        prerequisites=("neuron",),
    ),
    Lesson(
        key="forward-backward",
        file="pages/backprop/forward_backward/page.py",
        part="backprop",
        title={"en": "Forward and backward", "zh": "前向与反向"},
        goal={
            "en": "Take any number in a real network, forwards or backwards, and see the products that make it.",
            "zh": "任选真实网络里的一个数，无论前向还是反向，看清它由哪些乘积相加而成。",
        },
    ),
    Lesson(
        key="convolution-backward",
        file="pages/backprop/convolution_backward/page.py",
        part="backprop",
        title={"en": "Convolution, backward", "zh": "卷积的反向"},
        goal={
            "en": "Point at any pixel or weight and see which upstream gradients reach it, and through which products.",
            "zh": "指向任何一个像素或权重，看清哪些上游梯度传到它那里，又经过了哪些乘积。",
        },
        prerequisites=("convolution", "forward-backward"),
    ),
    Lesson(
        key="gradient-check",
        file="pages/backprop/gradient_check/page.py",
        part="backprop",
        title={"en": "Gradient check", "zh": "梯度检查"},
        goal={
            "en": "Measure a gradient instead of deriving it: find the best step, meet a kink, find the wrong line.",
            "zh": "不靠推导，直接测量梯度：找到最好的步长，遇上折点，再找出写错的那一行。",
        },
        prerequisites=("forward-backward",),
    ),
    Lesson(
        key="batch-norm",
        file="pages/backprop/batch_norm/page.py",
        part="backprop",
        title={"en": "Batch norm, forward and backward", "zh": "批归一化的前向与反向"},
        goal={
            "en": "Take batch norm apart into nine steps that anyone can differentiate, and undo them one by one.",
            "zh": "把批归一化拆成九个谁都会求导的小步，再一步一步地反推回来。",
        },
        prerequisites=("forward-backward",),
    ),
    Lesson(
        key="vanishing",
        file="pages/backprop/vanishing/page.py",
        part="backprop",
        title={"en": "Vanishing and exploding", "zh": "梯度消失与爆炸"},
        goal={
            "en": "Send a gradient back through fifty layers: what multiplies it at each, and what keeps that near 1?",
            "zh": "让梯度穿过五十层传回去：每一层把它乘上什么？怎样让这个因子保持在 1 附近？",
        },
        prerequisites=("forward-backward", "activations"),
    ),
    Lesson(
        key="feature-maps",
        file="pages/inside/feature_maps/page.py",
        part="inside",
        title={"en": "Feature maps", "zh": "特征图"},
        goal={
            "en": "Point at any map of a trained network: what does its kernel look for, where, and in which pictures?",
            "zh": "指向训练好的网络里的任何一张特征图：它的核在找什么，在哪里找到，又在哪些图片里找到？",
        },
        prerequisites=("convolution", "receptive-field"),
    ),
    Lesson(
        key="weight-initialization",
        file="pages/training/weight_initialization/page.py",
        part="training",
        title={"en": "Weight initialization", "zh": "权重初始化"},
        goal={
            "en": "Send a signal up through ten layers and a gradient back: which first weights let both through?",
            "zh": "让信号穿过十层，再让梯度传回来：哪一种初始权重能让两者都通过？",
        },
    ),
    Lesson(
        key="watch-it-train",
        file="pages/training/watch_it_train/page.py",
        part="training",
        title={"en": "Watch it train", "zh": "看它学会"},
        goal={
            "en": "Start from random weights and watch kernels, maps and gradients change as the network learns.",
            "zh": "从随机权重出发，看卷积核、特征图和梯度怎样在学习中一点点改变。",
        },
        prerequisites=("forward-backward",),
    ),
)


def lesson(key: str) -> Lesson:
    """The lesson with this key.

    Raises:
        KeyError: names the lessons there are.
    """
    for entry in LESSONS:
        if entry.key == key:
            return entry
    raise KeyError(f"No lesson {key!r}; there are {', '.join(entry.key for entry in LESSONS)}.")


def part(key: str) -> Part:
    """The part with this key."""
    return next(entry for entry in PARTS if entry.key == key)


def lessons_of(part_key: str) -> tuple[Lesson, ...]:
    """The lessons of a part, in order of the course."""
    return tuple(entry for entry in LESSONS if entry.part == part_key)


def after(key: str) -> Lesson | None:
    """The lesson that follows this one in order of the course; None after the last."""
    place = LESSONS.index(lesson(key)) + 1
    return LESSONS[place] if place < len(LESSONS) else None
