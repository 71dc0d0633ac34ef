"""Questions: which lines head what follows them, and which stay text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.chunking import ChunkSettings, chunk
from documents.formats.plaintext import plain_blocks
from documents.questions import with_questions
from documents.reading import read_document
from documents.types import Passage


def passages(folder: Path, name: str, text: str) -> list[Passage]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return chunk(read_document(path), lambda texts: [len(t) // 3 for t in texts], ChunkSettings())


def found(folder: Path, name: str, text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(p.section, p.text) for p in passages(folder, name, text)]


FAQ = """\
FAQ du service des eaux

Q : Comment relever mon compteur ?
R : Ouvrez le regard et lisez les chiffres noirs.

Q : Que faire en cas de fuite ?
R : Fermez le robinet d'arrêt puis appelez le 418 555-0134.

La nuit, appelez la garde.
"""
LEAK = "R : Fermez le robinet d'arrêt puis appelez le 418 555-0134."


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_marked_questions_head_their_answers(tmp_path: Path, ending: str) -> None:
    rest = found(tmp_path, "a.txt", FAQ.replace("\n", ending))[1:]
    assert rest == [
        (
            ("Que faire en cas de fuite ?",),
            f"{LEAK}{ending}{ending}La nuit, appelez la garde.",
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Q : Où ?\nR : Ici.\nQ : Quand ?\nR : Demain.",
        "Q: Où ?\n\nR: Ici.\n\nQ: Quand ?\n\nR: Demain.",
        "Q. Où ?\nR. Ici.\n\nQ. Quand ?\nR. Demain.",
        "Q1. Où ?\nR1. Ici.\n\nQ2. Quand ?\nR2. Demain.",
        "Q - Où ?\nR - Ici.\n\nQ – Quand ?\nR – Demain.",
        "Question : Où ?\nRéponse : Ici.\n\nQuestion 2 : Quand ?\nRéponse 2 : Demain.",
        "Q: Où ? A: Ici.\nQ: Quand ? A: Demain.",
        "Q: Où ?\nA: Ici.\n\nQ: Quand ?\nA: Demain.",
        "**Q :** Où ?\n**R :** Ici.\n\n**Q : Quand ?**\n\nR : Demain.",
        "**Où ?**\n\nIci.\n\n**Quand ?**\n\nDemain.",
        "**Où ?**  \nIci.\n\n**Quand ?**\nDemain.",
        "- **Où ?**\n  Ici.\n- **Quand ?**\n\n  Demain.",
    ],
)
def test_ways_to_mark_a_question(tmp_path: Path, text: str) -> None:
    (first, here), (second, tomorrow) = found(tmp_path, "a.md", text)
    assert (first, second) == (("Où ?",), ("Quand ?",))
    assert here.endswith("Ici.") and tomorrow.endswith("Demain.")


def test_a_question_may_take_two_lines_and_lack_its_mark(tmp_path: Path) -> None:
    text = "Q : Je voudrais savoir\ncombien cela coûte\nR : Douze euros."
    assert found(tmp_path, "a.txt", text) == [
        (("Je voudrais savoir combien cela coûte",), "R : Douze euros.")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Q. Tarantino a fait ce film.\n\nIl est long.",
        "Q : Sans réponse ?",
        "Est-ce vrai ? R : non.",
        "**A ?**\n\n**B ?**\n\n**C ?**\n\n**D ?**\n\nTexte.",
        f"**{'Long ' * 70}?**\n\nTexte.",
    ],
)
def test_what_is_no_question_stays_text(tmp_path: Path, text: str) -> None:
    kept = found(tmp_path, "a.md", text)
    assert {section for section, _ in kept} == {()}
    assert "\n\n".join(words for _, words in kept) == text


def test_a_heading_ends_a_question(tmp_path: Path) -> None:
    text = "# T\n\n## FAQ\n\n**Où ?**\n\nIci.\n\n## Contact\n\nLe 12."
    assert [section for section, _ in found(tmp_path, "a.md", text)] == [
        ("FAQ", "Où ?"),
        ("Contact",),
    ]


def test_a_question_is_no_title(tmp_path: Path) -> None:
    [answer] = passages(tmp_path, "note.md", "**Où ?**\n\nIci.")
    assert answer.context == ("note", "Où ?")


def test_terms_head_their_definitions(tmp_path: Path) -> None:
    page = (
        "<html><body><main><h1>Carte</h1><dl><dt>Validité</dt><dd>10 ans</dd>"
        "<dt>Format</dt><dt>Taille</dt><dd>Carte bancaire</dd><dd><ul><li>8 cm</ul></dd>"
        "<dt>Prix<dd><p>Gratuit</p><dl><dt>Perte</dt><dd>25 euros</dd></dl>"
        "<dt>Rien</dt></dl><p>Suite.</p></main></body></html>"
    )
    assert found(tmp_path, "a.html", page) == [
        (("Validité",), "10 ans"),
        (("Format / Taille",), "Carte bancaire\n\n- 8 cm"),
        (("Prix",), "Gratuit"),
        (("Prix", "Perte"), "25 euros"),
        ((), "Rien\n\nSuite."),
    ]


def test_questions_in_bold_of_a_page(tmp_path: Path) -> None:
    page = (
        "<h1>T</h1><p><strong>Où ?</strong></p><p>Ici.</p><p><a><b>Quand ?</b></a></p>"
        "<p>Demain.</p><p><b>Oui</b> ?</p><p>Non.</p>"
    )
    assert found(tmp_path, "a.html", page) == [
        (("Où ?",), "Ici."),
        (("Quand ?",), "Demain.\n\nOui ?\n\nNon."),
    ]


CASE = Path(__file__).parents[3] / "shared" / "cases" / "highlight-shows-the-question"


@pytest.mark.skipif(not CASE.is_dir(), reason="the cases are beside the repository")
@pytest.mark.parametrize(
    ("name", "question", "answer"),
    [
        ("faq.txt", "Que faire en cas de fuite ?", "Fermez le robinet d'arrêt"),
        ("dl.html", "Validité", "10 ans"),
    ],
)
def test_the_answer_is_under_its_question(name: str, question: str, answer: str) -> None:
    document = read_document(CASE / name)
    [found] = [
        p for p in chunk(document, lambda t: [9] * len(t), ChunkSettings()) if answer in p.text
    ]
    assert found.section[-1] == question
    assert question not in found.text


LINES = st.sampled_from(
    ["Q : Où ?", "R : Ici.", "Q. Roy", "Où ?", "Quand ?", "Texte.", "Titre", "1. Quoi ?", "- Q: a"]
)


@given(st.lists(LINES, max_size=9), st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_blocks_keep_all_words_in_order(rows: list[str], ending: str) -> None:
    text = ending.join(rows)
    before, end = plain_blocks(text), 0
    after = with_questions(text, before)
    for block in after:
        assert end <= block.span.start < block.span.end
        end = block.span.end
    kept = {at for block in after for at in range(*block.span) if not text[at].isspace()}
    assert kept == {at for b in before for at in range(*b.span) if not text[at].isspace()}
