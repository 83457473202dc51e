"""Clients as they should be: whoever does not know what became of a request sends it again with the same key."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2

from tests.faults.ground import Site
from tests.schema.writing import FLAGSHIP

INSIST_SECONDS = 600.0
TOKEN_SERVES_SECONDS = 300.0

PAGE = """
mutation Page($i: WriteJournalPageInput!) {
  done: writeJournalPage(input: $i) {
    journal { id keptMarks { id } } keptMarks { id value refusedWith line { id } }
    userErrors { code path ... on VersionConflict { currentVersion current { id } } } clientMutationId
  }
}
"""
MARK = """
mutation Mark($i: WriteMarkInput!) {
  done: writeMark(input: $i) {
    mark { id value version } line { id } keptMarks { id value refusedWith }
    userErrors { code path ... on VersionConflict { currentVersion current { id ... on Mark { value version } } } }
  }
}
"""
WITHDRAW = """
mutation Withdraw($i: WithdrawMarkInput!) {
  done: withdrawMark(input: $i) { mark { id } line { id } userErrors { code path } }
}
"""
IMPORT = """
mutation Start($i: StartImportInput!) {
  done: startImport(input: $i) { importRun { id status } userErrors { code path } }
}
"""
DOCUMENTS = {"writeJournalPage": PAGE, "writeMark": MARK, "withdrawMark": WITHDRAW, "startImport": IMPORT}


class UnknownError(Exception):
    """No answer, or one that says that it is not known what was done: the same request must be sent again."""


@dataclass
class Client:
    """Somebody's client. `told` are the codes of answers that were not the last word."""

    site: Site
    viewer: str
    http: httpx2.AsyncClient
    told: list[str] = field(default_factory=list)
    answers: int = 0
    _token: tuple[str, float] = ("", 0.0)

    async def ready(self) -> "Client":
        """With a token that is good for minutes."""
        await self.token()
        return self

    async def token(self) -> str:
        """A token that is good for minutes."""
        if time.monotonic() > self._token[1]:
            self._token = await self.site.token(self.viewer), time.monotonic() + TOKEN_SERVES_SECONDS
        return self._token[0]

    async def once(self, name: str, given: dict[str, Any], attempt: int = 0) -> dict[str, Any]:
        """The payload of a mutation. Raises UnknownError."""
        key = given["clientMutationId"]
        headers = {"Authorization": f"Bearer {await self.token()}", "X-Request-ID": f"{key}-{attempt}"}
        body = {"query": DOCUMENTS.get(name, name), "variables": {"i": given}}
        try:
            response = await self.http.post("/graphql", json=body, headers=headers)
        except httpx2.TransportError as error:
            raise UnknownError(type(error).__name__) from error
        self.answers += 1
        return self._read(response)

    def _read(self, response: httpx2.Response) -> dict[str, Any]:
        body = response.json()
        codes = [error["extensions"]["code"] for error in body.get("errors", [])]
        if codes or response.status_code != 200:
            self.told += codes
            raise UnknownError(f"{response.status_code} {codes}")
        return body["data"]["done"]  # type: ignore[no-any-return]

    async def insist(self, name: str, **given: Any) -> dict[str, Any]:
        """Send until an answer says what became of it."""
        given = {"clientMutationId": str(uuid4())} | given
        until, attempt = time.monotonic() + INSIST_SECONDS, 0
        while True:
            try:
                return await self.once(name, given, attempt)
            except UnknownError:
                if time.monotonic() > until:
                    raise
                attempt += 1
                await asyncio.sleep(0.02)


def cell(lesson: str, value: int | None, version: int | None = None, **more: Any) -> dict[str, Any]:
    """A cell with a mark in the lesson's first column."""
    return {"lessonId": f"Lesson:{lesson}", "mark": {"value": value, "version": version} | more}


def page_input(cells: dict[str, list[dict[str, Any]]], key: str, journal: str = FLAGSHIP) -> dict[str, Any]:
    """The input of writeJournalPage; the key stands in every version as its reason."""
    lines = [{"lineId": f"JournalLine:{line}", "cells": given} for line, given in cells.items()]
    return {"clientMutationId": key, "journalId": journal, "reason": key, "lines": lines}
