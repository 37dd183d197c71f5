"""Networks saved and loaded, and the cache that must never give a network of other data."""

from __future__ import annotations

import dataclasses
import io
import json
import multiprocessing
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest

from planner.errors import InputFileError, OutputFileError
from planner.labels import LANGUAGES
from planner.streets import WalkingNetwork, foot_rules, load_network, read_streets, save_network
from planner.streets.network import storage
from planner.streets.network.stored_arrays import ARRAYS
from planner.streets.sources import osm
from planner.streets.sources.cache import NOT_KEPT, network_key, not_kept, read_through
from planner.streets.sources.osm import network_from_osm
from tests.shared_data import shared_data
from tests.streets.drawn import edge, points, town
from tests.streets.test_osm import WALK, osm_text
from tests.streets.test_pbf import SAMPLE, assert_same

NODES = [(1, 0, 1), (2, 1, 1), (3, 2, 1), (4, 2, 0), (5, 1, 0)]
TOWN = osm_text(NODES, [([1, 2, 3], WALK), ([4, 3], WALK), ([2, 5], WALK)])
RULES = """
[[rule]]
name = "paths"
tags = { highway = ["footway"] }
verdict = "allowed"
"""


def small() -> WalkingNetwork:
    nodes = {"a": (0.0, 0.0), "b": (60.0, 0.0), "丙": (60.0, 60.0), "d": (0.0, 60.0)}
    edges = [
        edge("a", "b"),
        edge("b", "丙", oneway=True),
        edge("丙", "d"),
        edge("a", "b", length_m=99.0),
    ]
    return town(nodes, edges, crs="EPSG:4545")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a small town's file."""
    path = tmp_path / "town.osm"
    path.write_text(TOWN, encoding="utf-8")
    return path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list that every true reading of an OSM file is added to."""
    done: list[Path] = []

    def counted(path: Path, rules: Any) -> WalkingNetwork:
        done.append(path)
        return network_from_osm(path, rules)

    monkeypatch.setattr(osm, "network_from_osm", counted)
    return done


def kept(cache: Path) -> Path:
    """Return the only file of a cache."""
    (one,) = cache.iterdir()
    return one


@pytest.mark.parametrize("name", ["porto.osm.pbf", "monaco.osm.gz", "shenzhen_futian.graphml"])
def test_real_networks_load_as_they_were_read(name: str, tmp_path: Path) -> None:
    network = read_streets(shared_data(f"networks/{name}"))
    save_network(network, tmp_path / "n.npz", key="k")
    assert_same(load_network(tmp_path / "n.npz", key="k"), network)


def test_the_sample_loads_as_it_was_read(tmp_path: Path) -> None:
    first, second = (read_streets(SAMPLE, cache=tmp_path / "made" / "here") for _ in range(2))
    assert_same(first, second)
    assert_same(first, read_streets(SAMPLE))
    assert second.crs is not None
    assert second.crs.to_epsg() == 4545
    assert not second.node_easting_m.flags.writeable


def test_drawn_networks_load_as_they_were(tmp_path: Path) -> None:
    """Without a CRS, without a street, with one that no registry knows; twice the same bytes."""
    local = pyproj.CRS("+proj=tmerc +lat_0=0 +lon_0=108.9 +k=1 +x_0=500000 +ellps=GRS80 +units=m")
    alone = town({"a": (0.0, 0.0), "b": (5.0, 0.0)}, [edge("a", "b")])
    for number, network in enumerate(
        [small(), alone, dataclasses.replace(small(), crs=local, notes={"甲": [1, 0.1, None]})]
    ):
        one, other = tmp_path / f"{number}.npz", tmp_path / f"{number}b.npz"
        save_network(network, one, key="k")
        save_network(network, other, key="k")
        assert one.read_bytes() == other.read_bytes()
        assert_same(load_network(one), network)
        with np.load(one, allow_pickle=False) as arrays:
            assert set(arrays.files) == {*ARRAYS, "header"}


def test_every_field_is_stored() -> None:
    """A field of another kind would be forgotten: it must be named here and in the header."""
    names = {entry.name for entry in dataclasses.fields(WalkingNetwork) if entry.init}
    assert names == {*ARRAYS, "crs", "source", "attribution", "notes"}
    for name, kind in ARRAYS.items():
        assert np.issubdtype(getattr(small(), name).dtype, kind)


def test_the_second_reading_is_none(file: Path, tmp_path: Path, reads: list[Path]) -> None:
    cache = tmp_path / "cache"
    first = read_streets(file, cache=cache)
    assert_same(read_streets(str(file), cache=str(cache)), first)
    assert len(reads) == 1
    assert [one.suffix for one in cache.iterdir()] == [".npz"]


def test_one_byte_of_the_source_changes_the_key(
    file: Path, tmp_path: Path, reads: list[Path]
) -> None:
    read_streets(file, cache=tmp_path / "cache")
    file.write_text(TOWN.replace('ref="5"', 'ref="1"'), encoding="utf-8")
    changed = read_streets(file, cache=tmp_path / "cache")
    assert "5" not in changed.node_ids.tolist()
    assert len(reads) == 2


def test_one_byte_of_the_rules_changes_the_key(
    file: Path, tmp_path: Path, reads: list[Path]
) -> None:
    rules = tmp_path / "rules.toml"
    for text in (RULES, RULES.replace("paths", "pathz"), RULES + 'reason = "new"'):
        rules.write_text(text, encoding="utf-8")
        network = read_streets(file, rules=rules, cache=tmp_path / "cache")
        assert set(network.notes["rules"]) == {text.split('"')[1]}
    assert len(reads) == 3
    read_streets(file, cache=tmp_path / "cache")
    assert len(reads) == 4


def test_name_format_and_settings_change_the_key(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.osm"
    shutil.copy(file, other)
    rules = foot_rules()
    keys = [
        network_key(file, rules),
        network_key(other, rules),
        network_key(file, rules, {"gap_m": 1.0}),
        network_key(file, rules, {"gap_m": 2.0}),
    ]
    monkeypatch.setattr("planner.streets.sources.cache.FORMAT", "another")
    keys.append(network_key(file, rules))
    monkeypatch.setattr("planner.streets.sources.cache._reader_digest", lambda: "another")
    keys.append(network_key(file, rules))
    assert len(set(keys)) == 6
    with pytest.raises(InputFileError, match="nowhere"):
        read_streets(tmp_path / "nowhere.osm", cache=tmp_path)


def test_a_source_that_changes_while_read_is_not_kept(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meddled(path: Path, rules: Any) -> WalkingNetwork:
        network = network_from_osm(path, rules)
        path.write_text(TOWN.replace('ref="5"', 'ref="1"'), encoding="utf-8")
        return network

    monkeypatch.setattr(osm, "network_from_osm", meddled)
    read_streets(file, cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def rewritten(
    content: bytes, change: Callable[[dict[str, np.ndarray], dict[str, Any]], None]
) -> bytes:
    """Return a saved network with its arrays and header changed, and the seal of the old."""
    with np.load(io.BytesIO(content), allow_pickle=False) as saved:
        arrays = {name: saved[name].copy() for name in saved.files}
    header = json.loads(arrays.pop("header").tobytes())
    change(arrays, header)
    text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays, header=np.frombuffer(text, dtype=np.uint8))
    return stream.getvalue()


def members_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def resealed(members: dict[str, bytes]) -> bytes:
    """Return a saved network with the right seal: what a clever forger would write."""
    stream = io.BytesIO()
    header = np.lib.format.read_array(io.BytesIO(members["header.npy"]), allow_pickle=False)
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            if name != "header.npy":
                archive.writestr(name, content)
        entries = json.loads(header.tobytes())
        entries["seal"] = storage._seal(entries, archive.infolist())
        text = json.dumps(entries).encode()
        inner = io.BytesIO()
        np.lib.format.write_array(inner, np.frombuffer(text, dtype=np.uint8))
        archive.writestr("header.npy", inner.getvalue())
    return stream.getvalue()


def _set(name: str, value: Any) -> Callable[[dict[str, np.ndarray], dict[str, Any]], None]:
    def change(arrays: dict[str, np.ndarray], header: dict[str, Any]) -> None:
        if name in arrays:
            arrays[name] = value(arrays[name])
        else:
            header[name] = value

    return change


def _first(value: Any) -> Callable[[np.ndarray], np.ndarray]:
    def change(array: np.ndarray) -> np.ndarray:
        array[0] = value
        return array

    return change


FORGED = {
    "crs": _set("crs", "EPSG:none"),
    "source": _set("source", 3),
    "notes": _set("notes", []),
    "nodes": _set("node_ids", lambda a: a[:-1]),
    "ids": _set("node_ids", lambda a: np.arange(len(a))),
    "type": _set("arc_to", lambda a: a.astype(np.int64)),
    "order": _set("arc_length_m", lambda a: a.astype(">f8")),
    "shape": _set("segment_length_m", lambda a: a[None]),
    "beyond": _set("arc_to", _first(99)),
    "below": _set("segment_from", _first(-1)),
    "segment": _set("arc_segment", _first(1_000_000)),
    "start": _set("arc_start", lambda a: a[::-1].copy()),
    "vertices": _set("vertex_start", _first(1)),
    "length": _set("segment_length_m", _first(np.nan)),
    "negative": _set("segment_length_m", lambda a: -a),
    "place": _set("vertex_easting_m", _first(np.inf)),
    "direction": _set("arc_forward", lambda a: ~a),
    "longer": _set("arc_length_m", lambda a: a + 1),
    "elsewhere": _set("arc_to", lambda a: a[::-1].copy()),
    "missing": lambda arrays, _: arrays.__delitem__("node_part"),
    "more": lambda arrays, _: arrays.update(other=np.zeros(1)),
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_contents_are_refused(name: str, tmp_path: Path) -> None:
    """Changed by hand, with the old seal and with a new one: refused, never a crash."""
    file = tmp_path / "n.npz"
    save_network(small(), file, key="k")
    content = file.read_bytes()
    forged = rewritten(content, FORGED[name])
    for one in (forged, resealed(members_of(forged))):
        file.write_bytes(one)
        with pytest.raises(InputFileError, match=r"n\.npz") as caught:
            load_network(file, key="k")
        assert caught.value.message.key == "storage.unreadable"
    for one in (rewritten(content, lambda *_: None), resealed(members_of(content))):
        file.write_bytes(one)
        assert_same(load_network(file, key="k"), small())


def test_other_keys_and_versions_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "n.npz"
    assert caught_key(file) == "storage.file_missing"
    save_network(small(), file, key="k")
    assert caught_key(file, key="other") == "storage.other_key"
    content = file.read_bytes()
    file.write_bytes(resealed(members_of(rewritten(content, _set("format", "walking-network-0")))))
    assert caught_key(file) == "storage.other_version"
    file.write_bytes(rewritten(content, _set("key", "other")))
    assert caught_key(file, key="other") == "storage.unreadable"


def caught_key(file: Path, *, key: str | None = None) -> str:
    with pytest.raises(InputFileError) as caught:
        load_network(file, key=key)
    for language in ("zh", "en"):
        assert file.name in caught.value.text(language)
    return caught.value.message.key


def test_a_forged_cache_is_never_used(file: Path, tmp_path: Path, reads: list[Path]) -> None:
    """Another town's network under this one's name, with its own key or with this one's."""
    cache = tmp_path / "cache"
    network = read_streets(file, cache=cache)
    content = kept(cache).read_bytes()
    key = network_key(file, foot_rules())
    save_network(small(), kept(cache), key="other")
    others = [kept(cache).read_bytes(), rewritten(kept(cache).read_bytes(), _set("key", key))]
    others += [rewritten(content, _set("format", "other")), b"", b"PK", os.urandom(2000)]
    others += [
        resealed(members_of(rewritten(content, FORGED["beyond"]))),
        content[:-1],
        content[: len(content) // 2],
    ]
    for number, other in enumerate(others, start=2):
        kept(cache).write_bytes(other)
        assert_same(read_streets(file, cache=cache), network)
        assert len(reads) == number
        assert kept(cache).read_bytes() == content  # mended


def test_truncated_and_damaged_files(tmp_path: Path) -> None:
    """Cut anywhere: refused. One byte changed anywhere: refused, or nothing that matters."""
    file = tmp_path / "n.npz"
    save_network(small(), file, key="k")
    content = file.read_bytes()
    for size in range(0, len(content), 7):
        file.write_bytes(content[:size])
        assert caught_key(file, key="k") == "storage.unreadable"
    for place in range(0, len(content), 5):
        changed = bytearray(content)
        changed[place] ^= 0x55
        file.write_bytes(changed)
        try:
            network = load_network(file, key="k")
        except InputFileError:
            continue
        assert_same(network, small())


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_packed_or_called_so(tmp_path: Path, packing: int) -> None:
    """Only plain members are read: no unpacker meets bytes that a stranger wrote."""
    file = tmp_path / "n.npz"
    save_network(small(), file, key="k")
    content = file.read_bytes()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, member in members_of(content).items():
            archive.writestr(name, member)
    assert caught_key(file) == "storage.unreadable"
    called = bytearray(content)
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        called[place + 10] = packing
        place = content.find(b"PK\x01\x02", place + 1)
    file.write_bytes(called)
    assert caught_key(file) == "storage.unreadable"


def test_deep_and_endless_contents(tmp_path: Path) -> None:
    """A header nested without end, an array of more numbers than there can be."""
    file = tmp_path / "n.npz"
    save_network(small(), file, key="k")
    members = members_of(file.read_bytes())
    inner = io.BytesIO()
    deep = np.frombuffer(b"[" * 200_000, dtype=np.uint8)
    np.lib.format.write_array(inner, deep)
    wide = members["node_part.npy"].replace(b"(", b"(9999999999999, 9", 1)
    for changed in ({"header.npy": inner.getvalue()}, {"header.npy": wide}):
        with zipfile.ZipFile(file, "w") as archive:
            for name, member in (members | changed).items():
                archive.writestr(name, member)
        assert caught_key(file) == "storage.unreadable"


def test_pickles_and_trailing_bytes_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "n.npz"
    save_network(small(), file, key="k")
    members = members_of(file.read_bytes())
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array([{}], dtype=object), allow_pickle=True)
    for name, content in (
        ("node_ids.npy", stream.getvalue()),
        ("arc_to.npy", members["arc_to.npy"] + b"\0"),
        ("arc_to.npy", members["arc_to.npy"][:-1]),
        ("arc_to.npy", b""),
    ):
        file.write_bytes(resealed(members | {name: content}))
        assert caught_key(file) == "storage.unreadable"
    file.write_bytes(resealed(members))
    assert_same(load_network(file), small())


