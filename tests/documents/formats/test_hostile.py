"""Hostile and damaged files end in a ``DocumentError``, in bounded time and memory."""

from __future__ import annotations

import io
import json
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

from documents.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    UndecodableDocument,
    UnreadableDocument,
    UnsafeDocument,
)
from documents.formats import archive
from documents.formats.html import read_html
from documents.formats.registry import FORMATS
from documents.reading import read_document
from tests.documents.formats.docx.word_files import p, word_file
from tests.documents.formats.format_files import (
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
from tests.documents.formats.office_files import (
    JSON_LINES,
    RULES_RTF,
    STAFF_CSV,
    deck_odp,
    deck_pptx,
    message,
    rules_odt,
    staff_ods,
    staff_workbook,
)

WHOLE = {
    ".html": HTML.encode(),
    ".pdf": french_pdf(bookmarks=True),
    ".docx": french_docx(),
    ".epub": french_epub(),
    ".csv": STAFF_CSV.encode(),
    ".json": json.dumps([{"nom": "Gisèle"}]).encode(),
    ".jsonl": JSON_LINES.encode(),
    ".xlsx": staff_workbook(),
    ".ods": staff_ods(),
    ".odt": rules_odt(),
    ".odp": deck_odp(),
    ".pptx": deck_pptx(),
    ".rtf": RULES_RTF.encode(),
    ".eml": message(),
}
PACKAGES = {
    ".docx": "word/styles.xml", ".epub": "OEBPS/texte/un.xhtml", ".xlsx": "xl/workbook.xml",
    ".ods": "content.xml", ".odt": "styles.xml", ".odp": "content.xml",
    ".pptx": "ppt/presentation.xml",
}  # fmt: skip
"""The archives, and a part that each of them is read by."""
STREAMS = {".html", ".pdf", ".csv", ".jsonl", ".rtf", ".eml"}
"""Of these, what is there of a file that was cut can still be read."""
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


@pytest.mark.parametrize("suffix", sorted(PACKAGES))
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


@pytest.mark.parametrize("suffix", [*sorted(PACKAGES), ".html", ".xhtml"])
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
    raw = with_part(WHOLE[suffix], PACKAGES[suffix], page.encode())
    refused(tmp_path, f"a{suffix}", raw, UnsafeDocument)


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
            assert suffix in STREAMS, at


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
    for suffix in (".xlsx", ".ods", ".odt", ".odp", ".pptx", ".rtf", ".msg", ".json"):
        error = UndecodableDocument if suffix == ".json" else DamagedDocument
        refused(tmp_path, f"a{suffix}", french_docx(), error)


def test_protected_files_say_so(tmp_path: Path) -> None:
    import fpdf

    file = fpdf.FPDF()
    file.set_encryption(owner_password="a", user_password="b")  # noqa: S106
    file.add_page()
    assert "password" in refused(tmp_path, "a.pdf", bytes(file.output()), UnreadableDocument)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
    for suffix in (".docx", ".xlsx", ".pptx"):
        assert "password" in refused(tmp_path, f"a{suffix}", ole, UnreadableDocument)
    sealed = with_part(rules_odt(), "META-INF/manifest.xml", b"<m><encryption-data/></m>")
    for suffix in (".odt", ".ods", ".odp"):
        assert "password" in refused(tmp_path, f"a{suffix}", sealed, UnreadableDocument)
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
    ("head", "part", "count"),
    [
        ("<ol>", "<li>a", 4_000),
        ("<ul>", "<li><a href=x>b</a>", 4_000),
        ("<table>", "<tr><td>a<td>b", 3_000),
        ("<div class=menu>" * 1000, "<p>mot ", 3_000),
        ("<p>", "<b>a</b><br>", 3_000),
        ("", "<", 200_000),
        ("<p ", "a='b' ", 40_000),
        ("<p>", "\u00a0 ", 200_000),
        ("", "<button aria-expanded=x>a</button><div hidden>b</div>", 2_000),
        ("<div role=tabpanel hidden class=tab>" * 500, "<p>mot ", 2_000),
        ("<p id=n>", "<p>a<sup><a href=#n>1</a></sup>", 2_000),
        ("<table>", "<tr><td rowspan=9999 colspan=50>abc", 1_000),
        ("<table><tr><th>a" * 300, "<tr><td>b", 2_000),
    ],
)
def test_wide_pages_take_time_in_proportion(head: str, part: str, count: int) -> None:
    whole, quarter = (_seconds(f"{head}{part * times}>mot") for times in (count, count // 4))
    # Four times the page takes four times the time; sixteen times, if each part met all others.
    assert whole < max(8 * quarter, 0.1)


def _seconds(page: str) -> float:
    """Return the process time of reading a page, the least of two."""
    taken = []
    for _ in range(2):
        start = time.process_time()
        with suppress(DocumentError):
            read_html(page.encode(), "a.html")
        taken.append(time.process_time() - start)
    return min(taken)


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


@pytest.mark.parametrize("outer", ["w:ins", "w:sdt", "w:hyperlink", "w:r", "w:pict"])
def test_word_documents_that_nest_deeply(tmp_path: Path, outer: str) -> None:
    path, run = tmp_path / "a.docx", "<w:r><w:t>mot</w:t></w:r>"
    for depth in (200, 300):
        inner = f"{f'<{outer}>' * depth}{run}{f'</{outer}>' * depth}"
        path.write_bytes(word_file(f"<w:p>{inner}</w:p>"))
        if depth == 200:
            assert read_document(path).text == "mot"
        else:
            refused(tmp_path, "a.docx", path.read_bytes(), DamagedDocument)


def test_tables_in_tables_and_styles_based_on_each_other(tmp_path: Path) -> None:
    cell, depth = "<w:tc>{}</w:tc><w:tc/>", 80
    table = p("mot")
    for _ in range(depth):
        table = f"<w:tbl><w:tr>{cell.format(table)}</w:tr></w:tbl>"
    path = tmp_path / "a.docx"
    path.write_bytes(word_file(table))
    assert read_document(path).text == "mot |"
    loop = "<w:style w:type='paragraph' w:styleId='{0}'><w:basedOn w:val='{1}'/></w:style>"
    styles = "".join(loop.format(n, (n + 1) % depth) for n in range(depth))
    body = "".join(p("mot", f"<w:pStyle w:val='{n}'/>") for n in range(depth))
    path.write_bytes(word_file(body, {"styles.xml": styles}))
    assert read_document(path).text.count("mot") == depth


def test_a_label_of_a_list_cannot_fill_the_memory(tmp_path: Path) -> None:
    level = (
        f"<w:lvl w:ilvl='0'><w:start w:val='999999'/><w:lvlText w:val='{'%1' * 50_000}'/></w:lvl>"
    )
    numbering = f"<w:abstractNum w:abstractNumId='0'>{level}</w:abstractNum>"
    numbering += "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
    own = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>"
    path = tmp_path / "a.docx"
    path.write_bytes(word_file(p("x", own) * 100, {"numbering.xml": numbering}))
    assert len(read_document(path).text) < 100 * 200
