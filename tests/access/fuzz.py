"""Ask N generated documents as people of one role, again with a role more, and again with all roles: rights only add.

python -m tests.access.fuzz N [seed]
"""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import NullPool, create_engine, make_url, text

from api.postgres import private_postgres
from auth.viewer import Viewer
from domain.roles import Role
from tests.access.cases import SINGLE
from tests.access.containment import Containment, called
from tests.access.door import Account, Door, open_door, patience
from tests.access.expected import items
from tests.access.flip import FOLDER
from tests.access.newcomers import Newcomers
from tests.access.rows import Member
from tests.access.wall import caller
from tests.access.whole import PAGE, Whole, identified
from tests.access.world import GRANTABLE, World, build_world
from tests.compiled.both import Request, ask_compiled, ask_reference, viewer_of
from tests.compiled.generator import Focus, Values, coordinates
from tests.compiled.rounds import ALL_IDS, refuses
from tests.conftest import DatabaseServer

TOGETHER = 3
FIELDS = 14
TRAPPED = ("kept apart", "banned parent", "parent of departed", "enrolment desk", "supervisor", "stranger")
"""People whose rights are cut down, reach a named case, or are none: no role may change that for the worse."""
PEOPLE = (*SINGLE.values(), *TRAPPED)
Grant = tuple[Role, Any]


@dataclass
class Fuzz:
    """The application over a world whose people are given roles as the run goes on."""

    door: Door
    world: World
    newcomers: Newcomers
    dice: random.Random
    answers: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for item in items(self.world.rows):
            self.ids.setdefault(item.type_name, []).append(item.id)

    async def run(self, count: int, people: Sequence[str] = PEOPLE) -> None:
        """So many documents, some for each person."""
        for number, name in enumerate(people):
            share = count // len(people) + (number < count % len(people))
            if share:
                await self._person(name, share)

    async def _person(self, name: str, count: int) -> None:
        """The same documents with one role, with a role more, and with all."""
        member = self.world.cast[name]
        # From the beginning: the role of a representative opens a child, it does not make one.
        self.newcomers.guardian(member.person.id, self.world.people["in 7B"])
        viewer = await self._viewer(member)
        seen, refused = await self._seen(viewer), self._refused(viewer)
        requests = [self._request(seen, self._focus(refused, seen)) for _ in range(count)]
        first = await self._ask(member, requests)
        added = [one for one in self._grants(member) if one[0] not in {held.role for held in member.held}]
        one_more = self.dice.choice(added)
        self._give(member, [one_more])
        second = await self._ask(member, requests)
        self._give(member, [one for one in self._grants(member) if one != one_more])
        third = await self._ask(member, requests)
        for request, *three in zip(requests, first, second, third, strict=True):
            self._compare(f"{name}, then {one_more[0]}", request, three[0], three[1], seen)
            self._compare(f"{name}, then everything", request, three[0], three[2], seen)
            self._compare(f"{name} and {one_more[0]}, then everything", request, three[1], three[2], None)

    def _focus(self, never: set[str], seen: dict[str, list[str]]) -> Focus:
        """Any fields of a type; half the time some that the viewer is never shown of rows that they see."""
        fields = coordinates(self.door.services.contract.graphql)
        refused = [one for one in fields if one[0] in seen and ".".join(one) in never]
        chosen = refused if refused and self.dice.random() < 0.5 else fields
        kind = self.dice.choice(sorted({kind for kind, _ in chosen}))
        names = [name for owner, name in chosen if owner == kind]
        return Focus(kind, tuple((one, None) for one in self.dice.sample(names, min(TOGETHER, len(names)))))

    def _refused(self, viewer: Viewer) -> set[str]:
        """Fields that somebody is never shown of rows that they see."""
        return {
            binding.coordinate
            for mapping in self.door.services.contract.types.values()
            for binding in mapping.bindings.values()
            if refuses(mapping, binding, viewer.shape)
        }

    def _request(self, seen: dict[str, list[str]], focus: Focus) -> Request:
        """A document about something that there is, of whose every object the id is asked for."""
        schema = self.door.services.contract.graphql
        values = Values(self.ids, [str(one.name) for one in self.world.schools.values()], self.world.rows.today)
        values.visible = seen
        request = Whole(schema, values, self.dice, FIELDS).request(focus)
        return Request(identified(schema, request.text), request.variables, request.language)

    async def _ask(self, member: Member, requests: list[Request]) -> list[dict[str, Any]]:
        viewer = await self._viewer(member)
        return [await self._answer(viewer, request) for request in requests]

    async def _answer(self, viewer: Viewer, request: Request) -> dict[str, Any]:
        """As it is served: by a statement, or else by the reference executor."""
        services = self.door.services
        found = await ask_compiled(services.read_path, viewer, request)
        return (found or await ask_reference(services, viewer, request)).answer

    def _compare(
        self,
        who: str,
        request: Request,
        mine: dict[str, Any],
        fuller: dict[str, Any],
        seen: dict[str, list[str]] | None,
    ) -> None:
        """Take a pair of answers in. Without `seen`, all rows that are lacking count as not to be seen."""
        if mine["data"] is None or fuller["data"] is None:
            self.refused += 1
            self.reasons[str((mine.get("errors") or fuller["errors"])[0]["message"])] += 1
            if mine["data"] is not None:
                self.problems.append(f"{who}: no answer any more: {fuller['errors'][0]['message']}\n{request}")
            return
        self.answers += 1
        denied = frozenset(one["field"] for one in mine["extensions"]["access"]["denied"])
        known = frozenset(one for ids in self.ids.values() for one in ids)
        visible = frozenset(one for ids in (seen or {}).values() for one in ids)
        judge = Containment(called(request.text), denied, visible, known, PAGE)
        found = list(judge.differences(mine["data"], fuller["data"]))
        self.counts += judge.counts
        self.problems += [f"{who}: {one}\n    {request.text} {request.variables}" for one in found]

    def _grants(self, member: Member) -> list[Grant]:
        """Every role at two places, without those that the person holds there already."""
        held = {(one.role, one.target) for one in member.held if one.live and not one.case}
        places = [(role, target) for role in GRANTABLE for target in self._targets(role)]
        return [(role, target) for role, target in places if (role, getattr(target, "id", None)) not in held]

    def _targets(self, role: Role) -> list[Any]:
        world = self.world
        town = [world.schools["town"], world.schools["next_town"]]
        targets: dict[Role, list[Any]] = {
            Role.TEACHER: [world.groups["algebra"], world.groups["B"]],
            Role.HOMEROOM_TEACHER: [world.classes["7A"], world.classes["B"]],
            Role.MUNICIPAL_COORDINATOR: town, Role.GENERAL_EDUCATION_SPECIALIST: town, Role.AUTHORITY_VIEWER: town,
            Role.REGIONAL_COORDINATOR: world.regions,
            Role.MAIL_USER: [None], Role.STUDENT: [None], Role.LEGAL_REPRESENTATIVE: [None],
        }  # fmt: skip
        return targets.get(role, [world.schools["A"], world.schools["B"]])

    def _give(self, member: Member, grants: list[Grant]) -> None:
        for role, target in grants:
            self.newcomers.grant(member.person.id, role, target)

    async def _viewer(self, member: Member) -> Viewer:
        return await viewer_of(self.door.services, caller(Account(member.subject)))

    async def _seen(self, viewer: Viewer) -> dict[str, list[str]]:
        """Ids that somebody may see, by type."""
        seen: dict[str, list[str]] = {}
        everything = [identifier for ids in self.ids.values() for identifier in ids]
        for start in range(0, len(everything), PAGE):
            answer = await self._answer(viewer, Request(ALL_IDS, {"ids": everything[start : start + PAGE]}))
            for node in filter(None, answer["data"]["nodes"]):
                seen.setdefault(node["id"].partition(":")[0], []).append(node["id"])
        return seen


