"""Publishing by itself, over a build file made by hand: by difference, by one pointer, and nothing of others' touched.

What would silently go wrong: a release that keeps yesterday's rows of a changed day, a reader with the file of one
release and the Parquet of another, somebody's own files removed, a name that can be read in the published file.
"""

import datetime
import hashlib
import hmac
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

import land
import publish
from landing.spec import read_spec
from locking import Busy, locked
from publishing.folder import Folder

PROJECT = Path(__file__).resolve().parents[2]
KEPT = {"release_id", "published_at"}
FIRST = datetime.date(2026, 1, 30)


class Build:
    """A build file as dbt would leave it, with few marts."""

    def __init__(self, folder):
        self.path, self.number = folder / "build.duckdb", 0
        spec = read_spec()
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("create schema raw; create schema intermediate; create schema marts")
            for table in spec.values():
                columns = ", ".join(f'"{name}" {kind}' for name, kind in table.types().items())
                connection.execute(f'create table raw."{table.name}" ({columns})')
            for name, relation in publish.REMEMBERED.items():
                columns = [f'"{n}" {kind}' for n, kind in spec[name].types().items() if n not in KEPT]
                connection.execute(f"create table {relation} ({', '.join(columns)})")
                connection.execute(f"insert into {relation} ({columns[0].split()[0]}) values (null)")
            connection.execute(
                """create table intermediate.int_as_of_date as select date '2026-03-31' as as_of_date;
                create table intermediate.int_calls_priced
                    (call_id varchar, usage_date date, customer_id varchar, user_id varchar, cost_usd decimal(28, 12));
                create table marts.fct_usage_daily (usage_date date, customer_id varchar, cost_usd decimal(28, 12));
                create view marts.fct_inference_calls as from intermediate.int_calls_priced;
                create view marts.fct_inference_costs as
                    select call_id, usage_date, 2 * cost_usd as cost_usd from marts.fct_inference_calls;
                create table intermediate.int_days_written (build_number bigint, usage_date date);
                create table marts.dim_customers (customer_id varchar, customer_name varchar);
                create view marts.customer_names as select customer_name from marts.dim_customers;
                create table marts.usage_anomalies_daily (dimension varchar, dimension_value varchar, value bigint);
                comment on table marts.dim_customers is 'Customers. It''s a test.';
                comment on column marts.fct_inference_calls.user_id is 'Who.'"""
            )
        self.change("insert into marts.dim_customers values ('c', 'Quillfeather')")
        self.calls([(f"call{n}", n, f"person{n % 5}@example.com" if n % 7 else None, n) for n in range(90)])

    def change(self, *statements, vars_given="{}", is_noted=True, is_whole=False):
        """Change what the build holds: another green build, that notes which days of calls it wrote."""
        self.number += 1
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("create temp table before as from intermediate.int_calls_priced")
            for statement in statements:
                connection.execute(statement)
            connection.execute(
                """insert into intermediate.int_days_written select distinct ?, usage_date from (
                    (from before except all from intermediate.int_calls_priced)
                    union all (from intermediate.int_calls_priced except all from before)
                ) where ?""",
                [self.number, is_noted],
            )
            connection.execute(
                """create or replace table marts.fct_usage_daily as select usage_date, customer_id,
                cast(sum(cost_usd) as decimal(28, 12)) as cost_usd from marts.fct_inference_calls group by all"""
            )
            connection.execute(
                """insert into raw.builds by name select ? as build_id, 'build' as command, 'green' as status,
                timestamp '2026-04-01' as started_at, ? as build_number, 0 as last_load_id, '{}' as seeds,
                'vars: {company_stage: early}' as project_file, ? as vars, ? as is_history_verified""",
                [f"build{self.number}", self.number, vars_given, is_whole],
            )

    def calls(self, rows):
        """Add calls: id, day after the first, user, cost."""
        values = [f"('{key}', date '{FIRST}' + {day}, 'c', {user!r}, {cost})" for key, day, user, cost in rows]
        self.change(f"insert into intermediate.int_calls_priced values {', '.join(values)}".replace("None", "null"))


@pytest.fixture
def build(tmp_path):
    return Build(tmp_path)


