"""Seconds and memory per stage, from the benchmark files that each rule writes."""

from pathlib import Path

import pandas as pd


def read_benchmarks(folder: Path) -> pd.DataFrame:
    """Read all benchmark files: stage, rule, seconds, peak memory in MB, one row per job."""
    frames = []
    for path in sorted(folder.glob("*/**/*.tsv")):
        frame = pd.read_csv(path, sep="\t")
        stage, name = path.relative_to(folder).parts[0], path.relative_to(folder).parts[1]
        rule = name.removesuffix(".tsv")
        frames.append(pd.DataFrame({"stage": stage, "rule": rule, "seconds": frame["s"], "mb": frame["max_rss"]}))
    columns = ["stage", "rule", "seconds", "mb"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def describe_benchmarks(jobs: pd.DataFrame) -> str:
    """Write seconds (sum over jobs) and memory (largest job) per stage as text."""
    if jobs.empty:
        return "No benchmark yet: run `make report` first."
    stages = jobs.groupby("stage", sort=False).agg(
        jobs=("rule", "size"), seconds=("seconds", "sum"), peak_mb=("mb", "max")
    )
    stages = stages.sort_values("seconds", ascending=False)
    stages.loc["all jobs"] = [stages["jobs"].sum(), stages["seconds"].sum(), stages["peak_mb"].max()]
    lines = [f"{'stage':<16} {'jobs':>5} {'seconds':>9} {'peak MB':>9}"]
    lines += [
        f"{stage!s:<16} {int(row.jobs):>5} {row.seconds:>9.1f} {row.peak_mb:>9.0f}" for stage, row in stages.iterrows()
    ]
    return "\n".join(lines)
