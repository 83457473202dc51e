"""Computing observations from the journals: the live figures of an organisation and its parts, stored as versions."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

from auth.permissions import Permission as P
from domain.errors import Forbidden
from domain.live_figures import COUNTED, LiveFigure, stored_figures
from domain.observation_values import ObservedValue
from domain.observation_versions import FigureKey
from domain.reporting_periods import reporting_days
from domain.roles import ReachKind
from domain.scoring.observations import ObservationProvenance
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import Access
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import invalid, not_found
from schema.figures.audited import Audited
from schema.figures.live_indicators import why_none
from schema.figures.observation_versions import Figure, Writing
from schema.figures.observation_writing import ObservationsPayload, visible
from schema.figures.observations import PERIOD
from schema.figures.state import acting_for, hold, indicators_of, places_of

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST_SHOWN = 100
SOURCE = "Vhod: журналы"


@strawberry.input(description="Figures to count from the journals and to store (рассчитать показатель).")
class ComputeObservationsInput:
    """Input of computeObservations."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    organisation_id: strawberry.ID = strawberry.field(
        description="Of this organisation and of each part directly below it (организация)."
    )
    indicator: str = strawberry.field(description="Code of one of our journal indicators (показатель).")
    period: str = strawberry.field(description=PERIOD)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@mutation(
    ComputeObservationsInput,
    ObservationsPayload,
    "Count an indicator from the journals and store what was counted (рассчитать показатель по журналам): with all"
    " branches and whatever is below, the same whoever asks; organisations of fewer than five persons are left out. At"
    " most 100 values are shown.",
    Access(write=P.OBSERVATION_WRITE),
    sensitivity=Sensitivity.P1,
    cost=500,
    results=lambda _: MOST_SHOWN,
    answer=visible,
)
async def compute_observations(context: "Context", given: ComputeObservationsInput) -> Outcome:
    """Mutation.computeObservations."""
    place = (await places_of(context, [given.organisation_id])).get(given.organisation_id)
    if place is None:
        raise not_found(context.say("No organisation with this id.", "Нет организации с таким id."), "organisationId")
    if given.indicator not in COUNTED:
        told = context.say("The journals do not tell this indicator.", "По журналам этот показатель не посчитать.")
        raise invalid("NOT_COMPUTABLE", told, "indicator")
    reporting_days(given.period)
    indicator = (await indicators_of(context, [given.indicator]))[given.indicator]
    by = await acting_for(context, P.OBSERVATION_WRITE, [place], given)
    if by is None:
        raise Forbidden("None of your roles writes figures there.", "Ни одна ваша роль не вносит показатели там.")
    await hold(context, [place])
    counted = await _counted(context, place.id, given)
    # The organisation itself, where it also has lessons of its own beside its parts, is in the whole already; whoever
    # acts for it without its branches stores the same figure for it, and none for them.
    below = by.reach is ReachKind.ORGANISATION_TREE
    kept = [figure for figure in counted if figure.whole or (below and figure.organisation_id != place.id)]
    figures = [_figure(figure, indicator, given.period) for figure in kept]
    written = Writing(context, by, None, ObservationProvenance.COMPUTED, seen=False)
    identifiers = await written.write(figures)
    detail = {"indicator": given.indicator, "period": given.period, "observations": len(figures)}
    await record(context, Audited.OBSERVATIONS_COMPUTE, by, place.id, detail)
    return [f"Observation:{identifier}" for identifier in identifiers]


async def _counted(context: "Context", place: UUID, given: ComputeObservationsInput) -> list[LiveFigure]:
    statement, parameters = stored_figures(given.indicator, place, given.period)
    return [LiveFigure(*row) for row in await context.statements.write(statement.params(parameters))]


def _figure(figure: LiveFigure, indicator: Any, period: str) -> Figure:
    reason = why_none(figure, indicator.unit)
    said = ObservedValue(no_data=reason) if reason else ObservedValue(None, *_counts(figure))
    key = FigureKey(figure.organisation_id, indicator.id, period)
    return Figure(["input", "organisationId"], key, indicator, said, SOURCE, None)


def _counts(figure: LiveFigure) -> tuple[Fraction, Fraction]:
    return Fraction(figure.numerator or 0), Fraction(figure.denominator or 0)
