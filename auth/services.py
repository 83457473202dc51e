"""Services: other systems that sign in as themselves, and what a consent lets them see."""

from collections.abc import Mapping

from auth.permissions import Permission as P
from domain.records.consents import ConsentPurpose

_DIARY = frozenset({P.DIARY_SEE, P.MARK_SEE, P.SUMMARY_MARK_SEE, P.JOURNAL_SEE, P.LESSON_SEE, P.HOMEWORK_READ})

CONSENTED: Mapping[ConsentPurpose, frozenset[P]] = {
    # What the exchange with the federal system asks for: marks, homework, timetable. No names: it has its own.
    ConsentPurpose.EDU_JOURNAL: _DIARY,
    ConsentPurpose.KID_SCHOOL: _DIARY,
    # The portfolio.
    ConsentPurpose.KID_EDUCATION: frozenset({P.DIARY_SEE, P.ACHIEVEMENT_SEE}),
}
"""What a consent for each purpose opens: an upper bound of what the service may do, whatever its role has."""
