"""The map of the course, and one click to its first wonder."""

from html import escape

import streamlit as st

from engine.data.digits import decode_digit
from engine.losses import softmax
from engine.zoo.digit_network import pretrained_digit_network
from ui import catalogue, errors, header, progress, progress_panel, startup, state
from ui.figures.journey import SEVEN, journey
from ui.i18n import _, blocks, fill, language

FIRST = "forward-backward"


def solved(key: str) -> str:
    """What the reader has solved of a lesson's exercises, to stand behind its title."""
    done = len(progress.solved(key))
    if not done:
        return ""
    if done == len(progress.exercises_of(key)):
        return f" :green-badge[✓ {_('all solved')}]"
    return f" :gray-badge[{progress.tally(key)}]"


state.restore(page="home")
place = header.buttons()
errors.show_link_problems()
to = language()
text = blocks("home", to)

with st.container(key="home-hero"):
    st.html(f'<div class="sc-hero"><h1>{escape(text["hero"].heading)}</h1><p>{escape(text["hero"].body)}</p></div>')
    trace = pretrained_digit_network().forward(decode_digit(SEVEN)[None])
    labels = {
        "input": _("Input"),
        "kernel": _("Kernel"),
        "output": _("Output"),
        "deeper": _("Second layer"),
        "answer": _("Answer"),
        "sum": _("The framed cell"),
        "alt": _("A handwritten digit, a 3 by 3 kernel, and the map that they make"),
        "alt deeper": _("The sixteen maps of the second layer, and the probability of each digit"),
    }
    st.html(journey(trace, softmax(trace.y)[0], startup.mode(), labels))
    with st.container(key="home-enter"):
        header.way(str(catalogue.lesson(FIRST).path), _("Step through this network") + " →")

count = len(catalogue.LESSONS)
st.html(
    f'<div class="sc-map-head"><h2>{escape(text["open"].heading)}</h2>'
    f"<p>{escape(fill(text['open'].body, {'open': count}))}</p></div>"
)
with st.container(key="home-map"):
    for part in catalogue.PARTS:
        with st.container(key=f"part-{part.key}"):
            lessons = catalogue.lessons_of(part.key)
            later = "" if lessons else f'<div class="sc-later">{escape(_("Not open yet"))}</div>'
            st.html(
                f'<div class="sc-part"><b>{part.letter}</b><h3>{escape(part.title[to])}</h3>'
                f"<p>{escape(part.question[to])}</p></div>{later}"
            )
            for lesson in lessons:
                header.way(str(lesson.path), lesson.title[to] + " →" + solved(lesson.key), help=lesson.goal[to])

progress_panel.show()
state.sync()
with place:
    header.link()
