"""Names of people: one rule for every door, by category of character, and one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.person_names import FullName, contradicting, full_name, name_part
from domain.refused_values import RefusedValueError


@pytest.mark.parametrize(
    "name", ["Илһамович", "Сүлдэм", "Šimon", "О'Коннор", "Кузнецова-Штейн", "Ўктам", "Ӱзӱк", "Дьулустаан", "Ъ"]
)
def test_names_of_the_peoples_are_names(name: str) -> None:
    """Letters of any alphabet, with hyphens and apostrophes between them, and they stay as they are."""
    assert name_part(name) == name


@pytest.mark.parametrize(
    ("written", "character", "place"),
    [
        ("Зайцевский1", "«1» (DIGIT ONE)", 11),
        ("Иванов;", "«;» (SEMICOLON)", 7),
        ("-Иванов", "«-» (HYPHEN-MINUS)", 1),
        ("Иванов №", "«№» (NUMERO SIGN)", 8),
        ("Иван\u2163", "«Ⅳ» (ROMAN NUMERAL FOUR)", 5),
        ("Ив@нов", "«@» (COMMERCIAL AT)", 3),
        ("Иванов 😀", "«😀» (GRINNING FACE)", 8),
        ("Иванов\x00", "U+0000", 7),
    ],
)
def test_name_is_refused_by_character_and_says_which(written: str, character: str, place: int) -> None:
    """Code, the character and its place, in both texts."""
    with pytest.raises(RefusedValueError) as refused:
        name_part(written)

    assert (refused.value.code, refused.value.details) == ("NAME_CHARACTER", {"character": character, "place": place})
    assert character in refused.value.english
    assert character in refused.value.russian


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ИВАНОВ", "Иванов"),
        ("кузнецова\u2010штейн", "Кузнецова-Штейн"),
        ("Кузнецова\u2011Штейн", "Кузнецова-Штейн"),
        ("  Анна\u00a0 Мария ", "Анна Мария"),
        ("Андреи\u0306", "Андрей"),
        ("МакДональд", "МакДональд"),
        ("ВАГИФ ОГЛЫ", "Вагиф оглы"),
        ("Де", "Де"),
        ("Кузне\u00adцов", "Кузнецов"),
    ],
)
def test_name_has_one_form(written: str, kept: str) -> None:
    """However it came; particles stay small, what stands in mixed case stays."""
    assert name_part(written) == kept


def test_full_name_is_last_first_and_the_rest() -> None:
    """The rest is the patronymic, of one word or two; without a first name it is none."""
    assert full_name("Алиев Али Вагиф оглы") == FullName("Алиев", "Али", "Вагиф оглы")
    assert full_name("Иванова Анна") == FullName("Иванова", "Анна", None)
    with pytest.raises(RefusedValueError, match="NAME_UNREADABLE"):
        full_name("Иванова")


@pytest.mark.parametrize(
    ("given_name", "known", "so"),
    [
        ("Чужаковна", "Ильинична", True),
        ("Ильинична", "ИЛЬИНИЧНА", False),
        ("И.", "Ильинична", False),
        ("П.", "Ильинична", True),
        (None, "Ильинична", False),
        ("Ильинична", None, False),
        ("Семёновна", "Семеновна", False),
    ],
)
def test_patronymic_contradicts_only_another_one(given_name: str | None, known: str | None, so: bool) -> None:
    """What is missing contradicts nothing, an initial stands for what begins with it."""
    assert contradicting(given_name, known) is so


@given(st.text(max_size=30))
def test_any_text_is_a_name_in_its_form_or_refused(text: str) -> None:
    """A name that was read is read again as itself."""
    try:
        name = name_part(text)
    except RefusedValueError:
        return

    assert name_part(name) == name
