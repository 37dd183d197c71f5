"""Chinese fonts of the printed maps: the machine's 黑体 and 仿宋 where it has them, else Noto.

A face is known by its family's name, never by its place in a collection: the first face of the
Noto collection is Japanese, whose 骨 and 直 a reader here takes for misprints.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal

from matplotlib.font_manager import FontPath, FontProperties, fontManager
from matplotlib.ft2font import FT2Font

from planner.errors import OutputFileError
from planner.labels import message

Role = Literal["title", "text"]

FAMILIES: Final[dict[Role, tuple[str, ...]]] = {
    "title": ("SimHei", "STHeiti", "Heiti SC", "FZHei-B01"),
    "text": ("FangSong", "FangSong_GB2312", "STFangsong", "FZFangSong-Z02"),
}
"""黑体 for titles and names, 仿宋 for what is read: families under the names their makers gave."""

PACKAGE: Final = "noto_cjk_sans_otc"
COLLECTION: Final = "NotoSansCJK-Regular.ttc"
NOTO: Final = "Noto Sans CJK SC"

GETA: Final = "〓"
"""What Chinese printers set where the case holds no such letter."""

UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Controls, marks of direction, halves of letters: they would move text about, unseen."""

SELECTORS: Final = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


@dataclass(frozen=True)
class Face:
    """One face: its family, its file (and place in it), and the code points that it holds."""

    family: str
    path: FontPath
    letters: frozenset[int]

    def at(self, points: float) -> FontProperties:
        """Return the face at a size in points."""
        return FontProperties(fname=self.path, size=points)

    def holds(self, words: str) -> bool:
        """Tell whether every letter of a text is in the face."""
        return all(ord(letter) in self.letters for letter in words if letter != "\n")


def _face(path: str, index: int) -> Face:
    font = FT2Font(path, face_index=index)
    return Face(font.family_name, FontPath(path, index), frozenset(font.get_charmap()))


@cache
def noto() -> Face:
    """Return the simplified Chinese face of the installed package.

    Raises
    ------
    OutputFileError
        If the package's collection has no face of that family.
    """
    path = str(Path(str(resources.files(PACKAGE))) / COLLECTION)
    for index in range(FT2Font(path).num_faces):
        if FT2Font(path, face_index=index).family_name == NOTO:
            return _face(path, index)
    raise OutputFileError(message("printed.no_font", family=NOTO, package=PACKAGE))


@cache
def faces(role: Role) -> tuple[Face, ...]:
    """Return the faces of a role, the one wanted first, Noto last."""
    known = {entry.name: entry for entry in reversed(fontManager.ttflist)}
    wanted = (known[name] for name in FAMILIES[role] if name in known)
    own = next(((_face(entry.fname, entry.index),) for entry in wanted), ())
    return (*own, noto())


def literal(words: str) -> str:
    """Return a text as it can be printed: one line, no unseen marks, 〓 for letters in no face."""
    kept = []
    for letter in words:
        if letter in "\t\r\n" or unicodedata.category(letter) == "Zs":
            kept.append(" ")
        elif unicodedata.category(letter) not in UNSEEN and ord(letter) not in SELECTORS:
            kept.append(letter if ord(letter) in noto().letters else GETA)
    return "".join(kept)


def face_for(words: str, role: Role) -> Face:
    """Return the first face of a role that holds every letter of a :func:`literal` text."""
    return next((face for face in faces(role) if face.holds(words)), noto())
