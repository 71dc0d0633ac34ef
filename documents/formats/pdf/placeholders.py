"""Tells files whose only page says that another program is needed to see the document."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MAX_LENGTH = 1_500
"""The text of a file that is only a notice is shorter."""
_FORM = (
    "a dynamic XFA form, whose content only Adobe Acrobat shows: open it there and print it to PDF"
)
_PROTECTED = (
    "protected by rights management, and only a notice can be read: save a copy without protection"
)
_PORTFOLIO = "a portfolio of other files, and only its cover can be read: take the files out of it"
_PROTECTORS = (
    r"(?:rights management|gestion des droits|information protection|document security|purview|"
    r"fileopen|livecycle|locklizard|vitrium)"
)
_OTHER_READER = r".{0,200}(?:pdf reader|different reader|viewer|lecteur|visionneuse)"
_SIGNS: Final = tuple(
    (re.compile(sign), reason)
    for sign, reason in (
        (r"if this message is not eventually replaced", _FORM),
        (r"si ce message n.?est pas remplace", _FORM),
        (r"(?:display|afficher) (?:this|ce) type (?:of|de) document", _FORM),
        (r"(?:requires?|necessite|need) adobe (?:acrobat )?reader \d", _FORM),
        (r"the document you are trying to load requires", _FORM),
        (r"le document que vous (?:essayez|tentez) de charger", _FORM),
        (r"^(?:please wait|veuillez patienter)\s?(?:\.{3}|…)", _FORM),
        (r"(?:protected|secured|encrypted) (?:by|with|using) .{0,60}" + _PROTECTORS, _PROTECTED),
        (r"protege[es]* (?:par|avec|a l.aide de) .{0,60}" + _PROTECTORS, _PROTECTED),
        (r"this (?:pdf )?(?:file|document)(?: is|.s) protected" + _OTHER_READER, _PROTECTED),
        (r"ce (?:fichier|document)(?: pdf)? est protege" + _OTHER_READER, _PROTECTED),
        (r"open this pdf portfolio|ouvrez ce porte-?(?:documents?|folio) pdf", _PORTFOLIO),
    )
)


def placeholder_reason(text: str, *, is_dynamic_form: bool, is_wrapper: bool) -> str | None:
    """Return why the text is not the document's and what to do, or None if it is.

    Args:
        text: of all pages.
        is_dynamic_form: the file says that an XFA form replaces its pages.
        is_wrapper: the file says that it wraps an encrypted document.
    """
    if len(text) > _MAX_LENGTH:
        return None
    if is_wrapper:
        return _PROTECTED
    flat = _flat(text)
    found = next((reason for sign, reason in _SIGNS if sign.search(flat)), None)
    return found or (_FORM if is_dynamic_form else None)


def _flat(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in bare if unicodedata.category(c) != "Mn").split())
