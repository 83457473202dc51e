"""Birthdays of 14 and 18, on whatever day they fall: Python and the database turn at the same midnight."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from api.stand_in import provider_config
from auth.provider.people import load_people
from auth.provider.store import ProviderStore
from domain.ages import age_on
from domain.periods import DAY
from tests.days.conftest import Day
from tests.schema.demo import SETTINGS, id_of

pytestmark = pytest.mark.anyio

CHILDREN = "{ me { children { id } } }"
LOGIN, PASSWORD = "birthday-1", "пароль на день"


def youngest(day: date, years: int) -> date:
    """The last birth date of those who are so old on a day."""
    born = date(day.year - years, day.month, 1) + timedelta(days=40)
    while age_on(born, day) < years:
        born -= DAY
    return born


@pytest.mark.parametrize("waits", [0, 1], ids=["birthday", "eve"])
async def test_parent_reads_until_the_eighteenth_birthday(day: Day, waits: int) -> None:
    """By the day at the child's school."""
    student = id_of("Student", "person-student")
    born = youngest(day.today, 18) + waits * DAY
    day.demo.ask("update person set birth_date = :born where id = :id", born=born, id=student.partition(":")[2])
    children = (await day.demo.query(CHILDREN, viewer="legal-representative")).data["me"]["children"]
    usual = load_people()["student"].birth_date
    day.demo.ask("update person set birth_date = :born where id = :id", born=usual, id=student.partition(":")[2])

    assert (student in [child["id"] for child in children]) is bool(waits)


@pytest.mark.parametrize("waits", [0, 1], ids=["birthday", "eve"])
async def test_child_account_lives_until_the_fourteenth_birthday(day: Day, waits: int) -> None:
    """By the day where the children live."""
    config = provider_config(SETTINGS)
    store = ProviderStore(config, day.demo.database.provider)
    born = youngest(config.today, 14) + waits * DAY
    child = replace(load_people()["child"], oid="2000000001", snils=None, birth_date=born)
    await store.children.create(child, LOGIN, PASSWORD)
    subject = await store.children.check(LOGIN, PASSWORD, config.today)
    day.demo.ask("delete from provider.child_accounts where login = :login", login=LOGIN)

    assert (subject is not None) is bool(waits)


async def test_both_languages_know_the_same_birthdays(day: Day) -> None:
    """Every birth date of five years, those of 29 February among them: 1 March where there is none."""
    asked = "select born::date, vhod.birthday(born::date, 14), vhod.birthday(born::date, 18)" \
            " from generate_series(date '2008-01-01', date '2012-12-31', interval '1 day') born"  # fmt: skip
    wrong = [
        born
        for born, *birthdays in day.demo.ask(asked)
        for years, birthday in zip((14, 18), birthdays, strict=True)
        if (age_on(born, birthday), age_on(born, birthday - DAY)) != (years, years - 1)
    ]

    assert wrong == []
