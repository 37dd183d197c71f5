"""Downloads from servers on this machine that give recorded answers; nothing else is asked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import geopandas
import osmnx
import pytest
from shapely.geometry import Point, box

from planner.cli import EXIT_BAD_INPUT, main
from planner.errors import OutputFileError, StreetsError
from planner.streets import read_streets
from planner.streets.sources.download import download_streets

WEST, SOUTH = 108.70, 34.32
STEP = 0.001
"""The recorded town: a block of 0.001° to a side, a gate on its private way, a footpath."""

NODES = {
    1: (0, 0, {}),
    2: (1, 0, {}),
    3: (1, 1, {}),
    4: (0, 1, {}),
    5: (0.5, 1, {"barrier": "gate"}),
    6: (0.5, 0, {}),
    7: (0.5, 0.5, {}),
}
WAYS: dict[int, tuple[list[int], dict[str, str]]] = {
    11: (
        [1, 6, 2],
        {"highway": "residential", "name": "文林路", "oneway": "yes", "remark": "改造中"},
    ),
    12: ([2, 3], {"highway": "footway", "oneway:foot": "yes"}),
    13: ([3, 5, 4], {"highway": "service", "access": "private"}),
    14: ([4, 1], {"highway": "motorway"}),
    15: ([6, 7, 5], {"highway": "construction"}),
}


def recorded() -> dict[str, Any]:
    """Return the answer of an Overpass server for the town."""
    elements: list[dict[str, Any]] = [
        {"type": "node", "id": key, "lon": WEST + e * STEP, "lat": SOUTH + n * STEP, "tags": tags}
        for key, (e, n, tags) in NODES.items()
    ]
    elements += [
        {"type": "way", "id": key, "nodes": nodes, "tags": tags}
        for key, (nodes, tags) in WAYS.items()
    ]
    dated = {"timestamp_osm_base": "2025-03-01T20:21:00Z", "copyright": "ODbL"}
    return {"version": 0.6, "osm3s": dated, "elements": elements}


AREA = box(WEST - STEP, SOUTH - STEP, WEST + 2 * STEP, SOUTH + 2 * STEP)


class Servers:
    """Overpass and Nominatim on one loopback address: what they answer, what they were asked."""

    def __init__(self) -> None:
        self.answer: bytes = json.dumps(recorded()).encode()
        self.places: list[dict[str, Any]] = []
        self.status = 200
        self.asked: list[str] = []
        self.queries: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                outer.queries.append(parse_qs(self.rfile.read(length).decode())["data"][0])
                self.reply(outer.answer)

            def do_GET(self) -> None:
                self.reply(json.dumps(outer.places).encode())

            def reply(self, body: bytes) -> None:
                outer.asked.append(f"{self.command} {urlsplit(self.path).path}")
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        if not self.thread.is_alive():
            return
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running = Servers()
    yield running
    running.close()


def boundary(folder: Path, name: str = "边界.gpkg", **how: Any) -> Path:
    file = folder / name
    frame = geopandas.GeoDataFrame(geometry=[how.pop("shape", AREA)], crs=how.pop("crs", 4326))
    frame.to_file(file)
    return file


def refusal(place: Any, out: Path, **how: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(StreetsError) as caught:
        download_streets(place, out, **how)
    told = caught.value.problems[0]
    assert len(caught.value.problems) == 1
    assert not list(out.parent.glob("*.graphml"))
    assert not list(out.parent.glob(".*"))
    return told.key, told.fields


def test_a_boundary_file_from_end_to_end(tmp_path: Path, servers: Servers) -> None:
    """One request and no place service; private and unbuilt ways come, the rules decide later."""
    before = {name: getattr(osmnx.settings, name) for name in dir(osmnx.settings)}
    lookup = socket.getaddrinfo
    done = download_streets(
        boundary(tmp_path), tmp_path / "streets.graphml", overpass=f"{servers.url}/api"
    )
    assert servers.asked == ["POST /api/interpreter"]
    assert '(way["highway"](poly:' in servers.queries[0]
    assert {name: getattr(osmnx.settings, name) for name in dir(osmnx.settings)} == before
    assert socket.getaddrinfo is lookup
    assert not (Path.cwd() / "cache").exists()
    assert done.data_date == "2025-03-01T20:21:00Z"
    network = read_streets(done.file)
    rules = network.notes["rules"]
    assert {name: rule["ways"] for name, rule in rules.items()} == {
        "street": 2,
        "foot_way": 1,
        "private": 2,
        "motorway": 1,
        "unbuilt": 1,
    }
    assert network.attribution.startswith("© OpenStreetMap")
    assert network.part_count == 1
    assert "5" in network.node_ids.tolist()  # the gate is no mere bend
    assert one_way_segments(network) == 1  # for feet; the cars' does not bind them
    graph = osmnx.load_graphml(done.file).graph
    assert graph["attribution"] == done.attribution
    assert graph["data_date"] == "2025-03-01T20:21:00Z"
    assert graph["place"] == "边界.gpkg"
    assert graph["downloaded"].endswith("+00:00")


def one_way_segments(network: Any) -> int:
    """Return how many segments are walked one way only."""
    return int((network.segment_forward != network.segment_backward).sum())


def test_streets_beyond_the_boundary_are_kept(tmp_path: Path, servers: Servers) -> None:
    """The boundary holds one corner; the block lies within 500 m of it."""
    corner = box(WEST - STEP, SOUTH - STEP, WEST + STEP / 4, SOUTH + STEP / 4)
    file = boundary(tmp_path, "corner.geojson", shape=corner)
    done = download_streets(file, tmp_path / "s.graphml", overpass=servers.url)
    assert done.nodes == 6  # the bend of the unbuilt way is none


def test_a_boundary_in_metres(tmp_path: Path, servers: Servers) -> None:
    area = geopandas.GeoSeries([AREA], crs=4326).to_crs(4545)
    file = boundary(tmp_path, shape=area.iloc[0], crs=4545)
    assert download_streets(file, tmp_path / "s.graphml", overpass=servers.url).nodes == 6


def place(name: str, shape: Any) -> dict[str, Any]:
    """Return a place as Nominatim answers."""
    west, south, east, north = shape.bounds
    return {
        "lat": str(south),
        "lon": str(west),
        "importance": 0.5,
        "name": name,
        "display_name": name,
        "boundingbox": [str(south), str(north), str(west), str(east)],
        "geojson": shape.__geo_interface__,
    }


def test_a_place_by_its_name(
    tmp_path: Path,
    servers: Servers,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Through the shell's door, the addresses by the environment and by a switch."""
    servers.places = [place("秦都区", AREA)]
    monkeypatch.setenv("PLANNER_OVERPASS", f"{servers.url}/api")
    out = tmp_path / "streets.graphml"
    words = ["download-streets", "秦都区", "--out", str(out), "--nominatim", servers.url]
    assert main(words) == 0
    printed = capsys.readouterr()
    assert "2025-03-01" in printed.out
    assert "© OpenStreetMap" in printed.out
    assert f"{servers.url}/api" in printed.err
    assert servers.asked == ["GET /search", "POST /api/interpreter"]
    assert read_streets(out).segment_count > 0


