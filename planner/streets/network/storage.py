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
import re
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pyproj
import pyproj.exceptions

from planner.errors import InputFileError, OutputFileError
from planner.labels import message
from planner.streets.network.stored_arrays import ARRAYS, check_arrays, demand
from planner.streets.network.walking_network import WalkingNetwork

FORMAT: Final = "walking-network-4"
"""Changes whenever the file's layout does, or the meaning of what it holds."""

HEADER: Final = "header"
ENCRYPTED: Final = 1
"""Flag of an archive's member (.ZIP File Format Specification 4.4.4)."""

ARRAY_HEAD: Final = re.compile(
    rb"\x93NUMPY\x01\x00[\x00-\xff]{2}"
    rb"\{'descr': '([<>|][a-zU][0-9]{1,6})', 'fortran_order': False, "
    rb"'shape': \(([0-9]{1,15}),\), \} *\n"
)
"""How an array of one dimension begins (NumPy Enhancement Proposal 1): its type and its length.
NumPy reads it as Python's own literals, and so fails in as many ways as Python does."""

DAMAGE: Final = (
    zipfile.BadZipFile,  # checksums, headers, no archive at all
    NotImplementedError,  # an archive of a later version of its format
    EOFError,  # members that end too early
    OverflowError,  # members that lie beyond what a number holds
    KeyError,  # members or entries that are missing
    ValueError,  # texts and JSON that are none, and whatever is demanded here
    RecursionError,  # JSON nested beyond measure
    OSError,  # a file that the system does not let us read
)
"""What a damaged, forged or foreign file brings about; anything else is a fault of ours."""


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


def _read_member(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    entry = archive.getinfo(f"{name}.npy")
    plain = entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & ENCRYPTED
    demand(plain, f"{name}: not as it was stored")
    content = archive.read(entry)
    head = ARRAY_HEAD.match(content)
    if head is None:
        fault = f"{name}: no array"
        raise ValueError(fault)
    descr, count = head[1].decode(), int(head[2])
    wanted = np.dtype(ARRAYS.get(name, np.uint8))
    demand(descr[:2] == wanted.str[:2] if wanted.kind == "U" else descr == wanted.str, name)
    kind = np.dtype(descr)
    demand(len(content) == head.end() + count * kind.itemsize, f"{name}: another length")
    return np.ndarray(count, kind, buffer=content, offset=head.end())


def _header(archive: zipfile.ZipFile, file: Path, key: str | None) -> dict[str, Any]:
    """Return the header of a file that this version wrote, with the right key and seal."""
    header: dict[str, Any] = json.loads(_read_member(archive, HEADER).tobytes())
    demand(isinstance(header, dict), HEADER)
    if header["format"] != FORMAT:
        found = str(header["format"])
        raise InputFileError(
            message("storage.other_version", file=str(file), found=found, known=FORMAT)
        )
    if key is not None and header["key"] != key:
        raise InputFileError(message("storage.other_key", file=str(file)))
    others = [one for one in archive.infolist() if one.filename != f"{HEADER}.npy"]
    demand(header["seal"] == _seal(header, others), "seal")
    return header


def _loaded(archive: zipfile.ZipFile, file: Path, key: str | None) -> WalkingNetwork:
    header = _header(archive, file, key)
    names = sorted(one.filename for one in archive.infolist())
    demand(names == sorted(f"{name}.npy" for name in (*ARRAYS, HEADER)), "arrays")
    arrays = {name: _read_member(archive, name) for name in ARRAYS}
    check_arrays(arrays)
    texts = [header[name] for name in ("source", "attribution")]
    demand(all(isinstance(text, str) for text in texts), HEADER)
    demand(isinstance(header["notes"], dict), "notes")
    return WalkingNetwork(
        crs=_crs(header["crs"]),
        **arrays,
        source=header["source"],
        attribution=header["attribution"],
        notes=header["notes"],
    )


def _crs(name: Any) -> pyproj.CRS | None:
    if name is None:
        return None
    try:
        return pyproj.CRS.from_user_input(str(name))
    except pyproj.exceptions.CRSError as error:  # says what PROJ thinks of it
        fault = f"crs: {name}"
        raise ValueError(fault) from error


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
        If the file is missing, cannot be read, is damaged, no network, of another version or of
        another key.
    """
    file = Path(path)
    with _understood(file):
        if not file.is_file():  # where its folder is shut, asking fails like reading
            raise InputFileError(message("storage.file_missing", file=str(file)))
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
            return _loaded(archive, file, key)
