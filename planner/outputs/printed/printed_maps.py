"""The printed maps of a run: PDF, PNG or SVG, on A3 or A4.

Importing this file loads no drawing library; drawing does. The same content gives the same bytes:
no clock, no chance, no setting of the user's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from planner.errors import OutputFileError
from planner.labels import enumerated, message
from planner.outputs.content import PlanContent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from planner.outputs.printed.looks import Sheet

Format = Literal["pdf", "png", "svg"]
FORMATS: Final = ("pdf", "png", "svg")
PAPER_NAMES: Final = ("A3", "A4")
SHEETS: Final = ("coverage", "gaps", "centres", "siting", "before_after")
"""The sheets of the whole district."""
INDEX: Final = "index"
STREET: Final = "street/"
"""Before the name of a sub-district: its own sheet."""
STREETS_FILE: Final = "streets"

UNDATED: Final[dict[str, dict[str, Any]]] = {
    "pdf": {"CreationDate": None, "ModDate": None},
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}
"""What would make two runs differ is left out of the files."""


def sheet_names(content: PlanContent) -> tuple[str, ...]:
    """Return the sheets of a run: the district's, the index, and one a sub-district."""
    from planner.outputs.printed.street_sheets import streets_of

    streets = streets_of(content)
    own = (INDEX, *(f"{STREET}{name}" for name in streets)) if streets else ()
    return (*SHEETS, *own)


def _sheet(content: PlanContent, name: str) -> Sheet:
    from planner.outputs.printed.district_sheets import DISTRICT_SHEETS
    from planner.outputs.printed.street_sheets import index_sheet, street_sheet

    known = sheet_names(content)
    if name not in known:
        told = message("printed.unknown_sheet", sheet=name, known=enumerated(known))
        raise OutputFileError(told)
    if name in DISTRICT_SHEETS:
        return DISTRICT_SHEETS[name](content)
    if name == INDEX:
        return index_sheet(content)
    return street_sheet(content, name.removeprefix(STREET))


def printed_map(content: PlanContent, sheet: str, *, paper: str = "A3") -> Figure:
    """Draw one sheet.

    Parameters
    ----------
    content
        The run's results.
    sheet
        One of :func:`sheet_names`: ``"coverage"``, ``"gaps"``, ``"centres"``, ``"siting"``,
        ``"before_after"``, ``"index"``, or ``"street/"`` and the name of a sub-district.
    paper
        ``"A3"`` or ``"A4"``, lying.

    Returns
    -------
    Figure
        Of the paper's own size; the numeric scale holds where it is printed without fitting.

    Raises
    ------
    OutputFileError
        If there is no such sheet or paper.
    """
    from planner.outputs.printed.drawing import draw, our_settings

    if paper not in PAPER_NAMES:
        raise OutputFileError(message("printed.unknown_paper", paper=paper))
    with our_settings():
        return draw(_sheet(content, sheet), content.about, paper)


def write_printed_maps(
    content: PlanContent,
    folder: Path,
    *,
    formats: Sequence[str] = ("pdf",),
    paper: str = "A3",
    dpi: int = 300,
) -> list[Path]:
    """Write all sheets of a run.

    Each sheet of the district is a file; those of the sub-districts are the pages of one PDF, its
    index first, and in other formats a file each, numbered as the pages.

    Parameters
    ----------
    content
        The run's results.
    folder
        Where the files go; made if it is not there.
    formats
        Of ``"pdf"``, ``"png"``, ``"svg"``.
    paper
        ``"A3"`` or ``"A4"``.
    dpi
        Dots an inch of PNG, and of what is drawn as dots in the others.

    Returns
    -------
    list of Path
        The files written, in the order of the sheets.

    Raises
    ------
    OutputFileError
        If a format or the paper is unknown.
    """
    for one in formats:
        if one not in FORMATS:
            raise OutputFileError(message("printed.unknown_format", format=one))
    folder.mkdir(parents=True, exist_ok=True)
    names = sheet_names(content)
    written = []
    for name in SHEETS:
        figure = printed_map(content, name, paper=paper)
        written += _saved(figure, folder, f"map_{name}", formats, dpi)
    pages = names[len(SHEETS) :]
    if pages:
        written += _streets(content, pages, folder, formats, paper, dpi)
    return written


def write_map_pictures(content: PlanContent, folder: Path, *, dpi: int = 200) -> dict[str, Path]:
    """Write the district's sheets as PNG on A4, for a report; return the files by sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        name: _saved(printed_map(content, name, paper="A4"), folder, name, ("png",), dpi)[0]
        for name in SHEETS
    }


def _saved(figure: Figure, folder: Path, stem: str, formats: Iterable[str], dpi: int) -> list[Path]:
    from planner.outputs.printed.drawing import our_settings

    files = []
    with our_settings():
        for one in formats:
            files.append(folder / f"{stem}.{one}")
            figure.savefig(files[-1], format=one, dpi=dpi, metadata=UNDATED[one])
    return files


def _streets(
    content: PlanContent,
    pages: Sequence[str],
    folder: Path,
    formats: Sequence[str],
    paper: str,
    dpi: int,
) -> list[Path]:
    """Write the sub-districts' sheets; a page is drawn once for all formats, then let go."""
    from matplotlib.backends.backend_pdf import PdfPages

    from planner.outputs.printed.drawing import our_settings

    others = [one for one in formats if one != "pdf"]
    book = folder / f"map_{STREETS_FILE}.pdf"
    written = [book] if "pdf" in formats else []
    pdf = PdfPages(book, metadata=UNDATED["pdf"]) if written else None
    try:
        for number, name in enumerate(pages, start=1):
            figure = printed_map(content, name, paper=paper)
            written += _saved(figure, folder, f"map_{STREETS_FILE}_{number:03d}", others, dpi)
            if pdf is not None:
                with our_settings():
                    pdf.savefig(figure, dpi=dpi)  # type: ignore[no-untyped-call]
    finally:
        if pdf is not None:
            with our_settings():
                pdf.close()  # type: ignore[no-untyped-call]
    return written
