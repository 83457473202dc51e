"""What a standpoint must be answered: for every row of the world its cells, its edges, the refusals listed."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from domain.records import Assignment, PeriodClosing
from domain.roles import Role
from tests.access.contract import (
    ACTIONS,
    COMPOUND,
    IN_WORDS,
    MANY,
    ONE,
    OWN_RIGHT,
    RECORDS,
    Place,
    global_id,
    masked,
    value_of,
)
from tests.access.expectations import Sight, ever, sees_row, sight
from tests.access.relations import Relations, Standpoint, Ties
from tests.access.roles_given import COORDINATORS, may_confirm, may_end
from tests.access.rows import Held, Rows

ANYTHING: Any = object()
"""Stands where a test of its own says what is expected."""
TEACHING = frozenset({Role.TEACHER, Role.HOMEROOM_TEACHER})
"""access.md 2.4: a write to a lesson is judged by the lesson's date; management is judged now."""
VISIBLE: Any = object()
"""Stands where something put together may be, or nothing; objects in it must be visible ones."""


@dataclass(frozen=True)
class Item:
    """A row as one type shows it; every person is asked for as account, student, guardian and member of staff."""

    type_name: str
    row: Any

    @cached_property
    def id(self) -> str:
        """Its global id."""
        return global_id(self.type_name, self.row)


def items(rows: Rows) -> list[Item]:
    """All rows of the world, as all types that may show them."""
    return [Item(type_name, row) for type_name, record in RECORDS.items() for row in rows.all(record)]


