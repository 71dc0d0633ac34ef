"""Reads EML: a message with its headers as it was sent; attachments are named, not read."""

from __future__ import annotations

import email
import email.message
import email.policy
from collections.abc import Iterator
from email.header import decode_header, make_header

from documents.errors import DamagedDocument, DocumentError, UnreadableDocument
from documents.formats.decoding import decoded
from documents.formats.extract import Extract
from documents.formats.mail.message import SHOWN, Message, message_extract
from documents.formats.tables.grid import flat

Part = email.message.Message
_ENCRYPTED = frozenset(
    {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
)
_KNOWN = frozenset({*(n.lower() for n in SHOWN), "received", "message-id", "mime-version"})
_SIGNATURES = frozenset(
    f"application/{kind}" for kind in ("pkcs7-signature", "x-pkcs7-signature", "pgp-signature")
)
_MAX_HEADER = 5000
"""Code points of a header that are read; a list of recipients may be longer."""


def read_eml(raw: bytes, name: str) -> Extract:
    """Read a message: its plain text, or else its HTML.

    Args:
        raw: the message.
        name: the file, for messages.

    Raises:
        DamagedDocument: no message.
        UnreadableDocument: it is encrypted.
    """
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    if not _KNOWN.intersection(key.lower() for key in message.keys()):  # noqa: SIM118
        raise DamagedDocument(f"{name}: no message, there are no headers in it: export it again")
    parts = list(_parts(message))
    if any(_is_encrypted(part) for part in parts):
        raise UnreadableDocument(f"{name}: encrypted: save the message decrypted to read it")
    bodies = [p for p in parts if not p.is_multipart() and not _is_attached(p)]
    plain = [_text(p, name) for p in bodies if p.get_content_type() == "text/plain"]
    html = [_bytes(p, name) for p in bodies if p.get_content_type() == "text/html"]
    unread = [p for p in parts if _is_attached(p) and not _is_part_of_text(p)]
    return message_extract(
        Message(
            headers={shown: value for shown in SHOWN if (value := _header(message, shown))},
            text="\n\n".join(text.strip() for text in plain if text.strip()),
            html=next((page for page in html if page.strip()), b""),
            attachments=tuple(_name(part) for part in unread),
        ),
        name,
    )


def _parts(message: Part) -> Iterator[Part]:
    """Yield the parts of a message; those of an attached one are not parts of this one."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        yield part
        if part.get_content_maintype() == "multipart":
            waiting[:0] = [p for p in part.get_payload() if isinstance(p, Part)]


def _is_encrypted(part: Part) -> bool:
    kind = part.get_content_type()
    return kind in _ENCRYPTED and part.get_param("smime-type", "enveloped-data") != "signed-data"


def _is_attached(part: Part) -> bool:
    if part.get_content_maintype() == "multipart":
        return False
    is_text = part.get_content_type() in {"text/plain", "text/html"}
    return part.get_content_disposition() == "attachment" or not is_text or bool(_file_name(part))


def _is_part_of_text(part: Part) -> bool:
    """Tell whether a part is a picture in the text, or the signature of a message."""
    kind = part.get_content_type()
    inline = part.get_content_disposition() != "attachment" and "content-id" in part
    return kind in _SIGNATURES or (inline and part.get_content_maintype() == "image")


def _file_name(part: Part) -> str:
    return flat(_words(part.get_filename() or ""))


def _name(part: Part) -> str:
    return _file_name(part) or part.get_content_type()


def _header(message: Part, wanted: str) -> str:
    values = (str(value) for key, value in message.raw_items() if key.lower() == wanted.lower())
    return ", ".join(flat(_words(value[:_MAX_HEADER])) for value in values)


def _words(value: str) -> str:
    """Return a header's value with its encoded words and its letters outside ASCII decoded."""
    if not value.isascii():
        raw = value.encode("utf-8", "surrogateescape")
        return raw.decode("utf-8") if _is_utf8(raw) else raw.decode("cp1252", "replace")
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):  # an unknown encoding, or none of it
        return value


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _payload(part: Part) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _text(part: Part, name: str) -> str:
    raw = _payload(part)
    try:
        return raw.decode(part.get_content_charset("utf-8")).replace("\0", "")
    except (UnicodeError, LookupError):
        pass
    try:
        return decoded(raw, name).text
    except DocumentError:
        return raw.decode("cp1252", "replace").replace("\0", "")


def _bytes(part: Part, name: str) -> bytes:
    """Return a page as UTF-8: what the message says of its encoding outweighs what it says."""
    return b"\xef\xbb\xbf" + _text(part, name).removeprefix("\ufeff").encode("utf-8", "replace")
