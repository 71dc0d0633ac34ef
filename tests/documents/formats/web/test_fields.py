"""Values of forms: what is entered, chosen or ticked stands where its field is."""

from __future__ import annotations

import pytest

from documents.formats.html import read_html


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<label>Nom</label> <input value='Luc Gagné'><br>Fin", "Nom Luc Gagné\nFin"),
        ("<p>Le <input type=date value=2025-05-01>.</p>", "Le 2025-05-01 ."),
        ("<p>Motif : <textarea>Toit\nneuf</textarea></p>", "Motif : Toit neuf"),
        ("<p>Lieu : <select><option>Maison<option selected>Chalet</select></p>", "Lieu : Chalet"),
        ("<p>Quai : <select multiple><option selected>A<option>B<option selected>C</select></p>",
         "Quai : A, C"),
        ("<p>Lieu : <select><option value=''>Choisir…<option>Tente<option>Yourte</select></p>",
         "Lieu : Tente / Yourte"),
        (f"<p>Pays : <select>{'<option>Pays' * 13}</select></p>", "Pays :"),
        ("<form><p><input type=checkbox checked> Urgent</p><p><input type=radio> Non</p></form>",
         "☑ Urgent\n\n☐ Non"),
        ("Motif <textarea>Toit</textarea> <select><option selected>Chalet</select>m2",
         "Motif Toit\nChalet m2"),
        ("<table><tr><th>Nom<td><input value=Luc></table>", "Nom | Luc"),
        # Nobody sees these, or they are no part of what the page says.
        ("<p>Code<input type=hidden value=x1><input type=password value=x2></p>", "Code"),
        ("<p>Ici<input type=submit value=x1><input type=search value=x2></p>", "Ici"),
        ("<p>Ici<input name=q value='Mots recherchés'><input type=checkbox checked></p>", "Ici"),
        ("<p>Ici<span hidden><input value=x1></span></p><nav><input value=x2></nav>", "Ici"),
    ],
)  # fmt: skip
def test_a_value_stands_where_its_field_is(body: str, expected: str) -> None:
    assert read_html(f"<meta charset=utf-8><main>{body}</main>".encode(), "a").text == expected
