"""EML: headers, encodings, plain text and HTML, attachments, encryption."""

from __future__ import annotations

import pytest

from documents.errors import DamagedDocument, UnreadableDocument
from documents.formats.mail.eml import read_eml
from documents.notices import Notice, NoticeKind
from tests.documents.formats.office_files import message

HEAD = (
    "From: Gisèle Arsenault <gisele@exemple.org>\nTo: Luc Roy <luc@exemple.org>\n"
    "Date: Tue, 12 Mar 2024 09:30:00 -0400\nSubject: Budget de l’été"
)


def test_headers_lead_the_text_and_attachments_are_named() -> None:
    extract = read_eml(message(), "a.eml")
    assert extract.text == f"{HEAD}\n\nBonjour Luc,\n\nLa réunion est mardi à 9 h."
    assert extract.file_title == "Budget de l’été"
    assert extract.notices == (Notice(NoticeKind.ATTACHMENTS, "Été 2024.pdf"),)
    body = [block for block in extract.blocks if "mardi" in extract.text[slice(*block.span)]]
    assert [extract.text[slice(*lead)] for block in body for lead in block.leads] == [HEAD]


def test_html_is_read_where_there_is_no_plain_text() -> None:
    assert read_eml(message(html=True), "a.eml").text == f"{HEAD}\n\nLa réunion est mardi."


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Subject: Été\n\nÀ 9 h.", "Subject: Été\n\nÀ 9 h."),
        (
            "Subject: =?bogus?Q?a?=\nContent-Type: text/plain; charset=bogus\n\nÀ",
            "Subject: =?bogus?Q?a?=\n\nÀ",
        ),
        ("Subject: a\n b\n\n", "Subject: a b"),
        ("From: a@b.c\nContent-Type: text/plain; charset=us-ascii\n\né", "From: a@b.c\n\né"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_letters_whatever_the_headers_say(raw: str, expected: str, encoding: str) -> None:
    assert read_eml(raw.encode(encoding), "a.eml").text == expected


def test_pictures_of_the_text_and_signatures_are_no_attachments() -> None:
    part = "--x\nContent-Type: {}\n{}\n\nabc\n"
    raw = "Subject: a\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nVoici.\n" + "".join(
        part.format(kind, more)
        for kind, more in (
            ("image/png; name=logo.png", "Content-ID: <a>"),
            ("application/pkcs7-signature; name=smime.p7s", "X: y"),
            ("image/png; name=plan.png", "Content-Disposition: attachment"),
        )
    )
    found = read_eml(f"{raw}--x--\n".encode(), "a.eml").notices
    assert found == (Notice(NoticeKind.ATTACHMENTS, "plan.png"),)


def test_a_forwarded_message_is_an_attachment() -> None:
    raw = (
        b"Subject: a\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nVoici.\n--x\n"
        b"Content-Type: message/rfc822\n\nSubject: b\n\nAutre.\n--x--\n"
    )
    extract = read_eml(raw, "a.eml")
    assert extract.text == "Subject: a\n\nVoici."
    assert extract.notices == (Notice(NoticeKind.ATTACHMENTS, "message/rfc822"),)


def test_what_is_encrypted_or_no_message_is_refused() -> None:
    sealed = b"Subject: a\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMII"
    with pytest.raises(UnreadableDocument, match="encrypted"):
        read_eml(sealed, "a.eml")
    with pytest.raises(DamagedDocument, match="no message"):
        read_eml(b"\xff\xfe nothing", "a.eml")


def test_many_parts_and_long_headers_take_no_time() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n" % (n, n) for n in range(100)
    )
    raw = b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n" + nested + b"\nFin.\n"
    assert read_eml(raw, "a.eml").text.endswith("Fin.")
