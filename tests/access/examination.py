"""The examination: ask for every field of every row as somebody, and compare each cell with what is expected."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.records import Person
from tests.access.contract import ACTIONS, ARGUMENTS, COMPOUND, IN_WORDS, RECORDS, Place
from tests.access.door import Account, Answer, Door, texts
from tests.access.expectations import ever
from tests.access.expected import ANYTHING, VISIBLE, Expected, Item

CANARY = re.compile(r"CANARY-\d{4}|\d{3}-\d{3}-\d{3} \d\d|\d{4}-\d\d-\d\d")
"""Texts of the world, СНИЛС, and days; of the days only those of birth are secrets."""
ALIASES, FIELDS, IDS, OBJECTS = 30, 150, 100, 45_000
"""What one request may hold, a little below the limits of the server."""


@dataclass
class Case:
    """Somebody who asks: with which account, and what they must be answered."""

    name: str
    account: Account | None
    expected: Expected = field(repr=False)


@dataclass
class Document:
    """All fields of some types. Where two types mean different things by a name, the second gets an alias."""

    places: dict[str, list[Place]]
    year: int = 0
    day: str = ""
    types: list[str] = field(default_factory=list)
    shapes: dict[str, str] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)
    fields: int = 2
    behind: int = 1
    """Objects that may stand behind one of those asked for."""

    def take(self, type_name: str) -> bool:
        """Take a type in, unless the document would become too large."""
        places = self.places[type_name]
        differing = {place.coordinate for place in places if self.shapes.get(place.name, place.shape) != place.shape}
        size = sum(1 if place.leaf else 8 if place.paged or place.coordinate in COMPOUND else 4 for place in places)
        behind = sum(map(_behind, places))
        crowded = self.fields + size > FIELDS or (self.behind + behind) * IDS > OBJECTS
        if self.types and (len(self.aliases | differing) > ALIASES or crowded):
            return False
        self.types.append(type_name)
        self.aliases |= differing
        self.fields += size
        self.behind += behind
        self.shapes = {**{place.name: place.shape for place in places}, **self.shapes}
        return True

    @property
    def room(self) -> int:
        """For how many objects one request may ask."""
        return max(1, min(IDS, OBJECTS // self.behind))

    def answered_as(self, place: Place) -> str:
        """The name under which a field comes in the answer."""
        return place.coordinate.replace(".", "__") if place.coordinate in self.aliases else place.name

    def selection(self) -> str:
        """Its text, for an object of any of the types."""
        parts = [f"... on {name} {{ {' '.join(map(self._field, self.places[name]))} }}" for name in self.types]
        return " ".join(["__typename", "id", *parts])

    def _field(self, place: Place) -> str:
        asked = f"{self.answered_as(place)}: {place.name}" if place.coordinate in self.aliases else place.name
        asked += ARGUMENTS.get(place.coordinate, "").replace("YEAR", str(self.year))
        if place.coordinate in COMPOUND:
            return asked + COMPOUND[place.coordinate].replace("YEAR", str(self.year)).replace("DAY", self.day)
        return asked if place.leaf else asked + _inside(place)


def _behind(place: Place) -> int:
    if place.paged:
        return 3 * IDS
    if place.coordinate == "Student.reportCard":
        return 4 * IDS
    return place.usually if place.list and not place.leaf else 1


def _inside(place: Place) -> str:
    if place.target == "MaskedString":
        return " { display masked }"
    if place.coordinate in ACTIONS:
        return " { " + " ".join(f"{action} {{ allowed }}" for action in ACTIONS[place.coordinate]) + " }"
    if place.paged:
        return "(first: 100) { totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage } }"
    return " { __typename id }"


def documents(
    places: dict[str, list[Place]], asked: Sequence[Item], most: int = IDS
) -> Iterator[tuple[Document, list[Item]]]:
    """Requests that ask for all fields of all items, each as large as one request may be."""
    year = max(item.row.school_year for item in asked if item.type_name == "Journal")
    day = str(max(item.row.held_on for item in asked if item.type_name == "Lesson"))
    document, part = Document(places, year, day), list[Item]()
    for item in sorted(asked, key=lambda item: item.type_name):
        full = len(part) >= min(document.room, most)
        if full or (item.type_name not in document.types and not document.take(item.type_name)):
            yield document, part
            document, part = Document(places, year, day), []
            document.take(item.type_name)
        part.append(item)
    yield document, part


Refusals = dict[str, tuple[str | None, str, int]]
"""Permission, reason and count of each refused field."""


@dataclass
class Sheet:
    """One request of an examination with what it must be answered; made once, asked as often as one likes."""

    document: Document
    asked: list[Item]
    wanted: list[dict[str, Any] | None]
    refusals: Refusals
    visible: frozenset[str] = frozenset()

    async def ask(self, door: Door, account: Account | None) -> Answer:
        """Ask it."""
        [answer] = await door.nodes(self.document.selection(), [item.id for item in self.asked], account)
        return answer

    def mark(self, answer: Answer) -> Iterator[str]:
        """What is wrong with an answer."""
        if answer.status != 200 or answer.errors or answer.data is None:
            yield f"status {answer.status}, errors {answer.errors}"
            return
        for item, wanted, found in zip(self.asked, self.wanted, answer.data["nodes"], strict=True):
            yield from _compare_object(item, wanted, found, self.document)
            if wanted is not None and found is not None:
                yield from self._strangers(item, found)
        yield from _compare_refusals(self.refusals, answer)

    def _strangers(self, item: Item, found: dict[str, Any]) -> Iterator[str]:
        """Objects within something put together that must not be seen."""
        for place in self.document.places[item.type_name]:
            if place.coordinate in COMPOUND:
                for one in ids_in(found[self.document.answered_as(place)]):
                    if one not in self.visible:
                        yield f"{place.coordinate}: {one} in it must not be seen [{_label(item)}]"


def ids_in(found: Any) -> list[str]:
    """All ids in an answer, however deep."""
    if isinstance(found, dict):
        own = [found["id"]] if "id" in found else []
        return own + [one for value in found.values() for one in ids_in(value)]
    return [one for value in found for one in ids_in(value)] if isinstance(found, list) else []


def sheets(case: Case, asked: Sequence[Item]) -> Iterator[Sheet]:
    """The requests of an examination."""
    visible = frozenset(item.id for item in asked if case.expected.visible(item))
    # Callers without an account may ask for half as much at once.
    for document, part in documents(case.expected.places, asked, IDS if case.account else IDS // 2):
        refused: Counter[str] = Counter()
        wanted = [case.expected.answer(item, refused) for item in part]
        yield Sheet(document, part, wanted, refusals(case.expected, refused), visible)


def refusals(expected: Expected, refused: Counter[str]) -> Refusals:
    """What must be listed for fields that are refused so often."""
    known = {place.coordinate: place for places in expected.places.values() for place in places}
    return {name: (known[name].permission, expected.reason(known[name]), count) for name, count in refused.items()}


async def examine(door: Door, case: Case, asked: Sequence[Item]) -> list[str]:
    """Everything that differs from what is expected; nothing when all is well."""
    answers: list[Answer] = []
    problems: list[str] = []
    allowed: set[str] = set()
    for sheet in sheets(case, asked):
        answers.append(await sheet.ask(door, case.account))
        problems += sheet.mark(answers[-1])
        allowed |= set(CANARY.findall("\n".join(_allowed(case.expected, sheet))))
    answers.append(await door.ask(ROOTS, case.account, **NOTHING))
    problems += mark_roots(case.expected, answers[-1])
    return problems + list(_leaks(case.expected, allowed, answers, door))


NOTHING = {
    name: f"{name[0].upper()}{name[1:]}:00000000-0000-4000-8000-000000000000"
    for name in ("organisation", "classGroup", "student", "journal", "importRun")
}
SUPPOSING = "Query.robustness"
ROOTS = f"""query Roots({", ".join(f"${name}: ID!" for name in NOTHING)}) {{
  {" ".join(f"{name}(id: ${name}) {{ id }}" for name in NOTHING)}
  robustness(ratingId: "Rating:00000000-0000-4000-8000-000000000000", section: "tried", draws: 10) {{ __typename }}
  journals {{ totalCount }} organisations {{ totalCount }} subjects {{ totalCount }}
}}"""


def mark_roots(expected: Expected, answer: Answer) -> Iterator[str]:
    """What is wrong with the answer to all roots at once, asked for objects that do not exist."""
    shut = [
        f"Query.{name}"
        for name in (*NOTHING, "journals")
        if f"Query.{name}" in expected.closed
        or not any(ever(one.role, f"Query.{name}", case=one.case) for one in expected.roles)
    ]
    # Of no rating at all: who may suppose is told that it is out of reach, everybody else that no role of theirs may.
    supposes = any(ever(one.role, SUPPOSING, case=one.case) for one in expected.roles)
    reason = "CLIENT_SCOPE" if expected.unscoped else "OUT_OF_REACH" if supposes else "NO_ROLE"
    wanted = refusals(expected, Counter(shut)) | {SUPPOSING: ("rating:suppose", reason, 1)}
    yield from _compare_refusals(wanted, answer)
    if (answer.data["journals"] is None) != ("Query.journals" in shut):
        yield f"Query.journals: {answer.data['journals']}"


def _compare_object(item: Item, wanted: Any, found: Any, document: Document) -> Iterator[str]:
    if wanted is None or found is None:
        if wanted is not found:
            yield f"{item.type_name}: {'seen, must not exist' if wanted is None else 'missing'} [{_label(item)}]"
        return
    for place in document.places[item.type_name]:
        cell = _plain(place, found[document.answered_as(place)])
        if wanted[place.name] is VISIBLE or (wanted[place.name] is ANYTHING and cell is not None):
            continue
        if cell != wanted[place.name]:
            yield f"{place.coordinate}: {cell!r}, must be {wanted[place.name]!r} [{_label(item)}]"


def _plain(place: Place, cell: Any) -> Any:
    """A cell as expectations have it: objects by their ids, lists in the order of ids."""
    if cell is None or place.leaf or place.target == "MaskedString" or place.coordinate in COMPOUND:
        return cell
    if place.coordinate in ACTIONS:
        return {action: told["allowed"] for action, told in cell.items()}
    if not place.paged:
        return sorted(one["id"] for one in cell) if place.list else cell["id"]
    found = [one["id"] for one in cell["nodes"]]
    if cell["totalCount"] != len(found) or found != [edge["node"]["id"] for edge in cell["edges"]]:
        return f"totalCount {cell['totalCount']} of {len(found)} nodes"
    return sorted(found)


def _compare_refusals(wanted: Refusals, answer: Answer) -> Iterator[str]:
    found = {one["field"]: (one["permission"], one["reason"], one["count"]) for one in answer.denied}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            yield f"{name}: listed as refused {found.get(name)}, must be {wanted.get(name)}"


def _leaks(expected: Expected, allowed: set[str], answers: list[Answer], door: Door) -> Iterator[str]:
    """Canaries of cells that are not for them, anywhere in the answers or in what was logged since it was last read."""
    births = {str(person.birth_date) for person in expected.rows.all(Person)}
    for place, text in (("answer", texts(answers)), ("log", door.logged())):
        found = {one for one in CANARY.findall(text) if len(one) != 10 or one in births}
        found -= allowed if place == "answer" else set()
        if found:
            yield f"leak in the {place}: {sorted(found)[:5]}"


def _allowed(expected: Expected, sheet: Sheet) -> Iterator[str]:
    for item, found in zip(sheet.asked, sheet.wanted, strict=True):
        if found is not None:
            yield str(found)
            if f"{item.type_name}.inWords" == IN_WORDS:
                yield " ".join(_parts_in_words(expected, item))


def _parts_in_words(expected: Expected, item: Item) -> Iterator[str]:
    """What the sentence about a role may name: its group, class and organisation, where they are visible."""
    for type_name, column in (
        ("SubjectGroup", "subject_group_id"),
        ("ClassGroup", "class_group_id"),
        ("Organisation", "organisation_id"),
    ):
        row = next((one for one in _of_type(expected, type_name) if one.id == getattr(item.row, column)), None)
        if row is not None and expected.visible(Item(type_name, row)):
            yield row.name


def _of_type(expected: Expected, type_name: str) -> list[Any]:
    return expected.rows.all(RECORDS[type_name])


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
