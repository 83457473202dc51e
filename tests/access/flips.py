"""Flips: every rule of the tables of access, each changed in turn as a careless hand would change it.

A flip that no answer can show is left out, with the reason written beside it: see `EQUIVALENT` and `nobody_is_refused`.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import true

from auth import granting, permissions, viewer, viewers, visibility, wall
from auth.permissions import NEEDS_NO_SCOPE, ROLE_PERMISSIONS, SCOPES, Permission
from domain.anchors import Anchor
from domain.records import (
    Enrolment,
    GuardianshipProposal,
    ImportRun,
    ImportSourceRow,
    OrganisationPolicy,
    PeriodClosing,
    Record,
)
from domain.records.base import Facet, Via
from domain.records.organisations import OrganisationKind
from domain.roles import ReachKind, Role
from schema.engine.access.rule import Access
from schema.engine.mapping import plan
from schema.engine.mapping.storage import Binding, Column, Mapping
from tests.access.builder import REACH
from tests.access.cases import SINGLE
from tests.access.contract import ONE
from tests.access.expectations import ever
from tests.access.giving import GIVERS, GIVES, HELD_AT, OPENS

P, A = Permission, ReachKind
Change = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Flip:
    """One rule changed. `kind` says what notices: answers, wall, pen, access journal, or attempts to give roles."""

    name: str
    change: Change = field(repr=False, compare=False)
    first: tuple[str, ...] = ()
    kind: str = "answers"
    excused: str = ""
    records: tuple[type[Record], ...] = ()
    """Of a flip of the pen: the rows that it may let through or hold back."""
    givers: tuple[Role, ...] = ()
    """Of a flip of giving: who may now give or confirm what, or no longer."""
    ways: tuple[tuple[Role, ReachKind], ...] = ()
    """Of a flip of giving: the roles with the reaches that this is about."""
    alone: bool = False
    """Nobody but `first` has what is flipped: nobody else is asked."""
    holders: frozenset[Role] = frozenset()
    """Of a flip of what roles may do: who holds none of them is answered as before, and is not asked."""
    types: frozenset[str] = frozenset()
    """Types whose rows are asked for first."""
    within: bool = False
    """Nothing but cells of these types can change: nothing else is asked."""
    table: str = ""
    """Which table the rule stands in, for the count."""


@contextmanager
def attribute(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Another value for an attribute, also of what is frozen, for a while."""
    before = vars(owner)[name]
    put = type.__setattr__ if isinstance(owner, type) else object.__setattr__
    put(owner, name, value)
    try:
        yield
    finally:
        put(owner, name, before)


@contextmanager
def item(table: dict[Any, Any], key: Any, value: Any) -> Iterator[None]:
    """Another value in a table, for a while."""
    before = table[key]
    table[key] = value
    try:
        yield
    finally:
        table[key] = before


@contextmanager
def together(*changes: Change) -> Iterator[None]:
    """Several changes as one."""
    if not changes:
        yield
        return
    with changes[0](), together(*changes[1:]):
        yield


def all_flips(types: dict[str, Mapping], roots: list[Binding]) -> list[Flip]:
    """All of them, in the order of the tables."""
    tables: dict[str, Iterable[Flip]] = {
        "cases": case_flips(types),
        "giving": granting_flips(),
        "places": place_flips(),
        "ended inside": ended_inside_flips(),
        "levels of accounts": assurance_flips(),
        "pen": pen_flips(),
        "daily work": own_role_flips(),
        "engine": engine_flips(),
        "guards of the wall": guard_flips(),
        "roles": role_flips(types),
        "scopes": scope_flips(types),
        "without scope": unscoped_flips(types),
        "rows": row_flips(types),
        "fields": field_flips(types, roots),
        "anchors": facet_flips(types),
        "anchors of the wall": wall_facet_flips(),
    }
    return [replace(flip, table=table) for table, flips in tables.items() for flip in flips]


# the table of roles

PUBLIC = {
    P.ORGANISATION_SEE, P.CALENDAR_SEE, P.SUBJECT_SEE, P.INDICATOR_SEE, P.RATING_SEE, P.SERVICE_CLIENT_SEE,
}  # fmt: skip
CELLS = {
    P.STUDENT_CARD_READ,
    P.CONTACTS_READ,
    P.DOCUMENTS_READ,
    P.DOCUMENTS_MASKED,
    P.ATTENDANCE_NOTE_READ,
    P.HOMEWORK_READ,
}
CHANGES = {P.ASSIGNMENT_GRANT, P.ASSIGNMENT_CONFIRM, P.ASSIGNMENT_END, P.CASE_OPEN}
GIVING = {P.ASSIGNMENT_CONFIRM, P.CASE_OPEN}
"""Changes of roles that no answer about a row tells of: they are tried."""
OF_MOVEMENT = {P.ENROLMENT_WRITE, P.SNILS_LOOKUP}
IMPORTS = (P.JOURNALS_IMPORT, P.PEOPLE_IMPORT, P.ORGANISATIONS_IMPORT, P.OBSERVATIONS_IMPORT)
PEN: dict[Permission, tuple[type[Record], ...]] = {
    **{
        permission: tuple(r for r, p in wall.WRITTEN.items() if p is permission)
        for permission in set(wall.WRITTEN.values())
    },
    P.PERIOD_CLOSE: (PeriodClosing,),
    P.POLICY_WRITE: (OrganisationPolicy,),
    **dict.fromkeys(IMPORTS, (ImportRun,)),
    P.GUARDIANSHIP_PROPOSE: (GuardianshipProposal,),
}
"""What each permission lets into the database."""
FAMILY = {Role.STUDENT, Role.LEGAL_REPRESENTATIVE}
SELF_OR_ALL = {Role.SIGNED_IN, Role.GUEST}
AT_PLACES = {ReachKind.ORGANISATION, ReachKind.ORGANISATION_TREE}
BY_PLACE = {role for role, kind in REACH.items() if visibility.ANCHOR_OF[kind] is not Anchor.PERSON}
BY_SELF = {r for r, kind in REACH.items() if kind is ReachKind.SELF}


