"""The seam between Snakemake and the library: job frame, code hashes, provenance, trace and status."""
