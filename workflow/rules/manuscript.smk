# Exported exhibits and text -> the report of an evaluation. What the text shows is found by reading it.
from tiltakseffekt.stages.manuscript.settings import ENDINGS
from tiltakseffekt.stages.manuscript.sources import files_needed, manuscript_sources, pages_beside

MANUSCRIPTS = {name: manuscript_sources(ROOT / "manuscript", name) for name in EVALUATIONS}
EXPORTED = {
    name: files_needed(sources, f"results/export/{name}", draft=MAIN.manuscript.draft)
    for name, sources in MANUSCRIPTS.items()
}
#: What lies beside each report, since the text links to it: evaluation to exhibit to page.
PAGES = {
    name: pages_beside(files, {entry.id: entry.kind for entry in CATALOGUES[name]}) for name, files in EXPORTED.items()
}


def sources_of(wildcards):
    """Return the sources of the manuscript of a job, the shared ones among them."""
    return MANUSCRIPTS[wildcards.evaluation]


def exported_of(wildcards):
    """Return the exported files that the manuscript of a job needs."""
    return EXPORTED[wildcards.evaluation]


def data_of(wildcards):
    """Return the exported data behind what the manuscript of a job shows."""
    return [file for file in EXPORTED[wildcards.evaluation] if file.endswith("/data.csv")]


def page_of(wildcards):
    """Return the exported page of a job."""
    return f"results/export/{wildcards.evaluation}/{wildcards.page}/{PAGES[wildcards.evaluation][wildcards.page]}"


rule write_variables:
    input:
        exported=data_of,
        sources=sources_of,
        catalogue=ROOT / "config/evaluations/{evaluation}/exhibits.yaml",
        receipt="results/clean/receipt.json",
        words=ROOT / "manuscript/_shared/words.yml",
    output:
        variables="results/values/{evaluation}/_variables.yml",
    log:
        "results/logs/manuscript/write_variables/{evaluation}.log",
    benchmark:
        "results/benchmarks/manuscript/write_variables/{evaluation}.tsv"
    params:
        arms=arms,
        seed=setting("seed"),
        scale=setting("registers.scale"),
        panel=setting("panel"),
        cohorts=setting("cohorts"),
        description=setting("description"),
        matching=setting("matching"),
        effects=setting("effects"),
        export=setting("export", "reviewed"),
        code=code("manuscript/write_variables"),
        environment=ENVIRONMENT,
    message:
        "Write the values that the text of {wildcards.evaluation} may mention"
    script:
        "../../scripts/manuscript/write_variables.py"


rule assemble_manuscript:
    input:
        sources=sources_of,
        words=ROOT / "manuscript/_shared/words.yml",
        catalogue=ROOT / "config/evaluations/{evaluation}/exhibits.yaml",
        exported=exported_of,
        variables="results/values/{evaluation}/_variables.yml",
    output:
        project=directory("results/manuscript/{evaluation}"),
    log:
        "results/logs/manuscript/assemble_manuscript/{evaluation}.log",
    benchmark:
        "results/benchmarks/manuscript/assemble_manuscript/{evaluation}.tsv"
    params:
        export="results/export/{evaluation}",
        code=code("manuscript/assemble_manuscript"),
        environment=ENVIRONMENT,
    message:
        "Put the Quarto project of {wildcards.evaluation} together"
    script:
        "../../scripts/manuscript/assemble_manuscript.py"


rule publish_page:
    input:
        page=page_of,
    output:
        page="results/report/{evaluation}/{page}.html",
    log:
        "results/logs/manuscript/publish_page/{evaluation}/{page}.log",
    benchmark:
        "results/benchmarks/manuscript/publish_page/{evaluation}/{page}.tsv"
    wildcard_constraints:
        page="|".join(sorted({page for pages in PAGES.values() for page in pages})) or "none",
    params:
        code=code("manuscript/publish_page"),
        environment=ENVIRONMENT,
    message:
        "Lay {wildcards.page} beside the report of {wildcards.evaluation}"
    script:
        "../../scripts/manuscript/publish_page.py"


rule render_report:
    input:
        project="results/manuscript/{evaluation}",
    output:
        reports=expand(
            "results/report/{{evaluation}}/{{evaluation}}.{ending}",
            ending=map(ENDINGS.get, MAIN.manuscript.formats),
        ),
        rendered_with="results/report/{evaluation}/rendered-with.txt",
    log:
        "results/logs/manuscript/render_report/{evaluation}.log",
    benchmark:
        "results/benchmarks/manuscript/render_report/{evaluation}.tsv"
    params:
        code=code("manuscript/render_report"),
        environment=ENVIRONMENT,
    message:
        "Render the report of {wildcards.evaluation}"
    script:
        "../../scripts/manuscript/render_report.py"
