"""The house keeps its shape: imports run one way, files stay small, nothing is left half done."""

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.import_contracts import circles

CHECKOUT = Path(__file__).parents[1]
LINES = 300
PRODUCT = ("api", "schema", "auth", "domain")
UNFINISHED = re.compile("TO" + "DO|FIX" + "ME|NotImplemented" + "Error")
MACHINES = re.compile(
    r"(?<![\w.])/(?:home|root|work|Users|opt)/\w"  # somebody's folders
    r"|pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|deb\.debian\.org"
)
WRITES = re.compile(
    r"(?:insert into|update|delete from)\s+(?:enrolment|subject_group_member|journal_line|mark|mark_version"
    r"|attendance_record|attendance_version|assessment_slot|lesson_version|summary_mark_version)\b"
    r"|\b(?:insert|update|delete)\(\s*(?:records\.)?(?:Enrolment|SubjectGroupMember|JournalLine|MarkVersion"
    r"|AttendanceVersion|AssessmentSlot|LessonVersion|SummaryMarkVersion)\b"
)
"""Statements that write what has rules."""
TEXT = {".py", ".toml", ".txt", ".md", ".sh", ".json", ".graphql", ".html", ".css", ".js", ".mjs", ".mako", ""}


def tracked() -> list[Path]:
    """Files of the project, also those not yet committed; none that git ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True).stdout.decode().split("\0")
    files = [CHECKOUT / name for name in listed if name]
    return [file for file in files if file.is_file() and file.suffix in TEXT]


def product_code() -> list[Path]:
    """Python files that run in production."""
    return [file for file in tracked() if file.suffix == ".py" and file.relative_to(CHECKOUT).parts[0] in PRODUCT]


def name(file: Path) -> str:
    """Path inside the checkout."""
    return str(file.relative_to(CHECKOUT))


def test_imports_run_one_way() -> None:
    """The contracts of pyproject.toml, each with its reason there."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_files_are_written_by_what_mutations_write() -> None:
    """Marks, attendance, columns, places in classes and lines: nothing in api/ but the seed writes their tables."""
    files = [file for file in product_code() if file.is_relative_to(CHECKOUT / "api")]
    writing = [name(file) for file in files if WRITES.search(file.read_text(encoding="utf-8"))]

    assert [one for one in writing if not one.startswith("api/seed/")] == []
    assert WRITES.search("insert into mark_version (mark_id)")
    assert WRITES.search("await run(update(Enrolment).where(...))")


def test_serving_process_loads_no_numpy() -> None:
    """Draws of ratings have a process of their own, which alone pays for it."""
    code = "import sys, api.app, api.commands.serve; sys.exit('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_no_file_holds_a_second_noun() -> None:
    """Past 300 lines there is one; migrations and tests may be longer."""
    long = [name(file) for file in product_code() if len(file.read_text(encoding="utf-8").splitlines()) > LINES]

    assert long == []


def test_every_module_says_what_is_here() -> None:
    """The first line of a module is its docstring."""
    silent = [name(file) for file in product_code() if not file.read_text(encoding="utf-8").startswith('"""')]

    assert silent == []


@pytest.mark.parametrize(("pattern", "what"), [(UNFINISHED, "unfinished work"), (MACHINES, "a machine or a registry")])
def test_no_file_mentions(pattern: re.Pattern[str], what: str) -> None:
    """What is committed is finished and works on anybody's machine."""
    found = [
        f"{name(file)}: {line.strip()[:100]}"
        for file in tracked()
        if file != Path(__file__)
        for line in file.read_text(encoding="utf-8").splitlines()
        if pattern.search(line)
    ]

    assert found == [], what


BIRTHDAYS = re.compile(r"birth_date\s*\+\s*(?:cast\()?interval", re.IGNORECASE)


def test_no_statement_of_the_product_works_out_birthdays_itself() -> None:
    """An interval ends on 28 February for those born on the 29th: `vhod.birthday` and domain/ages.py know better."""
    folders = [CHECKOUT / folder for folder in ("api", "auth", "domain", "migrations", "schema")]
    found = [
        name(file)
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix in {".py", ".sql"} and BIRTHDAYS.search(file.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_circle_of_imports_is_named_with_its_way_round() -> None:
    """The shortest way round, once, whichever of its modules one begins at."""
    graph = grimp.ImportGraph()
    for importer, imported in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")):
        graph.add_import(importer=importer, imported=imported)

    assert list(circles(graph)) == [["a", "b", "c"]]


def test_imports_from_the_top_down_are_no_circle() -> None:
    """A module that many need is none."""
    graph = grimp.ImportGraph()
    for importer, imported in (("a", "b"), ("a", "c"), ("b", "c")):
        graph.add_import(importer=importer, imported=imported)

    assert list(circles(graph)) == []
