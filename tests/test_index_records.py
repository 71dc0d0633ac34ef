"""Documents and passages as a generation keeps them: what is written is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from documents.chunking import ChunkSettings, chunk
from index.errors import CorruptIndex
from index.records import read_documents, read_passages, write_documents, write_passages
from tests.fakes import ENGLISH, FRENCH, FakeEncoder

PAGED = replace(FRENCH, id="paged", pages=(0, 5, 5, 40))


def test_documents_come_back_as_they_were(tmp_path: Path) -> None:
    write_documents(tmp_path / "d", [FRENCH, ENGLISH, PAGED])
    assert read_documents(tmp_path / "d") == [FRENCH, ENGLISH, PAGED]


def test_passages_come_back_as_they_were(tmp_path: Path) -> None:
    passages = chunk(PAGED, FakeEncoder().count_tokens, ChunkSettings())
    write_passages(tmp_path / "p", passages)
    assert read_passages(tmp_path / "p", {PAGED.id: PAGED}) == passages


def test_a_document_without_pages_is_of_another_schema(tmp_path: Path) -> None:
    write_documents(tmp_path / "d", [PAGED])
    content = (tmp_path / "d").read_text().replace("pages", "leaves")
    (tmp_path / "d").write_text(content)
    with pytest.raises(CorruptIndex, match="pages"):
        read_documents(tmp_path / "d")
