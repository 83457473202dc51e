"""Whether a part of an answer, as a page shows it, stands in the answer that came."""

from collections.abc import Iterator
from typing import Any

from tests.documents.steps import ELLIPSIS


def stands_in(shown: Any, answer: Any) -> bool:
    """Whether what is shown fits somewhere in an answer: at its top or at any depth."""
    return bool(shown) and any(fits(shown, part) for part in parts(answer))


def fits(shown: Any, got: Any) -> bool:
    """Whether a value is as shown: all keys shown, whole lists or, with `"…"` among them, some of their items in order.

    Text that ends with `…` shows how the value begins.
    """
    match shown, got:
        case dict(), dict():
            return all(key in got and fits(value, got[key]) for key, value in shown.items())
        case list(), list():
            return _items_fit(shown, got)
        case str(), str() if shown.endswith(ELLIPSIS):
            return got.startswith(shown.removesuffix(ELLIPSIS))
        case _:
            return type(shown) is type(got) and bool(shown == got)


def parts(answer: Any) -> Iterator[Any]:
    """A value and all that is in it."""
    yield answer
    inside = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    for part in inside:
        yield from parts(part)


def nearest(shown: Any, answer: Any) -> Any:
    """What to look at when something does not fit: all parts of an answer with the same keys, else the whole of it."""
    keys = set(shown) if isinstance(shown, dict) else set()
    alike = [part for part in parts(answer) if isinstance(part, dict) and keys and keys <= set(part)]
    return [{key: part[key] for key in shown} for part in alike] or answer


def _items_fit(shown: list[Any], got: list[Any]) -> bool:
    if ELLIPSIS not in shown:
        return len(shown) == len(got) and all(fits(*pair) for pair in zip(shown, got, strict=True))
    left = iter(got)
    return all(any(fits(item, other) for other in left) for item in shown if item != ELLIPSIS)
