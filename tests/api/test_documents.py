"""Trusted documents: asked by hash, kept by whom they are for, the only ones for a client that is bound to them."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import brotli
import httpx2
import orjson
import pytest
from graphql import parse, validate

from api.documents.adding import RefusedDocumentError, add_document
from api.documents.library import DamagedLibraryError, document_id, load_library, manifest_of
from api.settings import DOCUMENTS
from schema import build_schema
from tests.schema.demo import Demo, id_of, open_demo

pytestmark = pytest.mark.anyio

IDS = {name.partition(".")[0]: identifier for identifier, name in manifest_of(DOCUMENTS).items()}
WEEK = {"since": "2026-11-16", "until": "2026-11-22"}
PAGE = {"journal": id_of("Journal", "journal-7a-algebra")}
VARIABLES: dict[str, dict[str, Any]] = {"DiaryWeek": WEEK, "JournalPage": PAGE}
ME = {"documentId": IDS["Me"]}
FOR_ONE = "private, max-age=0, must-revalidate"


@pytest.fixture(scope="module")
async def demo(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over a copy that is only read."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


async def get(demo: Demo, name: str, viewer: str | None, **headers: str) -> httpx2.Response:
    """A trusted document by GET."""
    asked = {"documentId": IDS[name], "variables": orjson.dumps(VARIABLES.get(name, {})).decode()}
    given = await demo.headers(viewer) | {name.replace("_", "-"): value for name, value in headers.items()}
    return await demo.client.get("/graphql", params=asked, headers=given)


def codes(response: httpx2.Response) -> list[str]:
    """Codes of the errors of an answer."""
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


# --- By its hash


@pytest.mark.parametrize("name", IDS)
def test_document_of_the_demo_fits_the_contract(name: str) -> None:
    """What apps ask by hash must not break when the schema grows."""
    text = load_library(DOCUMENTS)[IDS[name]]

    assert validate(build_schema().graphql, parse(text)) == []
    assert document_id(text) == IDS[name]


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("viewer", [None, "teacher", "legal-representative"])
async def test_hash_is_answered_as_its_text(demo: Demo, name: str, viewer: str | None) -> None:
    """By POST, in both spellings, and by GET: the same bytes; never an error."""
    headers, text = await demo.headers(viewer), load_library(DOCUMENTS)[IDS[name]]
    given: dict[str, Any] = {"variables": VARIABLES.get(name, {})}
    apollo = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": IDS[name].removeprefix("sha256:")}}}
    bodies: list[dict[str, Any]] = [{"query": text}, {"documentId": IDS[name]}, apollo]
    answers = [await demo.client.post("/graphql", json=body | given, headers=headers) for body in bodies]

    assert "errors" not in answers[0].json()
    assert len({answer.content for answer in (*answers, await get(demo, name, viewer))}) == 1


@pytest.mark.parametrize("unknown", ["sha256:" + "0" * 64, "sha256:", "x", IDS["Me"].upper(), IDS["Me"] + " "])
async def test_unknown_hash_is_told(demo: Demo, unknown: str) -> None:
    """Nothing is registered by asking: the same hash with its text does not make it known."""
    asked = {"documentId": unknown}
    posted = await demo.client.post("/graphql", json=asked)
    got = await demo.client.get("/graphql", params=asked)
    apollo = {"query": "{ __typename }", "extensions": {"persistedQuery": {"sha256Hash": unknown[7:]}}}
    await demo.client.post("/graphql", json=apollo)
    again = await demo.client.post("/graphql", json=asked)

    assert [codes(answer) for answer in (posted, got, again)] == [["PERSISTED_QUERY_NOT_FOUND"]] * 3
    assert {answer.headers["cache-control"] for answer in (posted, got, again)} == {"no-store"}


# --- Who keeps the answer


async def test_open_data_may_be_kept_by_everybody(demo: Demo) -> None:
    """The register, asked without credentials; the tag is stable and answers 304."""
    first, second = await get(demo, "Organisations", None), await get(demo, "Organisations", None)
    again = await get(demo, "Organisations", None, If_None_Match=f'"other", {first.headers["etag"]}')

    assert first.headers["cache-control"] == "public, max-age=60"
    assert {"Accept", "Authorization", "Accept-Language", "Accept-Encoding"} <= set(first.headers["vary"].split(", "))
    assert first.headers["etag"] == second.headers["etag"]
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


async def test_personal_data_is_kept_by_its_own_browser_alone(demo: Demo) -> None:
    """And asked about each time; another person's tag never fits, though the bytes were the same."""
    teacher, parent = await get(demo, "Me", "teacher"), await get(demo, "Me", "legal-representative")
    same = await get(demo, "Me", "teacher", If_None_Match=teacher.headers["etag"])
    foreign = await get(demo, "Organisations", "teacher"), await get(demo, "Organisations", "deputy-head")

    assert {answer.headers["cache-control"] for answer in (teacher, parent, *foreign)} == {FOR_ONE}
    assert (same.status_code, same.headers["cache-control"]) == (304, FOR_ONE)
    assert teacher.headers["etag"] != parent.headers["etag"]
    assert foreign[0].json()["data"] == foreign[1].json()["data"]
    assert foreign[0].headers["etag"] != foreign[1].headers["etag"]


async def test_tag_ends_with_the_rights(demo: Demo) -> None:
    """When a role is given or taken the old answer fits no more, even if it reads the same."""
    before = await get(demo, "Organisations", "student")
    demo.ask("update access_version set version = version + 1 where person_id ="
             " (select person_id from assignment where role = 'STUDENT' limit 1)")  # fmt: skip
    demo.ask("update access_version set version = version + 1")
    after = await get(demo, "Organisations", "student", If_None_Match=before.headers["etag"])

    assert (after.status_code, after.content) == (200, before.content)
    assert after.headers["etag"] != before.headers["etag"]


