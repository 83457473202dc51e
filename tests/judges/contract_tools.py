"""Judges of the contract as it is written: comparison, linters, validation, code generators."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

from tests.conftest import CHECKOUT
from tests.judges.score import Score, all_or_nothing
from tests.judges.workshop import Workshop

ACCEPTED = {
    "Enum type `ErrorCode` is unreachable.": "the catalogue of extensions.code, which no type of an answer can name",
    "The type `ErrorCode` is defined in the schema but not used anywhere.": "the same",
}
Judge = Callable[[Workshop], Score]


def inspector_diff(workshop: Workshop) -> Score:
    """Breaking changes against the contract of the last commit."""
    git = ["git", "show", "HEAD:schema/schema.graphql"]
    committed = subprocess.run(git, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    (workshop.folder / "committed.graphql").write_text(committed)
    done = workshop.tool("graphql-inspector", "diff", "committed.graphql", "schema.graphql")
    problems = [line for line in _lines(done) if "✖" in line]
    return all_or_nothing("@graphql-inspector/cli diff", "no breaking change since the last commit",
                          problems or _failed(done), 1)  # fmt: skip


def inspector_validate(workshop: Workshop) -> Score:
    """Every document that we hand out is valid and uses nothing deprecated."""
    documents = _documents(workshop) + len(list((workshop.folder / "again").rglob("*.graphql")))
    paths = "{documents,again}/**/*.graphql"
    done = workshop.tool("graphql-inspector", "validate", paths, "schema.graphql", "--deprecated")
    problems = [line for line in _lines(done) if "error" in line.lower() and "success" not in line.lower()]
    return all_or_nothing("@graphql-inspector/cli validate", "documents that we hand out", problems or _failed(done),
                          documents)  # fmt: skip


def schema_linter(workshop: Workshop) -> Score:
    """All rules but the alphabet."""
    done = workshop.tool("graphql-schema-linter", "--format", "json")
    found = [error["message"] for error in json.loads(done.stdout)["errors"]]
    return all_or_nothing("graphql-schema-linter", "types, by all rules but the alphabet", _open(found),
                          _types(workshop))  # fmt: skip


def eslint_schema(workshop: Workshop) -> Score:
    """Every rule for schemas that is not off for a reason."""
    return _eslint(workshop, "schema.graphql", "types, by schema-all", _types(workshop))


def eslint_documents(workshop: Workshop) -> Score:
    """Every rule for operations that is not off for a reason."""
    return _eslint(workshop, "documents", "documents, by operations-all", _documents(workshop))


def relay(workshop: Workshop) -> Score:
    """Fragments, pagination, refetching and a mutation of a Relay application."""
    done = workshop.tool("relay-compiler")
    made = len(list((workshop.folder / "made" / "relay").glob("*.graphql.ts")))
    wanted = sum(len(re.findall(r"^graphql`", file.read_text(), re.MULTILINE)) + file.read_text().count("@refetchable")
                 for file in (workshop.folder / "relay").glob("*.ts"))  # fmt: skip
    return Score("relay-compiler", "artifacts of a diary and a journal page", made, wanted, tuple(_failed(done)))


def codegen(workshop: Workshop) -> Score:
    """Types of every operation, and a compiler that is content with them."""
    done = workshop.tool("graphql-codegen", "--config", "codegen.yml")
    typed = workshop.tool("tsc", "--noEmit", "--strict", "--skipLibCheck", "made/operations.ts")
    problems = _failed(done) or [line for line in typed.stdout.splitlines() if "error TS" in line]
    return all_or_nothing("@graphql-codegen/cli + tsc", "typed operations", problems, _documents(workshop))


ALL: tuple[Judge, ...] = (
    inspector_diff, inspector_validate, schema_linter, eslint_schema, eslint_documents, relay, codegen,
)  # fmt: skip


def _eslint(workshop: Workshop, path: str, what: str, of: int) -> Score:
    done = workshop.tool("eslint", "--ext", ".graphql", "--format", "json", path)
    if not done.stdout.startswith("["):
        return Score("@graphql-eslint", what, 0, of, tuple(_failed(done)))
    found: list[dict[str, Any]] = [message for file in json.loads(done.stdout) for message in file["messages"]]
    told = [
        f"{message.get('line', 0)}: {message['message']}" for message in found if message["message"] not in ACCEPTED
    ]
    return all_or_nothing("@graphql-eslint", what, told, of)


def _open(messages: list[str]) -> list[str]:
    return [message for message in messages if message not in ACCEPTED]


def _lines(done: subprocess.CompletedProcess[str]) -> Iterator[str]:
    yield from (re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in (done.stdout + done.stderr).splitlines())


def _failed(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [] if done.returncode == 0 else [f"exit {done.returncode}", *list(_lines(done))[-12:]]


def _types(workshop: Workshop) -> int:
    text = (workshop.folder / "schema.graphql").read_text()
    return len(re.findall(r"^(?:type|interface|input|enum|union|scalar) ", text, re.MULTILINE))


def _documents(workshop: Workshop) -> int:
    return len(list((workshop.folder / "documents").rglob("*.graphql")))
