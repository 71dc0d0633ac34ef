"""MSG: headers and text of a message of Outlook, attachments, encryption, damage."""

from __future__ import annotations

import random

import pytest

from documents.errors import DamagedDocument, DocumentError, UnreadableDocument
from documents.formats.mail.msg import read_msg
from documents.notices import Notice, NoticeKind
from tests.documents.formats.mail.outlook_file import (
    ADDRESS,
    BODY,
    CLASS,
    SENDER,
    SUBJECT,
    TO,
    outlook_message,
)

TEXTS = {
    SUBJECT: "Budget de l’été",
    BODY: "Bonjour,\r\n\r\nLa réunion est mardi.\r\n",
    SENDER: "Gisèle Arsenault",
    ADDRESS: "gisele@exemple.org",
    TO: "Luc Roy",
}


def test_a_message_and_its_attachment() -> None:
    extract = read_msg(outlook_message(TEXTS, "Été 2024.pdf"), "a.msg")
    assert extract.text == (
        'From: "Gisèle Arsenault" <gisele@exemple.org>\nTo: Luc Roy\nSubject: Budget de l’été\n\n'
        "Bonjour,\n\nLa réunion est mardi."
    )
    assert extract.file_title == "Budget de l’été"
    assert extract.notices == (Notice(NoticeKind.ATTACHMENTS, "Été 2024.pdf"),)
    assert read_msg(outlook_message(TEXTS), "a.msg").notices == ()


def test_an_encrypted_message_says_so() -> None:
    for sealed in (
        outlook_message({**TEXTS, CLASS: "IPM.Note.SMIME"}),
        outlook_message(TEXTS, "message.rpmsg"),
    ):
        with pytest.raises(UnreadableDocument, match="encrypted"):
            read_msg(sealed, "a.msg")
    signed = outlook_message({**TEXTS, CLASS: "IPM.Note.SMIME.MultipartSigned"})
    assert "mardi" in read_msg(signed, "a.msg").text


def test_damage_is_an_error_of_ours() -> None:
    whole, dice = outlook_message(TEXTS, "a.pdf"), random.Random(3)  # noqa: S311
    for _ in range(40):
        damaged = bytearray(whole[: dice.randrange(len(whole) // 2, len(whole))])
        for _ in range(dice.randrange(20)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            read_msg(bytes(damaged), "a.msg")
        except DocumentError as error:
            assert str(error).startswith("a.msg: ")
    with pytest.raises(DamagedDocument):
        read_msg(whole[:600], "a.msg")
