"""Accreditation indicator АП1: the signs of an electronic environment to points, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class AccreditationRule:
    """Signs of the environment, how many of them are needed (None: all), and the points for having them."""

    signs: tuple[str, ...]
    points: int
    needed: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.enough <= len(self.signs) or len(set(self.signs)) < len(self.signs):
            raise ValueError(f"{self.enough} of {len(self.signs)} signs cannot be asked for")

    @property
    def enough(self) -> int:
        """How many signs are enough."""
        return len(self.signs) if self.needed is None else self.needed


class Accreditation(NamedTuple):
    """Points, None when missing answers decide; which signs are not there, and which nobody answered."""

    points: int | None
    absent: tuple[str, ...]
    unknown: tuple[str, ...]


def accredit(rule: AccreditationRule, signs: Mapping[str, bool | None]) -> Accreditation:
    """Give the points: «Имеется 5», «Не имеется 0». KeyError for a sign that the rule does not have.

    Source: domain rule R17. The source does not say whether all six are needed: we ask for all, configurable.
    """
    if unknown_signs := sorted(set(signs) - set(rule.signs)):
        raise KeyError(f"no such sign: {', '.join(unknown_signs)}")
    present = [sign for sign in rule.signs if signs.get(sign)]
    absent = tuple(sign for sign in rule.signs if signs.get(sign) is False)
    unknown = tuple(sign for sign in rule.signs if signs.get(sign) is None)
    if len(present) >= rule.enough:
        return Accreditation(rule.points, absent, unknown)
    return Accreditation(0 if len(present) + len(unknown) < rule.enough else None, absent, unknown)
