"""The folder of releases: each has a folder of its own, one link says which is current, and nothing but what was made
here is ever removed.

    <published>/releases/000012/       ai_unit_economics.duckdb, parquet/, report.html, made.txt
    <published>/current                -> releases/000012, the one pointer: it swaps file and Parquet together
    <published>/ai_unit_economics.duckdb, parquet, report.html    -> the same names in current

Every file is noted in `made.txt` before it is made; removing a release removes what stands there, and no other file.
A release is whole once `release.json` is in it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE_NAME = "ai_unit_economics.duckdb"
PAGE_NAME = "report.html"  # scripts/report.py writes it
PARQUET = "parquet"
CURRENT, RELEASES = "current", "releases"
NAMES = (FILE_NAME, PARQUET, PAGE_NAME)  # what readers open
MADE, WHOLE = "made.txt", "release.json"
FILE_MODE, FOLDER_MODE = 0o640, 0o750
FICLONE = 0x40049409  # linux/fs.h: share the blocks of another file until one of the two is written


@dataclass(frozen=True)
class Folder:
    """One release's folder."""

    path: Path

    @property
    def file(self) -> Path:
        """The DuckDB file."""
        return self.path / FILE_NAME

    @property
    def parquet(self) -> Path:
        """The folder of Parquet files."""
        return self.path / PARQUET

    def is_whole(self) -> bool:
        """Whether its publisher came to the end."""
        return (self.path / WHOLE).is_file()

    def note(self, path: Path) -> Path:
        """Note a file of this release before it is made; the path again."""
        with (self.path / MADE).open("a", encoding="utf-8") as made:
            made.write(path.relative_to(self.path).as_posix() + "\n")
        return path

    def finish(self, about: dict[str, Any]) -> None:
        """Set every file's and folder's mode, bring all to disk, and say that the release is whole."""
        self.note(self.path / WHOLE).write_text(json.dumps(about) + "\n", encoding="utf-8")
        for path in (*self.path.rglob("*"), self.path):
            path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
            sync(path)

    def remove(self) -> None:
        """Remove what was made here, and the folders that are empty then."""
        made = self.path / MADE
        if not made.is_file() or self.path.is_symlink():
            return
        folders = {self.parquet}
        for line in made.read_text(encoding="utf-8").splitlines():
            file = self.path / line
            if ".." in file.parts:
                continue
            file.unlink(missing_ok=True)
            folders.update(parent for parent in file.parents if self.path in parent.parents)
        for folder in sorted(folders, key=lambda path: len(path.parts), reverse=True):
            with suppress(OSError):  # somebody else's file is in it
                folder.rmdir()
        made.unlink()
        with suppress(OSError):
            self.path.rmdir()


def releases(published: Path) -> list[Folder]:
    """Every release that was begun here, the newest last."""
    numbered = [path for path in (published / RELEASES).glob("[0-9]*") if path.name.isdigit() and path.is_dir()]
    return [Folder(path) for path in sorted(numbered, key=lambda path: int(path.name)) if (path / MADE).is_file()]


def current(published: Path) -> Folder | None:
    """The release that readers see; None when there is none."""
    folder = Folder((published / CURRENT).resolve())
    return folder if folder.is_whole() else None


def begin(published: Path) -> Folder:
    """An empty folder for the next release, after removing what killed publishers left."""
    root = published / RELEASES
    root.mkdir(parents=True, exist_ok=True)
    for folder in releases(published):
        if not folder.is_whole():
            folder.remove()
    numbered = [path for path in root.iterdir() if path.name.isdigit()]
    for path in numbered:
        if not (path / MADE).exists():
            with suppress(OSError):  # killed before it made anything; with anything in it, it is somebody else's
                path.rmdir()
    taken = [int(path.name) for path in numbered]
    folder = Folder(root / f"{max(taken, default=0) + 1:06}")
    folder.path.mkdir()
    (folder.path / MADE).touch()
    folder.parquet.mkdir()
    return folder


def swap_in(published: Path, release: Folder) -> None:
    """Make the release the current one, by one rename; then see to the names readers open."""
    sync(published / RELEASES)
    _point(release, published / CURRENT, f"{RELEASES}/{release.path.name}")
    for name in NAMES:
        link = published / name
        if not link.is_symlink() or link.readlink() != Path(CURRENT, name):
            _point(release, link, f"{CURRENT}/{name}")
    sync(published)


def _point(release: Folder, link: Path, target: str) -> None:
    pointer = release.note(release.path / ".pointer")
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(target)
    pointer.replace(link)


def prune(published: Path, keep: int) -> None:
    """Remove all but the newest `keep` releases; never the current one."""
    now = current(published)
    for folder in releases(published)[: -max(keep, 1)]:
        if now is None or folder.path.resolve() != now.path:
            folder.remove()


def shared_copy(source: Path, target: Path) -> None:
    """Copy a file; where the file system can, the two share their blocks until one is written."""
    with source.open("rb") as old, target.open("xb") as new:
        try:
            fcntl.ioctl(new.fileno(), FICLONE, old.fileno())
        except OSError:
            shutil.copyfile(source, target)


def linked(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the file system knows no such names."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def sync(path: Path) -> None:
    """Make sure a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
