"""Each way a token can be wrong, and the ways in which it may differ and still be right."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jws import JWSRegistry

from auth.claims import VerifiedClaims
from auth.errors import InvalidToken, Reason
from auth.issuers import Issuer
from auth.keys import KeySource
from auth.tokens import MAX_SIGNATURE_CHECKS, MAX_TOKEN_CHARACTERS, Verifier
from tests.auth.hostile.layouts import (
    LAYOUTS,
    NOW,
    SECONDS,
    Published,
    foreign,
    key_set,
    keycloak,
    make_verifier,
    stand_in,
)
from tests.auth.hostile.rows import ROWS, Row, attacker

pytestmark = pytest.mark.anyio

HOSTILE = [pytest.param(row, layout, id=f"{layout}: {row.situation}") for row in ROWS for layout in row.layouts]


@pytest.mark.parametrize(("row", "layout"), HOSTILE)
async def test_hostile_token_is_refused_for_its_own_reason(row: Row, layout: str) -> None:
    """A hostile token is refused by the very check that was made for it."""
    verifier, _ = make_verifier(stand_in(), keycloak())
    token = row.forge(LAYOUTS[layout]())

    with pytest.raises(InvalidToken) as refused:
        await verifier.verify(token)

    assert refused.value.reason is row.reason


def test_table_of_hostile_tokens_is_complete() -> None:
    """No situation stands twice, each layout meets at least sixty, and no reason is without a token."""
    names = [str(param.id) for param in HOSTILE]

    assert len(set(names)) == len(names)
    assert min(sum(name in row.layouts for row in ROWS) for name in LAYOUTS) >= 60
    assert {row.reason for row in ROWS} == set(Reason) - {Reason.CREDENTIALS}  # that one is HTTP's


async def test_token_of_the_stand_in_is_read_whole() -> None:
    """Every claim of a good token arrives in its type."""
    verifier, _ = make_verifier(stand_in())

    claims = await verifier.verify(stand_in().token())

    assert claims == VerifiedClaims(
        issuer="http://127.0.0.1:8000/oidc",
        subject="1000299353",
        client_id="vhod-spa",
        scopes=frozenset({"openid", "education:read", "education:write"}),
        auth_time=datetime(2026, 11, 22, 9, 55, tzinfo=UTC),
        amr=("pwd",),
        level="PR",
        trusted=True,
        expires_at=datetime(2026, 11, 22, 10, 9, tzinfo=UTC),
        token_id="1f0c5b8e",
        unknown_claims=(),
    )


async def test_token_of_keycloak_has_neither_level_nor_trust() -> None:
    """What an issuer does not say is unknown or false, and its roles are ignored by name."""
    verifier, _ = make_verifier(stand_in(), keycloak())

    claims = await verifier.verify(keycloak().token())

    assert (claims.client_id, claims.level, claims.trusted, claims.amr) == ("diary", None, False, ())
    assert claims.unknown_claims == ()


async def test_foreign_issuer_is_accepted_by_settings_alone() -> None:
    """Another algorithm, audience, type and claim layout need no code."""
    verifier, _ = make_verifier(foreign(), stand_in())

    claims = await verifier.verify(foreign().token())

    assert (claims.subject, claims.client_id, claims.level) == ("1000299353", "journal", "KD")
    assert claims.scopes == {"education:read"}
    assert (claims.trusted, claims.token_id, claims.auth_time, claims.amr) == (False, None, None, ())


async def test_claim_that_nobody_accounts_for_is_named() -> None:
    """Unknown claims change nothing and are reported: names only, fit for a line of a log."""
    layout = stand_in()
    verifier, _ = make_verifier(layout)

    claims = await verifier.verify(layout.token(claims={**layout.claims, "zoo": "secret", "a\nb": 1, "\ud800": 2}))

    assert claims.unknown_claims == (r"'\ud800'", r"'a\nb'", "zoo")


HARMLESS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("typ in capitals", {"typ": "AT+JWT"}, {}),
    ("typ as a whole media type", {"typ": "application/at+jwt"}, {}),
    ("header parameters of ESIA", {"ver": 1, "sbt": "access"}, {}),
    ("thumbprint of a certificate", {"x5t#S256": "4pNz"}, {}),
    ("header of a kilobyte", {"extra": "x" * 1024}, {}),
    ("audience among others", {}, {"aud": ["account", "vhod-api"]}),
    ("scope as a list", {}, {"scope": ["openid", "education:read"]}),
    ("expired within the leeway", {}, {"exp": SECONDS - 29}),
    ("issuer's clock 20 s ahead", {}, {"iat": SECONDS + 20, "nbf": SECONDS + 20, "auth_time": SECONDS + 20}),
    ("longest lifetime", {}, {"exp": SECONDS - 60 + 3600}),
    ("moments with fractions", {}, {"iat": SECONDS - 60.5, "exp": SECONDS + 540.25}),
    ("azp that agrees with client_id", {}, {"azp": "vhod-spa"}),
    ("amr as ESIA writes it", {}, {"amr": "PWD"}),
    ("subject of 255 characters", {}, {"sub": "1" * 255}),
]


@pytest.mark.parametrize(("header", "claims"), [row[1:] for row in HARMLESS], ids=[row[0] for row in HARMLESS])
async def test_token_with_a_harmless_difference_is_accepted(header: dict[str, Any], claims: dict[str, Any]) -> None:
    """The checks are no stricter than the standards."""
    layout = stand_in()
    verifier, _ = make_verifier(layout)

    verified = await verifier.verify(layout.token({**layout.header, **header}, {**layout.claims, **claims}))

    assert verified.client_id == "vhod-spa"


async def test_child_keeps_the_level_of_a_child() -> None:
    """The level KD arrives, and an account that does not say it is confirmed is not."""
    layout = stand_in()
    verifier, _ = make_verifier(layout)
    claims = {name: value for name, value in layout.claims.items() if name != "urn:esia:sbj:is_tru"}

    verified = await verifier.verify(layout.token(claims={**claims, "urn:esia:sbj:lvl": "KD"}))

    assert (verified.level, verified.trusted) == ("KD", False)


async def test_trusted_issuer_cannot_speak_in_the_name_of_another() -> None:
    """A token that names one issuer and is signed by another is refused, though both are trusted."""
    ours, theirs = stand_in(), keycloak()
    verifier, _ = make_verifier(ours, theirs)
    token = ours.token({**ours.header, "typ": "JWT"}, {**ours.claims, "iss": theirs.issuer.issuer})

    with pytest.raises(InvalidToken) as refused:
        await verifier.verify(token)

    assert refused.value.reason is Reason.UNKNOWN_KEY


@pytest.fixture
def signature_checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The algorithm of each signature check made from now on."""
    made: list[str] = []

    def counted(name: str, verify: Callable[..., bool]) -> Callable[..., bool]:
        def check(*arguments: Any) -> bool:
            made.append(name)
            return verify(*arguments)

        return check

    for name, algorithm in JWSRegistry.algorithms.items():
        monkeypatch.setattr(algorithm, "verify", counted(name, algorithm.verify))
    return made


