"""Who can still walk to a centre while some close, merge and move: counted on what then stands."""

from __future__ import annotations

import numpy as np

from planner.solver import IntArray
from planner.standards.remedies.circles import Circles


class Reach:
    """The circles of all that is open, measure after measure.

    Each kind of centre is a matter of its own: a canteen is no day care. Doors where nobody of 60+
    lives are left out; those of whom nobody knows it are kept.

    Parameters
    ----------
    circles
        Who can walk where.
    """

    def __init__(self, circles: Circles) -> None:
        self._elders = circles.doors.to_numpy(dtype=float, na_value=np.nan)
        somebody = ~(self._elders == 0.0)
        self._places = {name: rows[somebody[rows]] for name, rows in circles.places.items()}
        known = {str(name): str(kind) for name, kind in circles.kinds.items()}
        self._kinds = {name: kind for name, kind in known.items() if name in self._places}
        doors = len(self._elders)
        # Of centres that stay where they are; and of all that is open, with those that move.
        self._staying = {kind: np.zeros(doors, dtype=np.int32) for kind in self._kinds.values()}
        for name, kind in self._kinds.items():
            self._staying[kind][self._places[name]] += 1
        self._open = {kind: counts.copy() for kind, counts in self._staying.items()}
        self._gone: set[str] = set()
        names = sorted(self._kinds)
        rows = [self._places[name] for name in names]
        flat = np.concatenate(rows) if rows else np.array([], dtype=np.int64)
        owner = np.repeat(np.arange(len(rows)), [len(one) for one in rows])
        order = np.argsort(flat, kind="stable")
        self._names, self._owner = names, owner[order]
        self._starts = np.searchsorted(flat[order], np.arange(doors + 1))

    def knows(self, place: str) -> bool:
        """Return whether the circle of an operating centre, or of a site, is known."""
        return place in self._places

    def knows_centre(self, centre: str) -> bool:
        """Return whether a centre operates and its circle is known."""
        return centre in self._kinds

    def people(self, doors: IntArray) -> tuple[float, int]:
        """Return the 60+ who are known to live behind doors, and of how many nobody knows it."""
        elders = self._elders[doors]
        return float(np.nansum(elders)), int(np.isnan(elders).sum())

    def lost_without(self, centre: str) -> IntArray:
        """Return the doors of a centre's circle that no other centre of its kind that stays has."""
        doors = self._places[centre]
        lost: IntArray = doors[self._staying[self._kinds[centre]][doors] <= 1]
        return lost

    def lost_by_move(self, centre: str, site: str) -> IntArray:
        """Return the doors that have no open centre of its kind once a centre is at the site."""
        doors = self._places[centre]
        left: IntArray = doors[self._open[self._kinds[centre]][doors] <= 1]
        lost: IntArray = left[~np.isin(left, self._places[site])]
        return lost

    def beyond(self, centre: str, other: str) -> float:
        """Return the 60+ of a centre's circle who are not in that of another place."""
        doors = self._places[centre]
        return self.people(doors[~np.isin(doors, self._places[other])])[0]

    def receivers(self, centre: str) -> list[str]:
        """Return the other centres of its kind that stay and that any door of its circle has."""
        doors = self._places[centre]
        first, many = self._starts[doors], self._starts[doors + 1] - self._starts[doors]
        before = np.cumsum(many) - many
        spans = np.repeat(first - before, many) + np.arange(many.sum())
        near = [self._names[number] for number in np.unique(self._owner[spans])]
        kind = self._kinds[centre]
        return [
            name
            for name in near
            if name != centre and self._kinds[name] == kind and name not in self._gone
        ]

    def relied_on(self, centre: str, *first: str) -> list[str]:
        """Return centres that stay and whose circles together hold all doors of a centre's.

        Those named first, then by how many of its doors they have, then by id; whoever adds no door
        is left out.
        """
        rest = self._places[centre]
        others = [one for one in self.receivers(centre) if one not in first]
        shared = {one: int(np.isin(rest, self._places[one]).sum()) for one in others}
        found = list(first)
        for one in [*first, *sorted(others, key=lambda one: (-shared[one], one))]:
            left = rest[~np.isin(rest, self._places[one])]
            if len(left) < len(rest) and one not in found:
                found.append(one)
            rest = left
        return found

    def close(self, centre: str) -> None:
        """Take a centre off: it closes, or its place is given up for another's."""
        self._leave(centre)
        self._open[self._kinds[centre]][self._places[centre]] -= 1

    def move(self, centre: str, site: str) -> None:
        """Take a centre to a site: it serves from there, but nobody else may rely on it."""
        self._leave(centre)
        kind = self._kinds[centre]
        self._open[kind][self._places[centre]] -= 1
        self._open[kind][self._places[site]] += 1

    def _leave(self, centre: str) -> None:
        self._gone.add(centre)
        self._staying[self._kinds[centre]][self._places[centre]] -= 1
