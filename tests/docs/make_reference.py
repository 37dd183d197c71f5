"""Writes ``docs/参考.md``: the public names by room, with the first sentence of each docstring.

Run it after a name or a docstring of ``planner/__init__.py`` has changed::

    python -m tests.docs.make_reference
"""

from __future__ import annotations

import inspect
import re
from typing import Any, Final

import planner
from tests.docs.pages import DOCS

PAGE: Final = DOCS / "参考.md"

ROOMS: Final = {
    "workflow": "整个流程",
    "ledgers": "读台账",
    "streets": "路网与步行",
    "coverage": "覆盖与缺口",
    "standards": "标准",
    "siting": "选址与规划方案",
    "outputs": "成果",
    "errors": "报错",
}
"""Rooms of the package in the order of the page, and what each is for."""

MOST_PARAMETERS: Final = 20
"""What has more (the arrays of a network) is not called by a planner."""

HEAD: Final = """\
# 参考：公开名称

本页由 `python -m tests.docs.make_reference` 从代码生成，请勿手工修改（测试保证它与代码一致）。
每个名称后面是其文档字符串的第一句（英文）；完整说明（参数、单位、形状、坐标系、报错、出处）在
Python 中用 `help(planner.名称)` 查看。以下都可以 `import planner` 后用 `planner.名称` 取得；
除此之外的名称不保证在以后的版本中不变。

命令行见[命令](命令.md)，`project.toml` 的键见[设置](设置.md)。
"""


def first_sentence(named: Any) -> str:
    """Return the first sentence of a docstring, on one line, without the marks of Sphinx."""
    paragraph = (inspect.getdoc(named) or "").split("\n\n", 1)[0].replace("\n", " ")
    sentence = re.split(r"(?<=[.!?])\s", paragraph, maxsplit=1)[0]
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", sentence).replace("``", "`").replace("|", r"\|")


def called_with(named: Any) -> str:
    """Return a name's parameters without their types; nothing for one that is not called."""
    if isinstance(named, type) and issubclass(named, Exception):
        return ""
    told = list[str]()
    starred = False
    for one in inspect.signature(named).parameters.values():
        if one.kind is one.KEYWORD_ONLY and not starred:
            told.append("*")
            starred = True
        name = f"**{one.name}" if one.kind is one.VAR_KEYWORD else one.name
        told.append(name if one.default is one.empty else f"{name}=…")
    return f"({', '.join(told)})" if len(told) <= MOST_PARAMETERS else ""


def room_of(name: str) -> str:
    return str(getattr(planner, name).__module__).split(".")[1]


def reference() -> str:
    """Return the page."""
    names = sorted(planner.__all__, key=str.casefold)
    parts = [HEAD]
    for room, title in ROOMS.items():
        parts.append(f"## {title}（`planner/{room}`）\n\n| 名称 | 说明 |\n|---|---|")
        parts += [
            f"| `{name}{called_with(getattr(planner, name))}` "
            f"| {first_sentence(getattr(planner, name))} |"
            for name in names
            if room_of(name) == room
        ]
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
