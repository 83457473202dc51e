"""pgbench: the fixed statement alone, without any server before it. Skipped where there is no pgbench."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

from api.database import CONNECTION_SETTINGS, DATABASE_NAME
from bench.place import own_folder
from bench.questions import Question, document
from bench.region import Region

CONNECTIONS = 8
CONTEXT = (
    "select set_config('vhod.person', :person, true), set_config('vhod.reach', :reach, true),"
    " set_config('vhod.restricted', :restricted, true);"
)
SPEED = re.compile(r"latency average = ([\d.]+) ms.*?tps = ([\d.]+)", re.DOTALL)


def pgbench_lines(region: Region, questions: list[Question], viewers: Mapping[str, Any], seconds: int) -> Iterator[str]:
    """A line for each question; one that says why where it cannot be run."""
    program = shutil.which("pgbench")
    if program is None:
        yield "\npgbench is not installed (it is not in the PostgreSQL wheel): skipped"
        return
    yield f"\npgbench: the fixed statement alone, pipelined, {CONNECTIONS} connections, one asker"
    for question in questions:
        asker = question.askers[0]
        parameters = question.body("fixed", asker)["parameters"]
        given = viewers[asker.subject] | {f"p{n}": str(value) for n, value in enumerate(parameters, start=1)}
        yield f"  {question.name:12}{_run(program, region, question.name, given, seconds)}"


def _run(program: str, region: Region, name: str, given: Mapping[str, str], seconds: int) -> str:
    script = own_folder("run") / f"{name}.pgbench"
    statement = re.sub(r"\$(\d)", r":p\1", document("fixed", name)).strip()
    script.write_text(f"\\startpipeline\nbegin;\n{CONTEXT}\n{statement};\ncommit;\n\\endpipeline\n")
    options = " ".join(f"-c {setting}={value}" for setting, value in CONNECTION_SETTINGS.items())
    app = region.urls.app
    command = [program, "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-T", str(seconds), "-f", str(script)]
    command += [word for key, value in given.items() for word in ("-D", f"{key}={value}")]
    command += ["-h", str(app.query["host"]), "-U", str(app.username), DATABASE_NAME]
    environment = {"PATH": os.environ["PATH"], "PGOPTIONS": options}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    found = SPEED.search(done.stdout)
    if done.returncode or not found:
        return f"failed: {done.stderr.strip()[-300:]}"
    return f"{float(found[2]):>10.1f} /s, {float(found[1]):.2f} ms on average"