async def fuzz(owner_url: str, count: int, seed: int) -> Fuzz:
    """Run over an empty, migrated database."""
    world = build_world(owner_url)
    engine = create_engine(owner_url, poolclass=NullPool)

    def change(statement: str, **values: Any) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement), values)

    async with open_door(owner_url) as door:
        found = Fuzz(door, world, Newcomers(world, change), random.Random(seed))
        await found.run(count)
    engine.dispose()
    return found


def run_fuzz(count: int, seed: int) -> Fuzz:
    """Run over the private server of the tests."""
    with private_postgres(FOLDER, durable=False) as server:
        databases = DatabaseServer(make_url(server.url("postgres", "postgres")), private=True)
        with databases.clone(databases.template()) as url, patience():
            return asyncio.run(fuzz(url, count, seed))


def main() -> int:
    """Print every difference, and what was compared."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    started = time.monotonic()
    found = run_fuzz(count, seed)
    for one in found.problems[:30]:
        print(one)  # noqa: T201
    print(dict(found.counts), dict(found.reasons))  # noqa: T201
    print(  # noqa: T201
        f"{count} documents, {found.answers} pairs of answers compared, {found.refused} without an answer,"
        f" {len(found.problems)} differences, {time.monotonic() - started:.0f} s"
    )
    return min(len(found.problems), 1)


if __name__ == "__main__":
    sys.exit(main())
