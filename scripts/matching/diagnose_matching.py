"""Sample, covariates, nuisance predictions and outcomes -> balance, overlap, calibration and prediction quality."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.matching import schemas
from tiltakseffekt.stages.matching.diagnostics import (
    calibrate_propensities,
    classify_propensities,
    describe_differences,
    measure_predictions,
)
from tiltakseffekt.workflow.job import job

with job(snakemake):
    sample = read_table(snakemake.input.sample)
    propensities = read_table(snakemake.input.propensities).query("repetition == 1")
    differences = describe_differences(sample, propensities, read_table(snakemake.input.covariates))
    quality = measure_predictions(
        sample, propensities, read_table(snakemake.input.predictions), read_table(snakemake.input.outcomes)
    )
    write_table(differences, snakemake.output.differences, schemas.BALANCE_OF_COVARIATES)
    write_table(classify_propensities(sample, propensities), snakemake.output.classes, schemas.PROPENSITY_CLASSES)
    write_table(
        calibrate_propensities(sample, propensities), snakemake.output.calibration, schemas.PROPENSITY_CALIBRATION
    )
    write_table(quality, snakemake.output.quality, schemas.PREDICTION_QUALITY)
