"""Says which module reads which suffix; a format's library is imported with its first file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from documents.errors import MissingFormat, UnsupportedFormat
from documents.formats.conversion import TARGETS, way_out
from documents.formats.decoding import decoded
from documents.formats.extract import Extract
from documents.formats.frontmatter import split_front_matter
from documents.notices import Notice, NoticeKind
from documents.options import USUAL, ReadingOptions
from documents.structure import Block

FormatReader = Callable[[bytes, str], Extract]
"""Reads a file's bytes; its name is for messages. Raises a ``DocumentError``."""


def supported_suffixes(options: ReadingOptions = USUAL) -> frozenset[str]:
    """Return the suffixes of the files that are read."""
    recognised = frozenset(RECOGNISING) if options.recognise else frozenset()
    return frozenset(FORMATS) | recognised | (CONVERTED if options.convert else frozenset())


def format_reader(path: Path, options: ReadingOptions = USUAL) -> FormatReader:
    """Return the function that reads a file, chosen by the suffix.

    Raises:
        UnsupportedFormat: no function reads files with this suffix.
    """
    suffix = path.suffix.lower()
    if options.convert and suffix in CONVERTED:
        return partial(_converted, suffix)
    if options.recognise and suffix in RECOGNISING:
        return RECOGNISING[suffix]
    try:
        return FORMATS[suffix]
    except KeyError as error:
        said = way_out(suffix, ", ".join(sorted(FORMATS)))
        option = ", or index it with --ocr" if suffix in RECOGNISING else ""
        raise UnsupportedFormat(
            f"{path}: no reader for {path.suffix!r} files: {said}{option}"
        ) from error


def _markdown(raw: bytes, name: str) -> Extract:
    from documents.formats.markdown import markdown_blocks

    return _read_text(raw, name, lambda text, _: markdown_blocks(text))


def _plain(raw: bytes, name: str) -> Extract:
    from documents.formats.plaintext import plain_blocks

    return _read_text(raw, name, plain_blocks)


def _read_text(raw: bytes, name: str, blocks: Callable[[str, str | None], list[Block]]) -> Extract:
    whole, notices = decoded(raw, name)
    header, text = split_front_matter(whole, name)
    return Extract(
        text,
        tuple(blocks(text, header.title)),
        title=header.title,
        language=header.language,
        source_url=header.source_url,
        notices=notices,
        properties=header.properties,
    )


def _html(raw: bytes, name: str) -> Extract:
    with _needing_extra("html", name):
        from documents.formats.html import read_html
    return read_html(raw, name)


def _pdf(raw: bytes, name: str) -> Extract:
    with _needing_extra("pdf", name):
        from documents.formats.pdf.reader import read_pdf
    return read_pdf(raw, name)


def _recognised_pdf(raw: bytes, name: str) -> Extract:
    with _needing_extra("pdf", name):
        from documents.formats.pdf.reader import read_pdf
    return read_pdf(raw, name, recognise=True)


def _picture(raw: bytes, name: str) -> Extract:
    with _needing_extra("pdf", name):
        from documents.formats.pdf.reader import read_picture
    return read_picture(raw, name)


def _docx(raw: bytes, name: str) -> Extract:
    with _needing_extra("docx", name):
        from documents.formats.docx.reader import read_docx
    return read_docx(raw, name, _within_docx)


def _within_docx(raw: bytes, name: str) -> Extract:
    """Read a file of any format that stands in a DOCX; a DOCX, without those that stand in it."""
    found = format_reader(Path(name))
    if found is not _docx:
        return found(raw, name)
    from documents.formats.docx.reader import read_docx

    return read_docx(raw, name)


def _epub(raw: bytes, name: str) -> Extract:
    with _needing_extra("html", name):
        from documents.formats.epub import read_epub
    return read_epub(raw, name)


def _csv(raw: bytes, name: str) -> Extract:
    from documents.formats.tables.delimited import read_csv

    return read_csv(raw, name)


def _xlsx(raw: bytes, name: str) -> Extract:
    with _needing_extra("tables", name):
        from documents.formats.tables.workbook import read_workbook
    return read_workbook(raw, name)


def _ods(raw: bytes, name: str) -> Extract:
    with _needing_extra("tables", name):
        from documents.formats.tables.open_spreadsheet import read_ods
    return read_ods(raw, name)


def _odt(raw: bytes, name: str) -> Extract:
    with _needing_extra("office", name):
        from documents.formats.office.odt import read_odt
    return read_odt(raw, name)


def _odp(raw: bytes, name: str) -> Extract:
    with _needing_extra("office", name):
        from documents.formats.office.odp import read_odp
    return read_odp(raw, name)


def _pptx(raw: bytes, name: str) -> Extract:
    with _needing_extra("office", name):
        from documents.formats.office.pptx import read_pptx
    return read_pptx(raw, name)


def _rtf(raw: bytes, name: str) -> Extract:
    from documents.formats.office.rtf import read_rtf

    return read_rtf(raw, name)


def _eml(raw: bytes, name: str) -> Extract:
    with _needing_extra("mail", name):
        from documents.formats.mail.eml import read_eml
    return read_eml(raw, name)


def _msg(raw: bytes, name: str) -> Extract:
    with _needing_extra("mail", name):
        from documents.formats.mail.msg import read_msg
    return read_msg(raw, name)


def _converted(suffix: str, raw: bytes, name: str) -> Extract:
    from documents.formats.libreoffice import converted

    target, content = converted(raw, suffix, name)
    found = FORMATS[target](content, name)
    return replace(found, notices=(*found.notices, Notice(NoticeKind.CONVERTED, target)))


def _json(raw: bytes, name: str) -> Extract:
    from documents.formats.tables.records import read_json

    return read_json(raw, name)


def _json_lines(raw: bytes, name: str) -> Extract:
    from documents.formats.tables.records import read_json_lines

    return read_json_lines(raw, name)


FORMATS: Final[Mapping[str, FormatReader]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _plain,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".docm": _docx,
    ".dotx": _docx,
    ".dotm": _docx,
    ".epub": _epub,
    ".csv": _csv,
    ".tsv": _csv,
    ".tab": _csv,
    ".xlsx": _xlsx,
    ".xlsm": _xlsx,
    ".xltx": _xlsx,
    ".ods": _ods,
    ".ots": _ods,
    ".odt": _odt,
    ".ott": _odt,
    ".odp": _odp,
    ".otp": _odp,
    ".pptx": _pptx,
    ".pptm": _pptx,
    ".ppsx": _pptx,
    ".potx": _pptx,
    ".rtf": _rtf,
    ".eml": _eml,
    ".msg": _msg,
    ".json": _json,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
}
RECOGNISING: Final[Mapping[str, FormatReader]] = {
    ".pdf": _recognised_pdf,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), _picture),
}
"""What reads files whose text is recognised in pictures, where people ask for it."""
CONVERTED: Final = frozenset(TARGETS)
"""The suffixes of what is read through LibreOffice, where people ask for it."""


@contextmanager
def _needing_extra(extra: str, name: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise MissingFormat(
            f"{name}: {error.name or 'a library'} is missing, which reads this format: run "
            f"pip install 'passerelle-qa[{extra}]'"
        ) from error
