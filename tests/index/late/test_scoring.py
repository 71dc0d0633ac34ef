"""MaxSim has the values one works out by hand, and a frame changes cosines as it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from documents.wording.sentences import sentences
from index.encoder.protocol import Encoding, Floats, TokenVectors
from index.errors import CorruptIndex
from index.late import frame
from index.late.codec import TokenCodes, matchable
from index.late.frame import TYPICAL, Frame, language_numbers
from index.late.scoring import LateIndex
from index.late.writer import LateWriter, late_index
from tests.fakes import FakeEncoder

TEXTS = ["Le chat dort. Le roi mange du pain.", "La mer.", "Chat, roi et mer : chat !"]
ORIGIN = np.zeros(5, dtype=np.float32)


def tokens(encoding: Encoding) -> TokenVectors:
    return encoding.tokens[0]


@pytest.fixture
def late(encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> LateIndex:
    monkeypatch.setattr(frame, "TYPICAL", 10**9)  # so that the origin stays where it is
    encoded = encoder.encode_passages(TEXTS).tokens
    codes = [
        TokenCodes.of(found, text, sentences(text, "fr"), ORIGIN)
        for found, text in zip(encoded, TEXTS, strict=True)
    ]
    return late_index(codes, ["fr"] * len(TEXTS), ORIGIN)


def write(late: LateIndex, folder: Path) -> Path:
    languages = np.zeros(len(late), dtype=np.int8)
    with LateWriter(folder / "late", ORIGIN, languages, len(late)) as writer:
        for row in range(len(late)):
            writer.append([late.passage(row)])
            again, expected = writer.passage(row), late.passage(row)
            for name in ("codes", "radii", "starts", "spans"):
                np.testing.assert_array_equal(getattr(again, name), getattr(expected, name))
    return folder / "late"


def test_every_question_token_finds_its_best_match(late: LateIndex, encoder: FakeEncoder) -> None:
    question = "cat king bread"
    found = late.score(tokens(encoder.encode_queries([question])), np.arange(3))
    assert found.tokens.tolist() == [
        pytest.approx(row, abs=1e-6) for row in ([1, 0, 1], [1, 0, 1], [1, 0, 0])
    ]
    assert found.passages.tolist() == pytest.approx([1, 0, 2 / 3], abs=1e-6)
    assert found.sentences.tolist() == pytest.approx([2 / 3, 0, 2 / 3], abs=1e-6)


def test_the_best_sentence_is_told(late: LateIndex, encoder: FakeEncoder) -> None:
    for question, sentence in (("cat", "Le chat dort."), ("bread", "Le roi mange du pain.")):
        found = late.score(tokens(encoder.encode_queries([question])), np.array([0]))
        assert TEXTS[0][slice(*found.spans[0])] == sentence


def test_passages_stand_in_the_order_asked_for(late: LateIndex, encoder: FakeEncoder) -> None:
    found = late.score(tokens(encoder.encode_queries(["sea"])), np.array([2, 0, 1]))
    assert found.passages.tolist() == pytest.approx([1, 0, 1], abs=1e-6)
    assert found.at(np.array([1, 0])).passages.tolist() == pytest.approx([0, 1], abs=1e-6)


def test_punctuation_and_special_tokens_take_no_part(encoder: FakeEncoder) -> None:
    text = "chat _ roi"  # the fake encoder makes a token of the underscore
    found = tokens(encoder.encode_passages([text]))
    assert [text[slice(*found.offsets[i])] for i in matchable(found, text)] == ["chat", "roi"]
    alone = tokens(encoder.encode_passages(["_"]))
    assert matchable(alone, "_").tolist() == [1]


def test_a_passage_comes_back(late: LateIndex, encoder: FakeEncoder) -> None:
    first = late.passage(0)
    assert [TEXTS[0][slice(*span)] for span in first.spans] == [
        "Le chat dort.",
        "Le roi mange du pain.",
    ]
    assert first.starts.tolist() == [0, 3]
    again = late_index([late.passage(r) for r in range(3)], ["fr"] * 3, ORIGIN)
    question = tokens(encoder.encode_queries(["cat king"]))
    expected = late.score(question, np.arange(3))
    np.testing.assert_array_equal(again.score(question, np.arange(3)).tokens, expected.tokens)


def test_written_and_read_back(late: LateIndex, encoder: FakeEncoder, tmp_path: Path) -> None:
    read = LateIndex.read(write(late, tmp_path))
    question = tokens(encoder.encode_queries(["cat king"]))
    for one, other in zip(
        late.score(question, np.arange(3)),
        read.score(question, np.arange(3)),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", ["codes", "radii", "sentences", "passages", "spans", "languages"])
def test_arrays_that_do_not_fit_are_refused(late: LateIndex, tmp_path: Path, name: str) -> None:
    path = write(late, tmp_path) / f"{name}.npy"
    np.save(path, np.load(path)[:-1])
    with pytest.raises(CorruptIndex, match="do not fit"):
        LateIndex.read(path.parent)


@pytest.mark.parametrize("name", ["codes", "frame"])
def test_a_missing_or_damaged_array_is_an_error(late: LateIndex, tmp_path: Path, name: str) -> None:
    folder = write(late, tmp_path)
    for damage in (lambda p: p.write_bytes(b"\x93NUMPY"), Path.unlink):
        damage(folder / f"{name}.npy")
        with pytest.raises(CorruptIndex, match="qa index"):
            LateIndex.read(folder)


def drawn(n: int, seed: int, common: Floats) -> Floats:
    return np.asarray(
        common + 0.5 * np.random.default_rng(seed).standard_normal((n, len(common))), np.float32
    )


def test_cosines_are_those_of_the_frame() -> None:
    """Checked against plain NumPy, for two languages and 100 passages."""
    common = np.arange(8, dtype=np.float32)
    given = np.concatenate([drawn(1000, 1, common), drawn(1000, 2, 2 * common)])
    languages = language_numbers(["en"] * 1000 + ["fr"] * 1000)
    lengths = np.linalg.norm(given, axis=1)
    codes = (given / lengths[:, None]).astype(np.float16)
    given = lengths[:, None] * codes.astype(np.float32)
    counts = np.array([1000, 1000]) * 10**6
    measured = Frame.measure(given, languages, counts, np.zeros(8, dtype=np.float32), 100)
    np.testing.assert_allclose(measured.centre, given.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(measured.centres[1], given[1000:].mean(axis=0), atol=0.01)
    np.testing.assert_allclose(measured.removed @ measured.removed.T, np.eye(3), atol=1e-5)
    question = measured.apply(drawn(4, 3, common))
    scales = measured.scales(codes, lengths, languages)
    shifts = (question @ measured.shifts.T)[:, languages]
    found = question @ codes.astype(np.float32).T * scales[:, 0] + shifts * scales[:, 1]
    moved = given - measured.centres[languages]
    moved -= moved @ measured.removed.T @ measured.removed
    expected = question @ (moved / np.linalg.norm(moved, axis=1, keepdims=True)).T
    np.testing.assert_allclose(found, expected, atol=5e-3)


@pytest.mark.parametrize(("passages", "count"), [(1, 0), (39, 0), (40, 1), (99, 1), (100, 3)])
def test_more_directions_are_left_out_of_larger_collections(passages: int, count: int) -> None:
    given = drawn(2000, 1, np.ones(8, dtype=np.float32))
    languages = language_numbers(["fr"] * len(given))
    measured = Frame.measure(given, languages, np.array([len(given)]), given[0] * 0, passages)
    assert int((np.abs(measured.removed).sum(axis=1) > 0).sum()) == count


def test_the_fewer_tokens_the_more_the_typical_one_is_subtracted() -> None:
    given, typical = drawn(10, 1, np.ones(8, dtype=np.float32)), np.full(8, 2, dtype=np.float32)
    languages = language_numbers(["fr"] * len(given))
    for tokens, share in ((0, 0.0), (TYPICAL, 0.5), (10**9, 1.0)):
        measured = Frame.measure(given, languages, np.array([tokens]), typical, 10)
        expected = share * given.mean(axis=0) + (1 - share) * typical
        np.testing.assert_allclose(measured.centre, expected, atol=1e-5)
        np.testing.assert_allclose(measured.centres, [expected], atol=1e-5)
        np.testing.assert_allclose(Frame.of_array(measured.array()).array(), measured.array())
