"""Idempotency: the same key of the same person and client acts once; a retry gets the object of the first time."""

import hashlib
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from domain.records import MutationKey
from schema.engine.context import Context
from schema.engine.mutations.user_errors import invalid


async def claim(context: Context, operation: str, given: Any) -> list[str] | None:
    """Take the key of an input for this transaction. Gives the objects of the first time when it is a retry.

    Two requests with one key at the same moment: the second waits for the first and then finds its key.
    Refuses with KEY_REUSED when the key was used for something else.
    """
    who, digest = _who(context, given.client_mutation_id), _digest(operation, given)
    taken = (
        upsert(MutationKey).values(**who, input_hash=digest).on_conflict_do_nothing().returning(col(MutationKey.key))
    )
    if await context.statements.write(taken):
        return None
    stored = select(col(MutationKey.input_hash), col(MutationKey.objects)).filter_by(**who)
    [found] = await context.statements.write(stored)
    if found.input_hash != digest:
        raise invalid(
            "KEY_REUSED",
            context.say(
                "This clientMutationId was used for something else.",
                "Этот clientMutationId уже использован для другого изменения.",
            ),
            "clientMutationId",
        )
    return list(found.objects)


async def keep(context: Context, given: Any, objects: list[str]) -> None:
    """Remember which objects came of it; they are read again under the rights of the retry."""
    who = _who(context, given.client_mutation_id)
    await context.statements.write(update(MutationKey).filter_by(**who).values(objects=objects))


def _who(context: Context, key: UUID) -> dict[str, Any]:
    viewer = context.viewer
    return {
        "person_id": viewer.person_id,
        "client_id": viewer.caller.client_id if viewer.caller else "",
        "key": key,
    }


def _digest(operation: str, given: Any) -> str:
    return hashlib.sha256(orjson.dumps([operation, given], default=str)).hexdigest()
