"""Errors on the wire: ``application/problem+json`` (RFC 9457), with a stable type each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.errors import PasserelleError
from qa.reasons import in_french
from qa.wire.problem_types import BY_STATUS, PATH, PROBLEM_TYPES

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, as RFC 9457 names it."""

    type: str
    title: str
    status: int
    detail: str

    @classmethod
    def of(cls, error: PasserelleError, language: str = "en") -> Problem:
        """Describe an error; its class, or the nearest base that is known, decides the type.

        In English the detail is the error's own message, in French its counterpart, or else the
        general text of its type.
        An error whose class is not known is an ``internal-error``.
        """
        names = (_hyphenated(kind.__name__) for kind in type(error).__mro__)
        known = next((name for name in names if name in PROBLEM_TYPES), "internal-error")
        said = str(error) if language == "en" else in_french(str(error))
        return cls.named(known, language, said)

    @classmethod
    def of_status(cls, status: int, language: str = "en") -> Problem:
        """Describe a plain HTTP error; of a status that has no type, as ``internal-error``."""
        return cls.named(BY_STATUS.get(status, "internal-error"), language)

    @classmethod
    def named(cls, name: str, language: str = "en", detail: str | None = None) -> Problem:
        """Describe a problem of this type, in its general words where there is no detail."""
        kind = PROBLEM_TYPES[name]
        said = kind.details[language] if detail is None else detail
        return cls(PATH + name, kind.titles[language], kind.status, said)


def _hyphenated(class_name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", class_name).lower()
