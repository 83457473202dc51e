"""An issuer's keys: how often they are fetched, how long they are kept, and which of them are used."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from auth.errors import InvalidToken, KeysUnavailable, Reason
from auth.issuers import Issuer
from auth.keys import HARD_LIFETIME_SECONDS, MAX_DOCUMENT_BYTES, MAX_KEYS, SOFT_LIFETIME_SECONDS, KeySource, read_keys
from auth.tokens import Verifier
from tests.auth.hostile.layouts import NOW, Key, Layout, key_set, stand_in

pytestmark = pytest.mark.anyio

ADDRESS = "https://id.example.test/realms/region"
ISSUER = Issuer(issuer=ADDRESS, audience="vhod-api", jwks_uri=f"{ADDRESS}/keys")
DISCOVERING = Issuer(issuer=ADDRESS, audience="vhod-api")
DISCOVERY = f"{ADDRESS}/.well-known/openid-configuration"


def make_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid})


@dataclass
class Web:
    """The issuer's web server under the test's control, and the clock."""

    documents: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    down: bool = False
    now: float = 1000.0
    gate: asyncio.Event | None = None

    async def fetch(self, address: str) -> bytes:
        """Answer at once, or after the gate is opened."""
        self.asked.append(address)
        if self.gate is not None:
            await self.gate.wait()
        if self.down:
            raise ConnectionError
        return self.documents[address]

    def publish(self, *keys: ECKey) -> None:
        self.documents[f"{ADDRESS}/keys"] = key_set(*keys)

    def source(self, issuer: Issuer = ISSUER) -> KeySource:
        return KeySource(issuer, self.fetch, lambda: self.now)


@pytest.fixture
def web() -> Web:
    made = Web()
    made.publish(make_key("first"))
    return made


async def settle() -> None:
    """Let every task that can go on do so; nothing here waits for time."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_key_is_found_by_its_id(web: Web) -> None:
    """One fetch serves many tokens."""
    source = web.source()

    found = [await source.find("first") for _ in range(100)]

    assert {key.kid for keys in found for key in keys} == {"first"}
    assert len(web.asked) == 1


@pytest.mark.parametrize("warm", [True, False])
async def test_five_hundred_unknown_ids_at_once_cause_one_fetch(web: Web, warm: bool) -> None:
    """A flood of forged ids costs the issuer one request, with keys at hand and without."""
    source = web.source()
    if warm:
        await source.find("first")
        web.now += 60
    web.asked.clear()
    web.gate = asyncio.Event()

    finds = [asyncio.create_task(source.find(f"forged-{n}")) for n in range(500)]
    await settle()
    web.gate.set()
    found = await asyncio.gather(*finds)

    assert found == [()] * 500
    assert len(web.asked) == 1


async def test_unknown_ids_one_after_another_cause_a_fetch_in_ten_seconds(web: Web) -> None:
    """A hundred seconds of forged ids, ten a second, are ten requests."""
    source = web.source()
    await source.find("first")
    web.asked.clear()

    for _ in range(1000):
        web.now += 0.1
        await source.find("forged")

    assert 9 <= len(web.asked) <= 10


async def test_key_made_since_is_found_by_asking_again(web: Web) -> None:
    """Rotation: the new key is found at its first token, the old one stays while it is published."""
    source = web.source()
    await source.find("first")
    web.publish(make_key("first"), make_key("second"))
    web.now += 10

    assert [key.kid for key in await source.find("second")] == ["second"]
    assert [key.kid for key in await source.find("first")] == ["first"]
    assert len(web.asked) == 2


async def test_retired_key_is_forgotten(web: Web) -> None:
    """A key that is published no more verifies nothing after the next refresh."""
    source = web.source()
    await source.find("first")
    web.publish(make_key("second"))
    web.now += SOFT_LIFETIME_SECONDS

    assert await source.find("first") != ()
    await settle()
    assert await source.find("first") == ()
    assert await source.find("second") != ()


async def test_refresh_runs_beside_the_requests(web: Web) -> None:
    """After the soft lifetime keys are still given at once, while one refresh waits for the issuer."""
    source = web.source()
    await source.find("first")
    web.now += SOFT_LIFETIME_SECONDS
    web.gate = asyncio.Event()

    for _ in range(50):
        assert await source.find("first") != ()
        await settle()

    assert len(web.asked) == 2
    await source.aclose()


async def test_outage_with_keys_at_hand_harms_nobody_for_a_day(web: Web) -> None:
    """Known keys go on for 24 hours, and the issuer is asked no more often than every ten seconds."""
    source = web.source()
    await source.find("first")
    web.down = True
    web.now += SOFT_LIFETIME_SECONDS
    web.asked.clear()

    for _ in range(100):
        web.now += 1
        assert await source.find("first") != ()
        await settle()

    assert 9 <= len(web.asked) <= 11
    web.now = 1000 + HARD_LIFETIME_SECONDS - 1
    assert await source.find("first") != ()
    await settle()
    web.now += 1
    with pytest.raises(KeysUnavailable):
        await source.find("first")


