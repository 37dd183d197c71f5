"""The works that chosen measures come to: how many m² each is of, and which findings it cures."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.standards.remedies.allotting import metres_of_works
from planner.standards.remedies.area_units import ROOM_KINDS
from planner.standards.remedies.ground import CERTAINTIES
from planner.standards.remedies.needs import SHARES, USE_AREA
from planner.standards.remedies.surroundings import Surroundings
from planner.standards.rulebooks.vocabulary import FORCES
from planner.tables import LIST_MARK

TOGETHER: Final = ("merge", "move", "close", "add_centre", "chain_operation", "packaged_operation")
"""Measures that are one, however many findings they cure."""

AREA_MAKING: Final = (*ROOM_KINDS, "enlarge")
"""Measures whose m² are building area, borne once for a service group."""

_SURENESS: Final = {certainty: place for place, certainty in enumerate(CERTAINTIES)}


def square_metres(cures: pd.DataFrame, per_use: float, asked: pd.Series) -> pd.Series:
    """Return the m² of each measure: of building, but for a change of use, which is of use.

    Parameters
    ----------
    cures
        :attr:`planner.standards.remedies.measures.Remedies.cures`.
    per_use
        Building area for each m² of use area.
    asked
        Building area that a site must hold, by centre.
    """
    in_use = cures["quantity"].isin((*USE_AREA, SHARES)) & cures["kind"].isin(AREA_MAKING)
    scale = pd.Series(1.0, index=cures.index).mask(in_use, per_use)
    areal = cures["is_area"].astype(bool) & cures["known_m2"].astype(bool)
    areal &= cures["kind"].isin((*AREA_MAKING, "change_use"))
    # What shares lack is told in m² of a room whose own are known.
    areal &= (
        (cures["quantity"] != SHARES)
        | (cures["kind"] == "change_use")
        | (cures["kind"].isin(ROOM_KINDS) & np.isfinite(cures["bound_m2"].astype(float)))
    )
    shown = cures["part"].where(cures["chosen"], np.minimum(cures["available"], cures["need"]))
    metres = (shown.astype(float) * scale).where(areal & (cures["certainty"] != "ruled_out"))
    bearer = cures["borne_by"].astype(object)
    return metres.mask(cures["kind"] == "move", bearer.map(asked)).astype(float)


def _works(chosen: pd.DataFrame) -> pd.Series:
    """Return what tells works of one kind at one centre apart: what they are about.

    One lift cures what two books say of upper floors; but a door and a corridor are two works. What
    makes floor area is one work whatever asks for it, and so is what is done with a partner.
    """
    one = chosen["kind"].isin((*AREA_MAKING, *TOGETHER)) & (
        chosen["is_area"].astype(bool) | chosen["kind"].isin(TOGETHER)
    )
    return chosen["matter"].astype(str).mask(one, "")


KEYS: Final = ("borne_by", "kind", "partner", "optional", "work")
"""What tells one measure from another."""


def as_works(cures: pd.DataFrame) -> pd.DataFrame:
    """Return the cures; what is one measure is equally sure for all that it cures.

    As sure as where it is least sure, and for that reason: every sheet tells the same of it.
    """
    chosen = _keyed(cures[cures["chosen"].astype(bool)])
    worst = chosen.sort_values("sure", ascending=False, kind="stable")
    by = worst.groupby(list(KEYS), sort=False)
    same = {name: by[name].transform("first") for name in ("certainty", "reason")}
    return cures.assign(
        **{name: told.reindex(cures.index).fillna(cures[name]) for name, told in same.items()}
    )


def _keyed(chosen: pd.DataFrame) -> pd.DataFrame:
    """Return chosen cures with what tells measures apart."""
    return chosen.assign(
        partner=chosen["partner"].fillna("").astype(str),
        work=_works(chosen),
        optional=chosen["optional"].astype(bool),
        sure=chosen["certainty"].map(_SURENESS).astype(float),
    )


def chosen_works(cures: pd.DataFrame, defects: pd.DataFrame, around: Surroundings) -> pd.DataFrame:
    """Return what is chosen, a row a measure.

    Parameters
    ----------
    cures
        :attr:`planner.standards.remedies.measures.Remedies.cures`.
    defects
        :func:`planner.standards.remedies.needs.to_cure`.
    around
        For the elders whom each centre answers for.

    Returns
    -------
    DataFrame
        :attr:`planner.standards.remedies.measures.Remedies.measures`.
    """
    chosen = _keyed(cures[cures["chosen"].astype(bool)])
    chosen = chosen.assign(
        items=chosen["told"].fillna("").astype(str).map(lambda told: len(told.split(LIST_MARK))),
    ).sort_values("sure", ascending=False, kind="stable")
    keys = list(KEYS)
    rooms = chosen["quantity"].isin((*USE_AREA, SHARES)) & chosen["kind"].isin(AREA_MAKING)
    grouped = chosen.groupby(keys, sort=False)
    table = grouped.agg(
        certainty=("certainty", "first"),
        reason=("reason", "first"),
        force_place=("force_place", "min"),
        short_share=("short_share", "max"),
        distance_m=("distance_m", "min"),
        elders_beyond=("elders_beyond", "max"),
        stranded=("stranded", "max"),
        items=("items", "sum"),
    )
    order = pd.Series(np.arange(len(defects)), index=defects.index)
    placed = chosen.assign(rank=chosen["defect"].map(order)).sort_values("rank")
    by = placed.groupby(keys, sort=False)
    table = table.assign(
        defects=by["defect"].agg(LIST_MARK.join).reindex(table.index),
        m2=metres_of_works(chosen, keys, rooms).reindex(table.index),
        rank=by["rank"].min().reindex(table.index),
        place=by["place"].min().reindex(table.index),
    ).reset_index(names=keys)
    table = table.rename(columns={"borne_by": "centre"})
    table = table.assign(
        partner=table["partner"].where(table["partner"] != "", None).astype(object),
        force=table["force_place"].map(dict(enumerate(FORCES))),
        elders=table["centre"].map(around.elders).astype(float),
    )
    ranked = table.sort_values(["centre", "optional", "rank", "place", "distance_m", "partner"])
    return ranked.drop(columns=["rank", "place", "force_place", "work"]).reset_index(drop=True)
