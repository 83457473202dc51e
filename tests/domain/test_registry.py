"""The published registers: every row kept, every slip put back and reported."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.records.organisations import HeadStatus, IdentifierStatus, OrganisationKind, RegistryIssueCode
from domain.registry import RegistryRow, compare, match_municipality, parse_myschool, parse_sferum
from domain.registry.myschool import HEADER
from domain.registry.names import is_cut
from domain.registry.sferum import HEADER as SFERUM_HEADER

DATA = Path(__file__).parents[2] / "api" / "seed" / "data"
REGION = "Красноярский край"
CODE = RegistryIssueCode
OGRN_FAILED, INN_FAILED = CODE.OGRN_CHECK_DIGIT_FAILED, CODE.INN_CHECK_DIGIT_FAILED


def cells(file: str) -> list[list[str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


@pytest.fixture(scope="module")
def rows() -> list[RegistryRow]:
    schools = parse_myschool(cells("myschool_inactive_schools_raw.csv"))
    known = {row.municipality for row in schools}
    sferum = parse_sferum(cells("sferum_inactive_organisations.csv"), region=REGION, municipalities=known)
    return compare([*schools, *sferum])


def numbered(rows: Sequence[RegistryRow], printed_number: str) -> RegistryRow:
    (row,) = [row for row in rows if row.printed_number == printed_number]
    return row


def codes(row: RegistryRow) -> list[RegistryIssueCode]:
    return [problem.code for problem in row.problems]


def myschool_row(*right_half: str, level: str = "Головное") -> RegistryRow:
    place = ["0001", REGION, "Абанский муниципальный район", "04601437101", level]
    (row,) = parse_myschool([HEADER, [*place, *right_half]])
    return row


def test_no_row_of_either_register_is_dropped(rows: list[RegistryRow]) -> None:
    """34 of «Моя школа», 30 of Sferum, each with a key of its own."""
    assert Counter(row.key.register for row in rows) == {"myschool": 34, "sferum": 30}
    assert len({row.key for row in rows}) == 64
    assert all(row.name and row.municipality for row in rows)


def test_every_problem_of_the_registers_is_reported(rows: list[RegistryRow]) -> None:
    """Counted by hand in the files."""
    assert Counter(code for row in rows for code in codes(row)) == {
        CODE.COLUMNS_SLIPPED: 4,
        CODE.OGRN_MISSING: 4,
        CODE.INN_CHECK_DIGIT_FAILED: 1,
        CODE.HEAD_UNRESOLVED: 21,
        CODE.POSSIBLE_DUPLICATE: 6,
        CODE.NAME_CUT: 30,
    }


def test_inn_that_slipped_into_the_ogrn_column_is_put_back_and_reported(rows: list[RegistryRow]) -> None:
    """Row 0233: the OGRN is missing, everything stands one column too far to the left."""
    row = numbered(rows, "0233")

    assert (row.ogrn, row.ogrn_status) == (None, IdentifierStatus.MISSING)
    assert (row.inn, row.inn_status) == ("2447004577", IdentifierStatus.VALID)
    assert row.name == 'МБОУ "Безымянская основная общео'
    assert row.counts == {"orgs": 1, "active_orgs": 0, "teachers": 6, "active_teachers": 0, "pupils": 0}
    assert codes(row) == [CODE.COLUMNS_SLIPPED, CODE.OGRN_MISSING, CODE.NAME_CUT]
    assert row.problems[0].raw.startswith(
        "0233,Красноярский край,Енисейский муниципальный район,04615416101,Головное,2447"
    )
    assert row.problems[0].raw.endswith(",1,0,6,0,0,0")


@pytest.mark.parametrize("number", ["0234", "0235", "0243"])
def test_branch_without_ogrn_keeps_the_inn_of_its_head(rows: list[RegistryRow], number: str) -> None:
    """«Как у головной» stands in the OGRN column there, and belongs to the INN as in all other branches."""
    row = numbered(rows, number)

    assert (row.ogrn_status, row.inn_status) == (IdentifierStatus.MISSING, IdentifierStatus.AS_HEAD_ORGANISATION)
    assert (row.ogrn, row.inn, row.name) == (None, None, "Филиал муниципального бюджетного")
    assert row.head_status is HeadStatus.HEAD_UNRESOLVED
    assert {CODE.COLUMNS_SLIPPED, CODE.OGRN_MISSING, CODE.HEAD_UNRESOLVED} <= set(codes(row))


def test_branch_is_linked_to_the_one_head_with_its_number(rows: list[RegistryRow]) -> None:
    """A college and its branch share an INN; the other branches have no head in the files."""
    branch, head = numbered(rows, "30"), numbered(rows, "85")

    assert (branch.head_status, branch.head) == (HeadStatus.BRANCH, head.key)
    assert head.head_status is HeadStatus.HEAD
    assert [row.printed_number for row in rows if row.head] == ["30"]
    assert CODE.HEAD_UNRESOLVED not in codes(branch)


def test_branch_with_two_possible_heads_stays_unresolved() -> None:
    """An INN that two heads carry tells nothing."""
    head = myschool_row("1022400508712", "2411010150", "Первая", *"10000")
    other = myschool_row("1022400525883", "2411010150", "Вторая", *"10000")
    branch = parse_sferum(
        [SFERUM_HEADER, ["1", "Филиал", "Филиал ОО", "Абанский", "Не активна", "0", "0", "0", "2411010150"]],
        region=REGION,
        municipalities=[],
    )
    second = RegistryRow(**{**vars(other), "key": other.key._replace(line=2)})

    assert compare([head, *branch])[1].head == head.key
    assert compare([head, second, *branch])[2].head_status is HeadStatus.HEAD_UNRESOLVED


def test_equal_rows_are_flagged_and_both_kept(rows: list[RegistryRow]) -> None:
    """Three pairs may be different branches whose names are cut; row 0243 lies elsewhere."""
    flagged = [row.printed_number for row in rows if CODE.POSSIBLE_DUPLICATE in codes(row)]

    assert flagged == ["0186", "0187", "0231", "0232", "0234", "0235"]


def test_inn_with_swapped_digits_is_flagged_and_kept(rows: list[RegistryRow]) -> None:
    """It is not repaired, however plain the slip."""
    row = numbered(rows, "07")

    assert (row.inn, row.inn_status) == ("2644003911", IdentifierStatus.CHECK_DIGIT_FAILED)
    assert [(problem.code, problem.raw) for problem in row.problems] == [(CODE.INN_CHECK_DIGIT_FAILED, "2644003911")]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Большеулуйск", "Большеулуйский муниципальный район"),
        ("Емельяновский", "Емельяновский муниципальный район"),
        ("Берёзовский", "Березовский муниципальный район"),
        ("ЗАТО город Зе", "ЗАТО город Зеленогорск"),
        ("Боготол", "Боготол"),
        ("Ачинск", "Ачинск"),
        ("Назаровский", "Назаровский"),
        ("  ", None),
    ],
)
def test_short_municipality_is_matched_to_the_known_one(
    rows: list[RegistryRow], printed: str, meant: str | None
) -> None:
    """A town is not the district of the same name, and what nobody knows stays as printed."""
    known = {row.municipality for row in rows if row.key.register == "myschool"}

    assert match_municipality(printed, known) == meant


def test_row_without_a_municipality_is_kept_under_a_name_that_says_so() -> None:
    """Only then is the municipality unknown."""
    printed = ["1", "Школа", "Филиал ОО", "", "Не активна", "0", "0", "0", ""]
    (row,) = parse_sferum([SFERUM_HEADER, printed], region=REGION, municipalities=[])

    assert row.municipality == "Муниципальное образование не указано"
    assert codes(row) == [CODE.INN_MISSING, CODE.MUNICIPALITY_UNKNOWN]


def test_municipality_cut_in_print_is_reported(rows: list[RegistryRow]) -> None:
    """«ЗАТО город Зе» was read as Zelenogorsk, and that is no secret."""
    row = numbered(rows, "89")

    assert (row.municipality, row.municipality_printed) == ("ЗАТО город Зеленогорск", "ЗАТО город Зе")
    assert ("municipality", "ЗАТО город Зе") in [(problem.column, problem.raw) for problem in row.problems]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("0119", OrganisationKind.SCHOOL),
        ("5", OrganisationKind.SCHOOL),
        ("16", OrganisationKind.SCHOOL),
        ("29", OrganisationKind.VOCATIONAL),
        ("30", OrganisationKind.VOCATIONAL),
        ("35", OrganisationKind.EXTRA_EDUCATION),
        ("41", OrganisationKind.PRESCHOOL),
    ],
)
def test_kind_is_that_of_the_register_or_of_the_name(
    rows: list[RegistryRow], number: str, kind: OrganisationKind
) -> None:
    """«Филиал ОО» says nothing about the kind; the name does."""
    assert numbered(rows, number).kind is kind


@pytest.mark.parametrize(
    ("name", "width", "cut"),
    [
        ("МБОУ Солонцовская СОШ им. генера", 28, True),
        ("МБОУ Стеклозаводская СОШ", 28, False),
        ('ФИЛИАЛ МКОУ "НОВНИКОЛЬСКАЯ С', 28, True),
        ('МБОУ "Вознесенская СОШ"', 28, False),
        ("КГБПОУ «Шушенский сельскохозяйственный колледж».", 59, False),
        ('КГБПОУ "ДИВНОГОРСКИЙ ГИДРОЭНЕРГЕТИЧЕСКИЙ ТЕХНИКУМ ИМ', 59, True),
        ("КГБПОУ «Назаровский аграрный техникум им. А.Ф. Вепрева»", 28, False),
    ],
)
def test_name_that_ran_over_its_column_is_told_from_a_whole_one(name: str, width: int, cut: bool) -> None:
    """An open quotation, or full width without an end."""
    assert is_cut(name, width) is cut


@pytest.mark.parametrize(
    ("right_half", "ogrn", "inn", "problems"),
    [
        (["1022400508712", "2411010150", "Школа", *"10000"], "1022400508712", "2411010150", []),
        (["1022400508712", "Школа", *"10000", "0"], "1022400508712", None, [CODE.COLUMNS_SLIPPED, CODE.INN_MISSING]),
        (["Школа", *"10000", "0", "0"], None, None, [CODE.COLUMNS_SLIPPED, CODE.OGRN_MISSING, CODE.INN_MISSING]),
        (["2411010150", "1022400508712", "Школа", *"10000"], "1022400508712", "2411010150", [CODE.COLUMNS_SLIPPED]),
        (["", "2411010150", "Школа", *"10000"], None, "2411010150", [CODE.OGRN_MISSING]),
        (["1022400508713", "24", "Школа", *"10000"], "1022400508713", "24", [OGRN_FAILED, INN_FAILED]),
    ],
)  # fmt: skip
def test_columns_are_put_back_by_what_stands_in_them(
    right_half: list[str], ogrn: str | None, inn: str | None, problems: list[RegistryIssueCode]
) -> None:
    """Whichever number is missing, the name is the name and the counts are the counts."""
    row = myschool_row(*right_half)

    assert (row.ogrn, row.inn, row.name) == (ogrn, inn, "Школа")
    assert row.counts == {"orgs": 1, "active_orgs": 0, "teachers": 0, "active_teachers": 0, "pupils": 0}
    assert codes(row) == problems


def test_file_with_another_header_is_refused() -> None:
    """A register read as another one would be quietly wrong."""
    with pytest.raises(ValueError, match="not the register"):
        parse_myschool(cells("sferum_inactive_organisations.csv"))
    with pytest.raises(ValueError, match="not the register"):
        parse_sferum(cells("myschool_inactive_schools_raw.csv"), region=REGION, municipalities=[])


@given(st.lists(st.lists(st.text(max_size=12), max_size=16), max_size=5))
@example([["²"] * 13, []])
def test_any_row_gives_a_row(lines: list[list[str]]) -> None:
    """However short, long or strange: nothing is dropped and nothing breaks off."""
    assert len(compare(parse_myschool([HEADER, *lines]))) == len(lines)
    assert len(parse_sferum([SFERUM_HEADER, *lines], region=REGION, municipalities=[])) == len(lines)
