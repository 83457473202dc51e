"""The examination: ask for every field of every row as somebody, and compare each cell with what is expected."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.records import Person
from tests.access.contract import IN_WORDS, Place
from tests.access.door import Account, Answer, Door, texts
from tests.access.expected import ANYTHING, Expected, Item

CANARY = re.compile(r"CANARY-\d{4}|\d{3}-\d{3}-\d{3} \d\d|\d{4}-\d\d-\d\d")
"""Texts of the world, СНИЛС, and days; of the days only those of birth are secrets."""
TYPES_AT_ONCE = 100


@dataclass
class Case:
    """Somebody who asks: with which account, and what they must be answered."""

    name: str
    account: Account | None
    expected: Expected = field(repr=False)


def selection(places: dict[str, list[Place]], types: Iterable[str]) -> str:
    """All fields of these types, each under a name of its own: `Mark__value: value`."""
    parts = [f"... on {name} {{ {' '.join(_field(name, place) for place in places[name])} }}" for name in sorted(types)]
    return " ".join(["__typename", "id", *parts])


def _field(type_name: str, place: Place) -> str:
    asked = f"{type_name}__{place.name}: {place.name}"
    if place.leaf:
        return asked
    if place.target == "MaskedString":
        return f"{asked} {{ display masked }}"
    if place.paged:
        return f"{asked}(first: 100) {{ totalCount nodes {{ id }} edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage }} }}"
    return f"{asked} {{ __typename id }}"


async def examine(door: Door, case: Case, asked: Sequence[Item]) -> list[str]:
    """Everything that differs from what is expected; nothing when all is well."""
    answers: list[Answer] = []
    problems: list[str] = []
    for start in range(0, len(asked), TYPES_AT_ONCE):
        part = asked[start : start + TYPES_AT_ONCE]
        chosen = selection(case.expected.places, {item.type_name for item in part})
        [answer] = await door.nodes(chosen, [item.id for item in part], case.account)
        answers.append(answer)
        problems += _compare(case.expected, part, answer)
    return problems + list(_leaks(case.expected, asked, answers, door))


def _compare(expected: Expected, asked: Sequence[Item], answer: Answer) -> Iterator[str]:
    if answer.status != 200 or answer.errors or answer.data is None:
        yield f"status {answer.status}, errors {answer.errors}"
        return
    refused: Counter[str] = Counter()
    for item, found in zip(asked, answer.data["nodes"], strict=True):
        yield from _compare_object(item, expected.answer(item, refused), found, expected.places[item.type_name])
    yield from _compare_refusals(expected, refused, answer)


def _compare_object(item: Item, wanted: Any, found: Any, places: list[Place]) -> Iterator[str]:
    if wanted is None or found is None:
        if wanted is not found:
            yield f"{item.type_name}: {'seen, must not exist' if wanted is None else 'missing'} [{_label(item)}]"
        return
    for place in places:
        cell = _plain(place, found[f"{item.type_name}__{place.name}"])
        if wanted[place.name] is ANYTHING and cell is not None:
            continue
        if cell != wanted[place.name]:
            yield f"{place.coordinate}: {cell!r}, must be {wanted[place.name]!r} [{_label(item)}]"


def _plain(place: Place, cell: Any) -> Any:
    """A cell as expectations have it: objects by their ids, lists in the order of ids."""
    if cell is None or place.leaf or place.target == "MaskedString":
        return cell
    if not place.paged:
        return sorted(one["id"] for one in cell) if place.list else cell["id"]
    found = [one["id"] for one in cell["nodes"]]
    if cell["totalCount"] != len(found) or found != [edge["node"]["id"] for edge in cell["edges"]]:
        return f"totalCount {cell['totalCount']} of {len(found)} nodes"
    return sorted(found)


def _compare_refusals(expected: Expected, refused: Counter[str], answer: Answer) -> Iterator[str]:
    known = {place.coordinate: place for places in expected.places.values() for place in places}
    wanted = {name: (known[name].permission, expected.reason(known[name]), count) for name, count in refused.items()}
    found = {one["field"]: (one["permission"], one["reason"], one["count"]) for one in answer.denied}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            yield f"{name}: listed as refused {found.get(name)}, must be {wanted.get(name)}"


def _leaks(expected: Expected, asked: Sequence[Item], answers: list[Answer], door: Door) -> Iterator[str]:
    """Canaries of cells that are not for them, anywhere in the answers or in the log."""
    allowed = set(CANARY.findall("\n".join(_allowed(expected, asked))))
    births = {str(person.birth_date) for person in expected.rows.all(Person)}
    for place, text in (("answer", texts(answers)), ("log", door.log.getvalue())):
        found = {one for one in CANARY.findall(text) if len(one) != 10 or one in births}
        found -= allowed if place == "answer" else set()
        if found:
            yield f"leak in the {place}: {sorted(found)[:5]}"


def _allowed(expected: Expected, asked: Sequence[Item]) -> Iterator[str]:
    for item in asked:
        found = expected.answer(item, Counter())
        if found is not None:
            yield str(found)
            if f"{item.type_name}.inWords" == IN_WORDS:
                yield " ".join(_parts_in_words(expected, item))


def _parts_in_words(expected: Expected, item: Item) -> Iterator[str]:
    """What the sentence about a role may name: its group, class and organisation, where they are visible."""
    for type_name, column in (("SubjectGroup", "subject_group_id"), ("ClassGroup", "class_group_id"), ("Organisation", "organisation_id")):
        row = next((one for one in _of_type(expected, type_name) if one.id == getattr(item.row, column)), None)
        if row is not None and expected.visible(Item(type_name, row)):
            yield row.name


def _of_type(expected: Expected, type_name: str) -> list[Any]:
    from tests.access.contract import RECORDS

    return expected.rows.all(RECORDS[type_name])  # type: ignore[no-any-return]


def _label(item: Item) -> str:
    """Whom or what a row is about, for reading."""
    row = item.row
    return f"{row.last_name} {item.id}" if isinstance(row, Person) else item.id


def by_coordinate(problems: Iterable[str]) -> dict[str, list[str]]:
    """Problems under the field or type that they speak of."""
    found: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        found[problem.partition(":")[0]].append(problem)
    return found
