"""Values as canonical JSON: equal values give equal bytes, so that a digest names what it was made from."""

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

ATOMS = frozenset({str, int, bool, type(None)})


def canonical_json(value: object) -> bytes:
    """Write as UTF-8 JSON with sorted keys and no spaces.

    Fractions are text ("49/2", "20"), days ISO text, sets sorted lists, dataclasses objects. A float is a TypeError:
    it prints differently from one computation to the next.
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _plain(value: Any) -> Any:
    """Give what JSON can say; the types of which there are many come first."""
    kind = type(value)
    if kind in ATOMS:
        return value
    if kind is Fraction:
        return str(value)
    if kind is dict:
        return {str(key): _plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_plain(item) for item in value]
    return _plain_of_others(value)


def _plain_of_others(value: Any) -> Any:
    plain: Any
    match value:
        case Enum():
            plain = value.value
        case date():
            plain = value.isoformat()
        case Mapping():
            plain = _plain(dict(value))
        case Set():
            plain = sorted(map(_plain, value))
        case tuple():
            plain = _plain([*value])
        case _ if is_dataclass(value):
            plain = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")
    return plain
