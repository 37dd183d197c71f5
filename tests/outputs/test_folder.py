"""A run's folder is whole or not there, and what is not ours is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import OutputFileError
from planner.outputs.folder import RECORD_FILE, checked_target, content_mark, finished_aside


def _run(out: Path, text: str) -> None:
    with finished_aside(out) as aside:
        (aside / RECORD_FILE).write_text(text, encoding="utf-8")
        (aside / "map.html").write_text(text, encoding="utf-8")


def _torn_run(out: Path) -> None:
    with finished_aside(out) as aside:
        (aside / "map.html").write_text("torn", encoding="utf-8")
        reason = "half way"
        raise RuntimeError(reason)


def _names(parent: Path) -> list[str]:
    return sorted(entry.name for entry in parent.iterdir())


def test_a_new_folder_is_put_in_place_with_its_parents(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    _run(out, "one")
    assert _names(out) == ["map.html", "run.json"]
    assert _names(out.parent) == ["b"]


def test_nothing_is_in_place_before_all_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with finished_aside(out) as aside:
        (aside / RECORD_FILE).write_text("one", encoding="utf-8")
        assert not out.exists()
        assert aside.parent.parent == tmp_path


def test_an_older_run_is_replaced_and_notes_are_carried_over(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _run(out, "one")
    (out / "layers.gpkg").write_text("old layers", encoding="utf-8")
    (out / "layers.gpkg-wal").write_text("left by QGIS", encoding="utf-8")
    (out / "会议纪要.txt").write_text("notes", encoding="utf-8")
    _run(out, "two")
    assert _names(out) == ["map.html", "run.json", "会议纪要.txt"]
    assert (out / "map.html").read_text(encoding="utf-8") == "two"
    assert _names(tmp_path) == ["out"]


def test_a_failure_leaves_the_old_run_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _run(out, "one")
    with pytest.raises(RuntimeError, match="half way"):
        _torn_run(out)
    assert (out / "map.html").read_text(encoding="utf-8") == "one"
    assert _names(tmp_path) == ["out"]


def test_a_full_disk_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="No space left"):
        _full_disk(tmp_path / "out")
    assert _names(tmp_path) == []


def _full_disk(out: Path) -> None:
    with finished_aside(out):
        raise OSError(28, "No space left on device")


def test_a_rename_that_fails_brings_the_old_run_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    _run(out, "one")
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise PermissionError(13, "in use", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputFileError, match="in use"):
        _run(out, "two")
    assert (out / "map.html").read_text(encoding="utf-8") == "one"
    assert _names(tmp_path) == ["out"]


def test_somebody_elses_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputFileError, match=r"run\.json"):
        _run(tmp_path, "one")
    assert _names(tmp_path) == ["thesis.docx"]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    _run(out, "one")
    assert _names(out) == ["map.html", "run.json"]


def test_a_file_cannot_be_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("a file", encoding="utf-8")
    with pytest.raises(OutputFileError):
        _run(out, "one")
    with pytest.raises(OutputFileError):
        _run(out / "below", "one")
    assert out.read_text(encoding="utf-8") == "a file"


def test_a_link_to_an_older_run_stays_a_link(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _run(home, "one")
    link = tmp_path / "link"
    link.symlink_to(home, target_is_directory=True)
    _run(link, "two")
    assert link.is_symlink()
    assert (home / "map.html").read_text(encoding="utf-8") == "two"


def test_an_interruption_between_the_two_renames_brings_the_old_run_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    _run(out, "one")
    (out / "会议纪要.txt").write_text("notes", encoding="utf-8")
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        _run(out, "two")
    assert (out / "map.html").read_text(encoding="utf-8") == "one"
    assert (out / "会议纪要.txt").read_text(encoding="utf-8") == "notes"
    assert _names(tmp_path) == ["out"]


def test_notes_that_cannot_be_carried_over_leave_the_old_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    _run(out, "one")
    (out / "会议纪要.txt").write_text("notes", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planner.outputs.folder.shutil.copy2", full)
    with pytest.raises(OutputFileError, match="No space left"):
        _run(out, "two")
    assert _names(out) == ["map.html", "run.json", "会议纪要.txt"]
    assert (out / "map.html").read_text(encoding="utf-8") == "one"


def test_a_name_too_long_for_the_disk_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="File name too long"):
        _run(tmp_path / ("x" * 300), "one")


def test_a_folder_that_is_not_ours_is_told_in_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "mine.docx").write_text("x", encoding="utf-8")
    for mark in (RECORD_FILE, "comparison.json"):
        with pytest.raises(OutputFileError) as caught:
            checked_target(tmp_path, mark=mark)
        assert caught.value.message.key == "outputs.not_ours"
        told = caught.value.text("zh")
        assert mark in told
        assert "。。" not in told
        assert "磁盘" not in told
    with pytest.raises(OutputFileError) as caught:
        checked_target(tmp_path / "mine.docx")
    assert caught.value.message.key == "outputs.not_a_folder"


def test_what_is_edited_while_a_run_works_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _run(out, "one")
    marks = {"map.html": content_mark(out / "map.html"), "none.xlsx": None}

    def work(edited: str, name: str) -> None:
        with finished_aside(out, unedited=marks) as aside:
            (aside / RECORD_FILE).write_text("two", encoding="utf-8")
            if edited:
                (out / name).write_text(edited, encoding="utf-8")

    for name in marks:
        with pytest.raises(OutputFileError, match="运行期间被改动"):
            work("typed", name)
        assert (out / RECORD_FILE).read_text(encoding="utf-8") == "one"
        assert (out / name).read_text(encoding="utf-8") == "typed"
        (out / "map.html").write_text("one", encoding="utf-8")
    (out / "none.xlsx").unlink()
    work("", "")
    assert (out / RECORD_FILE).read_text(encoding="utf-8") == "two"
    assert _names(tmp_path) == ["out"]
