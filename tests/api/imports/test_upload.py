"""POST /imports/files: who may send what, how large, in which form; every refusal is JSON with a code."""

import pytest

from domain.imports.tables import MOST_BYTES
from tests.api.imports.bringing import SCHOOL, upload
from tests.schema.demo import Demo

pytestmark = pytest.mark.anyio


async def code(
    demo: Demo,
    status: int,
    viewer: str | None = "deputy-head",
    content: bytes = b"a;b",
    headers: dict[str, str] | None = None,
) -> str:
    """Send a file that is refused with this status; gives the code."""
    told = {"X-File-Name": "file.csv", "Content-Type": "text/csv"} | await demo.headers(viewer) | (headers or {})
    answer = await demo.client.post(f"/imports/files?organisation={SCHOOL}", content=content, headers=told)
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.json()["errors"][0]["extensions"]["code"])


async def test_file_is_kept_with_its_name_size_and_hash(demo: Demo) -> None:
    """The name percent-encoded; no folder of it is kept."""
    answer = await upload(demo, "а;б".encode(), "C:\\Школа\\класс 7А.csv", "deputy-head")
    [kept] = demo.ask(
        "select name, size, length(sha256) as hashed, content from import_file where id = :id",
        id=answer.json()["fileId"][11:],
    )

    assert answer.status_code == 201
    assert (kept.name, kept.size, kept.hashed, bytes(kept.content)) == ("класс 7А.csv", 5, 64, "а;б".encode())


async def test_form_is_taken_as_well(demo: Demo) -> None:
    """What a page in a browser sends."""
    answer = await demo.client.post(
        f"/imports/files?organisation={SCHOOL}",
        files={"file": ("класс.csv", b"a;b", "text/csv")},
        headers=await demo.headers("deputy-head"),
    )

    assert answer.status_code == 201


async def test_refusals_have_their_status_and_code(demo: Demo) -> None:
    """Nobody, the wrong person, no name, nothing in it, the wrong type, too much."""
    assert await code(demo, 401, None) == "UNAUTHENTICATED"
    assert await code(demo, 401, None, headers={"Authorization": "Bearer nonsense"}) == "UNAUTHENTICATED"
    assert await code(demo, 403, "teacher") == "FORBIDDEN"
    assert await code(demo, 400, headers={"X-File-Name": ""}) == "BAD_USER_INPUT"
    assert await code(demo, 400, content=b"") == "BAD_USER_INPUT"
    assert (
        await code(demo, 400, content=b"--x", headers={"Content-Type": "multipart/form-data; boundary=x"})
        == "BAD_USER_INPUT"
    )
    assert await code(demo, 415, headers={"Content-Type": "image/png"}) == "UNSUPPORTED_MEDIA_TYPE"
    assert await code(demo, 413, content=b"a" * (MOST_BYTES + 1)) == "FILE_TOO_LARGE"
    assert await code(demo, 413, content=b"a" * (MOST_BYTES + 200_000)) == "FILE_TOO_LARGE"


async def test_largest_file_is_taken(demo: Demo) -> None:
    """Ten mebibytes exactly, past the limit of other requests."""
    answer = await upload(demo, b"a" * MOST_BYTES, "large.csv", "deputy-head")

    assert answer.status_code == 201


async def test_organisation_that_does_not_exist_is_like_one_out_of_reach(demo: Demo) -> None:
    """Neither says which it is."""
    place = "Organisation:00000000-0000-4000-8000-000000000000"
    answer = await upload(demo, b"a;b", "file.csv", "deputy-head", organisation=place)
    unnamed = await upload(demo, b"a;b", "file.csv", "deputy-head", organisation="nonsense")

    assert (answer.status_code, unnamed.status_code) == (403, 400)
