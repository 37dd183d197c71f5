"""OpenStreetMap's packed files (.osm.pbf) straight into arrays: first ways, then their nodes.

The file is gone through twice, block by block: once for the ways that may be streets, once for the
nodes that they name. Memory grows with the streets, not with the file. Only files as nearly all
programs write them are read here; any other, and any that is broken, is left to the OSM library.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from planner.streets.arrays import BoolArray, IntArray
from planner.streets.network.drawn_ways import (
    DrawnArea,
    DrawnWays,
    area_rims,
    column_of,
    judged_nodes,
    known_stretches,
)
from planner.streets.network.rules import FootRules, Verdict
from planner.streets.sources import pbf_kernel as kernel
from planner.streets.sources.pbf_nodes import NodePlaces, place_nodes

HEADER_LIMIT: Final = 64 * 1024
BLOCK_LIMIT: Final = 32 * 1024 * 1024
"""No header and no block may be larger, says the format."""

KNOWN_FEATURES: Final = frozenset({b"OsmSchema-V0.6", b"DenseNodes"})
"""What a file may ask of its reader; history files, for one, ask for more."""

LARGEST: Final = 2**63 - 1
UNITS_A_DEGREE: Final = 1e7
STREET_KEY: Final = b"highway"


class _Message:
    """One message of the file, its fields known by their numbers."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.data = np.frombuffer(content, dtype=np.uint8)

    def fields(self, place: int = 0, end: int | None = None) -> Iterator[tuple[int, int, int]]:
        """Yield number (negative unless it holds bytes), first byte and end of every field."""
        end = len(self.data) if end is None else end
        while place < end:
            number, first, place = kernel.field(self.data, place, end)
            yield number, first, place

    def texts(self, number: int, place: int = 0, end: int | None = None) -> list[bytes]:
        """Return the bytes of all fields of this number."""
        found = self.fields(place, end)
        return [self.content[first:last] for one, first, last in found if one == number]

    def number(self, number: int, default: int) -> int:
        """Return the number in the last field of this number."""
        for one, first, last in self.fields():
            if one == -number:
                default, _ = kernel.varint(self.data, first, last)
        return default


def _demand(holds: bool, what: str) -> None:
    """Leave the file to the OSM library unless something holds."""
    if not holds:
        raise ValueError(what)


def _exactly(file: BinaryIO, count: int) -> bytes:
    content = file.read(count)
    _demand(len(content) == count, "a file that ends with a block")
    return content


def _unpacked(blob: _Message) -> _Message:
    """Return what a blob holds, plain or packed by zlib."""
    size = blob.number(2, -1)
    for plain in blob.texts(1):
        return _Message(plain)
    packed = blob.texts(3)
    _demand(len(packed) == 1, "a block packed by zlib")
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed[0], BLOCK_LIMIT + 1)
    _demand(unpacker.eof and len(content) == size, "a block of the size that it says")
    return _Message(content)


def _blobs(path: Path) -> Iterator[tuple[bytes, _Message]]:
    """Yield kind and packed content of every block of a file."""
    with path.open("rb") as file:
        while size := file.read(4):
            header_size = int.from_bytes(size, "big")
            _demand(
                len(size) == 4 and header_size <= HEADER_LIMIT, "a header of a size that can be"
            )
            header = _Message(_exactly(file, header_size))
            (kind,) = header.texts(1)
            blob_size = header.number(3, -1)
            _demand(0 <= blob_size <= BLOCK_LIMIT, "a block of a size that can be")
            yield kind, _Message(_exactly(file, blob_size))


def _data_blobs(path: Path) -> Iterator[_Message]:
    """Yield the blocks of a file behind its header, which must ask for nothing unknown."""
    blobs = _blobs(path)
    kind, blob = next(blobs, (b"", _Message(b"")))
    _demand(kind == b"OSMHeader", "a header first")
    _demand(KNOWN_FEATURES.issuperset(_unpacked(blob).texts(4)), "no unknown features")
    for kind, blob in blobs:
        _demand(kind == b"OSMData", "data behind the header")
        yield blob


def _groups(block: _Message) -> Iterator[tuple[int, int, int]]:
    """Yield what each group of a block holds (the field's number), and where it lies."""
    for number, first, last in block.fields():
        if number == 2 and first < last:
            holds, _, _ = kernel.field(block.data, first, last)
            _demand(holds != kernel.GROUP_SINGLE, "nodes that are dense")
            yield holds, first, last


