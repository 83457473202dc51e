"""Values as canonical JSON: equal values give equal bytes, so that a digest names what it was made from."""

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any


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
    plain: Any
    match value:
        case Enum():
            plain = value.value
        case None | bool() | int() | str():
            plain = value
        case Fraction():
            plain = str(value)
        case date():
            plain = value.isoformat()
        case Mapping():
            plain = {str(key): _plain(item) for key, item in value.items()}
        case Set():
            plain = sorted(map(_plain, value))
        case _ if is_dataclass(value):
            plain = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case list() | tuple():
            plain = [_plain(item) for item in value]
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")
    return plain
