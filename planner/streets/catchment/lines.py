"""Street pieces within a limit of a centre, cut exactly where the limit is, and their shapes."""

from __future__ import annotations

import numpy as np

from planner.compiled import compiled
from planner.streets.catchment.search import Field, first_home
from planner.streets.joining.lattice import Pieces
from planner.streets.walking.arcs import Arcs, wider


@compiled
def _span(remaining: float, minutes: float) -> float:
    """Return the share of a segment that is walked in the minutes that remain."""
    if remaining < 0.0 or minutes == np.inf:
        return 0.0
    return 1.0 if minutes <= remaining else remaining / minutes


@compiled
def _sorted_in(spans: np.ndarray, count: int, begin: float, end: float) -> int:
    """Put one more span in its place by where it begins; return how many there are."""
    place = count
    while place > 0 and spans[place - 1, 0] > begin:
        spans[place, 0] = spans[place - 1, 0]
        spans[place, 1] = spans[place - 1, 1]
        place -= 1
    spans[place, 0] = begin
    spans[place, 1] = end
    return count + 1


@compiled
def _reached_spans(arcs: Arcs, field: Field, segment: int, limit: float, spans: np.ndarray) -> int:
    """Note the parts of a segment within the limit as ``(from, to)``, ascending, apart.

    ``spans`` has room for two more than there are centres; how many are used is returned.
    """
    left = limit - field.best[arcs.segment_from[segment]] - arcs.wait_from[segment]
    spans[0, 0] = 0.0
    spans[0, 1] = _span(left, arcs.forward_minutes[segment])
    left = limit - field.best[arcs.segment_to[segment]] - arcs.wait_to[segment]
    last_begin = 1.0 - _span(left, arcs.backward_minutes[segment])
    total = 1
    place = first_home(field, segment)
    while place < len(field.segment) and field.segment[place] == segment:
        left = limit - field.leg[place]
        middle = field.fraction[place]
        # Before the centre one walks forward to it, behind it backward.
        begin = max(middle - _span(left, arcs.backward_minutes[segment]), 0.0)
        end = min(middle + _span(left, arcs.forward_minutes[segment]), 1.0)
        total = _sorted_in(spans, total, begin, end)
        place += 1
    total = _sorted_in(spans, total, last_begin, 1.0)
    count = 0
    for one in range(total):
        if spans[one, 1] <= spans[one, 0]:
            continue
        if count > 0 and spans[one, 0] <= spans[count - 1, 1]:
            spans[count - 1, 1] = max(spans[count - 1, 1], spans[one, 1])
        else:
            spans[count, 0] = spans[one, 0]
            spans[count, 1] = spans[one, 1]
            count += 1
    return count


@compiled
def reached_share(arcs: Arcs, field: Field, segment: int, limit: float) -> float:
    """Return what share of a segment's length is within a limit."""
    spans = np.empty((len(field.segment) + 2, 2))
    share = 0.0
    for span in range(_reached_spans(arcs, field, segment, limit, spans)):
        share += spans[span, 1] - spans[span, 0]
    return share


@compiled
def _put(
    coordinates: np.ndarray, count: int, pieces: Pieces, piece: int, fraction: float
) -> tuple[np.ndarray, int]:
    """Append the spot at a fraction of the segment, which lies on ``piece``."""
    if count == len(coordinates):
        more = np.empty((2 * count, 2))
        more[:count] = coordinates
        coordinates = more
    begin = pieces.line[piece, 5]
    end = pieces.line[piece, 6]
    share = (fraction - begin) / (end - begin) if end > begin else 0.0
    coordinates[count, 0] = pieces.line[piece, 0] + share * pieces.line[piece, 2]
    coordinates[count, 1] = pieces.line[piece, 1] + share * pieces.line[piece, 3]
    return coordinates, count + 1


