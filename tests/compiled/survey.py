"""Survey: what the documents of a differential run have reached, and where the executors differed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema

from schema.engine.compiled.reasons import Reason
from tests.compiled.both import Both
from tests.compiled.reached import Reached, walk


@dataclass
class Survey:
    """Counts by coordinate over the requests that were compiled."""

    schema: GraphQLSchema
    answers: int = 0
    with_data: int = 0
    denied: Counter[str] = field(default_factory=Counter)
    reached: Reached = field(default_factory=Reached)
    masked: int = 0
    read: Counter[str] = field(default_factory=Counter)
    passed: Counter[Reason] = field(default_factory=Counter)
    differences: list[tuple[str, Both]] = field(default_factory=list)

    def add(self, who: str, both: Both) -> None:
        """Take a pair of answers in."""
        if not both.agree:
            self.differences.append((who, both))
        if both.compiled is None:
            self.passed[both.reason or Reason.DEFECT] += 1
            return
        self.answers += 1
        self.with_data += _holds_anything(both.compiled.answer["data"])
        self.masked += '"masked": true' in str(both.compiled.answer).replace("'", '"').replace("True", "true")
        for item in both.compiled.answer["extensions"]["access"]["denied"]:
            self.denied[item["field"]] += item["count"]
        for what in (*both.compiled.personal, *both.compiled.special):
            self.read[what] += 1
        walk(self.schema, both.request.text, both.compiled.answer["data"], self.reached)

    def missing(self, fields: Iterable[str], arguments: Iterable[str], denied: Iterable[str]) -> list[str]:
        """What was demanded and not reached."""
        wanted = ((fields, self.reached.fields), (arguments, self.reached.arguments), (denied, self.denied))
        return [name for names, reached in wanted for name in names if not reached[name]]

    def lines(self) -> list[str]:
        """The survey in words."""
        return [
            f"compiled {self.answers}, of these with data {self.with_data}; refused cells {sum(self.denied.values())}",
            f"fields {len(self.reached.fields)}, with a value {len(self.reached.valued)},"
            f" arguments {len(self.reached.arguments)}, coordinates refused {len(self.denied)},"
            f" kinds of reading {len(self.read)}, answers with masks {self.masked}",
            "passed on: " + (", ".join(f"{reason.value} {count}" for reason, count in self.passed.items()) or "none"),
            f"differences: {len(self.differences)}",
        ]


def _holds_anything(data: Any) -> bool:
    if isinstance(data, dict):
        return any(_holds_anything(item) for key, item in data.items() if key != "__typename")
    if isinstance(data, list):
        return any(_holds_anything(item) for item in data)
    return data is not None
