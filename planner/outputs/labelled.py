"""Tables as a planner reads them in a notebook: headings and words in one language."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from planner.labels import DEFAULT_LANGUAGE, Language, catalogue
from planner.outputs.words import heading, word
from planner.outputs.words import shown as shown_text


def labelled(
    table: pd.DataFrame,
    columns: Sequence[str] | None = None,
    language: Language = DEFAULT_LANGUAGE,
    *,
    as_text: bool = False,
) -> pd.DataFrame:
    """Return columns of a table with their headings and words in one language.

    Parameters
    ----------
    table
        Any table of a run's content.
    columns
        Which columns, in this order; all that have a heading if not given (geometry has none).
    language
        ``zh`` or ``en``.
    as_text
        Figures as the outputs show them (whole persons and m², ``81.2%``), for the eye; by
        default they stay numbers.

    Returns
    -------
    DataFrame
        A new table with the same index.
    """
    known = catalogue()
    chosen = columns or [name for name in table.columns if f"columns.{name}" in known]
    shown = pd.DataFrame(table[list(chosen)])
    for name in chosen:
        if as_text:
            shown[name] = [shown_text(name, one, language) for one in shown[name]]
        elif not pd.api.types.is_numeric_dtype(shown[name]):
            shown[name] = [
                word(one, language) if isinstance(one, str) else one for one in shown[name]
            ]
    index = heading("street" if table.index.name == "street" else "id", language)
    headed = shown.rename(columns={name: heading(name, language) for name in chosen})
    return headed.rename_axis(index=index)
