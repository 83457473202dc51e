"""Where an answer may be sent: exact comparison, with the one exception that RFC 8252 makes for native clients."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

_LOOPBACK_WITH_PORT = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\])):([0-9]{1,5})(/[^#]*)")
_REVERSE_DOMAIN_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")


def is_registered(uri: str, registered: Collection[str], *, native: bool) -> bool:
    """Whether this address is one of the registered ones, character by character.

    A native client opens a loopback port that it cannot know beforehand, so there the port alone is free;
    the name `localhost` is not, since it may resolve to somewhere else.
    """
    if uri in registered:
        return True
    match = _LOOPBACK_WITH_PORT.fullmatch(uri) if native else None
    return match is not None and 1 <= int(match[2]) <= 65535 and match[1] + match[3] in registered


def problem(uri: str, *, native: bool) -> str | None:
    """Why this address must not be registered; None when it may be."""
    parts = urlsplit(uri)
    if "#" in uri or "*" in uri or not uri.isascii() or not uri.isprintable() or " " in uri:
        return "an address is ASCII, without fragment, spaces and wildcards"
    if parts.scheme == "https" and parts.hostname and "@" not in parts.netloc:
        return None
    if parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1") and "@" not in parts.netloc:
        return None
    if native and _REVERSE_DOMAIN_SCHEME.fullmatch(parts.scheme) and not parts.netloc:
        return None
    return "https, http on 127.0.0.1 or [::1], or (native clients) a private-use scheme in reverse-domain form"


def form_target(uri: str) -> str:
    """The source expression that lets a form of ours end at this address (Content-Security-Policy: form-action).

    Browsers apply form-action to the redirects that follow a form too. An IPv6 literal cannot be written there.
    """
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or "[" in parts.netloc:
        return f"{parts.scheme}:"
    return f"{parts.scheme}://{parts.netloc}"
