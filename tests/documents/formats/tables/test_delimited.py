"""CSV and TSV: what parts the values, how they are written, and what heads them."""

from __future__ import annotations

import pytest

from documents.errors import UndecodableDocument, UnsafeDocument
from documents.formats.tables import grid
from documents.formats.tables.delimited import read_csv
from documents.notices import Notice, NoticeKind
from tests.documents.formats.office_files import STAFF_CSV, passages

Found = list[tuple[tuple[str, ...], str]]


def rows(text: str) -> Found:
    return passages(read_csv(text.encode(), "a.csv"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_row_names_its_values_in_any_encoding(encoding: str) -> None:
    extract = read_csv(STAFF_CSV.encode(encoding), "a.csv")
    assert passages(extract) == [
        (("ligne 2",), "Nom : Gisèle Arsenault ; Téléphone : 418 555-0142 ; Prix : 12,50"),
        (("ligne 3",), "Nom : Luc Roy ; Téléphone : 418 555-0143 ; Prix : 13,00"),
    ]
    latin = (Notice(NoticeKind.DECODED_AS, "iso-8859-1"),)
    assert extract.notices == (latin if encoding == "cp1252" else ())
    assert extract.text.startswith("Nom | Téléphone | Prix\n\nligne 2\n\n")


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(UndecodableDocument):
        read_csv(b"a;b\n\x81\x00;2\n", "a.csv")


@pytest.mark.parametrize(
    "text",
    [
        "Name\tCity\nAnn, the first\tLondon\n",
        "Name|City\nAnn, the first|London\n",
        'Name,City\n"Ann, the first",London\n',
        'Name, City\n"Ann, the first", "London"\n',
        'sep=;\nName;City\n"Ann, the first";London\n',
        "Name;City\rAnn, the first;London\r",
    ],
)
def test_what_parts_the_values_is_found(text: str) -> None:
    [(path, words)] = rows(text)
    assert words == "Name: Ann, the first; City: London"
    assert path[0].startswith("row ")


def test_quotes_lines_and_empty_values() -> None:
    assert rows('id,Nom,Note\n1,"Dit ""Le Petit""","deux\nlignes"\n2,,x\n') == [
        (("ligne 2",), 'id : 1 ; Nom : Dit "Le Petit" ; Note : deux lignes'),
        (("ligne 3",), "id : 2 ; Note : x"),
    ]


def test_quotes_that_nothing_closes_are_letters() -> None:
    assert rows('Objet;Prix\n"Écran de 12" rouge;3\n"Table";4\n') == [
        (("ligne 2",), 'Objet : "Écran de 12" rouge ; Prix : 3'),
        (("ligne 3",), "Objet : Table ; Prix : 4"),
    ]


def test_without_a_header_values_stand_alone() -> None:
    assert rows("Lyon;12\nParis;13\n") == [
        (("ligne 1",), "Lyon | 12"),
        (("ligne 2",), "Paris | 13"),
    ]


def test_titles_above_and_remarks_below() -> None:
    text = "Piscines de la ville;;\n;;\nNom;Heures;Prix\nMarec;9 h;5\n;;\nTarifs votés en mai.;;\n"
    assert rows(text) == [
        (("Piscines de la ville", "ligne 4"), "Nom : Marec ; Heures : 9 h ; Prix : 5"),
        (("Piscines de la ville", "ligne 6"), "Tarifs votés en mai."),
    ]


def test_titles_in_a_row_are_one_below_the_other() -> None:
    text = "Budget;\n(en dollars);\nPoste;Montant\nLoyer;3\n"
    assert rows(text) == [(("Budget", "(en dollars)", "ligne 4"), "Poste : Loyer ; Montant : 3")]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Région;T1\nBeauce;120\nLévis;210\n", "Région : Beauce ; T1 : 120"),
        ("Ville;mai 2025\nLévis;12\nGaspé;9\n", "Ville : Lévis ; mai 2025 : 12"),
        ("Région;T1;T2\nBeauce;120;\n", "Région : Beauce ; T1 : 120"),
        ("Nom;Ville;T1;Total\nRoy;Ham;9;9\n", "Nom : Roy ; Ville : Ham ; T1 : 9 ; Total : 9"),
        ("Employé;A1;B2\nLuc;12;5 $\n", "Employé : Luc ; A1 : 12 ; B2 : 5 $"),
        ("Jour;8 h;10 h\nLundi;Yoga;Bal\nMardi;;Judo\n", "Jour : Lundi ; 8 h : Yoga ; 10 h : Bal"),
        ("Âge;0-5;6-12;13+\nPrix;3;5;7\n", "Âge : Prix ; 0-5 : 3 ; 6-12 : 5 ; 13+ : 7"),
        ("Taille;36;38;40\nRobe;12;4;7\nJupe;3;0;9\n", "Taille : Robe ; 36 : 12 ; 38 : 4 ; 40 : 7"),
        ("Lot;10;50;200\nCarte;0,9;0,75;0,5\n", "Lot : Carte ; 10 : 0,9 ; 50 : 0,75 ; 200 : 0,5"),
        (";1;2\nRobe;7;8\nJupe;5;3\n", "Robe ; 1 : 7 ; 2 : 8"),
    ],
)  # fmt: skip
def test_codes_and_numbers_are_a_header_where_the_rows_below_are_not_like_them(
    text: str, first: str
) -> None:
    assert rows(text)[0] == (("ligne 2",), first)


