"""Properties of the verifier: whatever arrives, it verifies nothing forged and raises nothing but InvalidToken."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auth.claims import VerifiedClaims
from auth.errors import InvalidToken
from auth.tokens import Verifier
from tests.auth.hostile.layouts import LAYOUTS, encode, keycloak, make_verifier, stand_in

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # halves of surrogate pairs too
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
CLAIM_NAMES = st.sampled_from(sorted({*stand_in().claims, "nbf", "azp", "typ", "nonce"}))
HEADER_NAMES = st.sampled_from(["alg", "typ", "kid", "crit", "b64", "jwk", "jku", "x5u", "cty", "ver"])
TOKEN_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/~ "

quickly = settings(deadline=None, database=None, max_examples=100)


class Judge:
    """A verifier on a loop of its own, asked from ordinary functions."""

    def __init__(self, runner: asyncio.Runner, verifier: Verifier) -> None:
        self._runner = runner
        self._verifier = verifier

    def verdict(self, token: str) -> VerifiedClaims | None:
        """What the token says; None when it is refused. Any other error is passed on."""
        try:
            return self._runner.run(self._verifier.verify(token))
        except InvalidToken:
            return None


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with asyncio.Runner() as runner:
        yield Judge(runner, make_verifier(stand_in(), keycloak())[0])


def test_good_token_is_accepted_by_the_judge(judge: Judge) -> None:
    """The judge of the properties below can say yes."""
    claims = judge.verdict(stand_in().token())

    assert claims is not None
    assert claims.subject == stand_in().claims["sub"]


@quickly
@given(ANY_TEXT | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_random_text_never_verifies(judge: Judge, text: str) -> None:
    """Neither text nor bytes, as a header would carry them."""
    assert judge.verdict(text) is None


@quickly
@given(st.binary(), st.binary(), st.binary())
def test_random_segments_never_verify(judge: Judge, header: bytes, payload: bytes, signature: bytes) -> None:
    """Three segments well encoded, with anything in them."""
    assert judge.verdict(b".".join(map(encode, (header, payload, signature))).decode()) is None


@quickly
@given(st.sampled_from(sorted(LAYOUTS)), st.data())
def test_mutation_of_a_good_token_never_verifies(judge: Judge, layout: str, data: st.DataObject) -> None:
    """A piece of any length replaced by any other."""
    token = LAYOUTS[layout]().token()
    start = data.draw(st.integers(0, len(token)))
    end = data.draw(st.integers(start, min(len(token), start + 20)))
    mutation = token[:start] + data.draw(st.text(TOKEN_ALPHABET, max_size=20)) + token[end:]
    assume(mutation != token)

    assert judge.verdict(mutation) is None


@quickly
@given(st.dictionaries(HEADER_NAMES, JSON, min_size=1), st.dictionaries(CLAIM_NAMES, JSON, min_size=1))
def test_unsigned_change_of_header_and_claims_never_verifies(
    judge: Judge, header: dict[str, object], claims: dict[str, object]
) -> None:
    """Well-formed JSON under the signature of a good token."""
    layout = stand_in()
    changed_header, changed_claims = {**layout.header, **header}, {**layout.claims, **claims}
    assume(json.dumps([changed_header, changed_claims]) != json.dumps([dict(layout.header), dict(layout.claims)]))
    signature = layout.token().rpartition(".")[2]

    assert judge.verdict(f"{encode(changed_header).decode()}.{encode(changed_claims).decode()}.{signature}") is None


@quickly
@given(st.dictionaries(CLAIM_NAMES, JSON, min_size=1))
def test_signed_claims_of_any_shape_are_judged_without_a_crash(judge: Judge, claims: dict[str, object]) -> None:
    """A trusted issuer gone mad: its claims are refused, or they are what `VerifiedClaims` promises."""
    layout = stand_in()

    verdict = judge.verdict(layout.token(claims={**layout.claims, **claims}))

    assert verdict is None or _keeps_its_promise(verdict)


def _keeps_its_promise(claims: VerifiedClaims) -> bool:
    texts = [claims.subject, claims.client_id, claims.token_id or "-", *claims.scopes, *claims.unknown_claims]
    return all(text and text.isprintable() for text in texts) and claims.level in ("KD", "PR", "P", None)


@quickly
@given(st.dictionaries(HEADER_NAMES, JSON, min_size=1))
def test_signed_header_of_any_shape_is_judged_without_a_crash(judge: Judge, header: dict[str, object]) -> None:
    """The same for the header; with a good signature only harmless parameters pass."""
    layout = stand_in()

    verdict = judge.verdict(layout.token(header={**layout.header, **header}))

    assert verdict is None or header.keys() <= {"alg", "typ", "kid", "cty", "ver"}