def rows(path, relation):
    with duckdb.connect(str(path), read_only=True) as connection:
        return sorted(map(repr, connection.execute(f"from {relation}").fetchall()))


MARTS = ("fct_inference_calls", "fct_inference_costs", "fct_usage_daily", "dim_customers", "customer_names")
MARTS += ("usage_anomalies_daily",)


def contents(published):
    """Every mart's rows in the file and in Parquet, which must be equal."""
    found = {}
    for mart in MARTS:
        found[mart] = rows(published / publish.FILE_NAME, f"marts.{mart}")
        parquet = published / "parquet" / f"{mart}.parquet"
        files = f"{parquet}/*.parquet" if parquet.is_dir() else str(parquet)
        with duckdb.connect() as connection:
            assert sorted(map(repr, connection.execute(f"from '{files}'").fetchall())) == found[mart], mart
    return found


def test_a_release_by_difference_equals_one_from_nothing(build, tmp_path):
    """After random changes of every kind, again and again; the seed is printed by pytest when it fails."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    changed = tmp_path / "changed"
    publish.publish(build.path, changed)
    for turn in range(5):
        day = chance.randrange(90)
        build.change(
            *chance.sample(
                [
                    f"delete from intermediate.int_calls_priced where usage_date = date '{FIRST}' + {day}",
                    f"update intermediate.int_calls_priced set cost_usd = cost_usd + 1 where call_id = 'call{day}'",
                    f"update intermediate.int_calls_priced set usage_date = '{FIRST}'::date + {day} where cost_usd = 3",
                    f"insert into intermediate.int_calls_priced values ('n{turn}', '2026-07-0{turn + 1}', 'c', 'u', 5)",
                    f"insert into marts.dim_customers (customer_id) values ('c{turn}')",
                    f"insert into marts.usage_anomalies_daily values ('user', 'u{turn}', 1), ('all', 'all', 2)",
                    "insert into raw.finetuning_jobs (job_id) values ('j')",
                    "alter table marts.dim_customers add column if not exists segment varchar",
                    "comment on table marts.fct_usage_daily is 'Use.'",
                    f"comment on column marts.fct_inference_calls.cost_usd is 'Turn {turn}, “exact”.'",
                    "comment on table marts.dim_customers is null",
                ],
                k=2,
            )
        )
        publish.publish(build.path, changed, is_verified=chance.random() < 0.3)
        fresh = tmp_path / f"fresh{turn}"
        publish.publish(build.path, fresh)
        assert contents(changed) == contents(fresh), f"seed {seed}, turn {turn}"
        comments = "(select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts')"
        assert rows(changed / publish.FILE_NAME, comments) == rows(fresh / publish.FILE_NAME, comments)
        assert descriptions(changed) == descriptions(fresh) == comments_of(changed), f"seed {seed}, turn {turn}"


def descriptions(published):
    """Parquet file -> what it says of itself and its columns."""
    found = {}
    with duckdb.connect() as connection:
        for path in (published / "parquet").rglob("*.parquet"):
            if path.is_file() and path.name != "_release.parquet":
                said = connection.execute(
                    "select decode(key), decode(value) from parquet_kv_metadata(?)", [str(path)]
                ).fetchall()
                said = dict(said)
                name = path.relative_to(published / "parquet").as_posix()
                found[name] = (said["description"], json.loads(said["column_descriptions"]))
    return found


def comments_of(published):
    """The same as the published DuckDB file says it, for the Parquet files there are."""
    with duckdb.connect(str(published / publish.FILE_NAME), read_only=True) as connection:
        tables = dict(connection.execute("select table_name, coalesce(comment, '') from duckdb_tables()").fetchall())
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where comment is not null"
        ).fetchall()
    return {
        name: (tables[mart], {column: comment for table, column, comment in columns if table == mart})
        for name in descriptions(published)
        for mart in [name.partition(".parquet")[0]]
    }


def test_a_changed_description_reaches_files_that_are_taken_over(build, tmp_path):
    """A file of the last release is kept only if it says what the release says: facts in months, and other marts."""
    published = tmp_path / "published"
    publish.publish(build.path, published)
    assert descriptions(published)["fct_inference_calls.parquet/2026-03.parquet"] == ("", {"user_id": "Who."})
    build.change(
        "comment on column marts.fct_inference_calls.user_id is 'Who asked.'",
        "comment on table marts.dim_customers is null",
    )
    publish.publish(build.path, published)
    said = descriptions(published)
    assert said == comments_of(published)
    assert {columns["user_id"] for name, (_, columns) in said.items() if "_calls.parquet/" in name} == {"Who asked."}
    assert said["dim_customers.parquet"] == ("", {})
    old, new = (published / "releases" / name / "parquet" for name in ("000001", "000002"))
    kept = "fct_usage_daily.parquet/2026-03.parquet"
    assert (old / kept).samefile(new / kept)


def test_a_file_that_says_nothing_is_written_again(build, tmp_path):
    """As releases before descriptions came into Parquet, and a damaged file: neither is taken over."""
    published = tmp_path / "published"
    publish.publish(build.path, published)
    parquet = published / "releases" / "000001" / "parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy (select 1 as x) to '{parquet / 'dim_customers.parquet'}' (format parquet)")
    (parquet / "usage_anomalies_daily.parquet").write_bytes(b"PAR1")
    build.change()
    publish.publish(build.path, published)
    assert descriptions(published) == comments_of(published)
    assert contents(published)["dim_customers"] != []


def test_only_what_changed_is_written_again(build, tmp_path):
    published = tmp_path / "published"
    publish.publish(build.path, published)
    build.change("update intermediate.int_calls_priced set cost_usd = 7 where usage_date = '2026-02-10'")
    publish.publish(build.path, published)
    old, new = (published / "releases" / name / "parquet" for name in ("000001", "000002"))
    names = sorted(str(path.relative_to(new)) for path in new.rglob("*.parquet") if path.is_file())
    written = {name for name in names if not (old / name).samefile(new / name)}
    assert written == {
        "_release.parquet",
        *(f"fct_{fact}.parquet/2026-02.parquet" for fact in ("inference_calls", "inference_costs", "usage_daily")),
    }
    assert {"dim_customers.parquet", "customer_names.parquet"} <= set(names)
    assert "fct_inference_calls.parquet/2026-03.parquet" in names


UNNOTED = "update intermediate.int_calls_priced set cost_usd = 7 where usage_date = '2026-02-10'"


@pytest.mark.parametrize(
    ("statement", "is_verified", "is_found"),
    [
        (UNNOTED, False, False),
        (UNNOTED, True, True),
        ("insert into intermediate.int_calls_priced values ('n', '2026-02-10', 'c', 'u', 5)", False, True),
        ("delete from intermediate.int_calls_priced where usage_date = '2026-02-10'", False, True),
    ],
)
def test_days_that_no_build_has_written_are_counted(build, tmp_path, statement, is_verified, is_found):
    """And compared with --verify: only what a build noted is looked at otherwise."""
    published, fresh = tmp_path / "published", tmp_path / "fresh"
    publish.publish(build.path, published)
    build.change(statement, is_noted=False)
    publish.publish(build.path, published, is_verified=is_verified)
    publish.publish(build.path, fresh)
    assert (contents(published) == contents(fresh)) == is_found


@pytest.mark.parametrize(
    "view", [None, "select *, 1 as weight from intermediate.int_calls_priced", "from intermediate.int_calls_priced"]
)
def test_what_was_begun_anew_is_compared_whole(build, tmp_path, view):
    """A full refresh, perhaps of a part, and another view of a fact write what no build notes by day."""
    published, fresh = tmp_path / "published", tmp_path / "fresh"
    publish.publish(build.path, published)
    statements = [f"create or replace view marts.fct_inference_calls as {view} where true"] if view else []
    build.change(UNNOTED, *statements, is_noted=False, is_whole=True)
    build.change()
    publish.publish(build.path, published)
    publish.publish(build.path, fresh)
    assert contents(published) == contents(fresh)


def test_the_release_of_another_warehouse_is_compared_whole(build, tmp_path):
    """Its builds are not ours: what ours have written since says nothing."""
    published, other = tmp_path / "published", tmp_path / "other"
    other.mkdir()
    publish.publish(build.path, published)
    second = Build(other)
    second.change(UNNOTED, is_noted=False)
    with duckdb.connect(str(second.path)) as connection:
        connection.execute("update raw.builds set build_id = 'other ' || build_id")
    publish.publish(second.path, published)
    publish.publish(second.path, tmp_path / "fresh")
    assert contents(published) == contents(tmp_path / "fresh")


def test_a_row_that_changed_behind_the_hashes_is_found(build, tmp_path, monkeypatch):
    """The copy is compared with the build: a writer that loses a row of a day does not publish."""
    published = tmp_path / "published"
    publish.publish(build.path, published)
    build.change("update intermediate.int_calls_priced set cost_usd = 7 where usage_date = '2026-02-10'")
    lost = "select * from (from build.marts.fct_inference_calls) where false"
    keep = publish.Copy._published
    monkeypatch.setattr(
        publish.Copy,
        "_published",
        lambda self, mart, days=None: lost if days and mart.name == "fct_inference_calls" else keep(self, mart, days),
    )
    before = contents(published)
    with pytest.raises(RuntimeError, match="fct_inference_calls: the written file has other rows"):
        publish.publish(build.path, published)
    assert contents(published) == before
    assert [path.name for path in (published / "releases").iterdir()] == ["000001"]


def test_only_own_files_are_removed(build, tmp_path):
    published = tmp_path / "published"
    publish.publish(build.path, published)
    theirs = [
        published / "parquet-mine" / "a.parquet",
        published / ".notes.tmp",
        published / ".parquet.tmp",
        published / "releases" / "notes" / "made.md",
        published / "releases" / "000007" / "a.txt",
        published / "releases" / "000001" / "mine.txt",
        published / "releases" / "000001" / "parquet" / "mine.parquet",
    ]
    for path in theirs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    for _ in range(3):
        publish.publish(build.path, published, keep=1)
    assert [path.read_text() for path in theirs] == ["mine"] * len(theirs)
    assert sorted(path.name for path in (published / "releases").iterdir()) == ["000001", "000007", "000010", "notes"]
    left = sorted(path.name for path in (published / "releases" / "000001").rglob("*") if path.is_file())
    assert left == ["mine.parquet", "mine.txt"]


def test_a_folder_under_a_published_name_is_not_touched(build, tmp_path):
    (tmp_path / "published" / "parquet").mkdir(parents=True)
    with pytest.raises(publish.NotPublishable, match="was not made here"):
        publish.publish(build.path, tmp_path / "published")


def test_killed_publishers_leave_whole_releases_and_no_rubbish(build, tmp_path):
    published = tmp_path / "published"
    publish.publish(build.path, published)
    whole = contents(published)
    command = [sys.executable, PROJECT / "scripts" / "publish.py", "--warehouse", build.path, "--published", published]
    for turn in range(6):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            while not (published / "releases").is_dir() or (
                len(list((published / "releases").iterdir())) < 2 and running.poll() is None
            ):
                time.sleep(0.01)
            time.sleep(0.05 * turn)
            running.send_signal(signal.SIGKILL)
        assert contents(published) == whole
    publish.publish(build.path, published, keep=1)
    assert contents(published) == whole
    assert len(list((published / "releases").iterdir())) == 1


def test_file_and_parquet_change_together(build, tmp_path):
    """Who follows `current` once has both of one release, whatever is published meanwhile."""
    published = tmp_path / "published"
    publish.publish(build.path, published)
    pairs, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            release = (published / "current").resolve()
            with duckdb.connect() as connection:
                connection.execute(f"attach '{release / publish.FILE_NAME}' as r (read_only)")
                one = connection.execute("select release_id from r._release").fetchone()
                two = connection.execute(f"select release_id from '{release}/parquet/_release.parquet'").fetchone()
                pairs.append((one, two))

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(5):
        build.change(f"insert into marts.dim_customers values ('x{turn}', 'x')")
        publish.publish(build.path, published)
    stop.set()
    reader.join()
    assert all(one == two for one, two in pairs)
    assert len(set(pairs)) > 1


def test_green_is_told_by_the_number_of_the_build(build, tmp_path):
    """A clock that went back must not make yesterday's green build the last one."""
    with duckdb.connect(str(build.path)) as connection:
        connection.execute(
            """insert into raw.builds (build_id, command, status, started_at, build_number)
            values ('late', 'build', 'failed', timestamp '2020-01-01', 99)"""
        )
    with pytest.raises(publish.NotPublishable, match="failed"):
        publish.publish(build.path, tmp_path / "published")


