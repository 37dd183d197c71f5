"""Made-up names: neutral syllables, never a real place, person or company."""

from __future__ import annotations

from typing import Final

from sample_district.ground import random_source

FIRST: Final = "安宁和康永长庆瑞祥福泰平兴盛明清文德仁义礼信嘉景锦春华丰裕同"
SECOND: Final = "乐居泰园里庭坊苑台渠桥井泉槐柳桐榆桑竹梅兰荷莲石岭塬湾渡"
OFFICES: Final = (
    "槐里", "柳渠", "桐台", "榆坊", "梅苑", "兰井", "石桥北", "春渡", "锦湾", "文台",
    "清泉", "嘉柳", "景和", "瑞庭", "同乐", "长荷",
)  # fmt: skip
TOWNS: Final = ("北塬", "东渡", "西渠", "南泽")


def unused_names(count: int, part: int, taken: set[str]) -> list[str]:
    """Return ``count`` two-syllable names that are not taken, in a fixed random order.

    Parameters
    ----------
    count
        How many names.
    part
        Number of the random source.
    taken
        Names that may not come again; the new ones are added.
    """
    pairs = [first + second for first in FIRST for second in SECOND if first + second not in taken]
    order = random_source(part).permutation(len(pairs))
    chosen = [pairs[int(place)] for place in order[:count]]
    taken.update(chosen)
    return chosen
