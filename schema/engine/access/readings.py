"""Readings: whose personal data an answer holds, for the access journal. Never the values."""

from dataclasses import dataclass, field
from uuid import UUID

from domain.sensitivity import Sensitivity


@dataclass
class Readings:
    """Persons by what was read of them: rows outside one's own class or child (P2), special cells (P3)."""

    personal: dict[str, set[UUID]] = field(default_factory=dict)
    special: dict[str, set[UUID]] = field(default_factory=dict)

    def note(self, what: str, sensitivity: Sensitivity, persons: list[UUID]) -> None:
        """Note that something about these persons is in the answer."""
        kept = self.special if sensitivity is Sensitivity.P3 else self.personal
        kept.setdefault(what, set()).update(persons)
