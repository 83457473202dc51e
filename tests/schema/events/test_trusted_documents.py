"""Trusted documents over sockets and streams: the same ids, and the same bond of a client to them."""

import dataclasses
import json
from typing import Any

import httpx2
import pytest

from api.documents.library import document_id
from tests.schema.events.conftest import Live
from tests.schema.events.followers import PATIENCE_SECONDS, RIGHTS, data, following, streaming

pytestmark = pytest.mark.anyio

IDENTIFIER = document_id(RIGHTS)


@pytest.fixture
def bound(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mobile app may use this one document and no other."""
    deliveries = live.demo.app.state.subscriptions.deliveries
    known = dataclasses.replace(
        deliveries.documents, documents={IDENTIFIER: RIGHTS}, bound_clients=frozenset({"vhod-mobile"})
    )
    monkeypatch.setattr(deliveries, "documents", known)


@pytest.mark.usefixtures("bound")
async def test_bound_client_subscribes_by_id_alone(live: Live) -> None:
    """A document of its own is refused on a socket and in a stream; the socket goes on."""
    token = await live.demo.token("teacher", client_id="vhod-mobile")
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
    async with following(live.port, token) as socket:
        refused = await socket.subscribe(RIGHTS)
        unknown: dict[str, Any] = {"documentId": "sha256:0"}
        await socket.say(id="2", type="subscribe", payload=unknown)
        not_found = await socket.hear()
        await socket.say(id="3", type="subscribe", payload={"documentId": IDENTIFIER})
        told = data(await socket.hear())
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as client:
        stream = await client.post(f"http://127.0.0.1:{live.port}/graphql", json={"query": RIGHTS}, headers=headers)
    async with streaming(live.port, await live.demo.token("teacher"), RIGHTS) as free:
        event = json.loads((await anext(free))["data"])

    assert [message["payload"][0]["extensions"]["code"] for message in (refused, not_found)] == [
        "FORBIDDEN",
        "PERSISTED_QUERY_NOT_FOUND",
    ]
    assert told["me"]["standing"] == "ACTIVE"
    assert (stream.status_code, stream.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert "errors" not in event
