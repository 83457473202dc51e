"""The rows a viewer may know of: from reach and anchors to SQL, in one place.

Used by the reference executor, by the compiler and, with another source of ids, by the row-level policies.
Conditions depend on the viewer's *shape* (which role with which kind of reach), never on ids: ids are parameters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, cast, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased
from sqlmodel import col

from auth.permissions import NEEDS_NO_SCOPE, Permission, holds
from domain.anchors import Anchor
from domain.records.base import Dated, Facet, Record, Via
from domain.records.organisations import Organisation
from domain.roles import ReachKind, Role

Held = frozenset[tuple[Role, ReachKind]]
"""Which role with which kind of reach."""

Conditions = list[ColumnElement[bool]]
Inside = Callable[[Any], ColumnElement[bool]]

RESTRICTED = "restricted"
REACH_PREFIX = "reach__"

ANCHOR_OF: dict[ReachKind, Anchor] = {
    ReachKind.SELF: Anchor.PERSON,
    ReachKind.CHILDREN: Anchor.PERSON,
    ReachKind.PERSONS: Anchor.PERSON,
    ReachKind.CONSENT: Anchor.PERSON,
    ReachKind.CLASS_GROUPS: Anchor.CLASS_GROUP,
    ReachKind.SUBJECT_GROUPS: Anchor.SUBJECT_GROUP,
    ReachKind.ORGANISATION: Anchor.ORGANISATION,
    ReachKind.ORGANISATION_TREE: Anchor.ORGANISATION,
}


@dataclass(frozen=True)
class Shape:
    """All that a plan may depend on: what the viewer holds, and what the calling client lets through."""

    held: Held
    permitted: frozenset[Permission]

    def grants(self, permission: Permission) -> Held:
        """The part that has the permission."""
        return frozenset((role, kind) for role, kind in self.held if self._may(role, kind, permission))

    def _may(self, role: Role, kind: ReachKind, permission: Permission) -> bool:
        within_client = permission in self.permitted or permission in NEEDS_NO_SCOPE.get(role, ())
        return within_client and holds(role, kind, permission)


def rows(facet: Facet, row: Any, shape: Shape, permission: Permission) -> ColumnElement[bool]:
    """Whether a row exists for the viewer: some assignment reaches it, and no restriction stands between."""
    return and_(within(facet, row, shape.grants(permission)), unrestricted(facet, row, _restricted_parameter()))


def published(facet: Facet, row: Any, held: Held) -> ColumnElement[bool]:
    """Whether a row of a public record is public already, or is reached by who may see it before, as `held` says."""
    by = facet.publication
    if by is None:
        return true()
    if by.of is None:
        return or_(getattr(row, by.flag), within(facet, row, held))
    owner = _link(by.of)
    shown = select(owner.id).where(published(by.of.facet(), owner, held))
    return getattr(row, by.column).in_(shown.correlate(None))  # type: ignore[no-any-return]


def cell(facet: Facet, row: Any, shape: Shape, rule: Permission, row_rule: Permission) -> bool | ColumnElement[bool]:
    """True: seen wherever the row is. False: never. Otherwise a condition on the row."""
    mine = shape.grants(rule)
    if mine >= shape.grants(row_rule):
        return True
    return within(facet, row, mine) if mine else False


def within(facet: Facet, row: Any, held: Held) -> ColumnElement[bool]:
    """An OR over kinds of reach. Roles with the same kind share one parameter: the union of their ids."""
    kinds = sorted({kind for _, kind in held})
    if ReachKind.PUBLIC in kinds:
        return true()
    return _any_of(
        condition
        for kind in kinds
        for condition in _reached_by(facet, row, kind, [role for role, k in held if k is kind])
    )


def _reached_by(facet: Facet, row: Any, kind: ReachKind, roles: list[Role]) -> Conditions:
    return reaching(facet, row, ANCHOR_OF[kind], _inside(kind, _parameter(kind, roles)), _restricted_parameter())


def reaching(facet: Facet, row: Any, anchor: Anchor, inside: Inside, restricted: Any) -> Conditions:
    """Conditions under which a row is tied to something reached: by its own columns, or by a declared path.

    `inside` says when a column's value is reached, `restricted` whom no path may lead through.
    """
    own = [inside(getattr(row, name)) for name in facet.reached_by(anchor)]
    by_path = [getattr(row, v.column).in_(linked(v, anchor, inside, restricted)) for v in facet.paths(anchor)]
    return own + by_path


def linked(via: Via, anchor: Anchor, inside: Inside, restricted: Any) -> Select[Any]:
    """What a path leads to: the link's rows that hold now, are reached themselves, and are about nobody restricted."""
    facet, link = via.link.facet(), _link(via.link)
    reached = _any_of(reaching(facet, link, anchor, inside, restricted))
    found = select(getattr(link, via.link_column)).where(reached, *live(link), unrestricted(facet, link, restricted))
    return found.correlate(None)  # it looks at nothing around it, be it the same link on a longer path


def unrestricted(facet: Facet, row: Any, restricted: Any) -> ColumnElement[bool]:
    """No person to whom the row is tied is kept from the viewer. A row tied to nobody is not restricted."""
    columns = [getattr(row, name) for name in facet.anchored(Anchor.PERSON)]
    return and_(true(), *(func.coalesce(column != func.all(restricted), true()) for column in columns))


def live(link: Any) -> list[ColumnElement[bool]]:
    """Whether a dated link holds now. Links without dates always do."""
    if not issubclass(_class_of(link), Dated):
        return []
    return [link.live_from <= func.vhod.now(), or_(link.live_until.is_(None), link.live_until > func.vhod.now())]


def _inside(kind: ReachKind, ids: Any) -> Inside:
    """An array compared as it is can drive an index, and is cheaper than a sub-select. A tree may hold hundreds."""
    if kind is ReachKind.CONSENT:
        # Looked up once a statement, in its own snapshot: a consent revoked a moment ago opens nothing.
        consented = cast(select(func.vhod.consented(ids)).scalar_subquery(), ARRAY(Uuid))
        return lambda column: column == func.any(consented)
    if kind is not ReachKind.ORGANISATION_TREE:
        return lambda column: column == func.any(ids)
    unit = _unit()
    below = select(col(unit.id)).where(col(unit.ancestor_ids).op("&&")(ids))
    return lambda column: column.in_(below)


@cache
def _link(record: type[Record]) -> Any:
    """Kept: the ORM works out the columns of an alias anew for each that is made."""
    return aliased(record, name=f"via_{record.__tablename__}")


@cache
def _unit() -> Any:
    return aliased(Organisation, name="unit")


def _parameter(kind: ReachKind, roles: Iterable[Role]) -> Any:
    return bindparam(f"{REACH_PREFIX}{kind}__{'__'.join(sorted(roles))}", type_=ARRAY(Uuid))


def _restricted_parameter() -> Any:
    return bindparam(RESTRICTED, type_=ARRAY(Uuid))


def _any_of(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(false(), *conditions)


def _class_of(link: Any) -> type:
    entity = getattr(link, "__mapper__", None) or link._aliased_insp.mapper
    return entity.class_  # type: ignore[no-any-return]
