"""Survey: what the documents of a differential run have reached, and where the executors differed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, get_named_type, parse, visit

from schema.compiled.reasons import Reason
from tests.compiled.both import Both


@dataclass
class Survey:
    """Counts by coordinate over the requests that were compiled."""

    schema: GraphQLSchema
    answers: int = 0
    with_data: int = 0
    denied: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    arguments: Counter[str] = field(default_factory=Counter)
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
        self._walk(both.request.text)

    def missing(self, fields: Iterable[str], arguments: Iterable[str], denied: Iterable[str]) -> list[str]:
        """What was demanded and not reached."""
        wanted = ((fields, self.fields), (arguments, self.arguments), (denied, self.denied))
        return [name for names, reached in wanted for name in names if not reached[name]]

    def lines(self) -> list[str]:
        """The survey in words."""
        return [
            f"compiled {self.answers}, of these with data {self.with_data}; refused cells {sum(self.denied.values())}",
            f"fields {len(self.fields)}, arguments {len(self.arguments)}, coordinates refused {len(self.denied)},"
            f" kinds of reading {len(self.read)}, answers with masks {self.masked}",
            "passed on: " + (", ".join(f"{reason.value} {count}" for reason, count in self.passed.items()) or "none"),
            f"differences: {len(self.differences)}",
        ]

    def _walk(self, text: str) -> None:
        info = TypeInfo(self.schema)
        visit(parse(text), TypeInfoVisitor(info, _Reached(self, info)))


class _Reached(Visitor):
    """Counts the fields and arguments of a document."""

    def __init__(self, survey: Survey, info: TypeInfo) -> None:
        super().__init__()
        self._survey, self._info = survey, info

    def enter_field(self, node: Any, *_: Any) -> None:
        kind = self._info.get_parent_type()
        if kind is None or node.name.value.startswith("__"):
            return
        coordinate = f"{get_named_type(kind).name}.{node.name.value}"
        self._survey.fields[coordinate] += 1
        for argument in node.arguments or ():
            self._survey.arguments[f"{coordinate}({argument.name.value}:)"] += 1


def _holds_anything(data: Any) -> bool:
    if isinstance(data, dict):
        return any(_holds_anything(item) for key, item in data.items() if key != "__typename")
    if isinstance(data, list):
        return any(_holds_anything(item) for item in data)
    return data is not None
