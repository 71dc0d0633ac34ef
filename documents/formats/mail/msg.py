"""Reads MSG, the messages of Outlook; attachments are named, not read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import oxmsg

from documents.errors import DamagedDocument, UnreadableDocument
from documents.formats.extract import Extract
from documents.formats.mail.message import SHOWN, Message, message_extract
from documents.formats.tables.grid import flat

_RIGHTS = "message.rpmsg"
"""What Outlook attaches in place of a message that rights management protects."""
_SENDER, _DISPLAY_TO, _DISPLAY_CC = 0x0C1A, 0x0E04, 0x0E03
_MAX_HEADER = 5000
_FIRST_YEAR = 1601


def read_msg(raw: bytes, name: str) -> Extract:
    """Read a message: its plain text, or else its HTML.

    Args:
        raw: the file.
        name: the file, for messages.

    Raises:
        DamagedDocument: no message of Outlook.
        UnreadableDocument: it is encrypted.
    """
    try:
        found = oxmsg.Message.load(io.BytesIO(raw))
        message, kind = _message(found), found.message_class.upper()
    # On malformed files oxmsg and olefile raise errors of many kinds, most of them undocumented.
    except Exception as error:
        raise DamagedDocument(f"{name}: no sound message ({error}): export it again") from error
    if ("SMIME" in kind and "MULTIPARTSIGNED" not in kind) or _RIGHTS in message.attachments:
        raise UnreadableDocument(f"{name}: encrypted: save the message decrypted to read it")
    return message_extract(message, name)


def _message(found: Any) -> Message:
    html = found.html_body or ""
    return Message(
        headers=dict(_headers(found)),
        text=(found.body or "").replace("\0", ""),
        html=b"\xef\xbb\xbf" + html.encode("utf-8", "replace") if html.strip() else b"",
        attachments=tuple(flat(a.file_name or "") or "?" for a in found.attachments),
    )


def _headers(found: Any) -> Iterator[tuple[str, str]]:
    # A message that was never sent has the first day that Windows can count.
    sent = found.sent_date if found.sent_date and found.sent_date.year > _FIRST_YEAR else None
    named = {name.lower(): str(value) for name, value in found.message_headers.items()}
    known = {
        "From": found.sender or found.properties.str_prop_value(_SENDER),
        "To": found.properties.str_prop_value(_DISPLAY_TO) or _recipients(found),
        "Cc": found.properties.str_prop_value(_DISPLAY_CC),
        "Date": named.get("date") or (sent.isoformat(" ", "minutes") if sent else ""),
        "Subject": found.subject,
    }
    for shown in SHOWN:
        if value := flat((known[shown] or "")[:_MAX_HEADER]):
            yield shown, value


def _recipients(found: Any) -> str:
    return "; ".join(f"{r.name} <{r.email_address}>".strip() for r in found.recipients)
