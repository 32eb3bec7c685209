"""Weight initialization: what the first weights do to a signal on its way up, to a gradient on its way down, and to
learning."""

from engine.initializers import HeNormal
from engine.signal import predict
from engine.signal.lsuv import lsuv
from pages.training.weight_initialization import race
from pages.training.weight_initialization.check import signal_check
from pages.training.weight_initialization.controls import ACTS, CONTROLS, LAB, RACE, view, widgets
from pages.training.weight_initialization.exercises import EXERCISES
from pages.training.weight_initialization.picture import MOUNT, drawn, experiments, figure
from pages.training.weight_initialization.words import classic_numbers, numbers_of
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import settings

with lesson_frame("weight-initialization", CONTROLS) as frame:
    frame.picture(MOUNT, drawn, acts=ACTS, above=[settings(widgets), experiments], moves=LAB)
    frame.picture(race.MOUNT, race.drawn, acts={"go": race.start}, says="race", moves=RACE)
    frame.text("what-you-see")
    frame.text("variance")
    frame.text("symmetry")
    told = classic_numbers()
    frame.text("try", **told)
    frame.text("numbers", **told)
    frame.code(HeNormal, mark=["sqrt"], values={"shape": "(500, 500)", "fan": 500})
    frame.text("prediction")
    frame.code(predict, mark=["_chain"])
    frame.check(_("Check this prediction against other draws"), signal_check)
    frame.text("data")
    frame.code(lsuv, mark=[r"_scale\(name"])
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lambda: numbers_of(view()))
    frame.text("sources")