def _why_equivalent(role: Role, permission: Permission) -> str:
    """Why giving or taking a permission changes no answer; empty: it must be noticed."""
    return next((reason for applies, reason in REASONS if applies(role, permission)), "")


DRAFTS = "no draft of a rating is in the world: tried in tests/schema/test_rating_states.py"
REASONS: tuple[tuple[Callable[[Role, Permission], bool], str], ...] = (
    (lambda r, p: p is P.RATING_DRAFT_SEE, DRAFTS),
    (lambda r, p: p in OF_MOVEMENT, "movement is tried by every role alone, in tests/access/test_enrolment_wall.py"),
    (lambda r, p: p in PUBLIC and r is not Role.GUEST, "public to all: no row or cell asks for it"),
    (
        lambda r, p: p is P.ACCOUNT_SEE and r in BY_PLACE,
        "an account is tied to its person alone: no reach by place meets it",
    ),
    (
        lambda r, p: p in (P.ACCOUNT_SEE, P.ASSIGNMENT_SEE) and r in BY_SELF,
        "who reaches oneself alone, sees nothing that whoever is signed in does not see already",
    ),
    (
        lambda r, p: p in CHANGES and REACH.get(r) not in AT_PLACES,
        "a change is judged by an assignment that reaches an organisation or a tree: this role never does",
    ),
    (
        lambda r, p: p in (P.ASSIGNMENT_CONFIRM, P.ASSIGNMENT_END) and not ever(r, "Assignment.*"),
        "roles are confirmed and ended by who sees them: this role sees no assignment but the holder's own",
    ),
    (
        lambda r, p: p in PEN and not any(_meets(r, record) for record in PEN[p]) and p not in ROLE_PERMISSIONS[r],
        "nothing that it lets in has an anchor that this role's reach could meet",
    ),
    (
        lambda r, p: p == "import.people:read" and not _meets(r, ImportSourceRow),
        "rows of files have no anchor that this role's reach could meet",
    ),
    (
        lambda r, p: p is P.ATTENDANCE_EXCUSE and (r in FAMILY or not ever(r, "Lesson.*")),
        "a lesson is written in by reach of group, class or organisation, and by nobody who does not see it",
    ),
    (
        lambda r, p: p is P.ASSIGNMENT_REASON_READ and not ever(r, "Assignment.*") and r is not Role.SIGNED_IN,
        "roles of others this role does not see, and whoever holds one reads its reason already",
    ),
    (
        lambda r, p: p is P.HOMEWORK_READ and not ever(r, "Lesson.*"),
        "every role that sees a lesson reads its homework: there is no lesson whose homework it could open",
    ),
    (
        lambda r, p: p in CELLS and r is Role.SIGNED_IN and p not in ROLE_PERMISSIONS[r],
        "one's own row is seen as STUDENT, who reads all of it, or by nobody",
    ),
    (
        lambda r, p: p in (P.CONTACTS_READ, P.DOCUMENTS_READ) and r is Role.STUDENT,
        "SIGNED_IN has it with the same reach: of two equal keys one may go",
    ),
    (
        lambda r, p: p is P.DOCUMENTS_MASKED and P.DOCUMENTS_READ in ROLE_PERMISSIONS[r],
        "whoever reads the number in full needs no mask",
    ),
)
"""When a flip of the table of roles is left out, and why."""


def _meets(role: Role, record: type[Record]) -> bool:
    """Whether rows of a record have an anchor of the kind by which a role reaches."""
    reach = {Role.GUEST: None, Role.SIGNED_IN: ReachKind.SELF}.get(role) or REACH.get(role)
    return reach is not None and bool(record.facet().anchored(visibility.ANCHOR_OF[reach]))


def _asked_of(role: Role) -> frozenset[Role]:
    """Holders of a role; none named: everybody, since everybody is a guest."""
    return frozenset() if role in SELF_OR_ALL else frozenset({role})


def opened_by_permission(types: dict[str, Mapping]) -> dict[Permission, frozenset[str]]:
    """Types whose rows or cells each permission opens."""
    found: dict[Permission, set[str]] = {}
    for mapping in types.values():
        rules = {mapping.rule.read, *(one.permission for one in mapping.bindings.values())}
        for permission in rules | {one.access.masked for one in mapping.bindings.values()}:
            if permission is not None:
                found.setdefault(Permission(permission), set()).add(mapping.name)
    return {permission: frozenset(names) for permission, names in found.items()}


