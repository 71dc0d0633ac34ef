"""Numbers of paragraphs: counted as Word does, for nothing in a paragraph says them."""

from __future__ import annotations

import pytest

from documents.formats.docx.number_formats import written
from tests.documents.formats.docx.word_files import p, read

Level = tuple[str, str, str]
"""Its format, its text, and whatever else it sets."""
LEGAL: list[Level] = [
    ("decimal", "Article %1", ""),
    ("decimal", "%1.%2", ""),
    ("lowerLetter", "%3)", ""),
]


def level(at: int, written_as: Level) -> str:
    form, text, more = written_as
    return (
        f"<w:lvl w:ilvl='{at}'>{more}<w:numFmt w:val='{form}'/><w:lvlText w:val='{text}'/></w:lvl>"
    )


def definition(name: int, levels: list[Level], more: str = "") -> str:
    inner = "".join(level(at, one) for at, one in enumerate(levels))
    return f"<w:abstractNum w:abstractNumId='{name}'>{more}{inner}</w:abstractNum>"


def instance(name: int, of: int, more: str = "") -> str:
    return f"<w:num w:numId='{name}'><w:abstractNumId w:val='{of}'/>{more}</w:num>"


def item(words: str, at: int = 0, numbers: int = 1, style: str = "") -> str:
    named = f"<w:pStyle w:val='{style}'/>" if style else ""
    own = f"<w:numPr><w:ilvl w:val='{at}'/><w:numId w:val='{numbers}'/></w:numPr>"
    return p(words, named + own)


def styled(words: str, style: str, more: str = "") -> str:
    return p(words, f"<w:pStyle w:val='{style}'/>{more}")


def rows(body: str, numbering: str, styles: str = "") -> list[str]:
    text = read(body, {"numbering.xml": numbering, "styles.xml": styles}).text
    return [row for row in text.split("\n") if row]


def test_levels_are_counted_and_begin_anew_below_a_higher_one() -> None:
    body = "".join(
        item(words, at)
        for words, at in [("A", 0), ("B.", 1), ("C", 2), ("D", 2), ("E.", 1), ("F", 2), ("G", 0)]
    )
    body += item("H.", 1)
    found = rows(body, definition(0, LEGAL) + instance(1, 0))
    assert found == [
        "Article 1 A",
        "1.1 B.",
        "a) C",
        "b) D",
        "1.2 E.",
        "a) F",
        "Article 2 G",
        "2.1 H.",
    ]


def test_headings_have_their_numbers_in_the_section() -> None:
    styles = (
        "<w:style w:type='paragraph' w:styleId='T1'><w:name w:val='heading 1'/>"
        "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
        "<w:style w:type='paragraph' w:styleId='T2'><w:name w:val='heading 2'/>"
        "<w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
        "<w:style w:type='paragraph' w:styleId='Sans'><w:name w:val='sans'/>"
        "<w:basedOn w:val='T1'/><w:pPr><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr></w:style>"
    )
    body = (
        styled("Un", "T1") + styled("Deux", "T2") + styled("Annexe", "Sans") + styled("Fin", "T1")
    )
    numbering = definition(0, [("upperRoman", "%1.", ""), ("decimal", "%1.%2", "")])
    read_ = read(body, {"numbering.xml": numbering + instance(1, 0), "styles.xml": styles})
    assert [(b.heading, b.level) for b in read_.blocks] == [
        ("I. Un", 1),
        ("I.1 Deux", 2),
        ("Annexe", 1),
        ("II. Fin", 1),
    ]


def test_a_style_is_numbered_through_the_style_that_it_is_based_on() -> None:
    styles = (
        "<w:style w:type='paragraph' w:styleId='Clause'><w:name w:val='clause'/>"
        "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
        "<w:style w:type='paragraph' w:styleId='Fille'><w:name w:val='fille'/>"
        "<w:basedOn w:val='Clause'/></w:style>"
    )
    # The level is that which the list names for the style.
    levels = [("decimal", "%1.", ""), ("decimal", "§ %2", "<w:pStyle w:val='Clause'/>")]
    off = "<w:numPr><w:numId w:val='0'/></w:numPr>"
    body = styled("Un.", "Clause") + styled("Deux.", "Fille") + styled("Trois.", "Fille", off)
    found = rows(body, definition(0, levels) + instance(1, 0), styles)
    assert found == ["§ 1 Un.", "§ 2 Deux.", "Trois."]


def test_where_a_list_starts() -> None:
    numbering = definition(0, [("decimal", "%1.", "<w:start w:val='4'/>")])
    again = "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>"
    other = f"<w:lvlOverride w:ilvl='0'>{level(0, ('upperLetter', '%1)', ''))}</w:lvlOverride>"
    numbering += instance(1, 0) + instance(2, 0) + instance(3, 0, again) + instance(4, 0, other)
    body = "".join(item("x", 0, n) for n in (1, 1, 2, 3, 3, 2, 4))
    # Lists of one definition go on counting, unless one says where it starts.
    assert rows(body, numbering) == ["4. x", "5. x", "6. x", "1. x", "2. x", "3. x", "D) x"]


