"""Text that cannot be what the page shows is refused; whatever people write passes."""

from __future__ import annotations

import re
import string

import fpdf
import pytest

from documents.errors import UnreadableDocument
from documents.formats.pdf.legibility import is_legible
from documents.notices import Notice, NoticeKind
from tests.documents.formats.format_files import pdf
from tests.documents.formats.pdf.pdf_files import read, read_file

FRENCH = (
    "Le conseil municipal a adopté hier le budget de la ville pour la prochaine année. Les taxes "
    "augmentent de deux pour cent afin de payer la réfection des rues du centre. Le maire a salué "
    "le travail des employés, qui ont préparé ce document pendant de longues semaines d’automne."
)
LEGIBLE = [
    "",
    "Ø 12 mm ± 0,5 %",
    FRENCH,
    FRENCH.upper(),
    "1 204,50 $ 980,00 $ 77,25 $ 2 310,10 $ 12 % – – – 45 % — ... ... (3) (4) 12/03/2024",
    "def f(x: int) -> int:\n    return {k: v for k, v in d.items() if k != x}[0] << 2  # ~x ^ y\n"
    "for (int i = 0; i < n; ++i) { a[i] = b[i] * c[(i + 1) % n]; } if (!p || *p == '\\0') return;",
    "Introduction .................................... 3\nMéthode ......................... 12",
    "Nom : ______________________  Prénom : ______________________  ☐ Oui ☐ Non",
    "Der Ausschuss hat gestern den Haushalt der Stadt für das kommende Jahr beschlossen. Die "
    "Steuern steigen um zwei Prozent, damit die Straßen der Innenstadt erneuert werden können.",
    "El consejo municipal aprobó ayer el presupuesto de la ciudad para el próximo año. Los "
    "impuestos suben un dos por ciento para pagar la reparación de las calles del centro.",
    "Rada miejska przyjęła wczoraj budżet miasta na przyszły rok. Podatki wzrosną o dwa procent, "
    "aby zapłacić za remont ulic w centrum. Burmistrz podziękował pracownikom za ich wielką pracę.",
    "Το δημοτικό συμβούλιο ενέκρινε χθες τον προϋπολογισμό της πόλης για το επόμενο έτος.",
    "وافق المجلس البلدي أمس على ميزانية المدينة للعام المقبل وسترتفع الضرائب بنسبة اثنين في المئة",
    "市议会昨天通过了明年的城市预算。税收将增加百分之二，用于修复市中心的街道。市长感谢员工。",
    "• premier point • deuxième point\n\ufffd\n\ufffd",
    "∀x ∈ ℝ, ∃y : x² + y² = 1 ⇒ |x| ≤ 1 ∧ |y| ≤ 1; ∫₀¹ f(x) dx = Σ aₙ",
]
KEY = str.maketrans(string.ascii_lowercase, "qzjxkvbpygfwmucldrhsnioate"[::-1])
ILLEGIBLE = [
    "Groupe d'\ufffdge, demi-journ\ufffde, journ\ufffde, pr\ufffdscolaire et scolaire",
    "! \"# $-%-& '-! (-) &# !* +\"# , --. - ! % - /-' !\"# $%& '()",
    "".join(chr(ord(c) - 29) if "A" <= c <= "z" else c for c in FRENCH),
    FRENCH.lower().translate(KEY),
    "\ue012\ue013\ue014 \ue015\ue016 texte \ue017\ue018",
]


@pytest.mark.parametrize("text", LEGIBLE)
def test_what_people_write_passes(text: str) -> None:
    assert is_legible(text.split("\n"))


@pytest.mark.parametrize("text", ILLEGIBLE)
def test_other_letters_than_those_of_the_page_do_not(text: str) -> None:
    assert not is_legible(text.split("\n"))


@pytest.mark.parametrize("name", ["sans_tounicode.pdf", "lo_sans_tounicode.pdf"])
def test_a_file_of_such_fonts_is_refused_with_a_way_out(name: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"fonts do not say which .* ocrmypdf --force-ocr"):
        read_file(name)


def test_pages_of_such_fonts_are_left_out_and_named() -> None:
    file = fpdf.FPDF()
    file.set_font("Helvetica", size=11)
    for words in ("Une page lisible.", ILLEGIBLE[2], "Encore une page."):
        file.add_page()
        file.multi_cell(0, text=words.encode("latin-1", "replace").decode("latin-1"))
    extract = read(bytes(file.output()))
    assert extract.text == "Une page lisible.\n\nEncore une page."
    assert extract.notices == (Notice(NoticeKind.PAGES_UNREADABLE, "2"),)


def test_a_font_without_a_table_of_letters_is_refused() -> None:
    named = pdf([[(30, 11, "Le règlement de la bibliothèque est affiché à l’entrée.")]])
    bare = re.sub(rb"/ToUnicode \d+ 0 R", lambda found: b" " * len(found.group()), named)
    with pytest.raises(UnreadableDocument, match="fonts do not say"):
        read(bare)
