"""One bit flipped in each file of a generation, 200 times over."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from documents.chunking import ChunkSettings
from documents.errors import PasserelleError
from documents.reading import read_documents
from index import checking
from index.build.pipeline import build_index
from index.checking import check_contents, damaged_files
from index.errors import IndexingError
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.manifest import Manifest
from qa.answer.service import AskRequest, QAService
from qa.indexes.opening import open_newest
from qa.indexes.updating import ARTICLES
from qa.settings import Settings
from qa.wire.schemas import AnswerOut
from tests.fakes import ENGLISH, FRENCH, FakeEncoder

TIMES = 200
QUESTIONS = [
    AskRequest("Où est le chat du roi ?"),
    AskRequest("the cat and the sea", top_k=20),
    AskRequest("Qui est la présidente de Mila ?", top_k=20),
]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """A generation of real and made documents, and another before it."""
    store = FolderStore(tmp_path / "index")
    documents = [FRENCH, ENGLISH, *read_documents([ARTICLES]).documents]
    build_index(documents[:2], store, FakeEncoder(), settings=ChunkSettings(budget=12))
    build_index(documents, store, FakeEncoder(), settings=ChunkSettings(budget=12))
    return store


@contextmanager
def flipped(path: Path, chance: random.Random) -> Iterator[None]:
    """Flip one bit in place, and flip it back."""
    at, bit = chance.randrange(path.stat().st_size), 1 << chance.randrange(8)
    for _ in _twice(path, at, bit):
        yield


def _twice(path: Path, at: int, bit: int) -> Iterator[None]:
    for last in (False, True):
        with path.open("r+b") as file:
            file.seek(at)
            (byte,) = file.read(1)
            file.seek(at)
            file.write(bytes([byte ^ bit]))
        if not last:
            yield


def flips(folder: Path, seed: int, times: int = TIMES) -> Iterator[Path]:
    """Yield each file of a generation so many times while a random bit of it is flipped."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for _ in range(times):
            with flipped(path, chance):
                yield path


def is_verified(folder: Path) -> bool:
    try:
        return not list(damaged_files(folder, Manifest.read(folder)))
    except IndexingError:
        return False


def test_every_flipped_bit_is_found_by_verify(store: FolderStore) -> None:
    folder = store.current()
    assert is_verified(folder)
    passed = [path for path in flips(folder, 1) if is_verified(folder)]
    assert passed == []
    assert is_verified(folder)  # all are flipped back


def test_every_flipped_bit_of_a_small_index_is_found_at_opening(store: FolderStore) -> None:
    folder = store.current()
    for path in flips(folder, 2):
        with pytest.raises(IndexingError, match=path.name):
            Generation.open(folder)
    Generation.open(folder)


def test_the_generation_before_answers_in_its_place(
    store: FolderStore, capsys: pytest.CaptureFixture[str]
) -> None:
    current, before = store.generations()
    settings = Settings(store.folder, store.folder)
    # The encoder's file is the same on disk in both generations.
    for path in flips(current, 3, times=5):
        if path.parent.name != "encoder":
            opened = open_newest(settings)
            assert opened.generation.id == before.name
            assert path.name in capsys.readouterr().err


def test_a_flipped_bit_of_the_pointer_never_leads_astray(store: FolderStore) -> None:
    names = {folder.name for folder in store.generations()}
    settings = Settings(store.folder, store.folder)
    chance = random.Random(4)  # noqa: S311 - no secret
    for _ in range(TIMES):
        with flipped(store.folder / "current", chance):
            assert open_newest(settings).generation.id in names


def test_what_a_server_answers_from_is_sound_to_the_last_byte_in_an_index_of_any_size(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "READ_AT_OPENING", 0)  # as if no file were small
    settings = Settings(store.folder, store.folder)
    current = store.current().name
    for _ in flips(store.current(), 5, times=10):
        with suppress(IndexingError):
            assert open_newest(settings, check_contents).generation.id != current


def test_a_flipped_bit_that_a_question_to_a_large_index_misses_invents_no_citation(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only sizes are checked, the order of passages may suffer, their texts never do."""
    folder, texts = store.current(), {}
    for document in Generation.open(folder).documents.values():
        texts[document.id] = document
    names = ("late/codes.npy", "dense.faiss")  # the large ones, which are not read at opening
    sizes = {name: (folder / name).stat().st_size for name in names}
    chance = random.Random(6)  # noqa: S311 - no secret
    monkeypatch.setattr(checking, "_smallest", lambda manifest, _: manifest.files.keys() - names)
    for name in sizes:
        for _ in range(TIMES):
            with flipped(folder / name, chance), suppress(PasserelleError):
                service = QAService(Generation.open(folder), FakeEncoder(), threshold=0.0)
                for answer in service.ask_many(QUESTIONS):
                    for passage in AnswerOut.of(answer).passages:
                        cited = passage.citation
                        document = texts[cited.document_id]
                        assert document.sha256 == cited.sha256
                        assert document.text[cited.start : cited.end] == passage.text
