"""What every stage shares: months, typed tables, errors, named randomness, codebooks."""
