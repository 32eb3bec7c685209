"""Two ways of learning to take away: answer and gradient over the epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pages.backprop.cross_entropy_quadratic.compute import Learning
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.theme import Mode
from ui.i18n import _

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.figure import Figure


def learning_figure(learnings: Mapping[str, Learning], words: Mapping[str, str], mode: Mode = "light") -> Figure:
    """Left a = σ(z), right ∂C/∂z. ``words``: a name for each cost, and for "epoch", "answer", "gradient"."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    with mpl.rc_context({"font.family": families()}):
        figure = Figure(figsize=(9, 3.4), facecolor=palette.panel, layout="constrained")
        axes = [figure.add_subplot(1, 2, i + 1) for i in range(2)]
    for ax, name in zip(axes, ("answer", "gradient"), strict=True):
        for cost, one in learnings.items():
            quadratic = cost == "quadratic"
            style = {"color": palette.mute, "linestyle": "--"} if quadratic else {"color": palette.ink}
            ax.plot(one.a if name == "answer" else one.dz, label=words[cost], linewidth=1.8, **style)  # type: ignore[arg-type]
        ax.set_title(words[name], loc="left", fontsize=10, color=palette.ink)
        ax.set_xlabel(words["epoch"], color=palette.soft)
        ax.set_facecolor(palette.panel)
        ax.tick_params(colors=palette.mute, length=0)
        for spine in ax.spines.values():
            spine.set_color(palette.line2)
    axes[0].legend(frameon=False, labelcolor=palette.soft)
    return figure


def words() -> dict[str, str]:
    """Its words, in the reader's language."""
    costs = {"quadratic": _("quadratic"), "cross_entropy": _("cross-entropy"), "epoch": _("epoch")}
    return costs | {"answer": _("Answer a"), "gradient": _("Gradient ∂C/∂z")}
