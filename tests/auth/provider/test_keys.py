"""Signing keys: three published, one signs, rotation without a restart, sealed at rest (O13)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import anyio
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, import_key
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from auth.provider.config import Lifetimes, ProviderConfig
from auth.provider.key_ring import KeyRing
from auth.provider.storage.signing_keys import SigningKeys
from auth.provider.store import ProviderStore
from auth.sealing import CannotUnsealError
from tests.auth.provider.browser import Browser

pytestmark = pytest.mark.anyio
Sql = Callable[..., Awaitable[list[Any]]]


@pytest.fixture
async def store(fresh_database: str, config: ProviderConfig) -> AsyncIterator[ProviderStore]:
    """A store over a database of its own: other tests would miss the keys that these remove."""
    engine = create_async_engine(fresh_database, pool_size=10)
    store = ProviderStore(config, engine)
    await store.prepare()
    yield store
    await engine.dispose()


@pytest.fixture
def keys(provider_engine: AsyncEngine, config: ProviderConfig) -> SigningKeys:
    """The keys in the database."""
    return SigningKeys(provider_engine, config.secret_key)


def ring(store: ProviderStore, keys: SigningKeys, clock: Callable[[], float]) -> KeyRing:
    """Another process."""
    return KeyRing(keys, store.events, Lifetimes(), clock)


async def published(browser: Browser) -> Any:
    """The key set as anybody sees it."""
    return (await browser.http.get("/oidc/jwks")).json()


async def states(sql: Sql, alg: str = "ES256") -> dict[str, str]:
    """Key identifiers by state."""
    return {
        row.state: row.kid
        for row in await sql("select kid, state from provider.signing_keys where alg = :alg", alg=alg)
    }


async def test_published_keys_are_public(browser: Browser) -> None:
    """Two algorithms, each with a current and a next key at least, and no private member."""
    for key in (await published(browser))["keys"]:
        assert set(key) <= {"kty", "kid", "alg", "use", "crv", "x", "y", "n", "e"}
        assert key["use"] == "sig"


async def test_database_refuses_a_private_member_among_the_public(sql: Sql) -> None:
    """Even a mistake of ours could not publish it."""
    with pytest.raises(Exception, match="signing_keys_public_jwk_check"):
        await sql('update provider.signing_keys set public_jwk = public_jwk || \'{"d": "x"}\'')


async def test_rotation_changes_the_signing_key_and_keeps_old_tokens(
    browser: Browser, store: ProviderStore, sql: Sql
) -> None:
    """What waited signs now; what signed is published without its private half; tokens of both verify."""
    before, old = await states(sql), (await browser.tokens())["access_token"]
    await store.keys.rotate("ES256")
    after, new = await states(sql), (await browser.tokens(prompt="login"))["access_token"]
    key_set = KeySet.import_key_set(await published(browser))

    assert after["current"] == before["next"]
    assert after["previous"] == before["current"]
    assert jwt.decode(old, key_set, ["ES256"]).header["kid"] == before["current"]
    assert jwt.decode(new, key_set, ["ES256"]).header["kid"] == after["current"]
    assert (await browser.http.get("/oidc/userinfo", headers={"Authorization": f"Bearer {old}"})).status_code == 200
    assert await sql("select 1 from provider.signing_keys where state = 'previous' and sealed_private is null")
    assert await sql("select 1 from provider.security_events where kind = 'key_rotation'")


async def test_another_process_signs_with_the_new_key_within_seconds(
    store: ProviderStore, keys: SigningKeys, sql: Sql
) -> None:
    """Processes share the keys through the database; until they look, they sign with a key that is still published."""
    seconds = [0.0]
    other = ring(store, keys, lambda: seconds[0])
    first = await other.sign("ES256", "JWT", {"sub": "1"})
    await store.keys.rotate("ES256")
    stale = await other.sign("ES256", "JWT", {"sub": "1"})
    seconds[0] = 11.0
    fresh = await other.sign("ES256", "JWT", {"sub": "1"})

    kid = (await states(sql))["current"]
    key_set = KeySet([import_key(key) for key in (await store.keys.jwks())["keys"]])
    assert [jwt.decode(token, key_set, ["ES256"]).header["kid"] == kid for token in (first, stale, fresh)] == [
        False,
        False,
        True,
    ]


async def test_first_keys_are_made_once_by_many_processes(sql: Sql, keys: SigningKeys) -> None:
    """Eight processes that start together make two keys of each algorithm."""
    await sql("delete from provider.signing_keys")
    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(keys.ensure)

    rows = await sql("select alg, state from provider.signing_keys order by 1, 2")
    assert [tuple(row) for row in rows] == [
        ("ES256", "current"),
        ("ES256", "next"),
        ("RS256", "current"),
        ("RS256", "next"),
    ]


async def test_due_rotation_happens_once_for_many_processes(sql: Sql, keys: SigningKeys) -> None:
    """After 90 days the first that looks rotates, the others find nothing due."""
    await sql(
        "update provider.signing_keys set created_at = vhod.now() - interval '91 days', "
        "current_since = case when state = 'current' then vhod.now() - interval '91 days' end where alg = 'ES256' "
        "and state <> 'previous'"
    )
    before = await states(sql)
    done: list[list[str]] = []

    async def look() -> None:
        done.append(await keys.rotate_due(Lifetimes().key_period, Lifetimes().key_notice))

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(look)

    assert sorted(done)[-1] == ["ES256"]
    assert sorted(done)[:-1] == [[]] * 7
    assert (await states(sql))["current"] == before["next"]


async def test_next_key_is_published_for_a_day_before_it_signs(sql: Sql, keys: SigningKeys) -> None:
    """However old the current key is."""
    await sql(
        "update provider.signing_keys set current_since = vhod.now() - interval '91 days' where state = 'current'"
    )
    await sql("update provider.signing_keys set created_at = vhod.now() - interval '23 hours' where state = 'next'")
    due = await keys.rotate_due(Lifetimes().key_period, Lifetimes().key_notice)

    assert due == []


async def test_previous_keys_leave_after_a_day_but_the_last_stays(sql: Sql, keys: SigningKeys) -> None:
    """Two quick rotations do not orphan a token that is still valid."""
    await sql("delete from provider.signing_keys where state = 'previous'")
    await keys.rotate("ES256")
    await keys.rotate("ES256")
    quick = await sql("select 1 from provider.signing_keys where alg = 'ES256' and state = 'previous'")
    await sql(
        "update provider.signing_keys set previous_since = previous_since - interval '25 hours' "
        "where state = 'previous'"
    )
    await keys.rotate("ES256")
    later = await sql("select 1 from provider.signing_keys where alg = 'ES256' and state = 'previous'")

    assert len(quick) == 2
    assert len(later) == 1


async def test_keys_are_sealed_with_the_secret_key(sql: Sql, provider_engine: AsyncEngine) -> None:
    """The database alone gives no private key away; another secret key says so clearly."""
    sealed = await sql("select sealed_private from provider.signing_keys where sealed_private is not null")
    with pytest.raises(CannotUnsealError, match="another secret key"):
        await SigningKeys(provider_engine, "quite another secret key").load()

    assert sealed
    assert not [row for row in sealed if b'"d"' in bytes(row[0]) or b"kty" in bytes(row[0])]
