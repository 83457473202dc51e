"""What triggers and foreign keys keep, asked of the data itself: after a load past them, or after a restore."""

from pathlib import Path

from sqlalchemy import Connection, text

VERSIONED = {
    "mark": ("mark_id", "value"),
    "attendance_record": ("record_id", "code"),
}
"""Tables of what stands: the column of their versions that points at them, and the one that is null when withdrawn."""

NOT_SHARED = ("id", "mark_id", "record_id")
"""Columns in which what stands and its newest version differ."""

FOREIGN_KEYS = """
    select c.conrelid::regclass::text, c.confrelid::regclass::text,
           (select array_agg(quote_ident(attname) order by o) from unnest(c.conkey) with ordinality k (n, o)
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n),
           (select array_agg(quote_ident(attname) order by o) from unnest(c.confkey) with ordinality k (n, o)
            join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n)
    from pg_constraint c where c.contype = 'f' and c.conparentid = 0 and c.connamespace = 'public'::regnamespace
"""
COLUMNS = """
    select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
    where attrelid = cast(:table as regclass) and attnum > 0 and not attisdropped and attname <> all(:besides)
"""


def broken_rules(connection: Connection, *, references: bool = True) -> dict[str, int]:
    """Count the rows that break each rule, of those that are broken; empty: everything holds.

    Reads every large table several times. `references`: foreign keys as well, which only a load past them can break.
    """
    rules = {**_written_rules(), **_version_rules(connection), **(_reference_rules(connection) if references else {})}
    counts = {name: _count(connection, query) for name, query in rules.items()}
    return {name: count for name, count in counts.items() if count}


def _count(connection: Connection, query: str) -> int:
    return int(connection.scalar(text(f"select count(*) from ({query}) broken")) or 0)  # noqa: S608 - our own queries


def _written_rules() -> dict[str, str]:
    """Rules of soundness.sql, by the comment above each."""
    _, *parts = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split("\n\n")
    return {name.removeprefix("-- "): query.rstrip().rstrip(";") for name, query in (p.split("\n", 1) for p in parts)}


def _version_rules(connection: Connection) -> dict[str, str]:
    """What stands is the newest version, and versions are numbered without a gap."""
    rules = {}
    for table, (pointer, meaning) in VERSIONED.items():
        versions = table.removesuffix("_record") + "_version"
        shared = connection.scalar(text(COLUMNS), {"table": table, "besides": list(NOT_SHARED)})
        newest = f"select distinct on ({pointer}) * from {versions} order by {pointer}, version desc"  # noqa: S608
        rules[f"{table} is the newest version"] = (
            f"(select id, {shared} from {table} except select {pointer}, {shared} from ({newest}) v) union all"  # noqa: S608
            f" (select {pointer}, {shared} from ({newest}) v where {meaning} is not null"
            f" except select id, {shared} from {table})"
        )
        rules[f"{versions} has no gap"] = f"select {pointer} from {versions} group by 1 having count(*) <> max(version)"  # noqa: S608
    return rules


def _reference_rules(connection: Connection) -> dict[str, str]:
    """Every foreign key of the schema holds."""
    rules = {}
    for table, target, columns, keys in connection.execute(text(FOREIGN_KEYS)):
        same = " and ".join(f"o.{key} = r.{column}" for column, key in zip(columns, keys, strict=True))
        there = " and ".join(f"r.{column} is not null" for column in columns)
        rules[f"{table} ({', '.join(columns)}) refers to {target}"] = (
            f"select 1 from {table} r where {there} and not exists (select from {target} o where {same})"  # noqa: S608
        )
    return rules
