import subprocess
import sys

from tiltakseffekt.core.randomness import named_generator, named_seed


def test_a_seed_depends_on_every_name_and_on_their_borders():
    seeds = {
        named_seed(1, "matching", "folds"),
        named_seed(2, "matching", "folds"),
        named_seed(1, "matching", "fold", "s"),
        named_seed(1, "matchingfolds"),
    }
    assert len(seeds) == 4


def test_a_seed_is_the_same_in_every_process():
    call = "from tiltakseffekt.core.randomness import named_seed; print(named_seed(1, 'a', 2))"
    answers = {
        subprocess.run(
            [sys.executable, "-c", call], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1")
    }
    assert answers == {f"{named_seed(1, 'a', 2)}\n"}


def test_a_generator_repeats():
    assert named_generator(1, "a").random() == named_generator(1, "a").random()
