"""Budgets: counted in the database for all processes together, leased in blocks, told to whoever asks."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from api.budgets.accounts import Account
from api.budgets.budgets import Budgets, accounts_of, network_of
from api.budgets.holding import BLOCKS, WINDOW_SECONDS
from api.budgets.ledger import DatabaseLedger
from api.database import DatabaseUrls, make_engine
from auth.viewer import Caller
from domain.errors import RateLimited
from tests.schema.demo import Demo, open_demo, seeded_template

pytestmark = pytest.mark.anyio

PERSON = Caller("https://issuer", "somebody", "vhod-spa", frozenset())
OTHER = Caller("https://issuer", "somebody else", "vhod-spa", frozenset())
COMPILED = "{ organisations(first: 9) { nodes { name } } }"
REFERENCE = '{ __type(name: "Mark") { name } }'
BUDGET = "{ rateLimit { limit cost remaining resetAt } }"


@pytest.fixture(scope="module")
def urls(database_server: object, database_template: str) -> Iterator[DatabaseUrls]:
    """A migrated database of this module's own."""
    with database_server.clone(database_template) as url:  # type: ignore[attr-defined]
        yield DatabaseUrls.of_owner(url)


@pytest.fixture
async def processes(urls: DatabaseUrls) -> AsyncIterator[list[Budgets]]:
    """Three processes as far as budgets are concerned: each has its own connection and its own memory."""
    points = {Account.ADDRESS: 100, Account.PERSON: 1_000, Account.CLIENT: 1_500, Account.SERVICE: 100}
    engines = [make_engine(urls.app, pool_size=1) for _ in range(3)]
    owner = create_async_engine(urls.owner)
    async with owner.begin() as connection:
        await connection.execute(text("truncate budget.spending"))
    yield [Budgets(DatabaseLedger(engine), points) for engine in engines]
    for engine in (*engines, owner):
        await engine.dispose()


async def spend(budgets: Budgets, caller: Caller | None, points: int, times: int) -> int:
    """How many of so many requests at once are paid."""
    found = await asyncio.gather(
        *(budgets.purse(caller, "192.0.2.1").take(points) for _ in range(times)), return_exceptions=True
    )
    assert all(one is None or isinstance(one, RateLimited) for one in found)
    return found.count(None)


async def test_processes_share_one_budget(processes: list[Budgets]) -> None:
    """Never more than the budget, and at most a block of each process is left unspent."""
    spent = await asyncio.gather(*(spend(one, PERSON, 3, 400) for one in processes))
    left = 1_000 - 3 * sum(spent)

    assert 0 <= left <= len(processes) * (1_000 // BLOCKS)
    assert await spend(processes[0], OTHER, 3, 10) == 10


async def test_client_has_a_budget_beside_its_persons(processes: list[Budgets]) -> None:
    """What the client's budget refuses is not taken from the person's."""
    first, second = await spend(processes[0], PERSON, 10, 100), await spend(processes[0], OTHER, 10, 100)
    balance = processes[0].purse(OTHER, None).holdings[0].balance()

    assert (first, second) == (100, 50)
    assert balance.remaining == 500


async def test_known_budget_costs_no_statement(processes: list[Budgets]) -> None:
    """One lease for a block; what is spent is refused without asking, too."""
    asked = 0
    budgets = processes[0]
    lease = budgets.ledger.lease

    class Counting:
        async def lease(self, *given: object) -> object:
            nonlocal asked
            asked += 1
            return await lease(*given)  # type: ignore[arg-type]

    budgets.ledger = Counting()  # type: ignore[assignment]
    paid = await spend(budgets, None, 1, 100)
    leases, asked = asked, 0
    refused = await spend(budgets, None, 1, 100)

    assert (paid, leases, refused, asked) == (100, BLOCKS, 0, 0)


async def test_refusal_says_when_the_window_is_over(processes: list[Budgets]) -> None:
    """Whole seconds, of this window; afterwards the budget is whole again."""
    budgets = processes[0]
    await spend(budgets, None, 50, 2)
    with pytest.raises(RateLimited) as refused:
        await budgets.purse(None, "192.0.2.1").take(1)
    async with budgets.ledger.engine.begin() as connection:  # type: ignore[attr-defined]
        await connection.execute(text("update budget.spending set until = vhod.now() - interval '1 second'"))
    budgets.purse(None, "192.0.2.1").holdings[0].until = 0.0

    assert 0 < refused.value.retry_after_seconds <= WINDOW_SECONDS
    assert await spend(budgets, None, 50, 3) == 2


async def test_request_is_paid_once(processes: list[Budgets]) -> None:
    """Whichever executor answers in the end; a free one costs a point."""
    purse = processes[0].purse(PERSON, None)
    await purse.take(0)
    await purse.take(900)

    assert purse.balance().remaining == 999


async def test_ledger_that_is_away_refuses_nobody(urls: DatabaseUrls) -> None:
    """There is no second cause of refusal; the request itself will meet the database's absence."""
    nowhere = make_engine(urls.app.set(host="127.0.0.1", port=1), pool_size=1)
    budgets = Budgets(DatabaseLedger(nowhere), dict.fromkeys(Account, 100))

    assert await spend(budgets, PERSON, 1, 20) == 20


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("::ffff:192.0.2.1", "192.0.2.1"),
        (None, "none"), ("testclient", "none"),
    ],
)  # fmt: skip
def test_address_is_counted_by_its_house(address: str | None, network: str) -> None:
    """A subscriber of IPv6 has a network of addresses."""
    assert network_of(address) == network


