# Registers in, a report out: configuration, its checks, the rule files in the order of the data, and the target.
from pathlib import Path

from tiltakseffekt.core.files import deny_others
from tiltakseffekt.workflow import warm
from tiltakseffekt.workflow.leftovers import clear_leftovers

# Snakemake begins its log before it reads this.
deny_others(Path("results"), Path(".snakemake"))


include: "workflow/rules/common.smk"
include: "workflow/rules/synthetic.smk"
include: "workflow/rules/clean.smk"
include: "workflow/rules/panel.smk"
include: "workflow/rules/cohorts.smk"
include: "workflow/rules/description.smk"
include: "workflow/rules/matching.smk"
include: "workflow/rules/effects.smk"
include: "workflow/rules/heterogeneity.smk"
include: "workflow/rules/cost_benefit.smk"
include: "workflow/rules/allocation.smk"
include: "workflow/rules/documents.smk"
include: "workflow/rules/laboratory.smk"
include: "workflow/rules/exhibits.smk"
include: "workflow/rules/export.smk"
include: "workflow/rules/manuscript.smk"


def report_files(evaluation):
    """Return what the report of an evaluation consists of: the report, and the pages beside it."""
    pages = expand("results/report/{evaluation}/{page}.html", evaluation=evaluation, page=PAGES[evaluation])
    return [*expand(rules.render_report.output, evaluation=evaluation), *pages]


rule all:
    default_target: True
    input:
        [file for evaluation in EVALUATIONS for file in report_files(evaluation)],


for evaluation in EVALUATIONS:

    rule:
        name:
            f"report_{evaluation}"
        input:
            report_files(evaluation),


rule audit:
    input:
        expand(
            "results/export/teknisk_rapport/{exhibit}/data.csv", exhibit=[e.id for e in CATALOGUES["teknisk_rapport"]]
        ),


rule exhibits:
    input:
        expand("results/exhibits/{exhibit}/data.csv", exhibit=EXHIBITS),


onstart:
    clear_leftovers(Path("results"))
    # With a limit on jobs in a time span (the default, which no option turns off) each job that ends leaves a timer that
    # wakes the scheduler once in every span from then on: hundreds of times a second near the end of a run. A long span
    # is no way out: the process waits for its last timer.
    workflow.scheduler.job_rate_limiter = None
    if warm.is_possible():
        warm_socket = Path(".snakemake/warm.socket")
        warm.start(warm_socket, WARM_MODULES)
        shell.prefix(warm.prefix(warm_socket, WARM_SCRIPTS))
