"""What whoever writes figures must know first: the places, the indicators, what stands, what is locked and by whom."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, cast, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from auth.permissions import Permission
from auth.places import covering
from auth.viewer import LiveAssignment
from domain import records
from domain.errors import Forbidden
from domain.observation_versions import FigureKey
from domain.rating_store import HOLD
from domain.scoring.observations import ObservationProvenance
from schema.engine.mapping.reference import key_of
from schema.engine.mutations.user_errors import invalid
from schema.figures.locked import Locked
from schema.people.acting import only, those_named

if TYPE_CHECKING:
    from schema.engine.context import Context

# The newest decisions at and above each place that lock it; asked as the keeper, since those above are not the
# viewer's to read.
LOCKS = text(
    "select p.organisation_id, p.indicator_id, p.period, d.organisation_id as by_id, d.role, d.decided_at"
    " from unnest(:places, :indicators, :periods) as p (organisation_id, indicator_id, period)"
    " cross join lateral vhod.observation_decisions(p.organisation_id, p.indicator_id, p.period) d"
    " where d.action = 'APPROVE'"
).bindparams(
    bindparam("places", type_=ARRAY(Uuid)),
    bindparam("indicators", type_=ARRAY(Uuid)),
    bindparam("periods", type_=ARRAY(Text)),
)


async def places_of(context: "Context", identifiers: Iterable[str]) -> dict[str, Any]:
    """Rows of organisations by their global ids: id, ancestor_ids, region_id. Those that do not exist are left out."""
    mapping = context.executor.types["Organisation"]
    keys = {identifier: key_of(mapping, identifier) for identifier in identifiers}
    place = records.Organisation
    statement: Any = select(col(place.id), col(place.name), col(place.ancestor_ids), col(place.region_id))
    wanted = {key[0] for key in keys.values() if key is not None}
    rows = {row.id: row for row in await context.statements.write(statement.where(col(place.id).in_(wanted)))}
    return {identifier: rows[key[0]] for identifier, key in keys.items() if key is not None and key[0] in rows}


async def indicators_of(context: "Context", codes: Iterable[str]) -> dict[str, Any]:
    """Rows of indicators by code: id, code, unit, decimals. Unknown ones are left out."""
    indicator = records.Indicator
    statement: Any = select(col(indicator.id), col(indicator.code), col(indicator.unit), col(indicator.decimals))
    return {
        row.code: row for row in await context.statements.write(statement.where(col(indicator.code).in_(set(codes))))
    }


async def hold(context: "Context", places: Iterable[Any]) -> None:
    """Keep others from the figures of these regions until the end of the transaction, always in the same order."""
    for region in sorted({str(place.region_id) for place in places if place.region_id}):
        await context.statements.write(HOLD.bindparams(region=region))


async def standing(context: "Context", keys: Sequence[FigureKey]) -> dict[FigureKey, Any]:
    """What stands in these places now."""
    table: Any = records.Observation.__table__  # type: ignore[attr-defined]
    place = tuple_(table.c.organisation_id, table.c.indicator_id, table.c.period)
    rows = await context.statements.write(select(table).where(place.in_(keys)))
    return {FigureKey(row.organisation_id, row.indicator_id, row.period): row for row in rows}


async def locks(context: "Context", keys: Sequence[FigureKey]) -> dict[FigureKey, Any]:
    """Who locked these places: by_id, role, decided_at; the highest of several."""
    given = LOCKS.bindparams(
        places=[key.organisation_id for key in keys],
        indicators=[key.indicator_id for key in keys],
        periods=[key.period for key in keys],
    )
    found = await context.statements.write(given)
    return {FigureKey(row.organisation_id, row.indicator_id, row.period): row for row in found}


async def recorded_by_viewer(context: "Context", keys: Sequence[FigureKey]) -> set[UUID]:
    """Indicators of which the viewer has recorded a value that stands at one of these places or below."""
    value, place = records.Observation, records.Organisation
    statement: Any = select(col(value.indicator_id)).join(place, col(place.id) == col(value.organisation_id))
    mine = statement.where(
        col(value.indicator_id).in_({key.indicator_id for key in keys}),
        col(value.period).in_({key.period for key in keys}),
        col(place.ancestor_ids).op("&&")(cast([key.organisation_id for key in keys], ARRAY(Uuid))),
        col(value.recorded_by_id) == context.viewer.person_id,
        col(value.provenance) != ObservationProvenance.COMPUTED,
    )
    return {row.indicator_id for row in await context.statements.write(mine.distinct())}


async def locked_error(context: "Context", lock: Any, path: list[str]) -> Locked:
    """The refusal that says by whom and since when."""
    by = await context.executor.load_named("Organisation", (lock.by_id,))
    told = context.say(
        "These figures are approved and locked; whoever approves figures of that organisation can open"
        " them again, with a reason.",
        "Эти показатели утверждены и закрыты; открыть их, указав основание, может тот, кто утверждает показатели этой"
        " организации.",
    )
    return Locked(code="LOCKED", message=told, path=path, locked_for=by, role=lock.role, locked_at=lock.decided_at)


async def acting_for(
    context: "Context", permission: Permission, places: Sequence[Any], given: Any
) -> LiveAssignment | None:
    """The one assignment under which all these places are written; None when no single one covers them.

    Raises Forbidden for somebody who may do this nowhere; refuses when several cover them and none is named.
    """
    if not covering(context.viewer, permission, []):
        raise Forbidden(f"None of your roles has {permission}.", f"Ни одна из ваших ролей не даёт права {permission}.")
    fitting = covering(context.viewer, permission, [(place.id, place.ancestor_ids) for place in places])
    left = those_named(context, fitting, given.acting_assignment_id)
    if not left and given.acting_assignment_id is not None:
        told = context.say("This role of yours does not allow it here.", "Эта ваша роль здесь этого не позволяет.")
        raise invalid("ACTING_ASSIGNMENT", told, "actingAssignmentId")
    return await only(context, left) if left else None