def test_accounts_of_each_kind_of_caller() -> None:
    """A service has its own, a person shares the client's with others."""
    service = Caller("https://issuer", "diary", "diary", frozenset())

    assert accounts_of(service, "192.0.2.1") == [("SERVICE", "https://issuer", "diary")]
    assert accounts_of(None, "192.0.2.1") == [("ADDRESS", "192.0.2.1")]
    assert [kind for kind, *_ in accounts_of(PERSON, None)] == ["PERSON", "CLIENT"]


# --- Over HTTP


@pytest.fixture(scope="module")
async def demo(database_server: object, database_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over the demo, every person with a budget of 100 points."""
    with (
        seeded_template(database_server, database_template) as name,
        database_server.clone(name) as url,  # type: ignore[attr-defined]
    ):
        async with open_demo(url) as opened:
            opened.app.state.services.budgets.points.update(dict.fromkeys(Account, 100) | {Account.CLIENT: 10_000})
            yield opened


@pytest.mark.parametrize(("viewer", "document"), [("teacher", COMPILED), ("deputy-head", REFERENCE)])
async def test_spent_budget_is_429_by_both_executors(demo: Demo, viewer: str, document: str) -> None:
    """With the seconds to wait, for programs and for what stands between; others go on."""
    for _ in range(10):
        paid = await demo.query(document, viewer=viewer)
    refused = await demo.query(document, viewer=viewer)
    other = await demo.query(document, viewer="student")

    assert (paid.response.status_code, other.response.status_code) == (200, 200)
    assert (refused.response.status_code, refused.codes) == (429, ["RATE_LIMITED"])
    wait = refused.errors[0]["extensions"]["retryAfter"]
    assert refused.response.headers["Retry-After"] == str(wait)
    assert 0 < wait <= WINDOW_SECONDS
    assert refused.errors[0]["message"] == f"Лимит запросов исчерпан. Повторите тот же запрос через {wait} с."


async def test_budget_can_be_asked_for(demo: Demo) -> None:
    """By anybody; the question itself is paid first."""
    for _ in range(2):
        answer = await demo.query(BUDGET, viewer="org-admin")
    found = answer.data["rateLimit"]

    assert (found["limit"], found["cost"], found["remaining"]) == (100, 1, 98)
    assert (await demo.query(BUDGET, viewer=None)).data["rateLimit"]["limit"] == 100
