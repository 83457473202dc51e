"""Names of class groups as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.class_names import ClassName, UnreadableClassNameError


@pytest.mark.parametrize(
    ("written", "grade", "letter", "shown"),
    [
        ("9А", 9, "А", "9А"),
        ("10 Б", 10, "Б", "10Б"),
        ("11-М", 11, "М", "11М"),
        ("7а", 7, "А", "7А"),
        (" 7 «А» ", 7, "А", "7А"),
        ('7 "А"', 7, "А", "7А"),
        ("9A", 9, "А", "9А"),
        ("5b", 5, "В", "5В"),
        ("10 – K", 10, "К", "10К"),
        ("6ё", 6, "Ё", "6Ё"),
        ("8", 8, "", "8"),
        ("1 доп", 1, "ДОП", "1 доп"),
        ("12А", 12, "А", "12А"),
    ],
)
def test_written_name_is_read_and_shown_the_usual_way(written: str, grade: int, letter: str, shown: str) -> None:
    """Spaces, hyphens, quotes, small letters and Latin look-alikes make no difference."""
    name = ClassName.parse(written)

    assert (name.grade_level, name.letter, str(name)) == (grade, letter, shown)


@pytest.mark.parametrize("written", ["", "А", "0А", "13А", "7З1", "7F", "класс 7А", "100", "٧А"])
def test_unreadable_name_is_refused_with_its_text(written: str) -> None:
    """No grade, no such grade, a Latin letter that looks like no Cyrillic one."""
    with pytest.raises(UnreadableClassNameError, match="not the name of a class"):
        ClassName.parse(written)


def test_names_sort_by_number_then_by_letter() -> None:
    """Ten comes after nine."""
    names = [ClassName.parse(written) for written in ("10А", "9Б", "9А", "11А", "5В")]

    assert [str(name) for name in sorted(names)] == ["5В", "9А", "9Б", "10А", "11А"]


def test_promoted_class_keeps_its_letter() -> None:
    """Next year the same group is one grade up."""
    assert ClassName.parse("7А").promoted() == ClassName.parse("8А")


@given(st.integers(1, 12), st.sampled_from(["", *"АБВГДЕЖЗИК"]))
def test_shown_name_is_read_back(grade: int, letter: str) -> None:
    """What we print we can read."""
    name = ClassName(grade, letter)

    assert ClassName.parse(str(name)) == name