@pytest.mark.parametrize("places", [[], [place("一点", Point(WEST, SOUTH))]])
def test_a_place_that_is_not_found(
    tmp_path: Path, servers: Servers, places: list[dict[str, Any]]
) -> None:
    servers.places = places
    key, fields = refusal(
        "某地", tmp_path / "s.graphml", overpass=servers.url, nominatim=servers.url
    )
    assert (key, fields["place"]) == ("download.place_not_found", "某地")


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (json.dumps({"elements": []}).encode(), "download.empty"),
        (json.dumps({"elements": [], "remark": "runtime error: Query timed out"}).encode(),
         "download.incomplete"),
        (b"<html>Welcome</html>", "download.not_understood"),
        (b"{}", "download.not_understood"),
        (b"[]", "download.not_understood"),
        (b"", "download.not_understood"),
    ],
)  # fmt: skip
def test_answers_that_are_none(tmp_path: Path, servers: Servers, answer: bytes, key: str) -> None:
    servers.answer = answer
    file = boundary(tmp_path)
    told, fields = refusal(file, tmp_path / "s.graphml", overpass=servers.url)
    assert told == key
    assert fields["url"].startswith(servers.url)


@pytest.mark.parametrize(
    ("status", "key"),
    [(429, "busy"), (504, "busy"), (404, "status"), (500, "status"), (403, "status")],
)
def test_servers_that_refuse(tmp_path: Path, servers: Servers, status: int, key: str) -> None:
    """At once: OSMnx alone would ask a busy server again for ever."""
    servers.status = status
    told, fields = refusal(boundary(tmp_path), tmp_path / "s.graphml", overpass=servers.url)
    assert told == f"download.{key}"
    assert fields["status"].startswith(str(status))
    assert len(servers.asked) == 1


def test_streets_far_from_the_boundary_are_none(tmp_path: Path, servers: Servers) -> None:
    away = box(WEST + 1, SOUTH, WEST + 1.01, SOUTH + 0.01)
    file = boundary(tmp_path, shape=away)
    assert refusal(file, tmp_path / "s.graphml", overpass=servers.url)[0] == "download.empty"


def test_nobody_answers(tmp_path: Path, servers: Servers) -> None:
    servers.close()
    file = boundary(tmp_path)
    out = tmp_path / "s.graphml"
    assert refusal(file, out, overpass=servers.url)[0] == "download.no_answer"
    key, _ = refusal("某地", out, overpass=servers.url, nominatim=servers.url)
    assert key == "download.no_answer"


def test_what_is_refused_before_anybody_is_asked(tmp_path: Path, servers: Servers) -> None:
    file, out = boundary(tmp_path), tmp_path / "s.graphml"
    assert refusal(file, out, overpass="overpass-api.de")[0] == "download.wrong_address"
    points = boundary(tmp_path, "points.gpkg", shape=Point(WEST, SOUTH))
    assert refusal(points, out, overpass=servers.url)[0] == "download.boundary_refused"
    far = boundary(tmp_path, "far.gpkg", shape=box(5e5, 3e6, 6e5, 4e6))
    assert refusal(far, out, overpass=servers.url)[0] == "download.boundary_refused"
    for wrong in (tmp_path / "s.osm", tmp_path / "none" / "s.graphml"):
        with pytest.raises(OutputFileError):
            download_streets(file, wrong, overpass=servers.url)
    words = ["download-streets", str(tmp_path / "no.gpkg"), "--out", str(out)]
    assert main(words) == EXIT_BAD_INPUT
    assert servers.asked == []


def test_an_older_file_stays_if_the_download_fails(tmp_path: Path, servers: Servers) -> None:
    out = tmp_path / "s.graphml"
    download_streets(boundary(tmp_path), out, overpass=servers.url)
    before = out.read_bytes()
    servers.answer = b"{}"
    with pytest.raises(StreetsError):
        download_streets(tmp_path / "边界.gpkg", out, overpass=servers.url)
    assert out.read_bytes() == before
