"""What a clause can speak of: each quantity with its subject, unit, matter and ledger columns.

A clause on anything else is a ``statement``, to be judged on the spot.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from planner.labels import DEFAULT_LANGUAGE, Language, text

Subject = Literal["centre", "group", "community", "district", "estate", "conversion"]
Nature = Literal["number", "list", "word", "statement"]


@dataclass(frozen=True)
class Quantity:
    """One thing that clauses speak of.

    Parameters
    ----------
    name
        Name in rule books; also the column of the centres' facts that holds it.
    subject
        Whose it is: a centre's, its service group's, a community's, the district's, an estate's;
        or ``conversion``, a figure that areas are converted by and nobody is judged by.
    unit
        Unit of its figure: ``m2``, ``m2_per_person`` …; ``items`` of a list, ``word`` of a word.
    nature
        A number, a list of things that are there, a word, or a statement that is judged on the
        spot.
    matter
        What it is about, where several quantities are about one thing: clauses on one matter are
        held against each other. Its own name where it stands alone.
    columns
        Columns of the centres' (or estates') table that tell it: what to fill in if it is unknown.
        Empty where the network or a layer tells it.
    """

    name: str
    subject: Subject
    unit: str
    nature: Nature = "number"
    matter: str = ""
    columns: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """The matter that clauses on this quantity are compared in."""
        return self.matter or self.name

    def label(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return what a planner calls it."""
        return text(f"quantities.{self.name}", language)


_ALL: Final = (
    # Floor area. ``building_area`` is the service group's, by class; ``place_area`` one place's
    # own: a group may hold enough while one place is too small, so the two never contend.
    Quantity("building_area", "group", "m2", columns=("area_m2", "area_kind")),
    Quantity("building_area_per_elder", "group", "m2_per_elder", columns=("area_m2",)),
    Quantity("place_area", "centre", "m2", columns=("area_m2", "area_kind")),
    Quantity("inner_area", "centre", "m2", columns=("area_m2", "area_kind")),
    Quantity("use_area_ratio", "conversion", "ratio"),
    Quantity("inner_area_ratio", "conversion", "ratio"),
    Quantity(
        "use_area_share",
        "centre",
        "percent",
        columns=("living_area_m2", "health_area_m2", "recreation_area_m2", "support_area_m2"),
    ),
    Quantity(
        "rest_area_per_day_user",
        "centre",
        "m2_per_person",
        columns=("rest_area_m2", "capacity_persons"),
    ),
    Quantity(
        "dining_area_per_seat", "centre", "m2_per_seat", columns=("dining_area_m2", "dining_seats")
    ),
    Quantity(
        "dining_seats_share", "centre", "percent", columns=("dining_seats", "capacity_persons")
    ),
    Quantity(
        "recreation_area_per_day_user",
        "centre",
        "m2_per_person",
        columns=("recreation_area_m2", "capacity_persons"),
    ),
    Quantity(
        "building_area_per_bed", "centre", "m2_per_bed", columns=("area_m2", "area_kind", "beds")
    ),
    Quantity("beds", "centre", "beds", columns=("beds",)),
    Quantity("site_area", "centre", "m2", columns=("site_area_m2",)),
    Quantity("building_density", "centre", "percent", columns=("building_density_percent",)),
    # Rooms and equipment.
    Quantity("rooms", "centre", "items", "list", columns=("rooms",)),
    Quantity("building_services", "centre", "items", "list", columns=("building_services",)),
    Quantity("grounds", "centre", "items", "list", columns=("grounds",)),
    Quantity("equipment", "centre", "items", "list", columns=("equipment",)),
    Quantity("persons_per_rest_room", "centre", "persons_per_room", columns=("rest_room_persons",)),
    # The building.
    # ``full_storey``: a mezzanine is none; for rules that bar mezzanines as well as basements.
    Quantity("floor", "centre", "storey", columns=("floor",)),
    Quantity("full_storey", "centre", "storey", matter="floor", columns=("floor",)),
    Quantity("own_entrance", "centre", "word", "word", columns=("own_entrance",)),
    Quantity(
        "lift_or_ramp", "centre", "word", "word", matter="upper_floors", columns=("lift", "ramp")
    ),
    Quantity("lift", "centre", "word", "word", matter="upper_floors", columns=("lift",)),
    Quantity("ambulance_access", "centre", "word", "word", columns=("ambulance_access",)),
    Quantity("clear_door_width", "centre", "m", columns=("door_width_m",)),
    Quantity("clear_corridor_width", "centre", "m", columns=("corridor_width_m",)),
    Quantity("window_to_floor_ratio", "centre", "ratio", columns=("window_ratio",)),
    Quantity("fire_class", "centre", "grade", columns=("fire_class",)),
    Quantity("earthquake_class", "centre", "word", "word", columns=("earthquake_class",)),
    # Where it stands. Air line, walked metres and walked minutes are never one matter.
    Quantity("service_radius", "centre", "m"),
    Quantity("walked_radius", "centre", "m"),
    Quantity("walked_minutes", "centre", "minutes"),
    Quantity("main_road_distance", "centre", "m"),
    Quantity("noise_distance", "centre", "m"),
    Quantity("pollution_distance", "centre", "m"),
    Quantity("medical_distance", "centre", "m"),
    Quantity("ground_slope", "centre", "percent", columns=("ground_slope_percent",)),
    # The district.
    Quantity("beds_per_thousand_elders", "district", "beds_per_thousand_elders"),
    Quantity("land_per_head", "district", "m2_per_person"),
    # New and old estates.
    Quantity(
        "care_area_per_hundred_households",
        "estate",
        "m2_per_hundred_households",
        matter="care_area",
        columns=("households", "delivered_m2"),
    ),
    Quantity(
        "care_area_of_housing",
        "estate",
        "per_mille",
        matter="care_area",
        columns=("housing_area_m2", "delivered_m2"),
    ),
    Quantity("care_area_least_place", "estate", "m2", columns=("delivered_m2",)),
    Quantity("care_area_least_joined_place", "estate", "m2", columns=("delivered_m2",)),
    Quantity("care_rooms_floor", "estate", "storey", columns=("floor",)),
    Quantity(
        "four_steps",
        "estate",
        "items",
        "list",
        columns=("planned", "built", "accepted", "handed_over"),
    ),
    Quantity("community_rooms_per_hundred_households", "estate", "m2_per_hundred_households"),
    Quantity("resident_activity_share", "estate", "percent"),
    # What only a person on the spot, or the project, can judge.
    Quantity("population", "community", "persons", "statement"),
    Quantity("statement", "centre", "statement", "statement"),
)

QUANTITIES: Final = MappingProxyType({quantity.name: quantity for quantity in _ALL})
"""Every quantity by its name."""

OF_CENTRES: Final = ("centre", "group")
"""Subjects whose quantities are judged centre by centre."""

UNITS: Final = tuple(sorted({quantity.unit for quantity in _ALL}))
