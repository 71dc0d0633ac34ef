"""Writes a message as Outlook stores it: a compound file of small streams."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR, _SMALL, _ENTRY = 512, 64, 128
_END, _FREE, _TABLE, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_TEXT = 0x001F
SUBJECT, BODY, SENDER, ADDRESS, TO, CLASS, FILE_NAME = (
    0x0037, 0x1000, 0x0C1A, 0x0C1F, 0x0E04, 0x001A, 0x3707,
)  # fmt: skip
Streams = dict[str, bytes]


def outlook_message(texts: Mapping[int, str], attachment: str = "") -> bytes:
    """Return a message with these properties, and perhaps a file of this name attached."""
    streams = _streams(texts, struct.pack("<8x4I8x", 0, 1, 0, bool(attachment)))
    attached = _streams({FILE_NAME: attachment}, bytes(8)) if attachment else {}
    return _compound(streams, attached)


def _streams(texts: Mapping[int, str], head: bytes) -> Streams:
    coded = {number: text.encode("utf-16-le") for number, text in texts.items()}
    properties = b"".join(
        struct.pack("<HHIII", _TEXT, number, 6, len(raw) + 2, 0) for number, raw in coded.items()
    )
    named = {f"__substg1.0_{number:04X}{_TEXT:04X}": raw for number, raw in coded.items()}
    return {"__properties_version1.0": head + properties, **named}


def _compound(streams: Streams, attached: Streams) -> bytes:
    small, chain, entries = bytearray(), list[int](), list[bytes]()

    def add(name: str, raw: bytes, right: int) -> bytes:
        start = len(small) // _SMALL
        count = -(-len(raw) // _SMALL)
        small.extend(raw.ljust(count * _SMALL, b"\0"))
        chain.extend([*range(start + 1, start + count), _END])
        return _entry(name, 2, right=right, start=start, size=len(raw))

    listed = list(streams.items())
    storage = 1 + len(listed)
    for at, (name, raw) in enumerate(listed, start=1):
        last = at == len(listed) and not attached
        entries.append(add(name, raw, _NONE if last else at + 1))
    if attached:
        entries.append(_entry("__attach_version1.0_#00000000", 1, child=storage + 1))
    for at, (name, raw) in enumerate(attached.items(), start=storage + 1):
        entries.append(add(name, raw, _NONE if at == storage + len(attached) else at + 1))
    return _file(small, chain, entries)


def _file(small: bytearray, chain: list[int], entries: list[bytes]) -> bytes:
    """Lay out the sectors: the table, the table of small ones, the folder, the small ones."""
    folders = -(-(len(entries) + 1) * _ENTRY // _SECTOR)
    data = -(-len(small) // _SECTOR)
    first = 2 + folders
    root = _entry("Root Entry", 5, child=1, start=first, size=len(small))
    table = [_TABLE, _END, *_run(2, folders), *_run(first, data)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 2, 0, 4096, 1, 1, _END, 0, 0
    ) + struct.pack("<108I", *[_FREE] * 108)  # fmt: skip
    return b"".join(
        (
            header,
            _numbers(table),
            _numbers(chain),
            (root + b"".join(entries)).ljust(folders * _SECTOR, b"\0"),
            bytes(small).ljust(data * _SECTOR, b"\0"),
        )
    )


def _run(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END]


def _numbers(numbers: list[int]) -> bytes:
    return struct.pack("<128I", *numbers, *[_FREE] * (128 - len(numbers)))


def _entry(
    name: str, kind: int, *, right: int = _NONE, child: int = _NONE, start: int = 0, size: int = 0
) -> bytes:
    coded = (name + "\0").encode("utf-16-le")
    head = coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded), kind, 1)
    return head + struct.pack("<III36xIII", _NONE, right, child, start, size, 0)