async def test_unknown_id_during_an_outage_is_undecided(web: Web) -> None:
    """A key made since could be behind it, so the token is not called bad; after the outage it is."""
    source = web.source()
    await source.find("first")
    web.down = True
    web.now += 60

    with pytest.raises(KeysUnavailable):
        await source.find("second")
    web.down = False
    web.now += 10
    assert await source.find("second") == ()


async def test_outage_at_the_start_is_told_from_a_bad_token(web: Web) -> None:
    """Without any key nobody can judge; the issuer is asked every two seconds, and its return noticed."""
    source = web.source()
    web.down = True

    for _ in range(20):
        with pytest.raises(KeysUnavailable) as unavailable:
            await source.find("first")
    assert len(web.asked) == 1
    assert unavailable.value.retry_after_seconds == 2
    web.down = False
    web.now += 2
    assert await source.find("first") != ()


async def test_verifier_without_keys_says_so(web: Web) -> None:
    """The verifier passes the outage on: 503, not 401."""
    layout = stand_in()
    web.down = True
    source = web.source(layout.issuer)
    verifier = Verifier([layout.issuer], {layout.issuer.issuer: source}, lambda: NOW)

    with pytest.raises(KeysUnavailable):
        await verifier.verify(layout.token())


async def test_caller_who_hangs_up_does_not_end_the_refresh_of_others(web: Web) -> None:
    """The first request starts the fetch; its cancellation is its own affair."""
    source = web.source()
    web.gate = asyncio.Event()
    first, second = (asyncio.create_task(source.find("first")) for _ in range(2))
    await settle()

    first.cancel()
    await settle()
    web.gate.set()

    assert await second != ()
    assert first.cancelled()
    assert len(web.asked) == 1


async def test_issuer_that_never_answers_is_given_up(web: Web) -> None:
    """The whole refresh has a deadline, however the fetcher behaves."""
    web.gate = asyncio.Event()
    source = KeySource(ISSUER, web.fetch, lambda: web.now, deadline_seconds=0.01)

    with pytest.raises(KeysUnavailable):
        await source.find("first")

    assert len(web.asked) == 1


DOCUMENTS: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("a page", b"<html>Maintenance</html>"),
    ("a list", b"[]"),
    ("without keys", b"{}"),
    ("keys no list", b'{"keys": {}}'),
    ("nested too deep", b"[" * 100_000),
    ("not UTF-8", b'{"keys": ["\xff"]}'),
    ("too long", b'{"keys": []}' + b" " * MAX_DOCUMENT_BYTES),
]


@pytest.mark.parametrize("document", [row[1] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS])
async def test_broken_key_set_changes_nothing(web: Web, document: bytes) -> None:
    """A document that is no key set is an outage: without keys undecided, with keys they stay."""
    cold, warm = web.source(), web.source()
    await warm.find("first")
    web.documents[f"{ADDRESS}/keys"] = document
    web.now += SOFT_LIFETIME_SECONDS

    with pytest.raises(KeysUnavailable):
        await cold.find("first")
    assert await warm.find("first") != ()
    await settle()
    assert await warm.find("first") != ()


async def test_empty_key_set_means_that_no_key_is_valid(web: Web) -> None:
    """An issuer that withdraws every key is believed."""
    source = web.source()
    web.documents[f"{ADDRESS}/keys"] = b'{"keys": []}'

    assert await source.find("first") == ()


def changed(**members: Any) -> dict[str, Any]:
    return {**make_key("bad").as_dict(private=False), **members}


def without(member: str) -> dict[str, Any]:
    return {name: value for name, value in changed().items() if name != member}


BAD_KEYS: list[tuple[str, Callable[[], Any]]] = [
    ("oct", lambda: OctKey.generate_key(256, {"kid": "bad"}).as_dict(private=True)),
    ("private", lambda: make_key("bad").as_dict(private=True)),
    ("for encryption", lambda: changed(use="enc")),
    ("use a list", lambda: changed(use=["sig"])),
    ("operations without verify", lambda: changed(key_ops=["encrypt"])),
    ("unknown kind", lambda: changed(kty="GOST")),
    ("kind a list", lambda: changed(kty=["EC"])),
    ("kind missing", lambda: without("kty")),
    ("unknown curve", lambda: changed(crv="P-257")),
    ("curve of no accepted algorithm", lambda: ECKey.generate_key("secp256k1", {"kid": "bad"}).as_dict(private=False)),
    ("curve for agreement", lambda: OKPKey.generate_key("X25519", {"kid": "bad"}).as_dict(private=False)),
    ("member missing", lambda: without("y")),
    ("point not on the curve", lambda: changed(x="AAAA")),
    ("no base64", lambda: changed(x="@@@@")),
    ("id a number", lambda: changed(kid=1)),
    ("RSA of 1024 bits", lambda: RSAKey.generate_key(1024, {"kid": "bad"}).as_dict(private=False)),
    ("RSA with exponent 1", lambda: {"kty": "RSA", "kid": "bad", "n": "sXch" * 86, "e": "AQ"}),
    ("null", lambda: None),
    ("text", lambda: "key"),
    ("list", list),
]


