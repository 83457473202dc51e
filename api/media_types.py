"""Which form an answer comes in, and whether a body is in a form that we read. The one place that decides it."""

import re
from functools import lru_cache

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"
LONGEST_ACCEPT = 1000
CHARSETS = frozenset({"utf-8", "utf8"})


@lru_cache(maxsize=256)
def chosen_type(accept: str | None) -> str | None:
    """The form of the answer for this header `Accept`; None: the caller takes nothing that we have.

    Without a preference it is application/json, which older clients expect; the newer form is for those who name it.
    A type named exactly counts before `application/*`, and that before `*/*` (RFC 9110, section 12.5.1).
    """
    weights = _weights(accept or "*/*")
    asked, older = _weight_of(GRAPHQL_RESPONSE, weights), _weight_of(JSON, weights)
    if GRAPHQL_RESPONSE in weights and asked > 0 and asked >= older:
        return GRAPHQL_RESPONSE
    if older > 0:
        return JSON
    return GRAPHQL_RESPONSE if asked > 0 else None


@lru_cache(maxsize=256)
def wants_events(accept: str) -> bool:
    """Whether a stream of events is asked for, and asked for rather than JSON.

    Some clients (urql) name every form they can read, JSON first, with all their queries: that is no wish for a stream.
    """
    weights = _weights(accept)
    others = max((weights.get(name, 0.0) for name in (GRAPHQL_RESPONSE, JSON)), default=0.0)
    return weights.get(EVENT_STREAM, 0.0) > others


@lru_cache(maxsize=256)
def is_json_in_utf8(content_type: str) -> bool:
    """Whether a body of this type is JSON in UTF-8, the only encoding that JSON has between systems (RFC 8259)."""
    name, *parameters = (part.strip() for part in content_type.split(";"))
    charsets = [part.partition("=")[2].strip('"').lower() for part in parameters if part.lower().startswith("charset=")]
    return name.lower() == JSON and all(charset in CHARSETS for charset in charsets)


def _weight_of(media_type: str, weights: dict[str, float]) -> float:
    for name in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        if name in weights:
            return weights[name]
    return 0.0


def _weights(accept: str) -> dict[str, float]:
    return dict(_weight(item) for item in accept[:LONGEST_ACCEPT].split(","))


def _weight(item: str) -> tuple[str, float]:
    """Read one media range and its weight (RFC 9110, section 12.4.2); a weight that is no number counts as none."""
    name, *parameters = (part.strip().lower() for part in item.split(";"))
    given = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    return name, float(given) if re.fullmatch(r"[01](\.\d{0,3})?", given, re.ASCII) else 0.0
