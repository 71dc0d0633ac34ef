"""Figures of the confidence have the values one works out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from eval.abstention import (
    Bin,
    Outcomes,
    auroc,
    bins,
    calibration_error,
    group_summary,
    risks,
    summary,
)


def outcomes(confidence: list[float], right: str, answerable: str | None = None) -> Outcomes:
    """Return outcomes of which ``1`` is true and ``0`` is false."""
    columns = (np.array([c == "1" for c in column]) for column in (right, answerable or right))
    return Outcomes(np.array(confidence), *columns)


def test_bins_include_their_upper_end() -> None:
    found = outcomes([0.0, 0.1, 0.10001, 0.7, 1.0], "00111")
    assert [b.size for b in bins(found)] == [2, 1, 1, 1]
    assert bins(found)[0] == pytest.approx(Bin(2, 0.05, 0.0))


def test_ece() -> None:
    # 0.9 with half right: a gap of 0.4, twice; 0.3 with none right: 0.3, once; 0.5: 0.5, once.
    found = outcomes([0.9, 0.9, 0.3, 0.5], "1001")
    assert calibration_error(found) == pytest.approx((2 * 0.4 + 0.3 + 0.5) / 4)


def test_calibrated() -> None:
    assert calibration_error(outcomes([0.75] * 4, "1101")) == 0
    assert calibration_error(outcomes([0.0, 1.0], "01")) == 0


def test_risk_and_coverage() -> None:
    found = outcomes([0.2, 0.9, 0.8, 0.5], "0101")
    # In the order of confidence: right, wrong, right, wrong.
    assert risks(found) == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4])
    assert summary(found)["aurc"] == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 4)


@pytest.mark.parametrize("right", ["0111", "1011", "1101"])
def test_equal_confidences_share_their_errors(right: str) -> None:
    found = outcomes([0.9, 0.9, 0.9, 0.1], right)
    assert risks(found) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1 / 4])


def test_auroc() -> None:
    # Of the four pairs of a right and a wrong answer, three are in order.
    found = outcomes([0.9, 0.7, 0.8, 0.1], "1100")
    assert auroc(found.confidence, found.right) == pytest.approx(3 / 4)


@pytest.mark.parametrize("right", ["00", "11"])
def test_auroc_needs_both_sides(right: str) -> None:
    assert summary(outcomes([0.1, 0.2], right))["auroc"] is None


def test_a_summary_tells_right_from_answerable() -> None:
    found = summary(outcomes([0.9, 0.8, 0.7], "100", "110"))
    assert found["questions"] == 3
    assert found["right"] == pytest.approx(1 / 3)
    assert (found["auroc"], found["auroc_answerable"]) == (1.0, 1.0)


def test_a_group_of_one_side_faces_all_of_the_other() -> None:
    found = outcomes([0.9, 0.1, 0.5, 0.2], "1100")
    group = group_summary(found, np.array([False, True, False, False]))
    # Its own figures are of its one question; its AUROC is against the two unanswerable ones.
    assert group["questions"] == 1
    assert group["ece"] == pytest.approx(0.9)
    assert group["auroc"] == 0.0
    everything = group_summary(found, np.ones(4, dtype=bool))
    assert everything == summary(found)