@pytest.mark.filterwarnings("ignore:Key size should be")
@pytest.mark.parametrize("make", [row[1] for row in BAD_KEYS], ids=[row[0] for row in BAD_KEYS])
def test_bad_key_costs_only_itself(make: Callable[[], Any]) -> None:
    """Bad keys are skipped one by one; those before and after them are used."""
    good = [key.as_dict(private=False) for key in (make_key("before"), make_key("after"))]

    keys = read_keys({"keys": [good[0], make(), good[1]]})

    assert [key.kid for key in keys] == ["before", "after"]


def test_every_kind_of_key_for_signatures_is_read() -> None:
    """RSA, the three NIST curves and the two of Edwards, with and without `use`."""
    made: list[Key] = [
        RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
        *(ECKey.generate_key(curve, {"kid": curve}) for curve in ("P-256", "P-384", "P-521")),
        *(OKPKey.generate_key(curve, {"kid": curve, "use": "sig"}) for curve in ("Ed25519", "Ed448")),
    ]

    keys = read_keys({"keys": [key.as_dict(private=False) for key in made]})

    assert [key.kid for key in keys] == ["rsa", "P-256", "P-384", "P-521", "Ed25519", "Ed448"]


def test_key_set_of_thousands_is_read_in_part() -> None:
    """Reading keys blocks the process, so their number is bounded."""
    member = make_key("same").as_dict(private=False)

    assert len(read_keys({"keys": [member] * 1000})) == MAX_KEYS


async def test_shared_secret_in_the_key_set_verifies_nothing(web: Web) -> None:
    """An `oct` key that slipped into the set is no key: neither for HS256 nor under its id."""
    layout = stand_in()
    secret = OctKey.generate_key(256, {"kid": "shared"}).as_dict(private=True)
    web.documents[str(layout.issuer.jwks_uri)] = key_set(secret, layout.key)
    source = web.source(layout.issuer)
    verifier = Verifier([layout.issuer], {layout.issuer.issuer: source}, lambda: NOW)

    assert await reason_of(verifier, layout, {"alg": "HS256", "kid": "shared"}) is Reason.ALGORITHM
    assert await reason_of(verifier, layout, {"kid": "shared"}) is Reason.UNKNOWN_KEY
    assert (await verifier.verify(layout.token())).subject


async def reason_of(verifier: Verifier, layout: Layout, header: dict[str, str]) -> Reason:
    with pytest.raises(InvalidToken) as refused:
        await verifier.verify(layout.token(header={**layout.header, **header}))
    return refused.value.reason


async def test_keys_are_discovered(web: Web) -> None:
    """Without a configured address the discovery document tells it, each time anew."""
    source = web.source(DISCOVERING)
    web.documents[DISCOVERY] = json.dumps({"issuer": ADDRESS, "jwks_uri": f"{ADDRESS}/keys"}).encode()

    assert await source.find("first") != ()
    assert web.asked == [DISCOVERY, f"{ADDRESS}/keys"]


def test_discovery_of_an_issuer_with_a_slash_has_one_slash() -> None:
    """OpenID Connect Discovery: a slash at the end of the issuer is removed before the path is added."""
    issuer = Issuer(issuer="https://id.example.test/", audience="vhod-api")

    assert issuer.discovery_uri == "https://id.example.test/.well-known/openid-configuration"


BAD_DISCOVERIES: list[tuple[str, dict[str, Any]]] = [
    ("another issuer", {"issuer": "https://evil.example"}),
    ("issuer with a slash", {"issuer": ADDRESS + "/"}),
    ("issuer in capitals", {"issuer": ADDRESS.upper()}),
    ("issuer missing", {"issuer": None}),
    ("address missing", {"jwks_uri": None}),
    ("address a list", {"jwks_uri": [f"{ADDRESS}/keys"]}),
    ("keys over plain http", {"jwks_uri": "http://id.example.test/keys"}),
    ("keys from a file", {"jwks_uri": "file:///etc/keys"}),
    ("relative address", {"jwks_uri": "/keys"}),
]


@pytest.mark.parametrize("change", [row[1] for row in BAD_DISCOVERIES], ids=[row[0] for row in BAD_DISCOVERIES])
async def test_bad_discovery_document_is_not_believed(web: Web, change: dict[str, Any]) -> None:
    """No key is fetched from where such a document points."""
    source = web.source(DISCOVERING)
    good = {"issuer": ADDRESS, "jwks_uri": f"{ADDRESS}/keys"}
    web.documents[DISCOVERY] = json.dumps({**good, **change}).encode()

    with pytest.raises(KeysUnavailable):
        await source.find("first")

    assert web.asked == [DISCOVERY]
