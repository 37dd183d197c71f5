"""Packed OpenStreetMap files: our reader against the OSM library's, bit for bit."""

from __future__ import annotations

import dataclasses
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest

from planner.streets import WalkingNetwork, foot_rules, read_streets
from planner.streets.network.drawn_ways import DrawnWays
from planner.streets.sources import osm, pbf, pbf_kernel
from planner.streets.sources.pbf import read_plain_pbf
from tests.shared_data import shared_data
from tests.streets.test_osm import WALK, Way, osm_text

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "streets.osm.pbf"


def assert_same(one: WalkingNetwork, other: WalkingNetwork) -> None:
    """Assert that two networks are equal in every array, bit for bit, and in all else."""
    for entry in dataclasses.fields(WalkingNetwork):
        mine, theirs = getattr(one, entry.name), getattr(other, entry.name)
        if isinstance(mine, np.ndarray):
            assert mine.dtype == theirs.dtype, entry.name
            assert mine.shape == theirs.shape, entry.name
            assert mine.tobytes() == theirs.tobytes(), entry.name
        else:
            assert mine == theirs, entry.name


def by_library(path: Path, monkeypatch: pytest.MonkeyPatch) -> WalkingNetwork:
    """Return the network as the OSM library reads it, way by way."""
    with monkeypatch.context() as patch:
        patch.setattr(osm, "read_plain_pbf", lambda *_: None)
        return read_streets(path)


def plain(path: Path) -> DrawnWays | None:
    return read_plain_pbf(path, foot_rules())


def packed(tmp_path: Path, text: str, options: str = "pbf", name: str = "t.osm.pbf") -> Path:
    """Write an OSM text as a packed file, by the OSM library."""
    (tmp_path / "t.osm").write_text(text, encoding="utf-8")
    file = tmp_path / name
    with osmium.SimpleWriter(osmium.io.File(str(file), options)) as writer:
        for thing in osmium.FileProcessor(str(tmp_path / "t.osm")):
            writer.add(thing)
    return file


TOWN = osm_text(
    [(number, number % 7, number % 5) for number in (1, 2, 3, 5, 8, 13, 21, 2**40)],
    [
        ([1, 2, 3, 5], WALK),
        ([3, 8, 99, 13, 21], {"highway": "residential", "name": "渭阳西路", "foot": "yes"}),
        ([98, 21, 2**40, 1, 97], {"highway": "footway", "oneway:foot": "-1"}),
        ([5, 13], {"railway": "rail"}),
        ([8, 13], {"highway": "motorway"}),
        ([8], WALK),
        ([97, 1, 98], WALK),
    ],
    node_tags={
        1: {"entrance": "yes", "barrier": "gate", "name": "南门"},
        3: {"highway": "crossing", "crossing": "traffic_signals"},
        8: {"barrier": "gate", "access": "private"},
        13: {"barrier": "bollard"},
    },
)


