"""The table of hostile tokens: a situation, the reason for which it is refused, and how it is forged."""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc.jwk import ECKey, RSAKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from auth.errors import Reason
from tests.auth.hostile.layouts import SECONDS, Key, Layout, encode, seal

YEAR = 365 * 86400
BOTH = ("stand-in", "keycloak")
CLIENT = "(client)"


@dataclass(frozen=True)
class Row:
    """One way for a token to be wrong."""

    situation: str
    reason: Reason
    forge: Callable[[Layout], str]
    layouts: tuple[str, ...] = BOTH


def claim(name: str, value: object) -> Callable[[Layout], str]:
    """A token of the issuer's own making whose claim says something else; CLIENT stands for the client's claim."""
    return lambda layout: layout.token(
        claims={**layout.claims, (layout.client_claim if name == CLIENT else name): value}
    )


def no_claim(name: str) -> Callable[[Layout], str]:
    def forge(layout: Layout) -> str:
        missing = layout.client_claim if name == CLIENT else name
        return layout.token(claims={key: value for key, value in layout.claims.items() if key != missing})

    return forge


def raw_claim(name: str, text: str) -> Callable[[Layout], str]:
    """A claim whose value is written as this text, which need not be JSON."""
    return lambda layout: layout.signed(
        encode(layout.header),
        encode(json.dumps({**layout.claims, name: "@"}).replace('"@"', text).encode()),
    )


def header(name: str, value: object) -> Callable[[Layout], str]:
    return lambda layout: layout.token(header={**layout.header, name: value})


def no_header(name: str) -> Callable[[Layout], str]:
    return lambda layout: layout.token(header={key: value for key, value in layout.header.items() if key != name})


def text(change: Callable[[str], str]) -> Callable[[Layout], str]:
    """A good token, changed as text."""
    return lambda layout: change(layout.token())


def segments(change: Callable[[str, str, str], str]) -> Callable[[Layout], str]:
    """A good token, its three segments changed as text."""
    return lambda layout: change(*layout.token().split("."))


def payload(make: Callable[[bytes], bytes]) -> Callable[[Layout], str]:
    """The issuer's signature over a payload of other bytes."""
    return lambda layout: layout.signed(encode(layout.header), encode(make(json.dumps(dict(layout.claims)).encode())))


def whole_header(value: object) -> Callable[[Layout], str]:
    return lambda layout: layout.signed(encode(value), encode(layout.claims))


@cache
def attacker(algorithm: str) -> Key:
    """A key of the attacker's own, of the kind the algorithm needs."""
    return RSAKey.generate_key(2048) if algorithm == "RS256" else ECKey.generate_key("P-256")


def unsigned(algorithm: str, layout: Layout) -> str:
    return f"{encode({**layout.header, 'alg': algorithm}).decode()}.{encode(layout.claims).decode()}."


def unsigned_with_old_signature(layout: Layout) -> str:
    return unsigned("none", layout) + layout.token().split(".")[2]


def shared_secret(secret: Callable[[Layout], bytes], layout: Layout) -> str:
    signed = encode({**layout.header, "alg": "HS256"}) + b"." + encode(layout.claims)
    return (signed + b"." + encode(hmac.digest(secret(layout), signed, "sha256"))).decode()


def public_pem(layout: Layout) -> bytes:
    return layout.key.as_pem(private=False)


def public_jwk(layout: Layout) -> bytes:
    return json.dumps(layout.key.as_dict()).encode()


def by_attacker(extra: Callable[[Layout], dict[str, Any]], layout: Layout) -> str:
    """Signed by the attacker, whose header says where to find the attacker's key."""
    key = attacker(layout.algorithm)
    return seal(encode({**layout.header, **extra(layout)}), encode(layout.claims), key, layout.algorithm)


def of_other_kind(layout: Layout) -> str:
    """An allowed algorithm, but not the one of the key that `kid` names."""
    key = attacker(layout.other_algorithm)
    return seal(
        encode({**layout.header, "alg": layout.other_algorithm}), encode(layout.claims), key, layout.other_algorithm
    )


