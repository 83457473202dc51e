"""What a rating is made from: observations of one period, kept as exact columns."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Self

from domain.canonical import canonical_json
from domain.errors import BadUserInput
from domain.scoring.columns import Cell, Column
from domain.scoring.observations import Observation, ObservationProvenance
from domain.units import exact


@dataclass(frozen=True)
class Inputs:
    """Everything that one rating is made from. The order in which it came plays no part.

    `organisations` are in ascending order, which is the order of every column's cells.
    """

    organisations: tuple[str, ...]
    columns: Mapping[str, Column]
    provenances: Mapping[str, frozenset[ObservationProvenance]]

    @classmethod
    def of(cls, observations: Iterable[Observation]) -> Self:
        """Collect observations of one period; two of the same indicator and organisation are a BadUserInput."""
        values: dict[str, dict[str, Fraction | None]] = defaultdict(dict)
        provenances: dict[str, set[ObservationProvenance]] = defaultdict(set)
        for observation in observations:
            column = values[observation.indicator]
            if observation.organisation in column:
                raise _twice(observation.organisation, observation.indicator)
            column[observation.organisation] = observation.value
            provenances[observation.indicator].add(observation.provenance)
        organisations = tuple(sorted({key for column in values.values() for key in column}))
        columns = {code: Column.of(map(values[code].get, organisations)) for code in sorted(values)}
        return cls(organisations, columns, {code: frozenset(words) for code, words in provenances.items()})

    @classmethod
    def of_columns(
        cls,
        organisations: Sequence[str],
        columns: Mapping[str, Sequence[Cell]],
        scale: int = 1,
        provenance: ObservationProvenance = ObservationProvenance.COMPUTED,
    ) -> Self:
        """Take columns as a store delivers them: cells in units of `1/scale`, in the order of `organisations`."""
        order = sorted(range(len(organisations)), key=organisations.__getitem__)
        keys = tuple(organisations[place] for place in order)
        for first, second in pairwise(keys):
            if first == second:
                raise _twice(first, "*")
        ordered = {code: [columns[code][place] for place in order] for code in sorted(columns)}
        words = dict.fromkeys(ordered, frozenset({provenance}))
        return cls(keys, {code: Column.in_units(cells, scale) for code, cells in ordered.items()}, words)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where in the columns an organisation stands."""
        return {key: place for place, key in enumerate(self.organisations)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of organisations, values and provenances: equal inputs, equal digest, however they were written."""
        sha = hashlib.sha256(canonical_json({"organisations": self.organisations, "provenances": self.provenances}))
        for code in sorted(self.columns):
            column = self.columns[code]
            sha.update(f"\n{code}/{column.scale}:".encode())
            sha.update(",".join(map(str, column.cells)).encode())
        return sha.hexdigest()

    def value(self, organisation: str, indicator: str) -> Fraction | None:
        """Give one exact value; None for no data. KeyError for an organisation that has no input at all."""
        column = self.columns.get(indicator)
        place = self.places[organisation]
        return column.value(place) if column else None

    def replaced(self, changes: Mapping[tuple[str, str], Fraction | None]) -> "Inputs":
        """Give the inputs with these values, by (organisation, indicator), in place of theirs.

        BadUserInput for an organisation or an indicator that has no input so far: a slip of the pen is likelier.
        """
        columns = dict(self.columns)
        for organisation, indicator in changes:
            if organisation not in self.places or indicator not in columns:
                raise BadUserInput(
                    f"There is no input to change: indicator {indicator} of {organisation}.",
                    f"Нет исходного значения, которое можно изменить: показатель {indicator}, {organisation}.",
                )
        for indicator in {indicator for _, indicator in changes}:
            column = columns[indicator]
            values = [column.value(place) for place in range(len(column.cells))]
            for (organisation, changed), value in changes.items():
                if changed == indicator:
                    values[self.places[organisation]] = None if value is None else exact(value)
            columns[indicator] = Column.of(values)
        return Inputs(self.organisations, columns, self.provenances)


def _twice(organisation: str, indicator: str) -> BadUserInput:
    return BadUserInput(
        f"Two values for indicator {indicator} of {organisation}: which one counts must be decided first.",
        f"Два значения показателя {indicator}, {organisation}: сначала решите, какое из них считать.",
    )
