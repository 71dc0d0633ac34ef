"""Reading: files as they come, and what is said of those that cannot be read."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

from documents import reading
from documents.discovery import discover
from documents.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    InvalidFrontMatter,
    NothingReadable,
    UndecodableDocument,
    UnreadableDocument,
    UnsupportedFormat,
)
from documents.formats.registry import FORMATS
from documents.identifiers import assign_identifiers
from documents.notices import NoticeKind
from documents.reading import Reader, Reading, read_document, read_documents
from tests.documents.formats.office_files import STAFF_CSV, rules_odt


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_text_is_verbatim_and_header_is_used(tmp_path: Path) -> None:
    header = "---\r\ntitle: Été\r\nlanguage: fr\r\nsource_url: https://x.org/a\r\n---\r\n"
    document = read_document(write(tmp_path / "a.txt", header + "\r\nUn  mot.\r\n"))
    assert document.text == "\r\nUn  mot.\r\n"
    assert (document.title, document.language) == ("Été", "fr")
    assert document.source_url == "https://x.org/a"
    assert document.sha256 == hashlib.sha256(b"\r\nUn  mot.\r\n").hexdigest()
    [section] = document.sections
    assert [document.text[slice(*p)] for p in section.paragraphs] == ["Un  mot."]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_is_left_out(tmp_path: Path, bom: bytes) -> None:
    document = read_document(write(tmp_path / "a.md", bom + b"---\ntitle: T\n---\nText."))
    assert (document.title, document.text) == ("T", "Text.")


def test_title_is_the_texts_own_then_the_files_name(tmp_path: Path) -> None:
    assert read_document(write(tmp_path / "a.md", "# Own\n\nText.")).title == "Own"
    assert read_document(write(tmp_path / "a.txt", "Own\n\nText.")).title == "Own"
    assert read_document(write(tmp_path / "e\u0301t.md", "Text.")).title == "ét"
    assert read_document(write(tmp_path / os.fsdecode(b"a\xff.md"), "Text.")).title == "a\ufffd"


def test_language_is_detected_only_if_not_stated(tmp_path: Path) -> None:
    stated = write(tmp_path / "a.md", "---\nlanguage: en-CA\n---\nText.")
    silent = write(tmp_path / "b.md", "Texte.")
    seen: list[str] = []

    def detect(text: str) -> str:
        seen.append(text)
        return "fr"

    assert read_document(stated, detect=detect).language == "en"
    assert read_document(silent, detect=detect).language == "fr"
    assert seen == ["Texte."]
    assert read_document(silent).language == "und"


def refused(path: Path, error: type[DocumentError]) -> str:
    with pytest.raises(error) as caught:
        read_document(path)
    assert str(caught.value).startswith(str(path))
    return str(caught.value)


def test_what_is_no_text_names_byte_and_offset(tmp_path: Path) -> None:
    latin = refused(write(tmp_path / "a.txt", b"\xef\xbb\xbfab\xe9"), UndecodableDocument)
    assert "byte 0xE9 at offset 5" in latin
    assert "iconv" in latin
    utf16 = refused(write(tmp_path / "b.txt", b"\xff\xfea\0b"), UndecodableDocument)
    assert "not UTF-16 text: byte 0x62 at offset 4" in utf16
    nul = refused(write(tmp_path / "c.txt", "é\0a"), UndecodableDocument)
    assert "byte 0x00 at offset 2" in nul


FRENCH = "« L’été », dit-elle : 5 €, un cœur.\n"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize(
    ("text", "encoding", "detail"),
    [
        (FRENCH, "utf-8", None),
        (FRENCH, "utf-8-sig", None),
        (FRENCH, "utf-16", None),
        ("\ufeff" + FRENCH, "utf-16-be", None),
        ("\ufeff" + FRENCH, "utf-32-le", None),
        (FRENCH, "windows-1252", "windows-1252"),
        ("L'été à Québec.", "latin-1", "iso-8859-1"),
    ],
)
def test_encodings(tmp_path: Path, name: str, text: str, encoding: str, detail: str | None) -> None:
    document = read_document(write(tmp_path / name, text.encode(encoding)))
    assert document.text.strip() == text.strip("\ufeff\n")
    assert [(n.kind, n.detail) for n in document.notices] == (
        [(NoticeKind.DECODED_AS, detail)] if detail else []
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"\x81\xe9t\xe9",
        "Ð¿Ñ€Ð¸Ð²ÐµÑ‚".encode("utf-16-le"),
        "Привет".encode("koi8-r"),
        "été".encode("cp437"),
        b"\xe9\x01\x02",
    ],
)
def test_what_is_neither_french_nor_english_is_not_guessed(tmp_path: Path, raw: bytes) -> None:
    refused(write(tmp_path / "a.txt", raw), UndecodableDocument)


def test_unreadable_paths(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "none.md", UnreadableDocument)
    assert "not a file" in refused(tmp_path, UnreadableDocument)
    assert "too long" in refused(tmp_path / ("a" * 999 + ".md"), UnreadableDocument)
    assert "null" in refused(tmp_path / "a\0.md", UnreadableDocument)


def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert "not a file" in refused(tmp_path / "pipe.md", UnreadableDocument)


def test_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "a.md", "Text.")
    monkeypatch.setattr(Path, "open", forbid)
    assert "Permission denied" in refused(path, UnreadableDocument)


def test_size_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 2**20)
    assert read_document(write(tmp_path / "a.txt", b"a" * 2**20)).text == "a" * 2**20
    assert "1 MiB" in refused(write(tmp_path / "b.txt", b"a" * (2**20 + 1)), UnreadableDocument)


def test_unsupported_format_lists_the_supported(tmp_path: Path) -> None:
    message = refused(write(tmp_path / "a.zip", "x"), UnsupportedFormat)
    assert ", ".join(sorted(FORMATS)) in message


@pytest.mark.parametrize("content", ["", " \r\n\u00a0\n", "---\ntitle: T\n---\n", "![a](b.png)\n"])
def test_empty_document(tmp_path: Path, content: str) -> None:
    refused(write(tmp_path / "a.md", content), EmptyDocument)


def test_header_error_names_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", "---\ntitle: T\nnonsense\n---\nText.")
    assert f"{path}: line 3" in refused(path, InvalidFrontMatter)


def test_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    assert read_document(write(tmp_path / "A.MD", "# T\n\nText.")).title == "T"


def test_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "Text.")
    write(tmp_path / "b.md", b"\x81")
    write(tmp_path / "c.txt", "")
    write(tmp_path / "d.pdf", "%PDF-1.7 cut")
    write(tmp_path / "e.txt", "Mot.")
    reading = read_documents([tmp_path])
    assert [d.id for d in reading.documents] == ["a", "e"]
    assert [(p.path.name, type(p.error)) for p in reading.problems] == [
        ("b.md", UndecodableDocument),
        ("c.txt", EmptyDocument),
        ("d.pdf", DamagedDocument),
    ]
    reading.require_documents()


def test_without_a_document_the_problems_are_the_error(tmp_path: Path) -> None:
    first = write(tmp_path / "a.md", "")
    with pytest.raises(EmptyDocument, match=re.escape("a.md")):
        read_documents([first]).require_documents()
    write(tmp_path / "b.md", "")
    with pytest.raises(NothingReadable, match=r"(?s)none of the 2 files.*a\.md.*b\.md"):
        read_documents([tmp_path]).require_documents()
    assert read_documents([]) == Reading((), ())


def test_a_folder_of_nothing_but_other_formats_says_so(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip", "c"):
        write(tmp_path / name, "x")
    reading = read_documents([tmp_path])
    assert reading.passed_over == {".zip": 2, "": 1}
    with pytest.raises(NothingReadable, match=re.escape("of others: .zip 2, (no suffix) 1")):
        reading.require_documents()
    write(tmp_path / "d.md", "Text.")
    read_documents([tmp_path]).require_documents()


def test_office_files_and_tables_of_a_folder_are_read_and_the_old_one_is_counted(
    tmp_path: Path,
) -> None:
    write(tmp_path / "n.md", "Text.")
    write(tmp_path / "contrat.odt", rules_odt())
    write(tmp_path / "liste.csv", STAFF_CSV)
    write(tmp_path / "vieux.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    reading = read_documents([tmp_path])
    assert [document.id for document in reading.documents] == ["contrat", "liste", "n"]
    assert (reading.passed_over, reading.problems) == ({".doc": 1}, ())


def test_properties_of_the_file_count_where_the_text_does_not_tell(tmp_path: Path) -> None:
    path = write(tmp_path / "a.html", "<html lang=fr-CA><p>Oui.")
    assert read_document(path).language == "fr"
    assert read_document(path, detect=lambda _: "und").language == "fr"
    assert read_document(path, detect=lambda _: "en").language == "en"


def test_identifiers_are_relative_to_the_named_folder(tmp_path: Path) -> None:
    write(tmp_path / "docs" / "sub" / "a.md", "Text.")
    single = write(tmp_path / "notes" / "b.txt", "Text.")
    documents = read_documents([tmp_path / "docs", single]).documents
    assert [d.id for d in documents] == ["sub-a", "b"]


def test_identifiers_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "sub" / "a.md", "Text.")
    monkeypatch.chdir(tmp_path)
    assert [d.id for d in read_documents([Path()], detect=lambda _: "en").documents] == ["sub-a"]
    assert read_document(Path("sub/a.md"), Path()).id == "sub-a"


def test_identifiers_never_collide(tmp_path: Path) -> None:
    for name in ("x/a.md", "x/a.txt", "y/a.md"):
        write(tmp_path / name, "Text.")
    ids = [d.id for d in read_documents([tmp_path / "x", tmp_path / "y"]).documents]
    assert len(set(ids)) == 3
    assert all(re.fullmatch("a-[0-9a-f]{12}", name) for name in ids)


def test_documents_are_read_one_at_a_time(tmp_path: Path) -> None:
    for name, text in (("a", "Premier texte."), ("b", ""), ("c", "Troisième texte.")):
        write(tmp_path / f"{name}.txt", text)
    found = discover([tmp_path])
    reader = Reader(found, lambda text: "fr" if "Premier" in text else "und")
    read = (reader.document(*named) for named in assign_identifiers(found.files).items())
    first = next(read)
    assert first is not None
    assert (first.id, reader.read, reader.problems) == ("a", {"a": "fr"}, [])
    assert [d and d.id for d in read] == [None, "c"]
    assert reader.read == {"a": "fr", "c": "und"}
    assert [p.document_id for p in reader.problems] == ["b"]
