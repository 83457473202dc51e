"""Ids of the demo, made from names: tests and the README can point at a row without asking for it."""

from uuid import UUID, uuid5

NAMESPACE = UUID("5e1f2b1c-0d6a-5c0f-9a53-7d0b7f6a0c11")

MAIN, SECOND, OTHER_REGION, BRANCH = "school", "second-school", "other-region-school", "branch"
"""Keys of the invented schools: the main one, one in another municipality, one in another region, a branch of the
first."""

KRASNOYARSK, CHELYABINSK = "Красноярский край", "Челябинская область"
HOME_MUNICIPALITY = "Емельяновский муниципальный район"
SECOND_MUNICIPALITY = "Балахтинский муниципальный район"
OTHER_MUNICIPALITY = "Копейский ГО"
EIGHTH_MUNICIPALITY = "Коркинский МР"
"""The one that is 8th in the published rating of Chelyabinsk region."""
PUBLISHED_CLASS = "published"
"""Key of the class group that was 7А in 2022/23; the others are keyed by the name they have now."""


def seed_id(kind: str, *names: object) -> UUID:
    """Make the id of a seeded row from its kind and the names that tell it from others of that kind."""
    return uuid5(NAMESPACE, "/".join([kind, *map(str, names)]))


def person_id(key: str) -> UUID:
    """Give the id of a demo person, by the key of people.toml."""
    return seed_id("person", key)


def pupil_id(school: str, class_key: str, label: str) -> UUID:
    """Give the id of a pupil: label is a number from 1, or the name of the part they play."""
    return seed_id("pupil", school, class_key, label)


def group_key(class_key: str, subject: str, *, year: int | None = None, part: int | None = None) -> str:
    """Name a subject group within its school: «7А/ALGEBRA», «7А/ENGLISH/1», «published/ALGEBRA/2022»."""
    return "/".join(str(name) for name in (class_key, subject, year, part) if name is not None)


def demo_ids() -> dict[str, UUID]:
    """Give the rows worth pointing at, by readable name; demo people are `person-<key>`."""
    flagship, published = group_key("7А", "ALGEBRA"), group_key(PUBLISHED_CLASS, "ALGEBRA", year=2022)
    return {
        **_organisations(),
        **{f"class-{label}": seed_id("class", MAIN, key) for label, key in CLASSES.items()},
        "class-second-school": seed_id("class", SECOND, "7А"),
        "class-other-region": seed_id("class", OTHER_REGION, "7А"),
        "class-branch": seed_id("class", BRANCH, "7А"),
        "group-7a-algebra": seed_id("group", MAIN, flagship),
        "group-8a-algebra": seed_id("group", MAIN, group_key("8А", "ALGEBRA")),
        "group-published": seed_id("group", MAIN, published),
        "journal-7a-algebra": seed_id("journal", MAIN, flagship, "current"),
        "journal-8a-algebra": seed_id("journal", MAIN, group_key("8А", "ALGEBRA"), "current"),
        "journal-published": seed_id("journal", MAIN, published, "published"),
        "journal-second-school": seed_id("journal", SECOND, flagship, "current"),
        "journal-other-region": seed_id("journal", OTHER_REGION, flagship, "current"),
        "journal-branch": seed_id("journal", BRANCH, flagship, "current"),
        **{f"person-{key}": person_id(key) for key in PEOPLE},
        "pupil-banned-for-guardian": pupil_id(MAIN, "7А", "banned"),
        "pupil-of-teacher-parent": pupil_id(MAIN, "8А", "of-teacher"),
        "pupil-published": pupil_id(MAIN, PUBLISHED_CLASS, "of-parent"),
        "pupil-of-namesake": pupil_id(MAIN, "5А", "of-namesake"),
        "pupil-at-two-schools": pupil_id(MAIN, "8А", "at-two-schools"),
    }


CLASSES = {"5a": "5А", "7a": "7А", "8a": "8А", "published": PUBLISHED_CLASS}
PEOPLE = (
    "teacher", "homeroom-teacher", "deputy-head", "student", "child", "legal-representative", "teacher-parent",
    "org-admin", "municipal-coordinator", "guest", "banned-guardian-teacher", "namesake",
    "korkino-coordinator", "chelyabinsk-coordinator", "chelyabinsk-publisher",
    "substitute", "regional-coordinator",
    "principal", "enrolment-operator", "hr-specialist", "curriculum-specialist", "talent-operator",
    "rehabilitation-operator", "screening-specialist", "mail-user", "org-mailbox",
    "general-specialist", "authority-viewer", "expert", "auditor",
)  # fmt: skip


def _organisations() -> dict[str, UUID]:
    return {
        "region": seed_id("region", KRASNOYARSK),
        "other-region": seed_id("region", CHELYABINSK),
        "municipality": seed_id("municipality", KRASNOYARSK, HOME_MUNICIPALITY),
        "second-municipality": seed_id("municipality", KRASNOYARSK, SECOND_MUNICIPALITY),
        "other-region-municipality": seed_id("municipality", CHELYABINSK, OTHER_MUNICIPALITY),
        "eighth-municipality": seed_id("municipality", CHELYABINSK, EIGHTH_MUNICIPALITY),
        **{key: seed_id("school", key) for key in (MAIN, SECOND, OTHER_REGION, BRANCH)},
    }
