"""Gauge: measures each document once for all who send it, and says whether this caller may ask for that much."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, OperationType

from domain.errors import LimitExceeded
from domain.recent import Recent
from schema.engine.limits.dearest import Dearest, Shares
from schema.engine.limits.maxima import LEAST, MAXIMA, CallerKind
from schema.engine.limits.measure import Measure
from schema.engine.limits.prices import Prices
from schema.engine.limits.refusals import exceeded, too_much
from schema.engine.limits.sizes import Sizes, operation_of, size_of
from schema.engine.limits.survey import survey

DOCUMENTS = 1_024
ESTIMATES = 8_192
Key = tuple[bytes, str | None]
"""A document by the hash of its text, and the name of the operation asked for."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an operation asks for: changes at its root, objects, points of cost; of what, where it is much."""

    changes: int = 0
    rows: int = 0
    cost: int = 0
    dearest: Dearest = field(default_factory=Dearest)


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of an operation in points, and the most that its caller may ask for."""

    requested: int
    maximum: int

    def allowed(self) -> bool:
        """Whether it is within the maximum."""
        return self.requested <= self.maximum


class Gauge:
    """Measures for one schema; what was measured is kept, refusals of a form too."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._prices = Prices(schema)
        self._sizing: Recent[Key, tuple[str, ...]] = Recent(DOCUMENTS)
        self._estimates: Recent[tuple[Any, ...], Estimate | LimitExceeded] = Recent(ESTIMATES)

    def estimate(self, key: Key, document: DocumentNode, variables: Mapping[str, Any] | None) -> Estimate:
        """Measure, or remember. Raises LimitExceeded for a form beyond the limits, whoever asks."""
        sizing = self._sizing.get(key)
        found = None if sizing is None else self._estimates.get((key, *_sizes(sizing, variables)))
        if found is None:
            found = self._measured(key, document, variables)
        if isinstance(found, LimitExceeded):
            raise LimitExceeded(found.english, found.russian, found.details)
        return found

    def _measured(
        self, key: Key, document: DocumentNode, variables: Mapping[str, Any] | None
    ) -> Estimate | LimitExceeded:
        operation = operation_of(document, key[1])
        sizes = Sizes(operation, variables)
        found: Estimate | LimitExceeded
        try:
            measure = survey(document, operation, self._prices, sizes)
            changing = operation is not None and operation.operation is OperationType.MUTATION
            changes = measure.roots if changing else 0
            found = Estimate(changes, measure.rows, measure.cost, self._dearest(document, operation, measure, sizes))
        except LimitExceeded as error:
            found = error.with_traceback(None)
        sizing = tuple(sorted(sizes.used))
        self._sizing.keep(key, sizing)
        self._estimates.keep((key, *_sizes(sizing, variables)), found)
        return found

    def _dearest(
        self, document: DocumentNode, operation: OperationDefinitionNode | None, measure: Measure, sizes: Sizes
    ) -> Dearest:
        """Worked out only for what some caller may not ask for: they are told what to ask less of."""
        if operation is None or (measure.rows <= LEAST.rows and measure.cost <= LEAST.cost):
            return Dearest()
        return Shares(document, self._prices, sizes).of(operation)


def key_of(text: str, operation_name: str | None) -> Key:
    """Under which a document is remembered."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(), operation_name


def cost_for(estimate: Estimate, kind: CallerKind) -> Cost:
    """The cost beside what this kind of caller may ask for."""
    return Cost(estimate.cost, MAXIMA[kind].cost)


def judge(estimate: Estimate, kind: CallerKind) -> None:
    """Raise LimitExceeded when it is more than this kind of caller may ask for at once."""
    most = MAXIMA[kind]
    if estimate.changes > most.mutations:
        raise exceeded(most.mutations, "changes", "изменений")
    if estimate.rows > most.rows:
        raise too_much("objects", "объектов", estimate.rows, most.rows, estimate.dearest.rows)
    if estimate.cost > most.cost:
        raise too_much("points of cost", "баллов стоимости", estimate.cost, most.cost, estimate.dearest.cost)


def _sizes(names: tuple[str, ...], variables: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """What of the variables the estimate depends on; left out is not the same as null."""
    given = variables or {}
    return tuple(size_of(given[name]) if name in given else "default" for name in names)
