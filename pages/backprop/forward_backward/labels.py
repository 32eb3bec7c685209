"""Every word that the stage writes besides those of every bench, in the reader's language."""

from __future__ import annotations

from ui.components.bench.labels import bench_labels
from ui.i18n import _


def labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser with the numbers of the cell."""
    return {**bench_labels(), **_chrome(), **_roles(), **_names(), **_notes(), **_nudge()}


def _chrome() -> dict[str, str]:
    return {
        "network": _("The whole network"),
        "values": _("values"),
        "gradients": _("gradients"),
        "forward_arrow": _("forward →"),
        "backward_arrow": _("← backward"),
        "phase_forward": _("Forward"),
        "phase_loss": _("Loss"),
        "phase_backward": _("Backward"),
        "phase_update": _("Update"),
        "loss": _("loss"),
        "go_to": _("Go to"),
        "lr": _("learning rate"),
        "repeat": _("repeat the step 10 times"),
        "reset": _("reset"),
        "undo": _("undo"),
        "changed": _("changed"),
        "steps": _("steps"),
        "after_step": _("after the step"),
        "not_finite": _("not finite"),
        "part_k": _("kernel"),
        "part_row": _("class"),
        "part_c": _("channel"),
    }


def _roles() -> dict[str, str]:
    return {
        "new_weight": _("New weight"),
        "bias": _("Bias"),
        "new_bias": _("New bias"),
        "result": _("Result dz"),
        "before": _("Before"),
        "after": _("After"),
    }


def _names() -> dict[str, str]:
    return {
        "column_image": _("image"),
        "column_x": _("image"),
        "column_softmax": _("softmax"),
        "name_image": _("image"),
        "name_forward": _("{layer} forward"),
        "name_softmax": _("softmax"),
        "name_loss": _("cross-entropy"),
        "name_logits.gradient": _("dL/dz"),
        "name_weight": _("{layer} backward · dW, db"),
        "name_input": _("{layer} backward · dx"),
        "name_update": _("weight update"),
        "name_after": _("loss after the step"),
    }


def _notes() -> dict[str, str]:
    return {
        "note_pixel": _("a pixel: 0 is paper, 1 is ink · click to type another value"),
        "note_positions": _(
            "used at {places} {places|position|positions}; {zeros_here} {zeros_here|product is 0 and drops|"
            "products are 0 and drop} out"
        ),
        "note_bias": _("the bias was added at {places} {places|position|positions}: it collects dy from all of them"),
        "note_linear_weight": _("db[{k}] = dz[{k}] = {error}"),
        "note_share": _("its share of the whole"),
        "note_is_loss": _("the true class: its surprise is the loss"),
        "note_would_be": _("this would be the loss if the truth were {class}"),
        "note_push_up": _("the true class: the gradient is negative, so a step raises this score"),
        "note_push_down": _("not the true class: the gradient is positive, so a step lowers this score"),
        "note_goes_down": _("the gradient is positive, so the weight goes down"),
        "note_goes_up": _("the gradient is negative, so the weight goes up"),
        "note_stays": _("the gradient is 0, so the weight stays"),
        "note_bias_goes_down": _("the gradient is positive, so the bias goes down"),
        "note_bias_goes_up": _("the gradient is negative, so the bias goes up"),
        "note_bias_stays": _("the gradient is 0, so the bias stays"),
        "note_loss_change": _("loss {loss} → {loss_after}"),
    }


def _nudge() -> dict[str, str]:
    return {
        "nudge": _("Nudge this number"),
        "nudge_backprop": _("backprop"),
        "nudge_agree": _("They agree to {digits} {digits|digit|digits}"),
        "nudge_agree_not": _("They agree in no digit"),
        "nudge_agrees": _("✓ {agree}, as a right gradient does"),
        "nudge_zero": _("✓ Both are 0: moved that far, this number does nothing to the loss"),
        "nudge_tiny": _("✓ Too small for more: the two differ by {difference}, no more than rounding explains"),
        "nudge_curved": _("{agree}; the loss is curved here, and the quotient comes closer as h gets smaller"),
        "nudge_kink": _(
            "{agree}: a kink lies on the way. Between v − h and v + h gates of ReLU or winners of max pooling change "
            "in {places}, so the quotient is the mean of several slopes"
        ),
        "nudge_differs": _("≠ {agree}, and neither a kink nor a long step explains that"),
        "nudge_outside": _("At v − h or v + h the loss is no finite number: try a smaller h"),
    }
