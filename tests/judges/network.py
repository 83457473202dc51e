"""Judges of a running server: fuzzing for each role, foreign clients, and one who tries to spell the schema out."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from uuid import NAMESPACE_URL, uuid5

from graphql import build_schema

from tests.conftest import CHECKOUT
from tests.judges.score import Score
from tests.judges.serving import Served
from tests.judges.workshop import HERE, Workshop

ROLES = (
    "guest", "teacher", "homeroom-teacher", "deputy-head", "student", "child", "legal-representative", "teacher-parent",
    "org-admin", "municipal-coordinator", "regional-coordinator", "korkino-coordinator", "banned-guardian-teacher",
    "unconfirmed", "stranger",
)  # fmt: skip
SECONDS = int(os.environ.get("JUDGES_SECONDS", "20"))
"""How long each role is fuzzed."""
NOTHING = "dummy"
"""What it writes into a type of which it knows nothing."""
NEARLY = 60
"""How many such names are tried."""
KEY = str(uuid5(NAMESPACE_URL, "vhod:judges"))
Judge = Callable[[Workshop, Served], Iterator[Score]]


def schemathesis(workshop: Workshop, server: Served) -> Iterator[Score]:
    """Documents of every kind as every role: nothing breaks, every error has its code."""
    for person in os.environ.get("JUDGES_ROLES", " ".join(ROLES)).split():
        report = workshop.folder / "made" / f"schemathesis-{person}.json"
        token = [] if person == "guest" else ["--header", f"Authorization: Bearer {server.token(person)}"]
        words = [
            "run", "schema.graphql", "--url", server.graphql, *token, "--max-time", str(SECONDS), "--no-color",
            "--checks", "all", "--exclude-checks", "positive_data_acceptance,not_a_server_error",
            "--report", "json", "--report-json-path", str(report), "--warnings", "off",
        ]  # fmt: skip
        hooks = {"SCHEMATHESIS_HOOKS": "tests.judges.fuzzing_rules", "PYTHONPATH": str(CHECKOUT)}
        done = workshop.run([str(workshop.python.with_name("schemathesis")), *words], hooks)
        cases, failures = _counted(done.stdout)
        if cases == 0 or (done.returncode != 0 and failures == 0):
            yield Score("schemathesis", f"cases as {person}", 0, max(cases, 1), tuple(_told(done)))
            continue
        notes = tuple(_told(done)) if failures else ()
        yield Score("schemathesis", f"cases as {person}", cases - failures, cases, notes)


def urql(workshop: Workshop, server: Served) -> Iterator[Score]:
    """@urql/core."""
    done = workshop.run([workshop.node, "clients.mjs"], _tokens(server))
    yield _by_count("@urql/core", "a front end's day", done)


def gql(workshop: Workshop, server: Served) -> Iterator[Score]:
    """The Python client."""
    done = workshop.run([str(workshop.python), str(HERE / "gql_client.py")], _tokens(server))
    yield _by_count("gql", "a script's day", done)


def clairvoyance(workshop: Workshop, server: Served) -> Iterator[Score]:
    """Without signing in nobody may introspect. Whoever nearly knows a name must not be told the rest of it."""
    schema = (workshop.folder / "schema.graphql").read_text(encoding="utf-8")
    names = sorted(set(re.findall(r"^  ([a-z]\w{5,})[(:]", schema, re.MULTILINE)))
    near = sorted({name[:-1] for name in names} - set(names))[:: max(1, len(names) // NEARLY)]
    words, found = workshop.folder / "made" / "words.txt", workshop.folder / "made" / "recovered.json"
    words.write_text("\n".join(near))
    tool = str(workshop.python.with_name("clairvoyance"))
    done = workshop.run([tool, server.graphql, "--wordlist", str(words), "--output", str(found)], seconds=120)
    # A document of many changes is refused whole, and the tool takes each of its words for known: only names count.
    recovered = (
        [name for name in _recovered(found.read_text()) if name in _coordinates(schema)] if found.exists() else []
    )
    notes = (*recovered[:10], *(_told(done)[-3:] if not recovered and done.returncode else ()))
    yield Score(
        "clairvoyance", "names known but for a letter stay unknown", len(near) - len(recovered), len(near), notes
    )


def others(workshop: Workshop, server: Served) -> Iterator[Score]:
    """Judges that are cheap enough to be tests: GraphQL over HTTP, sockets and streams, the probes of graphql-cop."""
    for path in sorted(HERE.rglob("test_*.py")):
        command = [sys.executable, "-m", "pytest", "-s", str(path)]
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
        good, of = _tests(done.stdout)
        judge = path.stem.removeprefix("test_").replace("_", "-")
        notes = tuple(done.stdout.splitlines()[-8:]) if done.returncode else ()
        yield Score(judge, f"tests of {path.relative_to(HERE)}", good, of, notes)


def _tests(said: str) -> tuple[int, int]:
    """How many were good: as the judge within a test counts, otherwise tests."""
    counted = re.search(r"(\d+) of (\d+)", said)
    passed, failed = (sum(map(int, re.findall(rf"(\d+) {word}", said))) for word in ("passed", "(?:failed|error)"))
    return (int(counted[1]), int(counted[2])) if counted and not failed else (passed, passed + failed)


ALL: tuple[Judge, ...] = (others, urql, gql, clairvoyance, schemathesis)


def _tokens(server: Served) -> dict[str, str]:
    tokens = {"TEACHER": server.token("teacher"), "ADMINISTRATOR": server.token("org-admin")}
    return tokens | {"URL": server.graphql, "KEY": KEY}


def _by_count(judge: str, what: str, done: subprocess.CompletedProcess[str]) -> Score:
    *notes, last = done.stdout.splitlines() or ["0 of 1"]
    good, _, of = last.partition(" of ")
    if not (good.isdigit() and of.isdigit()):
        return Score(judge, what, 0, 1, tuple(_told(done)))
    return Score(judge, what, int(good), int(of), tuple(notes))


def _counted(said: str) -> tuple[int, int]:
    """Cases and failures, as the summary tells."""
    cases, failures = re.search(r"(\d+) generated", said), re.search(r"found (\d+) unique failure", said)
    return int(cases[1]) if cases else 0, int(failures[1]) if failures else 0


def _told(done: subprocess.CompletedProcess[str]) -> list[str]:
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return [f"exit {done.returncode}", *[line[:300] for line in lines[-40:]]]


def _coordinates(schema: str) -> set[str]:
    """Every field of the contract as `Type.field`."""
    found = build_schema(schema).type_map.values()
    return {f"{kind.name}.{name}" for kind in found for name in getattr(kind, "fields", {})}


def _recovered(text: str) -> list[str]:
    types = json.loads(text)["data"]["__schema"]["types"]
    return [
        f"{kind['name']}.{field['name']}"
        for kind in types
        if not kind["name"].startswith("__")
        for field in kind.get("fields") or ()
        if field["name"] != NOTHING
    ]
