# Registers in, a report out: configuration, its checks, the rule files in the order of the data, and the target.


include: "workflow/rules/common.smk"
include: "workflow/rules/registers.smk"
include: "workflow/rules/clean.smk"
include: "workflow/rules/panel.smk"
include: "workflow/rules/cohorts.smk"
include: "workflow/rules/description.smk"
include: "workflow/rules/matching.smk"
include: "workflow/rules/effects.smk"
include: "workflow/rules/heterogeneity.smk"
include: "workflow/rules/cost_benefit.smk"
include: "workflow/rules/allocation.smk"
include: "workflow/rules/validation.smk"
include: "workflow/rules/exhibits.smk"
include: "workflow/rules/export.smk"
include: "workflow/rules/manuscript.smk"


rule all:
    default_target: True
    input:
        rules.render_report.output,
        rules.publish_pages.output,


rule exhibits:
    input:
        expand("results/exhibits/{exhibit}/data.csv", exhibit=EXHIBITS),
