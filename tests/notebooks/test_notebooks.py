"""Every notebook runs from top to bottom, and is committed without outputs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_CELLS = 20

MAKES = {
    "01": "out/notebook/map.html",
    "02": "out/notebook/map.html",
    "05": "out/notebook/map.html",
    "06": "out/compared/闭环复查.xlsx",
}
"""What a notebook leaves behind, by its number."""

FIGURE = re.compile(r"[\d,.]*\d\s*(?:人|处|片|个社区|万元|元|%)")
"""A figure such as the sample has: prose says none, since it would not change with the data."""

CODE_HEADING = re.compile(r"<th[^>]*>\s*([a-z0-9]+_[a-z0-9_]+)\s*</th>")
"""A heading of a table that was not put into Chinese."""


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_short_and_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    assert len(notebook.cells) < MOST_CELLS
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_asks_its_question_first_and_types_no_figure(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert "**要回答的问题**" in first.source
    assert "合成数据" in first.source
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert FIGURE.findall("\n".join(prose)) == []


def test_figures_and_headings_are_recognised() -> None:
    assert FIGURE.findall("共 1,234 人，15 分钟，60 岁以上") == ["1,234 人"]
    assert CODE_HEADING.findall("<th>街道</th><th title=''>elderly_60</th>") == ["elderly_60"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_notebook_runs(path: Path, tmp_path: Path) -> None:
    """Run in a copy of the folders that it reads, so that it writes nothing into the checkout."""
    (tmp_path / "notebooks").mkdir()
    shutil.copytree(ROOT / "data" / "sample", tmp_path / "data" / "sample")
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path / "notebooks")}},
    )
    client.execute()
    outputs = [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    ]
    printed = [one.get("text", "") for one in outputs if one.output_type == "stream"]
    assert any("步行可达率" in text for text in printed)
    tables = [one["data"].get("text/html", "") for one in outputs if "data" in one]
    assert [CODE_HEADING.findall(table) for table in tables if CODE_HEADING.search(table)] == []
    made = MAKES.get(path.stem[:2])
    assert made is None or (tmp_path / made).exists()
