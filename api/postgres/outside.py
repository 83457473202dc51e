"""A folder outside the checkout, for when the server's account cannot reach the checkout."""

import os
import stat
import tempfile
from pathlib import Path


def outside_folder() -> Path:
    """Our own folder among the temporary files that outlive a restart; everybody may pass through it.

    Raises PermissionError when somebody else made a folder of that name.
    """
    lasting = Path("/var/tmp")  # noqa: S108 - the folder inside it is checked to be ours
    parent = lasting if os.access(lasting, os.W_OK) else Path(tempfile.gettempdir())
    return own_folder(parent / f"vhod-{os.geteuid()}", mode=0o755)


def own_folder(path: Path, *, mode: int, uid: int | None = None, gid: int = -1) -> Path:
    """Make the folder, or accept it if it is ours (the account's) alone; the parents stay as they are."""
    owner = os.geteuid() if uid is None else uid
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o022:
            raise PermissionError(f"{path} is not a folder of user {owner} alone: remove it") from None
    else:
        path.chmod(mode)  # whatever the caller's umask
        if owner != os.geteuid():
            os.chown(path, owner, gid)
    return path
