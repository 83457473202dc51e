"""What a column of a file is understood as, in words: the title that we ourselves would give it."""

from domain.imports import observations, people

LEFT_ASIDE = "left aside", "не загружается"
OF_PAGES = {
    "name": ("pupil's name", "имя обучающегося"),
    "number": ("number", "номер по порядку"),
    "date": ("marks of this day", "отметки за этот день"),
}
MEANINGS: dict[str, tuple[str, str]] = {
    **{name: (name.replace("_", " "), titles[0]) for name, titles in {**observations.HEADERS, **people.KNOWN}.items()},
    **OF_PAGES,
}


def understood(meaning: str | None) -> tuple[str, str]:
    """English and Russian words; a register's columns are called what the register calls them."""
    return LEFT_ASIDE if meaning is None else MEANINGS.get(meaning, (meaning, meaning))
