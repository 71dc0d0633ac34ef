"""A model file small enough to write down: every byte of it is stated here."""

from __future__ import annotations

import struct
from pathlib import Path

PIECES = [
    ("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0),
    ("▁", -2.0), ("▁é", -3.0), ("é", -4.0), ("a", -5.0), ("<mask>", 0.0),
]  # fmt: skip
NORMALISATION = {"\u00a0": " ", "ﬁ": "fi", "\u0001": "", "\u200d": " "}
SIZES = (32, 1, 4, 64, len(PIECES), 16, 2)
EPSILON = 0.5

# A block of a scale of 2 and the nibbles 0 to 15, then 15 down to 0.
BLOCK = struct.pack("<e", 2.0) + bytes(low | (15 - low) << 4 for low in range(16))
BLOCK_VALUES = [2.0 * n - 16 for n in range(16)] + [2.0 * n - 16 for n in range(15, -1, -1)]


def write_e5s1(path: Path) -> None:
    """Write a model of one layer; 4-bit tensors repeat ``BLOCK``, the others count from 0."""
    head = b"E5S1" + struct.pack("<I7ifi", 1, *SIZES, EPSILON, 32) + _vocabulary()
    head += _normalisation()
    tensors = _tensors()
    at = len(head) + 4 + sum(23 + len(name) for name, _, _, _ in tensors)
    directory = struct.pack("<i", len(tensors))
    for name, dtype, elements, data in tensors:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", dtype, elements, at, len(data))
        at += len(data)
    path.write_bytes(head + directory + b"".join(data for *_, data in tensors))


def _vocabulary() -> bytes:
    texts = [text.encode() for text, _ in PIECES]
    offsets = [sum(map(len, texts[:i])) for i in range(len(texts) + 1)]
    scores = struct.pack(f"<{len(texts)}f", *(score for _, score in PIECES))
    head = struct.pack("<5iQ", len(texts), 0, 2, 1, 3, offsets[-1])
    return head + struct.pack(f"<{len(offsets)}I", *offsets) + scores + b"".join(texts)


def _normalisation() -> bytes:
    entries = b"".join(
        struct.pack(f"<IB{len(target)}I", ord(source), len(target), *map(ord, target))
        for source, target in NORMALISATION.items()
    )
    return struct.pack("<iI", len(NORMALISATION), len(entries)) + entries


def _tensors() -> list[tuple[str, int, int, bytes]]:
    hidden, _, _, feed_forward, vocabulary, positions, types = SIZES
    plain = {"emb.pos": positions * hidden, "emb.type": types * hidden, "emb.ln.w": hidden,
             "emb.ln.b": hidden}  # fmt: skip
    packed = {"emb.word": vocabulary * hidden}
    for part in ("q", "k", "v", "ao", "fi", "fo"):
        rows = feed_forward if part == "fi" else hidden
        packed[f"l0.{part}.w"] = rows * (feed_forward if part == "fo" else hidden)
        plain[f"l0.{part}.b"] = rows
    plain |= {f"l0.{part}.{kind}": hidden for part in ("aln", "oln") for kind in "wb"}
    return [(name, 1, n, BLOCK * (n // 32)) for name, n in packed.items()] + [
        (name, 0, n, struct.pack(f"<{n}f", *range(n))) for name, n in plain.items()
    ]
