"""Versions of observations as rows: the next one after what stands, and whether it would change anything."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from domain.measurement import Unit
from domain.observation_values import ObservedValue
from domain.records.facts import Origin
from domain.scoring.observations import ObservationProvenance
from domain.scoring.stored import in_two, shown

COMPARED = ("value_numerator", "value_denominator", "numerator", "denominator", "no_data", "provenance", "source")
ORIGINS = {
    ObservationProvenance.ENTERED: Origin.ENTERED,
    ObservationProvenance.IMPORTED: Origin.IMPORTED,
    ObservationProvenance.COMPUTED: Origin.DERIVED,
}


class FigureKey(NamedTuple):
    """The place of an observation."""

    organisation_id: UUID
    indicator_id: UUID
    period: str


@dataclass(frozen=True)
class Recorder:
    """In whose name versions are added, and how they came in."""

    person_id: UUID | None
    assignment_id: UUID | None
    role: str | None
    provenance: ObservationProvenance
    reason: str | None = None
    import_run_id: UUID | None = None

    def next_version(  # noqa: PLR0913, PLR0917 - what a version says
        self, key: FigureKey, said: ObservedValue, unit: Unit, decimals: int, source: str | None, now: Any
    ) -> dict[str, Any]:
        """Give the row that would follow `now`, the row that stands there, or None."""
        exact = said.exact(unit)
        return {
            "observation_id": uuid4() if now is None else now.id,
            **key._asdict(),
            "version": 1 if now is None else now.version + 1,
            **in_two("value", exact),
            "shown": shown(exact, decimals),
            "numerator": _decimal(said.numerator),
            "denominator": _decimal(said.denominator),
            "no_data": said.no_data,
            "provenance": self.provenance,
            "source": source,
            "reason": self.reason,
            "origin": ORIGINS[self.provenance],
            "import_run_id": self.import_run_id,
            "recorded_by_id": self.person_id,
            "assignment_id": self.assignment_id,
            "role": self.role,
        }


def differs(row: dict[str, Any], now: Any) -> bool:
    """Tell whether a row changes what stands: only then it is a version."""
    return now is None or any(row[name] != getattr(now, name) for name in COMPARED)


def _decimal(count: Fraction | None) -> Decimal | None:
    return None if count is None else Decimal(count.numerator) / count.denominator
