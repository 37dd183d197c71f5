"""Saved networks cut, flipped and forged: one sentence, and nothing caught that cannot arise."""

from __future__ import annotations

import io
import json
import random
import struct
import tokenize
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.errors import InputFileError
from planner.labels import LANGUAGES
from planner.streets import load_network, save_network
from planner.streets.network import storage
from tests.streets.test_pbf import assert_same
from tests.streets.test_storage import members_of, resealed, small

DIRECTORY = b"PK\x01\x02"
"""Begins an entry of an archive's directory (.ZIP File Format Specification 4.3.12)."""


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a small town's saved network."""
    file = tmp_path_factory.mktemp("whole") / "n.npz"
    save_network(small(), file, key="k")
    return file.read_bytes()


def packed(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return stream.getvalue()


def array(values: bytes) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.frombuffer(values, dtype=np.uint8))
    return stream.getvalue()


def far_away(content: bytes) -> bytes:
    """Return the archive with its first member said to lie beyond what a number holds."""
    place = content.find(DIRECTORY)
    name, extra = struct.unpack("<HH", content[place + 28 : place + 32])
    fields = bytearray(content[place : place + 46])
    fields[42:46] = b"\xff" * 4
    fields[30:32] = struct.pack("<H", 12)
    beyond = struct.pack("<HHQ", 1, 8, 2**63 + 9)
    entry = bytes(fields) + content[place + 46 : place + 46 + name] + beyond
    rest = content[place + 46 + name + extra :]
    longer = content[:place] + entry + rest
    size = longer.rfind(b"PK\x05\x06") + 12
    whole = struct.unpack("<I", longer[size : size + 4])[0] + 12 - extra
    return longer[:size] + struct.pack("<I", whole) + longer[size + 4 :]


def of_a_later_version(content: bytes) -> bytes:
    changed = bytearray(content)
    changed[content.find(DIRECTORY) + 6] = 99
    return bytes(changed)


def too_early(content: bytes) -> bytes:
    """Return the archive with its last member, in its directory, as long as the whole."""
    changed = bytearray(content)
    place = content.rfind(DIRECTORY)
    changed[place + 20 : place + 28] = struct.pack("<II", len(content), len(content))
    return bytes(changed)


EXAMPLES: dict[type[Exception], Callable[[bytes], bytes]] = {
    zipfile.BadZipFile: lambda content: content[:-1],
    NotImplementedError: of_a_later_version,
    EOFError: too_early,
    OverflowError: far_away,
    KeyError: lambda _: packed({"other": b""}),
    ValueError: lambda content: packed({**members_of(content), "header.npy": b"no array"}),
    RecursionError: lambda _: packed({"header.npy": array(b"[" * 200_000)}),
}


def cause(file: Path, content: bytes) -> BaseException | None:
    """Return what a saved network's content brought about."""
    file.write_bytes(content)
    with pytest.raises(InputFileError) as caught:
        load_network(file, key="k")
    for language in LANGUAGES:
        assert file.name in caught.value.text(language)
    return caught.value.__cause__


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)
def test_each_kind_of_damage_arises(content: bytes, kind: type[Exception], tmp_path: Path) -> None:
    assert type(cause(tmp_path / "n.npz", EXAMPLES[kind](content))) is kind


def test_nothing_else_is_caught() -> None:
    """What the system refuses is tested with the cache (test_storage.py)."""
    assert set(storage.DAMAGE) == {*EXAMPLES, OSError}


UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, SyntaxError, tokenize.TokenError)
"""What NumPy raises of a header that is none."""


@pytest.mark.parametrize("seed", range(6))
def test_random_damage(content: bytes, seed: int, tmp_path: Path) -> None:
    """Cut, flipped anywhere, in the directory, or in one array with everything else made right."""
    chance = random.Random(seed)
    members = members_of(content)
    directory = content.find(DIRECTORY)
    met = set()
    for _ in range(150):
        changed = bytearray(content)
        how = chance.choice(["cut", "flip", "directory", "member"])
        if how == "cut":
            changed = changed[: chance.randrange(len(changed))]
        elif how == "member":
            name = chance.choice([*members, "header.npy"])
            member = bytearray(members[name])
            for _ in range(chance.randint(1, 3)):
                member[chance.randrange(len(member))] = chance.choice(
                    b"(){}[],:'\" 019<>|fUO\\\n-e\xff"
                )
            whole = members | {name: bytes(member)}
            try:
                changed = bytearray(resealed(whole))
            except UNREADABLE:
                changed = bytearray(packed(whole))  # a header that no seal fits
        else:
            first = directory if how == "directory" else 0
            for _ in range(chance.randint(1, 4)):
                changed[chance.randrange(first, len(changed))] = chance.randrange(256)
        file = tmp_path / "n.npz"
        file.write_bytes(changed)
        try:
            load_network(file, key="k")
        except InputFileError as error:
            met.add(error.message.key)
    assert "storage.unreadable" in met
    assert met <= {"storage.unreadable", "storage.other_version", "storage.other_key"}


def test_heads_of_arrays_that_only_python_would_read(content: bytes, tmp_path: Path) -> None:
    """Other types, orders and shapes than those saved, and what is no literal at all."""
    members = members_of(content)
    member = members["arc_to.npy"]
    for old, new in (
        (b"'<i4'", b"'<f4'"),
        (b"'<i4'", b"'|O4'"),
        (b"'<i4'", b"'>i4'"),
        (b"False", b"True "),
        (b",), }", b", ),}"),
        (b",), }", b"0,),}"),
        (b"(", b"(9"),
        (b"descr", b"d\\scr"),
        (b"\x93NUMPY\x01", b"\x93NUMPY\x02"),
    ):
        assert member.count(old) == 1
        changed = members | {"arc_to.npy": member.replace(old, new)}
        try:
            forged = resealed(changed)
        except (ValueError, SyntaxError):
            forged = packed(changed)
        error = cause(tmp_path / "n.npz", forged)
        assert isinstance(error, ValueError), new


def test_ids_of_any_length_and_none(tmp_path: Path) -> None:
    """What is read is what was written, also where there is nothing."""
    from dataclasses import replace

    network = replace(small(), notes={"注": json.loads("[1, 2.5, null]")})
    save_network(network, tmp_path / "n.npz", key="k")
    assert_same(load_network(tmp_path / "n.npz"), network)
    assert not load_network(tmp_path / "n.npz").profile_height_m.flags.writeable
    ids = replace(network, node_ids=np.array(["a" * 5000, "b", "", "d"]))
    save_network(ids, tmp_path / "n.npz", key="k")
    assert_same(load_network(tmp_path / "n.npz"), ids)
