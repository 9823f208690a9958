import os

import pytest

from tiltakseffekt.core.files import atomic_path, deny_others, read_json, sha256, write_json, write_text


def test_a_failed_write_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    write_text(target, "old")
    with pytest.raises(RuntimeError), atomic_path(target) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_equal_content_has_equal_bytes(tmp_path):
    write_json(tmp_path / "a.json", {"b": 1, "å": [1.5]})
    write_json(tmp_path / "b.json", {"å": [1.5], "b": 1})
    assert sha256(tmp_path / "a.json") == sha256(tmp_path / "b.json")
    assert read_json(tmp_path / "a.json") == {"b": 1, "å": [1.5]}


def test_a_file_that_changed_has_another_hash(tmp_path):
    target = tmp_path / "a.txt"
    hashes = []
    for text in ("one", "two"):
        write_text(target, text)
        hashes.append(sha256(target))
    assert hashes[0] != hashes[1]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o640), (0o002, 0o660), (0o077, 0o600)])
def test_others_have_no_right_to_what_is_written_and_the_group_what_the_umask_says(umask, mode, tmp_path):
    earlier = tmp_path / "earlier"
    earlier.mkdir(mode=0o755)
    before = os.umask(umask)
    try:
        deny_others(earlier, tmp_path / "absent")
        write_text(tmp_path / "a" / "a.txt", "one")
    finally:
        os.umask(before)
    assert (tmp_path / "a" / "a.txt").stat().st_mode & 0o777 == mode
    assert not (tmp_path / "a").stat().st_mode & 0o007
    assert earlier.stat().st_mode & 0o777 == 0o750
