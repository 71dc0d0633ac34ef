"""The header between ``---`` lines at the start of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from documents.errors import InvalidFrontMatter
from documents.lines import lines

_KEYS = frozenset({"title", "language", "publisher", "year", "source_url"})
_LANGUAGES = frozenset({"fr", "en"})
_PAIR = re.compile(r"([A-Za-z_][\w-]*)\s*:(?:\s+(.*))?")
_QUOTED = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')\s*(?:#.*)?""")
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file says of itself; None for what it does not say."""

    title: str | None = None
    language: str | None = None
    source_url: str | None = None


def split_front_matter(text: str, name: str) -> tuple[FrontMatter, str]:
    """Return the header and the rest of the text, verbatim.

    A header is ``key: value`` lines, values quoted or not; keys not known here are passed over,
    with the indented lines and lists under them. A text that starts with ``---`` and names
    none of the known keys has no header: it merely starts with a rule.

    Args:
        text: the whole text of the file.
        name: the file, for messages.

    Raises:
        InvalidFrontMatter: a line that is not ``key: value``, a key twice, no closing ``---``,
            a language or an address that cannot be used.
    """
    rows = lines(text)
    content = [text[slice(*row)].rstrip() for row in rows]
    if not content or content[0] != _FENCE:
        return FrontMatter(), text
    if _FENCE not in content[1:]:
        _refuse_unclosed(content, name)
        return FrontMatter(), text
    closing = content.index(_FENCE, 1)
    if not any(_key(line) in _KEYS for line in content[1:closing]):
        return FrontMatter(), text
    start = rows[closing + 1].start if closing + 1 < len(rows) else len(text)
    return _front_matter(content[1:closing], name), text[start:]


def _key(line: str) -> str:
    pair = _PAIR.fullmatch(line)
    return pair.group(1) if pair else ""


def _refuse_unclosed(content: Sequence[str], name: str) -> None:
    if len(content) > 1 and _key(content[1]) in _KEYS:
        raise InvalidFrontMatter(f"{name}: line 1: the header is not closed: end it with ---")


def _front_matter(content: Sequence[str], name: str) -> FrontMatter:
    values: dict[str, str] = {}
    key = ""
    for number, line in enumerate(content, start=2):
        where = f"{name}: line {number}"
        if not line or line.lstrip().startswith("#") or _is_under_unknown(line, key):
            continue
        key = _key(line)
        if not key:
            raise InvalidFrontMatter(f"{where}: {line!r} is not 'key: value': write it so")
        if key in values:
            raise InvalidFrontMatter(f"{where}: {key!r} is given twice: remove one of them")
        values[key] = _checked(key, _value(line, where) if key in _KEYS else "", where)
    known = {k: values.get(k) or None for k in ("title", "language", "source_url")}
    return FrontMatter(**known)


def _is_under_unknown(line: str, key: str) -> bool:
    return key not in {"", *_KEYS} and line.startswith((" ", "\t", "- "))


def _value(line: str, where: str) -> str:
    raw = line.split(":", 1)[1].strip()
    if not raw.startswith(('"', "'")):
        return re.split(r"(?:^|\s)#", raw, maxsplit=1)[0].strip()
    quoted = _QUOTED.fullmatch(raw)
    if not quoted:
        raise InvalidFrontMatter(f"{where}: the quotes of {raw!r} do not match: close them")
    double, single = quoted.groups()
    return single.replace("''", "'") if double is None else re.sub(r"\\(.)", r"\1", double)


def _checked(key: str, value: str, where: str) -> str:
    if key == "language" and value:
        return _language(value, where)
    if key == "source_url" and value:
        return _address(value, where)
    return value


def _language(value: str, where: str) -> str:
    code = re.split("[-_]", value)[0].lower()
    if code not in _LANGUAGES:
        raise InvalidFrontMatter(f"{where}: language {value!r} is not supported: write fr or en")
    return code


def _address(value: str, where: str) -> str:
    try:
        usable = urlsplit(value).scheme in {"http", "https"} and bool(urlsplit(value).netloc)
    except ValueError:  # brackets that hold no IP address
        usable = False
    if not usable:
        raise InvalidFrontMatter(f"{where}: {value!r} is no http or https address: correct it")
    return value
