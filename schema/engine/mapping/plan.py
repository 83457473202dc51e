"""RowPlan: the SELECT of a type for viewers of one shape: allowed columns, cells, masks, and the rule of the rows."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Label, and_, case, column, literal
from sqlalchemy.orm import aliased
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

from auth.permissions import OWN_ROLES, Permission
from auth.visibility import REACH_PREFIX, RESTRICTED, Shape, cell, published, rows, within
from domain.anchors import Anchor
from domain.sensitivity import Sensitivity
from schema.engine.mapping.storage import Binding, Column, Derived, Many, Mapping, One, Worked

FULL, MASKED, DENIED = 2, 1, 0


@dataclass(frozen=True)
class RowPlan:
    """What one SELECT of a mapping gives. Labels: `v_name` value, `s_name` state, `k_column` key."""

    mapping: Mapping
    row: Any
    columns: tuple[Label[Any], ...]
    states: dict[str, int]
    visible: ColumnElement[bool]
    parameters: frozenset[str]


@cache
def _alias(mapping: Mapping) -> Any:
    """The table of a mapping under a name of its own: the same for all shapes, since its columns are dear to make."""
    return aliased(mapping.facet.record, name=str(mapping.facet.record.__tablename__))


@lru_cache(maxsize=1024)
def row_plan(mapping: Mapping, shape: Shape) -> RowPlan:
    """The plan for a mapping and a shape; ids are parameters, so that viewers of one shape share it."""
    row = _alias(mapping)
    states: dict[str, int] = {}
    columns = _keys(mapping, row)
    for name, binding in mapping.bindings.items():
        state = _state(mapping, row, shape, binding)
        if isinstance(state, int):
            states[name] = state
        else:
            columns.append(state.label(f"s_{name}"))
        columns += _values(row, name, binding, state)
    columns.append(_as_condition(daily(mapping, row, shape)).label("own"))
    visible = seen(mapping, row, shape)
    return RowPlan(mapping, row, tuple(columns), states, visible, _parameters(visible, columns))


def seen(mapping: Mapping, row: Any, shape: Shape) -> ColumnElement[bool]:
    """Whether a row exists for viewers of this shape."""
    if not mapping.rule.public:
        return rows(mapping.facet, row, shape, row_permission(mapping))
    if mapping.rule.unpublished is None:
        return literal(True)
    return published(mapping.facet, row, shape.grants(mapping.rule.unpublished))


@lru_cache(maxsize=1024)
def implied(mapping: Mapping, owner: Mapping, links: tuple[tuple[str, str], ...], shape: Shape) -> bool:
    """Whether whoever sees the owner sees all rows tied to it by these columns, theirs and its: then one rule is asked
    once. Told by the rules themselves: both say the same of what the link makes the same.
    """
    tied = _Named("row", dict(links))
    return str(seen(mapping, tied, shape)) == str(seen(owner, _Named("owner"), shape))


class _Named:
    """A row of which only the names of its columns are known; some are the owner's."""

    def __init__(self, name: str, owned: dict[str, str] | None = None) -> None:
        self._name = name
        self._owned = owned or {}

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        return column(f"owner {self._owned[name]}" if name in self._owned else f"{self._name} {name}")


def row_permission(mapping: Mapping) -> Permission:
    """The base permission of a guarded type."""
    if mapping.rule.read is None:
        raise TypeError(f"{mapping.name} has no base permission")
    return mapping.rule.read


def _keys(mapping: Mapping, row: Any) -> list[Label[Any]]:
    """Columns that identify the row, lead on from it, decide what Python works out, and say whom it is about."""
    names = [*mapping.key]
    for binding in mapping.bindings.values():
        if isinstance(binding.storage, Worked):
            names += [name for name in binding.storage.reads if name not in mapping.bindings]
        if isinstance(binding.storage, One):
            names.append(binding.storage.by)
        if isinstance(binding.storage, Many):
            names += binding.storage.match
    names += [name for anchor in Anchor for name in mapping.facet.anchored(anchor)]
    return [getattr(row, name).label(f"k_{name}") for name in dict.fromkeys(names)]


def _state(mapping: Mapping, row: Any, shape: Shape, binding: Binding) -> int | ColumnElement[int]:
    """2 full, 1 masked, 0 denied: known beforehand where the shape decides it, else worked out row by row."""
    full, masked = sight(mapping, row, shape, binding)
    if full is True:
        return FULL
    if full is False and isinstance(masked, bool):
        return MASKED if masked else DENIED
    whens = [(condition, state) for condition, state in ((full, FULL), (masked, MASKED)) if condition is not False]
    return case(*((_as_condition(c), literal(s)) for c, s in whens), else_=literal(DENIED))


def sight(
    mapping: Mapping, row: Any, shape: Shape, binding: Binding
) -> tuple[bool | ColumnElement[bool], bool | ColumnElement[bool]]:
    """When a field of a visible row is seen in full, and when, if not in full, it is seen masked."""
    if isinstance(binding.storage, One):
        # A key leads on unless the viewer may see no row of that type at all; then the refusal is said.
        return binding.permission is None or bool(shape.grants(binding.permission)), False
    full = _cell(mapping, row, shape, binding.permission)
    masked = _cell(mapping, row, shape, binding.access.masked) if binding.access.masked else False
    return full, masked


def _cell(mapping: Mapping, row: Any, shape: Shape, rule: Permission | None) -> bool | ColumnElement[bool]:
    if rule is None:
        return True
    if mapping.rule.public:
        held = shape.grants(rule)
        return within(mapping.facet, row, held) if held else False
    return cell(mapping.facet, row, shape, rule, row_permission(mapping))


def _values(row: Any, name: str, binding: Binding, state: int | ColumnElement[int]) -> list[Label[Any]]:
    storage = binding.storage
    if not isinstance(storage, Column | Derived) or (isinstance(state, int) and state == DENIED):
        return []
    full = getattr(row, storage.of or name) if isinstance(storage, Column) else storage.expression(row)
    shown = storage.mask(full) if isinstance(storage, Column) and storage.mask else None
    if isinstance(state, int):
        return [(full if state == FULL or shown is None else shown).label(f"v_{name}")]
    whens = [(state == FULL, full)] + ([(state == MASKED, shown)] if shown is not None else [])
    return [case(*whens, else_=None).label(f"v_{name}")]


def daily(mapping: Mapping, row: Any, shape: Shape) -> bool | ColumnElement[bool]:
    """Whether the row is reached as daily work: own class, own child, oneself. Other readings of P2 are audited."""
    if mapping.rule.public or mapping.sensitivity < Sensitivity.P2:
        return True
    held = shape.grants(row_permission(mapping))
    own = frozenset((role, kind) for role, kind in held if role in OWN_ROLES)
    return own == held or _as_condition(within(mapping.facet, row, own))


def _as_condition(value: bool | ColumnElement[bool]) -> ColumnElement[bool]:
    return literal(value) if isinstance(value, bool) else and_(value)


def _parameters(visible: ColumnElement[bool], columns: list[Label[Any]]) -> frozenset[str]:
    found = set()
    for part in (visible, *columns):
        for element in visitors.iterate(part):
            if isinstance(element, BindParameter) and (
                element.key.startswith(REACH_PREFIX) or element.key == RESTRICTED
            ):
                found.add(element.key)
    return frozenset(found)
