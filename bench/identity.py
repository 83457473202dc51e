"""Who asks: a signing key, RS256 access tokens of the region's people, and their row-level settings for the peers."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from api.database import make_engine
from api.settings import STAND_IN_AUDIENCE
from auth.row_context import settings_of
from auth.viewer import Caller
from auth.viewers import Viewers
from bench.place import ISSUER, BenchError
from bench.region import Region
from domain import clock

CLIENT = "vhod-spa"
SCOPE = "openid education:read education:write education:special"
LIFETIME_SECONDS = 3600
LEVEL = {"urn:esia:sbj:lvl": "PR", "urn:esia:sbj:is_tru": True}


@dataclass(frozen=True)
class SigningKey:
    """The issuer of the benchmark: its key pair, made anew for each run."""

    pair: RSAKey

    @classmethod
    def make(cls) -> "SigningKey":
        """2048 bits, as the stand-in's."""
        return cls(RSAKey.generate_key(2048, {"kid": "bench", "alg": "RS256", "use": "sig"}))

    def token(self, subject: str) -> str:
        """An access token (RFC 9068) that every contestant must believe for an hour."""
        now = clock.seconds()
        claims = {
            "iss": ISSUER, "sub": subject, "aud": STAND_IN_AUDIENCE, "client_id": CLIENT, "scope": SCOPE, "iat": now,
            "exp": now + LIFETIME_SECONDS, "jti": f"bench-{subject}-{now}", "auth_time": now, "amr": ["esia"], **LEVEL,
        }  # fmt: skip
        header = {"alg": "RS256", "kid": "bench", "typ": "at+jwt"}
        return jwt.encode(header, claims, self.pair, algorithms=["RS256"])

    def issuers(self, jwks_port: int) -> str:
        """The setting VHOD_ISSUERS that makes Vhod trust this key."""
        address = f"http://127.0.0.1:{jwks_port}/jwks"
        return json.dumps([{"issuer": ISSUER, "audience": STAND_IN_AUDIENCE, "jwks_uri": address}])

    @property
    def public_pem(self) -> str:
        """For those who are given the key itself."""
        return self.pair.as_pem(private=False).decode()


@contextmanager
def served_keys(key: SigningKey, port: int) -> Iterator[None]:
    """Serve the public key as a JSON Web Key Set, on every path. Raises BenchError when the port is taken."""
    body = json.dumps({"keys": [key.pair.as_dict(private=False)]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that the library calls
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:  # nobody wants to read it
            return

    try:
        opened = ThreadingHTTPServer(("127.0.0.1", port), Keys)
    except OSError as error:
        raise BenchError(f"port {port}: {error.strerror}; --port N takes others") from None
    with opened as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def write_settings(path: Path, region: Region, key: SigningKey, subjects: Iterable[str]) -> None:
    """Write what the peers need: the public key, and for each person the settings that Vhod would set."""
    viewers = asyncio.run(_row_settings(region, list(subjects)))
    given = {"publicKey": key.public_pem, "issuer": ISSUER, "audience": STAND_IN_AUDIENCE, "viewers": viewers}
    path.write_text(json.dumps(given, ensure_ascii=False))


async def _row_settings(region: Region, subjects: list[str]) -> Mapping[str, Any]:
    engine = make_engine(region.urls.app, pool_size=1)
    viewers = Viewers(engine, clock.now)
    try:
        found = {
            subject: await viewers.viewer(
                Caller(ISSUER, subject, CLIENT, frozenset(SCOPE.split()), level="PR", trusted=True)
            )
            for subject in subjects
        }
    finally:
        await engine.dispose()
    return {subject: settings_of(viewer) for subject, viewer in found.items()}