def by_longer_hash(layout: Layout) -> str:
    return seal(encode(layout.header), encode(layout.claims), layout.key, "RS512")


def der_signature(layout: Layout) -> str:
    signed, _, signature = layout.token().rpartition(".")
    raw = urlsafe_b64decode(signature.encode())
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    return f"{signed}.{urlsafe_b64encode(der).decode()}"


def signature_of(layout: Layout, raw: bytes) -> str:
    return f"{layout.token().rpartition('.')[0]}.{urlsafe_b64encode(raw).decode()}"


def signature_a_byte_shorter(layout: Layout) -> str:
    return signature_of(layout, urlsafe_b64decode(layout.token().rpartition(".")[2].encode())[:-1])


def exp_before_iat(layout: Layout) -> str:
    """Both within the leeway, so that neither is refused for itself."""
    return layout.token(claims={**layout.claims, "iat": SECONDS + 20, "exp": SECONDS - 10})


def iat_ahead_of_nbf(layout: Layout) -> str:
    return layout.token(claims={**layout.claims, "iat": SECONDS + 60, "nbf": SECONDS - 60})


def last_bits_set(layout: Layout) -> str:
    """The signature's last character with bits that decode to nothing: another spelling of the same bytes."""
    token = layout.token()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


def other_persons_payload(layout: Layout) -> str:
    head, _, signature = layout.token().split(".")
    return f"{head}.{encode({**layout.claims, 'sub': '1'}).decode()}.{signature}"


def other_tokens_signature(layout: Layout) -> str:
    other = layout.token(claims={**layout.claims, "jti": "another"})
    return layout.token().rpartition(".")[0] + "." + other.rpartition(".")[2]


def id_token(layout: Layout) -> str:
    """What the client got at sign-in, sent to the API by mistake."""
    claims = {**layout.claims, "aud": layout.claims[layout.client_claim], "nonce": "n-0S6", "typ": "ID"}
    return layout.token(header={**layout.header, "typ": "JWT"}, claims=claims)


def json_serialization(layout: Layout) -> str:
    head, body, signature = layout.token().split(".")
    return json.dumps({"protected": head, "payload": body, "signature": signature})


def unencoded_payload(layout: Layout) -> str:
    """RFC 7797: the payload signed as it is, declared critical as the standard wants."""
    return layout.token(header={**layout.header, "b64": False, "crit": ["b64"]})


