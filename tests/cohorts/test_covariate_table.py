"""The documentation of the covariates is that of the code."""

import pytest

from tiltakseffekt.cohorts.documents import covariate_table


def test_documented_as_defined(pytestconfig: pytest.Config) -> None:
    written = (pytestconfig.rootpath / "docs" / "covariates.md").read_text(encoding="utf-8")
    assert written == covariate_table(), "docs/covariates.md is behind the code: write covariate_table() into it"
