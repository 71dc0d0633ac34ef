"""Packages: Strict Open XML, macro-enabled documents, and those that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.errors import DamagedDocument
from documents.formats.docx.reader import read_docx
from documents.formats.registry import FORMATS
from documents.reading import read_document
from tests.documents.formats.docx.word_files import p, word_file
from tests.documents.formats.format_files import unzipped, zipped

HEADING = "<w:pStyle w:val='T'/>"
STYLES = "<w:style w:type='paragraph' w:styleId='T'><w:name w:val='heading 1'/></w:style>"


def strict(raw: bytes) -> bytes:
    """Return a document in the names of Strict Open XML, which Word writes if it is asked to."""
    schemas = b"http://schemas.openxmlformats.org/"
    return zipped(
        {
            name: content.replace(b"/2006/", b"/").replace(schemas, b"http://purl.oclc.org/ooxml/")
            if name != "_rels/.rels"
            else content.replace(
                schemas + b"officeDocument/2006", b"http://purl.oclc.org/ooxml/officeDocument"
            )
            for name, content in unzipped(raw).items()
        }
    )


def test_strict_documents_are_read_like_others() -> None:
    note = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    body = p("Objet", HEADING) + f"<w:p>{p('Vu.')[5:-6]}{note}</w:p>"
    others = {
        "styles.xml": STYLES,
        "footnotes.xml": f"<w:footnote w:id='2'>{p('Bas.')}</w:footnote>",
    }
    raw = word_file(body, others)
    found = read_docx(strict(raw), "a.docx")
    assert found == read_docx(raw, "a.docx")
    assert (found.blocks[0].heading, found.text) == ("Objet", "Objet\n\nVu. [1]\n\n[1] Bas.")


@pytest.mark.parametrize("suffix", [".docx", ".docm", ".dotx", ".dotm"])
def test_macros_and_templates_are_read_without_their_macros(tmp_path: Path, suffix: str) -> None:
    kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    types = b"<Types><Override PartName='/word/document.xml' ContentType='%s'/></Types>" % kind
    parts = unzipped(word_file(p("Vu."), {"vbaProject.bin": b"Sub AutoOpen()"}))
    path = tmp_path / f"a{suffix}"
    path.write_bytes(zipped({**parts, "[Content_Types].xml": types}))
    assert read_document(path).text == "Vu."
    assert suffix in FORMATS


@pytest.mark.parametrize(
    ("rels", "target"),
    [("word/document.xml", "document.xml"), ("/word/document.xml", "/word/Document.xml")],
)
def test_references_from_the_root_and_in_another_case(rels: str, target: str) -> None:
    parts = unzipped(word_file(p("Vu.")))
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", rels.encode())
    name = target.rpartition("/")[2]
    parts[f"word/{name}"] = parts.pop("word/document.xml")
    assert read_docx(zipped(parts), "a.docx").text == "Vu."


def test_a_package_without_a_word_document_says_so() -> None:
    raw = zipped({"xl/workbook.xml": b"<workbook/>"})
    with pytest.raises(DamagedDocument) as refused:
        read_docx(raw, "a.docx")
    said = str(refused.value)
    assert said.startswith("a.docx: there is no Word document in it")
    assert " at 0x" not in said


def test_references_that_lead_out_lead_nowhere() -> None:
    parts = unzipped(word_file(p("Vu."), {"styles.xml": STYLES}))
    listed = "word/_rels/document.xml.rels"
    parts[listed] = parts[listed].replace(b"Target='styles.xml'", b"Target='../../etc/passwd'")
    assert read_docx(zipped(parts), "a.docx").text == "Vu."