R = Reason
ROWS = [
    # The algorithm
    Row("no signature, alg none", R.ALGORITHM, partial(unsigned, "none")),
    Row("no signature, alg None", R.ALGORITHM, partial(unsigned, "None")),
    Row("no signature, alg NONE", R.ALGORITHM, partial(unsigned, "NONE")),
    Row("no signature, alg nOnE", R.ALGORITHM, partial(unsigned, "nOnE")),
    Row("no signature, alg none with a space", R.ALGORITHM, partial(unsigned, "none ")),
    Row("alg none with the signature left in place", R.ALGORITHM, unsigned_with_old_signature),
    Row("no signature, alg as it was", R.SIGNATURE, segments(lambda head, body, _: f"{head}.{body}.")),
    Row("HS256 with the public key in PEM", R.ALGORITHM, partial(shared_secret, public_pem)),
    Row("HS256 with the public key as JWK", R.ALGORITHM, partial(shared_secret, public_jwk)),
    Row("HS256 with an empty secret", R.ALGORITHM, partial(shared_secret, lambda _: b"")),
    Row("alg missing", R.ALGORITHM, no_header("alg")),
    Row("alg empty", R.ALGORITHM, header("alg", "")),
    Row("alg a list", R.ALGORITHM, lambda layout: layout.token(header={**layout.header, "alg": [layout.algorithm]})),
    Row("alg a number", R.ALGORITHM, header("alg", 256)),
    Row("alg in small letters", R.ALGORITHM, lambda layout: header("alg", layout.algorithm.lower())(layout)),
    Row("alg good, but not of this issuer", R.ALGORITHM, header("alg", "PS512")),
    Row("alg of the issuer, but not of the key", R.KEY_MISMATCH, of_other_kind),
    Row("signed with a longer hash than alg says", R.SIGNATURE, by_longer_hash, ("keycloak",)),
    Row("ECDSA signature in DER", R.SIGNATURE, der_signature, ("stand-in",)),
    Row("ECDSA signature of zeros", R.SIGNATURE, lambda layout: signature_of(layout, bytes(64)), ("stand-in",)),
    Row("RSA signature of zeros", R.SIGNATURE, lambda layout: signature_of(layout, bytes(256)), ("keycloak",)),
    Row("signature of one byte", R.SIGNATURE, lambda layout: signature_of(layout, b"\1")),
    Row("signature too long", R.SIGNATURE, lambda layout: signature_of(layout, bytes(5000))),
    # Where to find the key
    Row("signed by an attacker under our kid", R.SIGNATURE, partial(by_attacker, lambda _: {})),
    Row(
        "key in the header",
        R.HEADER,
        partial(by_attacker, lambda layout: {"jwk": attacker(layout.algorithm).as_dict(private=False)}),
    ),
    Row("jku of an attacker", R.HEADER, partial(by_attacker, lambda _: {"jku": "https://evil.example/jwks"})),
    Row("x5u of an attacker", R.HEADER, partial(by_attacker, lambda _: {"x5u": "https://evil.example/cert"})),
    Row("x5c of an attacker", R.HEADER, partial(by_attacker, lambda _: {"x5c": ["MIIB"]})),
    Row("unknown crit", R.HEADER, header("crit", ["exp"])),
    Row("crit empty", R.HEADER, header("crit", [])),
    Row("crit no list", R.HEADER, header("crit", True)),
    Row("payload not encoded", R.HEADER, unencoded_payload),
    Row("b64 without crit", R.HEADER, header("b64", False)),
    Row("kid missing", R.KEY_ID, no_header("kid")),
    Row("kid empty", R.KEY_ID, header("kid", "")),
    Row("kid null", R.KEY_ID, header("kid", None)),
    Row("kid a number", R.KEY_ID, header("kid", 1)),
    Row("kid a list", R.KEY_ID, lambda layout: header("kid", [layout.header["kid"]])(layout)),
    Row("kid of 300 characters", R.KEY_ID, header("kid", "k" * 300)),
    Row("kid with NUL", R.KEY_ID, lambda layout: header("kid", layout.header["kid"] + "\0")(layout)),
    Row("kid with a line break", R.KEY_ID, header("kid", "a\r\nSet-Cookie: b")),
    Row("kid a half of a surrogate pair", R.KEY_ID, header("kid", "\ud800")),
    Row("kid a path", R.UNKNOWN_KEY, header("kid", "../../../../dev/null")),
    Row("kid SQL", R.UNKNOWN_KEY, header("kid", "' UNION SELECT 'secret' --")),
    Row("kid a URL", R.UNKNOWN_KEY, header("kid", "https://evil.example/key")),
    Row("kid in other letters", R.UNKNOWN_KEY, lambda layout: header("kid", layout.header["kid"].upper())(layout)),
    # What kind of token
    Row("typ missing", R.TYPE, no_header("typ")),
    Row("typ empty", R.TYPE, header("typ", "")),
    Row("typ a number", R.TYPE, header("typ", 1)),
    Row("typ a list", R.TYPE, header("typ", ["at+jwt", "JWT"])),
    Row("typ of a logout token", R.TYPE, header("typ", "logout+jwt")),
    Row("typ of a proof of possession", R.TYPE, header("typ", "dpop+jwt")),
    Row("typ with application/ twice", R.TYPE, header("typ", "application/application/at+jwt")),
    Row("an id_token", R.TYPE, id_token, ("stand-in",)),
    Row("an id_token", R.FORBIDDEN_CLAIM, id_token, ("keycloak",)),
    Row("payload typ ID", R.TYPE, claim("typ", "ID"), ("keycloak",)),
    Row("payload typ Refresh", R.TYPE, claim("typ", "Refresh"), ("keycloak",)),
    Row("payload typ missing", R.TYPE, no_claim("typ"), ("keycloak",)),
    Row("payload typ a list", R.TYPE, claim("typ", ["Bearer"]), ("keycloak",)),
    Row("scope missing under typ JWT", R.SCOPE, no_claim("scope"), ("keycloak",)),
    Row("nonce, as in an id_token", R.FORBIDDEN_CLAIM, claim("nonce", "n-0S6")),
    Row("at_hash, as in an id_token", R.FORBIDDEN_CLAIM, claim("at_hash", "77Qm")),
    Row("c_hash, as in an id_token", R.FORBIDDEN_CLAIM, claim("c_hash", "LDkt")),
    Row("events, as in a logout token", R.FORBIDDEN_CLAIM, claim("events", {})),
    Row("bound to a key of the client", R.FORBIDDEN_CLAIM, claim("cnf", {"jkt": "0ZcO"})),
    # Who issued it
    Row("iss missing", R.ISSUER, no_claim("iss")),
    Row("iss empty", R.ISSUER, claim("iss", "")),
    Row("iss null", R.ISSUER, claim("iss", None)),
    Row("iss with a slash", R.ISSUER, lambda layout: claim("iss", layout.issuer.issuer + "/")(layout)),
    Row("iss in capitals", R.ISSUER, lambda layout: claim("iss", layout.issuer.issuer.upper())(layout)),
    Row("iss a list", R.ISSUER, lambda layout: claim("iss", [layout.issuer.issuer])(layout)),
    Row("iss an object", R.ISSUER, lambda layout: claim("iss", {layout.issuer.issuer: 1})(layout)),
    Row("iss unknown", R.ISSUER, claim("iss", "https://evil.example")),
    # For whom
    Row("aud missing", R.AUDIENCE, no_claim("aud")),
    Row("aud null", R.AUDIENCE, claim("aud", None)),
    Row("aud empty", R.AUDIENCE, claim("aud", "")),
    Row("aud an empty list", R.AUDIENCE, claim("aud", [])),
    Row("aud another", R.AUDIENCE, claim("aud", "account")),
    Row("aud a list of others", R.AUDIENCE, claim("aud", ["account", "vhod"])),
    Row("aud a part of ours", R.AUDIENCE, claim("aud", "vhod")),
    Row("aud longer than ours", R.AUDIENCE, claim("aud", "vhod-api-test")),
    Row("aud in capitals", R.AUDIENCE, claim("aud", "VHOD-API")),
    Row("aud several in one string", R.AUDIENCE, claim("aud", "account vhod-api")),
    Row("aud an object", R.AUDIENCE, claim("aud", {"vhod-api": True})),
    Row("aud a list in a list", R.AUDIENCE, claim("aud", [["vhod-api"]])),
    Row("aud ours beside a number", R.AUDIENCE, claim("aud", ["vhod-api", 1])),
    # When
    Row("exp missing", R.TIME, no_claim("exp")),
    Row("exp null", R.TIME, claim("exp", None)),
    Row("exp a string", R.TIME, claim("exp", str(SECONDS + 540))),
    Row("exp true", R.TIME, claim("exp", True)),
    Row("exp a list", R.TIME, claim("exp", [SECONDS + 540])),
    Row("exp 1e300", R.TIME, claim("exp", 1e300)),
    Row("exp 1e999", R.TIME, raw_claim("exp", "1e999")),
    Row("exp of 400 digits", R.TIME, raw_claim("exp", "9" * 400)),
    Row("exp of 5000 digits", R.MALFORMED, raw_claim("exp", "9" * 5000)),
    Row("exp not a number", R.MALFORMED, raw_claim("exp", "NaN")),
    Row("exp infinite", R.MALFORMED, raw_claim("exp", "Infinity")),
    Row("exp before 1970", R.TIME, claim("exp", -1)),
    Row("exp past the year 9999", R.TIME, claim("exp", 253402300800)),
    Row("expired just past the leeway", R.EXPIRED, claim("exp", SECONDS - 30)),
    Row("expired yesterday", R.EXPIRED, claim("exp", SECONDS - 86400)),
    Row("token for ten years", R.LIFETIME, claim("exp", SECONDS + 10 * YEAR)),
    Row("token a second longer than allowed", R.LIFETIME, claim("exp", SECONDS - 60 + 3601)),
    Row("exp before iat", R.LIFETIME, exp_before_iat),
    Row("iat missing", R.TIME, no_claim("iat")),
    Row("iat null", R.TIME, claim("iat", None)),
    Row("iat a string", R.TIME, claim("iat", str(SECONDS))),
    Row("iat false", R.TIME, claim("iat", False)),
    Row("iat a minute ahead", R.NOT_YET_VALID, claim("iat", SECONDS + 60)),
    Row("iat next year", R.NOT_YET_VALID, claim("iat", SECONDS + YEAR)),
    Row("nbf a minute ahead", R.NOT_YET_VALID, claim("nbf", SECONDS + 60)),
    Row("iat a minute ahead, nbf past", R.NOT_YET_VALID, iat_ahead_of_nbf),
    Row("nbf null", R.TIME, claim("nbf", None)),
    Row("nbf a string", R.TIME, claim("nbf", "0")),
    Row("nbf true", R.TIME, claim("nbf", True)),
    # Who
    Row("sub missing", R.SUBJECT, no_claim("sub")),
    Row("sub null", R.SUBJECT, claim("sub", None)),
    Row("sub empty", R.SUBJECT, claim("sub", "")),
    Row("sub a space", R.SUBJECT, claim("sub", " ")),
    Row("sub with a space before it", R.SUBJECT, claim("sub", " 1000299353")),
    Row("sub a number", R.SUBJECT, claim("sub", 1000299353)),
    Row("sub a list", R.SUBJECT, claim("sub", ["1000299353"])),
    Row("sub with NUL", R.SUBJECT, claim("sub", "1000299353\0")),
    Row("sub a half of a surrogate pair", R.SUBJECT, claim("sub", "\udfff")),
    Row("sub of 256 characters", R.SUBJECT, claim("sub", "1" * 256)),
    Row("client missing", R.CLIENT, no_claim(CLIENT)),
    Row("client null", R.CLIENT, claim(CLIENT, None)),
    Row("client empty", R.CLIENT, claim(CLIENT, "")),
    Row("client a number", R.CLIENT, claim(CLIENT, 7)),
    Row("client_id and azp disagree", R.CLIENT, claim("azp", "another"), ("stand-in",)),
    # What it may, and how sure we are
    Row("scope a number", R.SCOPE, claim("scope", 7)),
    Row("scope an object", R.SCOPE, claim("scope", {"education:read": True})),
    Row("scope a list of numbers", R.SCOPE, claim("scope", [1, 2])),
    Row("scope with a line break", R.SCOPE, claim("scope", "education:read\neducation:write")),
    Row("auth_time a string", R.AUTHENTICATION, claim("auth_time", "now")),
    Row("auth_time true", R.AUTHENTICATION, claim("auth_time", True)),
    Row("auth_time 1e300", R.AUTHENTICATION, claim("auth_time", 1e300)),
    Row("auth_time next year", R.AUTHENTICATION, claim("auth_time", SECONDS + YEAR)),
    Row("amr a number", R.AUTHENTICATION, claim("amr", 1)),
    Row("amr a list of numbers", R.AUTHENTICATION, claim("amr", [1])),
    Row("amr of 17 methods", R.AUTHENTICATION, claim("amr", ["pwd"] * 17)),
    Row("level unknown", R.ASSURANCE, claim("urn:esia:sbj:lvl", "KDX")),
    Row("level a list", R.ASSURANCE, claim("urn:esia:sbj:lvl", ["KD"])),
    Row("trusted a string", R.ASSURANCE, claim("urn:esia:sbj:is_tru", "false")),
    Row("trusted a number", R.ASSURANCE, claim("urn:esia:sbj:is_tru", 1)),
    Row("jti a number", R.TOKEN_ID, claim("jti", 1)),
    Row("jti empty", R.TOKEN_ID, claim("jti", "")),
    # The text itself
    Row("nothing", R.MALFORMED, lambda _: ""),
    Row("two dots", R.MALFORMED, lambda _: ".."),
    Row("two segments", R.MALFORMED, segments(lambda head, body, _: f"{head}.{body}")),
    Row("four segments", R.MALFORMED, text(lambda token: token + ".e30")),
    Row("five segments, as when encrypted", R.MALFORMED, text(lambda token: token + ".e30.e30")),
    Row("header missing", R.MALFORMED, segments(lambda _, body, signature: f".{body}.{signature}")),
    Row("payload missing", R.MALFORMED, segments(lambda head, _, signature: f"{head}..{signature}")),
    Row("cut by one character", R.MALFORMED, text(lambda token: token[:-1])),
    Row("signature a byte shorter", R.SIGNATURE, signature_a_byte_shorter),
    Row("signature padded", R.MALFORMED, text(lambda token: token + "==")),
    Row("payload padded", R.MALFORMED, segments(lambda head, body, signature: f"{head}.{body}=.{signature}")),
    Row("signature spelt another way", R.MALFORMED, last_bits_set),
    Row("space before", R.MALFORMED, text(lambda token: " " + token)),
    Row("line break after", R.MALFORMED, text(lambda token: token + "\n")),
    Row("line break inside", R.MALFORMED, segments(lambda *parts: ".\n".join(parts))),
    Row("a letter that is not ASCII", R.MALFORMED, text(lambda token: token + "я")),
    Row("a half of a surrogate pair", R.MALFORMED, text(lambda token: token + "\ud800")),
    Row("NUL after", R.MALFORMED, text(lambda token: token + "\0")),
    Row("plus of the other base64", R.MALFORMED, segments(lambda head, body, _: f"{head}.{body}.+/+/")),
    Row("word Bearer twice", R.MALFORMED, text(lambda token: "Bearer " + token)),
    Row("as JSON", R.MALFORMED, json_serialization),
    Row("longer than any token", R.TOO_LONG, text(lambda token: token + "A" * 16384)),
    Row("a megabyte of dots", R.TOO_LONG, lambda _: "." * 1_000_000),
    Row("payload of another person", R.SIGNATURE, other_persons_payload),
    Row("signature of another token", R.SIGNATURE, other_tokens_signature),
    Row("header and payload exchanged", R.ISSUER, segments(lambda head, body, rest: f"{body}.{head}.{rest}")),
    Row("header a list", R.MALFORMED, whole_header(["alg"])),
    Row("header a string", R.MALFORMED, whole_header("alg")),
    Row("header null", R.MALFORMED, whole_header(None)),
    Row("header no JSON", R.MALFORMED, whole_header(b"{alg:")),
    Row("header with alg twice", R.MALFORMED, whole_header(b'{"alg":"none","alg":"ES256"}')),
    Row("payload a list", R.MALFORMED, payload(lambda _: b"[]")),
    Row("payload a number", R.MALFORMED, payload(lambda _: b"1")),
    Row("payload no UTF-8", R.MALFORMED, payload(lambda _: b'{"sub":"\xff"}')),
    Row("payload in UTF-16", R.MALFORMED, payload(lambda body: body.decode().encode("utf-16"))),
    Row("payload with a byte order mark", R.MALFORMED, payload(lambda body: b"\xef\xbb\xbf" + body)),
    Row("payload with something after it", R.MALFORMED, payload(lambda body: body + b"{}")),
    Row("payload with sub twice", R.MALFORMED, payload(lambda body: b'{"sub":"1",' + body[1:])),
    Row("payload nested ten thousand deep", R.MALFORMED, payload(lambda _: b"[" * 10_000)),
]
