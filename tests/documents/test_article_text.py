"""The default article: every section, paragraph and heading, told by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import documents
from documents.chunking import ChunkSettings, chunk
from documents.reading import read_document, read_documents
from documents.types import Document, Passage
from documents.wording.sentences import sentences

ARTICLE = Path(documents.__file__).parent / "articles" / "mila-canada-2025.txt"
TITLE = "L’IA canadienne se déploie à l’international : Mila tisse des ponts à l’échelle mondiale"
CAPTION = "3d map in strong purple"
FACTS = "Faits marquants à l'échelle internationale : une année d'échanges de haut niveau"
FRANCE = (
    "France : établissement d'un dialogue solide entre puissances moyennes, couronné par VivaTech"
)
KOREA = "Corée du Sud : approfondissement du dialogue sur la robotique et plus encore"
EMIRATES = (
    "Émirats arabes unis : une passerelle vers de nouveaux partenariats "
    "et découvertes à fort impact"
)
# Of each section: its path, and how each of its paragraphs starts.
SECTIONS = [
    ((), ["Le mois de décembre 2025", "L'arrivée de Mark Carney"]),
    (
        ("Le leadership scientifique de Mila sur la scène internationale",),
        ["L’essor mondial de cette année", "En complément de cette vision"],
    ),
    ((FACTS,), ["La présidente et cheffe"]),
    ((FACTS, FRANCE), ["La présence importante de Mila"]),
    ((FACTS, "Italie : IA centrée sur l'humain et supercalcul"), ["En Italie, Valérie Pisano"]),
    ((FACTS, KOREA), ["Le fondateur de Mila"]),
    ((FACTS, EMIRATES), ["Au cours d'une mission"]),
    (
        ("Rassembler le monde à Montréal",),
        [
            "Tout comme Mila s'est ouvert",
            "Tout au long de l'année 2025",
            "Un événement historique",
            "L'événement comprenait",
        ],
    ),
    (("Concilier politique et pratique",), ["2025 a également marqué", "Ces expert·e·s"]),
    (
        ("Accueillir la finale du G7",),
        ["Enfin, du 8 au 10 décembre", "Sous la direction du Canada", "En marge du G7"],
    ),
    (("Perspectives d'avenir",), ["Alors que l'année 2025", "Avec notre communauté"]),
]


@pytest.fixture(scope="module")
def article() -> Document:
    return read_document(ARTICLE)


@pytest.fixture(scope="module")
def passages(article: Document) -> list[Passage]:
    return chunk(article, lambda texts: [len(t) // 3 for t in texts], ChunkSettings())


def test_what_the_article_says_of_itself(article: Document) -> None:
    assert (article.id, article.title, article.language) == ("mila-canada-2025", TITLE, "fr")
    assert article.text.startswith("L'IA canadienne se déploie")
    assert read_documents([ARTICLE.parent]).documents == (article,)


def test_sections_and_their_paragraphs(article: Document) -> None:
    assert [s.path for s in article.sections] == [path for path, _ in SECTIONS]
    for section, (_, starts) in zip(article.sections, SECTIONS, strict=True):
        for span, start in zip(section.paragraphs, starts, strict=True):
            paragraph = article.text[slice(*span)]
            assert paragraph.startswith(start)
            assert paragraph.endswith(".")


def test_all_words_are_in_a_paragraph_a_heading_or_the_caption(article: Document) -> None:
    left = article.text
    for section in reversed(article.sections):
        for span in reversed(section.paragraphs):
            left = left[: span.start] + "\n" + left[span.end :]
    lines = [line.strip(" •\u00a0") for line in left.splitlines()]
    headings = [path[-1] for path, _ in SECTIONS if path]
    assert [line for line in lines if line] == [
        TITLE.replace("’", "'", 1).replace("l’échelle", "l'échelle"),
        CAPTION,
        *headings,
    ]


def test_one_passage_a_paragraph(article: Document, passages: list[Passage]) -> None:
    assert [p.section for p in passages] == [path for path, starts in SECTIONS for _ in starts]
    spans = [span for section in article.sections for span in section.paragraphs]
    assert [(p.start, p.end) for p in passages] == spans


@pytest.mark.parametrize("words", [CAPTION, *(h for path, _ in SECTIONS for h in path)])
def test_no_passage_holds_a_heading_or_the_caption(passages: list[Passage], words: str) -> None:
    assert not [p.id for p in passages if words in p.text]


def test_sentences(article: Document) -> None:
    texts = [article.text[slice(*p)] for s in article.sections for p in s.paragraphs]
    found = [text[slice(*span)] for text in texts for span in sentences(text, "fr")]
    assert len(found) == 45
    assert {sentence[-1] for sentence in found} == {"."}
    assert [s[:4] for s in found if not s[0].isupper()] == ["2025"]
    assert sum("Dr Alesia Zhuk, originaire d'Espagne" in sentence for sentence in found) == 1


def test_windows_line_endings_change_only_offsets(article: Document, tmp_path: Path) -> None:
    path = tmp_path / ARTICLE.name
    path.write_bytes(ARTICLE.read_bytes().replace(b"\n", b"\r\n"))
    windows = read_document(path)
    assert [s.path for s in windows.sections] == [s.path for s in article.sections]
    assert [windows.text[slice(*p)] for s in windows.sections for p in s.paragraphs] == [
        article.text[slice(*p)] for s in article.sections for p in s.paragraphs
    ]
