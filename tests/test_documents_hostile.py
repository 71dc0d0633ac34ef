"""Hostile and damaged files end in a ``DocumentError``, in bounded time and memory."""

from __future__ import annotations

import io
import random
import struct
import time
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import archive
from documents.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    UndecodableDocument,
    UnreadableDocument,
    UnsafeDocument,
)
from documents.formats import FORMATS
from documents.reading import read_document
from tests.format_files import (
    CONTAINER,
    HTML,
    PACKAGE,
    french_docx,
    french_epub,
    french_pdf,
    pdf,
    unzipped,
    zipped,
)

WHOLE = {
    ".html": HTML.encode(),
    ".pdf": french_pdf(bookmarks=True),
    ".docx": french_docx(),
    ".epub": french_epub(),
}
LAUGHS = "<!DOCTYPE w [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(12)
)
PRIVATE = "what another file of this machine says"


def refused(folder: Path, name: str, content: bytes, error: type[DocumentError]) -> str:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert type(caught.value) is error
    assert str(caught.value).startswith(str(path))
    return str(caught.value)


def with_part(raw: bytes, name: str, content: bytes) -> bytes:
    return zipped({**unzipped(raw), name: content})


@pytest.mark.parametrize("suffix", [".docx", ".epub"])
def test_a_bomb_is_not_unpacked(tmp_path: Path, suffix: str) -> None:
    bomb = with_part(WHOLE[suffix], "word/bomb.xml", b" " * (archive.MAX_MARKUP + 1))
    assert len(bomb) < 2**20
    tracemalloc.start()
    said = refused(tmp_path, f"a{suffix}", bomb, UnsafeDocument)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "more than is safe" in said
    assert peak < 8 * 2**20


def test_a_bomb_that_lies_about_its_size_is_cut(tmp_path: Path) -> None:
    bomb = bytearray(with_part(french_epub(), "OEBPS/texte/un.xhtml", b" " * (64 * 2**20)))
    for at in range(len(bomb)):
        if bomb[at : at + 4] == struct.pack("<I", 64 * 2**20):
            bomb[at : at + 4] = struct.pack("<I", 1000)
    said = refused(tmp_path, "a.epub", bytes(bomb), DamagedDocument)
    assert "un.xhtml" in said


def test_too_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 5)
    assert "6 parts" in refused(tmp_path, "a.epub", french_epub(), UnsafeDocument)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_billion_laughs(tmp_path: Path, encoding: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{encoding}'?>"
    document = unzipped(french_docx())["word/document.xml"].decode().split("?>", 1)[1]
    laughing = f"{declaration}{LAUGHS}]>{document.replace('Lire', '&m;')}".encode(encoding)
    raw = with_part(french_docx(), "word/document.xml", laughing)
    assert "entities" in refused(tmp_path, "a.docx", raw, UnsafeDocument)
    package = f"{declaration}{LAUGHS}]>{PACKAGE.split('?>', 1)[1]}".encode(encoding)
    raw = with_part(french_epub(), "OEBPS/livre.opf", package)
    assert "entities" in refused(tmp_path, "a.epub", raw, UnsafeDocument)


@pytest.mark.parametrize("suffix", [".docx", ".epub", ".html", ".xhtml"])
def test_nothing_outside_of_the_file_is_read(tmp_path: Path, suffix: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(PRIVATE)
    head = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    page = f'{head}<html><p>Un texte &x; <img src="{secret.as_uri()}"></p></html>'
    if suffix in {".html", ".xhtml"}:
        path = tmp_path / f"a{suffix}"
        path.write_text(page)
        assert PRIVATE not in read_document(path).text
        return
    member = {".docx": "word/styles.xml", ".epub": "OEBPS/texte/un.xhtml"}[suffix]
    refused(tmp_path, f"a{suffix}", with_part(WHOLE[suffix], member, page.encode()), UnsafeDocument)


@pytest.mark.parametrize(
    "reference",
    ["../../etc/passwd", "/etc/passwd", "..%2F..%2Fetc/passwd", "file:///etc/passwd", "..\\..\\a"],
)
def test_paths_do_not_leave_the_book(tmp_path: Path, reference: str) -> None:
    package = PACKAGE.replace("texte/un.xhtml", reference)
    said = refused(tmp_path, "a.epub", french_epub(package), UnsafeDocument)
    assert "leads out of the file" in said
    container = CONTAINER.replace("OEBPS/livre.opf", reference)
    refused(tmp_path, "b.epub", french_epub(container=container), UnsafeDocument)


@pytest.mark.parametrize("suffix", sorted(WHOLE))
def test_files_cut_short(tmp_path: Path, suffix: str) -> None:
    whole = WHOLE[suffix]
    path = tmp_path / f"a{suffix}"
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:at])
        try:
            read_document(path)
        except DocumentError as error:
            assert str(error).startswith(str(path))
        else:
            assert suffix in {".html", ".pdf"}, at  # what is there can still be read


