"""Says which program makes a file readable whose format is not read."""

from __future__ import annotations

from typing import Final

TARGETS: Final = {
    **dict.fromkeys((".doc", ".dot", ".wps", ".wpd", ".sxw", ".fodt", ".lwp"), ".docx"),
    **dict.fromkeys((".xls", ".xlt", ".xlsb", ".sxc", ".fods", ".wk4", ".123"), ".xlsx"),
    **dict.fromkeys((".ppt", ".pps", ".pot", ".sxi", ".fodp"), ".pptx"),
}
"""Old and rare formats, and what LibreOffice converts them to."""
_BY_HAND: Final = {
    **dict.fromkeys((".pages",), ".docx"),
    **dict.fromkeys((".numbers",), ".xlsx"),
    **dict.fromkeys((".key",), ".pptx"),
    **dict.fromkeys((".vsd", ".vsdx", ".pub", ".odg", ".sxd"), ".pdf"),
}
"""Formats that LibreOffice opens, but of which it keeps less."""
_IMAGES: Final = frozenset({
    ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".webp", ".heic", ".jp2", ".pnm",
    ".djvu",
})  # fmt: skip


def way_out(suffix: str, supported: str) -> str:
    """Return what to do with a file of a format that is not read.

    Args:
        suffix: the file's, in lower case, with its full stop.
        supported: the formats that are read, for people.
    """
    if suffix in _IMAGES:
        return "an image: recognise its text first, for instance with ocrmypdf, which makes a PDF"
    target = TARGETS.get(suffix) or _BY_HAND.get(suffix)
    if target is None:
        return f"convert it to one of {supported}"
    option = ", or index it with --convert" if suffix in TARGETS else ""
    command = f"soffice --headless --convert-to {target.removeprefix('.')} FILE"
    return f"convert it with LibreOffice: {command}{option}"
