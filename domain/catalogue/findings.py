"""What the catalogue's own sources leave open or contradict: each with a stable code and its place, none repaired."""

from enum import StrEnum
from typing import NamedTuple


class CatalogueFindingCode(StrEnum):
    """The catalogue of findings. Clients may rely on the codes; the words may change."""

    # Targets and baselines
    BASELINE_ABOVE_TARGET = "BASELINE_ABOVE_TARGET"
    BASELINES_DIFFER = "BASELINES_DIFFER"
    STATUSES_DIFFER = "STATUSES_DIFFER"
    TARGETS_DIFFER = "TARGETS_DIFFER"
    TARGET_FALLS = "TARGET_FALLS"
    TARGET_TWICE = "TARGET_TWICE"
    YEARS_MISSING = "YEARS_MISSING"
    ONE_INDICATOR_SEVERAL_ACTS = "ONE_INDICATOR_SEVERAL_ACTS"
    WORDINGS_DIFFER = "WORDINGS_DIFFER"
    INDICATOR_UNKNOWN = "INDICATOR_UNKNOWN"
    # Indicators and acts
    ONE_NAME_SEVERAL_INDICATORS = "ONE_NAME_SEVERAL_INDICATORS"
    MEASURES_DIFFER = "MEASURES_DIFFER"
    UNITS_COUNTED_DIFFER = "UNITS_COUNTED_DIFFER"
    ACT_PRINTED_DIFFERENTLY = "ACT_PRINTED_DIFFERENTLY"
    # Legends
    BANDS_LEAVE_GAP = "BANDS_LEAVE_GAP"
    BANDS_OVERLAP_IN_PRINT = "BANDS_OVERLAP_IN_PRINT"
    SHARES_DO_NOT_ADD_UP = "SHARES_DO_NOT_ADD_UP"
    # Names in published tables
    REGION_UNRESOLVED = "REGION_UNRESOLVED"
    REGION_MISREAD = "REGION_MISREAD"
    REGION_ABSENT = "REGION_ABSENT"
    REGION_TWICE = "REGION_TWICE"
    SERVICE_UNKNOWN = "SERVICE_UNKNOWN"
    # Procedures
    PROCEDURE_LINK_MISSING = "PROCEDURE_LINK_MISSING"
    PROCEDURE_LINK_OURS = "PROCEDURE_LINK_OURS"
    PASSPORT_INCOMPLETE = "PASSPORT_INCOMPLETE"


class CatalogueFinding(NamedTuple):
    """Something that a reader of the catalogue must know; `place` is a path such as `targets/DEE_TEACHERS/2025`."""

    code: CatalogueFindingCode
    place: str
    english: str
    russian: str
