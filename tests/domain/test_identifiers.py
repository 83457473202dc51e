"""Check digits of registry numbers, against published values and against what a check digit is for."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import (
    format_snils,
    inn_check_digits,
    inn_status,
    ogrn_check_digit,
    ogrn_status,
    oktmo_check_digit,
    oktmo_status,
    snils_check_number,
    snils_status,
)
from domain.records.organisations import IdentifierStatus

DATA = Path(__file__).parents[2] / "api" / "seed" / "data"
VALID, FAILED = IdentifierStatus.VALID, IdentifierStatus.CHECK_DIGIT_FAILED
MALFORMED, MISSING = IdentifierStatus.MALFORMED, IdentifierStatus.MISSING
AS_HEAD = IdentifierStatus.AS_HEAD_ORGANISATION


def printed(file: str, length: int) -> set[str]:
    """Every different number of this length in a file, in whatever column it stands; OKTMO codes are shorter."""
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return {cell for row in csv.reader(lines) for cell in row if cell.isdigit() and len(cell) == length}


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def test_all_28_printed_ogrn_pass() -> None:
    """The register's OGRN are right, slipped columns or not."""
    statuses = [ogrn_status(ogrn) for ogrn in printed("myschool_inactive_schools_raw.csv", 13)]

    assert Counter(statuses) == {VALID: 28}


def test_44_of_45_printed_inn_pass() -> None:
    """One INN of the two registers has two digits swapped."""
    files = ("myschool_inactive_schools_raw.csv", "sferum_inactive_organisations.csv")
    numbers = set().union(*(printed(file, 10) for file in files))

    assert Counter(inn_status(inn) for inn in numbers) == {VALID: 44, FAILED: 1}
    assert [inn for inn in numbers if inn_status(inn) is FAILED] == ["2644003911"]
    assert inn_status("2464003911") is VALID


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("2411010150", VALID),
        ("2411010151", FAILED),
        ("500100732259", VALID),
        ("500100732258", FAILED),
        ("500100732269", FAILED),
        ("241101015", MALFORMED),
        ("24110101500", MALFORMED),
        ("241101015О", MALFORMED),
        ("²411010150", MALFORMED),
        ("٢٤١١٠١٠١٥٠", MALFORMED),
        (" 2411010150 ", VALID),
        ("как у головной", AS_HEAD),
        ("Как у головной", AS_HEAD),
        ("", MISSING),
        ("  ", MISSING),
        (None, MISSING),
    ],
)
def test_inn_is_judged_by_form_and_check_digits(written: str | None, status: IdentifierStatus) -> None:
    """Ten digits have one check digit, twelve have two; other scripts' digits are no digits."""
    assert inn_status(written) is status


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("1022400663460", VALID),
        ("1022400663461", FAILED),
        ("304500116000157", VALID),
        ("304500116000158", FAILED),
        ("102240066346", MALFORMED),
        ("10224006634600", MALFORMED),
        ("как у головной", AS_HEAD),
        ("", MISSING),
    ],
)
def test_ogrn_is_judged_by_form_and_check_digit(written: str, status: IdentifierStatus) -> None:
    """Thirteen digits go modulo 11, the fifteen of an entrepreneur modulo 13."""
    assert ogrn_status(written) is status


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("112-233-445 95", VALID),
        ("11223344595", VALID),
        ("112-233-445 96", FAILED),
        ("001-001-998 00", VALID),
        ("001-001-998 77", VALID),
        ("001-001-999 77", FAILED),
        ("112-233-445", MALFORMED),
        ("112.233.445 95", MALFORMED),
        ("", MISSING),
    ],
)
def test_snils_is_checked_above_the_oldest_numbers(written: str, status: IdentifierStatus) -> None:
    """Up to 001-001-998 there was no check number."""
    assert snils_status(written) is status


@pytest.mark.parametrize(
    ("nine", "check"),
    [("112233445", "95"), ("920000003", "00"), ("920000004", "00"), ("996000006", "00"), ("996000007", "00")],
)
def test_snils_check_number_wraps_at_a_hundred(nine: str, check: str) -> None:
    """Weighted sums 297, 100, 101, 201 and 202: modulo 101, where a hundred is written 00 like zero."""
    assert snils_check_number(nine) == check


def test_snils_is_printed_with_hyphens_and_a_space() -> None:
    """The usual way to write it, and back."""
    assert format_snils("11223344595") == "112-233-445 95"
    assert snils_status(format_snils("11223344595")) is VALID


@pytest.mark.parametrize(("code", "digit"), [("08631000", "7"), ("20631101001", "8")])
def test_oktmo_check_digit_is_that_of_the_classifier(code: str, digit: str) -> None:
    """It stands outside the code: two published entries."""
    assert oktmo_check_digit(code) == digit


@pytest.mark.parametrize(
    ("written", "status"),
    [("04614404101", VALID), ("04614000", VALID), ("4614000", MALFORMED), ("0461440410", MALFORMED), ("", MISSING)],
)
def test_oktmo_is_judged_by_its_form(written: str, status: IdentifierStatus) -> None:
    """A lost leading zero makes it malformed."""
    assert oktmo_status(written) is status


@given(digits(8), digits(11))
def test_oktmo_check_digit_is_always_one_digit(municipality: str, settlement: str) -> None:
    """Also where the first weights give ten."""
    assert len(oktmo_check_digit(municipality)) == len(oktmo_check_digit(settlement)) == 1


@given(digits(9), digits(10), digits(12), digits(14))
def test_number_with_its_check_digits_passes(nine: str, ten: str, twelve: str, fourteen: str) -> None:
    """Whatever the leading digits."""
    assert inn_status(nine + inn_check_digits(nine + "0")) is VALID
    assert inn_status(ten + inn_check_digits(ten + "00")) is VALID
    assert ogrn_status(twelve + ogrn_check_digit(twelve + "0")) is VALID
    assert ogrn_status(fourteen + ogrn_check_digit(fourteen + "0")) is VALID
    assert snils_status(nine + snils_check_number(nine)) is VALID


@given(digits(12), st.integers(0, 11), st.integers(1, 9))
def test_ogrn_with_one_wrong_digit_is_rarely_taken_for_right(twelve: str, place: int, shift: int) -> None:
    """A wrong digit changes the remainder modulo 11; only 10, written as 0, hides it."""
    wrong = twelve[:place] + str((int(twelve[place]) + shift) % 10) + twelve[place + 1 :]
    remainders = {int(twelve) % 11, int(wrong) % 11}

    assert (ogrn_check_digit(twelve + "0") == ogrn_check_digit(wrong + "0")) == (remainders == {0, 10})


@given(st.text())
def test_any_text_gets_a_status(written: str) -> None:
    """Nothing printed in a register makes the check fail itself."""
    assert {inn_status(written), ogrn_status(written), snils_status(written), oktmo_status(written)} <= set(
        IdentifierStatus
    )
