"""Who sees what: every field of the built schema, of every row, as every role, pair of roles, and trap."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from typing import Any

import httpx2
import pytest
import uvicorn

from domain.roles import Role
from tests.access.cases import OTHERS, PAIRS, SINGLE, Cases
from tests.access.contract import RECORDS
from tests.access.door import Account, Door, ask, make_application
from tests.access.examination import documents, examine
from tests.access.journal import expected_record, recorded
from tests.access.registers import SERVICES
from tests.access.world import World

pytestmark = pytest.mark.anyio

NAMES = [*SINGLE.values(), *PAIRS, "everything", *OTHERS, *SERVICES]


async def test_anonymous_caller_sees_every_cell_as_expected(door: Door, cases: Cases) -> None:
    """Without a token there is the public data, and nothing of anybody."""
    assert await examine(door, cases.anonymous(), cases.items()) == []


async def test_signed_in_stranger_sees_what_a_guest_sees(door: Door, cases: Cases) -> None:
    """A token of somebody whom nobody here has confirmed opens nothing."""
    assert await examine(door, cases.unknown(), cases.items()) == []


@pytest.fixture(scope="module")
def examined(door: Door, cases: Cases) -> Callable[[str], Awaitable[list[str]]]:
    """What differs when everything is asked as somebody, through a client of its own: asked once, judged by two."""
    found: dict[str, list[str]] = {}

    async def ask(name: str) -> list[str]:
        if name not in found:
            case = cases.of(name)
            assert case.account is not None
            through = case.account if name in SERVICES else replace(case.account, client=f"journal of {name}")
            found[name] = await examine(door, replace(case, account=through), cases.items())
        return found[name]

    return ask


@pytest.mark.parametrize("name", NAMES)
async def test_every_cell_is_as_expected(name: str, examined: Callable[[str], Awaitable[list[str]]]) -> None:
    """Allowed cells equal their canary, denied ones appear nowhere and are counted, other rows do not exist."""
    assert await examined(name) == []


@pytest.mark.parametrize("number", range(5))
async def test_client_and_account_only_take_away(number: int, door: Door, cases: Cases) -> None:
    """All roles at once, through clients without reading, notes, or writing, and from accounts of a lower level."""
    case = cases.limited()[number]

    assert await examine(door, case, cases.items()) == []


@pytest.mark.parametrize("name", PAIRS)
async def test_second_role_takes_nothing_away(name: str, cases: Cases) -> None:
    """What is expected of a pair is never less than of either of its roles alone, and the answers are as expected."""
    both = cases.of(name).expected
    for role in [Role(word) for word in name.split("+")]:
        alone = cases.only(name, role).expected
        for item in cases.items():
            assert alone.visible(item) <= both.visible(item)
            for place in cases.places[item.type_name]:
                assert not alone.visible(item) or alone.sight(item, place.coordinate) <= both.sight(
                    item, place.coordinate
                )


@pytest.mark.parametrize("name", [*SINGLE.values(), "everything", "banned parent"])
async def test_access_journal_names_what_was_read_outside_daily_work(
    name: str, world_database: str, door: Door, cases: Cases, examined: Callable[[str], Awaitable[list[str]]]
) -> None:
    """Special data always, personal data outside one's own class, child or self: whose, and of which type."""
    await examined(name)
    await door.services.journal.flush()

    found = recorded(world_database, f"journal of {name}")
    assert found == expected_record(cases.of(name).expected, cases.items())


@pytest.mark.parametrize("name", ["teacher", "parent", "coordinator", "stranger"])
async def test_foreign_id_and_random_id_are_answered_alike(name: str, door: Door, cases: Cases) -> None:
    """`node` cannot be used to find out what exists: byte for byte the same answer."""
    case = cases.of(name)
    foreign = [item for item in cases.items() if not case.expected.visible(item)]
    assert len(foreign) > 100
    for type_name in RECORDS:
        hidden = next((item for item in foreign if item.type_name == type_name), None)
        if hidden is None:
            continue
        query = f"query Probe($id: ID!) {{ node(id: $id) {{ __typename ... on {type_name} {{ id }} }} }}"
        told = await door.ask(query, case.account, id=hidden.id)
        key = hidden.id.partition(":")[2]
        random = f"{type_name}:{key[:-4]}{'0000' if key[-4:] != '0000' else '1111'}"
        assert (told.status, told.text) == (200, (await door.ask(query, case.account, id=random)).text)


