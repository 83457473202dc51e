"""Matching: at its first sign-in an unknown account is linked to the one person whom all its facts name."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import orjson
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.identities.facts import Facts
from auth.claims import VerifiedClaims
from auth.viewer import CHILD_LEVEL

_MATCH = text("select vhod.match_account(cast(:told as jsonb))")


class Match(StrEnum):
    """What became of an account. Whether somebody like it is known here, its owner is not told."""

    KNOWN = "KNOWN"
    LINKED = "LINKED"
    WAITING = "WAITING"


@dataclass(frozen=True)
class Matching:
    """Compares in the database, in one transaction. `believed`: issuers whose facts the state has checked."""

    engine: AsyncEngine
    believed: Collection[str]

    async def match(self, claims: VerifiedClaims, facts: Facts, request_id: str) -> Match:
        """Link the account, or keep what contradicts for an administrator. A linked account stays as it is."""
        believed = facts if claims.issuer in self.believed else Facts()
        child = claims.level == CHILD_LEVEL
        told = {
            "issuer": claims.issuer,
            "subject": claims.subject,
            "client_id": claims.client_id,
            "request_id": request_id,
            "snils": believed.snils,
            "name": believed.name,
            "birth_date": believed.birth_date,
            "confirmed": claims.trusted or child,  # a child's account is made by a parent with a confirmed one
            "child": child,
        }
        async with self.engine.begin() as connection:
            found = Match(await connection.scalar(_MATCH, {"told": orjson.dumps(told).decode()}))
        if found is not Match.KNOWN:
            structlog.get_logger(__name__).info("identity:matched", outcome=found.value)
        return found