def test_the_release_says_what_the_build_was_made_of(build, tmp_path):
    published = tmp_path / "published"

    def release():
        made = publish.publish(build.path, published)
        with duckdb.connect(str(published / publish.FILE_NAME), read_only=True) as connection:
            settings, landed = connection.execute("select settings, landed_row_count from _release").fetchone()
        return made.inputs_sha256, json.loads(settings), landed

    first = release()
    assert first[1:] == ({"company_stage": "early"}, 0)
    with duckdb.connect(str(build.path)) as connection:  # landed after the build: not in it
        connection.execute("insert into raw.loads (load_id, source, sha256, rows_landed) values (1, 's', 'h', 3)")
    assert release() == first
    build.change(vars_given='{"company_stage": "growth"}')
    second = release()
    assert second[1] == {"company_stage": "growth"}
    assert second[0] != first[0]


def users(published):
    return set(rows(published / publish.FILE_NAME, "(select user_id from marts.fct_inference_calls)"))


def test_users_are_published_as_keyed_hashes(build, tmp_path, monkeypatch):
    published = tmp_path / "published"
    build.change("insert into marts.usage_anomalies_daily values ('user', 'person1@example.com', 1)")
    publish.publish(build.path, published)
    key_file = build.path.with_name("build.duckdb.user_id_key")
    assert key_file.stat().st_mode & 0o777 == 0o600
    key = key_file.read_text().strip().encode()
    hashed = [hmac.new(key, f"person{n}@example.com".encode(), hashlib.sha256).hexdigest()[:32] for n in range(5)]
    assert users(published) == {repr((name,)) for name in [*hashed, None]}
    others = "(select * exclude (user_id) from marts.fct_inference_calls)"
    assert rows(published / publish.FILE_NAME, others) == rows(build.path, others)
    anomalies = rows(published / publish.FILE_NAME, "marts.usage_anomalies_daily")
    assert anomalies == [repr(("user", hashed[1], 1))]
    everything = b"".join(path.read_bytes() for path in published.rglob("*") if path.is_file())
    assert b"@example.com" not in everything
    modes = {path.stat().st_mode & 0o777 for path in (published / "releases").rglob("*") if path.is_file()}
    assert modes == {0o640}
    # The same person has the same hash in the next release, another key gives others.
    publish.publish(build.path, published)
    assert users(published) == {repr((name,)) for name in [*hashed, None]}
    monkeypatch.setenv("PUBLISH_USER_ID_KEY", "k" * 100)
    publish.publish(build.path, published)
    longer = hmac.new(b"k" * 100, b"person1@example.com", hashlib.sha256).hexdigest()[:32]
    assert repr((longer,)) in users(published)
    assert not users(published) & {repr((name,)) for name in hashed}


