"""Rounds: generated documents, asked as everybody in turn, by both executors."""

import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice

from graphql import GraphQLSchema

from auth.permissions import Permission
from auth.viewer import Viewer
from auth.visibility import Shape
from schema.engine.mapping.plan import row_permission, row_plan, sight
from schema.engine.mapping.storage import Binding, Mapping, Page
from tests.access.cases import KEPT_FROM, Cases
from tests.access.door import Door
from tests.access.expected import items
from tests.access.wall import caller
from tests.access.world import World
from tests.compiled.both import Request, ask_both, ask_compiled, viewer_of
from tests.compiled.generator import FIELDS, Focus, Generator, Values, coordinates
from tests.compiled.survey import Survey

AGAIN = 8
"""How often what was not reached is asked again."""
AT_ONCE = 1000
MOST_DIFFERENCES = 5
Errand = tuple[Focus, list[str]]
"""What to bring into focus, and from among whom somebody asks; from nobody: it does not matter."""
TOGETHER = 3
SIGHTED = 0.75
"""How often somebody asks who has an object of the type in sight."""


@dataclass
class Rounds:
    """Everybody of the world with their rights, and the values that they ask for."""

    door: Door
    viewers: dict[str, Viewer]
    values: Values
    seen: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    async def run(
        self, count: int | None, seed: int, fields: int = FIELDS, tell: Callable[[Survey], None] = lambda _: None
    ) -> Survey:
        """Ask `count` documents of about so many fields, None: each errand once. Ends at 5 differences.

        `tell` hears from time to time how far it is.
        """
        dice = random.Random(seed)
        contract = self.door.services.contract
        generator = Generator(contract.graphql, self.values, dice, fields)
        survey = Survey(contract.graphql)
        errands = self._errands(contract.graphql)
        dice.shuffle(errands)
        for several in self._asked(errands, count, survey):
            told = [(await self._who_asks(dice, errand), errand) for errand in several]
            # One after the other for the same viewer: what the reference plans for a shape is kept for so many only.
            for who, (focus, refused) in sorted(told, key=lambda one: one[0]):
                self.values.visible, self.values.sighted = await self._visible(who), 1 if refused else 0.75
                request = generator.request(focus)
                survey.add(who, await ask_both(self.door.services, self.viewers[who], request))
                if len(survey.differences) >= MOST_DIFFERENCES:
                    return survey
            tell(survey)
        return survey

    async def _who_asks(self, dice: random.Random, errand: Errand) -> str:
        focus, refused = errand
        names = list(self.viewers)
        if refused:
            return await self._who_sees(focus.type_name, dice.sample(refused, len(refused)))
        who = dice.choice(names if dice.random() < 0.4 else LEADING)
        if focus.type_name in self.values.ids and dice.random() < SIGHTED:
            # Most roles see little: an answer without data compares little.
            return await self._who_sees(focus.type_name, [who, *dice.sample(names, len(names))])
        return who

    def _asked(self, errands: list[Errand], count: int | None, survey: Survey) -> Iterator[list[Errand]]:
        """So many of them in turn; or each once, and again what chance (a refused argument) kept from an answer."""
        if count is not None:
            turns = islice(cycle(errands), count)
            yield from iter(lambda: list(islice(turns, AT_ONCE)), [])
            return
        yield errands
        for _ in range(AGAIN):
            yield [errand for errand in errands if self._unreached(errand, survey)]

    def _unreached(self, errand: Errand, survey: Survey) -> bool:
        focus, refused = errand
        names = [(f"{focus.type_name}.{name}", argument) for name, argument in focus.fields]
        if refused:
            return any(not survey.denied[name] for name, _ in names)
        return any(
            not survey.reached.fields[name]
            or (argument is not None and not survey.reached.arguments[f"{name}({argument}:)"])
            for name, argument in names
        )

    async def _who_sees(self, kind: str, names: list[str]) -> str:
        """The first who has any object of the type to be refused something of."""
        for name in names:
            if kind in await self._visible(name):
                return name
        return names[0]

    async def _visible(self, who: str) -> dict[str, list[str]]:
        """Ids that somebody may see, by type; found out once."""
        if who not in self.seen:
            self.seen[who] = {}
            everything = [identifier for ids in self.values.ids.values() for identifier in ids]
            for start in range(0, len(everything), 100):
                request = Request(ALL_IDS, {"ids": everything[start : start + 100]})
                found = await ask_compiled(self.door.services.read_path, self.viewers[who], request)
                assert found is not None
                for node in filter(None, found.answer["data"]["nodes"]):
                    self.seen[who].setdefault(node["id"].partition(":")[0], []).append(node["id"])
        return self.seen[who]

    def _errands(self, schema: GraphQLSchema) -> list[Errand]:
        """Every field for somebody, with each of its arguments, and once more for those who are refused it."""
        refused, found = self.refused(), dict[tuple[str, tuple[str, ...]], list[tuple[str, str | None]]]()
        for kind, name in coordinates(schema):
            arguments = schema.type_map[kind].fields[name].args  # type: ignore[attr-defined]
            found.setdefault((kind, ()), []).extend((name, argument) for argument in arguments or (None,))
            if f"{kind}.{name}" in refused:
                found.setdefault((kind, tuple(refused[f"{kind}.{name}"])), []).append((name, None))
        return [
            (Focus(kind, tuple(fields[start : start + TOGETHER])), list(who))
            for (kind, who), fields in found.items()
            for start in range(0, len(fields), TOGETHER)
        ]

    def arguments(self) -> list[str]:
        """Every argument of every field that a query can reach."""
        graphql = self.door.services.contract.graphql
        return [
            f"{kind}.{name}({argument}:)"
            for kind, name in coordinates(graphql)
            for argument in graphql.type_map[kind].fields[name].args  # type: ignore[attr-defined]
        ]

    def refused(self) -> dict[str, list[str]]:
        """Fields that viewers of the world are refused wherever they see the row, and who these are."""
        found: dict[str, list[str]] = {}
        for mapping in self.door.services.contract.types.values():
            for binding in mapping.bindings.values():
                for name, viewer in self.viewers.items():
                    if refuses(mapping, binding, viewer.shape):
                        found.setdefault(binding.coordinate, []).append(name)
        return found


