"""How Hypothesis draws here: the same examples in every run, with no time limit on one example."""

from hypothesis import settings

settings.register_profile("engine", derandomize=True, deadline=None, max_examples=60, print_blob=True)
settings.load_profile("engine")