@pytest.mark.parametrize(
    "text",
    [
        "Lyon;A1;3\nNice;A2;4\n",
        "Lyon;8 h;17 h\nNice;8 h 30;16 h\n",
        "Lyon;36;38\nNice;12;4\n",
        "Lyon;1;2;3\nNice;4;5;6\n",
        "Lyon;12;7;40\nNice;3;9;1\n",
        "Lyon;5;12\nNice;6,5;13,5\n",
        "A-100;Vis;12,50 $;2 jours\nA-101;Clou;3,25 $;3 jours\n",
        "Roy;B12;14\nCyr;9;15\n",
        "Trimestre;T1\nBudget;1200\nVentes;900\n",
        "T1;T1\n3;4\n",
        "Lyon;T1;T2\nLyon;3;4\n",
        "Local;B12\nPoste;4410\nPlaces;3\n",
    ],
)
def test_codes_and_numbers_among_their_like_are_values(text: str) -> None:
    assert rows(text)[0] == (("ligne 1",), text.split("\n")[0].replace(";", " | "))


def test_a_second_row_of_codes_tells_apart_the_labels_above_it() -> None:
    text = "Région;2023;2023;2024;2024\n;T1;T2;T1;T2\nBeauce;1;2;3;4\n"
    [(_, words)] = rows(text)
    assert (
        words == "Région : Beauce ; 2023 – T1 : 1 ; 2023 – T2 : 2 ; 2024 – T1 : 3 ; 2024 – T2 : 4"
    )


def test_a_header_of_codes_that_stands_alone_heads_the_rows_below_the_gap() -> None:
    assert rows("Région;T1;T2\n\nBeauce;1;2\n") == [
        (("ligne 3",), "Région : Beauce ; T1 : 1 ; T2 : 2")
    ]


def test_years_are_a_header_and_more_values_than_names_stay() -> None:
    assert rows("Région;2021;2022\nEstrie;5;6;7\n") == [
        (("ligne 2",), "Région : Estrie ; 2021 : 5 ; 2022 : 6 ; 7")
    ]


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("Poste;Réel;;Don;Prix\nBal;3;;Roy;5\nLoto;4;;;\n", "Bal", "Don : Roy ; Prix : 5"),
        ("Poste;Réel;;;Don;Prix\nBal;3;;;Roy;5\n", "Bal", "Don : Roy ; Prix : 5"),
        ("Poste;Prix;;Poste;Prix\nBal;3;;Roy;5\n", "Bal", "Poste : Roy ; Prix : 5"),
        ("Ventes;;;Dons\nQui;Prix;;Nom;Prix\nBal;3;;Roy;5\n", "Bal", "Nom : Roy ; Prix : 5"),
        ("Poste;T1;T2;;Don;T1\nBal;3;4;;Roy;5\nLot;1;2;;;\n", "Bal", "Don : Roy ; T1 : 5"),
    ],
)
def test_tables_side_by_side_are_two(text: str, left: str, right: str) -> None:
    words = [words for _, words in rows(text)]
    assert left in words[0]
    assert words[-1] == right
    assert not any(left in found and "Roy" in found for found in words)