def _text_spans(block: _Message) -> tuple[IntArray, IntArray]:
    """Return where each text of a block's table begins and ends."""
    tables = [(first, last) for number, first, last in block.fields() if number == 1]
    _demand(len(tables) == 1, "one table of texts")
    begins, ends = kernel.text_spans(block.data, *tables[0])
    return begins, ends


def _texts(block: _Message) -> list[bytes]:
    """Return a block's table of texts."""
    begins, ends = _text_spans(block)
    spans = zip(begins.tolist(), ends.tolist(), strict=True)
    return [block.content[begin:end] for begin, end in spans]


@dataclass
class _WayLists:
    """Ways block by block, their tags numbered from 1 as they are met.

    Parameters
    ----------
    wanted
        Keys that rules look at: 1, or 2 if an allowed way must have one of them.
    """

    wanted: dict[bytes, int]
    pairs: dict[tuple[bytes, bytes], int] = field(default_factory=dict)
    refs: list[IntArray] = field(default_factory=list)
    ref_count: list[IntArray] = field(default_factory=list)
    tags: list[IntArray] = field(default_factory=list)
    tag_count: list[IntArray] = field(default_factory=list)

    def add(self, block: _Message) -> bool:
        """Add the ways of a block; tell whether it holds nodes."""
        groups = list(_groups(block))
        if any(holds == kernel.GROUP_WAYS for holds, _, _ in groups):
            texts = _texts(block)
            wanted = np.array([self.wanted.get(text, 0) for text in texts], dtype=np.int8)
            for holds, first, last in groups:
                if holds == kernel.GROUP_WAYS:
                    ways = kernel.group_ways(block.data, first, last, wanted)
                    self.refs.append(ways.refs)
                    self.ref_count.append(ways.ref_count)
                    self.tags.append(self._numbers(texts, ways.keys, ways.values))
                    self.tag_count.append(ways.tag_count)
        return any(holds == kernel.GROUP_DENSE for holds, _, _ in groups)

    def _numbers(self, texts: list[bytes], keys: IntArray, values: IntArray) -> IntArray:
        """Return the number of each tag; one Python object for each different tag of a block."""
        codes, place = np.unique(keys * len(texts) + values, return_inverse=True)
        numbers = []
        for code in codes.tolist():
            key, value = divmod(code, len(texts))
            pair = (texts[key], texts[value])
            numbers.append(self.pairs.setdefault(pair, len(self.pairs) + 1))
        return np.array(numbers, dtype=np.int64)[place]

    def verdicts(self, rules: FootRules) -> tuple[list[Verdict], IntArray, BoolArray]:
        """Return what the rules say, of each way which, and whether it calls itself a street.

        Each set of tags is judged once.
        """
        count, numbers = _joined(self.tag_count), _joined(self.tags)
        table = np.zeros((len(count), max(count, default=0)), dtype=np.int64)
        column = np.arange(len(numbers)) - np.repeat(np.cumsum(count) - count, count)
        table[np.repeat(np.arange(len(count)), count), column] = numbers
        kind = np.zeros(len(count), dtype=np.int64)
        kinds, choices = 1, len(self.pairs) + 1
        for one in table.T:
            if kinds * choices > LARGEST:
                found, kind = np.unique(kind, return_inverse=True)
                kinds = len(found)
            kind = kind * choices + one
            kinds *= choices
        _, example, kind = np.unique(kind, return_index=True, return_inverse=True)
        named = [(_decoded(key), _decoded(value)) for key, value in self.pairs]
        judged = [
            rules.judge(dict(named[number - 1] for number in numbers_here if number))
            for numbers_here in table[example].tolist()
        ]
        streets = [number for (key, _), number in self.pairs.items() if key == STREET_KEY]
        named_street: BoolArray = np.asarray(np.isin(table, streets).any(axis=1))
        return judged, kind, named_street


def _joined(parts: list[IntArray]) -> IntArray:
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


