"""What a migration may do while servers of the release before are at work: expand, without long locks.

What removes or tightens waits for a later release, when nothing uses it: its file says so in `CONTRACTS = "reason"`.
A lock that is known to be short, of a table that is small, is said in `LOCKS = "reason"`.
"""

import importlib.util
import io
import re
from pathlib import Path
from types import ModuleType

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

CONTRACTING = {
    "drops what servers of the release before may use": r"\bdrop\s+(table|schema|view|materialized view|type|column)\b",
    "renames what servers of the release before call by its name": r"\balter\s+\w+\s.*\brename\b",
    "changes the type of a column": r"\balter\s+(column\s+)?\w+\s+(set\s+data\s+)?type\b",
    "demands a value that servers of the release before do not give": r"\bset\s+not\s+null\b",
    "takes a right away": r"^\s*revoke\b.*\bfrom\b.*\bvhod_app\b",
}
LOCKING = {
    "locks the table while it looks at every row: add it `not valid`, validate it in the next migration":
        r"\balter\s+table\s.*\badd\s+(constraint\s+\S+\s+)?(check|foreign key)\b(?!.*\bnot\s+valid\b)",
    "locks the table while it builds an index: create it concurrently, outside of the transaction":
        r"^\s*create\s+(unique\s+)?index\b(?!\s+concurrently)",
    "locks the table for itself": r"^\s*(lock\s+table|vacuum\s+full|cluster)\b",
}  # fmt: skip
NEW_COLUMN = re.compile(r"\badd\s+column\b(?P<rest>[^,;]*)", re.I | re.S)
MADE = re.compile(r"\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?([\w.]+)", re.I)
FUNCTION = re.compile(r"\b(create|drop)\s+(?:or\s+replace\s+)?function\s+(?:if\s+exists\s+)?([\w.]+)", re.I)
TABLE = re.compile(
    r"\b(?:alter\s+table(?:\s+only)?|index\b.*?\bon(?:\s+only)?|drop\s+table(?:\s+if\s+exists)?)\s+([\w.]+)",
    re.I | re.S,
)
BODY = re.compile(r"(\$\w*\$).*?\1", re.S)


def statements_of(migration: Path) -> list[str]:
    """The SQL of an upgrade, without the bodies of functions."""
    module, told = loaded(migration), io.StringIO()
    options = {"as_sql": True, "output_buffer": told, "literal_binds": True}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context):
        module.upgrade()
    return [part.strip() for part in BODY.sub("$$", told.getvalue()).split(";") if part.strip()]


def loaded(migration: Path) -> ModuleType:
    """The file of a migration as a module."""
    spec = importlib.util.spec_from_file_location(migration.stem, migration)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def objections(statements: list[str], *, contracts: bool = False, locks: bool = False) -> list[str]:
    """What stands against running these beside servers of the release before."""
    own = {name.lower() for statement in statements for name in MADE.findall(statement)}
    found = [] if contracts else lost_functions(statements)
    for statement in statements:
        about = TABLE.search(statement)
        if about and about[1].lower() in own:
            continue
        rules = ({} if contracts else CONTRACTING) | ({} if locks else LOCKING)
        found += [f"{why}: {statement[:90]}" for why, what in rules.items() if re.search(what, statement, re.I | re.S)]
        if not contracts and any(is_demanding(rest) for rest in NEW_COLUMN.findall(statement)):
            found.append(f"demands a value that servers of the release before do not give: {statement[:90]}")
    return found


def is_demanding(column: str) -> bool:
    """Whether whoever does not know a new column can no longer add rows."""
    return bool(re.search(r"\bnot\s+null\b", column, re.I)) and not re.search(
        r"\b(default|generated|serial)\b", column, re.I
    )


def lost_functions(statements: list[str]) -> list[str]:
    """Functions that are dropped and not made again."""
    named: dict[str, set[str]] = {"create": set(), "drop": set()}
    for statement in statements:
        for verb, name in FUNCTION.findall(statement):
            named[verb.lower()].add(name.lower())
    return [
        f"drops a function that servers of the release before may call: {name}"
        for name in named["drop"] - named["create"]
    ]
