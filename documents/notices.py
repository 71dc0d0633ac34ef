"""What a reader of a document should know of how its file was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class NoticeKind(StrEnum):
    """The kinds of notices; ``qa.messages.NOTICES`` has their texts in French and in English."""

    PAGES_WITHOUT_TEXT = "pages-without-text"
    EMBEDDED_UNREAD = "embedded-unread"
    HIDDEN_TEXT = "hidden-text"
    AROUND_CONTENT = "around-content"
    COMMENTS = "comments"
    DECODED_AS = "decoded-as"
    PAGES_UNREADABLE = "pages-unreadable"
    PAGES_WITH_UNREAD_LETTERS = "pages-with-unread-letters"
    PAGES_RECOGNISED = "pages-recognised"
    NOT_RECOGNISED = "not-recognised"
    ATTACHMENTS = "attachments"
    HIDDEN_SHEETS = "hidden-sheets"
    HIDDEN_SLIDES = "hidden-slides"
    FORMULAS_WITHOUT_VALUES = "formulas-without-values"
    LINES_UNREAD = "lines-unread"
    CUT_SHORT = "cut-short"
    CONVERTED = "converted"
    NO_LONGER_READ = "no-longer-read"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Notice:
    """A part of a file that was not read, or was read in a way that people should know.

    Attributes:
        kind: what happened.
        detail: to which part: pages (``2, 3``), names of attachments, an encoding; why a file can
            no longer be read; may be empty.
    """

    kind: NoticeKind
    detail: str = ""


WHOLE: Final = frozenset(
    {
        NoticeKind.DECODED_AS, NoticeKind.PAGES_RECOGNISED, NoticeKind.HIDDEN_SLIDES,
        NoticeKind.CONVERTED, NoticeKind.UNDATED,
    }
)  # fmt: skip
"""The kinds that say how something was read; all others say that something was not."""


def lose_something(notices: Iterable[Notice]) -> bool:
    """Tell whether any of a file's notices says that something of it was not read."""
    return any(notice.kind not in WHOLE for notice in notices)
