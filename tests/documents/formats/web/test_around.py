"""What stands around the content of a page: read if it says something, else left out or named."""

from __future__ import annotations

import pytest

from documents.formats.html import read_html
from documents.notices import Notice, NoticeKind
from tests.documents.formats.office_files import passages

NEWS = "<p>Nouveau : yourte chauffée à 95 $ la nuit.</p>"
SAID = "Nouveau : yourte chauffée à 95 $ la nuit."
CONTENT = "<main><h1>Camping</h1><p>Le camping accueille les familles.</p></main>"
READ = "Camping | Le camping accueille les familles."
LINKS = "<ul><li><a href=a>Un lien</a><li><a href=b>Deux liens</a><li><a href=c>Trois</a></ul>"


def read(body: str) -> tuple[str, tuple[Notice, ...]]:
    found = read_html(f"<meta charset=utf-8><body>{body}</body>".encode(), "a.html")
    return found.text.replace("\n\n", " | "), found.notices


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"{CONTENT}<aside>{NEWS}</aside>", f"{READ} | {SAID}"),
        (f"{CONTENT.replace('main', 'article')}<aside>{NEWS}</aside>", f"{READ} | {SAID}"),
        (f"{CONTENT}<div>{NEWS}</div>", f"{READ} | {SAID}"),
        (f"<div><div>{CONTENT}</div><div class=sidebar>{NEWS}{LINKS}</div></div>",
         f"{READ} | {SAID}"),
        (f"{CONTENT}Ouvert tous les jours en été.", f"{READ} | Ouvert tous les jours en été."),
        (f"<section>{NEWS}</section>{CONTENT}", f"{SAID} | {READ}"),
        (f"{CONTENT}<aside><h2>Heures</h2><table><tr><th>Lundi<td>9 h</table></aside>",
         f"{READ} | Heures | Lundi | 9 h"),
        (f"{CONTENT}<aside><h2>Hors saison</h2><p>Chalet</p>{NEWS}{LINKS}</aside>",
         f"{READ} | Hors saison | Chalet | {SAID}"),
        (f"{CONTENT}<div><header>{NEWS}</header><div>Douches à 1 $ la minute.</div></div>",
         f"{READ} | {SAID} | Douches à 1 $ la minute."),
        # Nothing marks the content.
        (f"<h1>A</h1><p>{'Un texte bien long. ' * 9}</p><div class=sidebar>{NEWS}{LINKS}</div>",
         f"A | {'Un texte bien long. ' * 9}".strip() + f" | {SAID}"),
        (f"<h1>A</h1><p>Texte.</p><div></div><aside>{NEWS}</aside>", f"A | Texte. | {SAID}"),
        # What announces other pages is none; an aside in an article may be a single link.
        ("<main><h1>Camping</h1><article><p>Le camping accueille les familles.</p>"
         "<aside><a href=a>Un autre billet</a></aside></article></main>", READ),
        (f"{CONTENT}<aside>{NEWS}<ul><li>14 min de lecture<li>3 commentaires</ul><div>"
         f"<p>Fermer</p></div></aside>", f"{READ} | {SAID}"),
        (f"{CONTENT}<aside><ul><li>Lundi au vendredi<li>9 h à 17 h</ul></aside>",
         f"{READ} | - Lundi au vendredi\n- 9 h à 17 h"),
        # Menus, banners, lists of links and short names say nothing.
        (f"{CONTENT}<aside><h2>À lire</h2>{LINKS}</aside>", READ),
        (f"<div>{LINKS}</div>{CONTENT}<div>Accueil</div><aside>Suivez-nous</aside>", READ),
        (f"{CONTENT}<div id=cookies>Ce site pose des témoins sur votre appareil.</div>", READ),
        (f"{CONTENT}<div><p>Nous utilisons des cookies pour mesurer.</p></div>", READ),
    ],
)  # fmt: skip
def test_what_stands_beside_the_content_is_read_if_it_says_something(
    body: str, expected: str
) -> None:
    assert read(body) == (expected, ())


def test_what_stands_beside_the_content_is_below_no_heading_of_it() -> None:
    page = f"<main><h1>Port</h1><h2>Quai</h2><p>Ici.</p></main><aside>{NEWS}</aside>"
    extract = read_html(page.encode(), "a.html")
    assert [path for path, _ in passages(extract)] == [("Quai",), ()]


@pytest.mark.parametrize(
    ("footer", "expected"),
    [
        ("© 2025 – Lac Vert, 12 rang 4, Saint-Alexis", True),
        ("© 2025 Lac Vert, 12 rang 4, Saint-Alexis", True),
        ("&copy; 2025 Lac Vert. Tous droits réservés. Ouvert tous les jours de mai.", True),
        ("All rights reserved. Registered charity no. 1089464", True),
        ("© 2019-2025 Lac Vert inc. Tous droits réservés.", False),
        ("© 2025 – Lac Vert inc. – Site réalisé par Agence Truc.", False),
        ("Copyright 2025 Lac Vert | Powered by Truc 3", False),
        ("Copyright © 2017 Lac Vert. Publié par Le Quai. Diffusé sous licence 4.0", False),
        ("© 2011 The Lake. Licensed under the Lake License, Version 2.0, at your option.", False),
    ],
)
def test_a_line_of_rights_stays_if_it_says_more(footer: str, expected: bool) -> None:
    text, notices = read(f"{CONTENT}<footer><p>{footer}</p></footer>")
    assert (text != READ, notices) == (expected, ())


@pytest.mark.parametrize(
    "body",
    [
        f"{CONTENT}<article><h2>Autre billet</h2>{NEWS}</article>",
        f"{CONTENT}<div class=newsletter>{NEWS}<form><input></form></div>",
        f"{CONTENT}<form>{NEWS}</form>",
        f"<nav>{LINKS}{NEWS}</nav>{CONTENT}",
        f"{CONTENT}<aside><ul><li><h3><a href=a>Autre billet</a></h3>{NEWS}</ul></aside>",
        f"{CONTENT}<aside><div><h3><a href=a>Autre billet</a></h3>{NEWS}</div></aside>",
        f"{CONTENT}<footer><form>{NEWS}</form></footer>",
        CONTENT.replace("</main>", f"<div class=social>{NEWS}</div><p>{'Texte. ' * 40}</p></main>"),
    ],
)
def test_sentences_that_are_left_out_are_named(body: str) -> None:
    text, notices = read(body)
    assert SAID not in text
    assert notices == (Notice(NoticeKind.AROUND_CONTENT, SAID),)


def test_a_sentence_that_is_read_elsewhere_is_not_named() -> None:
    page = CONTENT.replace("</main>", f"{NEWS}</main>")
    assert read(f"<nav>{NEWS}</nav>{page}") == (f"{READ} | {SAID}", ())


def test_of_many_sentences_left_out_the_first_ones_are_named_and_none_twice() -> None:
    lines = "".join(f"<p>Ceci est la phrase n° {n} {'très ' * 30}longue.</p>" for n in "11234")
    [notice] = read(f"{CONTENT}<nav>{lines}</nav>")[1]
    assert notice.detail.count("Ceci") == 3
    assert notice.detail.endswith("… | …")
