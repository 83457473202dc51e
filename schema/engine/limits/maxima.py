"""Maxima: how much one document may ask for, by the kind of caller."""

from dataclasses import dataclass
from enum import StrEnum

from auth.viewer import Caller

DEPTH = 18  # the standard introspection query is 15 deep, a Relay query of a journal page 14
FIELDS = 300
ALIASES = 30
DIRECTIVES = 50
FRAGMENTS = 60  # validation compares each with each: a hundred take 0.4 s
REPEATS = 30  # of one name in one selection: they are compared with each other too
DIGITS = 100  # Python refuses to read integers of some thousand digits, with an error that is nobody's


class CallerKind(StrEnum):
    """Who asks, as far as limits and budgets care."""

    ANONYMOUS = "ANONYMOUS"
    PERSON = "PERSON"
    SERVICE = "SERVICE"


@dataclass(frozen=True)
class Maxima:
    """The most that one operation may ask for: changes at once, estimated objects, points of cost."""

    mutations: int
    rows: int
    cost: int


MAXIMA = {
    CallerKind.ANONYMOUS: Maxima(mutations=1, rows=50_000, cost=60_000),
    CallerKind.PERSON: Maxima(mutations=10, rows=100_000, cost=120_000),
    CallerKind.SERVICE: Maxima(mutations=20, rows=250_000, cost=300_000),
}
"""A journal page of a term is estimated at 660 points, the diary of a class with all marks at 21,000, places in all
ratings with their explanations at 35,000. What bounds real work is elsewhere: pages of 100, lists with a maximum, five
seconds."""

LEAST = MAXIMA[CallerKind.ANONYMOUS]
"""What anybody may ask for."""


def kind_of_caller(caller: Caller | None) -> CallerKind:
    """A client that asks for itself is its own subject (RFC 9068, section 2.2)."""
    if caller is None:
        return CallerKind.ANONYMOUS
    return CallerKind.SERVICE if caller.subject == caller.client_id else CallerKind.PERSON
