"""Trial: whether the behaviour tests notice a flip. Quick: requests and expectations are made once, for all flips."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial

from graphql import GraphQLSchema
from sqlalchemy import NullPool, create_engine, text

from auth import wall
from domain.records import Assignment, Record
from domain.roles import ReachKind, Role
from schema.engine.mapping.check import UnsafeSchemaError, binding_of, check
from schema.engine.mapping.plan import row_plan
from schema.engine.mapping.storage import Binding
from tests.access.cases import OTHERS, SINGLE, Cases
from tests.access.contract import global_id, places
from tests.access.door import Door, open_door
from tests.access.examination import NOTHING, ROOTS, Case, Sheet, mark_roots, sheets
from tests.access.expected import Item
from tests.access.flips import Flip
from tests.access.giving import HELD_AT, Way, cases_opened, confirmations, differences, grants, places_of
from tests.access.journal import expected_record, recorded
from tests.access.pen import TRIED, added, attempts, let_through
from tests.access.wall import TYPES_OF, due, given_out, told
from tests.access.world import World, build_world

REFUSED = "refused at start"
WALLED = [*TYPES_OF, "subject_group_member"]
PAIRS = ["TEACHER+HOMEROOM_TEACHER", "TEACHER+LEGAL_REPRESENTATIVE", "DEPUTY_HEAD+LEGAL_REPRESENTATIVE"]


class DiffersAnywayError(Exception):
    """What noticed a flip finds the same without it: it proves nothing."""


@dataclass(frozen=True)
class Probe:
    """Something asked of somebody, and of what kind it is; asking gives what differs from what is expected."""

    name: str
    what: str
    ask: Callable[[], AsyncIterator[str]]


def _what(sheet: Sheet) -> str:
    return " ".join(sheet.document.types)


@dataclass
class Trial:
    """The application with its wall and without it, and everything that they are asked."""

    owner_url: str
    world: World
    cases: dict[str, Case]
    doors: dict[str, Door]
    wall: "Wall"
    """As the unflipped rules give it."""
    sheets: dict[str, list[Sheet]] = field(default_factory=dict)
    hits: Counter[str] = field(default_factory=Counter)
    """How often each kind of request has noticed something: what has, is asked first."""
    proved: set[str] = field(default_factory=set)
    """Probes that were asked without any flip, and found nothing."""
    probe: "Probe | None" = None
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
        """The first difference that the flip makes; empty when it survives.

        What differs must not differ without the flip: whatever has noticed is asked again, once for all flips.
        """
        judges = {"answers": self._by_answers, "wall": self._by_wall, "journal": self._by_journal, "pen": self._by_pen,
                  "giving": self._by_giving, "places": self._by_places}  # fmt: skip
        judge = judges[flip.kind]
        self.probe = None
        with flip.change():
            self._forget()
            found = await judge(flip) or self._refused()
        self._forget()
        if found and self.probe is not None and self.probe.name not in self.proved:
            unflipped = [one async for one in self.probe.ask()]
            if unflipped:
                raise DiffersAnywayError(f"{self.probe.name}: {unflipped[0]}")
            self.proved.add(self.probe.name)
        return found

    def _refused(self) -> str:
        """Whether the server would not even start; asked only about what no answer shows."""
        try:
            check(self.schema)
        except UnsafeSchemaError as error:
            return f"{REFUSED}: {str(error).splitlines()[0]}"
        return ""

    async def _first_of(self, probes: Iterable["Probe"]) -> str:
        """The first difference that any of them shows."""
        for probe in probes:
            async for one in probe.ask():
                self.probe = probe
                self.hits[probe.what] += 1
                return f"{probe.name}: {one}"
        return ""

    async def _by_answers(self, flip: Flip) -> str:
        # A reason for leaving out is tried on what is nearest to the rule, by those who are likely to notice.
        names = self._asked(flip, "everything")[: 2 if flip.excused else None]
        return await self._first_of(self._probes(flip, names))

    def _probes(self, flip: Flip, names: Sequence[str]) -> Iterator["Probe"]:
        """What is likely to notice first: rows of the types concerned, then all others; then again with the wall."""
        asked = [("bare", True), ("walled", True), ("bare", False), ("walled", False)]
        # What a role may do, is read by the filter and told to the wall: far from the rule, the filter shows it first.
        few = 2 if flip.excused else 3 if flip.holders or flip.alone else 4
        for door, near in asked[:few]:
            for name in names:
                parts = [one for one in self._sheets(name) if bool(flip.types & {*one.document.types}) is near]
                for sheet in sorted(parts, key=lambda one: -self.hits[_what(one)]):
                    if near or not flip.within:
                        yield Probe(
                            f"{door}, {name}, {_what(sheet)}",
                            _what(sheet),
                            partial(self._marked, door, name, sheet),
                        )
                if near is ("Query" in flip.types) and not flip.within:
                    yield Probe(f"{door}, {name}, roots", "roots", partial(self._roots, door, name))

    def _asked(self, flip: Flip, *more: str) -> list[str]:
        """Who is asked: those first who are likely to notice, and nobody whom the flip cannot concern."""
        if flip.alone:
            return list(flip.first)
        return [name for name in _first((*flip.first, *more), self.cases) if self._concerns(flip, name)]

    def _concerns(self, flip: Flip, name: str) -> bool:
        return not flip.holders or any(held.role in flip.holders for held in self.cases[name].expected.who.held)

    async def _by_wall(self, flip: Flip) -> str:
        with self.wall.rebuilt():
            return await self._first_of(
                Probe(f"wall, {name}", "wall", partial(self._wall_differences, name)) for name in self._asked(flip)
            )

    async def _by_pen(self, flip: Flip) -> str:
        with self.wall.rebuilt() if flip.name.startswith("pen:") else nullcontext():
            return await self._first_of(
                Probe(f"pen, {name}, {one.__name__}", "pen", partial(self._pen_differences, name, (one,)))
                for name in self._asked(flip)
                for one in flip.records or tuple(TRIED)
            )

    async def _by_giving(self, flip: Flip) -> str:
        for by in flip.givers:
            if by in SINGLE:
                async for one in self._giving_differences(by, flip.ways):
                    return one
        return ""

    async def _by_places(self, flip: Flip) -> str:
        """By the table alone: that the server asks it, tests/access/test_giving.py proves."""
        return next((f"{way}" for way in flip.ways if places_of(way) != HELD_AT.get(way, places_of(way))), "")

    async def _giving_differences(self, by: Role, ways: Sequence[Way]) -> AsyncIterator[str]:
        """What somebody may give, open, confirm or end otherwise than expected; tried so that nothing changes."""
        case, door, place = self.cases[SINGLE[by]], self.doors["walled"], self.world.schools["A"]
        roles = sorted({role for role, reach in ways if reach is ReachKind.PERSONS})
        tried = (
            grants(self.world, by, ways),
            cases_opened(self.world, place, roles),
            confirmations(self.world, case, ways),
        )
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

    async def _marked(self, door_name: str, name: str, sheet: Sheet) -> AsyncIterator[str]:
        answer = await sheet.ask(self.doors[door_name], self.cases[name].account)
        for one in sheet.mark(answer):
            yield one

    async def _roots(self, door_name: str, name: str) -> AsyncIterator[str]:
        door, case = self.doors[door_name], self.cases[name]
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
                    if let_through(await added(connection, record, one.of(person))) != allowed:
                        yield f"{record.__name__}: {'refused' if allowed else 'added'}"
                    if (
                        allowed
                        and one.of(stranger) != one.values
                        and let_through(await added(connection, record, one.of(stranger)))
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


class Wall:
    """The wall in the database, and how flipped rules change it."""

    def __init__(self, owner_url: str) -> None:
        """Remember what the rules give as they are."""
        self._engine = create_engine(owner_url, poolclass=NullPool)
        self._made, self._paths = _made(), wall.paths()
        with self._engine.begin() as connection:
            self._stored = connection.execute(CONDITIONS, {"names": list(MADE)}).all()
            self._bodies: dict[str, str] = {row.proname: row.prosrc for row in connection.execute(BODIES)}

    @contextmanager
    def rebuilt(self) -> Iterator[None]:
        """The wall as the flipped rules give it, where that differs; as it was, in the end."""
        changed, before = self._changes()
        self._run(changed)
        try:
            yield
        finally:
            self._run(before)

    def _changes(self) -> tuple[list[str], list[str]]:
        fresh = _made()
        changed: list[str] = []
        before: list[str] = []
        for name, body in wall.paths().items():
            if body != self._paths.get(name):
                changed.append(_function(name, body))
                before.append(_function(name, self._bodies[name]))
        for table, name, qual, asked in self._stored:
            condition = fresh[name].get(table, "false")
            if condition != self._made[name].get(table, "false"):
                changed.append(_policy(table, name, qual and condition, asked and condition))
                before.append(_policy(table, name, qual, asked))
        return changed, before

    def _run(self, statements: Sequence[str]) -> None:
        if statements:
            with self._engine.begin() as connection:
                for statement in statements:
                    connection.exec_driver_sql(statement)


def _made() -> dict[str, dict[str, str]]:
    return {name: make() for name, make in MADE.items()}


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
        yield Trial(owner_url, world, {case.name: case for case in chosen}, doors, Wall(owner_url))
