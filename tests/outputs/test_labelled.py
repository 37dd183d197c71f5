"""Tables for the eye: headings, words and figures in one language."""

from __future__ import annotations

import pandas as pd

from planner import labelled


def test_figures_stay_numbers_or_become_text() -> None:
    table = pd.DataFrame(
        {"covered_60": [1234.56, None], "share_60": [0.2961, None], "cause": ["too_far", None]},
        index=pd.Index(["甲街道", "乙街道"], name="street"),
    )
    plain = labelled(table)
    assert plain["可达60岁以上"].iloc[0] == 1234.56
    shown = labelled(table, ["covered_60", "share_60", "cause"], as_text=True)
    assert shown.index.name == "街道"
    assert shown.to_numpy().tolist() == [["1,235", "29.6%", "距离过远"], ["—", "—", "—"]]
    assert labelled(table, language="en", as_text=True).index.name == "Sub-district"
    assert table.columns.tolist() == ["covered_60", "share_60", "cause"]
