import numpy as np
import pytest

from tiltakseffekt.laboratory.made_up_sample import make_up_sample
from tiltakseffekt.laboratory.speed import measure_speed


def test_the_made_up_sample_has_the_shape_of_the_effect_sample():
    sample = make_up_sample(5000)
    assert sample.x.shape == (5000, 51) and sample.y.shape == (5000, 42)
    assert sample.chances.sum(axis=1) == pytest.approx(1)
    shares = np.bincount(sample.arm, minlength=12) / 5000
    assert shares == pytest.approx(sample.chances.mean(axis=0), abs=0.02)
    assert (sample.y[:, :36].reshape(-1, 3, 12).sum(axis=2) == sample.y[:, 36:39]).all()


def test_the_benchmark_tells_ratios_and_bars():
    text = "\n".join(measure_speed(2, 1, persons=16000))
    assert text.count("(bar 5)") == text.count("(bar 3)") == text.count("(bar 60)") == text.count("(bar 4)") == 1
    assert "nan" not in text
