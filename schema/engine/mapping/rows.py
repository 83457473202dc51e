"""Row: one row as a viewer sees it, and the GraphQL object that carries it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.anchors import Anchor
from domain.sensitivity import Sensitivity
from schema.engine.mapping.plan import FULL, RowPlan
from schema.engine.mapping.storage import Binding, Mapping


@dataclass(slots=True)
class Row:
    """Values of the cells that may be seen, the state of every field, and the keys that lead on."""

    mapping: Mapping
    values: dict[str, Any]
    states: dict[str, int]
    keys: dict[str, Any]
    own: bool

    def state(self, binding: Binding) -> int:
        """2 full, 1 masked, 0 denied."""
        return self.states.get(binding.name, FULL)

    @property
    def persons(self) -> list[UUID]:
        """Whom the row is about."""
        columns = self.mapping.facet.anchored(Anchor.PERSON)
        return [self.keys[name] for name in columns if self.keys[name] is not None]

    @property
    def is_personal(self) -> bool:
        """Reading it outside one's own class or child is audited."""
        return self.mapping.sensitivity >= Sensitivity.P2 and not self.own


def read_row(plan: RowPlan, found: Any) -> Row:
    """Sort the labels of a result row into values, states and keys."""
    values: dict[str, Any] = {}
    states = dict(plan.states)
    keys: dict[str, Any] = {}
    for label, value in found._mapping.items():
        kind, _, name = label.partition("_")
        if kind == "v":
            values[name] = value
        elif kind == "s":
            states[name] = value
        elif kind == "k":
            keys[name] = value
    return Row(plan.mapping, values, states, keys, own=found.own)


def as_object(row: Row) -> Any:
    """The instance of the GraphQL type; made without its constructor, since its fields are not its data."""
    instance: Any = object.__new__(row.mapping.type)
    instance.__row__ = row
    return instance


def row_of(instance: Any) -> Row:
    """The row that an object carries."""
    return instance.__row__  # type: ignore[no-any-return]


def global_id(row: Row) -> str:
    """`Type:key`, for a partitioned record `Type:year:id`."""
    return ":".join([row.mapping.name, *(str(row.keys[name]) for name in row.mapping.key)])
