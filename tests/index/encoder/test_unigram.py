"""The ready tokeniser gives what the library's gives, piece for piece."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Encoding, Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace

from index.encoder.unigram import UnigramTokeniser, open_tokeniser, write_tokeniser
from index.export.vocabulary import cut_vocabulary
from index.model.source import ModelSource
from tests.index.export.test_vocabulary import TRICKY, texts
from tests.tiny_models import unigram, wordpiece


@pytest.fixture(scope="module")
def folder(default_model: ModelSource, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the default model's tokeniser, as an index has it."""
    whole = Tokenizer.from_file(str(Path(default_model.location) / "tokenizer.json"))
    whole.enable_truncation(512)
    target = tmp_path_factory.mktemp("tokeniser")
    write_tokeniser(target, cut_vocabulary(whole)[0])
    return target


@pytest.fixture(scope="module")
def both(folder: Path) -> tuple[UnigramTokeniser, Tokenizer]:
    ready = open_tokeniser(folder)
    assert isinstance(ready, UnigramTokeniser)
    return ready, Tokenizer.from_file(str(folder / "tokenizer.json"))


def parts(found: Encoding) -> list[object]:
    rest = [(other.ids, other.offsets) for other in found.overflowing]
    return [found.ids, found.offsets, found.tokens, found.special_tokens_mask, rest]


def same(both: tuple[UnigramTokeniser, Tokenizer], text: str, special: bool = True) -> bool:
    ready, library = (parts(t.encode(text, add_special_tokens=special)) for t in both)
    return ready == library


@pytest.mark.parametrize(
    "text", [*TRICKY, " ", "漢字 漢字 x漢", "\ue000\ue001é", "a" * 3000, "é " * 900]
)
@pytest.mark.parametrize("special", [True, False])
def test_tricky_texts(both: tuple[UnigramTokeniser, Tokenizer], text: str, special: bool) -> None:
    assert same(both, text, special)


@pytest.mark.parametrize("text", ["<s>", "le <mask> chat", "a</s>b <unk>", "<pad>"])
def test_special_tokens_in_a_text_are_what_they_are_to_the_library(
    both: tuple[UnigramTokeniser, Tokenizer], text: str
) -> None:
    assert same(both, text)


def test_real_texts(both: tuple[UnigramTokeniser, Tokenizer]) -> None:
    found = list(islice(texts(), 3000))
    assert len(found) > 50
    assert [text for text in found if not same(both, text)] == []


@given(
    st.text(st.characters(codec="utf-8"), max_size=60)
    | st.text("aàeé'’ œ·\u0301\u202f1,<s>▁", max_size=80)
)
def test_any_text(both: tuple[UnigramTokeniser, Tokenizer], text: str) -> None:
    assert same(both, text)


@given(st.text("lechatqury мирβ世界 ?,é", max_size=40))
def test_a_vocabulary_with_little_in_it(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "little"
    folder.mkdir(exist_ok=True)
    write_tokeniser(folder, unigram())
    ready = open_tokeniser(folder)
    assert isinstance(ready, UnigramTokeniser)
    assert same((ready, unigram()), text)


def test_other_kinds_stay_the_library_s(tmp_path: Path) -> None:
    write_tokeniser(tmp_path, wordpiece())
    assert isinstance(open_tokeniser(tmp_path), Tokenizer)
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer.json"]


def test_a_vocabulary_with_a_piece_twice_stays_the_library_s(tmp_path: Path) -> None:
    pieces = [("<unk>", 0.0), ("a", -1.0), ("b", -2.0), ("b", -3.0)]
    tokeniser = Tokenizer(Unigram(pieces, unk_id=0))
    tokeniser.pre_tokenizer = Metaspace()
    write_tokeniser(tmp_path, tokeniser)
    assert isinstance(open_tokeniser(tmp_path), Tokenizer)


@pytest.mark.parametrize(
    ("name", "content"), [("pieces.npy", "a"), ("words.json", "{"), ("scores.npy", "x")]
)
def test_damage_does_not_pass(tmp_path: Path, name: str, content: str) -> None:
    write_tokeniser(tmp_path, unigram())
    (tmp_path / name).write_text(content, encoding="ascii")
    with pytest.raises((ValueError, EOFError, KeyError)):
        open_tokeniser(tmp_path)


def test_it_takes_a_tenth_of_the_memory(folder: Path) -> None:
    def megabytes(opening: str) -> int:
        code = (
            "import sys; from pathlib import Path; from tokenizers import Tokenizer\n"
            "from index.encoder.unigram import open_tokeniser\n"
            f"kept = {opening}\nprint(open('/proc/self/status').read())"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True,
            cwd=Path(__file__).parents[3],
        )  # fmt: skip
        found = re.search(r"VmRSS:\s+(\d+)", done.stdout)
        assert found is not None
        return int(found[1]) // 1024

    nothing = megabytes("None")
    library = megabytes("Tokenizer.from_file(sys.argv[1] + '/tokenizer.json')")
    ready = megabytes("open_tokeniser(Path(sys.argv[1]))")
    assert 10 * (ready - nothing) < library - nothing
