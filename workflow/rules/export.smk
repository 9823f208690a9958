# The gate: the only rules that write results/export, one for each kind of drawing.
from tiltakseffekt.config.evaluations import all_labels
from tiltakseffekt.stages.exhibits.catalogue import DRAWINGS
from tiltakseffekt.stages.exhibits.words import select_labels
from tiltakseffekt.stages.export.review import check_reviewed

LABELS = all_labels(ROOT / "config", MAIN.manuscript.language)

check_reviewed(MAIN.export.reviewed, EXHIBITS)


def exhibit_of(wildcards):
    """Return the catalogue entry of a job as plain values."""
    return EXHIBITS[wildcards.exhibit].model_dump(mode="json")


def is_reviewed(wildcards):
    """Return whether a person has looked at the exhibit of a job and let it out."""
    return wildcards.exhibit in MAIN.export.reviewed


def labels_of(wildcards):
    """Return the labels that the exhibit of a job uses."""
    return select_labels(LABELS[evaluation_of(wildcards.exhibit)], EXHIBITS[wildcards.exhibit])


def facts_of(wildcards):
    """Return the settings that the words of the exhibit of a job mention."""
    return settings_of(EXHIBITS[wildcards.exhibit].facts, evaluation_of(wildcards.exhibit))


for kind, files in DRAWINGS.items():

    rule:
        name:
            f"export_{kind}"
        input:
            data="results/exhibits/{exhibit}/data.csv",
            receipt="results/clean/receipt.json",
        output:
            [f"results/export/{{exhibit}}/{file}" for file in files],
            data="results/export/{exhibit}/data.csv",
            status="results/export/{exhibit}/status.json",
            provenance="results/export/{exhibit}/provenance.json",
        log:
            f"results/logs/export/export_{kind}/{{exhibit}}.log",
        benchmark:
            f"results/benchmarks/export/export_{kind}/{{exhibit}}.tsv"
        wildcard_constraints:
            exhibit="|".join(name for name, entry in EXHIBITS.items() if entry.kind == kind),
        params:
            entry=exhibit_of,
            settings=setting("export", "reviewed"),
            reviewed=is_reviewed,
            labels=labels_of,
            facts=facts_of,
            code=code("export/export_exhibit"),
            environment=ENVIRONMENT,
        message:
            "Check {wildcards.exhibit} and let out what may leave"
        script:
            "../../scripts/export/export_exhibit.py"