async def test_good_token_costs_one_signature_check(signature_checks: list[str]) -> None:
    """A token with a kid is checked with one key; the keys are fetched once for many tokens."""
    verifier, published = make_verifier(stand_in(), keycloak())

    for _ in range(3):
        await verifier.verify(stand_in().token())

    assert signature_checks == ["ES256"] * 3
    assert published.asked == [stand_in().issuer.jwks_uri]


async def test_token_too_long_costs_no_work(signature_checks: list[str]) -> None:
    """Over-long text is refused before anything is decoded, fetched or computed."""
    layout = stand_in()
    verifier, published = make_verifier(layout)
    filling = MAX_TOKEN_CHARACTERS - len(layout.token()) + 1

    with pytest.raises(InvalidToken):
        await verifier.verify(layout.token() + "A" * filling)

    assert signature_checks == []
    assert published.asked == []


@pytest.mark.parametrize("name", LAYOUTS)
async def test_whole_table_of_hostile_tokens_causes_one_fetch(name: str, signature_checks: list[str]) -> None:
    """Hostile tokens make the issuer no trouble, and none costs more than one signature check."""
    verifier, published = make_verifier(LAYOUTS[name]())
    tokens = [row.forge(LAYOUTS[name]()) for row in ROWS if name in row.layouts]

    for token in tokens:
        with pytest.raises(InvalidToken):
            await verifier.verify(token)

    assert published.asked == [LAYOUTS[name]().issuer.jwks_uri]
    assert len(signature_checks) <= len(tokens)


