"""What /proc says of processes: CPU time and memory of a process with all below it."""

import os
from collections import defaultdict
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(root: int) -> list[int]:
    """The process and all its descendants that live now."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children[int(fields[1])].append(int(entry.name))
    found = [root]
    for process in found:  # grows while it is walked
        found.extend(children[process])
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of the tree, and of those of it that have ended and been waited for."""
    spent = (_stat(process) for process in tree(root))
    return sum(sum(int(ticks) for ticks in fields[11:15]) for fields in spent if fields) / TICKS


def resident_bytes(root: int) -> int:
    """Resident memory of the tree: what is shared between processes counts in each."""
    held = (_stat(process) for process in tree(root))
    return sum(int(fields[21]) for fields in held if fields) * PAGE


def _stat(process: int) -> list[str]:
    """Fields of /proc/PID/stat from the third (state) on; nothing when it has gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