@compiled
def reached_lines(
    arcs: Arcs,
    field: Field,
    pieces: Pieces,
    piece_start: np.ndarray,
    segments: np.ndarray,
    limit: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the parts of segments from which the walk is within a limit.

    Parameters
    ----------
    arcs, field
        What is walked on (against the walk), and the times to walk.
    pieces, piece_start
        Straight pieces; those of segment ``i`` are ``piece_start[i]:piece_start[i + 1]``.
    segments
        Segments to look at.
    limit
        Minutes; without a leg on the resident's side.

    Returns
    -------
    tuple of ndarray
        Coordinates of all lines, shape (vertices, 2), and where each begins, shape (lines + 1,).
    """
    coordinates = np.empty((256, 2))
    line_start = np.zeros(64, dtype=np.int64)
    spans = np.empty((len(field.segment) + 2, 2))
    count = 0
    lines = 0
    for segment in segments:
        first = piece_start[segment]
        last = piece_start[segment + 1]
        for span in range(_reached_spans(arcs, field, segment, limit, spans)):
            begin = spans[span, 0]
            end = spans[span, 1]
            piece = first
            while piece < last - 1 and pieces.line[piece, 6] <= begin:
                piece += 1
            coordinates, count = _put(coordinates, count, pieces, piece, begin)
            while piece < last - 1 and pieces.line[piece, 6] < end:
                coordinates, count = _put(coordinates, count, pieces, piece, pieces.line[piece, 6])
                piece += 1
            coordinates, count = _put(coordinates, count, pieces, piece, end)
            lines += 1
            if lines == len(line_start):
                line_start = wider(line_start, lines, 2 * lines)
            line_start[lines] = count
    return coordinates[:count].copy(), line_start[: lines + 1].copy()


@compiled
def _noted(octets: np.ndarray, place: int, kind: int, count: int) -> int:
    """Write byte order, kind and count of a shape; return the place after them."""
    octets[place] = 1  # little-endian
    for byte in range(4):
        octets[place + 1 + byte] = (kind >> (8 * byte)) & 255
        octets[place + 5 + byte] = (count >> (8 * byte)) & 255
    return place + 9


@compiled
def _multi_lines(
    coordinates: np.ndarray, vertex_count: np.ndarray, shape: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what :func:`multi_lines_wkb` does, of coordinates as bytes, shape (vertices, 16)."""
    shapes = 1 + np.count_nonzero(shape[1:] != shape[:-1])
    octets = np.empty(9 * (shapes + len(shape)) + coordinates.size, dtype=np.uint8)
    first = np.zeros(shapes + 1, dtype=np.int64)
    place = 0
    vertex = 0
    number = 0
    for line in range(len(shape)):
        if line == 0 or shape[line] != shape[line - 1]:
            last = line
            while last < len(shape) and shape[last] == shape[line]:
                last += 1
            place = _noted(octets, place, 5, last - line)
            number += 1
        place = _noted(octets, place, 2, vertex_count[line])
        for _ in range(vertex_count[line]):
            for byte in range(16):
                octets[place + byte] = coordinates[vertex, byte]
            place += 16
            vertex += 1
        first[number] = place
    return octets, first


def multi_lines_wkb(
    coordinates: np.ndarray, vertex_count: np.ndarray, shape: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Write lines, shape by shape, as MultiLineStrings in well-known binary (OGC 06-103r4, 8.2).

    A line at a time they would be made ten times as slowly.

    Parameters
    ----------
    coordinates
        Of all lines, shape (vertices, 2).
    vertex_count, shape
        Vertices of each line, and the shape it belongs to, ascending.

    Returns
    -------
    tuple of ndarray
        Bytes, and where each shape begins among them, shape (shapes + 1,).
    """
    little = np.ascontiguousarray(coordinates, dtype="<f8")
    octets: tuple[np.ndarray, np.ndarray] = _multi_lines(
        little.view(np.uint8).reshape(-1, 16), vertex_count, shape
    )
    return octets
