"""Reads front matter: the header between two ``---`` or ``+++`` lines at the start of a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from documents.errors import InvalidFrontMatter
from documents.lines import lines
from documents.properties import Properties, listed, properties_of

_KEYS = frozenset({"title", "language", "publisher", "year", "source_url"})
_USUAL_KEYS = frozenset({
    "aliases", "author", "authors", "categories", "category", "collection", "created", "cssclasses",
    "date", "description", "draft", "id", "image", "keywords", "lang", "lastmod", "layout",
    "modified", "nav_order", "permalink", "sidebar_position", "slug", "summary", "tag", "tags",
    "toc", "updated", "weight",
})  # fmt: skip
"""Keys of other programs, which tell a header from a text between rules."""
_LANGUAGES = frozenset({"fr", "en"})
_PAIR = re.compile(r"([A-Za-z_][\w-]*)\s*:(?:\s+(.*))?")
_QUOTED = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')\s*(?:#.*)?""")
_BLOCK = re.compile(r"[>|][+-]?")
_LIST = re.compile(r"\[(.*)\]\s*(?:#.*)?")
_ITEM = re.compile(r"\s*-\s+(.*)")
_PARTS = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,\s][^,]*)""")
_FENCE, _TOML_FENCE = "---", "+++"
_FIELDS = frozenset({"title", "language", "lang", "source_url"})
"""Keys that are no properties: what they say has a place of its own."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata in a header; None where the header does not give a value.

    Attributes:
        title: of the document.
        language: ``fr`` or ``en``.
        source_url: where the text came from.
        properties: all other keys whose values are texts, numbers or lists of them.
    """

    title: str | None = None
    language: str | None = None
    source_url: str | None = None
    properties: Properties = ()


def split_front_matter(text: str, name: str) -> tuple[FrontMatter, str]:
    """Return the header and the rest of the text, verbatim.

    A header consists of ``key: value`` lines; a value may be quoted, or follow indented after
    ``>`` or ``|``. Other keys than ours are properties, also with a list, ``[a, b]`` or a line
    each; what is nested deeper is passed over. A text that starts with ``---`` but has none of the
    known or usual keys has no header: the ``---`` is a horizontal rule. A header between ``+++``
    lines is TOML.

    Args:
        text: the whole text of the file.
        name: the file, for messages.

    Raises:
        InvalidFrontMatter: a line that is not ``key: value``, a key twice, no closing ``---``,
            a language or an address that cannot be used.
    """
    rows = lines(text)
    content = [text[slice(*row)].rstrip() for row in rows]
    if not content or content[0] not in {_FENCE, _TOML_FENCE}:
        return FrontMatter(), text
    if content[0] not in content[1:]:
        _refuse_unclosed(content, name)
        return FrontMatter(), text
    closing = content.index(content[0], 1)
    header = (_toml if content[0] == _TOML_FENCE else _yaml)(content[1:closing], name)
    start = rows[closing + 1].start if closing + 1 < len(rows) else len(text)
    return (FrontMatter(), text) if header is None else (header, text[start:])


def _yaml(content: Sequence[str], name: str) -> FrontMatter | None:
    keys = {_key(line) for line in content}
    if keys & _KEYS:
        return _front_matter(content, name)
    try:
        return _front_matter(content, name) if keys & _USUAL_KEYS else None
    except InvalidFrontMatter:  # a text between two rules
        return None


def _toml(content: Sequence[str], name: str) -> FrontMatter | None:
    try:
        values = tomllib.loads("\n".join(content))
    except tomllib.TOMLDecodeError:
        return None
    texts = {key: value for key, value in values.items() if isinstance(value, str)}
    found = {key: _checked(key, value, f"{name}: header") for key, value in texts.items()}
    others = [pair for key, value in values.items() for pair in _of_toml(key, value)]
    return _of(found, others) if values else None


def _of_toml(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield the properties that a TOML value gives: what is nested deeper gives none."""
    if key in _FIELDS or isinstance(value, dict):
        return
    items = value if isinstance(value, list) else [value]
    yield from ((key, str(item)) for item in items if not isinstance(item, dict | list))


