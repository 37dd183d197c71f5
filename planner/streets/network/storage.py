"""A walking network in one file: written once, loaded in a fraction of the time it took to read.

The file is an ``.npz`` of the network's flat arrays (``numpy.load`` opens it) and a header in JSON;
nothing in it can be run. It bears a key, the fingerprint of all that it was made from, so that a
network of yesterday's streets or of other foot rules is never taken for today's.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import tokenize
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pyproj
import pyproj.exceptions

from planner.errors import InputFileError, OutputFileError
from planner.labels import message
from planner.streets.network.manners import EVERYBODY
from planner.streets.network.walking_network import WalkingNetwork

FORMAT: Final = "walking-network-2"
"""Changes whenever the file's layout does, or the meaning of what it holds."""

HEADER: Final = "header"
ENCRYPTED: Final = 1
"""Flag of an archive's member (.ZIP File Format Specification 4.4.4)."""

ARRAY_TYPES: Final[dict[str, type[np.generic]]] = {
    "FloatArray": np.float64,
    "IntArray": np.int64,
    "Int32Array": np.int32,
    "BoolArray": np.bool_,
    "TextArray": np.str_,
}
"""What the fields of :class:`WalkingNetwork` that are stored as arrays hold, by their types."""

ARRAYS: Final = {
    entry.name: ARRAY_TYPES[str(entry.type)]
    for entry in fields(WalkingNetwork)
    if str(entry.type) in ARRAY_TYPES
}

DAMAGE: Final = (
    zipfile.BadZipFile,  # checksums, headers, no archive at all
    NotImplementedError,  # an archive of a later version of its format
    EOFError,  # members that end too early
    KeyError,  # members or entries that are missing
    ValueError,  # arrays, texts and JSON that are none, and whatever is demanded here
    SyntaxError,  # NumPy's heads of arrays, which it reads as Python's own literals
    tokenize.TokenError,
    TypeError,  # entries of another type
    OverflowError,  # sizes beyond what a number holds,
    MemoryError,  # or the memory
    RecursionError,  # JSON nested beyond measure
    pyproj.exceptions.CRSError,
    OSError,  # a file that cannot be read
)
"""What a damaged, forged or foreign file brings about; anything else is a fault of ours."""

Arrays = dict[str, np.ndarray]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _seal(header: dict[str, Any], members: list[zipfile.ZipInfo]) -> str:
    """Return a fingerprint that ties a header to the arrays beside it (by their checksums)."""
    open_header = {name: value for name, value in header.items() if name != "seal"}
    arrays = sorted((one.filename, one.CRC, one.file_size) for one in members)
    return hashlib.sha256(_json([open_header, arrays])).hexdigest()


def _write_member(archive: zipfile.ZipFile, name: str, array: np.ndarray) -> None:
    entry = zipfile.ZipInfo(f"{name}.npy")  # with a fixed date: equal networks, equal files
    with archive.open(entry, "w", force_zip64=True) as member:
        np.lib.format.write_array(member, array, allow_pickle=False)


