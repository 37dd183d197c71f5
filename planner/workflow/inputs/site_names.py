"""What candidates, centres and communities are called: by name, else by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.labels import Language, text
from planner.workflow.inputs.reading import Ledgers


@dataclass(frozen=True, eq=False)
class SiteNames:
    """What places are called: by their names, and by their ids where a ledger gives none."""

    candidates: Mapping[str, str]
    centres: Mapping[str, str]
    communities: Mapping[str, str]

    @classmethod
    def of(cls, ledgers: Ledgers) -> SiteNames:
        """Return the names that the ledgers give."""
        names = {
            name: named(one.table["name"]) if "name" in one.table else {}
            for name, one in ledgers.by_name.items()
        }
        return cls(*(names.get(one, {}) for one in ("candidates", "centres", "communities")))

    def sites(self, ids: Iterable[Any], language: Language) -> str:
        """Return the names of candidates and centres, joined as the language does."""
        known = {**self.centres, **self.candidates}
        return text("outputs.list_mark", language).join(known.get(one, str(one)) for one in ids)


def named(names: pd.Series[Any]) -> dict[str, str]:
    """Return names by id, without those that are missing."""
    given = names.dropna()
    return {str(one): str(name) for one, name in given.items() if name != ""}