@pytest.mark.parametrize("suffix", sorted(WHOLE))
def test_files_with_flipped_bytes(tmp_path: Path, suffix: str) -> None:
    path, dice = tmp_path / f"a{suffix}", random.Random(7)  # noqa: S311
    for _ in range(60):
        damaged = bytearray(WHOLE[suffix])
        for _ in range(dice.randrange(1, 40)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        path.write_bytes(damaged)
        try:
            document = read_document(path)
        except DocumentError as error:
            assert str(error).startswith(str(path))
        else:
            assert document.text.encode()


@given(raw=st.binary(max_size=200), suffix=st.sampled_from(sorted(FORMATS)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes(tmp_path: Path, raw: bytes, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    magic = {".pdf": b"%PDF-1.7\n", ".docx": b"PK\x03\x04", ".epub": b"PK\x03\x04"}
    for content in (raw, magic.get(suffix, b"<p>") + raw):
        path.write_bytes(content)
        try:
            document = read_document(path)
        except DocumentError as error:
            assert str(error).startswith(str(path))
        else:
            assert document.sections


def test_another_format_under_this_suffix(tmp_path: Path) -> None:
    refused(tmp_path, "a.pdf", french_docx(), DamagedDocument)
    refused(tmp_path, "a.docx", french_pdf(), DamagedDocument)
    refused(tmp_path, "a.docx", french_epub(), DamagedDocument)
    refused(tmp_path, "a.epub", french_docx(), DamagedDocument)
    refused(tmp_path, "a.html", french_docx(), UndecodableDocument)


def test_protected_files_say_so(tmp_path: Path) -> None:
    import fpdf

    file = fpdf.FPDF()
    file.set_encryption(owner_password="a", user_password="b")  # noqa: S106
    file.add_page()
    assert "password" in refused(tmp_path, "a.pdf", bytes(file.output()), UnreadableDocument)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
    assert "password" in refused(tmp_path, "a.docx", ole, UnreadableDocument)
    encrypted = (
        b"<encryption xmlns='urn:oasis:names:tc:opendocument:xmlns:container'>"
        b"<EncryptedData xmlns='http://www.w3.org/2001/04/xmlenc#'><CipherData>"
        b"<CipherReference URI='OEBPS/texte/un.xhtml'/></CipherData></EncryptedData></encryption>"
    )
    book = with_part(french_epub(), "META-INF/encryption.xml", encrypted)
    assert "encrypted" in refused(tmp_path, "a.epub", book, DamagedDocument)


def test_pages_without_text_may_be_scans(tmp_path: Path) -> None:
    said = refused(tmp_path, "a.pdf", pdf([[], []]), EmptyDocument)
    assert "2 pages" in said
    assert "ocrmypdf" in said


@pytest.mark.parametrize("content", ["", "<!-- a -->", "<html><body></body>", "<script>a</script>"])
def test_pages_of_nothing(tmp_path: Path, content: str) -> None:
    refused(tmp_path, "a.html", content.encode(), EmptyDocument)


def test_deep_nesting(tmp_path: Path) -> None:
    for tag in ("div", "ul><li", "table><tr><td", "b", "blockquote"):
        page = f"<{tag}>" * 100_000 + "mot"
        said = refused(tmp_path, "a.html", page.encode(), DamagedDocument)
        assert "nested deeper" in said
    path = tmp_path / "b.html"
    path.write_text("<div>" * 1000 + "<p>Un mot.</p>" + "</div>" * 1000)
    assert read_document(path).text == "Un mot."


@pytest.mark.parametrize(
    "page",
    [
        "<ol>" + "<li>a" * 100_000,
        "<ul>" + "<li><a href=x>b</a>" * 50_000,
        "<table>" + "<tr><td>a<td>b" * 50_000,
        "<div class=menu>" * 1000 + "<p>mot " * 20_000,
        "<p>" + "<b>a</b><br>" * 50_000,
        "<" * 500_000,
        "<p " + "a='b' " * 100_000 + ">mot",
        "<p>" + "\u00a0 " * 500_000,
    ],
)
def test_wide_pages_take_time_in_proportion(tmp_path: Path, page: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(page)
    start = time.process_time()
    with suppress(DocumentError):
        read_document(path)
    assert time.process_time() - start < 10


def test_a_loop_of_styles_ends(tmp_path: Path) -> None:
    parts = unzipped(french_docx())
    styles = parts["word/styles.xml"].decode()
    loop = styles.replace('<w:basedOn w:val="Normal"/>', '<w:basedOn w:val="ListBullet"/>')
    path = tmp_path / "a.docx"
    path.write_bytes(with_part(french_docx(), "word/styles.xml", loop.encode()))
    assert "Lire" in read_document(path).text


def test_zip_of_the_same_name_twice(tmp_path: Path) -> None:
    stream = io.BytesIO(french_docx())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(stream, "a") as twice:
        twice.writestr("word/document.xml", b"<w/>")
    refused(tmp_path, "a.docx", stream.getvalue(), DamagedDocument)
