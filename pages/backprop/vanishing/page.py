"""Vanishing and exploding: what a gradient is multiplied by on its way back through a deep network."""

from pages.backprop.vanishing.check import product_check, train
from pages.backprop.vanishing.compute.back import layer_backward, send_back
from pages.backprop.vanishing.compute.jacobian import products
from pages.backprop.vanishing.compute.prediction import predict
from pages.backprop.vanishing.controls import CONTROLS, EXAMPLES, numbers, setup
from pages.backprop.vanishing.exercises import EXERCISES
from pages.backprop.vanishing.picture import MOUNT, drawn, figure, show_landscape
from pages.backprop.vanishing.words import text_numbers
from ui.i18n import _
from ui.lesson import lesson_frame

with lesson_frame("vanishing", CONTROLS) as frame:
    frame.picture(MOUNT, drawn)
    measured = text_numbers()
    frame.text("product", **measured)
    frame.code(send_back, mark=["dy = passed.dx"], values={"dy": (EXAMPLES, setup().deep.width)})
    frame.text("factor", **measured)
    frame.code(predict, mark=["gain2 = n_var_w"], values={"deep": setup().deep})
    frame.text("remedies", **measured)
    frame.code(layer_backward, mark=[r"dx = dx \+ way.dx"])
    frame.text("landscape")
    frame.check(_("Turn the landscape"), lambda: show_landscape(frame), key="landscape")
    frame.text("directions")
    frame.code(products, mark=["found.append"])
    frame.text("learning", **measured)
    frame.check(_("Train these networks for a hundred steps"), lambda: train(frame), key="train")
    frame.text("check")
    frame.check(_("Check the product of Jacobians"), product_check)
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