def refuses(mapping: Mapping, binding: Binding, shape: Shape) -> bool:
    """Whether somebody of this shape sees rows, and never this field of them."""
    row = row_plan(mapping, Shape(frozenset(), frozenset(Permission))).row
    sees_rows = mapping.rule.public or shape.grants(row_permission(mapping))
    return bool(sees_rows) and sight(mapping, row, shape, binding) == (False, False)


ALL_IDS = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
LEADING = ("everything", "teacher", "homeroom", "deputy", "parent", "student", "administrator")


@asynccontextmanager
async def open_rounds(door: Door, world: World, cases: Cases) -> AsyncIterator[Rounds]:
    """Load every viewer of the world, and the cursors of every list."""
    services = door.services
    viewers = {}
    for case in [*cases.every(), *map(cases.of, KEPT_FROM)]:
        who = None if case.account is None else caller(case.account)
        viewers[case.name] = await viewer_of(services, who)
    ids: dict[str, list[str]] = {}
    for item in items(world.rows):
        ids.setdefault(item.type_name, []).append(item.id)
    texts = [str(organisation.name) for organisation in world.schools.values()] + ["canary", "CANARY-0"]
    subjects = sorted(member.subject for member in world.cast.values() if not member.service)
    rounds = Rounds(door, viewers, Values(ids, texts, world.rows.today, subjects))
    await _learn_cursors(rounds)
    yield rounds


async def _learn_cursors(rounds: Rounds) -> None:
    """Cursors of every page without filters, as somebody who sees much."""
    services = rounds.door.services
    for kind in services.contract.graphql.type_map.values():
        for name, found in getattr(kind, "fields", {}).items():
            definition = getattr(found, "extensions", {}).get("strawberry-definition")
            binding = definition.metadata.get("binding") if definition is not None else None
            if binding is None or not isinstance(binding.storage, Page) or kind.name.startswith("__"):
                continue
            page = f"{name}(first: 100) {{ edges {{ cursor }} }}"
            ids = rounds.values.ids.get(kind.name, [])[:100]
            inner = f"nodes(ids: $ids) {{ ... on {kind.name} {{ {page} }} }}"
            document = f"{{ {page} }}" if kind.name == "Query" else f"query ($ids: [ID!]!) {{ {inner} }}"
            both = await ask_both(
                services,
                rounds.viewers["everything"],
                Request(document, None if kind.name == "Query" else {"ids": ids}),
            )
            rounds.values.cursors[f"{kind.name}.{name}"] = _cursors(both.reference.answer)


def _cursors(found: object) -> list[str]:
    if isinstance(found, dict):
        own = [found["cursor"]] if "cursor" in found else []
        return own + [cursor for item in found.values() for cursor in _cursors(item)]
    return [cursor for item in found for cursor in _cursors(item)] if isinstance(found, list) else []