def role_flips(types: dict[str, Mapping]) -> Iterator[Flip]:
    """Each permission taken from each role that has it, and given to each that has not."""
    opens = opened_by_permission(types)
    for role in Role:
        for permission in P:
            has = permission in ROLE_PERMISSIONS[role]
            changed = ROLE_PERMISSIONS[role] ^ {permission}
            yield Flip(
                f"{role} {'loses' if has else 'gets'} {permission}",
                partial(item, ROLE_PERMISSIONS, role, changed),
                (SINGLE.get(role, "anonymous"), f"TEACHER+{role} in one place"),
                "pen" if permission in PEN else "giving" if permission in GIVING else "answers",
                _why_equivalent(role, permission),
                PEN.get(permission, ()),
                (role,),
                EVERY_WAY if permission in GIVING else (),
                holders=_asked_of(role),
                types=opens.get(permission, frozenset()),
            )


EVERY_WAY = tuple((role, reach) for role in Role for reach in ReachKind)
NAMED_TO = {Role.GENERAL_EDUCATION_SPECIALIST: "supervisor", Role.PRINCIPAL: "principal with a grant"}
"""Who of the cast has a case."""


def case_flips(types: dict[str, Mapping]) -> Iterator[Flip]:
    """Each permission taken from those who have a case about one person, or given to them with it."""
    opens = opened_by_permission(types)
    for role, granted in permissions.CASE_PERMISSIONS.items():
        for permission in P:
            yield Flip(
                f"{role} with a case {'loses' if permission in granted else 'gets'} {permission}",
                partial(item, permissions.CASE_PERMISSIONS, role, granted ^ {permission}),
                (NAMED_TO[role],),
                "pen" if permission in PEN else "answers",
                _why_equivalent_in_case(role, permission, types),
                PEN.get(permission, ()),
                alone=True,
                types=opens.get(permission, frozenset()),
            )


NOT_BY_CASE: tuple[tuple[set[Permission], str], ...] = (
    (PUBLIC, "public to all: no row or cell asks for it"),
    ({P.RATING_DRAFT_SEE}, DRAFTS),
    ({P.STAFF_FILE_READ, P.STAFF_FILE_WRITE}, "a case names a student, and students have no staff file"),
    (
        CHANGES | OF_MOVEMENT | {P.GUARDIANSHIP_PROPOSE, P.GUARDIANSHIP_CONFIRM, P.ATTENDANCE_EXCUSE},
        "such a change is judged by an assignment that reaches a place: a case reaches a person",
    ),
    (
        {p for p, records in PEN.items() if not any(one.facet().anchored(Anchor.PERSON) for one in records)},
        "the database lets nothing in by a case that is not about a person",
    ),
)


def _why_equivalent_in_case(role: Role, permission: Permission, types: dict[str, Mapping]) -> str:
    """Why giving or taking a permission with a case changes no answer; empty: it must be noticed."""
    seen = permissions.CASE_PERMISSIONS[role]
    found = next((why for ones, why in NOT_BY_CASE if permission in ones), "")
    if found or permission in seen | set(PEN) or any(map(partial(_opens_to_case, permission, seen), types.values())):
        return found
    return "a case opens what is about its person: of that nothing asks for this"


def _opens_to_case(permission: Permission, seen: Set[Permission], mapping: Mapping) -> bool:
    """Whether rows of this type tied to a person, or cells of rows that a case sees, ask for the permission."""
    if mapping.rule.read == permission:
        return bool(mapping.facet.anchored(Anchor.PERSON) or mapping.facet.paths(Anchor.PERSON))
    visible = mapping.rule.public or mapping.rule.read in seen
    return visible and any(permission in (one.permission, one.access.masked) for one in mapping.bindings.values())


# who gives which role


def granting_flips() -> Iterator[Flip]:
    """Each who may give or confirm a role with a reach no longer may, and each who may not now may."""
    for role, ways in granting.GRANTING.items():
        for number, way in enumerate(ways):
            for by in GIVERS:
                for word, column in (("given", "grantable_by"), ("confirmed", "confirmed_by")):
                    changed = replace(way, **{column: getattr(way, column) ^ {by}})
                    now = "no longer " if by in getattr(way, column) else ""
                    yield Flip(
                        f"{role} {way.reach} is {now}{word} by {by}",
                        partial(item, granting.GRANTING, role, (*ways[:number], changed, *ways[number + 1 :])),
                        kind="giving",
                        excused=_why_nobody_gives(by, role, way.reach, word),
                        givers=(by,),
                        ways=((role, way.reach),),
                    )


def place_flips() -> Iterator[Flip]:
    """Each kind of place at which a role with a reach is held no longer fits, and each that did not now does."""
    for role, ways in granting.GRANTING.items():
        for number, way in enumerate(ways):
            for kind in OrganisationKind:
                changed = replace(way, at=way.at ^ {kind})
                yield Flip(
                    f"{role} {way.reach} is {'not ' if kind in way.at else ''}held at {kind}",
                    partial(item, granting.GRANTING, role, (*ways[:number], changed, *ways[number + 1 :])),
                    kind="places",
                    excused="" if (role, way.reach) in HELD_AT else "nobody gives it: it is held at no place",
                    ways=((role, way.reach),),
                )


