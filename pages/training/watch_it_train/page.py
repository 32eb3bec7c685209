"""Watch it train: the digit network learns from scratch, and everything in it can be seen while it does."""

import streamlit as st

from engine.training.fit import fit
from engine.training.metrics import update_ratio
from pages.training.watch_it_train.check import gradient_check
from pages.training.watch_it_train.controls import CONTROLS, PICTURE, optimizer, recipe, shown, widgets
from pages.training.watch_it_train.exercises import EXERCISES
from pages.training.watch_it_train.figure import curve_arrays, curves_figure, weights_npz
from pages.training.watch_it_train.picture import MOUNT, choose, choose_answered, do, drawn, open_network
from ui.downloads import download
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import settings

ACTS = {"do": do, "digit": choose, "cell": choose_answered, "open": open_network}
LOOP = ["network.train_forward", "loss.forward", "network.gradients", r"chosen\.update"]

with lesson_frame("watch-it-train", CONTROLS) as frame:
    settings(widgets)(frame)
    frame.picture(MOUNT, drawn, acts=ACTS, moves=PICTURE)
    frame.text("what-you-see")
    frame.text("try")
    frame.text("loop")
    chosen = recipe()
    frame.code(fit, LOOP, {"batch_size": chosen.batch_size, "epochs": chosen.epochs, "optimizer": optimizer()})
    frame.text("ratio")
    frame.code(update_ratio, mark=["moved / size"])
    frame.text("check")
    frame.check(_("Check the gradients of these weights"), gradient_check)
    frame.exercises(EXERCISES)
    frame.text("take-away")
    # Nothing of the page holds the run itself, so that it is gone when its session is.
    frame.take_away(figure=lambda: curves_figure(shown()), numbers=lambda: curve_arrays(shown()))
    if frame.shows("take-away"):
        with st.container(key="section-weights"):
            download(
                _("Weights for PyTorch, NPZ"), lambda: weights_npz(shown()), file_name="digits.npz",
                mime="application/zip", key="watch-it-train.weights",
            )  # fmt: skip
