"""Where a browser goes after sign-in: a page of ours, whatever the address asks for."""

import re

DEFAULT = "/"
LONGEST = 2000
# A browser drops tabs and line ends, and reads a backslash as a slash: `/\t/evil` would be another host.
CHARACTERS = r"[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*"
LOCAL_PAGE = re.compile(rf"/(?!session(?:[/?]|$)){CHARACTERS}(?:\?{CHARACTERS[:-2]}?]*)?")


def local_page(wanted: str | None) -> str:
    """The page, if it is a path of our own origin; else our front page. Never another host, never sign-in again."""
    if not wanted or len(wanted) > LONGEST or "//" in wanted.partition("?")[0]:
        return DEFAULT
    return wanted if LOCAL_PAGE.fullmatch(wanted) else DEFAULT
