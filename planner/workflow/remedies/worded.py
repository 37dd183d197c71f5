"""What stands behind the sheets of a plan's remedies, and the words of this room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from planner.labels import Language, text
from planner.standards.judging.findings import Judgement
from planner.workflow.remedies.found import FoundRemedies


@dataclass(frozen=True, eq=False)
class Worded:
    """What stands behind the sheets of a plan's remedies.

    Parameters
    ----------
    found
        The measures.
    judgement
        The findings.
    names
        Names of centres and candidates, by id.
    language
        Language of the words.
    communities
        Names of communities, by id.
    """

    found: FoundRemedies
    judgement: Judgement
    names: pd.Series
    language: Language
    communities: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))

    def say(self, key: str, **fields: Any) -> str:
        """Return a text of this room."""
        return text(f"remedies.{key}", self.language, **fields)

    def kind(self, kind: str) -> str:
        """Return what a planner calls a measure."""
        return self.say(f"kind_{kind}")

    def named(self, partner: Any) -> str:
        """Return a partner's name with its id; a street is its own name."""
        if not isinstance(partner, str):
            return ""
        name = self.names.get(partner)
        return partner if not isinstance(name, str) else self.say("named", name=name, id=partner)