def _why_nobody_gives(by: Role, role: Role, reach: ReachKind, word: str) -> str:
    """Why it does not matter what the table says of this giver; by what was written down by hand."""
    if word == "given":
        gives = by in GIVES or (by in OPENS and reach is ReachKind.PERSONS)
        return "" if gives else "who gives no role at all, gives none that the table says"
    return next((why for applies, why in NOT_CONFIRMED if applies(by, role, reach, word)), "")


COORDINATORS = (Role.MUNICIPAL_COORDINATOR, Role.REGIONAL_COORDINATOR)
NOT_CONFIRMED: tuple[tuple[Callable[[Role, Role, ReachKind, str], bool], str], ...] = (
    (
        lambda by, role, reach, word: reach in (A.SELF, A.CHILDREN, A.PUBLIC, A.CONSENT),
        "kept at no organisation: there is no place at which somebody could confirm it or end it",
    ),
    (
        lambda by, role, reach, word: by is Role.ORG_ADMIN and (role, reach) in GIVES[by],
        "who gives a role may end it already, and confirms none",
    ),
    (
        lambda by, role, reach, word: word == "confirmed" and by is role is Role.ORG_ADMIN,
        "an administrator confirms none, and ends their equals already",
    ),
    (
        lambda by, role, reach, word: by is role is Role.REGIONAL_COORDINATOR,
        "nobody gives it, so none waits to be confirmed; and at the own place none is ended",
    ),
    (
        lambda by, role, reach, word: by not in COORDINATORS and reach is A.ORGANISATION_TREE,
        "a role for a tree is kept above the school: nobody inside it sees it",
    ),
    (
        lambda by, role, reach, word: by is Role.MUNICIPAL_COORDINATOR and role is Role.REGIONAL_COORDINATOR,
        "kept above the municipality: its coordinator does not see it",
    ),
)


def ended_inside_flips() -> Iterator[Flip]:
    """Each role that an administrator ends without giving it, and each that they do not."""
    for role in Role:
        for way in granting.GRANTING[role]:
            yield Flip(
                f"ENDED_INSIDE {'without' if role in granting.ENDED_INSIDE else 'with'} {role} {way.reach}",
                partial(attribute, granting, "ENDED_INSIDE", granting.ENDED_INSIDE ^ {role}),
                kind="giving",
                excused=_why_nobody_gives(Role.ORG_ADMIN, role, way.reach, "ended"),
                givers=(Role.ORG_ADMIN,),
                ways=((role, way.reach),),
            )


# clients and accounts


def scope_flips(types: dict[str, Mapping]) -> Iterator[Flip]:
    """Each permission taken out of its scope, and each let through without any scope."""
    opens = opened_by_permission(types)
    for scope, granted in SCOPES.items():
        for permission in sorted(granted):
            nothing = permission in PUBLIC or permission is P.ACCOUNT_SEE
            yield Flip(
                f"{scope} without {permission}",
                partial(item, SCOPES, scope, granted - {permission}),
                ("everything",),
                "pen" if permission in PEN else "answers",
                "let through without any scope" if nothing else DRAFTS if permission is P.RATING_DRAFT_SEE else "",
                PEN.get(permission, ()),
                types=opens.get(permission, frozenset()),
            )
            rowless = permission in (
                P.DOCUMENTS_MASKED, P.HOMEWORK_READ, P.STUDENT_CARD_READ, P.ACCESS_JOURNAL_ACTOR_READ,
            )  # fmt: skip
            why = "opens cells alone, of rows that no client without the scope sees" if rowless else ""
            why = DRAFTS if permission is P.RATING_DRAFT_SEE else why
            yield Flip(
                f"{permission} needs no scope",
                partial(_without_scope, permission),
                LIMITED,
                "pen" if permission in PEN else "answers",
                "every client may show it anyway" if nothing else why,
                PEN.get(permission, ()),
                alone=True,
                types=opens.get(permission, frozenset()),
            )


LIMITED = tuple(f"everything, client may not {what}" for what in ("read", "read notes", "write"))


@contextmanager
def _without_scope(permission: Permission) -> Iterator[None]:
    with attribute(viewer, "allowed_by", lambda scopes: permissions.allowed_by(scopes) | {permission}):
        yield


def unscoped_flips(types: dict[str, Mapping]) -> Iterator[Flip]:
    """Each permission that a role may use through any client: not let through, and each of its others let through."""
    opens = opened_by_permission(types)
    for role, granted in NEEDS_NO_SCOPE.items():
        for permission in sorted(ROLE_PERMISSIONS[role]):
            word = "needs a scope" if permission in granted else "needs no scope"
            yield Flip(
                f"{permission} of {role} {word}",
                partial(item, NEEDS_NO_SCOPE, role, granted ^ {permission}),
                LIMITED,
                excused="public rows ask for no permission" if permission in PUBLIC else "",
                types=opens.get(permission, frozenset()),
            )