@pytest.mark.parametrize(
    "text",
    [
        "Nom;Prénom;;Ville;Places\nRoy;Luc;;Lyon;5\nCyr;Zoé;;Nice;4\n",
        "Poste;Prévu;;Réel;Écart\nBal;3;;4;1\nLot;5;;;\n",
        "Nom;Ville;;Note;Points\nRoy;Lyon;;Bien;5\nCyr;Nice;;;\nGay;Metz;;Non;4\n",
        "Nom;Places;;Remarque\nRoy;5;;Absent\nCyr;4;;\n",
        "Roy;5;;Lyon;6\nCyr;7;;;\n",
    ],
)
def test_an_empty_column_within_a_table_parts_nothing(text: str) -> None:
    names = ("Roy", "Cyr", "Gay", "Bal", "Lot")
    assert len(rows(text)) == sum(line.startswith(names) for line in text.split("\n"))


def test_tables_side_by_side_go_on_below_a_gap_with_their_titles_and_a_remark() -> None:
    text = (
        "Budget 2025\n\nFrais;;;Dons\nPoste;Prix;;De;Prix\nBal;3;;Roy;5\nLot;4;;;\n\nJeu;6;;Cyr;7\n"
        "\nVin;8;;;\n\nRemarque : voté en mai.\n"
    )
    assert rows(text) == [
        (("Budget 2025", "Frais", "ligne 5"), "Poste : Bal ; Prix : 3"),
        (("Budget 2025", "Frais", "ligne 6"), "Poste : Lot ; Prix : 4"),
        (("Budget 2025", "Frais", "ligne 8"), "Poste : Jeu ; Prix : 6"),
        (("Budget 2025", "Frais", "ligne 10"), "Poste : Vin ; Prix : 8"),
        (("Budget 2025", "Dons", "ligne 5"), "De : Roy ; Prix : 5"),
        (("Budget 2025", "Dons", "ligne 8"), "De : Cyr ; Prix : 7"),
        (("Budget 2025", "Dons", "ligne 12"), "Remarque : voté en mai."),
    ]


def test_forms_side_by_side_are_read_one_after_the_other() -> None:
    text = "Nom;Luc Roy;;Ville;Lyon\nTél.;0101;;Places;12\nCourriel;l@x.org;;Site;www.x.org\n"
    assert [words for _, words in rows(text)] == [
        "Nom : Luc Roy",
        "Tél. : 0101",
        "Courriel : l@x.org",
        "Ville : Lyon",
        "Places : 12",
        "Site : www.x.org",
    ]


def test_a_second_table_has_its_own_header_and_a_gap_has_none() -> None:
    text = "Nom;Ville\n\nLuc;Lyon\n\nZoé;Nice\n\nObjet;Prix\nTable;3\n"
    assert [words for _, words in rows(text)] == [
        "Nom : Luc ; Ville : Lyon",
        "Nom : Zoé ; Ville : Nice",
        "Objet : Table ; Prix : 3",
    ]


def test_a_form_is_names_and_values() -> None:
    contact = [words for _, words in rows("Nom;Luc Roy\nTél.;0101\nCourriel;l@x.org\n")]
    assert contact == ["Nom : Luc Roy", "Tél. : 0101", "Courriel : l@x.org"]
    text = "Nom;Piscine Marec\nVille;Lille\nTéléphone;03 20 00 00 00\nPlaces;120\n"
    found = rows(text)
    assert [path for path, _ in found] == [()] * 4
    assert [words for _, words in found] == [
        "Nom : Piscine Marec",
        "Ville : Lille",
        "Téléphone : 03 20 00 00 00",
        "Places : 120",
    ]


def test_a_wide_row_is_several_paragraphs_that_the_first_leads() -> None:
    names = ";".join(f"Champ {chr(65 + n)}" for n in range(20))
    extract = read_csv(f"{names}\n{';'.join(['valeur ' * 6] * 20)}\n".encode(), "a.csv")
    first, *others = [b for b in extract.blocks if b.heading is None]
    assert others
    assert all(block.leads == (first.span,) for block in others)
    assert sum(extract.text[slice(*b.span)].count("Champ") for b in extract.blocks) == 20


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MAX_CELLS", 5)
    with pytest.raises(UnsafeDocument, match="more than 5 cells"):
        rows("a;b\n1;2\n3;4\n")
