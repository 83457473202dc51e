"""Cases: who asks, through which client and with which account, and how they stand to the world."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from domain.records import Restriction
from domain.roles import Role
from tests.access.contract import Place
from tests.access.door import ALL_SCOPES, Account
from tests.access.examination import Case
from tests.access.expected import Expected, Item, items
from tests.access.relations import Relations, Standpoint
from tests.access.rows import Held
from tests.access.world import COVERING, KEEPERS, RARER, World

SINGLE = {
    Role.TEACHER: "teacher", Role.HOMEROOM_TEACHER: "homeroom", Role.DEPUTY_HEAD: "deputy", Role.STUDENT: "student",
    Role.LEGAL_REPRESENTATIVE: "parent", Role.MUNICIPAL_COORDINATOR: "coordinator", Role.ORG_ADMIN: "administrator",
    Role.REGIONAL_COORDINATOR: "regional coordinator", Role.SIGNED_IN: "pupil without a role",
    **{role: name for name, role in KEEPERS.items()},
    **{role: name for name, role in RARER.items()},
}  # fmt: skip
"""Who holds one role alone."""
PAIRS = [f"{first}+{second}" for first, second in COVERING]
OTHERS = [
    "TEACHER+ORG_ADMIN in one place",
    "TEACHER+MUNICIPAL_COORDINATOR in one place",
    "parent of departed",
    "homeroom 7B",
    "colleague",
    "kept apart",
    "banned parent",
    "stranger",
    "left the school",
    "enrolment desk",
    "expert of two",
    "supervisor",
    "principal with a grant",
]
OWN_DOCUMENTS = frozenset({
    "Person.snils", "Person.phone", "Person.email", "Person.employmentRecords", "Assignment.reason",
})  # fmt: skip
NOTE = frozenset({"AttendanceRecord.note", "AttendanceVersion.note"})
SPECIAL_TYPES = frozenset({
    "RehabilitationProgramme", "RehabilitationMeasure", "RehabilitationReport", "ScreeningParticipation",
})  # fmt: skip
"""domain.md 2.2: P3 as a whole, not only a field of theirs."""
OF_THE_JOURNAL = frozenset({
    "Mark", "MarkVersion", "SummaryMark", "SummaryMarkVersion", "Journal", "Lesson", "LessonVersion", "AssessmentSlot",
})  # fmt: skip
KEPT_FROM = {
    "journal service": (frozenset({"Diary.achievements", "Query.student"}), frozenset({"Achievement"})),
    "portfolio service": (
        frozenset({"Diary.marks", "Diary.summaryMarks", "Diary.lessons", "Query.journal", "Query.journals"}),
        OF_THE_JOURNAL,
    ),
}
"""auth.md 1.5: a journal's consent is not one for the portfolio, nor the other way round: fields, and types."""
# What a child's account, or one that nobody has confirmed, may hold: domain.md and auth.md, account levels.
UNCONFIRMED_HOLDS = frozenset({Role.STUDENT, Role.SIGNED_IN, Role.GUEST})