@pytest.mark.parametrize(("mode", "expected"), [("raw", {"person1@example.com"}), ("none", set())])
def test_users_are_published_as_they_are_or_not_at_all(build, tmp_path, mode, expected):
    build.change(
        "insert into marts.usage_anomalies_daily values ('user', 'person1@example.com', 1), ('all', 'all', 1)",
        vars_given=json.dumps({"publish_user_ids": mode}),
    )
    publish.publish(build.path, tmp_path / "published")
    assert {repr((name,)) for name in expected} <= users(tmp_path / "published")
    assert (users(tmp_path / "published") == {"(None,)"}) == (mode == "none")
    anomalies = rows(tmp_path / "published" / publish.FILE_NAME, "marts.usage_anomalies_daily")
    assert len(anomalies) == (2 if mode == "raw" else 1)
    build.change(vars_given='{"publish_user_ids": "rot13"}')
    with pytest.raises(publish.NotPublishable, match="one of hashed, raw, none"):
        publish.publish(build.path, tmp_path / "published")


def test_alerts_are_remembered_and_users_stay_hidden(build, tmp_path, monkeypatch):
    """The build knows the user again; the release, and what it remembers, hold the hash."""
    published = tmp_path / "published"
    user = ("anomaly_user", "user", "c / person1@example.com")
    customer = ("anomaly_customer", "customer", "c")
    build.change(
        "delete from marts.alerts",
        f"insert into marts.alerts values {(*user, None)}, {(*customer, None)}".replace("None", "null"),
    )
    publish.publish(build.path, published)
    known = "(select kind, subject_kind, subject from raw.published_alerts)"
    assert rows(build.path, known) == [repr(customer), repr(user)]
    everything = b"".join(path.read_bytes() for path in published.rglob("*") if path.is_file())
    assert b"@example.com" not in everything
    # Under another key nobody is known again: alerted of once more, and never in the clear.
    release = published / publish.FILE_NAME
    (hidden,) = [row for row in rows(release, "(select subject_kind, subject from _published_alerts)") if "user" in row]
    monkeypatch.setenv("PUBLISH_USER_ID_KEY", "k" * 100)
    with duckdb.connect(str(build.path)) as connection:
        connection.execute("delete from raw.published_inputs")
    publish.remember(build.path, published, publish.People("hashed", b"k" * 100))
    assert hidden in rows(build.path, "(select subject_kind, subject from raw.published_alerts)")


