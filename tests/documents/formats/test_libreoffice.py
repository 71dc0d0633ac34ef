"""Old formats through LibreOffice: where it is missing, fails, takes too long, and the real one."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from documents.discovery import Selection, discover
from documents.errors import DamagedDocument, MissingFormat, UnsafeDocument, UnsupportedFormat
from documents.formats import libreoffice
from documents.notices import NoticeKind
from documents.options import ReadingOptions
from documents.reading import read_document, read_documents
from tests.documents.formats.format_files import french_docx

CONVERT = ReadingOptions(convert=True)
COPIES = """
import pathlib, sys
assert pathlib.Path(sys.argv[-1]).read_bytes() == b"old"
out = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
out.mkdir()
(out / "document.docx").write_bytes(pathlib.Path({source!r}).read_bytes())
"""


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an old document, on a machine that has no program at all."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    path = tmp_path / "docs" / "vieux.DOC"
    path.parent.mkdir()
    path.write_bytes(b"old")
    return path


def install(folder: Path, script: str) -> None:
    program = folder / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{script}")
    program.chmod(0o755)


def test_an_old_format_is_read_only_where_people_ask_for_it(old: Path) -> None:
    with pytest.raises(UnsupportedFormat, match="--convert-to docx FILE, or index it with --conv"):
        read_document(old)
    assert discover([old.parent]).passed_over == {".doc": 1}
    found = discover([old.parent], Selection(options=CONVERT))
    assert (list(found.files), found.passed_over) == ([old], {})


def test_without_libreoffice_it_says_what_to_install(old: Path) -> None:
    with pytest.raises(MissingFormat, match="LibreOffice is missing"):
        read_document(old, options=CONVERT)
    [problem] = read_documents([old.parent], selection=Selection(options=CONVERT)).problems
    assert isinstance(problem.error, MissingFormat)


def test_what_it_converts_is_read_as_the_format_it_becomes(old: Path, tmp_path: Path) -> None:
    source = tmp_path / "new.docx"
    source.write_bytes(french_docx())
    install(tmp_path, COPIES.format(source=str(source)))
    document = read_document(old, options=CONVERT)
    assert document.text == read_document(source).text
    assert [(n.kind, n.detail) for n in document.notices][-1] == (NoticeKind.CONVERTED, ".docx")


def test_what_it_cannot_convert_is_damaged(old: Path, tmp_path: Path) -> None:
    install(tmp_path, "raise SystemExit(1)")
    with pytest.raises(DamagedDocument, match="cannot convert it"):
        read_document(old, options=CONVERT)


def test_what_takes_too_long_is_ended(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "import time; time.sleep(60)")
    monkeypatch.setattr(libreoffice, "MAX_SECONDS", 0.2)
    with pytest.raises(UnsafeDocument, match=r"more than 0\.2 s"):
        read_document(old, options=CONVERT)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_real_program(tmp_path: Path) -> None:
    path = tmp_path / "vieux.fodt"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
        "<text:p>Un été.</text:p></office:text></office:body></office:document>",
        encoding="utf-8",
    )
    assert read_document(path, options=CONVERT).text == "Un été."
