"""A program that says who it is can be told that it is too old; what it says is not trusted for anything else."""

import pytest
from starlette.datastructures import Headers

from api.client_versions import MinimumVersions, client_words
from api.refusals import RefusedRequest, refuse

OLDEST = MinimumVersions({"diary": "2.10.0"})


@pytest.mark.parametrize("version", ["2.9.9", "2.9", "1.99.99", "2", "", "nonsense", "2.9.9-beta", "-3", "９.9.9"])
def test_old_version_is_told_to_update(version: str) -> None:
    """With a code of its own and the version that is needed, in the caller's language."""
    headers = Headers(
        raw=[(b"x-client-name", b"diary"), (b"x-client-version", version.encode()), (b"accept-language", b"ru")]
    )
    with pytest.raises(RefusedRequest) as refused:
        OLDEST.check(headers)
    answer = refuse(refused.value, headers)

    assert answer.status_code == 403
    assert b'"code":"CLIENT_OUTDATED"' in bytes(answer.body)
    assert "обновите её до 2.10.0" in bytes(answer.body).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"x-client-name": "diary", "x-client-version": "2.10.0"},
        {"x-client-name": "diary", "x-client-version": "2.10.0.1"},
        {"x-client-name": "diary", "x-client-version": "11"},
        {"apollographql-client-name": "diary", "apollographql-client-version": "2.11.0-rc1"},
        {"x-client-name": "another", "x-client-version": "0.1"},
        {},
    ],
    ids=str,
)
def test_program_that_is_new_enough_is_served(headers: dict[str, str]) -> None:
    """Others too, and those that do not say who they are."""
    assert OLDEST.check(Headers(headers)) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"x-client-name": "diary", "x-client-version": "2.1"}, "diary/2.1"),
        ({"apollographql-client-name": "web"}, "web/?"),
        ({"x-client-name": "a\nb"}, None),
        ({"x-client-name": "x" * 51}, None),
        ({"x-client-version": "1"}, None),
    ],
    ids=str,
)
def test_log_takes_words_that_do_no_harm(headers: dict[str, str], words: str | None) -> None:
    """Nothing that breaks a line or fills a disk."""
    assert client_words(Headers(headers)) == words
