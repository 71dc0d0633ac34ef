"""Texts for people read well for one thing and for several, in both languages."""

from __future__ import annotations

import pytest

from documents.notices import NoticeKind
from qa.messages import LANGUAGES, Language, notice_text


@pytest.mark.parametrize(
    ("kind", "detail", "language", "said"),
    [
        (NoticeKind.PAGES_WITHOUT_TEXT, "2", "en", "no text on page 2: "),
        (NoticeKind.PAGES_WITHOUT_TEXT, "2, 3", "en", "no text on pages 2, 3: "),
        (NoticeKind.PAGES_WITHOUT_TEXT, "2", "fr", "aucun texte à la page 2 : "),
        (NoticeKind.PAGES_WITHOUT_TEXT, "2–9", "fr", "aucun texte sur les pages 2–9 : "),
        (NoticeKind.PAGES_UNREADABLE, "4", "fr", "page 4 laissée de côté"),
        (NoticeKind.LINES_UNREAD, "3", "en", "this line is no JSON and was left out: line no. 3"),
        (NoticeKind.LINES_UNREAD, "3, 4", "fr", "ont été laissées de côté : lignes n° 3, 4"),
        (NoticeKind.HIDDEN_TEXT, "3", "en", "hidden text was not read (3 paragraph(s))"),
    ],
)
def test_a_notice_of_one_thing_and_of_several(
    kind: NoticeKind, detail: str, language: Language, said: str
) -> None:
    assert said in notice_text(kind, detail, language)


@pytest.mark.parametrize("kind", NoticeKind)
def test_the_detail_of_one_thing_is_said(kind: NoticeKind) -> None:
    for language in LANGUAGES:
        for detail in ("7", "7, 8"):
            said = notice_text(kind, detail, language)
            assert "{" not in said
