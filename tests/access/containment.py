"""Containment: whether an answer holds no more than a fuller one, and lacks nothing without a reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, parse
from graphql.language import Visitor, visit

from tests.access.contract import IN_WORDS

GROWING = frozenset({"totalCount", "allowed"})
"""Whoever sees more rows counts more, and what was allowed stays so."""
GIVEN = "Assignment"
"""A row of this type may come with the role: it is the role."""
OF_THE_VIEWER = frozenset({
    "PageInfo.hasNextPage", "PageInfo.hasPreviousPage", "PageInfo.startCursor", "PageInfo.endCursor",
    "Action.because", IN_WORDS,
})  # fmt: skip
"""Told of this page or to this viewer, or put together from what they see: another role changes it."""
HIDDEN = "*"
"""What stands for each hidden digit of a masked value."""


@dataclass
class Containment:
    """Compares two answers to one document. `seen` and `known`: ids that the first viewer sees, and that there are."""

    names: dict[str, str]
    denied: frozenset[str]
    seen: frozenset[str]
    known: frozenset[str]
    page: int
    counts: Counter[str] = field(default_factory=Counter)

    def differences(self, mine: Any, fuller: Any, at: str = "data", coordinate: str = "") -> Iterator[str]:
        """Every place where `mine` holds more than `fuller`, or less without a reason."""
        if mine is None and fuller is None:
            return
        if mine is None:
            yield from self._lacking(fuller, at, coordinate)
        elif isinstance(mine, dict) and isinstance(fuller, dict):
            yield from self._object(mine, fuller, at)
        elif isinstance(mine, list) and isinstance(fuller, list):
            yield from self._list(mine, fuller, at, coordinate)
        else:
            yield from self._leaf(mine, fuller, at, coordinate)

    def _object(self, mine: dict[str, Any], fuller: dict[str, Any], at: str) -> Iterator[str]:
        if _key(mine) != _key(fuller) or mine.keys() != fuller.keys():
            yield f"{at}: {_key(mine)} for {_key(fuller)}"
            return
        for key, value in mine.items():
            coordinate = f"{mine['__typename']}.{self.names.get(key, key)}"
            yield from self.differences(value, fuller[key], f"{at}.{key}", coordinate)

    def _list(self, mine: list[Any], fuller: list[Any], at: str, coordinate: str) -> Iterator[str]:
        """Each of mine is among theirs, by its id or else whole; whom only they have, the first viewer does not see."""
        mine, fuller = ([one for one in rows if one is not None] for rows in (mine, fuller))
        theirs = {_key(one): one for one in fuller if _key(one)}
        for number, one in enumerate(mine):
            key, place = _key(one), f"{at}[{number}]"
            if key in theirs:
                yield from self.differences(one, theirs[key], place, coordinate)
            elif key is None and any(not [*self.differences(one, other, place, coordinate)] for other in fuller):
                self.counts["objects without an id"] += 1
            elif len(fuller) < self.page:
                yield f"{place} ({coordinate}): {key or one} is not among the {len(fuller)} of the fuller answer"
        own = {_key(one) for one in mine}
        for key, one in theirs.items():
            if key not in own and len(mine) < self.page:
                yield from self._unseen(one, f"{at} ({coordinate})")

    def _lacking(self, fuller: Any, at: str, coordinate: str) -> Iterator[str]:
        """Null where there is something: refused by name, or a row that is not to be seen."""
        if coordinate in self.denied:
            self.counts["refused by name"] += 1
        elif isinstance(fuller, dict):
            yield from self._unseen(fuller, f"{at} ({coordinate})")
        elif coordinate not in OF_THE_VIEWER:
            yield f"{at} ({coordinate}): null for {str(fuller)[:60]}, and nothing says that it was refused"

    def _unseen(self, row: dict[str, Any], at: str) -> Iterator[str]:
        key = _key(row)
        if key is None:
            self.counts["objects that have no id to be asked for by"] += 1
        elif key not in self.known and key.startswith(f"{GIVEN}:"):
            self.counts["roles given"] += 1
        elif key not in self.known:
            yield f"{at}: {key} is kept back, and nobody knows where it came from"
        elif key in self.seen:
            yield f"{at}: {key} is kept back, and yet it is to be seen by its id"
        else:
            self.counts["rows not to be seen"] += 1

    def _leaf(self, mine: Any, fuller: Any, at: str, coordinate: str) -> Iterator[str]:
        self.counts["cells"] += 1
        if coordinate in OF_THE_VIEWER or mine == fuller:
            return
        if (coordinate, mine, fuller) == ("MaskedString.masked", True, False):
            return
        if coordinate.partition(".")[2] in GROWING and mine <= fuller:
            self.counts["numbers that grow"] += 1
        elif coordinate == "MaskedString.display" and _uncovers(str(fuller), str(mine)):
            self.counts["masks taken off"] += 1
        else:
            yield f"{at} ({coordinate}): {mine!r} for {fuller!r}"


def called(document: str) -> dict[str, str]:
    """The field behind each alias; the generator gives no alias twice."""
    found: dict[str, str] = {}

    class Aliases(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            if node.alias is not None:
                found[node.alias.value] = node.name.value

    visit(parse(document), Aliases())
    return found


def _key(row: Any) -> str | None:
    """What an object is known by: its id, or that of what an edge leads to."""
    if not isinstance(row, dict):
        return None
    node = row.get("node")
    return row.get("id") or (node.get("id") if isinstance(node, dict) else None)


def _uncovers(full: str, masked: str) -> bool:
    """Whether something is hidden, and what the mask left is how the full value ends."""
    return HIDDEN in masked and full.endswith(masked.lstrip(f"{HIDDEN}-"))
