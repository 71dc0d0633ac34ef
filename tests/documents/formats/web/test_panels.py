"""Panels that a control opens are text, under its words; dialogs and menus are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.formats.html import read_html
from documents.reading import read_document

HIDDEN = "Le délai est de 37 jours."


def sections(folder: Path, body: str) -> dict[tuple[str, ...], list[str]]:
    path = folder / "a.html"
    path.write_text(f"<main><h1>Titre</h1><p>Avant.</p>{body}<p>Après.</p></main>")
    document = read_document(path)
    found: dict[tuple[str, ...], list[str]] = {}
    for section in document.sections:
        texts = [document.text[slice(*span)] for span in section.paragraphs]
        found.setdefault(section.path, []).extend(texts)
    return found


@pytest.mark.parametrize(
    "body",
    [
        # Accordions: the panel is hidden by an attribute, a style or for screen readers.
        f"<h3><button aria-expanded=false>Délai</button></h3><div hidden>{HIDDEN}</div>",
        f"<button aria-expanded=false>Délai</button><div style='display:none'>{HIDDEN}</div>",
        f"<button class=accordion>Délai</button><div class=panel>{HIDDEN}</div>",
        f"<div class=accordion-item><h2 class=accordion-header><button data-bs-toggle=collapse"
        f" data-bs-target='#c'>Délai</button></h2><div id=c class='accordion-collapse collapse'"
        f" aria-hidden=true><p>{HIDDEN}</p></div></div>",
        f"<div class=head><button aria-controls=d>Délai</button></div><p>{''}</p>"
        f"<section id=d hidden><p>{HIDDEN}</p></section>",
        f"<details><summary>Délai</summary><p>{HIDDEN}</p></details>",
        f"<details open><summary>Délai</summary>{HIDDEN}</details>",
        f"<input type=radio><label>Délai</label><div style='display:none'>{HIDDEN}</div>",
        # Tabs, with and without names of their panels.
        f"<div role=tablist><button role=tab aria-controls=x>Délai</button></div>"
        f"<div id=x role=tabpanel hidden><p>{HIDDEN}</p></div>",
        f"<ul role=tablist><li><a role=tab>Délai</a></ul><div role=tabpanel hidden>{HIDDEN}</div>",
        f"<ul class='nav nav-tabs'><li><a href='#nav-x'>Délai</a></ul><div class=tab-content>"
        f"<div id=nav-x class=tab-pane style='display: none'>{HIDDEN}</div></div>",
    ],
)
def test_a_panel_is_read_under_its_control(tmp_path: Path, body: str) -> None:
    assert sections(tmp_path, body) == {(): ["Avant.", "Après."], ("Délai",): [HIDDEN]}


@pytest.mark.parametrize(
    "body",
    [
        f"<div class=accordion><p>Délai</p><div hidden>{HIDDEN}</div></div>",
        f"<button>Lire la suite</button><div hidden>{HIDDEN}</div>",
        f"<div hidden=until-found>{HIDDEN}</div>",
        f"<p onclick='f()'>Délai</p><div style='visibility: hidden'>{HIDDEN}</div>",
        f"<p>Voir <a href='#plus'>plus bas</a>.</p><div id=plus hidden>{HIDDEN}</div>",
        f"<h3><button aria-expanded=false>Délai</button></h3><div hidden><h4>A</h4>{HIDDEN}</div>",
    ],
)
def test_a_panel_without_a_label_of_its_own_is_read(tmp_path: Path, body: str) -> None:
    assert HIDDEN in [text for texts in sections(tmp_path, body).values() for text in texts]


@pytest.mark.parametrize(
    "body",
    [
        "<div hidden>Non</div>",
        "<button aria-controls=m>Aide</button><div id=m role=dialog hidden>Non</div>",
        "<button aria-controls=m>Aide</button><div id=m aria-modal=true>Non</div>",
        "<button data-target='#m'>Aide</button><div id=m class='modal fade' hidden>Non</div>",
        "<a href='#m'>Aide</a><div id=m class=popup style='display:none'>Non</div>",
        "<button aria-expanded=false>Menu</button><ul hidden><li><a href=a>Non 1</a>"
        "<li><a href=b>Non 2</a><li><a href=c>Non 3</a></ul>",
        "<button aria-expanded=false>Menu</button><nav hidden><p>Non</p></nav>",
        "<button>Partager</button><div role=status hidden>Non copié</div>",
        "<button>Cookies</button><div id=cookie-panel hidden>Non</div>",
        "<div class=accordion>Avis <span aria-hidden=true>Non</span></div>",
        "<div class=collapse><template>Non</template><script>Non</script></div>",
        "<noscript><p>Non</p></noscript><dialog open>Non</dialog>",
    ],
)
def test_dialogs_menus_and_messages_stay_out(body: str) -> None:
    page = f"<main><h1>T</h1><p>Avant.</p>{body}<p>Après.</p></main>"
    assert "Non" not in read_html(page.encode(), "a").text


def test_the_container_of_tabs_is_no_panel(tmp_path: Path) -> None:
    tabs = "".join(f"<li><button role=tab aria-controls={x}>{x}</button>" for x in "AB")
    panels = "".join(
        f"<div id={x} role=tabpanel class=tab-pane><p>Ici {x}.</p></div>" for x in "AB"
    )
    body = f"<ul role=tablist>{tabs}</ul><div class=tab-content>{panels}</div>"
    expected = {(): ["Avant.", "Après."], ("A",): ["Ici A."], ("B",): ["Ici B."]}
    assert sections(tmp_path, body) == expected


def test_a_heading_of_two_controls_is_moved_once(tmp_path: Path) -> None:
    body = (
        "<h3><button aria-controls=a>Un</button><button aria-controls=b>Deux</button></h3>"
        "<div id=a hidden>Ici.</div><div id=b hidden>Là.</div><p>Fin.</p>"
    )
    found = sections(tmp_path, body)
    assert [text for texts in found.values() for text in texts if text in {"Ici.", "Là."}]


def test_names_in_camel_case_are_names() -> None:
    page = "<div class=cookieBanner><p>Des témoins.</p><button>Oui</button></div><p>Texte.</p>"
    assert read_html(page.encode(), "a").text == "Texte."


def test_a_banner_with_a_button_stays_out_however_long_it_is() -> None:
    banner = f"<div class='cookie-banner'>{'Nous utilisons des témoins. ' * 9}<button>Oui</button>"
    assert read_html(f"{banner}</div><p>Texte.</p>".encode(), "a").text == "Texte."
