"""What people fill in or put on a page is part of its text."""

from __future__ import annotations

import fpdf
import pytest

from documents.errors import UnreadableDocument
from documents.formats.pdf.placeholders import placeholder_reason
from documents.notices import Notice, NoticeKind
from tests.documents.formats.pdf.pdf_files import read, read_file


def test_values_stand_beside_their_labels() -> None:
    assert read_file("formulaire.pdf").text.split("\n\n") == [
        "Demande de permis de construire",
        "Nom du demandeur : Gisèle Arsenault",
        "Adresse des travaux : 88, rue des Érables, Gaspé",
        "☑ Piscine creusée",
    ]


def test_visible_annotations_are_text_and_comments_are_not() -> None:
    file = fpdf.FPDF()
    file.add_page()
    file.set_font("Helvetica", size=11)
    file.text(20, 30, "Permis de construire")
    file.free_text_annotation("Reçu le 3 mars", x=20, y=60, w=60, h=10)
    file.text_annotation(20, 90, "Un commentaire")
    file.text(20, 120, "Le greffier")
    assert read(bytes(file.output())).text.split("\n\n") == [
        "Permis de construire",
        "Reçu le 3 mars",
        "Le greffier",
    ]


def test_attached_files_are_named() -> None:
    file = fpdf.FPDF()
    file.add_page()
    file.set_font("Helvetica", size=11)
    file.text(20, 30, "Voir le tableau joint.")
    file.embed_file(bytes=b"a;b", basename="tableau.csv")
    assert read(bytes(file.output())).notices == (Notice(NoticeKind.ATTACHMENTS, "tableau.csv"),)


def test_a_dynamic_form_is_refused_with_a_way_out() -> None:
    with pytest.raises(UnreadableDocument, match=r"dynamic XFA form.*print it to PDF"):
        read_file("xfa.pdf")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Please wait...\nIf this message is not eventually replaced by the contents", "XFA"),
        ("Veuillez patienter… Si ce message n’est pas remplacé par le contenu", "XFA"),
        ("This document is protected by Microsoft Information Protection. Get a viewer", "rights"),
        ("Ce fichier PDF est protégé. Il vous faut un autre lecteur pour l’ouvrir.", "rights"),
        ("For the best experience, open this PDF portfolio in Acrobat X", "portfolio"),
        ("Veuillez patienter dans la salle. Ce document est protégé par le droit d’auteur.", None),
        ("Please wait... " + "The form explains how to apply. " * 50, None),
    ],
)
def test_placeholders_are_told_from_documents(text: str, reason: str | None) -> None:
    found = placeholder_reason(text, is_dynamic_form=False, is_wrapper=False)
    assert (found is None) if reason is None else (found is not None and reason in found)


def test_a_form_that_is_filled_in_on_its_pages_is_a_document() -> None:
    text = "Demande de remboursement de la taxe. " * 60
    assert placeholder_reason(text, is_dynamic_form=True, is_wrapper=True) is None
    assert placeholder_reason("Formulaire", is_dynamic_form=True, is_wrapper=False)
    assert placeholder_reason("Notice", is_dynamic_form=False, is_wrapper=True)
