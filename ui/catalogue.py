"""The lessons of the course, as plain data: from here come navigation, titles, the home page, the README's table and
the tests. What a lesson is called, what it is for and what it builds on stands at the head of its texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ui import prose

PAGES = Path(__file__).parent.parent / "pages"

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
    """One lesson = one room = one page. ``key`` is its address, and its room's name with hyphens."""

    key: str
    part: str
    title: Text
    goal: Text
    prerequisites: tuple[str, ...]
    room: Path

    @property
    def path(self) -> Path:
        """The page's script."""
        return self.room / "page.py"


HOME_ROOM = PAGES / "start" / "home"
HOME = HOME_ROOM / "page.py"

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

ROOMS: tuple[str, ...] = (
    "blocks/neuron",
    "blocks/convolution",
    "blocks/pooling",
    "blocks/activations",
    "blocks/softmax",
    "blocks/receptive_field",
    "backprop/graph",
    "backprop/by_hand",
    "backprop/cross_entropy_quadratic",
    "backprop/forward_backward",
    "backprop/convolution_backward",
    "backprop/gradient_check",
    "backprop/batch_norm",
    "backprop/vanishing",
    "inside/feature_maps",
    "training/weight_initialization",
    "training/watch_it_train",
)
"""Where the lessons stand below pages/, in order of the course: a new lesson is one line more."""


def lesson_of(room: Path) -> Lesson:
    """The lesson of a room, by the heads of its texts."""
    heads: dict[str, dict[str, str]] = {to: prose.head(room / f"{to}.md") for to in prose.LANGUAGES}
    title, goal = ({to: head[name] for to, head in heads.items()} for name in ("title", "goal"))
    before = tuple(filter(None, heads["en"].get("builds on", "").split(", ")))
    return Lesson(room.name.replace("_", "-"), room.parent.name, title, goal, before, room)


LESSONS: tuple[Lesson, ...] = tuple(lesson_of(PAGES / room) for room in ROOMS)


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


def table() -> str:
    """The lessons as the README has them."""
    rows = [
        f"| {(of := part(entry.part)).letter} · {of.title['en']} | [{entry.title['en']}]"
        f"({entry.path.relative_to(PAGES.parent).as_posix()}) | {entry.goal['en']} |"
        for entry in LESSONS
    ]
    return "\n".join(["| Part | Lesson | What you do there |", "|---|---|---|", *rows, ""])
