"""Sets of likely labels, on draws whose truth is known."""

import numpy as np
import pytest

from classifier.conformal import in_set, least_probability


def _draws(size, seed, sharpness):
    """Probabilities of four labels, and labels drawn from them."""
    generator = np.random.default_rng(seed)
    p = generator.dirichlet(np.full(4, sharpness), size)
    return p, np.array([generator.choice(4, p=row) for row in p])


@pytest.mark.parametrize("told", [1.0, 3.0])
def test_new_texts_are_covered_as_asked_even_where_the_model_is_overconfident(told):
    def stated(p):
        powered = p**told
        return powered / powered.sum(axis=1, keepdims=True)

    p, labels = _draws(4000, 1, 0.5)
    least = least_probability(stated(p)[np.arange(4000), labels], np.ones(4000))
    q, truth = _draws(4000, 2, 0.5)
    members = in_set(stated(q), least)
    assert members[np.arange(4000), truth].mean() == pytest.approx(0.9, abs=0.025)
    assert members.sum(axis=1).min() >= 1


def test_weights_say_which_texts_count():
    own = np.array([0.9] * 50 + [0.1] * 50)
    assert least_probability(own, np.array([1.0] * 50 + [0.001] * 50)) == 0.9
    assert least_probability(own, np.ones(100)) == 0.1


def test_too_few_texts_promise_nothing():
    assert least_probability(np.array([0.9, 0.8]), np.ones(2)) == 0.0
