"""A second opinion on measures: do they make good what they are said to, counted by hand."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from planner.standards.judging.findings import Judgement
from planner.standards.remedies.measures import Remedies
from planner.standards.remedies.surroundings import Surroundings

OF = {
    "rest_area_per_day_user": ("capacity_persons", "rest_area_m2"),
    "dining_area_per_seat": ("dining_seats", "dining_area_m2"),
    "recreation_area_per_day_user": ("capacity_persons", "recreation_area_m2"),
}
MAKING = ("take_over_rooms", "share_rooms", "reopen_idle", "enlarge")
WHOLE = ("building_area", "place_area", "inner_area")


def not_cured(found: Remedies, judged: Judgement, around: Surroundings) -> list[str]:
    """Return what the chosen measures fall short of, or spend twice, in words.

    By plain loops over the table of measures, from the facts alone: for each finding of floor
    area that is said to be cured, and each room and group of rooms that gives some.
    """
    measures = found.measures[~found.measures["optional"]]
    added: dict[str, float] = defaultdict(float)
    moved: dict[str, float] = defaultdict(float)
    given: dict[str, float] = defaultdict(float)
    for row in measures.to_dict("records"):
        if row["kind"] in MAKING and not np.isnan(row["m2"]):
            added[row["centre"]] += row["m2"]
            if row["kind"] != "enlarge":
                given[row["partner"]] += row["m2"]
        if row["kind"] == "change_use" and not np.isnan(row["m2"]):
            moved[row["centre"]] += row["m2"]
    return [
        *_rooms_given_twice(given, judged, around),
        *_too_little_built(found, judged, added),
        *_taken_from_rooms(found, judged, moved),
    ]


def _rooms_given_twice(
    given: dict[str, float], judged: Judgement, around: Surroundings
) -> list[str]:
    of_party = around.party_rooms["area_m2"].to_dict()
    of_centre = judged.facts["building_area"].to_dict()
    return [
        f"room {room}: {m2} m2"
        for room, m2 in given.items()
        if m2 > of_party.get(room, of_centre.get(room, 0.0)) + 1e-6
    ]


def _too_little_built(found: Remedies, judged: Judgement, added: dict[str, float]) -> list[str]:
    wrong: list[str] = []
    facts = judged.facts
    rooms: dict[str, dict[str, float]] = defaultdict(dict)
    cured = found.defects[~found.defects["optional"] & found.defects["is_area"].astype(bool)]
    cured = cured[cured["need_m2"].notna() & (cured["left"] <= 0)]
    for defect, row in cured.iterrows():
        centre, quantity = row["centre"], row["quantity"]
        chosen = found.cures[(found.cures["defect"] == defect) & found.cures["chosen"]]
        if set(chosen["kind"]) & {"merge", "move", "close", "add_centre"}:
            continue
        bearer = chosen["borne_by"].iloc[0]
        if quantity in WHOLE and added[bearer] < row["need_m2"] - 1e-6:
            wrong.append(f"{defect}: {added[bearer]} of {row['need_m2']}")
        if quantity in OF:
            of, held = OF[quantity]
            need = row["required"] * facts[of][centre] - facts[held][centre]
            need -= chosen.loc[chosen["kind"] == "change_use", "part"].sum()
            rooms[centre][quantity] = max(rooms[centre].get(quantity, 0.0), need)
    for centre, needs in rooms.items():
        asked = sum(needs.values()) / 0.65
        if added[centre] < asked - 1e-6:
            wrong.append(f"{centre}: {added[centre]} of {asked} for its rooms")
    return wrong


def _taken_from_rooms(found: Remedies, judged: Judgement, moved: dict[str, float]) -> list[str]:
    """Return the centres that move more than their living rooms and recreation can spare."""
    wrong: list[str] = []
    facts = judged.facts
    judged_rooms: dict[str, dict[str, float]] = defaultdict(dict)
    for row in judged.findings.to_dict("records"):
        quantity = judged.clause(row["book"], row["clause"]).quantity
        if quantity in OF and row["result"] in ("meets", "short"):
            least = judged_rooms[row["centre"]].get(quantity, 0.0)
            judged_rooms[row["centre"]][quantity] = max(least, row["required"])
    for centre, m2 in moved.items():
        sparing = sum(
            facts[name][centre]
            for name in (
                "living_area_m2",
                "health_area_m2",
                "recreation_area_m2",
                "support_area_m2",
            )
        )
        for quantity, asked in judged_rooms[centre].items():
            sparing -= asked * facts[OF[quantity][0]][centre]
        unsure = found.cures[(found.cures["centre"] == centre) & found.cures["chosen"]]
        unknown = (unsure["reason"] == "use_unknown").any()
        if not unknown and m2 > max(sparing, 0.0) + 1e-6:
            wrong.append(f"{centre}: moves {m2}, can spare {sparing}")
    return wrong
