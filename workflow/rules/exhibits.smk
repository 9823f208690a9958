# One rule per figure and table, named after it, generated from the catalogue.
from tiltakseffekt.exhibits.catalogue import DRAWINGS, input_paths, load_catalogue
from tiltakseffekt.exhibits.words import load_labels, select_labels

CATALOGUE = load_catalogue(ROOT / "config/exhibits.yaml")
LABELS = load_labels(ROOT / f"config/labels/{MAIN.manuscript.language}.yaml")
EXHIBITS = {entry.id: entry for entry in CATALOGUE}


def settings_of(paths):
    """Return the settings at the paths named, of the main variant or of the one that a path names after an @."""
    return {name: setting_at(VARIANTS, path) for name, path in paths.items()}


for entry in CATALOGUE:

    rule:
        name:
            entry.rule_name
        input:
            **input_paths(entry, ROOT),
            receipt="results/clean/receipt.json",
        output:
            [f"results/exhibits/{entry.id}/{file}" for file in DRAWINGS[entry.kind]],
            data=f"results/exhibits/{entry.id}/data.csv",
            provenance=f"results/exhibits/{entry.id}/provenance.json",
        log:
            f"results/logs/exhibits/{entry.rule_name}.log",
        benchmark:
            f"results/benchmarks/exhibits/{entry.rule_name}.tsv"
        params:
            entry=entry.model_dump(mode="json"),
            builder=entry.builder,
            settings=settings_of(entry.settings),
            labels=select_labels(LABELS, entry),
            facts=settings_of(entry.facts),
            code=code("exhibits/build_exhibit", entry.builder),
            environment=ENVIRONMENT,
        message:
            f"Build {entry.id}"
        script:
            "../../scripts/exhibits/build_exhibit.py"