def test_a_release_whose_publisher_was_killed_is_remembered_before_the_next_build(build, tmp_path, monkeypatch):
    published = tmp_path / "published"
    publish.catch_up(build.path, published)  # no release yet
    build.change(
        "delete from marts.alerts",
        "insert into marts.alerts (kind, subject_kind, subject) values ('anomaly_user', 'user', 'c / a@example.com')",
    )
    with monkeypatch.context() as killed:
        killed.setattr(publish, "remember", lambda *_: None)
        release = publish.publish(build.path, published)
    assert rows(build.path, "raw.published_alerts") == []
    publish.catch_up(build.path, published)
    known = rows(build.path, "(select release_id, subject from raw.published_alerts)")
    assert known == [repr((release.release_id, "c / a@example.com"))]


def test_a_release_that_alerted_of_nothing_yet_is_remembered(build, tmp_path):
    """After an update the release is one of the version before."""
    published = tmp_path / "published"
    publish.publish(build.path, published)
    with duckdb.connect(str(published / publish.FILE_NAME)) as connection:
        connection.execute("drop table _published_alerts")
    with duckdb.connect(str(build.path)) as connection:
        connection.execute("delete from raw.published_inputs")
    publish.remember(build.path, published)
    assert rows(build.path, "raw.published_alerts") == []
    build.change("insert into marts.alerts (kind, subject_kind, subject) values ('stale_source', 'source', 'fx_rates')")
    publish.publish(build.path, published)
    assert len(rows(build.path, "(from raw.published_alerts where subject = 'fx_rates')")) == 1


