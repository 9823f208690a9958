# One rule per figure and table, named after its evaluation and itself, generated from the catalogues.
from tiltakseffekt.stages.exhibits.catalogue import input_paths, load_catalogue

CATALOGUES = {name: load_catalogue(ROOT / "config/evaluations" / name / "exhibits.yaml") for name in EVALUATIONS}
#: The evaluation whose tables each shows.
TABLES_OF = {name: evaluation.reads or name for name, evaluation in EVALUATIONS.items()}
#: Evaluation and id, as in the folder of the exhibit, to its entry.
EXHIBITS = {f"{name}/{entry.id}": entry for name, entries in CATALOGUES.items() for entry in entries}
#: The scripts that make most of the jobs and take a moment each, and what they import: see workflow/warm.py.
WARM_SCRIPTS = ["build_exhibit.py", "export_exhibit.py"]
WARM_MODULES = [
    "tiltakseffekt.stages.exhibits.drawing",
    "tiltakseffekt.stages.exhibits.figures",
    "tiltakseffekt.stages.exhibits.tables",
    "tiltakseffekt.stages.export.exhibit",
    "tiltakseffekt.workflow.job",
    *sorted({entry.builder.partition(":")[0] for entry in EXHIBITS.values()}),
]


def settings_of(paths, evaluation):
    """Return the settings at the paths named, of the main variant or of the one that a path names after an @."""
    return {name: setting_at(VARIANTS, path, f"{evaluation}/main") for name, path in paths.items()}


for exhibit, entry in EXHIBITS.items():

    rule:
        name:
            f"{evaluation_of(exhibit)}__{entry.rule_name}"
        input:
            **input_paths(entry, ROOT, TABLES_OF[evaluation_of(exhibit)]),
        output:
            data=f"results/exhibits/{exhibit}/data.csv",
            provenance=f"results/exhibits/{exhibit}/provenance.json",
        log:
            f"results/logs/exhibits/{exhibit}.log",
        benchmark:
            f"results/benchmarks/exhibits/{exhibit}.tsv"
        params:
            builder=entry.builder,
            settings=settings_of(entry.settings, evaluation_of(exhibit)),
            arms=EVALUATIONS[evaluation_of(exhibit)].arms.model_dump(mode="json") if entry.arms else None,
            code=code("exhibits/build_exhibit", entry.builder),
            environment=ENVIRONMENT,
        message:
            f"Build {exhibit}"
        script:
            "../../scripts/exhibits/build_exhibit.py"
