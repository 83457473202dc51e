"""Names of organisations as registers print them: cut at the column's edge, with the kind in an abbreviation."""

import re

from domain.records.organisations import OrganisationKind

KINDS = (
    (re.compile(r"техникум|колледж|училище"), OrganisationKind.VOCATIONAL),
    (re.compile(r"детский сад|\bк?г?б?доу\b|\bмбдоу\b"), OrganisationKind.PRESCHOOL),
    (re.compile(r"\bдо\b|дюсш"), OrganisationKind.EXTRA_EDUCATION),
)
CLOSING = '"».'


def kind_of(name: str) -> OrganisationKind:
    """Read the kind off the name; what says nothing else is a school."""
    folded = name.casefold()
    return next((kind for words, kind in KINDS if words.search(folded)), OrganisationKind.SCHOOL)


def is_cut(name: str, width: int) -> bool:
    """Tell whether the name ran over the column's edge: a quotation left open, or full width without an end.

    `width` is the least number of characters that fill the column (capitals are wider than small letters).
    """
    left_open = name.count('"') % 2 == 1 or name.count("«") > name.count("»")
    return left_open or (len(name) >= width and not name.endswith(tuple(CLOSING)))
