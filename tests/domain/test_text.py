"""Text has one form as it is kept and one as it is compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.class_names import ClassName
from domain.text import canonical, described, folded


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Андреи\u0306", "Андрей"),
        ("Е\u0308лкина", "Ёлкина"),
        ("Кузне\u00adцов", "Кузнецов"),
        ("\ufeffФИО\u200b", "ФИО"),
        ("Иванов\u00a0Иван", "Иванов Иван"),
        ("строка\nвторая\tтретья", "строка\nвторая\tтретья"),
        ("plain", "plain"),
    ],
)
def test_text_is_kept_composed_and_without_what_nobody_sees(written: str, kept: str) -> None:
    """NFC, format characters out, spaces plain; line ends stay where a text has them."""
    assert canonical(written) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Смесов", "Cмecов"),
        ("СМЕСОВ", "CMECOB"),
        ("Ёлкина", "елкина"),
        ("Ёлкина", "\u00cbлкина"),
        ("Илһамович", "Илhамович"),
        ("Әминә", "\u018fмин\u0259"),
        ("Кузнецова-Штейн", "Кузнецова\u2010Штейн"),
        ("Кузнецова-Штейн", "Кузнецова\u2011Штейн"),
        ("Д'Арк", "Д\u2019Арк"),
        ("Иванов  Иван", " иванов\u00a0иван "),
        ("IT-школа", "it-школа"),
    ],
)
def test_what_looks_the_same_is_compared_as_the_same(one: str, other: str) -> None:
    """One child does not become two by a keyboard left in Latin, a hyphen or a composition."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Иванов", "Иванова"), ("Šimon", "Simon"), ("Ольга", "Оlga")])
def test_what_looks_different_stays_different(one: str, other: str) -> None:
    """Folding is of forms, not of names."""
    assert folded(one) != folded(other)


@given(st.text())
def test_both_forms_are_reached_at_once(text: str) -> None:
    """What has the form keeps it, whatever the text."""
    assert canonical(canonical(text)) == canonical(text)
    assert unicodedata.is_normalized("NFC", canonical(text))


@pytest.mark.parametrize("written", ["5\u0418\u0306", "5-Й", "5\u2010й", "5\u2011Й"])
def test_name_of_a_class_is_read_in_any_composition(written: str) -> None:
    """«5Й» of a system that decomposes is 5Й."""
    assert ClassName.parse(written) == ClassName(5, "Й")


def test_character_is_named_so_that_a_reader_sees_which() -> None:
    """Also one that has no look of its own."""
    assert described("1") == "«1» (DIGIT ONE)"
    assert described("\u200b") == "ZERO WIDTH SPACE"
