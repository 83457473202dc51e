"""Versions of observations as they are added: compared with what stands, refused where it is locked or has moved on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert

from auth.viewer import LiveAssignment
from domain import records
from domain.observation_values import ObservedValue
from domain.observation_versions import FigureKey, Recorder, differs
from domain.scoring.observations import ObservationProvenance
from schema.engine.mutations.user_errors import Refusal, UserError, VersionConflict
from schema.figures.state import locked_error, locks, standing

if TYPE_CHECKING:
    from schema.engine.context import Context

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
        rows = [self._next(figure, now.get(figure.key)) for figure in figures]
        fresh = [row for figure, row in zip(figures, rows, strict=True) if differs(row, now.get(figure.key))]
        if fresh:
            await self.context.statements.write(insert(records.ObservationVersion).inline().values(fresh))
        return [row["observation_id"] for row in rows]

    def _next(self, figure: Figure, now: Any) -> dict[str, Any]:
        by = Recorder(self.context.viewer.person_id, self.by.id, self.by.role, self.provenance, self.reason)
        unit, decimals = figure.indicator.unit, figure.indicator.decimals
        return by.next_version(figure.key, figure.said, unit, decimals, figure.source, now)

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


def _version(now: Any) -> int | None:
    return None if now is None else now.version