@pytest.mark.parametrize(
    "options",
    ["pbf", "pbf,pbf_compression=none", "pbf,add_metadata=false", "pbf,add_metadata=all"],
)
def test_plain_files(tmp_path: Path, options: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Extracts name nodes that they do not hold; texts are Chinese; ids need 41 bits."""
    file = packed(tmp_path, TOWN, options)
    assert plain(file) is not None
    network = read_streets(file)
    assert network.segment_count == 5
    assert_same(network, by_library(file, monkeypatch))
    text = dataclasses.replace(read_streets(tmp_path / "t.osm"), source=file.name)
    assert_same(network, text)


def test_sets_of_tags_too_many_for_one_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tags are numbered and written as the figures of one number, as long as it can hold them."""
    file = packed(tmp_path, TOWN)
    whole = plain(file)
    monkeypatch.setattr(pbf, "LARGEST", 40)
    pieces = plain(file)
    assert whole is not None
    assert pieces is not None
    assert pieces.verdicts == whole.verdicts
    assert len(whole.verdicts) > 3
    assert pieces.verdict.tolist() == whole.verdict.tolist()


def test_tags_of_nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gates and lights stand on nodes, in any block, next to tags that nobody asks for."""
    random = np.random.default_rng(20260102)
    kinds: list[dict[str, str]] = [
        {"highway": "traffic_signals"},
        {"barrier": "gate", "access": "private", "note": "highway"},
        {"barrier": "gate", "access": "no"},
        {"name": "超市", "shop": "yes"},
        {"highway": "crossing", "crossing:signals": "yes", "foot": "yes"},
    ]
    nodes = [(number, number % 200, number // 200) for number in range(1, 20_001)]
    tags = {number: kinds[int(random.integers(5))] for number in range(1, 20_001, 7)}
    ways: list[Way] = [(random.choice(20_000, 5).astype(int).tolist(), WALK) for _ in range(3_000)]
    file = packed(tmp_path, osm_text(nodes, ways, node_tags=tags))
    ways_read = plain(file)
    assert ways_read is not None
    for number, gate, signals in zip(
        ways_read.node_ids.tolist(), ways_read.node_gate, ways_read.node_signals, strict=True
    ):
        own = tags.get(number, {})
        assert signals == ("highway" in own)
        assert gate == {"private": 1, "no": 2}.get(own.get("access", ""), 0)
    assert set(ways_read.node_gate.tolist()) == {0, 1, 2}
    assert_same(read_streets(file), by_library(file, monkeypatch))


def test_unusual_files_are_left_to_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nodes that are not dense, or that stand twice: read all the same, by the OSM library."""
    dense = packed(tmp_path, TOWN)
    single = packed(tmp_path, TOWN, "pbf,pbf_dense_nodes=false", "single.osm.pbf")
    assert plain(single) is None
    network = dataclasses.replace(read_streets(single), source=dense.name)
    assert_same(network, by_library(dense, monkeypatch))
    node = '<node id="1" lon="114.001" lat="30.0"/>'
    twice = TOWN.replace("<way", f"{node}<way", 1)
    assert plain(packed(tmp_path, twice, name="twice.osm.pbf")) is None


def test_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks hold 8,000 things: ways of one block name nodes of all, in any order of ids."""
    random = np.random.default_rng(20260101)
    ids = np.sort(random.choice(10**9, 20_000, replace=False))
    places = random.integers(0, 900, (len(ids), 2))
    nodes = [(int(a), int(b), int(c)) for a, (b, c) in zip(ids, places, strict=True)]
    kinds = ["footway", "residential", "motorway", "steps", "construction", "path"]
    ways: list[Way] = []
    for number in range(9_000):
        refs = random.choice(ids, random.integers(2, 9)).tolist()
        tags = {"highway": kinds[number % 6], "name": f"路{number}"}
        if number % 5 == 0:
            tags |= {"access": "private", "foot": ("yes", "no")[number % 2]}
        ways.append((refs, tags))
    file = packed(tmp_path, osm_text(nodes, ways))
    assert plain(file) is not None
    network = read_streets(file)
    assert network.notes["ways"] == 9_000
    assert_same(network, by_library(file, monkeypatch))


def test_negative_ids(tmp_path: Path) -> None:
    """Editors number nodes that are not yet in OpenStreetMap from -1 downwards."""
    nodes = [(-3, 0, 0), (-1, 1, 0), (4, 2, 0)]
    file = packed(tmp_path, osm_text(nodes, [([-3, -1, 4, -9], WALK), ([4, -8], WALK)]))
    network = read_streets(file)
    assert sorted(network.node_ids.tolist()) == ["-3", "4"]
    assert len(network.vertex_easting_m) == 3
    text = read_streets(tmp_path / "t.osm")
    assert_same(dataclasses.replace(text, source=file.name), network)


@pytest.mark.parametrize("name", ["andorra", "helsinki", "porto"])
def test_real_files(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = shared_data(f"networks/{name}.osm.pbf")
    assert plain(file) is not None
    assert_same(read_streets(file), by_library(file, monkeypatch))


def test_the_sample_district(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plain(SAMPLE) is not None
    assert_same(read_streets(SAMPLE), by_library(SAMPLE, monkeypatch))


def test_cut_anywhere(tmp_path: Path) -> None:
    """Only a cut between two blocks leaves a file that is whole in itself, if smaller."""
    content = packed(tmp_path, TOWN).read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    read = []
    for size in range(len(content)):
        cut.write_bytes(content[:size])
        if plain(cut) is not None:
            read.append(size)
    assert 1 <= len(read) <= 3  # behind the header, behind the nodes


def test_damaged_anywhere(tmp_path: Path) -> None:
    """No byte, whatever it is turned into, leads beyond a block's end or into an error."""
    content = packed(tmp_path, TOWN, "pbf,pbf_compression=none").read_bytes()
    damaged = tmp_path / "damaged.osm.pbf"
    refused = 0
    for place in range(len(content)):
        for turn in (0x01, 0x80, 0xFF):
            changed = bytearray(content)
            changed[place] ^= turn
            damaged.write_bytes(changed)
            refused += plain(damaged) is None
    assert refused > 0.1 * 3 * len(content)


def number(value: int) -> bytes:
    """Return a number as protobuf packs it."""
    value %= 2**64
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def number_list(*values: int) -> bytes:
    """Return numbers packed one behind the other."""
    return b"".join(number(value) for value in values)


def zigzag(*values: int) -> bytes:
    """Return the steps from each signed number to the next, packed."""
    steps = [b - a for a, b in zip((0, *values), values, strict=False)]
    return b"".join(number(step * 2 if step >= 0 else -step * 2 - 1) for step in steps)


def part(field: int, content: bytes | int) -> bytes:
    """Return a field of a message, a number or bytes."""
    if isinstance(content, int):
        return number(field << 3) + number(content)
    return number(field << 3 | 2) + number(len(content)) + content


def block(kind: bytes, content: bytes, **changes: Any) -> bytes:
    size = changes.get("size", len(content))
    blob = part(2, size) + part(changes.get("packing", 3), zlib.compress(content))
    header = part(1, kind) + part(3, len(blob))
    return len(header).to_bytes(4, "big") + header + blob


HEADER = part(4, b"OsmSchema-V0.6") + part(4, b"DenseNodes")
TEXTS = b"".join(part(1, text) for text in (b"", b"highway", b"footway"))
WAY = part(1, 1) + part(2, number(1)) + part(3, number(2)) + part(8, zigzag(10, 11, 12))
DENSE = (
    part(1, zigzag(10, 11, 12))
    + part(8, zigzag(30_000_007, -30_000_015, 30_000_021))
    + part(9, zigzag(-114_000_003, -114_000_019, -114_000_027))
)


def drawn(tmp_path: Path, *, header: bytes = HEADER, **changes: Any) -> Path:
    """Write a file of one way and three nodes, changed in one place."""
    texts = changes.get("texts", part(1, TEXTS))
    grain = changes.get("grain", b"")
    groups = part(2, part(2, changes.get("dense", DENSE))) + part(
        2, part(3, changes.get("way", WAY))
    )
    data = texts + changes.get("groups", groups) + grain
    file = tmp_path / "drawn.osm.pbf"
    changed = {name: changes[name] for name in ("size", "packing") if name in changes}
    first = block(b"OSMHeader", header)
    file.write_bytes(first + block(changes.get("kind", b"OSMData"), data, **changed))
    return file


@pytest.mark.parametrize(
    "grain", [b"", part(17, 1000), part(17, 1), part(17, 950) + part(19, 123) + part(20, -45_678)]
)
def test_grains_and_offsets(tmp_path: Path, grain: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks may count in units of their own from places of their own; cut as the library cuts."""
    file = drawn(tmp_path, grain=grain)
    assert plain(file) is not None
    assert_same(read_streets(file), by_library(file, monkeypatch))


@pytest.mark.parametrize(
    "change",
    [
        {"header": HEADER + part(4, b"HistoricalInformation")},
        {"kind": b"OSMOther"},
        {"size": 7},
        {"packing": 4},
        {"texts": b""},
        {"texts": part(1, TEXTS) * 2},
        {"way": part(2, number(1)) + part(3, number(3)) + part(8, zigzag(10, 11))},
        {"way": part(2, number(1)) + part(8, zigzag(10, 11))},
        {"way": part(2, number(1)) + part(3, number(2) * 2) + part(8, zigzag(10, 11))},
        {"way": WAY + part(8, zigzag(10, 11))},
        {"way": WAY + part(8, 5)},
        {"way": WAY + b"\x0f"},
        {"way": WAY + b"\x09"},
        {"way": WAY + b"\x80" * 11},
        {"dense": DENSE + part(1, zigzag(13))},
        {"dense": part(1, zigzag(10, 11)) + part(8, zigzag(1)) + part(9, zigzag(1, 2))},
        {"groups": part(2, part(3, WAY) + part(2, DENSE))},
        {"dense": DENSE + part(10, number_list(1, 2, 0, 0))},
        {"dense": DENSE + part(10, number_list(1, 2, 0, 0, 0, 0))},
        {"dense": DENSE + part(10, number_list(0, 0, 1))},
        {"dense": DENSE + part(10, number_list(0, 0, 1, 2))},
        {"dense": DENSE + part(10, number_list(0, 0, 1, 3, 0))},
        {"dense": DENSE + part(10, number_list(0, 0, 3, 1, 0))},
        {"dense": DENSE + part(10, number_list(0, 0, 0)) * 2},
        {"dense": DENSE + part(10, 5)},
    ],
    ids=lambda change: "-".join(change),
)
def test_what_is_not_plain(tmp_path: Path, change: dict[str, Any]) -> None:
    assert plain(drawn(tmp_path)) is not None
    assert plain(drawn(tmp_path, **change)) is None


def test_tags_packed_by_hand(tmp_path: Path) -> None:
    """Each node's tags end with a 0; where no node has any there may be no list at all."""
    texts = TEXTS + b"".join(part(1, text) for text in (b"traffic_signals", b"\xff", b"barrier"))
    tags = number_list(1, 3, 0, 0, 4, 4, 5, 4, 0)
    ways = plain(drawn(tmp_path, texts=part(1, texts), dense=DENSE + part(10, tags)))
    assert ways is not None
    assert ways.node_signals.tolist() == [True, False, False]
    assert ways.node_gate.tolist() == [0, 0, 0]


def test_empty_files(tmp_path: Path) -> None:
    """Without ways there is nothing to walk, but nothing is broken either."""
    for groups in (b"", part(2, part(2, DENSE)), part(2, part(4, b""))):
        ways = plain(drawn(tmp_path, groups=groups))
        assert ways is not None
        assert len(ways.node) == 0
        assert ways.verdicts == []
    (tmp_path / "drawn.osm.pbf").write_bytes(b"")
    assert plain(tmp_path / "drawn.osm.pbf") is None


def test_packed_numbers() -> None:
    """The examples of protobuf's own description of its encoding."""
    data = np.frombuffer(b"\x96\x01\xac\x02" + number(-2), dtype=np.uint8)
    assert pbf_kernel.varint(data, 0, len(data)) == (150, 2)
    assert pbf_kernel.varint(data, 2, len(data)) == (300, 4)
    assert pbf_kernel.varint(data, 4, len(data)) == (-2, 14)
    codes = {0: 0, 1: -1, 2: 1, 3: -2, 2**32 - 2: 2**31 - 1, 2**32 - 1: -(2**31), -1: -(2**63)}
    assert {code: pbf_kernel.signed(code) for code in codes} == codes
    for place, end in ((0, 1), (0, 0)):
        with pytest.raises(ValueError, match=r"^$"):
            pbf_kernel.varint(data, place, end)