def test_what_goes_wrong_while_cleaning_up_does_not_hide_the_cause(build, tmp_path, monkeypatch, capsys):
    def fail(*_args, **_more):
        raise RuntimeError("the true cause")

    def refuse(_self):
        raise OSError("read-only file system")

    monkeypatch.setattr(publish, "write_release", fail)
    monkeypatch.setattr(Folder, "remove", refuse)
    with pytest.raises(RuntimeError, match="the true cause"):
        publish.publish(build.path, tmp_path / "published")
    assert "could not be removed: read-only file system" in capsys.readouterr().err


def test_every_writer_takes_the_lock(build, tmp_path, monkeypatch):
    (tmp_path / "landing").mkdir()
    landing = ["--landing", str(tmp_path / "landing"), "--warehouse", str(build.path)]
    published = ["--warehouse", str(build.path), "--published", str(tmp_path / "published")]
    with locked(build.path):
        assert land.main(landing) == 75
        assert publish.main(published) == 75
        with pytest.raises(Busy) as taken, locked(build.path):
            pass
        assert taken.value.pid == os.getpid()
        # A step that the holder started works under its lock.
        monkeypatch.setattr(os, "getppid", os.getpid)
        assert publish.main(published) == 0
    monkeypatch.undo()
    assert land.main(landing) == 0