def own_role_flips() -> Iterator[Flip]:
    """Each role taken for daily work or not: the access journal must show it."""
    without_people = (Role.GUEST, Role.MAIL_USER, Role.ORG_MAILBOX, Role.EXPERT, Role.AUTHORITY_VIEWER)
    reads_none = dict.fromkeys(without_people, "sees no row about a person")
    named = {Role.GENERAL_EDUCATION_SPECIALIST: NAMED_TO[Role.GENERAL_EDUCATION_SPECIALIST]}
    for role in Role:
        changed = permissions.OWN_ROLES ^ {role}
        yield Flip(
            f"OWN_ROLES {'without' if role in permissions.OWN_ROLES else 'with'} {role}",
            partial(attribute, plan, "OWN_ROLES", changed),
            (named.get(role) or SINGLE.get(role, "anonymous"),),
            "journal",
            reads_none.get(role, ""),
        )


def assurance_flips() -> Iterator[Flip]:
    """What an account of a lower level may hold."""
    first = ("everything, unconfirmed", "everything, child account")
    implicit = "everybody has it without a grant: the level of the account is not asked"
    opens_nothing = {
        Role.MAIL_USER: "sees what a guest sees, until there are messages (domain.md, decision 13)",
        Role.ORG_MAILBOX: "sees what a guest sees, until there are messages (domain.md, decision 13)",
        Role.SYSTEM_CLIENT: "no account holds it: systems sign in as themselves, without a level",
    }
    for role in Role:
        changed = viewer.UNASSURED_ROLES ^ {role}
        yield Flip(
            f"UNASSURED_ROLES {'without' if role in viewer.UNASSURED_ROLES else 'with'} {role}",
            partial(attribute, viewer, "UNASSURED_ROLES", changed),
            first,
            excused=implicit if role in SELF_OR_ALL else opens_nothing.get(role, ""),
            alone=True,
        )
    yield Flip("a child's account holds any role", lambda: attribute(viewer, "CHILD_LEVEL", "none"), first)
    caller: Any = viewer.Caller
    yield Flip("every account holds every role", lambda: attribute(caller, "may_hold", lambda *_: True), first)
    yield Flip(
        "an account needs no confirmation",
        lambda: attribute(
            caller, "may_hold", lambda self, role: role in viewer.UNASSURED_ROLES or self.level != viewer.CHILD_LEVEL
        ),
        first,
    )


# fields and rows


class Opened(Binding):
    """A field that asks for nothing but its row."""

    @property
    def permission(self) -> None:
        """Nothing."""
        return


@contextmanager
def opened(binding: Binding) -> Iterator[None]:
    """A guarded field becomes one that is seen with its row."""
    before, binding.__class__ = binding.__class__, Opened
    with attribute(binding, "access", Access(why=binding.access.why)):
        try:
            yield
        finally:
            binding.__class__ = before


def nobody_is_refused(coordinate: str, target: str | None, *, single: bool) -> str:
    """By the expectations, not by the table: every role that sees the row sees the field (or what it leads to)."""
    type_name = coordinate.partition(".")[0]
    seeing = [role for role in Role if ever(role, f"{type_name}.*")]
    opening = f"{target}.*" if single and target else coordinate
    if all(ever(role, opening) for role in seeing):
        return "by the expectations nobody who sees the row is refused it"
    return ""


def field_flips(types: dict[str, Mapping], roots: list[Binding]) -> Iterator[Flip]:
    """Each guarded field opened to all who see the row; each mask dropped, or given in full, or given to nobody."""
    for binding in [one for mapping in types.values() for one in mapping.bindings.values()] + roots:
        if binding.permission is None:
            continue
        target = binding.target.name if binding.target else None
        single = binding.coordinate in ONE
        yield Flip(
            f"{binding.coordinate} opened",
            partial(opened, binding),
            ("teacher", "administrator", "coordinator", "anonymous"),
            types=frozenset({binding.owner}),
            within=binding.mapping is not None,
            excused="" if binding.mapping is None else nobody_is_refused(binding.coordinate, target, single=single),
        )
        if binding.access.masked is not None:
            yield from _mask_flips(binding)


def _mask_flips(binding: Binding) -> Iterator[Flip]:
    storage, access = binding.storage, binding.access
    excused = "nobody sees another's account, and one's own in full" if binding.owner == "Person" else ""
    unmasked = Column(storage.of if isinstance(storage, Column) else None, lambda full: full)
    for name, change in (
        ("loses its mask's permission", lambda: attribute(binding, "access", Access(access.read, None))),
        ("masks nothing", lambda: attribute(binding, "storage", unmasked)),
        ("is read in full by the mask's permission", lambda: attribute(binding, "access", Access(access.masked))),
    ):
        full = name.startswith("is read") and binding.owner == "Person"
        yield Flip(
            f"{binding.coordinate} {name}",
            change,
            ("deputy", "parent"),
            excused="" if full else excused,
            types=frozenset({binding.owner}),
            within=True,
        )


def row_flips(types: dict[str, Mapping]) -> Iterator[Flip]:
    """Each guarded type made public."""
    for mapping in types.values():
        if not mapping.rule.public:
            public = Access(mapping.rule.read, public=True)
            yield Flip(
                f"{mapping.name} is public",
                partial(attribute, mapping, "rule", public),
                ("anonymous", "coordinator", "administrator"),
                types=frozenset({mapping.name}),
            )


# anchors and paths


