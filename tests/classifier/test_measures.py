"""The numbers behind the card and the evaluation."""

import numpy as np
import pytest

from classifier import measures


def test_rankings():
    p = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.5, 0.4, 0.1]])
    targets = np.array([0, 1, 1])
    assert measures.top_k(p, targets, 1) == pytest.approx(1 / 3)
    assert measures.top_k(p, targets, 2) == 1
    assert measures.auroc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == 0.75
    assert measures.among_surest(np.array([0.9, 0.1, 0.2]), np.array([1, 0, 0])) == 1
    low, high = measures.bootstrap(np.mean, np.array([0.0, 1.0] * 50))
    assert low < 0.5 < high


def test_calibration_is_nought_where_the_share_is_the_probability():
    confidence, right, weights = np.array([0.8] * 5), np.array([1, 1, 1, 1, 0]), np.ones(5)
    assert measures.calibration_error(confidence, right) == pytest.approx(0)
    (row,) = measures.reliability(confidence, right, weights)
    assert (row["n"], row["p"], row["right"]) == (5, 0.8, 0.8)


def test_weights_move_the_reliability():
    (row,) = measures.reliability(np.array([0.8, 0.8]), np.array([1.0, 0.0]), np.array([3.0, 1.0]))
    assert row["right"] == 0.75


def test_the_floor_of_calibration_falls_with_the_number_of_texts():
    few, most = measures.calibration_floor(np.random.default_rng(1).uniform(0.3, 1, 100))
    many, _ = measures.calibration_floor(np.random.default_rng(1).uniform(0.3, 1, 10_000))
    assert 0.05 < few < most
    assert many < 0.02
    assert measures.calibration_floor(np.ones(50)) == (0, 0)


def test_the_surest_are_right_more_often():
    confidence = np.linspace(1, 0, 100)
    right = (np.arange(100) < 60).astype(float)
    curve = measures.coverage_curve(confidence, right, np.ones(100))
    assert len(curve) == 20
    assert curve[0]["right"] == 1
    assert curve[-1] == {"coverage": 1.0, "right": 0.6, "least_p": 0.0}