@dataclass
class _WantedNodes:
    """Where wanted nodes lie, and what the rules say of those with tags, block by block."""

    places: NodePlaces
    keys: frozenset[bytes]
    tags: dict[int, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, ids: IntArray, rules: FootRules) -> _WantedNodes:
        """Return nodes of which nothing is known yet."""
        count = len(ids)
        places = NodePlaces(
            ids,
            np.zeros(count, dtype=np.int32),
            np.zeros(count, dtype=np.int32),
            np.zeros(count, dtype=np.bool_),
            np.zeros(count, dtype=np.bool_),
        )
        return cls(places, frozenset(key.encode() for key in rules.node_keys))

    def add(self, block: _Message) -> None:
        """Note the wanted nodes of a block."""
        begins, ends = _text_spans(block)
        units = (block.number(17, 100), block.number(19, 0), block.number(20, 0))
        wanted = np.zeros(len(begins), dtype=np.bool_)
        lengths = [len(key) for key in self.keys]
        for text in np.flatnonzero(np.isin(ends - begins, lengths)).tolist():
            wanted[text] = block.content[begins[text] : ends[text]] in self.keys
        for holds, first, last in _groups(block):
            if holds != kernel.GROUP_DENSE:
                continue
            for number, inner, end in block.fields(first, last):
                if number == kernel.GROUP_DENSE:
                    tags = place_nodes(block.data, inner, end, *units, wanted, self.places)
                    for rank, key, value in zip(*(one.tolist() for one in tags), strict=True):
                        self.tags.setdefault(rank, {})[
                            _decoded(block.content[begins[key] : ends[key]])
                        ] = _decoded(block.content[begins[value] : ends[value]])


def _decoded(text: bytes) -> str:
    return text.decode(errors="replace")


def _placed(path: Path, with_nodes: list[bool], ids: IntArray, rules: FootRules) -> _WantedNodes:
    """Return what the file says of the wanted nodes, from the blocks that hold nodes."""
    nodes = _WantedNodes.of(ids, rules)
    for blob, holds_nodes in zip(_data_blobs(path), with_nodes, strict=True):
        if holds_nodes:
            nodes.add(_unpacked(blob))
    return nodes


def _read(path: Path, rules: FootRules, areas: Sequence[DrawnArea]) -> DrawnWays:
    wanted = {key.encode(): 1 for key in rules.keys} | {STREET_KEY: 1}
    lists = _WayLists(wanted | {key.encode(): 2 for key in rules.street_keys})
    with_nodes = [lists.add(_unpacked(blob)) for blob in _data_blobs(path)]
    verdicts, verdict, streets = lists.verdicts(rules)
    walked = column_of(verdicts, "walked")[verdict] if len(verdict) else streets
    kept = np.flatnonzero(walked | streets)  # others: no street that rules took from anybody
    count = _joined(lists.ref_count)
    refs = _joined(lists.refs)[np.repeat(walked | streets, count)]
    rims = area_rims(areas, len(kept), len(verdicts))
    refs, count = np.concatenate([refs, rims.refs]), np.concatenate([count[kept], rims.count])
    ids, node = np.unique(refs, return_inverse=True)
    nodes = _placed(path, with_nodes, ids, rules)
    places = nodes.places
    gate, signals = judged_nodes(len(ids), nodes.tags, rules)
    node, vertex_start, way = known_stretches(node, count, places.known[node])
    return DrawnWays(
        node_ids=ids,
        longitude=places.longitude / UNITS_A_DEGREE,
        latitude=places.latitude / UNITS_A_DEGREE,
        node=node,
        vertex_start=vertex_start,
        way=np.concatenate([np.arange(len(kept)), rims.way])[way],
        verdict=np.concatenate([verdict[kept], rims.verdict])[way],
        verdicts=verdicts + [area.verdict for area in areas],
        node_gate=gate,
        node_signals=signals,
        rim_vertices=rims.vertices,
    )


def read_plain_pbf(
    path: Path, rules: FootRules, areas: Sequence[DrawnArea] = ()
) -> DrawnWays | None:
    """Return the ways of a file that a rule could allow, with what the rules say of each.

    Parameters
    ----------
    path
        ``.osm.pbf`` file.
    rules
        Who may walk where.
    areas
        What the file draws by several ways.

    Returns
    -------
    DrawnWays or None
        None if the file is broken, or unusual: nodes that are not dense or that stand twice, blocks
        packed other than by zlib, features beyond the plain schema. The OSM library reads it then,
        or says what is wrong with it.
    """
    try:
        return _read(path, rules, areas)
    except (ValueError, zlib.error):
        return None
