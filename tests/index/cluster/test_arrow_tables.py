"""What travels between machines arrives as it was sent."""

from __future__ import annotations

from dataclasses import replace

from documents.chunking import ChunkSettings, chunk
from documents.notices import Notice, NoticeKind
from index.cluster.arrow_tables import ChunkedDocument, chunked_table, table_chunked
from tests.fakes import FRENCH, FakeEncoder


def test_a_document_arrives_with_its_passages_and_notices() -> None:
    notices = (Notice(NoticeKind.PAGES_WITHOUT_TEXT, "2, « 3 »"),)
    noted = replace(FRENCH, pages=(0, 5), notices=notices)
    cut = ChunkedDocument(noted, chunk(noted, FakeEncoder().count_tokens, ChunkSettings(budget=6)))
    assert table_chunked(chunked_table("french", cut)) == [("french", cut)]
    assert table_chunked(chunked_table("french", None)) == [("french", None)]