def facet_flips(types: dict[str, Mapping]) -> Iterator[Flip]:
    """Each anchor taken from a facet or lent by a path that does not lend it, in the application's filter."""
    for mapping in types.values():
        if mapping.rule.public and mapping.name != "Organisation":
            continue  # a public row asks for no tie, and these have no list of guarded rows either
        for name, changed in changed_facets(mapping.facet):
            yield Flip(
                f"filter: {mapping.name} {name}",
                partial(_facet_of, mapping, changed),
                excused=_why_facet_equivalent(mapping.facet, name),
                types=frozenset({mapping.name}),
            )


@contextmanager
def _facet_of(mapping: Mapping, changed: Facet) -> Iterator[None]:
    """Another facet for a type; where it is the record's own, also for the paths that lead through the record."""
    with attribute(mapping, "facet", changed), _own_facet(changed):
        yield


@contextmanager
def _own_facet(changed: Facet) -> Iterator[None]:
    record: Any = changed.record
    if changed.name != record.__name__:
        yield
        return
    type.__setattr__(record, "facet", classmethod(lambda *_: changed))  # in the way of the one of all records
    try:
        yield
    finally:
        type.__delattr__(record, "facet")


def changed_facets(facet: Facet) -> Iterator[tuple[str, Facet]]:
    """A facet with one tie less, or one lent anchor more."""
    for anchor, columns in facet.columns.items():
        for column in columns:
            left = {**facet.columns, anchor: tuple(one for one in columns if one != column)}
            yield f"is not tied by {column}", replace(facet, columns=left)
    for number, via in enumerate(facet.via):
        for anchor in Anchor:
            lends = tuple(one for one in via.lends if one != anchor) if anchor in via.lends else (*via.lends, anchor)
            if anchor not in via.lends and not _could_lend(via, anchor):
                continue
            word = "no longer lends" if anchor in via.lends else "also lends"
            changed = [Via(via.column, via.link, via.link_column, lends)] if lends else []
            paths = (*facet.via[:number], *changed, *facet.via[number + 1 :])
            yield f"by {via.link.__name__} {word} {anchor}", replace(facet, via=paths)
    word = "met by its own columns" if facet.by_path_only else "met by its paths alone"
    yield f"is {word}", replace(facet, by_path_only=not facet.by_path_only)


def _could_lend(via: Via, anchor: Anchor) -> bool:
    link = via.link.facet()
    return bool(link.anchored(anchor) or link.paths(anchor))


def _why_facet_equivalent(facet: Facet, name: str) -> str:
    """Why a tie more or less changes nothing that the rows of any school could show."""
    anchor = next((one for one in Anchor if name.endswith(f"lends {one}")), None)
    column = next(
        (one for one, columns in facet.columns.items() if name.endswith(tuple(f"by {c}" for c in columns))), None
    )
    concerned = anchor or column
    if (
        concerned
        and concerned is not Anchor.PERSON
        and not any(ever(r, f"{facet.name}.*") for r in REACHING[concerned])
    ):
        return "by the expectations no role of this reach sees any such row"
    return next((why for (one, words), why in EQUIVALENT.items() if one == facet.name and words in name), "")


REACHING = {
    Anchor.ORGANISATION: (Role.DEPUTY_HEAD, Role.ORG_ADMIN, Role.MUNICIPAL_COORDINATOR),
    Anchor.CLASS_GROUP: (Role.HOMEROOM_TEACHER,),
    Anchor.SUBJECT_GROUP: (Role.TEACHER,),
}
"""Roles that reach by each kind of place."""

SAME_ROW = "the link is about the very person, class or group of the row"
SAME_PLACE = "a class, its groups, places and pages are of one organisation, and a group's page and lines of that group"
ENROLLED_THERE = "a member of a group is enrolled in the class and organisation that stand on the membership"
NOBODY_RESTRICTED = "the path that leads there goes through nobody restricted already"
COMES_OUT_ANYWAY = "oneself and one's children come out of the table as accounts and students"

