"""Everything random has a name.

A seed is derived from the seed of the run and the names of the use (rule, wildcards, shard, tree ...), so that
a result does not depend on the number of cores, on the order of jobs or on which jobs are run again.
"""

import hashlib

import numpy as np


def named_seed(run_seed: int, *names: str | int) -> int:
    """Return a 63-bit seed for one named use of randomness.

    Parameters
    ----------
    run_seed
        ``run.seed`` of the configuration.
    names
        The path of the use, from coarse to fine, for example ``("matching", "folds")``.
    """
    text = "\x1f".join([str(run_seed), *map(str, names)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


def named_generator(run_seed: int, *names: str | int) -> np.random.Generator:
    """Return a generator for one named use of randomness (see `named_seed`)."""
    return np.random.default_rng(named_seed(run_seed, *names))