def test_a_level_that_never_begins_anew() -> None:
    levels = [("decimal", "Titre %1", ""), ("decimal", "Art. %2", "<w:lvlRestart w:val='0'/>")]
    body = "".join(item("x.", at) for at in (0, 1, 1, 0, 1))
    found = rows(body, definition(0, levels) + instance(1, 0))
    assert found == ["Titre 1 x.", "Art. 1 x.", "Art. 2 x.", "Titre 2 x.", "Art. 3 x."]


def test_a_level_counted_below_one_of_two_others() -> None:
    levels = [
        ("decimal", "%1", ""),
        ("decimal", "%2", ""),
        ("decimal", "%3", "<w:lvlRestart w:val='1'/>"),
    ]
    body = "".join(item("x.", at) for at in (0, 1, 2, 1, 2, 0, 2))
    assert [row.split()[0] for row in rows(body, definition(0, levels) + instance(1, 0))] == [
        *("1", "1", "1", "2", "2", "2", "1")
    ]


def test_a_level_that_is_passed_over_counts() -> None:
    levels = [("decimal", "%1", ""), ("decimal", "%1.%2", ""), ("decimal", "%1.%2.%3", "")]
    body = "".join(item("x.", at) for at in (1, 0, 2, 1))
    found = rows(body, definition(0, levels) + instance(1, 0))
    assert found == ["1.1 x.", "2 x.", "2.1.1 x.", "2.2 x."]


def test_legal_numbers_are_digits() -> None:
    levels = [("upperRoman", "Partie %1", ""), ("decimal", "%1.%2", "<w:isLgl/>")]
    body = item("Un.", 0) + item("x.", 1)
    assert rows(body, definition(0, levels) + instance(1, 0)) == ["Partie I Un.", "1.1 x."]


def test_bullets_stay_and_empty_labels_add_nothing() -> None:
    levels = [("bullet", "\uf0b7", ""), ("none", "", ""), ("none", "Note :", "")]
    body = item("a", 0) + item("b.", 1) + item("c.", 2) + item("", 0)
    assert rows(body, definition(0, levels) + instance(1, 0)) == ["- a", "b.", "Note : c."]


def test_a_list_defined_by_a_style() -> None:
    styles = (
        "<w:style w:type='numbering' w:styleId='L'><w:name w:val='liste'/>"
        "<w:pPr><w:numPr><w:numId w:val='2'/></w:numPr></w:pPr></w:style>"
    )
    numbering = definition(0, [], "<w:numStyleLink w:val='L'/>")
    numbering += definition(1, [("decimal", "(%1)", "")], "<w:styleLink w:val='L'/>")
    numbering += instance(1, 0) + instance(2, 1)
    assert rows(item("a") + item("b", 0, 2), numbering, styles) == ["(1) a", "(2) b"]


def test_what_was_deleted_is_not_counted() -> None:
    gone = (
        "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr><w:rPr><w:del w:id='1'/></w:rPr>"
    )
    body = item("a") + f"<w:p><w:pPr>{gone}</w:pPr></w:p>" + item("b")
    numbering = definition(0, [("decimal", "%1.", "")]) + instance(1, 0)
    assert rows(body, numbering) == ["1. a", "2. b"]


def test_a_label_of_a_law_heads_what_follows() -> None:
    body = item("Objet") + p("Le contrat porte sur l’entretien.") + item("Durée")
    body += p("Trois ans.")
    blocks = read(body, {"numbering.xml": definition(0, LEGAL) + instance(1, 0)}).blocks
    assert [b.heading for b in blocks] == ["Article 1 Objet", None, "Article 2 Durée", None]


def test_definitions_that_are_missing_or_wrong_harm_nothing() -> None:
    loop = (
        "<w:style w:type='paragraph' w:styleId='A'><w:name w:val='a'/>"
        "<w:basedOn w:val='A'/></w:style>"
    )
    body = item("a", 0, 9) + item("b", 99) + item("c", 1, 1, "A")
    numbering = definition(0, [("decimal", "%9%1.", "<w:start w:val='-3'/>")]) + instance(1, 0)
    assert rows(body, numbering, loop) == ["a", "b", "c"]
    assert rows(item("d"), numbering) == ["1. d"]


@pytest.mark.parametrize(
    ("form", "number", "expected"),
    [
        ("decimalZero", 7, "07"),
        ("lowerLetter", 26, "z"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 3, "C"),
        ("lowerRoman", 1994, "mcmxciv"),
        ("upperRoman", 4000, "4000"),
        ("001, 002, 003, ...", 12, "012"),
        ("ordinal", 1, "1er"),
        ("ordinal", 2, "2e"),
        ("decimalEnclosedCircle", 3, "③"),
        ("chicago", 5, "**"),
        ("unheard", 5, "5"),
        ("none", 5, ""),
    ],
)
def test_numbers_as_word_writes_them(form: str, number: int, expected: str) -> None:
    assert written(number, form, french=True) == expected


def test_english_ordinals() -> None:
    numbers = (1, 2, 3, 4, 11, 12, 13, 21, 112)
    assert [written(n, "ordinal", french=False) for n in numbers] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th")
    ]
