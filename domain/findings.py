"""Finding: something doubtful that a reader of figures must know, with a stable code and its place."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Finding:
    """A doubt that travels with the figures, in both languages.

    `code` is of the catalogue of whoever found it; `place` is a path such as `conditions.bands.HIGH` or
    `targets/DEE_TEACHERS/2025`.
    """

    code: StrEnum
    place: str
    english: str
    russian: str
