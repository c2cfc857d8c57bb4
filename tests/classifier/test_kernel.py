"""The meaning layers: kernel ridge regression on nearness to texts that were learnt from."""

import numpy as np

from classifier import kernel


def _unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _clusters(counts):
    generator = np.random.default_rng(3)
    centres = _unit(generator.normal(size=(len(counts), 20)))
    targets = np.repeat(np.arange(len(counts)), counts)
    return _unit(centres[targets] + 0.05 * generator.normal(size=(len(targets), 20))), targets


def test_a_text_is_nearest_to_itself():
    vectors, _ = _clusters([3, 3])
    near = kernel.nearness(vectors, vectors)
    assert np.allclose(np.diag(near), 1, atol=1e-5)
    assert near.min() > 0
    assert (near.argmax(axis=1) == np.arange(6)).all()


def test_a_small_class_counts_like_a_large_one():
    vectors, targets = _clusters([120, 4])
    shares = kernel.solve(kernel.nearness(vectors, vectors), targets, np.ones(len(targets)), 2)
    margins = kernel.nearness(vectors, vectors) @ shares
    assert (margins.argmax(axis=1) == targets).all()


def test_it_solves_the_weighted_equations():
    vectors, targets = _clusters([5, 7, 6])
    near = kernel.nearness(vectors, vectors)
    weights = np.linspace(0.5, 2, len(targets))
    shares = kernel.solve(near, targets, weights, 3)
    totals = np.bincount(targets, weights)
    balanced = weights * len(targets) / 3 / totals[targets]
    wanted = np.where(np.eye(3)[targets] > 0, 1, -0.5)
    assert np.allclose(near @ shares + kernel.RIDGE * shares / balanced[:, None], wanted, atol=1e-3)


def test_the_heaviest_and_newest_are_kept_as_anchors(monkeypatch):
    monkeypatch.setattr(kernel, "MAX_ANCHORS", 3)
    assert kernel.choose_anchors(np.array([1.0, 3.0, 1.0, 1.0, 3.0])).tolist() == [1, 3, 4]
    assert kernel.choose_anchors(np.ones(2)).tolist() == [0, 1]
