"""The threshold of a bounded risk, and the calibration to questions of one's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval.calibration.own import fit_own, report_own
from eval.calibration.risk import threshold_for
from eval.calibration.sample import Sample
from eval.errors import EvaluationError
from qa.answer.confidence import Features, confidence


def sample(n: int, scale: float = 1.0, offset: float = 0.0) -> Sample:
    """Draw questions as likely right as the confidence says, after a scale and an offset."""
    generator = np.random.default_rng(0)
    features = np.zeros((n, len(Features._fields)))
    features[:, 0] = generator.uniform(0, 0.6, n)
    read = generator.normal(0, 8, n)
    chance = np.array([confidence(Features(*f), r) for f, r in zip(features, read, strict=True)])
    chance = 1 / (1 + np.exp(-(scale * np.log(chance / (1 - chance)) + offset)))
    right = generator.random(n) < chance
    return Sample(np.full(n, "a"), features, right, right, np.full(n, "fr"), read)


def test_the_threshold_bounds_the_share_that_is_wrong() -> None:
    generator = np.random.default_rng(0)
    shares = []
    for _ in range(50):
        confidence_ = generator.random(2_000)
        found = threshold_for(confidence_, generator.random(2_000) < confidence_)
        if found is not None:
            shares.append((1 - found) / 2)  # what is wrong from there on, as they are calibrated
    assert np.mean(np.array(shares) > 0.1) <= 0.2  # 0.1, give or take what 50 draws can tell
    assert len(shares) > 40
    assert np.median(shares) > 0.07  # and not much less than is allowed


def test_there_is_no_threshold_where_too_much_is_wrong_or_too_little_is_known() -> None:
    sure = np.full(100, 0.99)
    assert threshold_for(sure, np.arange(100) % 2 == 0) is None
    assert threshold_for(sure[:20], np.ones(20, dtype=bool)) is None
    assert threshold_for(sure, np.ones(100, dtype=bool)) == 0.0


def test_a_scale_and_an_offset_are_found_again() -> None:
    fitted = fit_own(sample(20_000, 0.6, -0.7))
    assert fitted.calibration == pytest.approx((0.6, -0.7), abs=0.08)
    assert abs(fitted.after.mean() - fitted.before.mean()) > 0.02


def test_what_is_printed_can_be_set(capsys: pytest.CaptureFixture[str]) -> None:
    report_own(sample(2_000))
    shown = capsys.readouterr().out
    assert "QA_CALIBRATION=" in shown
    assert "QA_FOUND=0." in shown


def test_too_few_questions_are_refused() -> None:
    with pytest.raises(EvaluationError, match="too few"):
        fit_own(sample(20))


def test_a_sample_is_kept_and_taken_up_again(tmp_path: Path) -> None:
    kept = sample(50)
    kept.save(tmp_path / "kept.npz")
    again = Sample.load(tmp_path / "kept.npz")
    np.testing.assert_array_equal(again.signals, kept.signals)
    assert again.source.tolist() == kept.source.tolist()


def test_what_is_no_sample_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("no")
    with pytest.raises(EvaluationError, match="no sample"):
        Sample.load(tmp_path / "other")
