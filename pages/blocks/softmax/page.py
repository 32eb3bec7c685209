"""Softmax and scores: shares of one whole, their temperature and slopes, the hinge beside them, and floats' limits."""

from engine import CrossEntropyLoss
from engine.losses import MultiMarginLoss
from engine.losses.softmax import softmax
from pages.blocks.softmax.check import overflow_check, slope_check
from pages.blocks.softmax.compute import softmax_jacobian
from pages.blocks.softmax.controls import CONTROLS, numbers, scores, text_numbers
from pages.blocks.softmax.exercises import EXERCISES
from pages.blocks.softmax.picture import MOUNT, drawn, figure
from ui.i18n import _
from ui.lesson import lesson_frame

with lesson_frame("softmax", CONTROLS) as frame:
    frame.picture(MOUNT, drawn, says="scene-")
    frame.text("reading")
    told = text_numbers()
    frame.text("why", **told)
    frame.code(softmax, mark=["np.exp", r"e / e\.sum"], values={"z": scores()})
    frame.text("overflow", **told)
    frame.check(_("Let NumPy compute the large scores"), overflow_check, key="check-overflow")
    frame.text("slopes")
    frame.code(softmax_jacobian, mark=["np.diag"])
    frame.code(CrossEntropyLoss.backward, mark=["one_hot"])
    frame.check(_("Check these slopes"), slope_check)
    frame.text("hinge")
    frame.code(MultiMarginLoss.forward, mark=["np.maximum"])
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
