"""Whole synthetic registers in a folder: shard by shard, on several cores, going on where an earlier run ended.

    folder/manifest.json     what decides the content: equal manifests, equal bytes
    folder/registers/        registers.path of a run: about.json, and one folder of parts per table
    folder/truth/            registers.truth_path of a run: the planted truth and the ledger of defects, Parquet
    folder/finished/         one note per finished shard: its persons, and the rows and bytes of its files

The table municipality is written last: until then the folder lacks a table of the contract, so that no run takes half
of the registers for the whole.
"""