EQUIVALENT: dict[tuple[str, str], str] = {
    ("Student", "by Enrolment also lends PERSON"): SAME_ROW,
    ("Student", "by SubjectGroupMember also lends PERSON"): SAME_ROW,
    ("Guardianship", "by Enrolment also lends PERSON"): SAME_ROW,
    ("ClassGroup", "by Enrolment also lends CLASS_GROUP"): SAME_ROW,
    ("ClassGroup", "by Enrolment also lends ORGANISATION"): SAME_PLACE,
    ("Student", "by SubjectGroupMember also lends ORGANISATION"): ENROLLED_THERE,
    ("Student", "by SubjectGroupMember also lends CLASS_GROUP"): ENROLLED_THERE,
    ("Guardian", "is not tied by id"): NOBODY_RESTRICTED,
    ("StaffMember", "is not tied by id"): NOBODY_RESTRICTED,
    ("ClassGroup", "by Enrolment also lends SUBJECT_GROUP"): SAME_ROW,
    ("ClassGroup", "by SubjectGroup also lends CLASS_GROUP"): SAME_ROW,
    ("ClassGroup", "by SubjectGroup also lends ORGANISATION"): SAME_PLACE,
    ("SubjectGroup", "by SubjectGroupMember also lends SUBJECT_GROUP"): SAME_ROW,
    ("SubjectGroup", "by SubjectGroupMember also lends ORGANISATION"): SAME_PLACE,
    ("SubjectGroup", "by JournalLine also lends SUBJECT_GROUP"): SAME_ROW,
    ("SubjectGroup", "by JournalLine also lends ORGANISATION"): SAME_PLACE,
    ("Enrolment", "by SubjectGroup also lends CLASS_GROUP"): SAME_ROW,
    ("Enrolment", "by SubjectGroup also lends ORGANISATION"): SAME_PLACE,
    ("Journal", "by JournalLine also lends SUBJECT_GROUP"): SAME_PLACE,
    ("Journal", "by JournalLine also lends ORGANISATION"): SAME_PLACE,
    ("Lesson", "by JournalLine also lends SUBJECT_GROUP"): SAME_PLACE,
    ("Lesson", "by JournalLine also lends ORGANISATION"): SAME_PLACE,
    ("StaffPosition", "by Enrolment also lends CLASS_GROUP"): SAME_PLACE,
    ("StaffPosition", "by Enrolment also lends SUBJECT_GROUP"): SAME_PLACE,
    ("StaffPosition", "by Enrolment also lends ORGANISATION"): SAME_PLACE,
    ("StaffPosition", "by ClassGroup also lends PERSON"): SAME_PLACE,
    ("StaffPosition", "by ClassGroup also lends ORGANISATION"): SAME_PLACE,
    ("StaffPosition", "by ClassGroup also lends SUBJECT_GROUP"): SAME_PLACE,
    ("StaffPosition", "by SubjectGroup also lends ORGANISATION"): SAME_PLACE,
    ("StaffPosition", "by SubjectGroup also lends CLASS_GROUP"): SAME_PLACE,
    ("Organisation", "by Enrolment also lends ORGANISATION"): SAME_PLACE,
    ("Organisation", "by Enrolment also lends CLASS_GROUP"): SAME_PLACE,
    ("Organisation", "by Enrolment also lends SUBJECT_GROUP"): SAME_PLACE,
    ("Organisation", "by ClassGroup also lends PERSON"): SAME_PLACE,
    ("Organisation", "by ClassGroup also lends ORGANISATION"): SAME_PLACE,
    ("Organisation", "by ClassGroup also lends SUBJECT_GROUP"): SAME_PLACE,
    ("Organisation", "by SubjectGroup also lends ORGANISATION"): SAME_PLACE,
    ("Organisation", "by SubjectGroup also lends CLASS_GROUP"): SAME_PLACE,
}
"""Facet and flip, with the reason why no row could tell."""

ANCHORS_USED = [kind for kind in visibility.ANCHOR_OF if kind is not ReachKind.PERSONS]
"""No role is granted with PERSONS today: its line has nobody to show it."""


def engine_flips() -> Iterator[Flip]:
    """The parts of the rule that stand in no table: live links, restrictions, the anchor of each kind of reach."""
    wrong = {Anchor.PERSON: Anchor.ORGANISATION, Anchor.ORGANISATION: Anchor.PERSON}
    for kind in ANCHORS_USED:
        other = wrong.get(visibility.ANCHOR_OF[kind], Anchor.PERSON)
        change = partial(item, visibility.ANCHOR_OF, kind, other)
        yield Flip(f"{kind} meets {other}", change)
    yield Flip("links hold for ever", lambda: attribute(visibility, "live", lambda _: []), ("homeroom", "deputy"))
    yield Flip(
        "restrictions do not count",
        lambda: attribute(visibility, "unrestricted", lambda *_: true()),
        ("banned parent",),
    )
    unrestricted = visibility.unrestricted

    def of_rows_only(facet: Facet, row: Any, restricted: Any) -> Any:
        """Restrictions are forgotten on the way through a link."""
        return (
            true()
            if str(getattr(row, "_aliased_insp", None) and row._aliased_insp.name).startswith("via_")
            else unrestricted(facet, row, restricted)
        )

    yield Flip(
        "restrictions do not count on paths",
        lambda: attribute(visibility, "unrestricted", of_rows_only),
        ("banned parent",),
    )
    cell = visibility.cell

    def crossed(facet: Facet, row: Any, shape: Any, rule: Permission, row_rule: Permission) -> Any:
        """Any role's permission opens cells of any role's rows: roles crossed with reaches."""
        return bool(shape.grants(rule)) or cell(facet, row, shape, rule, row_rule)

    yield Flip(
        "cells open by roles crossed with reaches",
        lambda: attribute(plan, "cell", crossed),
        ("TEACHER+HOMEROOM_TEACHER", "everything"),
    )
    below = visibility._inside

    def own_node_only(kind: ReachKind, ids: Any) -> Any:
        """A tree is its root."""
        return below(ReachKind.ORGANISATION if kind is ReachKind.ORGANISATION_TREE else kind, ids)

    yield Flip(
        "a tree reaches its root only", lambda: attribute(visibility, "_inside", own_node_only), ("coordinator",)
    )


# the wall


