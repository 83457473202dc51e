"""Trial: whether the behaviour tests notice a flip. Quick: requests and expectations are made once, for all flips."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import GraphQLSchema
from sqlalchemy import NullPool, create_engine, text

from auth import wall
from domain.records import Assignment, Record
from domain.roles import ReachKind, Role
from schema.mapping.check import UnsafeSchemaError, binding_of, check
from schema.mapping.plan import row_plan
from schema.mapping.storage import Binding
from tests.access.cases import OTHERS, SINGLE, Cases
from tests.access.contract import global_id, places
from tests.access.door import Door, open_door
from tests.access.examination import NOTHING, ROOTS, Case, Sheet, mark_roots, sheets
from tests.access.expected import Item
from tests.access.flips import Flip
from tests.access.giving import Way, cases_opened, confirmations, differences, grants
from tests.access.journal import expected_record, recorded
from tests.access.pen import MAY_ADD, added, attempts
from tests.access.wall import TYPES_OF, due, given_out, told
from tests.access.world import World, build_world

REFUSED = "refused at start"
WALLED = [*TYPES_OF, "subject_group_member"]
PAIRS = ["TEACHER+HOMEROOM_TEACHER", "TEACHER+LEGAL_REPRESENTATIVE", "DEPUTY_HEAD+LEGAL_REPRESENTATIVE"]


@dataclass
class Trial:
    """The application with its wall and without it, and everything that they are asked."""

    owner_url: str
    world: World
    cases: dict[str, Case]
    doors: dict[str, Door]
    sheets: dict[str, list[Sheet]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    numbers: int = 0

    @property
    def schema(self) -> GraphQLSchema:
        """The schema of the door without the wall; types are shared by all schemas of this process."""
        return self.doors["bare"].services.contract.graphql

    def roots(self) -> list[Binding]:
        """What the roots declare."""
        query = self.schema.query_type
        assert query is not None
        found = [binding_of(one) for one in query.fields.values()]
        return [one for one in found if one is not None]

    async def notices(self, flip: Flip) -> str:
        """The first difference that the flip makes; empty when it survives."""
        judges = {"answers": self._by_answers, "wall": self._by_wall, "journal": self._by_journal, "pen": self._by_pen,
                  "giving": self._by_giving}  # fmt: skip
        judge = judges[flip.kind]
        with flip.change():
            self._forget()
            found = await judge(flip) or self._refused()
        self._forget()
        return found

    def _refused(self) -> str:
        """Whether the server would not even start; asked only about what no answer shows."""
        try:
            check(self.schema)
        except UnsafeSchemaError as error:
            return f"{REFUSED}: {str(error).splitlines()[0]}"
        return ""

    async def learn(self) -> set[str]:
        """What differs without any flip: not counted as noticed later. Must be nothing."""
        for door in self.doors:
            for name in self.cases:
                self.known[f"{door} {name}"] = {one async for one in self._differences(door, name)}
        for name in self.cases:
            self.known[f"wall {name}"] = {one async for one in self._wall_differences(name)}
            self.known[f"pen {name}"] = {one async for one in self._pen_differences(name, tuple(MAY_ADD))}
        return {f"{name}: {one}" for name, found in self.known.items() for one in found}

    async def _by_answers(self, flip: Flip) -> str:
        asked = flip.first if flip.alone else _first((*flip.first, "everything"), self.cases)
        for name in asked[: 2 if flip.excused else None]:
            for door in ("bare", "walled"):
                async for one in self._differences(door, name):
                    if one not in self.known.get(f"{door} {name}", set()):
                        return f"{door}, {name}: {one}"
        return ""

    async def _by_wall(self, flip: Flip) -> str:
        with _rebuilt(self.owner_url):
            for name in _first(flip.first, self.cases):
                async for one in self._wall_differences(name):
                    if one not in self.known.get(f"wall {name}", set()):
                        return f"wall, {name}: {one}"
        return ""

    async def _by_pen(self, flip: Flip) -> str:
        with _rebuilt(self.owner_url):
            for name in flip.first if flip.alone else _first(flip.first, self.cases):
                async for one in self._pen_differences(name, flip.records or tuple(MAY_ADD)):
                    if one not in self.known.get(f"pen {name}", set()):
                        return f"pen, {name}: {one}"
        return ""

    async def _by_giving(self, flip: Flip) -> str:
        for by in flip.givers:
            if by in SINGLE:
                async for one in self._giving_differences(by, flip.ways):
                    return one
        return ""

    async def _giving_differences(self, by: Role, ways: Sequence[Way]) -> AsyncIterator[str]:
        """What somebody may give, open, confirm or end otherwise than expected; tried so that nothing changes."""
        case, door, place = self.cases[SINGLE[by]], self.doors["walled"], self.world.schools["A"]
        roles = sorted({role for role, reach in ways if reach is ReachKind.PERSONS})
        tried = grants(place, ways), cases_opened(self.world, place, roles), confirmations(self.world, case, ways)
        for one in await differences(door, case.account, by, [one for part in tried for one in part]):
            yield one
        for row in [row for way in ways for row in self.world.rows.where(Assignment, role=way[0], reach=way[1])][:40]:
            item = Item("Assignment", row)
            wanted = case.expected.answer(item, Counter())
            [answer] = await door.nodes(ENDS, [item.id], case.account)
            [found] = answer.data["nodes"]
            if wanted and (found is None or found["viewerCan"]["end"]["allowed"] != wanted["viewerCan"]["end"]):
                yield f"{by} ends {row.role} {row.reach}: {found}"

    async def _by_journal(self, flip: Flip) -> str:
        case, door = self.cases[flip.first[0]], self.doors["walled"]
        if case.account is None:
            return ""
        self.numbers += 1
        account = replace(case.account, client=f"trial {self.numbers}")
        asked = [sheet.asked for sheet in self._sheets(case.name)]
        for sheet in self._sheets(case.name):
            await sheet.ask(door, account)
        await door.services.journal.flush()
        wanted = expected_record(case.expected, [one for part in asked for one in part])
        found = recorded(self.owner_url, account.client)
        return "" if found == wanted else f"journal: {sorted(found)} for {sorted(wanted)}"

    async def _differences(self, door_name: str, name: str) -> AsyncIterator[str]:
        door, case = self.doors[door_name], self.cases[name]
        for sheet in self._sheets(name):
            for one in sheet.mark(await sheet.ask(door, case.account)):
                yield one
        for one in mark_roots(case.expected, await door.ask(ROOTS, case.account, **NOTHING)):
            yield one
        if name == "administrator" and door_name == "walled":
            async for one in self._second_person(door, case):
                yield one

    async def _second_person(self, door: Door, case: Case) -> AsyncIterator[str]:
        """The administrator may not confirm at all: not the role refused, but the action."""
        at_a = {"organisation_id": self.world.schools["A"].id, "role": Role.TEACHER, "awaits_confirmation": True}
        [waiting] = [row for row in self.world.rows.where(Assignment, **at_a) if row.ended_at is None]
        answer = await door.ask(CONFIRM, case.account, id=global_id("Assignment", waiting))
        codes = [one["extensions"]["code"] for one in answer.errors]
        if codes != ["FORBIDDEN"]:
            yield f"confirmAssignment by the administrator: {codes}"

    async def _wall_differences(self, name: str) -> AsyncIterator[str]:
        case = self.cases[name]
        async with told(self.doors["walled"], case.account) as connection:
            found = await given_out(connection, WALLED)
        wanted = due(case.expected)
        for table in WALLED:
            if found[table] != wanted[table]:
                more, less = len(found[table] - wanted[table]), len(wanted[table] - found[table])
                yield f"{table}: {more} too many, {less} missing"

    async def _pen_differences(self, name: str, records: tuple[type[Record], ...]) -> AsyncIterator[str]:
        """What the database lets somebody add otherwise than expected, in their own name and in another's."""
        case = self.cases[name]
        person = case.expected.who.person
        if person is None:
            return
        stranger = self.world.people["stranger"].id
        async with told(self.doors["walled"], case.account, writes=True) as connection:
            for record in records:
                for one in attempts(self.world.rows, record):
                    allowed = one.allowed(case.expected) and not case.expected.unwriting
                    if (not await added(connection, record, one.of(person))) != allowed:
                        yield f"{record.__name__}: {'refused' if allowed else 'added'}"
                    if (
                        allowed
                        and one.of(stranger) != one.values
                        and not await added(connection, record, one.of(stranger))
                    ):
                        yield f"{record.__name__}: added in somebody else's name"

    def _sheets(self, name: str) -> list[Sheet]:
        if name not in self.sheets:
            self.sheets[name] = list(
                sheets(self.cases[name], Cases(self.world, self.cases[name].expected.places).items())
            )
        return self.sheets[name]

    def _forget(self) -> None:
        """What was worked out under other rules."""
        row_plan.cache_clear()
        for door in self.doors.values():
            door.services.viewers._kept.clear()
            # Flips are of rules, which both executors share; plans of other rules must not answer.
            door.services.read_path.reads.prepare = _leave_to_reference  # type: ignore[assignment,method-assign]


