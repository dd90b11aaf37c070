"""The ids of people: how `user_id` leaves the warehouse (var publish_user_ids: hashed, raw or none).

A hash is HMAC-SHA256 under a key, its first 32 hex digits: the same person has the same one in every release, and who
has not the key can neither work it out nor try names against it. The key is env PUBLISH_USER_ID_KEY, else a random one
that is made once and kept beside the warehouse.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MODES = ("hashed", "raw", "none")
KEY_VARIABLE = "PUBLISH_USER_ID_KEY"
DIGITS = 32
BLOCK_BYTES = 64  # of SHA-256
# Where a mart holds ids of several kinds: column -> the column beside it that says `user` for a person's.
MARKED = {"dimension_value": "dimension", "subject": "subject_kind"}


def key_file(warehouse: Path) -> Path:
    """Where the key is kept that nobody gave."""
    return warehouse.with_name(warehouse.name + ".user_id_key")


def key_of(warehouse: Path) -> bytes:
    """The key of the hashes; made when there is none. ValueError when the file that should hold it is empty."""
    if given := os.environ.get(KEY_VARIABLE):
        return given.encode()
    return kept_secret(key_file(warehouse))


def kept_secret(path: Path) -> bytes:
    """What a file keeps, 64 random hex digits from the first time on. ValueError when the file is empty."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if kept := path.read_bytes().strip():
            return kept
        raise ValueError(f"{path} is empty: put the key back, or remove the file to get a new one") from None
    made = secrets.token_hex(32).encode()
    with os.fdopen(handle, "wb") as file:
        file.write(made + b"\n")
    return made


@dataclass(frozen=True)
class People:
    """How persons' ids are published."""

    mode: str
    key: bytes

    def hidden(self, text: str) -> str:
        """SQL: the hash of an id."""
        block = self.key if len(self.key) <= BLOCK_BYTES else hashlib.sha256(self.key).digest()
        inner, outer = (bytes(byte ^ pad for byte in block.ljust(BLOCK_BYTES, b"\0")).hex() for pad in (0x36, 0x5C))
        return f"left(sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode({text})))), {DIGITS})"

    def published(self, relation: str, columns: list[str]) -> str:
        """SQL: the rows of a relation with these columns as they are published. `people` must hold its user ids."""
        if self.mode == "raw":
            return f"select * from {relation}"
        replaced, conditions, source = [], [], f"{relation} as mart"
        if "user_id" in columns and self.mode == "hashed":
            source += " left join people on mart.user_id = people.user_id"
            replaced.append("people.published_id as user_id")
        elif "user_id" in columns:
            replaced.append("cast(null as varchar) as user_id")
        for column, kind in MARKED.items():
            if column in columns and kind in columns:
                hidden = self.hidden(f"mart.{column}")
                replaced.append(f"case when mart.{kind} = 'user' then {hidden} else mart.{column} end as {column}")
                conditions += [f"mart.{kind} is distinct from 'user'"] * (self.mode == "none")
        replace = f" replace ({', '.join(replaced)})" if replaced else ""
        where = f" where {' and '.join(conditions)}" if conditions else ""
        return f"select mart.*{replace} from {source}{where}"
