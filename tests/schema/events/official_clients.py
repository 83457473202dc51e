"""The official clients of both protocols (npm: graphql-ws, graphql-sse), and what happens when they say so."""

import asyncio
import os
from pathlib import Path

from tests.node import installed_folder, node_command
from tests.schema.demo import Demo

PROJECT = Path(__file__).parents[2] / "judges" / "sockets"
SECONDS = 60
HAPPENS = """
  insert into vhod.outbox (kind, school_year, person_id, subject_group_id, objects, versions)
  select 'MARK', v.school_year, v.student_id, v.subject_group_id, array[m.id], array[v.id]
  from mark m join mark_version v on v.mark_id = m.id and v.version = m.version
  where m.student_id = cast(:student as uuid) order by m.id limit 1
"""


async def driven(demo: Demo, port: int, student: str) -> tuple[int, str]:
    """Run the project's script against a served demo; its status and what it printed."""
    node, npm = node_command()
    folder = await asyncio.to_thread(installed_folder, PROJECT, npm)
    given = {"PORT": str(port), "STUDENT": student, "TOKEN": await demo.token("legal-representative")}
    process = await asyncio.create_subprocess_exec(
        node, "drive.mjs", cwd=folder, env={"PATH": os.environ["PATH"], **given}, stdout=-1, stderr=-2
    )
    assert process.stdout is not None
    lines = []
    async with asyncio.timeout(SECONDS):
        async for line in process.stdout:
            lines.append(line.decode())
            if line.strip() == b"go":
                demo.ask(HAPPENS, student=student.partition(":")[2])
                demo.ask("notify vhod_outbox")
        return await process.wait(), "".join(lines)