async def _leave_to_reference(*_: object) -> None:
    """Plan nothing."""


ENDS = "... on Assignment { viewerCan { end { allowed } } }"
CONFIRM = """mutation Confirm($id: ID!) { confirmAssignment(input: {
    clientMutationId: "7b6f3a0e-2f1c-4f0e-9c5b-0d9a4f6f1c11", assignmentId: $id }) { userErrors { code } } }"""


def _first(names: Iterable[str], cases: dict[str, Case]) -> list[str]:
    """All cases, those first that are likely to notice."""
    likely = [name for name in names if name in cases]
    return [*likely, *(name for name in cases if name not in likely)]


CONDITIONS = text("select tablename, policyname, qual, with_check from pg_policies where policyname = any(:names)")
BODIES = text("select proname, prosrc from pg_proc where pronamespace = 'vhod'::regnamespace and prosrc like '%via_%'")
MADE = {"reading": wall.policies, "writing": wall.writing, "adding": wall.adding, "changing": wall.changing}


class _rebuilt:  # noqa: N801 - read as a word: with _rebuilt(...)
    """The wall in the database as the flipped rules give it; as it was, in the end."""

    def __init__(self, owner_url: str) -> None:
        self._engine = create_engine(owner_url, poolclass=NullPool)
        self._before: list[str] = []

    def __enter__(self) -> None:
        with self._engine.begin() as connection:
            stored = connection.execute(CONDITIONS, {"names": list(MADE)}).all()
            self._before = [_function(name, body) for name, body in connection.execute(BODIES)]
            self._before += [_policy(table, name, qual, check) for table, name, qual, check in stored]
            for name, body in wall.paths().items():
                connection.exec_driver_sql(_function(name, body))
            guarded = {str(guard.facet.record.__tablename__) for guard in wall.GUARDS} | self._once_guarded(stored)
            fresh = {name: make() for name, make in MADE.items()}
            for table, name, qual, check in stored:
                condition = fresh[name].get(table, "false" if table in guarded and name == "reading" else None)
                if condition is not None:
                    asked = (qual and condition, check and condition)
                    connection.exec_driver_sql(_policy(table, name, *asked))

    def _once_guarded(self, stored: Sequence[Any]) -> set[str]:
        """Tables whose guard was taken away just now: they gave out something before."""
        return {row.tablename for row in stored if row.policyname == "reading" and row.qual != "true"}

    def __exit__(self, *_: object) -> None:
        with self._engine.begin() as connection:
            for statement in self._before:
                connection.exec_driver_sql(statement)
        self._engine.dispose()


def _function(name: str, body: str) -> str:
    return (
        f"create or replace function vhod.{name}() returns setof uuid language sql stable security definer"
        f" parallel safe rows 50 set search_path = public, pg_temp as $$ {body} $$;"
        f" alter function vhod.{name}() owner to vhod_keeper"
    )


def _policy(table: str, name: str, qual: str | None, check: str | None) -> str:
    using = f" using ({qual})" if qual else ""
    return f"alter policy {name} on {table}{using}" + (f" with check ({check})" if check else "")


@asynccontextmanager
async def open_trial(owner_url: str) -> AsyncIterator[Trial]:
    """Build the world in an empty, migrated database, and open both doors."""
    world = build_world(owner_url)
    async with AsyncExitStack() as stack:
        doors = {
            "bare": await stack.enter_async_context(open_door(owner_url, role="vhod_keeper")),
            "walled": await stack.enter_async_context(open_door(owner_url)),
        }
        made = Cases(world, places(doors["bare"].services.contract.graphql))
        named = [*SINGLE.values(), "everything", *OTHERS, *PAIRS]
        chosen = [*(made.of(name) for name in named), made.anonymous(), *made.limited()]
        yield Trial(owner_url, world, {case.name: case for case in chosen}, doors)