@pytest.mark.parametrize("root", ["organisation", "classGroup", "student", "journal"])
async def test_look_up_by_foreign_id_and_random_id_are_answered_alike(root: str, door: Door, cases: Cases) -> None:
    """The same at the roots of single objects."""
    case = cases.of("teacher")
    type_name = root[0].upper() + root[1:]
    hidden = [item for item in cases.items() if item.type_name == type_name and not case.expected.visible(item)]
    query = f"query Probe($id: ID!) {{ {root}(id: $id) {{ id }} }}"
    nothing = (await door.ask(query, case.account, id=f"{type_name}:00000000-0000-4000-8000-000000000000")).text

    answers = {(await door.ask(query, case.account, id=item.id)).text for item in hidden}
    assert answers == (set() if type_name == "Organisation" else {nothing})


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve over a real socket of the loopback, on a free port; gives the address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # who comes before the server is ready waits, and is not turned away
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        thread = Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
async def over_http(world_database: str, world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that speaks HTTP over a socket to the application."""
    app, _ = make_application(world_database)
    with served(app) as address:
        async with httpx2.AsyncClient(base_url=address, trust_env=False, timeout=20) as client:
            yield client


@pytest.mark.parametrize("name", ["teacher", "parent", "banned parent"])
async def test_answers_over_a_socket_are_those_of_the_application(
    name: str, over_http: httpx2.AsyncClient, door: Door, cases: Cases
) -> None:
    """Nothing between socket and application adds, drops or keeps anything: byte for byte the same body."""
    case = cases.of(name)
    for document, part in documents(cases.places, cases.items()):
        query = f"query Nodes($ids: [ID!]!) {{ nodes(ids: $ids) {{ {document.selection()} }} }}"
        ids = [item.id for item in part]
        sent = await ask(over_http, query, case.account, ids=ids)
        assert sent.text == (await door.ask(query, case.account, ids=ids)).text
        assert "cache-control: no-store" in sent.headers.lower()


async def test_me_shows_the_account_the_roles_and_the_children_of_the_caller(door: Door, cases: Cases) -> None:
    """`me` is the only place that answers with one's own: account, live roles, live children."""
    query = "{ me { standing person { id } assignments { id role } children { id } } }"
    for name in [*SINGLE.values(), "everything", "banned parent", "stranger"]:
        case = cases.of(name)
        me = (await door.ask(query, case.account)).data["me"]
        roles = [held.role.value for held in case.expected.roles if held.role not in (Role.GUEST, Role.SIGNED_IN)]
        represents = Role.LEGAL_REPRESENTATIVE.value in roles

        assert me["person"] == {"id": f"Person:{case.expected.who.person}"}
        assert sorted(one["role"] for one in me["assignments"]) == sorted(roles)
        assert {one["id"] for one in me["children"]} == (
            {f"Student:{child}" for child in case.expected.who.children} if represents else set()
        )
        assert me["standing"] == ("ACTIVE" if roles else "NO_ROLE")


async def test_me_of_an_anonymous_caller_is_nobody(door: Door) -> None:
    """No account, no roles, no children; the advice says to sign in."""
    query = "{ me { standing person { id } assignments { id } children { id } } }"
    anonymous = (await door.ask(query)).data["me"]
    unknown = (await door.ask(query, Account("a subject that nobody has"))).data["me"]

    assert anonymous == {"standing": "ANONYMOUS", "person": None, "assignments": [], "children": []}
    assert unknown == {**anonymous, "standing": "UNKNOWN"}
