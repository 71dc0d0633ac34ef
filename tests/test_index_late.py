"""MaxSim has the values one works out by hand, and a frame changes cosines as it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from documents.sentences import sentences
from index.encoding import Encoding, Floats, TokenVectors
from index.errors import CorruptIndex
from index.frame import ADAPTED_FROM, Frame, language_numbers
from index.late import LateIndex
from index.late_writer import LateWriter
from index.token_codes import TokenCodes, matchable
from tests.fakes import FakeEncoder

TEXTS = ["Le chat dort. Le roi mange du pain.", "La mer.", "Chat, roi et mer : chat !"]
ORIGIN = np.zeros(5, dtype=np.float32)


def tokens(encoding: Encoding) -> TokenVectors:
    return encoding.tokens[0]


@pytest.fixture
def late(encoder: FakeEncoder) -> LateIndex:
    encoded = encoder.encode_passages(TEXTS).tokens
    codes = [
        TokenCodes.of(found, text, sentences(text, "fr"), ORIGIN)
        for found, text in zip(encoded, TEXTS, strict=True)
    ]
    return LateIndex.of(codes, ["fr"] * len(TEXTS), ORIGIN)


def write(late: LateIndex, folder: Path) -> Path:
    with LateWriter(folder / "late", ORIGIN, np.zeros(len(late), dtype=np.int8)) as writer:
        for row in range(len(late)):
            writer.append([late.passage(row)])
            again, expected = writer.passage(row), late.passage(row)
            for name in ("codes", "radii", "starts", "spans"):
                np.testing.assert_array_equal(getattr(again, name), getattr(expected, name))
    return folder / "late"


def test_every_question_token_finds_its_best_match(late: LateIndex, encoder: FakeEncoder) -> None:
    question = "cat king bread"
    found = late.score(tokens(encoder.encode_queries([question])), np.arange(3))
    assert found.tokens.tolist() == [[1, 0, 1], [1, 0, 1], [1, 0, 0]]
    assert found.passages.tolist() == pytest.approx([1, 0, 2 / 3])
    assert found.sentences.tolist() == pytest.approx([2 / 3, 0, 2 / 3])


def test_the_best_sentence_is_told(late: LateIndex, encoder: FakeEncoder) -> None:
    for question, sentence in (("cat", "Le chat dort."), ("bread", "Le roi mange du pain.")):
        found = late.score(tokens(encoder.encode_queries([question])), np.array([0]))
        assert TEXTS[0][slice(*found.spans[0])] == sentence


def test_passages_stand_in_the_order_asked_for(late: LateIndex, encoder: FakeEncoder) -> None:
    found = late.score(tokens(encoder.encode_queries(["sea"])), np.array([2, 0, 1]))
    assert found.passages.tolist() == [1, 0, 1]
    assert found.at(np.array([1, 0])).passages.tolist() == [0, 1]


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
    again = LateIndex.of([late.passage(r) for r in range(3)], ["fr"] * 3, ORIGIN)
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
    given = np.concatenate([drawn(ADAPTED_FROM, 1, common), drawn(ADAPTED_FROM, 2, 2 * common)])
    languages = language_numbers(["en"] * ADAPTED_FROM + ["fr"] * ADAPTED_FROM)
    lengths = np.linalg.norm(given, axis=1)
    codes = (given / lengths[:, None]).astype(np.float16)
    given = lengths[:, None] * codes.astype(np.float32)
    counts = np.array([ADAPTED_FROM, ADAPTED_FROM])
    frame = Frame.measure(given, languages, counts, np.zeros(8, dtype=np.float32), 100)
    np.testing.assert_allclose(frame.centre, given.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(frame.centres[1], given[ADAPTED_FROM:].mean(axis=0), atol=0.01)
    np.testing.assert_allclose(frame.removed @ frame.removed.T, np.eye(3), atol=1e-5)
    question = frame.apply(drawn(4, 3, common))
    scales = frame.scales(codes, lengths, languages)
    shifts = (question @ frame.shifts.T)[:, languages]
    found = question @ codes.astype(np.float32).T * scales[:, 0] + shifts * scales[:, 1]
    moved = given - frame.centres[languages]
    moved -= moved @ frame.removed.T @ frame.removed
    expected = question @ (moved / np.linalg.norm(moved, axis=1, keepdims=True)).T
    np.testing.assert_allclose(found, expected, atol=5e-3)


@pytest.mark.parametrize(("passages", "count"), [(1, 0), (39, 0), (40, 1), (99, 1), (100, 3)])
def test_more_directions_are_left_out_of_larger_collections(passages: int, count: int) -> None:
    given = drawn(2 * ADAPTED_FROM, 1, np.ones(8, dtype=np.float32))
    languages = language_numbers(["fr"] * len(given))
    frame = Frame.measure(given, languages, np.array([len(given)]), given[0] * 0, passages)
    assert int((np.abs(frame.removed).sum(axis=1) > 0).sum()) == count


def test_a_few_tokens_keep_plain_cosines() -> None:
    given = drawn(ADAPTED_FROM - 1, 1, np.ones(8, dtype=np.float32))
    languages = language_numbers(["fr"] * len(given))
    frame = Frame.measure(given, languages, np.array([len(given)]), given[0] * 0, 10)
    assert not frame.centre.any()
    assert not frame.centres.any()
    np.testing.assert_allclose(Frame.of_array(frame.array()).array(), frame.array())
