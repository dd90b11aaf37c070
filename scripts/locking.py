"""How programs share a warehouse: one at a time lands, builds or publishes, within the memory the user allows.

The system frees the lock with the process, also when that is killed. A program that the holder itself started (the job
starts land.py) works under the holder's lock.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

EX_TEMPFAIL = 75  # the exit code of who finds it taken: cron may try again


def memory_limit() -> str:
    """How much memory DuckDB may take; profiles.yml asks the same variable."""
    return os.environ.get("WAREHOUSE_MEMORY_LIMIT", "4GB")


class Busy(Exception):
    """Another program holds the lock; `pid` is its process, None when it has not said so yet."""

    def __init__(self, path: Path, pid: int | None) -> None:
        super().__init__(f"process {pid or 'unknown'} is at work on {path}; try again later")
        self.pid = pid


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold the lock of a file, which lies beside it as `<name>.lock`; its descriptor, for children that outlive us."""
    lock = path.with_name(path.name + ".lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            found = re.search(r"[0-9]+", handle.read())
            pid = int(found.group()) if found else None
            if pid != os.getppid():
                raise Busy(path, pid) from None
        else:
            handle.truncate(0)
            handle.write(f"process {os.getpid()}")
            handle.flush()
        yield handle.fileno()
