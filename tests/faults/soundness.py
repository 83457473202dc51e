"""What must hold after whatever happened; and what clients were told against what is there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.ground import Site

FAULTS = Path(__file__).with_name("soundness.sql").read_text()


def faults(site: Site) -> list[str]:
    """Everything that does not hold in the database."""
    return [f"{name}: {place}" for name, place in site.ask(FAULTS)]


@dataclass
class Ledger:
    """What clients know of their page writes: by key the number of its cells, and whether it was done or refused."""

    sent: dict[str, int] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def lies(self, site: Site) -> list[str]:
        """Acknowledged and not whole, refused and there, unknown and half."""
        found = site.ask("select reason, count(*) from mark_version where reason = any(%s) group by reason", [
            list(self.sent)
        ])  # fmt: skip
        counts = {str(reason): int(count) for reason, count in found}
        return [*self._wrong(counts, self.done, whole=True), *self._wrong(counts, self.refused, whole=False),
                *self._half(counts)]  # fmt: skip

    def _wrong(self, counts: dict[str, int], keys: Iterable[str], *, whole: bool) -> list[str]:
        wanted = {key: self.sent[key] if whole else 0 for key in keys}
        return [f"{key}: {counts.get(key, 0)} of {n}" for key, n in wanted.items() if counts.get(key, 0) != n]

    def _half(self, counts: dict[str, int]) -> list[str]:
        return [f"{key}: half of it, {n}" for key, n in counts.items() if n not in (0, self.sent[key])]