def test_where_nothing_can_be_written(
    file: Path, tmp_path: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the folder's place, a folder that refuses, a full disk: read anew each time."""
    network = read_streets(file)
    taken = tmp_path / "taken"
    taken.write_text("no folder", encoding="utf-8")
    assert_not_kept(read_streets(file, cache=taken), network, taken)
    assert_not_kept(read_streets(file, cache=taken / "below"), network, taken / "below")
    with pytest.raises(OutputFileError, match=r"n\.npz") as caught:
        save_network(network, tmp_path / "nowhere" / "n.npz", key="k")
    assert "nowhere" in caught.value.text("en")

    def full(*_: Any, **__: Any) -> None:
        text = "No space left on device"
        raise OSError(text)

    monkeypatch.setattr(np.lib.format, "write_array", full)
    found = read_streets(file, cache=tmp_path / "cache")
    assert_not_kept(found, network, tmp_path / "cache", "No space left")
    assert list((tmp_path / "cache").iterdir()) == []
    assert len(reads) == 4


def assert_not_kept(
    found: WalkingNetwork, network: WalkingNetwork, folder: Path, detail: str = ""
) -> None:
    """Assert that a run went on, and tells why the next will be as slow."""
    notes = {name: note for name, note in found.notes.items() if name != NOT_KEPT}
    assert_same(dataclasses.replace(found, notes=notes), network)
    told = not_kept(found)
    assert told is not None
    assert not_kept(network) is None
    for language in LANGUAGES:
        assert str(folder) in told.text(language)
        assert detail in told.text(language)
    assert json.dumps(found.notes)


@pytest.mark.parametrize("asked", ["is_file", "read_bytes"])
def test_a_folder_that_is_shut(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """Where the system does not even say whether a file is there: read anew."""
    network = read_streets(file, cache=tmp_path / "cache")
    key = network_key(file, foot_rules())
    saved = kept(tmp_path / "cache")

    def shut(*_: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, asked, shut)
    assert caught_key(saved) == "storage.unreadable"
    assert_same(read_through(saved.parent, lambda: key, lambda: network), network)


def test_faults_of_ours_are_not_hidden(tmp_path: Path) -> None:
    """Only what the system refuses is told as a network not kept."""
    odd = dataclasses.replace(small(), notes={"odd": object()})
    with pytest.raises(TypeError):
        read_through(tmp_path, lambda: "0" * 64, lambda: odd)

    def broken() -> WalkingNetwork:
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        read_through(tmp_path, lambda: "0" * 64, broken)


def test_a_source_that_is_gone_when_it_was_read(file: Path, tmp_path: Path) -> None:
    def gone() -> WalkingNetwork:
        network = network_from_osm(file, foot_rules())
        file.unlink()
        return network

    found = read_through(tmp_path / "cache", lambda: network_key(file, foot_rules()), gone)
    assert found.node_count
    assert not_kept(found) is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(file: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    cache.chmod(0o555)
    assert_not_kept(read_streets(file, cache=cache), read_streets(file), cache)
    assert list(cache.iterdir()) == []


def test_notes_that_no_file_can_hold(tmp_path: Path) -> None:
    odd = dataclasses.replace(small(), notes={"odd": object()})
    with pytest.raises(TypeError):
        save_network(odd, tmp_path / "n.npz", key="k")
    assert list(tmp_path.iterdir()) == []


def _save_often(path: str, times: int) -> None:
    for _ in range(times):
        save_network(small(), path, key="k")


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """Whoever looks meanwhile finds a whole file or none; nothing is left beside it."""
    file = tmp_path / "n.npz"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_save_often, args=(str(file), 60)) for _ in range(2)]
    for writer in writers:
        writer.start()
    looks = 0
    while any(writer.is_alive() for writer in writers):
        if file.exists():
            assert_same(load_network(file, key="k"), small())
            looks += 1
        else:
            time.sleep(0.01)  # they are still starting
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert looks > 0
    assert [one.name for one in tmp_path.iterdir()] == ["n.npz"]


def test_a_loaded_network_is_walked_alike(tmp_path: Path) -> None:
    from planner.streets import travel_times

    save_network(small(), tmp_path / "n.npz", key="k")
    homes = points({"h": (10.0, 5.0)}, crs="EPSG:4545")
    doors = points({"d": (0.0, 50.0)}, crs="EPSG:4545")
    one, other = (
        travel_times(network, homes, doors, limit_minutes=30.0)
        for network in (small(), load_network(tmp_path / "n.npz"))
    )
    assert len(one) == 1
    assert one["walk_minutes"].tolist() == other["walk_minutes"].tolist()