def guard_flips() -> Iterator[Flip]:
    """Each guard of the wall missing, or asking for another permission; each link not let through."""
    for number, guard in enumerate(wall.GUARDS):
        rest = (*wall.GUARDS[:number], *wall.GUARDS[number + 1 :])
        yield Flip(f"wall: no guard for {guard.facet.name}", partial(attribute, wall, "GUARDS", rest), kind="wall")
        # For each a permission that other roles, or other reaches, have.
        easy = P.STAFF_SEE if guard.permission in (P.CLASS_GROUP_SEE, P.REGISTRY_ISSUES_READ) else P.CLASS_GROUP_SEE
        eased = (*rest, wall.Guard(guard.facet, easy))
        yield Flip(
            f"wall: {guard.facet.name} guarded by {easy}",
            partial(attribute, wall, "GUARDS", eased),
            kind="wall",
        )
    for link in wall.LINKS:
        left = tuple(one for one in wall.LINKS if one is not link)
        why = "a role that follows enrolments may see them itself, as they are" if link is Enrolment else ""
        yield Flip(
            f"wall: {link.__name__} is no link", partial(attribute, wall, "LINKS", left), kind="wall", excused=why
        )
    yield Flip(
        "wall: links hold for ever",
        lambda: together(
            lambda: attribute(visibility, "live", lambda _: []), lambda: attribute(wall, "live", lambda _: [])
        ),
        kind="wall",
    )
    yield Flip(
        "wall: restrictions do not count",
        lambda: together(
            lambda: attribute(visibility, "unrestricted", lambda *_: true()),
            lambda: attribute(wall, "unrestricted", lambda *_: true()),
        ),
        ("banned parent",),
        "wall",
    )


def _why_wall_equivalent(facet: Facet, name: str) -> str:
    """The wall knows rows, not facets: what comes out of a table in one way need not be shut in another."""
    if (facet.name, name) in LINK_OPENS:
        return ""
    if facet.by_path_only and name == "is met by its own columns":
        return COMES_OUT_ANYWAY
    return _why_facet_equivalent(facet, name)


LINK_OPENS = {
    ("Student", "by SubjectGroupMember also lends ORGANISATION"),
    ("Student", "by SubjectGroupMember also lends CLASS_GROUP"),
    ("SubjectGroup", "by SubjectGroupMember also lends ORGANISATION"),
    ("StaffPosition", "by Enrolment also lends ORGANISATION"),
    ("ClassGroup", "by Enrolment also lends ORGANISATION"),
}
"""The rows stay the same, but the wall lets the link itself out to more people."""


def wall_facet_flips() -> Iterator[Flip]:
    """The same ties as in the filter, taken from or lent to the wall alone."""
    for number, guard in enumerate(wall.GUARDS):
        for name, changed in changed_facets(guard.facet):
            guards = (*wall.GUARDS[:number], wall.Guard(changed, guard.permission), *wall.GUARDS[number + 1 :])
            yield Flip(
                f"wall: {guard.facet.name} {name}",
                lambda guards=guards, changed=changed: together(
                    lambda: attribute(wall, "GUARDS", guards), lambda: _own_facet(changed)
                ),  # type: ignore[misc]
                kind="wall",
                excused=_why_wall_equivalent(guard.facet, name),
            )


# the pen

OTHER_PEN = {
    P.MARK_WRITE: P.LESSON_WRITE, P.ATTENDANCE_WRITE: P.LESSON_WRITE, P.LESSON_WRITE: P.MARK_WRITE,
    P.SUMMARY_MARK_WRITE: P.MARK_WRITE, P.JOURNAL_REOPEN: P.MARK_WRITE,
    P.OBSERVATION_WRITE: P.OBSERVATION_APPROVE, P.OBSERVATION_APPROVE: P.OBSERVATION_WRITE,
    P.RATING_COMPUTE: P.OBSERVATION_WRITE, P.RATING_PUBLISH: P.OBSERVATION_WRITE,
    P.CONSENT_GIVE: P.ACHIEVEMENT_WRITE, P.STAFF_FILE_WRITE: P.SCREENING_WRITE,
    P.ACHIEVEMENT_WRITE: P.REHABILITATION_WRITE, P.REHABILITATION_WRITE: P.ACHIEVEMENT_WRITE,
    P.SCREENING_WRITE: P.STAFF_FILE_WRITE,
}  # fmt: skip
"""For each a permission that other roles have."""


def pen_flips() -> Iterator[Flip]:
    """What the database asks of added rows: another permission, no author, no restriction, other days."""
    for record, permission in wall.WRITTEN.items():
        other = OTHER_PEN[permission]
        change = partial(item, wall.WRITTEN, record, other)
        yield Flip(f"pen: {record.__name__} asks for {other}", change, ("homeroom", "teacher"), "pen", "", (record,))
    yield Flip(
        "pen: authors are not asked",
        lambda: attribute(wall, "_added", lambda record, p: wall._guarded(wall.Guard(wall._bare(record), p))),
        ("teacher", "deputy"),
        "pen",
    )
    yield Flip(
        "pen: restrictions do not count",
        lambda: attribute(wall, "unrestricted", lambda *_: true()),
        ("banned parent",),
        "pen",
    )
    person: Any = viewer.Viewer
    yield Flip(
        "pen: nobody writes after their days",
        lambda: attribute(person, "writer", property(lambda self: self)),
        ("teacher", "homeroom"),
        "pen",
    )
    yield Flip(
        "pen: management writes after its days",
        lambda: attribute(viewers, "JUDGED_BY_LESSON", frozenset(ReachKind)),
        ("deputy", "administrator"),
        "pen",
    )
