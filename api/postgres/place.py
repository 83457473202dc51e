"""Where a private server keeps its things, and as whom it runs."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from api.postgres.outside import outside_folder, own_folder
from api.postgres.programs import Account, account_of

SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 107  # the kernel's limit for the path of a unix socket, without its closing zero


@dataclass(frozen=True)
class Place:
    """Folders of one server. `root` is ours, `home` and `sockets` are the account's alone (0700)."""

    root: Path
    home: Path
    sockets: Path
    account: Account

    @property
    def data(self) -> Path:
        """The data folder; it exists only when `initdb` has finished."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server said since its last start."""
        return self.home / "log"


def find_place(folder: Path) -> Place:
    """Take the folder, or one outside the checkout where the account or we cannot work in it."""
    root = folder.resolve()
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    if not _usable(root):
        root = own_folder(outside_folder() / name, mode=0o755)
    account = account_of(root / "home")
    home = own_folder(root / "home", mode=0o700, uid=account.uid, gid=account.gid)
    sockets = home
    if len(os.fsencode(home / SOCKET)) > SOCKET_PATH_BYTES:
        short = Path(tempfile.gettempdir()) / f"vhod-{name}"
        sockets = own_folder(short, mode=0o700, uid=account.uid, gid=account.gid)
    return Place(root, home, sockets, account)


def _usable(root: Path) -> bool:
    """Make the folder if need be; tell whether both we and the server's account can work in it."""
    try:
        if not root.exists():
            root.mkdir(parents=True)
            root.chmod(0o755)
    except OSError:  # a read-only checkout
        return False
    home = root / "home"
    foreign = os.geteuid() != 0 and home.exists() and home.stat().st_uid != os.geteuid()
    return os.access(root, os.W_OK | os.X_OK) and not foreign and account_of(home).reaches(root)
