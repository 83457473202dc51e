"""Node: whatever has an id that can be asked for again."""

from typing import Any

import strawberry
from strawberry.types import Info

from domain.sensitivity import Sensitivity
from schema.engine.access.rule import WITH_ROW, directive
from schema.engine.mapping.rows import global_id, row_of
from schema.engine.mapping.storage import Binding, Identity


def _identify(root: Any, info: Info) -> strawberry.ID:
    return strawberry.ID(global_id(row_of(root)))


@strawberry.interface(description="An object with an id of its own (объект с идентификатором).")
class Node:
    """The interface of all mapped types."""

    id: strawberry.ID = strawberry.field(
        resolver=_identify,
        description="Opaque id, the same for everybody (идентификатор).",
        metadata={"binding": Binding(Identity(), WITH_ROW, Sensitivity.P1, owner="Node", name="id")},
        directives=[directive(WITH_ROW, None, Sensitivity.P1)],
    )
