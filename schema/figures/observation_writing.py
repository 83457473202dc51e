"""Recording observations: a list of values, all or nothing; every row that cannot be taken is named with its reason."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

from auth.permissions import Permission as P
from auth.places import covering
from domain.errors import LimitExceeded
from domain.observation_values import PROBLEM_WORDS, ObservedValue
from domain.observation_versions import FigureKey
from domain.reporting_periods import BadPeriod, reporting_days
from domain.scoring.observations import ObservationProvenance
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import InvalidInput, NotFound, Refusal, UserError
from schema.engine.scalars import Exact
from schema.figures.audited import Audited
from schema.figures.measurement import NoDataReason
from schema.figures.observation_versions import Figure, Path, Writing
from schema.figures.observations import PERIOD, Observation
from schema.figures.state import (
    acting_for,
    hold,
    indicators_of,
    places_of,
)

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST_ROWS = 500


@strawberry.input(description="A value to record (значение показателя): a value, two counts, or why there is none.")
class ObservationInput:
    """A row of recordObservations."""

    organisation_id: strawberry.ID = strawberry.field(description="Id of the organisation (организация).")
    indicator: str = strawberry.field(description="Code of the indicator (показатель).")
    period: str = strawberry.field(description=PERIOD)
    value: Exact | None = asked("Value in the indicator's unit (значение).", None)
    numerator: Exact | None = asked("How many were counted (числитель).", None)
    denominator: Exact | None = asked("Among how many (знаменатель).", None)
    no_data: NoDataReason | None = asked("Why there is no value (почему нет данных).", None)
    source: str | None = asked("Document or system it comes from (источник).", None)
    version: int | None = asked("Version that you saw (версия); null when you saw none.", None)


@strawberry.input(description="Values to record (записать значения показателей), at most 500, all or none of them.")
class RecordObservationsInput:
    """Input of recordObservations."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    observations: list[ObservationInput] = strawberry.field(description="The values (значения).")
    reason: str | None = asked("Why (основание).", None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of recorded values (результат записи значений).")
class ObservationsPayload:
    """Payload of recordObservations and computeObservations."""

    observations: list[Observation] = value("The values as they stand now (значения).", PUBLIC, usually=50)
    user_errors: list[UserError] = value("Why nothing was recorded; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


def visible(found: list[Any], _: list[UserError]) -> dict[str, Any]:
    """The values that may be seen; none where all was refused."""
    return {"observations": [one for one in found if one is not None]}


def _rows(given: RecordObservationsInput) -> int:
    """Raises LimitExceeded before anything is looked at."""
    if not 1 <= len(given.observations) <= MOST_ROWS:
        raise LimitExceeded(f"1 to {MOST_ROWS} values at a time.", f"От 1 до {MOST_ROWS} значений за раз.")
    return len(given.observations)


@mutation(
    RecordObservationsInput,
    ObservationsPayload,
    "Record values of indicators (записать значения). Each correction is a version; approved figures are locked.",
    Access(write=P.OBSERVATION_WRITE),
    sensitivity=Sensitivity.P1,
    cost=100,
    results=_rows,
    answer=visible,
)
async def record_observations(context: "Context", given: RecordObservationsInput) -> Outcome:
    """Mutation.recordObservations."""
    places = await places_of(context, (row.organisation_id for row in given.observations))
    indicators = await indicators_of(context, (row.indicator for row in given.observations))
    found = [_figure(context, number, row, places, indicators) for number, row in enumerate(given.observations)]
    errors: list[UserError] = [one for one in found if isinstance(one, UserError)]
    figures = [one for one in found if isinstance(one, Figure)]
    errors += _repeated(context, figures)
    by = await acting_for(context, P.OBSERVATION_WRITE, list(places.values()), given)
    if by is None:
        errors += _not_yours(context, given.observations, places)
    if errors or by is None:
        raise Refusal(*errors)
    await hold(context, places.values())
    written = Writing(context, by, given.reason, ObservationProvenance.ENTERED)
    identifiers = await written.write(figures)
    detail = {"observations": len(figures), "reason": given.reason}
    await record(context, Audited.OBSERVATIONS_RECORD, by, by.organisation_id or identifiers[0], detail)
    return [f"Observation:{identifier}" for identifier in identifiers]


def _figure(
    context: "Context", number: int, row: ObservationInput, places: dict[str, Any], indicators: dict[str, Any]
) -> Figure | UserError:
    """The row as it will be written, or what is wrong with it."""
    path: Path = ["input", "observations", str(number)]
    if row.organisation_id not in places:
        told = context.say("No organisation with this id.", "Нет организации с таким id.")
        return NotFound(code="NOT_FOUND", message=told, path=[*path, "organisationId"])
    indicator = indicators.get(row.indicator)
    if indicator is None:
        told = context.say("The catalogue has no such indicator.", "В каталоге нет такого показателя.")
        return InvalidInput(code="INDICATOR_UNKNOWN", message=told, path=[*path, "indicator"])
    try:
        reporting_days(row.period)
    except BadPeriod as error:
        told = context.say(error.english, error.russian)
        return InvalidInput(code="PERIOD_UNREADABLE", message=told, path=[*path, "period"])
    said = ObservedValue(_number(row.value), _number(row.numerator), _number(row.denominator), row.no_data)
    if (problem := said.problem(indicator.unit)) is not None:
        told = context.say(*PROBLEM_WORDS[problem])
        return InvalidInput(code=problem.value, message=told, path=[*path, "value"])
    key = FigureKey(places[row.organisation_id].id, indicator.id, row.period)
    return Figure(path, key, indicator, said, row.source, row.version)


def _repeated(context: "Context", figures: list[Figure]) -> list[UserError]:
    told = context.say("This place stands twice in the list.", "Это место встречается в списке дважды.")
    seen: set[FigureKey] = set()
    repeated: list[UserError] = []
    for figure in figures:
        if figure.key in seen:
            repeated.append(InvalidInput(code="DUPLICATE_PLACE", message=told, path=figure.path))
        seen.add(figure.key)
    return repeated


def _not_yours(context: "Context", rows: list[ObservationInput], places: dict[str, Any]) -> list[UserError]:
    """Rows that no role reaches; all of them where each is reached, but not by one role."""
    told = context.say(
        "No single role of yours reaches this organisation with the others of the list.",
        "Ни одна ваша роль не охватывает эту организацию вместе с остальными из списка.",
    )
    known = [(number, places[row.organisation_id]) for number, row in enumerate(rows) if row.organisation_id in places]
    foreign = [
        number
        for number, place in known
        if not covering(context.viewer, P.OBSERVATION_WRITE, [(place.id, place.ancestor_ids)])
    ]
    return [
        InvalidInput(
            code="ORGANISATION_NOT_YOURS",
            message=told,
            path=["input", "observations", str(number), "organisationId"],
        )
        for number in foreign or [number for number, _ in known]
    ]


def _number(given: str | None) -> Fraction | None:
    return None if given is None else Fraction(given)
