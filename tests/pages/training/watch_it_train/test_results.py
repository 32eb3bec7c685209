"""What is taken home from a run: weights that real PyTorch loads, and curves that can be drawn and read."""

from __future__ import annotations

import io
from collections import OrderedDict

import numpy as np
import pytest
from matplotlib.figure import Figure

from engine.data.digits import digits
from engine.training.run import Run
from pages.training.watch_it_train.figure import curve_arrays, curves_figure, training_curves, weights_npz
from pages.training.watch_it_train.run import Recipe, Training, make_optimizer
from ui.figures import export
from ui.figures.fonts import has_chinese_font

torch = pytest.importorskip("torch")

LABELS = dict.fromkeys(("loss", "accuracy", "epochs", "batch", "validation"), "epochs")


@pytest.fixture(scope="module")
def run() -> Run:
    recipe = Recipe("he_normal", "sgd", batch_size=64, seed=0, epochs=1)
    trained = Training.start(recipe, make_optimizer("sgd", 0.05, 0.9, 0.001)).run
    while trained.advance():
        pass
    return trained


def test_the_weights_load_into_pytorch_and_give_the_same_logits(run: Run) -> None:
    nn = torch.nn
    model = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 8, 3, padding=1), relu1=nn.ReLU(), pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(8, 16, 3, padding=1), relu2=nn.ReLU(), pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(), linear=nn.Linear(64, 10),
        )
    )  # fmt: skip
    weights = np.load(io.BytesIO(weights_npz(run)))
    model.load_state_dict({name: torch.from_numpy(weights[name]) for name in weights.files})
    x = digits().validation_x
    with torch.no_grad():
        theirs = model(torch.from_numpy(np.array(x))).numpy()
    np.testing.assert_allclose(run.network.predict(x), theirs, rtol=1e-4, atol=1e-4)


def test_the_curves_have_one_entry_a_step(run: Run) -> None:
    arrays = curve_arrays(run)
    assert {len(values) for values in arrays.values()} == {run.total_steps}
    assert arrays["loss"][0] == run.points()[0].loss
    assert np.isnan(arrays["validation_loss"][0])
    assert np.isfinite(arrays["validation_loss"][4])


@pytest.mark.parametrize("save", [export.svg, export.png])
def test_the_figure_is_drawn_from_the_run(run: Run, save) -> None:  # type: ignore[no-untyped-def]
    figure = curves_figure(run)
    loss = figure.axes[0].lines[0].get_ydata()
    np.testing.assert_array_equal(loss, [point.loss for point in run.points()])
    assert len(save(figure)) > 5000


@pytest.mark.skipif(not has_chinese_font(), reason="no font for Chinese here (Debian: fonts-noto-cjk)")
@pytest.mark.filterwarnings("error:Glyph")
def test_chinese_labels_are_drawn_in_a_font_that_has_them(run: Run) -> None:
    chinese = dict.fromkeys(LABELS, "验证")
    assert export.png(training_curves(run.points(), chinese, guess=2.3))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_figure_without_a_step_is_drawn_too(mode) -> None:  # type: ignore[no-untyped-def]
    assert isinstance(training_curves((), LABELS, guess=2.3, mode=mode), Figure)
    assert export.svg(training_curves((), LABELS, guess=2.3, mode=mode))
