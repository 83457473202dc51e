"""Which program asks, in which version: by its own words, for the log and for telling old ones to update."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers

from api.refusals import RefusedRequest
from domain.errors import Code

NAME_HEADERS = ("x-client-name", "apollographql-client-name")
VERSION_HEADERS = ("x-client-version", "apollographql-client-version")
WORD = re.compile(r"[A-Za-z0-9][\w.+-]{0,49}", re.ASCII)
VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,3}", re.ASCII)


@dataclass(frozen=True)
class MinimumVersions:
    """The oldest version of each program that is still served, by the name that it sends."""

    oldest: Mapping[str, str] = field(default_factory=dict)

    def check(self, headers: Headers) -> None:
        """Raise RefusedRequest for an older version, or none, of a program that has a minimum."""
        name = _word(headers, NAME_HEADERS)
        if name is None or name not in self.oldest:
            return
        if _numbers(_word(headers, VERSION_HEADERS) or "") < _numbers(self.oldest[name]):
            raise RefusedRequest(
                403,
                f"This version of the application is no longer served: update to {self.oldest[name]} or later.",
                f"Эта версия приложения больше не обслуживается: обновите её до {self.oldest[name]} или новее.",
                Code.CLIENT_OUTDATED,
            )


def client_words(headers: Headers) -> str | None:
    """Name and version for a line of the log; None where the program does not say, or says what could do harm there."""
    name = _word(headers, NAME_HEADERS)
    return name and f"{name}/{_word(headers, VERSION_HEADERS) or '?'}"


def _word(headers: Headers, names: tuple[str, ...]) -> str | None:
    given = next((headers[name] for name in names if name in headers), "")
    return given if WORD.fullmatch(given) else None


def _numbers(version: str) -> tuple[int, ...]:
    """The parts of a version; what comes after them (`-beta`) does not count, and no version is the oldest."""
    found = VERSION.match(version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
