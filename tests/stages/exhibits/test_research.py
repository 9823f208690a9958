"""Effects in words beside printed words."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.documents.exhibits.research import effect_word, effekter_i_ord

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.mark.parametrize(
    ("estimate", "half", "word"),
    [
        (2.0, 1.0, "stor_positiv"),
        (1.99, 1.0, "middels_positiv"),
        (1.0, 0.5, "middels_positiv"),
        (0.99, 0.5, "liten_positiv"),
        (-1.0, 0.5, "middels_negativ"),
        (-2.5, 0.5, "stor_negativ"),
        (2.5, 2.5, "ikke_signifikant"),
        (-0.1, 0.2, "ikke_signifikant"),
    ],
)
def test_sizes_at_their_limits(estimate, half, word):
    assert effect_word(estimate, estimate - half, estimate + half) == word


def test_ours_stand_beside_every_printed_word(text_of):
    document = "documents/effektrapport_2024"
    published, sources, labels = (
        pd.read_csv(CONFIG / name, dtype="str", keep_default_na=False)
        for name in (f"{document}/numbers.csv", f"{document}/sources.csv", "codebook/labels.csv")
    )
    estimates = pd.DataFrame(
        {"arm": ["aft", "oppfolging", "aft"], "outcome": ["months_in_work_y3"] * 2 + ["months_in_work_y2"]}
    ).assign(estimand="atet", estimate=-1.5, low=-2.0, high=-1.0, n_arm=70)
    data = effekter_i_ord(estimates, published, sources, labels)
    assert data["row"].nunique() == 9
    words = data.set_index(["row", "column"])["text"]
    assert words["aft", "effekt_her"] == words["oppfolging", "effekt_her"] == "middels_negativ"
    assert words["aft", "vare_estimater"] == "liten_middels_negativ"
    assert words["oppfolging", "vare_estimater"] == words["utvidet_oppfolging", "vare_estimater"] == "positiv"
    assert (data["column"] == "effekt_her").sum() == 2
    assert words["arbeidstrening", "kilder"] == "von Simson & Hardoy, 2020; Markussen & Røed, 2014"
    assert words["oppfolging", "kilder"] == words["utvidet_oppfolging", "kilder"]
    assert (data["column"] == "kilder").sum() == data["row"].nunique()
    for language in ("nb", "en"):
        known = text_of("effekter-i-ord", language).words
        assert set(data.loc[data["column"] != "kilder", "text"]) | set(data["column"]) | set(data["row"]) <= set(known)
