"""A message as every reader of mail returns it, and how it becomes text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import getaddresses, parsedate_to_datetime

from documents.errors import EmptyDocument
from documents.formats.extract import Composer, Extract, clean
from documents.formats.html import read_html
from documents.formats.plaintext import plain_blocks
from documents.notices import Notice, NoticeKind
from documents.properties import Properties, date_of, properties_of
from documents.structure import Block
from documents.types import Span

SHOWN = ("From", "To", "Cc", "Date", "Subject")
"""The headers that are read, in this order."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message.

    Attributes:
        headers: the values of those in ``SHOWN`` that it has.
        text: its body as plain text, or ``""``.
        html: its body as HTML, or nothing; used where there is no plain text.
        attachments: the names of the files attached to it.
    """

    headers: dict[str, str]
    text: str
    html: bytes = b""
    attachments: tuple[str, ...] = ()


def message_extract(message: Message, name: str) -> Extract:
    """Return the text of a message: its headers are a paragraph, which leads all others.

    Args:
        message: what was read.
        name: the file, for messages.
    """
    composer = Composer()
    for header, value in message.headers.items():
        composer.paragraph(f"{header}: {value}", close=bool(composer.text))
    body = _body(message, name)
    subject = message.headers.get("Subject")
    found = Notice(NoticeKind.ATTACHMENTS, ", ".join(message.attachments))
    return replace(
        _below(composer, body),
        title=None,
        file_title=subject or body.title or body.file_title,
        notices=(found,) if message.attachments else (),
        properties=_properties(message.headers),
    )


def _properties(headers: Mapping[str, str]) -> Properties:
    """Return who sent a message, by name or else by address, and the day of their clock."""
    authors = [("author", person) for person in _senders(headers.get("From", ""))]
    return properties_of([*authors, ("date", _day(headers.get("Date", "")))])


def _senders(written: str) -> list[str]:
    if "@" not in written and "<" not in written:
        return [written]
    return [person or address for person, address in getaddresses([written])]


def _day(written: str) -> str:
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except ValueError:
        return date_of(written) or ""


def _body(message: Message, name: str) -> Extract:
    text = "\n".join(_tidy(line) for line in message.text.splitlines()).strip()
    if text or not message.html:
        return Extract(text, tuple(plain_blocks(text)))
    try:
        return read_html(message.html, name)
    except EmptyDocument:
        return Extract("", ())


def _tidy(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip(" "))]
    return indent + clean(line)


def _below(composer: Composer, body: Extract) -> Extract:
    """Put a body below the headers, which lead each of its paragraphs."""
    head = composer.text
    between = "\n\n" if head and body.text else ""
    by = len(head) + len(between)
    lead = (Span(0, len(head)),) if head else ()
    top = [Block(span, 0) for span in lead]
    moved = (_moved(block, by, lead) for block in body.blocks)
    return replace(body, text=f"{head}{between}{body.text}", blocks=(*top, *moved), source_url=None)


def _moved(block: Block, by: int, lead: tuple[Span, ...]) -> Block:
    leads = tuple(Span(start + by, end + by) for start, end in block.leads)
    return replace(
        block,
        span=Span(block.span.start + by, block.span.end + by),
        level=max(1, block.level),
        leads=(*lead, *leads) if block.heading is None else (),
    )
