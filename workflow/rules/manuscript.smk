# Exported exhibits and text -> the report. What the text shows is found by reading it.
from tiltakseffekt.manuscript.settings import ENDINGS
from tiltakseffekt.manuscript.sources import files_needed, manuscript_sources, pages_beside

MANUSCRIPT = manuscript_sources(ROOT / "manuscript")
EXPORTED = files_needed(MANUSCRIPT, draft=MAIN.manuscript.draft)
#: What lies beside the report, since the text links to it.
PAGES = pages_beside(EXPORTED, {entry.id: entry.kind for entry in CATALOGUE})


rule write_variables:
    input:
        exported=[file for file in EXPORTED if file.endswith("/data.csv")],
        sources=MANUSCRIPT,
        catalogue=ROOT / "config/exhibits.yaml",
        receipt="results/clean/receipt.json",
        words=ROOT / "manuscript/words.yml",
    output:
        variables="results/values/_variables.yml",
    log:
        "results/logs/manuscript/write_variables.log",
    benchmark:
        "results/benchmarks/manuscript/write_variables.tsv"
    params:
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
        "Write the values that the text may mention"
    script:
        "../../scripts/manuscript/write_variables.py"


rule assemble_manuscript:
    input:
        sources=MANUSCRIPT,
        words=ROOT / "manuscript/words.yml",
        exported=EXPORTED,
        variables="results/values/_variables.yml",
    output:
        project=directory("results/manuscript"),
    log:
        "results/logs/manuscript/assemble_manuscript.log",
    benchmark:
        "results/benchmarks/manuscript/assemble_manuscript.tsv"
    params:
        results="results",
        code=code("manuscript/assemble_manuscript"),
        environment=ENVIRONMENT,
    message:
        "Put the Quarto project together"
    script:
        "../../scripts/manuscript/assemble_manuscript.py"


rule publish_pages:
    input:
        pages=[f"results/export/{exhibit}/{page}" for exhibit, page in PAGES.items()],
    output:
        pages=expand("results/report/{page}.html", page=PAGES),
    log:
        "results/logs/manuscript/publish_pages.log",
    benchmark:
        "results/benchmarks/manuscript/publish_pages.tsv"
    params:
        code=code("manuscript/publish_pages"),
        environment=ENVIRONMENT,
    message:
        "Lay the pages beside the report"
    script:
        "../../scripts/manuscript/publish_pages.py"


rule render_report:
    input:
        project="results/manuscript",
    output:
        reports=expand(
            "results/report/tiltakseffekt.{ending}",
            ending=map(ENDINGS.get, MAIN.manuscript.formats),
        ),
        rendered_with="results/report/rendered-with.txt",
    log:
        "results/logs/manuscript/render_report.log",
    benchmark:
        "results/benchmarks/manuscript/render_report.tsv"
    params:
        code=code("manuscript/render_report"),
        environment=ENVIRONMENT,
    message:
        "Render the report"
    script:
        "../../scripts/manuscript/render_report.py"