@dataclass
class Cases:
    """Makes cases of the cast."""

    world: World
    places: dict[str, list[Place]]
    relations: Relations = field(init=False)
    _known: dict[str, Case] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.relations = Relations(self.world.rows)

    def items(self) -> list[Item]:
        """All rows, as all types that may show them."""
        return self._items

    @cached_property
    def _items(self) -> list[Item]:
        return [item for item in items(self.world.rows) if item.type_name in self.places]

    def anonymous(self) -> Case:
        """Without a token."""
        return self._case("anonymous", None, Standpoint())

    def unknown(self) -> Case:
        """Signed in, but linked to nobody: sees what a guest sees."""
        return self._case("unknown", Account("a subject that nobody has"), Standpoint())

    def of(self, name: str) -> Case:
        """Somebody of the cast, through a client that may do all, with a confirmed account.

        Made once: what is expected of them is worked out row by row, and asked by many tests.
        """
        if name not in self._known:
            self._known[name] = self._of(name)
        return self._known[name]

    def _of(self, name: str) -> Case:
        if self.world.cast[name].service:
            return self.service(name)
        return self._case(name, Account(self.world.cast[name].subject), self.standpoint(name))

    def service(self, name: str) -> Case:
        """Another system, signed in as itself: whatever it is refused, it is its consent that does not cover it."""
        member, (closed, hidden) = self.world.cast[name], KEPT_FROM[name]
        who = Standpoint(held=(Held(Role.GUEST), *member.held))
        case = self._case(name, Account(member.subject, client=member.subject), who, closed)
        case.expected.hidden, case.expected.unscoped = hidden, True
        return case

    def every(self) -> list[Case]:
        """Nobody, each role alone, each pair of roles, all at once, and the traps."""
        named = [*SINGLE.values(), *PAIRS, "everything", *OTHERS]
        return [self.anonymous(), self.unknown(), *(self.of(name) for name in named), *self.limited()]

    def only(self, name: str, role: Role) -> Case:
        """Somebody of several roles, as if they had one of them."""
        return self._case(name, None, self.standpoint(name, lambda other: other is role))

    def limited(self) -> list[Case]:
        """All roles at once, kept back by the client's scopes or by the level of the account."""
        return [
            self.without_reading("everything"),
            self.without_special("everything"),
            self.without_writing("everything"),
            self.kept_back("everything", "unconfirmed", trusted=False),
            self.kept_back("everything", "child account", level="KD"),
        ]

    def without_reading(self, name: str) -> Case:
        """A client without education:read: public data, and the account without documents and contacts."""
        account = Account(self.world.cast[name].subject, frozenset({"education:special"}))
        who = self.standpoint(name, lambda role: role in (Role.GUEST, Role.SIGNED_IN))
        case = self._case(f"{name}, client may not read", account, who, closed=OWN_DOCUMENTS)
        case.expected.unscoped = case.expected.unwriting = True
        return case

    def without_writing(self, name: str) -> Case:
        """A client without education:write: everything is seen, nothing can be done."""
        account = Account(self.world.cast[name].subject, ALL_SCOPES - {"education:write"})
        case = self._case(f"{name}, client may not write", account, self.standpoint(name))
        case.expected.unwriting = True
        return case

    def without_special(self, name: str) -> Case:
        """A client without education:special: no note of an absence."""
        account = Account(self.world.cast[name].subject, ALL_SCOPES - {"education:special"})
        case = self._case(f"{name}, client may not read notes", account, self.standpoint(name), closed=NOTE)
        case.expected.hidden = SPECIAL_TYPES
        return case

    def kept_back(self, name: str, why: str, *, trusted: bool = True, level: str = "PR") -> Case:
        """An account whose level lets only the student's role through."""
        account = Account(self.world.cast[name].subject, trusted=trusted, level=level)
        return self._case(f"{name}, {why}", account, self.standpoint(name, lambda role: role in UNCONFIRMED_HOLDS))

    def standpoint(self, name: str, holds: Callable[[Role], bool] = lambda _: True) -> Standpoint:
        """Where somebody stands, with those of their roles that count."""
        member = self.world.cast[name]
        bans = self.world.rows.where(Restriction, person_id=member.person.id)
        found = self.relations.standpoint(
            member.person.id, _only(member.held, holds), [ban.subject_person_id for ban in bans]
        )
        return Standpoint(found.person, found.children, found.past_children, found.banned_from, found.held)

    def _case(self, name: str, account: Account | None, who: Standpoint, closed: frozenset[str] = frozenset()) -> Case:
        return Case(name, account, Expected(self.world.rows, self.relations, who, self.places, closed))


def _only(held: Iterable[Held], holds: Callable[[Role], bool]) -> list[Held]:
    return [one for one in held if holds(one.role)]