def _write(network: WalkingNetwork, file: BinaryIO, key: str) -> None:
    header: dict[str, Any] = {
        "format": FORMAT,
        "key": key,
        "crs": None if network.crs is None else network.crs.srs,
        "source": network.source,
        "attribution": network.attribution,
        "notes": network.notes,
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in ARRAYS:
            _write_member(archive, name, getattr(network, name))
        header["seal"] = _seal(header, archive.infolist())
        _write_member(archive, HEADER, np.frombuffer(_json(header), dtype=np.uint8))


def save_network(network: WalkingNetwork, path: str | PathLike[str], *, key: str) -> None:
    """Save a network in one file, which is whole or not there at all.

    Parameters
    ----------
    network
        Its ``notes`` must be such as JSON can hold.
    path
        File to write, by custom named ``.npz``; one that is there is replaced. Its folder must be
        there.
    key
        Fingerprint of what the network was made from, as
        :func:`planner.streets.sources.cache.network_key` gives it.

    Raises
    ------
    OutputFileError
        If it cannot be written.
    """
    file = Path(path)
    aside = file.with_name(f".{file.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        try:
            with aside.open("xb") as stream:
                _write(network, stream, key)
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise OutputFileError(
            message("storage.not_written", file=str(file), detail=str(error))
        ) from error


@contextmanager
def _understood(file: Path) -> Iterator[None]:
    """Turn whatever a damaged or foreign file brings about into one sentence that names it."""
    try:
        yield
    except InputFileError:
        raise
    except DAMAGE as error:
        detail = str(error).strip() or type(error).__name__
        raise InputFileError(
            message("storage.unreadable", file=str(file), detail=detail)
        ) from error


def _demand(holds: bool, fault: str) -> None:
    if not holds:
        raise ValueError(fault)


def _read_member(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    entry = archive.getinfo(f"{name}.npy")
    plain = entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & ENCRYPTED
    _demand(plain, f"{name}: not as it was stored")
    with archive.open(entry) as member:
        array: np.ndarray = np.lib.format.read_array(member, allow_pickle=False)
        _demand(not member.read(1), f"{name}: more than an array")
    return array


def _header(archive: zipfile.ZipFile, file: Path, key: str | None) -> dict[str, Any]:
    """Return the header of a file that this version wrote, with the right key and seal."""
    header: dict[str, Any] = json.loads(_read_member(archive, HEADER).tobytes())
    _demand(isinstance(header, dict), HEADER)
    if header["format"] != FORMAT:
        found = str(header["format"])
        raise InputFileError(
            message("storage.other_version", file=str(file), found=found, known=FORMAT)
        )
    if key is not None and header["key"] != key:
        raise InputFileError(message("storage.other_key", file=str(file)))
    others = [one for one in archive.infolist() if one.filename != f"{HEADER}.npy"]
    _demand(header["seal"] == _seal(header, others), "seal")
    return header


def _check_sizes(arrays: Arrays) -> None:
    """Demand that every array is of its type and of the length that its name promises."""
    count = {
        "node": len(arrays["node_ids"]),
        "segment": len(arrays["segment_from"]),
        "vertex": len(arrays["vertex_easting_m"]),
        "profile": len(arrays["profile_height_m"]),
        "arc": len(arrays["arc_to"]),
    }
    _demand(arrays["node_ids"].dtype.kind == "U", "node_ids")
    starts = {
        "vertex_start": count["segment"] + 1,
        "profile_start": count["segment"] + 1,
        "arc_start": count["node"] + 1,
    }
    for name, array in arrays.items():
        size = starts.get(name, count[name.split("_")[0]])
        wanted = array.dtype if name == "node_ids" else np.dtype(ARRAYS[name])
        _demand(array.dtype == wanted, name)
        _demand(array.shape == (size,), name)
        if ARRAYS[name] is np.float64:
            _demand(bool(np.isfinite(array).all()), name)


def _check_places(arrays: Arrays) -> None:
    """Demand that no array points beyond another: searches would read foreign memory."""
    nodes, segments = len(arrays["node_ids"]), len(arrays["segment_from"])
    for name, least, whole in (
        ("vertex_start", 2, len(arrays["vertex_easting_m"])),
        ("profile_start", 0, len(arrays["profile_height_m"])),
        ("arc_start", 0, len(arrays["arc_to"])),
    ):
        start = arrays[name]
        _demand(
            start[0] == 0 and start[-1] == whole and bool((np.diff(start) >= least).all()), name
        )
    for name, end in (
        ("segment_from", nodes),
        ("segment_to", nodes),
        ("node_part", nodes),
        ("arc_to", nodes),
        ("arc_segment", segments),
    ):
        array = arrays[name]
        _demand(not len(array) or (array.min() >= 0 and array.max() < end), name)


def _check_arcs(arrays: Arrays) -> None:
    """Demand that every arc runs along its segment, and is as long."""
    segment, forward = arrays["arc_segment"], arrays["arc_forward"]
    tail = np.repeat(np.arange(len(arrays["node_ids"])), np.diff(arrays["arc_start"]))
    first, last = arrays["segment_from"][segment], arrays["segment_to"][segment]
    _demand(bool((np.where(forward, first, last) == tail).all()), "arc_start")
    _demand(bool((np.where(forward, last, first) == arrays["arc_to"]).all()), "arc_to")
    length_m = arrays["segment_length_m"]
    _demand(bool((length_m >= 0.0).all()), "segment_length_m")
    _demand(bool((arrays["segment_pace"] >= 1.0).all()), "segment_pace")
    _demand(bool((arrays["segment_estate"] >= EVERYBODY).all()), "segment_estate")
    _demand(bool((np.diff(arrays["profile_start"]) != 1).all()), "profile_start")
    for name in ("segment_main_road", "segment_crossings_from", "segment_crossings_to"):
        _demand(bool((arrays[name] >= 0.0).all()), name)
    _demand(bool((arrays["arc_length_m"] == length_m[segment]).all()), "arc_length_m")


def _loaded(archive: zipfile.ZipFile, file: Path, key: str | None) -> WalkingNetwork:
    header = _header(archive, file, key)
    names = sorted(one.filename for one in archive.infolist())
    _demand(names == sorted(f"{name}.npy" for name in (*ARRAYS, HEADER)), "arrays")
    arrays = {name: _read_member(archive, name) for name in ARRAYS}
    _check_sizes(arrays)
    _check_places(arrays)
    _check_arcs(arrays)
    texts = [header[name] for name in ("source", "attribution")]
    _demand(all(isinstance(text, str) for text in texts), HEADER)
    _demand(isinstance(header["notes"], dict), "notes")
    crs = header["crs"]
    return WalkingNetwork(
        crs=None if crs is None else pyproj.CRS.from_user_input(str(crs)),
        **arrays,
        source=header["source"],
        attribution=header["attribution"],
        notes=header["notes"],
    )


def load_network(path: str | PathLike[str], *, key: str | None = None) -> WalkingNetwork:
    """Load a network that :func:`save_network` saved: all arrays, CRS and notes as they were.

    Parameters
    ----------
    path
        File to load.
    key
        Fingerprint that it must bear; any, if not given.

    Raises
    ------
    InputFileError
        If the file is missing, damaged, no network, of another version or of another key.
    """
    file = Path(path)
    if not file.is_file():
        raise InputFileError(message("storage.file_missing", file=str(file)))
    with _understood(file), zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        return _loaded(archive, file, key)
