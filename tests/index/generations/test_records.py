"""Documents and passages as a generation keeps them: what is written is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from documents.chunking import ChunkSettings, chunk
from documents.notices import Notice, NoticeKind
from documents.types import Document, Passage
from index.errors import CorruptIndex, IndexingError
from index.generations.record_writer import write_records
from index.generations.records import Records
from tests.fakes import ENGLISH, FRENCH, FakeEncoder

NOTICE = Notice(NoticeKind.PAGES_WITHOUT_TEXT, "2, « 3 »")
PAGED = replace(FRENCH, id="paged", pages=(0, 5, 5, 40), notices=(NOTICE, NOTICE))


def cut(*documents: Document) -> list[tuple[Document, list[Passage]]]:
    return [(d, chunk(d, FakeEncoder().count_tokens, ChunkSettings(budget=6))) for d in documents]


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return write_records(tmp_path, cut(FRENCH, ENGLISH, PAGED))[0]


def test_documents_come_back_as_they_were(records: Records) -> None:
    assert list(records.documents.values()) == [FRENCH, ENGLISH, PAGED]
    assert list(records.documents) == ["french", "english", "paged"]
    assert records.documents["english"] == ENGLISH
    assert "english" in records.documents
    assert "other" not in records.documents
    with pytest.raises(KeyError, match="other"):
        records.documents["other"]


def test_passages_come_back_as_they_were(records: Records) -> None:
    passages = [p for _, found in cut(FRENCH, ENGLISH, PAGED) for p in found]
    assert list(records.passages) == passages
    assert records.passages[2:4] == passages[2:4]
    assert records.passages[np.int64(1)] == passages[1]  # type: ignore[call-overload] # as rows are
    assert records.passages[-1] == passages[-1]
    with pytest.raises(IndexError):
        records.passages[len(passages)]


def test_two_documents_of_one_identifier_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexingError, match="two documents have the identifier 'french'"):
        write_records(tmp_path, cut(FRENCH, ENGLISH, replace(ENGLISH, id="french")))


def test_what_leads_a_paragraph_comes_back(tmp_path: Path) -> None:
    [section] = ENGLISH.sections
    led = replace(section, leads=((), (section.paragraphs[0],)))
    found = cut(replace(ENGLISH, sections=(led,)), FRENCH)
    read = write_records(tmp_path, found)[0]
    assert list(read.documents.values()) == [document for document, _ in found]
    assert list(read.passages) == [passage for _, passages in found for passage in passages]
    assert read.passages[1].leads == (section.paragraphs[0],)


def test_the_passages_of_a_document_stand_together(records: Records) -> None:
    for name in ("french", "english", "paged"):
        rows = records.documents.rows(name)
        assert {records.passages[row].document_id for row in rows} == {name}
    assert sum(len(records.documents.rows(n)) for n in records.documents) == len(records.passages)
    with pytest.raises(KeyError):
        records.documents.rows("other")


def test_languages_are_numbered_in_the_order_of_their_codes(tmp_path: Path) -> None:
    records, languages = write_records(tmp_path, cut(FRENCH, replace(ENGLISH, language="en")))
    numbered = [*records.passages, *records.above]
    expected = [{"en": 0, "fr": 1}[p.language] for p in numbered]
    assert languages.tolist() == expected


def test_digests_tell_passages_with_other_vectors_apart(tmp_path: Path) -> None:
    again = replace(FRENCH, id="again")
    titled = replace(FRENCH, id="titled", title="Other")
    english = replace(FRENCH, id="english", language="en")
    texts = write_records(tmp_path, cut(FRENCH, again, english, titled))[0].passages.texts.tolist()
    size = len(texts) // 4
    first, second, *others = (texts[at : at + size] for at in range(0, len(texts), size))
    assert first == second
    assert not {*map(tuple, first)} & {tuple(text) for other in others for text in other}


def test_a_document_whose_text_is_not_what_it_was_is_never_returned(
    records: Records, tmp_path: Path
) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Le chat dort", b"Le chat mord"))
    damaged = Records.open(tmp_path)
    assert records.documents["english"] == damaged.documents["english"]
    for read in (lambda: damaged.documents["french"], lambda: damaged.passages[0]):
        with pytest.raises(CorruptIndex, match="sha256 is not that of its text"):
            read()


def test_two_identifiers_that_share_a_key_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("index.generations.records", "index.generations.record_writer"):
        monkeypatch.setattr(f"{module}.key", lambda _: 7)
    documents = write_records(tmp_path, cut(FRENCH, ENGLISH))[0].documents
    assert [documents[name].id for name in ("english", "french")] == ["english", "french"]
    assert "other" not in documents


def test_a_document_without_pages_is_of_another_schema(tmp_path: Path) -> None:
    write_records(tmp_path, cut(PAGED))
    path = tmp_path / "documents.jsonl"
    path.write_text(path.read_text().replace("pages", "leaves"))
    with pytest.raises(CorruptIndex, match="pages"):
        list(Records.open(tmp_path).documents.values())


def test_a_notice_of_an_unknown_kind_is_damage(tmp_path: Path) -> None:
    write_records(tmp_path, cut(PAGED))
    path = tmp_path / "documents.jsonl"
    path.write_text(path.read_text().replace(NOTICE.kind, "pages-with-a-text!"))
    with pytest.raises(CorruptIndex, match="pages-with-a-text"):
        list(Records.open(tmp_path).documents.values())


def test_tables_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    write_records(tmp_path, cut(FRENCH))
    path = tmp_path / "records" / "keys.npy"
    np.save(path, np.zeros(2, dtype=np.uint64))
    with pytest.raises(CorruptIndex, match="run `qa index` again"):
        Records.open(tmp_path)
