"""Every word that the stage itself writes, in the reader's language."""

from __future__ import annotations

from ui.i18n import _


def labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser with the numbers of the cell."""
    return {**_chrome(), **_roles(), **_names(), **_notes()}


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
        "previous": _("Previous"),
        "next": _("Next"),
        "play": _("Play"),
        "pause": _("Pause"),
        "speed": _("Speed"),
        "formula": _("Formula"),
        "code": _("Code"),
        "colour_range": _("colour range"),
        "scope_map": _("this map"),
        "scope_layer": _("whole layer"),
        "hover": _("hover a cell · click to lock"),
        "tap": _("tap any cell"),
        "locked": _("locked, with more digits · click again to release"),
        "grid_keys": _("Arrow keys move, Enter locks or edits, Escape leaves for the steps."),
        "lr": _("learning rate"),
        "repeat": _("repeat the step 10 times"),
        "reset": _("reset"),
        "undo": _("undo"),
        "changed": _("changed"),
        "was": _("was"),
        "steps": _("steps"),
        "after_step": _("after the step"),
        "not_finite": _("not finite"),
        "new_value": _("New value"),
        "not_a_number": _("Type a number between −1000 and 1000, such as 0.5."),
        "edit_bias": _("Click to type another bias"),
        "more": _("more:"),
        "no_terms": _("no term: every upstream gradient is 0"),
        "all_c": _("all channels"),
        "all_k": _("all maps"),
        "show_channel": _("Show the products of this channel"),
    }


def _roles() -> dict[str, str]:
    return {
        "input": _("Input"),
        "output": _("Output"),
        "kernel": _("Kernel"),
        "kernel_turned": _("Kernel, turned by 180°"),
        "weight": _("Weight"),
        "gradient": _("Gradient"),
        "new_weight": _("New weight"),
        "upstream": _("Upstream dy"),
        "local": _("Local"),
        "switches": _("Winners"),
        "target": _("Target"),
        "result": _("Result dz"),
        "result_dx": _("Result dx"),
        "result_dw": _("Result dW"),
        "result_db": _("Result db"),
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
        "note_products": _("{count} products and a bias"),
        "note_channels": _("{count} products: {here} here from channel {channel}, the other {others} channels below"),
        "note_maps": _("{count} products: {here} here through map {channel}, the other {others} maps below"),
        "note_largest": _("{count} products, largest first; {zeros_here} are 0"),
        "note_positions": _("used at {places} positions; {zeros_here} products are 0 and drop out"),
        "note_bias": _("the bias was added at {places} positions: it collects dy from all of them"),
        "note_linear_weight": _("db[{k}] = dz[{k}] = {error}"),
        "note_gate_open": _("x was positive: the gate is open"),
        "note_gate_shut": _("x was not positive: the gate is shut"),
        "note_passes": _("positive, so it passes unchanged"),
        "note_stopped": _("not positive, so it becomes 0"),
        "note_winner": _("the winner stands at row {winner_row}, column {winner_column}"),
        "note_won": _("this cell won its window: it takes the window's whole gradient"),
        "note_lost": _("row {winner_row}, column {winner_column} won this window, so this cell gets nothing"),
        "note_share": _("its share of the whole"),
        "note_is_loss": _("the true class: its surprise is the loss"),
        "note_would_be": _("this would be the loss if the truth were {class}"),
        "note_push_up": _("the true class: the gradient is negative, so a step raises this score"),
        "note_push_down": _("not the true class: the gradient is positive, so a step lowers this score"),
        "note_goes_down": _("the gradient is positive, so the weight goes down"),
        "note_goes_up": _("the gradient is negative, so the weight goes up"),
        "note_stays": _("the gradient is 0, so the weight stays"),
        "note_loss_change": _("loss {loss} → {loss_after}"),
    }
