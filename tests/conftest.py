"""What the Python tests share: the scripts on the path, and an empty warehouse to land into and build."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "scripts"), str(PROJECT / "tests")]

from dbt_in_process import dbt  # noqa: E402

# What takes minutes begins first, so that the processes of `make test` end together.
SLOWEST = (
    "test_engines",
    "test_incremental",
    "test_lint",
    "test_traps_calls",
    "test_bills",
    "test_publish",
    "test_project",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest files first."""
    places = {name: place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


class Warehouse:
    """A warehouse file of its own, with the project's own commands to fill it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "build.duckdb"
        self.landing = folder / "landing"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the project on this warehouse; fail with its output unless it exits 0."""
        environment = os.environ | {
            "WAREHOUSE_PATH": str(self.path),
            "DBT_TARGET_PATH": str(self.folder.parent / "target"),
            "DBT_LOG_PATH": str(self.folder.parent / "logs"),
            "DBT_PROFILES_DIR": str(PROJECT),
        }
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command} exited {done.returncode}\n{done.stdout[-5000:]}\n{done.stderr[-3000:]}"
        return done

    def dbt(self, *arguments: str) -> object:
        """Run dbt on this warehouse, such as ``dbt("build", "--full-refresh")``; dbt's own result."""
        return dbt(PROJECT, self.path, self.folder.parent / "target", *arguments)

    def land(self, landing: Path | None = None) -> None:
        """Land a folder with scripts/land.py."""
        script = str(PROJECT / "scripts" / "land.py")
        self.run(sys.executable, script, "--landing", str(landing or self.landing), "--warehouse", str(self.path))

    def land_lines(self, source: str, lines: Iterable[str]) -> None:
        """Write lines as a new file of a source, and land it."""
        folder = self.landing / source
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{len(list(folder.iterdir())):04}.jsonl"
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.land()

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query on the warehouse."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("warehouses")


@pytest.fixture(scope="module")
def warehouse(session_folder: Path) -> Warehouse:
    """An empty warehouse, always under the same path: another path would make dbt read the whole project again."""
    folder = session_folder / "current"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Warehouse(folder)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Public logs with answers known apart from this project; env REAL_DATA_PATH, else beside the project."""
    folder = Path(os.environ.get("REAL_DATA_PATH", PROJECT.parent / "shared" / "real-data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set REAL_DATA_PATH")
    return folder
