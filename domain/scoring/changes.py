"""What changed between two ratings, and whether an organisation moved by itself or because others did."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from domain.scoring.contributions import Sees, sees_everything, withheld_inputs
from domain.scoring.entries import Entry
from domain.scoring.rating import Rating


class Cause(StrEnum):
    """Why an entry is not what it was."""

    METHODOLOGY = "METHODOLOGY"  # another methodology or version of it: points cannot be compared
    OWN_INPUTS = "OWN_INPUTS"
    OTHERS = "OTHERS"  # own points stayed, those of others did not


class InputChange(NamedTuple):
    """An input before and after; None for no data, or for what the viewer may not see (`withheld`)."""

    indicator: str
    before: Fraction | None
    after: Fraction | None
    withheld: bool


@dataclass(frozen=True)
class Change:
    """An entry before and after; one of them is None where the organisation came or went."""

    before: Entry | None
    after: Entry | None
    cause: Cause
    inputs: tuple[InputChange, ...]

    @property
    def places(self) -> int | None:
        """How many places it rose (fell, if below zero); None without a place on either side."""
        ranks = [entry.rank if entry else None for entry in (self.before, self.after)]
        return None if ranks[0] is None or ranks[1] is None else ranks[0] - ranks[1]


def changes(before: Rating, after: Rating, section: str, sees: Sees = sees_everything) -> tuple[Change, ...]:
    """Give every entry of a section that changed in points, percent, level or place, by its new place.

    KeyError for a section that one of the ratings does not have.
    """
    old = {entry.organisation: entry for entry in before.table(section)}
    new = {entry.organisation: entry for entry in after.table(section)}
    keys = (*new, *(key for key in old if key not in new))
    return tuple(
        _change(before, after, section, old.get(key), new.get(key), sees)
        for key in keys
        if _figures(old.get(key)) != _figures(new.get(key))
    )


def _figures(entry: Entry | None) -> tuple[object, ...] | None:
    if entry is None:
        return None
    return entry.points, entry.percent, entry.level.code if entry.level else None, entry.rank


def _change(  # noqa: PLR0913, PLR0917  two sides of a comparison
    before: Rating, after: Rating, section: str, old: Entry | None, new: Entry | None, sees: Sees
) -> Change:
    organisation = (new or old).organisation  # type: ignore[union-attr]  # one of them is there
    inputs = tuple(_inputs(before, after, section, organisation, sees))
    return Change(old, new, _cause(before, after, old, new), inputs)


def _cause(before: Rating, after: Rating, old: Entry | None, new: Entry | None) -> Cause:
    if before.methodology.digest != after.methodology.digest:
        return Cause.METHODOLOGY
    same = old and new and (old.points, old.maximum) == (new.points, new.maximum)
    return Cause.OTHERS if same else Cause.OWN_INPUTS


def _inputs(before: Rating, after: Rating, section: str, organisation: str, sees: Sees) -> Iterator[InputChange]:
    sides = [rating for rating in (before, after) if organisation in rating.inputs.places]
    hidden = frozenset().union(*(withheld_inputs(rating, organisation, sees) for rating in sides))
    codes = dict.fromkeys(part.indicator for rating in (before, after) for part in rating.methodology.parts(section))
    for code in codes:
        values = [
            rating.inputs.value(organisation, code) if organisation in rating.inputs.places else None
            for rating in (before, after)
        ]
        if code in hidden:
            yield InputChange(code, None, None, True)
        elif values[0] != values[1]:
            yield InputChange(code, values[0], values[1], False)
