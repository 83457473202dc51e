"""The world of the access tests: five schools in two regions, and one person for every role and every trap."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

from sqlalchemy import NullPool, create_engine, text

from domain import clock
from domain.records import ClassGroup, Journal, Organisation, Person, ServiceClient, Subject, SubjectGroup
from domain.records.classes import EnrolmentKind
from domain.records.organisations import HeadStatus, OrganisationKind
from domain.roles import ReachKind, Role
from tests.access.builder import REACH, Builder
from tests.access.registers import Registers
from tests.access.rows import Member, Rows

GRANTABLE = (
    Role.TEACHER, Role.HOMEROOM_TEACHER, Role.DEPUTY_HEAD, Role.STUDENT, Role.LEGAL_REPRESENTATIVE,
    Role.MUNICIPAL_COORDINATOR, Role.ORG_ADMIN, Role.REGIONAL_COORDINATOR,
    Role.PRINCIPAL, Role.ENROLMENT_OPERATOR, Role.HR_SPECIALIST, Role.CURRICULUM_SPECIALIST,
    Role.GENERAL_EDUCATION_SPECIALIST, Role.TALENT_OPERATOR, Role.REHABILITATION_OPERATOR, Role.SCREENING_SPECIALIST,
    Role.EXPERT, Role.AUTHORITY_VIEWER, Role.AUDITOR, Role.MAIL_USER, Role.ORG_MAILBOX,
)  # fmt: skip
"""Roles that a person is given, in an order in which neighbours differ much."""

Pair = tuple[Role, Role]
ALL_PAIRS: tuple[Pair, ...] = tuple(combinations(GRANTABLE, 2))
TRAPS: tuple[Pair, ...] = (
    (Role.TEACHER, Role.LEGAL_REPRESENTATIVE), (Role.HOMEROOM_TEACHER, Role.LEGAL_REPRESENTATIVE),
    (Role.DEPUTY_HEAD, Role.LEGAL_REPRESENTATIVE), (Role.DEPUTY_HEAD, Role.ORG_ADMIN), (Role.TEACHER, Role.STUDENT),
    (Role.STUDENT, Role.MUNICIPAL_COORDINATOR), (Role.TEACHER, Role.MUNICIPAL_COORDINATOR),
    (Role.LEGAL_REPRESENTATIVE, Role.PRINCIPAL), (Role.DEPUTY_HEAD, Role.PRINCIPAL), (Role.TEACHER, Role.PRINCIPAL),
    (Role.DEPUTY_HEAD, Role.ENROLMENT_OPERATOR), (Role.HOMEROOM_TEACHER, Role.ENROLMENT_OPERATOR),
    (Role.MUNICIPAL_COORDINATOR, Role.GENERAL_EDUCATION_SPECIALIST), (Role.ORG_ADMIN, Role.HR_SPECIALIST),
)  # fmt: skip
"""Pairs that schools have, or that would do most harm if one role lent its rights to the reach of the other."""
COVERING: tuple[Pair, ...] = tuple(dict.fromkeys([*pairwise(GRANTABLE), (GRANTABLE[0], GRANTABLE[-1]), *TRAPS]))
"""What every build tries: every role in two pairs or more, and the traps. What a pair sees is worked out from each role
by itself, and a plan knows of roles only which permission has which reach: a pair can go wrong where two kinds of reach
or two permissions meet, and these pairs hold every two kinds of reach that a person can hold. All pairs are tried by
`python -m tests.access.pairs`, nightly."""


@dataclass
class World:
    """Everything that stands in the database, and who is who."""

    rows: Rows
    cast: dict[str, Member]
    schools: dict[str, Organisation]
    classes: dict[str, ClassGroup]
    groups: dict[str, SubjectGroup]
    people: dict[str, Person]
    regions: list[Organisation]


def build_world(owner_url: str, pairs: Iterable[Pair] = COVERING) -> World:
    """Make the world, and put it into an empty, migrated database past its wall."""
    build = Builder(Rows(clock.now().date()))
    world = World(build.rows, build.cast, {}, {}, {}, {}, [])
    _places(build, world)
    _school_a(build, world)
    _other_schools(build, world)
    _staff(build, world)
    _families(build, world)
    _registers(build, world)
    _rarer_roles(build, world)
    _people_of_several_roles(build, world, pairs)
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        build.write(connection)
        # Else the readings of one test would stand among the openings that the next one counts.
        connection.execute(text("alter table access_entry disable trigger make_openings"))
    engine.dispose()
    return world


def _places(build: Builder, world: World) -> None:
    """A and its branch A2, B beside it, C in the next municipality, D in another region."""
    world.regions = [build.organisation(OrganisationKind.REGION, None) for _ in range(2)]
    region, far_region = world.regions
    town, next_town = (build.organisation(OrganisationKind.MUNICIPALITY, region) for _ in range(2))
    far_town = build.organisation(OrganisationKind.MUNICIPALITY, far_region)
    world.schools = {"town": town, "next_town": next_town}
    full = {"short_name": "A", "oktmo": "04701000", "ogrn": "1022400000000", "inn": "2460000000", "source": "row 1"}
    world.schools["A"] = build.organisation(OrganisationKind.SCHOOL, town, **full)
    for name, parent in (("B", town), ("C", next_town), ("D", far_town)):
        world.schools[name] = build.organisation(OrganisationKind.SCHOOL, parent)
    branch = build.organisation(OrganisationKind.SCHOOL, world.schools["A"], branch_of_id=world.schools["A"].id)
    branch.head_status = HeadStatus.BRANCH
    world.schools["A2"] = branch
    for name in ("A", "A2", "B", "C", "D"):
        period = build.period(world.schools[name])
        if name in ("A2", "D"):
            build.settle(world.schools[name], period)
        build.issue(world.schools[name])


def _pupils(build: Builder, world: World, *names: str) -> None:
    for name in names:
        world.people[name] = build.person(name, child=True)


def _school_a(build: Builder, world: World) -> None:
    """7A with algebra for (nearly) all and English in two halves; 7B, where the teacher no longer teaches."""
    algebra, english = build.subject("ALG"), build.subject("ENG")
    a = world.schools["A"]
    world.classes = {"7A": build.class_group(a, "А"), "7B": build.class_group(a, "Б", profile="languages")}
    world.people["teacher"] = build.person("teacher")
    world.people["colleague"] = build.person("colleague", bare=True)
    position = build.position(world.people["teacher"], a)
    other = build.position(world.people["colleague"], a)
    seven_a, seven_b = world.classes["7A"], world.classes["7B"]
    world.groups = {
        "algebra": build.subject_group(seven_a, algebra, position),
        "english": build.subject_group(seven_a, english, other),
        "english 2": build.subject_group(seven_a, english),
        "7B algebra": build.subject_group(seven_b, algebra, other),
        "7B formerly": build.subject_group(seven_b, english, position),
    }
    _pupils(
        build, world, "pupil", "classmate", "child", "without algebra", "departed", "banned", "in 7B", "two schools"
    )
    _pupils(build, world, "moved to 7B")
    for name, groups in {
        "pupil": ("algebra", "english"),
        "classmate": ("algebra", "english 2"),
        "child": ("algebra", "english"),
        "without algebra": ("english 2",),
        "banned": ("algebra", "english 2"),
    }.items():
        build.enrol(world.people[name], seven_a)
        for group in groups:
            build.join(world.people[name], world.groups[group], bare=name == "classmate")
    for name in ("in 7B", "two schools"):
        build.enrol(world.people[name], seven_b)
        for group in ("7B algebra", "7B formerly"):
            build.join(world.people[name], world.groups[group])
    # A new group, with nothing on its page yet.
    world.groups["choir"] = build.subject_group(seven_a, english)
    for name in ("pupil", "child"):
        build.belong(world.people[name], world.groups["choir"], seven_a.id)
    # English is also taught to one of 7B.
    _pupils(build, world, "guest from 7B")
    build.enrol(world.people["guest from 7B"], seven_b)
    build.join(world.people["guest from 7B"], world.groups["english"], comes_from=seven_b)
    build.enrol(world.people["departed"], seven_a, left=True)
    build.join(world.people["departed"], world.groups["algebra"], left=True)
    # Moved within the school: the old class keeps the line, the card goes to the new class.
    build.enrol(world.people["moved to 7B"], seven_a, left=True)
    build.enrol(world.people["moved to 7B"], seven_b, came=-30)
    build.join(world.people["moved to 7B"], world.groups["algebra"], left=True, present=True)
    build.join(world.people["moved to 7B"], world.groups["7B algebra"])


def _other_schools(build: Builder, world: World) -> None:
    """One class, one group, one pupil and one member of staff in each of the others."""
    algebra = build.rows.all(Subject)[0]
    for name in ("A2", "B", "C", "D"):
        school = world.schools[name]
        world.classes[name] = build.class_group(school, "В")
        world.people[f"staff {name}"] = build.person(f"staff {name}")
        position = build.position(world.people[f"staff {name}"], school)
        world.groups[name] = build.subject_group(world.classes[name], algebra, position)
        twin = world.people["pupil"]
        same_name = (twin.last_name, twin.first_name) if name == "D" else None
        world.people[f"pupil {name}"] = build.person(f"pupil {name}", child=True, names=same_name)
        build.enrol(world.people[f"pupil {name}"], world.classes[name])
        build.join(world.people[f"pupil {name}"], world.groups[name])
    build.enrol(world.people["departed"], world.classes["C"], came=-30)
    build.join(world.people["departed"], world.groups["C"])
    build.enrol(world.people["two schools"], world.classes["B"], kind=EnrolmentKind.EXTRA)
    build.join(world.people["two schools"], world.groups["B"])


def _staff(build: Builder, world: World) -> None:
    """One person for each role of staff, each with the same role elsewhere that has ended."""
    a, people = world.schools["A"], world.people
    for name in ("homeroom", "deputy", "administrator", "coordinator", "regional coordinator", "left the school"):
        people[name] = build.person(name)
    for name in ("homeroom", "deputy", "administrator"):
        build.position(people[name], a)
    build.position(people["left the school"], a, ended=True)
    for name, role, target, former in (
        ("teacher", Role.TEACHER, world.groups["algebra"], world.groups["7B formerly"]),
        ("homeroom", Role.HOMEROOM_TEACHER, world.classes["7A"], world.classes["7B"]),
        ("deputy", Role.DEPUTY_HEAD, a, world.schools["B"]),
        ("administrator", Role.ORG_ADMIN, a, world.schools["B"]),
        ("coordinator", Role.MUNICIPAL_COORDINATOR, world.schools["town"], world.schools["next_town"]),
        ("regional coordinator", Role.REGIONAL_COORDINATOR, world.regions[0], world.regions[1]),
    ):
        member = build.member(name, people[name])
        build.grant(member, role, target)
        build.grant(member, role, former, ended=True)
    people["homeroom 7B"], people["kept apart"] = build.person("homeroom 7B"), build.person("kept apart")
    build.grant(build.member("homeroom 7B", people["homeroom 7B"]), Role.HOMEROOM_TEACHER, world.classes["7B"])
    build.grant(build.member("colleague", people["colleague"]), Role.TEACHER, world.groups["english"])
    build.grant(build.member("kept apart", people["kept apart"]), Role.DEPUTY_HEAD, a)
    for ended in (False, True):
        build.propose(people["colleague"], world.groups["english"], people["administrator"], ended=ended)
    build.propose(people["staff B"], world.groups["B"], people["administrator"])
    for name in ("A", "B", "C", "D"):
        build.imported(world.schools[name], people["deputy"])
        build.measured(world.schools[name], people["deputy"])
    build.imported(world.regions[0], people["regional coordinator"])
    build.measured(world.regions[0], people["regional coordinator"])
    for journal in build.rows.all(Journal):
        build.history.reopening(journal, people["deputy"].id)


def _families(build: Builder, world: World) -> None:
    """A student, a parent with a former ward, other guardians, a banned one who teaches, people without a role."""
    people = world.people
    build.grant(build.member("student", people["pupil"]), Role.STUDENT)
    build.grant(build.member("child", people["child"]), Role.STUDENT)
    for name in (
        "parent",
        "other parent",
        "parent of pupil",
        "parent of departed",
        "mother of banned",
        "parent B",
        "parent D",
    ):
        people[name] = build.person(name, bare=name == "other parent")
    build.grant(build.member("parent", people["parent"]), Role.LEGAL_REPRESENTATIVE)
    build.guardian(people["parent"], people["child"])
    build.guardian(people["parent"], people["classmate"], ended=True)
    build.guardian(people["other parent"], people["child"])
    build.guardian(people["parent of pupil"], people["pupil"])
    build.guardian(people["parent of departed"], people["departed"])
    build.guardian(people["mother of banned"], people["banned"])
    build.guardian(people["parent B"], people["pupil B"])
    build.guardian(people["parent D"], people["pupil D"])
    build.grant(build.member("parent of departed", people["parent of departed"]), Role.LEGAL_REPRESENTATIVE)
    for adult in ("parent of pupil", "colleague"):
        build.restrict(people["kept apart"], people[adult])
    people["banned parent"] = build.person("banned parent")
    banned = build.member("banned parent", people["banned parent"])
    build.position(people["banned parent"], world.schools["A"])
    build.guardian(people["banned parent"], people["banned"])
    build.guardian(people["banned parent"], people["classmate"])
    build.restrict(people["banned parent"], people["banned"])
    for role, target in (
        (Role.LEGAL_REPRESENTATIVE, None),
        (Role.TEACHER, world.groups["algebra"]),
        (Role.HOMEROOM_TEACHER, world.classes["7A"]),
        (Role.DEPUTY_HEAD, world.schools["A"]),
    ):
        build.grant(banned, role, target)
    build.member("pupil without a role", people["without algebra"])
    people["stranger"] = build.person("stranger", bare=True)
    build.member("stranger", people["stranger"])
    build.member("left the school", people["left the school"])


KEEPERS = {
    "hr specialist": Role.HR_SPECIALIST, "talent operator": Role.TALENT_OPERATOR,
    "rehabilitation operator": Role.REHABILITATION_OPERATOR, "screening specialist": Role.SCREENING_SPECIALIST,
    "auditor": Role.AUDITOR,
}  # fmt: skip
"""Who keeps or reads registers at A, and did so at B."""
STAFF_FILES = (
    ("teacher", "A"), ("hr specialist", "A"), ("staff A2", "A2"), ("staff B", "B"), ("staff D", "D"),
)  # fmt: skip
REGISTERED = (
    ("pupil", "7A", "A"), ("child", "7A", "A"), ("in 7B", "7B", "A"), ("banned", "7A", "A"), ("pupil B", "B", "B"),
    ("pupil C", "C", "C"),
)  # fmt: skip


def _registers(build: Builder, world: World) -> None:
    """Registers of A and of other schools; consents to other systems; who keeps all that."""
    keep, a, people = Registers(build), world.schools["A"], world.people
    for name, role in KEEPERS.items():
        people[name] = build.person(name)
        build.position(people[name], a)
        member = build.member(name, people[name])
        build.grant(member, role, a)
        build.grant(member, role, world.schools["B"], ended=True)
    clerk = people["hr specialist"]
    for name, place in STAFF_FILES:
        keep.employment(people[name], world.schools[place], clerk, bare=name == "staff B")
        keep.mismatch(people[name], world.schools[place], people["stranger"])
    for name, of, at in REGISTERED:
        school = world.schools[at]
        keep.achievement(people[name], world.classes[of], bare=name == "pupil B")
        keep.programme(people[name], school, clerk, bare=name == "in 7B")
        keep.screening(people[name], world.classes[of], clerk, took_part=name != "in 7B")
        keep.opened(people[name], school, people["deputy"])
        keep.mismatch(people[name], school, people["stranger"])
        keep.family(people["stranger"], people[name], world.classes[of], people["deputy"])
    keep.opened(people["child"], None, None)
    for place in ("A", "A2", "B", "C", "D"):
        keep.changed(world.schools[place], people["administrator"])
    journal, portfolio = keep.service("journal service"), keep.service("portfolio service")
    closed = keep.service("closed service")
    for to in (journal, portfolio, closed):
        keep.consent(people["child"], to, people["parent"])
    keep.consent(people["pupil"], closed, people["parent"])
    keep.family(people["stranger"], people["departed"], world.classes["C"], people["deputy"])
    keep.consent(people["pupil B"], journal, people["parent B"])
    keep.consent(people["classmate"], journal, people["parent"], over=True)
    keep.consent(people["departed"], portfolio, people["parent of departed"])


RARER = {
    "principal": Role.PRINCIPAL, "enrolment operator": Role.ENROLMENT_OPERATOR,
    "curriculum specialist": Role.CURRICULUM_SPECIALIST, "general specialist": Role.GENERAL_EDUCATION_SPECIALIST,
    "mail user": Role.MAIL_USER, "mailbox": Role.ORG_MAILBOX,
    "expert": Role.EXPERT, "authority": Role.AUTHORITY_VIEWER,
}  # fmt: skip
"""Who holds one of the rarer roles alone, at school A or in its municipality."""


def _rarer_roles(build: Builder, world: World) -> None:
    """Each alone, with the same role elsewhere that has ended; the desk of a municipality; those with a named case."""
    for name, role in RARER.items():
        member = build.member(name, build.person(name, bare=True))
        here, there = ("town", "next_town") if REACH[role] is ReachKind.ORGANISATION_TREE else ("A", "B")
        for place, ended in ((here, False), (there, True)):
            build.grant(member, role, None if role is Role.MAIL_USER else world.schools[place], ended=ended)
    desk = build.member("enrolment desk", build.person("enrolment desk", bare=True))
    build.grant(desk, Role.ENROLMENT_OPERATOR, world.schools["town"], reach=ReachKind.ORGANISATION_TREE)
    expert = build.member("expert of two", build.person("expert of two", bare=True))
    for place in ("A", "C"):
        build.grant(expert, Role.EXPERT, world.schools[place])
    a, people = world.schools["A"], world.people
    supervisor = build.member("supervisor", build.person("supervisor", bare=True))
    build.grant(supervisor, Role.GENERAL_EDUCATION_SPECIALIST, world.schools["next_town"])
    build.case(supervisor, Role.GENERAL_EDUCATION_SPECIALIST, people["pupil"], a)
    build.case(supervisor, Role.GENERAL_EDUCATION_SPECIALIST, people["classmate"], a, ended=True)
    head = build.member("principal with a grant", build.person("principal with a grant", bare=True))
    build.grant(head, Role.PRINCIPAL, a)
    build.case(head, Role.PRINCIPAL, people["child"], a)
    # Of whom the school itself sees nothing any more: what is seen, is seen by the grant alone.
    build.case(head, Role.PRINCIPAL, people["departed"], a)
    build.case(head, Role.PRINCIPAL, people["classmate"], a, waits=True)
    _desks_of_the_past(build, world)


def _desks_of_the_past(build: Builder, world: World) -> None:
    """Each role that a municipality may have as a whole, held by somebody whose days are over: nobody's rights now."""
    for role in (Role.REHABILITATION_OPERATOR, Role.TALENT_OPERATOR, Role.AUDITOR):
        former, town = world.cast["left the school"], world.schools["town"]
        build.grant(former, role, town, ended=True, reach=ReachKind.ORGANISATION_TREE)
    former, here = world.cast["left the school"], world.schools["A"]
    build.grant(former, Role.GENERAL_EDUCATION_SPECIALIST, here, ended=True, reach=ReachKind.ORGANISATION)


