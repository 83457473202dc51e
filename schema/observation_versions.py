"""Versions of observations as they are added: compared with what stands, refused where it is locked or has moved on."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from auth.viewer import LiveAssignment
from domain import records
from domain.observation_values import ObservedValue
from domain.records.facts import Origin
from domain.scoring.observations import ObservationProvenance
from domain.scoring.stored import in_two, shown
from schema.figures_state import FigureKey, locked_error, locks, standing
from schema.user_errors import Refusal, UserError, VersionConflict

if TYPE_CHECKING:
    from schema.context import Context

Path = list[str]


@dataclass(frozen=True)
class Figure:
    """A row that can be taken: where, what, how it stands in the input."""

    path: Path
    key: FigureKey
    indicator: Any
    said: ObservedValue
    source: str | None
    version: int | None


@dataclass(frozen=True)
class Writing:
    """Versions to be added in the name of one assignment."""

    context: "Context"
    by: LiveAssignment
    reason: str | None
    provenance: ObservationProvenance
    seen: bool = True
    """Whether the rows say which version they saw."""

    async def write(self, figures: list[Figure]) -> list[UUID]:
        """Add a version where something changes; gives the ids of what stands.

        Refuses what is locked or has moved on.
        """
        keys = [figure.key for figure in figures]
        now, closed = await standing(self.context, keys), await locks(self.context, keys)
        errors: list[UserError] = [
            await locked_error(self.context, closed[figure.key], figure.path)
            for figure in figures
            if figure.key in closed
        ]
        errors += [
            await self._conflict(now.get(figure.key), figure)
            for figure in figures
            if self.seen and figure.key not in closed and _version(now.get(figure.key)) != figure.version
        ]
        if errors:
            raise Refusal(*errors)
        rows = [self._row(figure, now.get(figure.key)) for figure in figures]
        fresh = [row for figure, row in zip(figures, rows, strict=True) if _differs(row, now.get(figure.key))]
        if fresh:
            await self.context.statements.write(insert(records.ObservationVersion).inline().values(fresh))
        return [row["observation_id"] for row in rows]

    def _row(self, figure: Figure, now: Any) -> dict[str, Any]:
        exact = figure.said.exact(figure.indicator.unit)
        return {
            "observation_id": now.id if now is not None else uuid4(),
            **figure.key._asdict(),
            "version": (_version(now) or 0) + 1,
            **in_two("value", exact),
            "shown": shown(exact, figure.indicator.decimals),
            "numerator": _decimal(figure.said.numerator),
            "denominator": _decimal(figure.said.denominator),
            "no_data": figure.said.no_data,
            "provenance": self.provenance,
            "source": figure.source,
            "reason": self.reason,
            "origin": Origin.ENTERED if self.provenance is ObservationProvenance.ENTERED else Origin.DERIVED,
            "recorded_by_id": self.context.viewer.person_id,
            "assignment_id": self.by.id,
            "role": self.by.role,
        }

    async def _conflict(self, now: Any, figure: Figure) -> VersionConflict:
        current = None if now is None else await self.context.executor.load_named("Observation", (now.id,))
        told = self.context.say(
            "Somebody has changed this value since you read it.", "Это значение изменили после того, как вы его прочли."
        )
        return VersionConflict(
            code="VERSION_CONFLICT",
            message=told,
            path=[*figure.path, "version"],
            current=current,
            current_version=_version(now),
        )


SAME = ("value_numerator", "value_denominator", "numerator", "denominator", "no_data", "provenance", "source")


def _differs(row: dict[str, Any], now: Any) -> bool:
    """Only a real change is a version."""
    return now is None or any(row[name] != getattr(now, name) for name in SAME)


def _version(now: Any) -> int | None:
    return None if now is None else now.version


def _decimal(count: Fraction | None) -> Any:
    return None if count is None else Decimal(count.numerator) / count.denominator
