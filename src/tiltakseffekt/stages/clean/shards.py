"""Persons are divided into shards by a stable hash of their identifier, the same in Python and in SQL."""

import hashlib


def shard_of(person_id: str, shards: int) -> int:
    """Return the shard of a person: the first 32 bits of the MD5 of the identifier, modulo the number of shards."""
    return int(hashlib.md5(person_id.encode(), usedforsecurity=False).hexdigest()[:8], 16) % shards


def shard_sql(column: str, shards: int) -> str:
    """Return the SQL expression of `shard_of` for a column."""
    return f"CAST('0x' || md5({column})[1:8] AS BIGINT) % {shards}"
