"""The PDF by LibreOffice: pages, page numbers in the contents; without it, no error."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from planner.outputs.report.pdf import report_pdf
from planner.outputs.report.writing import write_report
from tests.outputs.town import example_content


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "report.docx"
    write_report(example_content(), path)
    return path


def _missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def test_libreoffice_opens_it_and_numbers_its_contents(document: Path, tmp_path: Path) -> None:
    before = document.read_bytes()
    pdf = tmp_path / "report.pdf"
    if not report_pdf(document, pdf):
        _missing("no LibreOffice with Writer is installed: the report was not opened")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert document.read_bytes() == before
    reader = shutil.which("pdftotext")
    if reader is None:
        _missing("no pdftotext is installed: the report's PDF was not read")
    command = [str(reader), "-layout", str(pdf), "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pages = told.split("\f")[:-1]
    contents = [line for page in pages[1:4] for line in page.splitlines() if "....." in line]
    assert len(contents) > 30
    found = 0
    for line in contents:
        words, number = line.strip().rstrip("0123456789"), line.split(".")[-1].strip()
        title = words.strip(". ").split("　")[-1].split("、")[-1].split("）")[-1].strip()
        found += title.replace(" ", "") in pages[int(number) - 1].replace(" ", "")
    assert found == len(contents)
    assert "一刻钟养老服务圈" in pages[0]
    assert "—2—" in pages[1].replace(" ", "")


def test_its_absence_is_told_and_no_error(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not report_pdf(document, tmp_path / "report.pdf")
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.parametrize("does", ["exit 1", "exit 0", "sleep 30"])
def test_an_office_that_fails_or_hangs_leaves_what_was_there(
    does: str, document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = tmp_path / "soffice"
    office.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{does}\n", encoding="utf-8")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(b"earlier")
    begun = time.monotonic()
    assert not report_pdf(document, pdf, timeout_s=1.0)
    assert time.monotonic() - begun < 10
    assert pdf.read_bytes() == b"earlier"
