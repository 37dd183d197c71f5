"""summary.json is the same bytes on every rerun, and holds what JSON can hold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from planner.outputs.summary import plain, write_run_record, write_summary


def test_figures_keep_their_order_and_lose_their_noise(tmp_path: Path) -> None:
    summary = {
        "siting": {"bound": 187_123.000_000_04, "gap": 4.2e-7, "chosen": ("K2", "K1")},
        "elderly_60": {"share": np.float64(0.1) + 0.2, "total": np.int64(5), "none": np.nan},
        "名称": "青渡示范区",
    }
    write_summary(summary, tmp_path / "summary.json")
    text = (tmp_path / "summary.json").read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert "青渡示范区" in text
    read = json.loads(text)
    assert list(read) == ["siting", "elderly_60", "名称"]
    assert read["siting"] == {"bound": 187_123.0, "gap": 4.2e-7, "chosen": ["K2", "K1"]}
    assert read["elderly_60"] == {"share": 0.3, "total": 5, "none": None}


def test_sums_in_another_order_make_the_same_bytes(tmp_path: Path) -> None:
    parts = np.random.default_rng(1).uniform(0.0, 40.0, 10_000)
    for name, values in (("one", parts), ("other", parts[::-1])):
        total = 0.0
        for value in values:
            total += float(value)
        write_summary({"total": total}, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_what_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="Path"):
        write_run_record({"folder": tmp_path}, tmp_path / "run.json")


@pytest.mark.parametrize("value", [float("inf"), float("nan"), np.float32("nan"), None])
def test_what_is_no_number_is_null(value: float | None) -> None:
    assert plain(value) is None
