"""What a front end has to forget: what its viewer could see when the cursor was made, and cannot see now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import strawberry
from sqlalchemy import BigInteger, Integer, Text, bindparam, text

if TYPE_CHECKING:
    from uuid import UUID

    from schema.engine.context import Context

MOST = 1_000
LOOKED_AT = "400 days"
"""Of what somebody ended or forbade: it may have been entered with a day that had passed long before."""
MOMENT = text("select cast(extract(epoch from vhod.now()) as bigint)")
# A minute earlier: what was being ended while the cursor was made is told once more, which does no harm.
LEFT = text(
    "select kind, id from vhod.left_reach("
    "case when cast(:moment as bigint) is null then vhod.now() - cast(:looked_at as interval)"
    " else to_timestamp(:moment) - interval '1 minute' end, cast(:most as integer))"
).bindparams(
    bindparam("moment", type_=BigInteger), bindparam("most", type_=Integer), bindparam("looked_at", LOOKED_AT, Text)
)


@dataclass(frozen=True)
class Left:
    """What left the viewer's reach. `turned`: rights began or ended; `ids` None: too much to be named."""

    turned: bool
    ids: list[strawberry.ID] | None


async def moment_of(context: "Context") -> int:
    """When this answer's transaction began, in seconds since 1970 by the database's clock."""
    [[now]] = await context.statements.write(MOMENT)
    return int(now)


async def left_since(context: "Context", moment: int | None) -> Left:
    """What the viewer's own ended roles, children and bans led to, as far as nothing else leads there now.

    `moment` None: somebody changed the rights, and what has ended may carry any day.
    """
    rows = await context.statements.write(LEFT.bindparams(moment=moment, most=MOST + 2))
    kinds = {row.kind for row in rows}
    if "ALL" in kinds or len(rows) > MOST:
        return Left("TURNED" in kinds, None)
    named = [(row.kind, row.id) for row in rows if row.id is not None]
    return Left("TURNED" in kinds, await unseen(context, named))


async def unseen(context: "Context", named: Sequence[tuple[str, "UUID"]]) -> list[strawberry.ID]:
    """Ids of those behind which there is nothing that the viewer may see; unknown ones sound the same."""
    gone: list[strawberry.ID] = []
    for kind in sorted({kind for kind, _ in named}):
        keys = [key for one, key in named if one == kind]
        found = await context.executor.load_all_named(kind, [(key,) for key in keys])
        gone += [strawberry.ID(f"{kind}:{key}") for key, there in zip(keys, found, strict=True) if there is None]
    return gone