@dataclass
class Expected:
    """Expectations for one standpoint.

    `closed` are fields that the client keeps shut, `hidden` types; an `unscoped` one may not read at all, an
    `unwriting` one not write.
    """

    rows: Rows
    relations: Relations
    who: Standpoint
    places: dict[str, list[Place]]
    closed: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    unscoped: bool = False
    unwriting: bool = False
    _standing: dict[str, list[Any]] = field(default_factory=dict)

    @cached_property
    def roles(self) -> list[Held]:
        """The roles that hold now."""
        return [held for held in self.who.held if held.live]

    def granted(self, item: Item) -> list[tuple[Held, Any]]:
        """Each role that sees the row, with the relation in which it does. None: the row does not exist for them."""
        key = item.id
        if key not in self._standing:
            self._standing[key] = list(self._granted(item))
        return self._standing[key]

    def _granted(self, item: Item) -> Any:
        for ties in () if item.type_name in self.hidden else self.relations.ties(item.type_name, item.row):
            if self._is_banned(ties):
                continue
            for held in self.roles:
                relation = self.relations.of(held, self.who, ties)
                if sees_row(held.role, item.type_name, relation):
                    yield held, relation

    def _is_banned(self, ties: Ties) -> bool:
        return bool(ties.about & self.who.banned_from)

    def visible(self, item: Item) -> bool:
        """Whether the row exists for them."""
        return bool(self.granted(item))

    def sight(self, item: Item, coordinate: str) -> Sight:
        """The union of what the roles that reach the row see of a field: never more, never less."""
        if coordinate in self.closed:
            return Sight.ABSENT
        return max(
            (sight(held.role, coordinate, relation) for held, relation in self.granted(item)), default=Sight.ABSENT
        )

    def answer(self, item: Item, refused: Counter[str]) -> dict[str, Any] | None:
        """The object as it must be answered, by field name; what must be listed as refused is counted."""
        if not self.visible(item):
            return None
        return {place.name: self._cell(item, place, refused) for place in self.places[item.type_name]}

    def _cell(self, item: Item, place: Place, refused: Counter[str]) -> Any:
        if place.name == "id":
            return item.id
        if place.coordinate in ONE:
            return self._one(item, place, refused)
        seen = self.sight(item, place.coordinate)
        if seen is Sight.ABSENT:
            refused[place.coordinate] += 1
            return None
        if place.coordinate == IN_WORDS:
            return ANYTHING
        if place.coordinate in COMPOUND:
            return VISIBLE
        return masked(item.row) if seen is Sight.MASKED else self._open(item, place)

    def _open(self, item: Item, place: Place) -> Any:
        if place.coordinate in MANY:
            return self._many(item, place)
        if place.coordinate in ACTIONS:
            return {action: self._may(item, mutation) for action, mutation in ACTIONS[place.coordinate].items()}
        return value_of(place, item.row)

    def _may(self, item: Item, mutation: str) -> bool:
        """Whether a change would be accepted: a role allows it at the organisation, and the row is as it needs."""
        if self.unwriting or not self._fits(item.row, mutation):
            return False
        if item.type_name == "Lesson":
            return self._may_write(item, mutation)
        place = item.row.id if item.type_name == "Organisation" else item.row.organisation_id
        at = Ties(organisations=frozenset({place} - {None}))
        return any(
            sight(held.role, mutation, self.relations.of(held, self.who, at))
            and self._gives(held, place, item.row, mutation)
            for held in self.roles
        )

    def _gives(self, held: Held, place: UUID | None, row: Any, mutation: str) -> bool:
        """Whether this role is the one for that role: a coordinator below the own place only."""
        if mutation == "Mutation.confirmAssignment":
            return may_confirm(row, held.role)
        if held.role in COORDINATORS and place == held.target:
            return False
        return mutation != "Mutation.endAssignment" or may_end(row, held.role)

    def _may_write(self, item: Item, mutation: str) -> bool:
        """A lesson is the writer's who taught on its day, until its period closes; all of the world are long past."""
        if self.rows.where(PeriodClosing, organisation_id=item.row.organisation_id):
            return False
        [ties] = self.relations.ties(item.type_name, item.row)
        then = [replace(held, live=True) for held in self.who.held if held.live or held.role in TEACHING]
        return any(sight(held.role, mutation, self.relations.of(held, self.who, ties)) for held in then)

    def _fits(self, row: Any, mutation: str) -> bool:
        if not isinstance(row, Assignment):
            return True
        if row.ended_at is not None or self.who.person == row.person_id:
            return False
        waits = row.awaits_confirmation and row.confirmed_at is None and self.who.person != row.granted_by_id
        return waits if mutation == "Mutation.confirmAssignment" else True

    def _one(self, item: Item, place: Place, refused: Counter[str]) -> Any:
        """A key leads on to a visible row; it is refused only where no role sees any row of that type."""
        if not any(ever(held.role, f"{place.target}.*", case=held.case) for held in self.roles):
            refused[place.coordinate] += 1
            return None
        found = self.rows.one(RECORDS[place.target], getattr(item.row, ONE[place.coordinate]))
        if found is None or not self.visible(Item(place.target, found)):
            return None
        return global_id(place.target, found)

    def _many(self, item: Item, place: Place) -> list[str]:
        named = MANY[place.coordinate]
        tie = {named: "id"} if isinstance(named, str) else named
        wanted = {column: getattr(item.row, own) for column, own in tie.items()}
        theirs = self.rows.where(RECORDS[place.target], **wanted)
        return sorted(global_id(place.target, row) for row in theirs if self.visible(Item(place.target, row)))

    def reason(self, place: Place) -> str:
        """Why a refused field is refused: no role has such a permission at all, or none of them reaches this row."""
        if self.unscoped or place.coordinate in self.closed:
            return "CLIENT_SCOPE"
        with_it = [
            other.coordinate
            if other.rule == "GUARDED" and other.coordinate not in {*MANY, *ONE} - OWN_RIGHT
            else f"{other.target}.*"
            for others in self.places.values()
            for other in others
            if other.permission == place.permission and self._tells(other)
        ]
        granted = [held for held in self.roles if held.role not in (Role.GUEST, Role.SIGNED_IN)]
        has = any(ever(one.role, coordinate, case=one.case) for coordinate in set(with_it) for one in granted)
        return "OUT_OF_REACH" if has else "NO_ROLE"

    def _tells(self, place: Place) -> bool:
        return place.coordinate.partition(".")[0] in RECORDS and place.rule == "GUARDED"
