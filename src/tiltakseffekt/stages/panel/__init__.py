"""The person-month panel, one shard of persons at a time."""
