"""Answerable questions become near misses."""

from __future__ import annotations

import numpy as np

from eval.sets.swaps import names_in, swapped


def swaps(question: str, text: str = "", names: tuple[str, ...] = ("Leonardo",)) -> list[str]:
    return swapped(question, text, names, np.random.default_rng(0))


def test_a_number_becomes_one_that_stands_nowhere() -> None:
    held = " ".join(str(n) for n in range(10, 99))
    assert swaps("Que dit l'article 12 ?", held) == ["Que dit l'article 99 ?"]


def test_a_year_stays_a_year() -> None:
    (found,) = swaps("Que s'est-il passé en 1998 ?")
    assert 1850 <= int(found.split()[-2]) < 2030


def test_a_name_becomes_one_that_stands_nowhere() -> None:
    names = ("Anna", "Leonardo")
    assert swaps("où vit donc Hugo ?", "Anna", names) == ["où vit donc Leonardo ?"]


def test_an_attribute_is_turned_round() -> None:
    assert swaps("qui est venu avant lui ?") == ["qui est venu après lui ?"]
    assert swaps("where was she born?") == ["where was she buried?"]


def test_a_question_without_any_of_them_has_no_swap() -> None:
    assert swaps("que fait-il ?") == []


def test_the_first_word_is_no_name() -> None:
    assert names_in(["Quel âge a Hugo ?", "Où vit Anna ?", "Qui est Hugo ?"]) == ["Anna", "Hugo"]