async def test_token_without_kid_is_tried_with_a_bounded_number_of_keys(signature_checks: list[str]) -> None:
    """Where kid may be missing, every fitting key is tried, up to eight."""
    layout = stand_in()
    issuer = layout.issuer.model_copy(update={"allow_missing_kid": True})
    strangers = [{**attacker("ES256").as_dict(private=False), "kid": f"stranger-{n}"} for n in range(20)]
    header = {"alg": "ES256", "typ": "at+jwt"}

    async def verify_with(*keys: Any) -> VerifiedClaims:
        published = Published({str(issuer.jwks_uri): key_set(*keys)})
        source = KeySource(issuer, published.fetch, lambda: 0.0)
        return await Verifier([issuer], {issuer.issuer: source}, lambda: NOW).verify(layout.token(header=header))

    assert (await verify_with(*strangers[:3], layout.key)).subject == "1000299353"
    assert len(signature_checks) == 4
    with pytest.raises(InvalidToken):
        await verify_with(*strangers, layout.key)
    assert len(signature_checks) == 4 + MAX_SIGNATURE_CHECKS


def test_issuer_configured_twice_is_refused() -> None:
    """Two settings for one issuer would leave open which of them counts."""
    issuer = stand_in().issuer
    source = KeySource(issuer, Published({}).fetch)

    with pytest.raises(ValueError, match="twice"):
        Verifier([issuer, issuer], {issuer.issuer: source}, lambda: NOW)


UNSAFE: list[tuple[str, dict[str, Any]]] = [
    ("shared secret", {"algorithms": ["HS256"]}),
    ("no signature", {"algorithms": ["none"]}),
    ("no algorithm", {"algorithms": []}),
    ("no audience", {"audience": ""}),
    ("no type", {"typ": []}),
    ("misspelt setting", {"algoritms": ["ES256"]}),
    ("leeway of an hour", {"leeway_seconds": 3600}),
    ("token for a month", {"max_lifetime_seconds": 30 * 86400}),
    ("issuer no address", {"issuer": "vhod"}),
    ("issuer with a query", {"issuer": "https://id.example.test?realm=1"}),
    ("keys over plain http", {"jwks_uri": "http://id.example.test/keys"}),
    ("keys from a file", {"jwks_uri": "file:///etc/keys"}),
    ("password in the address", {"jwks_uri": "https://user:password@id.example.test/keys"}),
    ("level we have no word for", {"levels": {"child": "KID"}}),
]


@pytest.mark.parametrize("setting", [row[1] for row in UNSAFE], ids=[row[0] for row in UNSAFE])
def test_unsafe_setting_of_an_issuer_is_refused(setting: dict[str, Any]) -> None:
    """Settings that would open the door stop the start."""
    good = {"issuer": "https://id.example.test", "audience": "vhod-api"}

    assert Issuer.model_validate(good).algorithms == ("ES256", "RS256")
    with pytest.raises(ValueError, match="validation error"):
        Issuer.model_validate({**good, **setting})