def _people_of_several_roles(build: Builder, world: World, pairs: Iterable[Pair]) -> None:
    """Pairs of roles, the first at A and the second elsewhere, so that crossed rights would show; and all roles."""
    for first, second in pairs:
        person = build.person(f"{first} and {second}")
        member = build.member(f"{first}+{second}", person)
        for role, place in ((first, "A"), (second, "B")):
            _give(build, world, member, role, place)
    _people_of_two_roles_in_one_place(build, world)
    everything = build.member("everything", build.person("everything"))
    for number, role in enumerate(GRANTABLE):
        _give(build, world, everything, role, "AB"[number % 2])
    [closed] = build.rows.where(ServiceClient, client_id="client closed service")
    Registers(build).consent(everything.person, closed, everything.person)


def _people_of_two_roles_in_one_place(build: Builder, world: World) -> None:
    """A teacher who also administrates the same school, or coordinates its municipality: neither adds to the other."""
    for role in (Role.ORG_ADMIN, Role.MUNICIPAL_COORDINATOR):
        member = build.member(f"{Role.TEACHER}+{role} in one place", build.person(f"{role} who teaches"))
        for one in (Role.TEACHER, role):
            _give(build, world, member, one, "A")


def _give(build: Builder, world: World, member: Member, role: Role, place: str) -> None:
    """A role in school A, or in school B."""
    if role is Role.STUDENT:
        build.enrol(member.person, world.classes["7B"])
        # Little stands on the lines of pairs: there are many of them.
        build.join(member.person, world.groups["7B algebra"], bare=not member.subject.endswith("everything"))
        build.grant(member, role)
    elif role is Role.LEGAL_REPRESENTATIVE:
        build.guardian(member.person, world.people["in 7B" if place == "A" else "pupil B"])
        build.grant(member, role)
    else:
        targets = {
            Role.TEACHER: (world.groups["algebra"], world.groups["B"]),
            Role.HOMEROOM_TEACHER: (world.classes["7A"], world.classes["B"]),
            Role.MUNICIPAL_COORDINATOR: (world.schools["town"], world.schools["next_town"]),
            Role.REGIONAL_COORDINATOR: world.regions,
            Role.MAIL_USER: (None, None),
            **dict.fromkeys(
                (Role.GENERAL_EDUCATION_SPECIALIST, Role.AUTHORITY_VIEWER),
                (world.schools["town"], world.schools["next_town"]),
            ),
        }.get(role, (world.schools["A"], world.schools["B"]))
        build.grant(member, role, targets["AB".index(place)])