def _of(values: Mapping[str, str], others: Sequence[tuple[str, str]]) -> FrontMatter:
    stated = values.get("lang", "")
    language = values.get("language") or (stated if stated in _LANGUAGES else None)
    title, address = values.get("title") or None, values.get("source_url") or None
    return FrontMatter(title, language, address, properties_of(others))


def _key(line: str) -> str:
    pair = _PAIR.fullmatch(line)
    return pair.group(1) if pair else ""


def _refuse_unclosed(content: Sequence[str], name: str) -> None:
    if len(content) > 1 and _key(content[1]) in _KEYS:
        raise InvalidFrontMatter(f"{name}: line 1: the header is not closed: end it with ---")


def _front_matter(content: Sequence[str], name: str) -> FrontMatter:
    values: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    key = ""
    folded = ""
    for number, line in enumerate(content, start=2):
        where = f"{name}: line {number}"
        if folded and line.startswith((" ", "\t")):
            values[folded] = f"{values[folded]} {line.strip()}".strip()
            continue
        if not line or line.lstrip().startswith("#"):
            continue
        if _is_under_unknown(line, key):
            others += _item(key, line)
            continue
        key = _key(line)
        if not key:
            raise InvalidFrontMatter(f"{where}: {line!r} is not 'key: value': write it so")
        if key in values:
            raise InvalidFrontMatter(f"{where}: {key!r} is given twice: remove one of them")
        value = _value(line, where) if key in {*_KEYS, "lang"} else ""
        folded = key if _BLOCK.fullmatch(value) else ""
        values[key] = "" if folded else _checked(key, value, where)
        others += _others(key, line, values[key])
    return _of(values, others)


def _others(key: str, line: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield the properties that a line gives: none if the key has a field of its own."""
    if key in _FIELDS:
        return
    raw = line.split(":", 1)[1].strip()
    items = _LIST.fullmatch(raw)
    if items:
        yield from ((key, text) for text in _scalars(items[1]))
    else:
        yield from listed(key, value or _scalar(raw))


def _item(key: str, line: str) -> Iterator[tuple[str, str]]:
    """Yield the property that an item of a list below a key gives."""
    found = _ITEM.fullmatch(line)
    if found and not _PAIR.fullmatch(found[1]):
        yield key, _scalar(found[1])


def _scalars(written: str) -> list[str]:
    """Return the items of a list in one line; commas between quotes separate nothing."""
    return [_scalar(part) for part in _PARTS.findall(written)]


def _scalar(raw: str) -> str:
    """Return a value without its quotes or the comment behind it; nothing of a nested one."""
    quoted = _QUOTED.fullmatch(raw.strip())
    if quoted:
        return _unquoted(quoted)
    return "" if raw.startswith(("{", "[", "|", ">", "&", "*")) else _uncommented(raw)


def _is_under_unknown(line: str, key: str) -> bool:
    return key not in {"", *_KEYS} and line.startswith((" ", "\t", "- "))


def _value(line: str, where: str) -> str:
    raw = line.split(":", 1)[1].strip()
    if not raw.startswith(('"', "'")):
        return _uncommented(raw)
    quoted = _QUOTED.fullmatch(raw)
    if not quoted:
        raise InvalidFrontMatter(f"{where}: the quotes of {raw!r} do not match: close them")
    return _unquoted(quoted)


def _uncommented(raw: str) -> str:
    return re.split(r"(?:^|\s)#", raw, maxsplit=1)[0].strip()


def _unquoted(quoted: re.Match[str]) -> str:
    double, single = quoted.groups()
    return single.replace("''", "'") if double is None else re.sub(r"\\(.)", r"\1", double)


def _checked(key: str, value: str, where: str) -> str:
    if key == "lang":
        return re.split("[-_]", value)[0].lower()
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