async def test_everything_else_is_kept_by_nobody(demo: Demo) -> None:
    """By POST, an ad-hoc document, an answer with errors: no-store, no tag."""
    headers = await demo.headers("teacher")
    posted = await demo.client.post("/graphql", json=ME, headers=headers)
    adhoc = await demo.client.get("/graphql", params={"query": "{ me { standing } }"}, headers=headers)
    wrong = await demo.client.get("/graphql", params={"documentId": IDS["DiaryWeek"]}, headers=headers)

    assert [answer.headers["cache-control"] for answer in (posted, adhoc, wrong)] == ["no-store"] * 3
    assert not [answer for answer in (posted, adhoc, wrong) if "etag" in answer.headers]
    assert set(codes(wrong)) == {"GRAPHQL_VALIDATION_FAILED"}


async def test_special_data_is_kept_by_nobody(demo: Demo) -> None:
    """A doctor's note on a disk is nobody's to find (P3)."""
    text = "query Notes($id: ID!) { journal(id: $id) { lines { attendance { note } } } }"
    services = demo.app.state.services
    documents = services.documents.documents
    asked = {"documentId": document_id(text), "variables": orjson.dumps({"id": PAGE["journal"]}).decode()}
    documents[document_id(text)] = text
    answer = await demo.client.get("/graphql", params=asked, headers=await demo.headers("legal-representative"))
    del documents[document_id(text)]

    assert "Справка" in answer.text
    assert (answer.headers["cache-control"], "etag" in answer.headers) == ("no-store", False)


async def test_week_of_a_diary_is_small(demo: Demo) -> None:
    """Packed as a phone gets it: 25 KB are allowed for three children."""
    packed = await get(demo, "DiaryWeek", "legal-representative", Accept_Encoding="br")
    children = packed.json()["data"]["me"]["children"]
    three = orjson.dumps({"data": {"me": {"children": (children * 3)[:3]}}})

    assert packed.headers["content-encoding"] == "br"
    assert children[0]["journalLines"]["nodes"]
    assert len(brotli.compress(three, quality=3)) < 25 * 1024


# --- Bound clients


async def test_bound_client_gets_no_document_of_its_own(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """By no method; trusted ones as ever. Other clients are free."""
    bound = dataclasses.replace(demo.app.state.services.documents, bound_clients=frozenset({"vhod-mobile"}))
    monkeypatch.setitem(demo.app.state.services.__dict__, "documents", bound)
    headers, asked = await demo.headers("teacher", client_id="vhod-mobile"), {"query": "{ me { standing } }"}
    known = {"query": load_library(DOCUMENTS)[IDS["Me"]]}
    refused = [
        await demo.client.post("/graphql", json=asked, headers=headers),
        await demo.client.get("/graphql", params=asked, headers=headers),
        await demo.client.post("/graphql", json={"query": "mutation { __typename }"}, headers=headers),
        await demo.client.post("/graphql", json=known, headers=headers),
    ]
    newer = await demo.client.post(
        "/graphql", json=asked, headers=headers | {"Accept": "application/graphql-response+json"}
    )
    trusted = await demo.client.post("/graphql", json=ME, headers=headers)
    free = await demo.client.post("/graphql", json=asked, headers=await demo.headers("teacher"))

    assert [codes(answer) for answer in (*refused, newer)] == [["FORBIDDEN"]] * 5
    assert newer.status_code == 403
    assert not [answer for answer in (*refused, newer) if "data" in answer.json()]
    assert trusted.json()["data"]["me"]["standing"] == free.json()["data"]["me"]["standing"] == "ACTIVE"


# --- The library


def test_document_is_added_once_and_beside_the_old_one(tmp_path: Path) -> None:
    """The same text has the same id; a changed one is another file, and the old id still works."""
    schema, old, new = build_schema().graphql, "query Me { me { standing } }", "query Me { me { advice } }"
    first = [add_document(tmp_path, old, schema) for _ in range(2)]
    second = add_document(tmp_path, new, schema)

    assert first == [document_id(old)] * 2
    assert load_library(tmp_path) == {first[0]: old, second: new}
    assert len(list(tmp_path.glob("Me.*.graphql"))) == 2


@pytest.mark.parametrize(
    "text",
    ["{ me { standing } }", "query A { __typename } query B { __typename }", "query A { nothing }", "query A {",
     "fragment F on Me { standing }", ""],
)  # fmt: skip
def test_document_that_is_no_operation_of_the_contract_is_not_added(tmp_path: Path, text: str) -> None:
    """Exactly one named operation that fits the schema; the folder stays as it was."""
    with pytest.raises(RefusedDocumentError):
        add_document(tmp_path, text, build_schema().graphql)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["changed", "missing", "unlisted", "outside", "no manifest"])
def test_damaged_library_is_refused_at_start(tmp_path: Path, damage: str) -> None:
    """A file and its hash that do not agree are somebody's mistake, or worse."""
    add_document(tmp_path, "query Me { me { standing } }", build_schema().graphql)
    [file] = tmp_path.glob("*.graphql")
    if damage == "changed":
        file.write_text("query Me { me { advice } }")
    elif damage == "missing":
        file.unlink()
    elif damage == "unlisted":
        (tmp_path / "Other.graphql").write_text("query Other { __typename }")
    elif damage == "outside":
        (tmp_path / "manifest.json").write_bytes(orjson.dumps({document_id("x"): "../secret.graphql"}))
    else:
        (tmp_path / "manifest.json").unlink()

    with pytest.raises(DamagedLibraryError):
        load_library(tmp_path)
