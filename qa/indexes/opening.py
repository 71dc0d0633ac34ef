"""From the settings to a service, building the default index the first time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.checking import Check, check_quickly
from index.encoder.folder import reason_not_exported
from index.errors import CorruptIndex, IncompatibleIndex, IndexingError, MissingIndex
from index.generations.store import GenerationStore
from index.model.opening import open_query_encoder
from qa.indexes.attempts import failed_attempt
from qa.indexes.stores import store_of
from qa.messages import BUILDING, FELL_BACK, NOT_EXPORTED, interface_language
from qa.notices import complain
from qa.settings import Settings

if TYPE_CHECKING:  # a question waits for every import, so the heavy ones stand where they are used
    from index.encoder.protocol import Encoder
    from index.search.reranking import CrossEncoderReranker
    from index.search.searchable import Searchable
    from qa.answer.second_look import SecondLook
    from qa.answer.service import QAService


class Opened(NamedTuple):
    """An open generation.

    Attributes:
        generation: the current one, or the newest before it that is sound.
        problem: what is wrong with the current one, if that is another.
    """

    generation: Searchable
    problem: str | None


def ready_service(settings: Settings) -> QAService:
    """Open the index; the first time, build that of the bundled article, saying so."""
    ensure_index(settings)
    return open_service(settings)


def check_index(settings: Settings) -> None:
    """Check cheaply that ``open_service`` will find an index of these settings.

    Raises:
        IndexingError: it will not.
    """
    store = store_of(settings)
    try:
        _check_model(store, store.current_name(), settings)
    except CorruptIndex as error:
        for name in store.names():
            with suppress(IndexingError):
                return _check_model(store, name, settings)
        raise error


def _check_model(store: GenerationStore, name: str, settings: Settings) -> None:
    _require_model(settings.model, store.recipe(name).model)


def ensure_index(settings: Settings) -> None:
    """Build the index of the bundled article if there is no index, saying so.

    Raises:
        MissingIndex: another index was asked for, and could not be built.
    """
    if store_of(settings).exists():
        return
    attempt = failed_attempt(settings)
    if attempt is not None:
        raise MissingIndex(
            f"there is no index yet: {attempt}: correct that and run it again, or run `qa index` "
            "alone for the bundled article"
        )
    from qa.indexes.progress import Job, build

    complain(BUILDING[interface_language()], prefix=False)
    build(Job(), settings)


def open_service(settings: Settings) -> QAService:
    """Open the newest sound generation and its own query encoder.

    Raises:
        IncompatibleIndex: the index was made by another model than that of the settings.
        IndexingError: there is no index, or it cannot be used.
    """
    return service_of(open_newest(settings).generation, settings)


def service_of(
    generation: Searchable, settings: Settings, running: QAService | None = None
) -> QAService:
    """Open the query encoder of a generation and answer from both.

    Args:
        generation: what to answer from.
        settings: how.
        running: one whose encoder is used again if it is the same.

    Raises:
        IndexingError: it cannot be used.
    """
    from qa.answer.service import QAService

    if running is not None and running.generation.encoder_files == generation.encoder_files:
        return replace(running, generation=generation)
    _say_if_slow(generation.encoder)
    encoder = open_query_encoder(generation.encoder)
    reranker, look = _reranker(settings), _second_look(generation.encoder, encoder, settings)
    return QAService(
        generation,
        encoder,
        settings.threshold,
        settings.found,
        settings.calibration,
        reranker,
        look,
    )


def open_newest(settings: Settings, check: Check = check_quickly) -> Opened:
    """Open the current generation; where it is damaged, the newest sound one before it, saying so.

    Args:
        settings: where the index is, and of which model it must be.
        check: what the files must pass; all bytes are read only from small indexes by default.

    Raises:
        IncompatibleIndex: the index was made by another model than that of the settings.
        IndexingError: there is no index, or it cannot be used.
    """
    store = store_of(settings)
    while True:
        stamp = store.stamp()
        try:
            return Opened(open_generation(store, store.current_name(), settings, check), None)
        except CorruptIndex as error:
            if stamp == store.stamp():  # else it was replaced, and removed, meanwhile
                return _fall_back(store, settings, check, error)


def _fall_back(
    store: GenerationStore, settings: Settings, check: Check, error: CorruptIndex
) -> Opened:
    for name in store.names():
        with suppress(IndexingError):
            generation = open_generation(store, name, settings, check)
            said = FELL_BACK[interface_language()]
            complain(said.format(problem=error, generation=generation.id))
            return Opened(generation, str(error))
    raise error


def open_generation(
    store: GenerationStore, name: str, settings: Settings, check: Check = check_quickly
) -> Searchable:
    """Open a generation of the model of the settings.

    Raises:
        IncompatibleIndex: it was made by another.
        IndexingError: it cannot be used.
    """
    if settings.model is not None:
        _require_model(settings.model, store.recipe(name).model)
    return store.open(name, check)


def _say_if_slow(encoder: Path) -> None:
    reason = reason_not_exported(encoder)
    if reason is not None:
        complain(NOT_EXPORTED[interface_language()].format(reason=reason), prefix=False)


def _require_model(asked: str | None, made: str) -> None:
    if asked is None:
        return
    from index.model.source import model_name

    if model_name(asked) != made:
        raise IncompatibleIndex(
            f"the index was made by {made}, and QA_MODEL is {asked!r}: "
            "run `qa index` to build it again, or unset QA_MODEL"
        )


def _reranker(settings: Settings) -> CrossEncoderReranker | None:
    if not settings.reranker:
        return None
    from index.search.reranking import CrossEncoderReranker

    return CrossEncoderReranker(settings.reranker)


def _second_look(folder: Path, encoder: Encoder, settings: Settings) -> SecondLook | None:
    if settings.reranker or not settings.read_ms:
        return None
    from index.encoder.onnx import OnnxEncoder
    from index.reader.reader import READER, Reader
    from qa.answer.second_look import SecondLook

    if not isinstance(encoder, OnnxEncoder) or not (folder / READER).is_file():
        return None
    reader = Reader.open(folder, tokeniser=encoder.tokeniser)
    return SecondLook(reader, settings.read_ms / 1000)
