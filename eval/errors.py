"""What can be wrong with the material of an evaluation."""

from __future__ import annotations

from documents.errors import PasserelleError


class EvaluationError(PasserelleError):
    """A question set cannot be used."""
