import pytest

from tiltakseffekt.core.files import atomic_path, read_json, sha256, write_json, write_text


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
