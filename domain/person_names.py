"""Names of people, one rule for every door: which characters a name has, and the one form in which it is kept.

The names of the peoples of Russia are names (Илһамович, Сүлдэм, Šimon): a character is judged by its category in
Unicode, never by an alphabet.
"""

import unicodedata
from dataclasses import dataclass

from domain.refused_values import RefusedValueError
from domain.text import TYPOGRAPHIC, canonical, described, folded

LONGEST_NAME = 100
BETWEEN = frozenset("-'.() ")
"""What stands between the letters of a name besides spaces."""

PARTICLES = frozenset(
    ["оглы", "оглу", "кызы", "кизи", "гызы", "улы", "уулу", "ибн", "бин", "бинт", "фон", "ван", "дер", "де", "да",
     "ди", "ла", "эль", "аль"]
)  # fmt: skip
"""Words of a name that are written small."""


@dataclass(frozen=True)
class FullName:
    """Last, first and, where there is one, middle name."""

    last: str
    first: str
    middle: str | None = None

    @property
    def fold(self) -> str:
        """Last and first name folded: how the same person is looked for."""
        return folded(f"{self.last} {self.first}")

    @property
    def whole_fold(self) -> str:
        """All names, folded."""
        return folded(f"{self.last} {self.first} {self.middle or ''}")

    def contradicts(self, known: str | None) -> bool:
        """Whether the patronymic is another than the one known: where either is missing nothing contradicts."""
        return contradicting(self.middle, known)


def contradicting(given: str | None, known: str | None) -> bool:
    """Whether two patronymics cannot be of one person; «П.» may stand for «Петрович»."""
    if not given or not known:
        return False
    ours, theirs = folded(given), folded(known)
    if ours.endswith(".") or theirs.endswith("."):
        return ours[0] != theirs[0]
    return ours != theirs


def name_part(written: str) -> str:
    """Read a last, first or middle name of one or more words. Raises RefusedValueError."""
    text = " ".join(canonical(written).translate(TYPOGRAPHIC).split())
    for place, character in enumerate(text):
        if not _fits(character, text[place - 1] if place else " "):
            raise _refused(character, place + 1)
    if not text or len(text) > LONGEST_NAME:
        raise RefusedValueError(
            "NAME_UNREADABLE",
            f"A name has 1 to {LONGEST_NAME} characters.",
            f"В имени от 1 до {LONGEST_NAME} знаков.",
        )
    words = text.split()
    return " ".join(_usual(word, alone=len(words) == 1) for word in words)


def full_name(written: str) -> FullName:
    """Read «Иванова Анна Сергеевна»: last name first; what follows the first name is the middle name.

    Raises RefusedValueError.
    """
    last, _, rest = name_part(written).partition(" ")
    first, _, middle = rest.partition(" ")
    if not first:
        raise RefusedValueError(
            "NAME_UNREADABLE",
            "A last and a first name are needed.",
            "Нужны хотя бы фамилия и имя.",
        )
    return FullName(last, first, middle or None)


def _fits(character: str, before: str) -> bool:
    """Whether a character may follow another in a name: a word begins with a letter, a mark belongs to one."""
    kind = unicodedata.category(character)
    if kind[0] == "L":
        return True
    return before != " " and (kind[0] == "M" or character in BETWEEN)


def _refused(character: str, place: int) -> RefusedValueError:
    shown = described(character)
    return RefusedValueError(
        "NAME_CHARACTER",
        f"A name has no such character here: {shown}, place {place}.",
        f"В имени здесь не бывает такого знака: {shown}, по счёту {place}.",
        character=shown,
        place=place,
    )


def _usual(word: str, *, alone: bool) -> str:
    """A word all in capitals or all in small letters gets its usual form; any other stands as it was written."""
    if word.casefold() in PARTICLES and not alone:
        return word.lower()
    if word.isupper() or word.islower():
        return "-".join(piece[:1].title() + piece[1:].lower() for piece in word.split("-"))
    return word
