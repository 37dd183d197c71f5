"""Addresses asked of a service on this machine that answers as the real ones do."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pyproj
import pytest

from planner.cli import EXIT_BAD_INPUT, EXIT_INTERRUPTED, main
from planner.datum import from_wgs84, to_wgs84
from planner.errors import LedgerError, OutputFileError
from planner.ledgers import LedgerSource, read_addresses
from planner.ledgers.geocoder import Geocoder, geocoder, known_services
from planner.ledgers.geocoding import COLUMNS, Geocoded, geocode_addresses
from planner.ledgers.raw import decoded
from planner.workflow.inputs.project import read_project
from planner.workflow.inputs.reading import ledger_source
from tests.ledgers import zoo
from tests.workflow.town import write_town

EAST, NORTH = 108.7, 34.33
KEY = "秘密-key-1"
Reply = tuple[int, bytes]
GARBAGE = 0


def said(**reply: Any) -> Reply:
    return 200, json.dumps(reply, ensure_ascii=False).encode()


def found(east: float = EAST, north: float = NORTH, level: str = "门牌号") -> Reply:
    """Return what 高德 answers for a place."""
    place = {"location": f"{east},{north}", "level": level, "formatted_address": "=某市甲路1号"}
    return said(status="1", info="OK", geocodes=[place])


class Service:
    """A service on a loopback address: what it answers to which address, what it was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.otherwise: Callable[[str], Reply] = lambda _: found()
        self.asked: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                words = {name: one[0] for name, one in parse_qs(urlsplit(self.path).query).items()}
                outer.asked.append(words)
                address = words.get("address", words.get("q", ""))
                planned = outer.replies.get(address)
                status, body = planned.pop(0) if planned else outer.otherwise(address)
                if status == GARBAGE:
                    self.wfile.write(b"no HTTP at all\r\n\r\n")
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/geo"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def file(self, folder: Path, name: str = "amap", **change: str) -> str:
        """Return a copy of a service's file that asks here, without pauses."""
        own = resources.files("planner.ledgers") / "geocoders" / f"{name}.toml"
        text = own.read_text("utf-8")
        lines = [line for line in text.splitlines() if not line.startswith(("url", "interval_s"))]
        changed = "\n".join(lines)
        for old, new in change.items():
            changed = changed.replace(old, new)
        path = folder / f"{name}_here.toml"
        path.write_text(f'url = "{self.url}"\ninterval_s = 0.0\n{changed}', encoding="utf-8")
        return str(path)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("AMAP", "BAIDU", "TENCENT", "TIANDITU"):
        monkeypatch.setenv(f"PLANNER_{name}_KEY", KEY)
    running = Service()
    yield running
    running.server.shutdown()
    running.server.server_close()
    running.thread.join()


def here(service: Service, folder: Path) -> Geocoder:
    return geocoder(service.file(folder))


def table(file: Path) -> dict[str, dict[str, str]]:
    text, _ = decoded(file.read_bytes(), LedgerSource(file))
    return {row["地址"]: row for row in csv.DictReader(io.StringIO(text))}


def test_answers_are_kept_with_source_and_day(service: Service, tmp_path: Path) -> None:
    service.replies = {
        "乙路2号": [found(level="区县")],
        "丙路3号": [said(status="1", info="OK", geocodes=[])],
    }
    out = tmp_path / "地址表.csv"
    addresses = ["乙路2号", "甲路1号", "丙路3号", "甲路１号", "", " 甲路1号 "]
    done = geocode_addresses(addresses, here(service, tmp_path), out)
    assert (done.placed, done.coarse, done.nothing) == (("甲路1号",), ("乙路2号",), ("丙路3号",))
    assert (done.known, done.left, done.failed, done.stopped) == (0, 0, (), None)
    assert done.datum == "gcj02"
    rows = table(out)
    assert list(rows) == ["丙路3号", "乙路2号", "甲路1号"]
    one = rows["甲路1号"]
    assert (one["经度"], one["纬度"], one["坐标系"]) == ("108.700000", "34.330000", "gcj02")
    assert (one["来源"], one["精度"], one["匹配到"]) == ("高德", "门牌号", "某市甲路1号")
    assert len(one["日期"]) == len("2026-01-01")
    assert rows["乙路2号"]["经度"] == ""
    assert rows["乙路2号"]["低精度位置"] == "108.700000 34.330000"
    assert rows["丙路3号"]["说明"] == "无结果"
    # Only the address, the key and what the service's file says were sent.
    assert [set(words) for words in service.asked] == [{"address", "key", "output"}] * 3
    assert KEY not in out.read_text("utf-8-sig")
    # The table is one that [addresses] reads, and nothing in it is doubtful but the two without.
    read = read_addresses(LedgerSource(out, "gcj02"), crs=zoo.METRES)
    assert list(read.places) == ["甲路1号"]
    doubts = read.findings[read.findings["severity"] != "note"]
    assert doubts["key"].to_list() == ["datum.address_without_place"] * 2


def test_an_address_is_never_asked_twice(service: Service, tmp_path: Path) -> None:
    out, asked = tmp_path / "a.csv", here(service, tmp_path)
    service.replies = {"乙路2号": [said(status="1", geocodes=[])]}
    geocode_addresses(["甲路1号", "乙路2号"], asked, out)
    before = out.read_bytes()
    done = geocode_addresses(["甲路１号", "乙路2号"], asked, out)
    assert (done.known, done.left) == (2, 0)
    assert out.read_bytes() == before
    geocode_addresses(["甲路1号", "乙路2号", "丙路3号"], asked, out)
    assert [words["address"] for words in service.asked] == ["乙路2号", "甲路1号", "丙路3号"]


def test_the_limit_leaves_the_rest_for_next_time(service: Service, tmp_path: Path) -> None:
    done = geocode_addresses(
        ["甲路1号", "乙路2号", "丙路3号"], here(service, tmp_path), tmp_path / "a.csv", limit=1
    )
    assert (len(done.placed), done.left) == (1, 2)


def test_a_busy_server_is_asked_again(service: Service, tmp_path: Path) -> None:
    service.replies = {
        "甲路1号": [(500, b""), (503, b""), found()],
        "乙路2号": [(404, b""), found()],
    }
    done = geocode_addresses(["甲路1号", "乙路2号"], here(service, tmp_path), tmp_path / "a.csv")
    assert done.placed == ("甲路1号",)
    assert done.failed == (("乙路2号", "HTTP 404"),)
    assert len(service.asked) == 4
    assert list(table(tmp_path / "a.csv")) == ["甲路1号"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [((GARBAGE, b""), "BadStatusLine"), ((200, b"<html>"), "JSON"),
     ((200, b"\xff\xfe"), "JSON"), ((500, b""), "HTTP 500"),
     (said(status="1", geocodes=[{"location": "x,y"}]), "JSON"),
     (said(status="1", geocodes=[{"location": "200,34"}]), "JSON")],
)  # fmt: skip
def test_a_service_that_is_gone_is_left_alone(
    service: Service, tmp_path: Path, reply: Reply, reason: str
) -> None:
    service.otherwise = lambda address: found() if address == "A路1号" else reply
    addresses = ["A路1号", *(f"B路{number}号" for number in range(1, 7))]
    done = geocode_addresses(addresses, here(service, tmp_path), tmp_path / "a.csv")
    assert done.placed == ("A路1号",)
    assert [why for _, why in done.failed] == [reason] * 3
    assert done.left == 3
    assert done.stopped is not None
    assert done.stopped.key == "geocoding.no_answers"


def test_odd_but_whole_json_is_no_answer(service: Service, tmp_path: Path) -> None:
    odd: tuple[Any, ...] = ([], None, {}, [7], [{"location": []}])
    replies = [said(status="1", geocodes=one) for one in odd]
    service.replies = {f"B路{number}号": [reply] for number, reply in enumerate(replies, start=1)}
    done = geocode_addresses(list(service.replies), here(service, tmp_path), tmp_path / "a.csv")
    assert done.nothing == tuple(service.replies)


def test_a_used_up_quota_stops_and_keeps_what_there_is(service: Service, tmp_path: Path) -> None:
    over = said(status="0", info=f"DAILY_QUERY_OVER_LIMIT {KEY}", infocode="10003")
    service.otherwise = lambda address: found() if address < "C" else over
    out = tmp_path / "a.csv"
    done = geocode_addresses(["B路1号", "C路1号", "D路1号"], here(service, tmp_path), out)
    assert done.stopped is not None
    assert "DAILY_QUERY_OVER_LIMIT ***" in done.stopped.text()
    assert KEY not in done.stopped.text()
    assert (done.placed, done.left, len(service.asked)) == (("B路1号",), 2, 2)
    assert list(table(out)) == ["B路1号"]


def test_an_interruption_keeps_what_was_answered(service: Service, tmp_path: Path) -> None:
    def interrupt(number: int, *_: object) -> None:
        if number == 3:
            raise KeyboardInterrupt

    out, asked = tmp_path / "a.csv", here(service, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        geocode_addresses(["B路1号", "C路1号", "D路1号"], asked, out, progress=interrupt)
    assert list(table(out)) == ["B路1号", "C路1号"]
    assert [file.name for file in tmp_path.glob(".*")] == []
    assert geocode_addresses(["B路1号", "C路1号", "D路1号"], asked, out).placed == ("D路1号",)


def test_a_planners_own_table_is_extended_in_its_own_datum(
    service: Service, tmp_path: Path
) -> None:
    out = zoo.write_csv(
        tmp_path / "a.csv",
        ("备注", "地址", "经度", "纬度"),
        [["甲", "B路1号", 108.6, 34.3]],
        "gb18030",
    )
    asked = here(service, tmp_path)
    with pytest.raises(LedgerError) as caught:
        geocode_addresses(["C路1号"], asked, out)
    assert caught.value.message.key == "geocoding.datum_unknown"
    done = geocode_addresses(["C路1号"], asked, out, datum="bd09")
    assert (done.datum, done.known) == ("bd09", 0)
    rows = table(out)
    assert rows["B路1号"]["备注"] == "甲"
    there = float(rows["C路1号"]["经度"]), float(rows["C路1号"]["纬度"])
    wanted = from_wgs84(*to_wgs84(EAST, NORTH, "gcj02"), "bd09")
    np.testing.assert_allclose(there, wanted, atol=1e-6)
    assert geocode_addresses(["D路1号"], asked, out).datum == "bd09"
    with pytest.raises(LedgerError):
        geocode_addresses(["E路1号"], asked, out, datum="wgs84")


def test_tables_that_are_none_are_refused_before_anything_is_asked(
    service: Service, tmp_path: Path
) -> None:
    asked = here(service, tmp_path)
    other = zoo.write_csv(tmp_path / "b.csv", ("编号", "名称"), [["1", "2"]])
    with pytest.raises(LedgerError) as caught:
        geocode_addresses(["甲路1号"], asked, other)
    assert caught.value.message.key == "geocoding.other_table"
    for out, key in ((tmp_path / "a.xlsx", "not_csv"), (tmp_path / "no" / "a.csv", "cannot_write")):
        with pytest.raises(OutputFileError) as refused:
            geocode_addresses(["甲路1号"], asked, out)
        assert refused.value.message.key == f"geocoding.{key}"
    assert service.asked == []


ANSWERS: dict[str, tuple[Reply, Reply, Reply | None]] = {
    # A place, one too coarse, nothing found: as each service's documentation has them.
    "amap": (found(), found(level="市"), said(status="1", count="0", geocodes=[])),
    "baidu": (
        said(status=0, result={"location": {"lng": EAST, "lat": NORTH}, "level": "门址"}),
        said(status=0, result={"location": {"lng": EAST, "lat": NORTH}, "level": "道路"}),
        said(status=0, result={}),
    ),
    "tencent": (
        said(status=0, result={"location": {"lng": EAST, "lat": NORTH}, "level": 9}),
        said(status=0, result={"location": {"lng": EAST, "lat": NORTH}, "level": 2}),
        said(status=347, message="查询无结果"),
    ),
    "tianditu": (
        said(status="0", location={"lon": str(EAST), "lat": str(NORTH), "level": "地名地址"}),
        said(status="0", location={"lon": str(EAST), "lat": str(NORTH), "level": "行政区划"}),
        said(status="101", msg="结果为空"),
    ),
    "nominatim": (
        (200, json.dumps([{"lat": str(NORTH), "lon": str(EAST), "place_rank": 30}]).encode()),
        (200, json.dumps([{"lat": str(NORTH), "lon": str(EAST), "place_rank": 16}]).encode()),
        (200, b"[]"),
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_service_that_comes_with_the_planner(
    service: Service, tmp_path: Path, name: str
) -> None:
    asked = geocoder(service.file(tmp_path, name))
    answers = []
    for reply in ANSWERS[name]:
        assert reply is not None
        service.otherwise = lambda _, reply=reply: reply  # type: ignore[misc]
        answers.append(asked.ask('甲"路&1号'))
    fine, coarse, nothing = answers
    assert fine.is_fine
    assert coarse.is_coarse
    assert (fine.longitude, fine.latitude) == (coarse.longitude, coarse.latitude) == (EAST, NORTH)
    assert not nothing.is_fine
    assert np.isnan(nothing.longitude)
    sent = " ".join(service.asked[0].values())
    assert '甲"路&1号' in sent or json.loads(service.asked[0]["ds"]) == {"keyWord": '甲"路&1号'}
    assert (KEY in sent) == bool(asked.key_variable)
    assert KEY not in repr(asked)


def test_the_services_that_come_with_the_planner() -> None:
    assert set(known_services()) == set(ANSWERS)


def test_without_a_key_or_with_a_wrong_file_nothing_is_asked(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLANNER_AMAP_KEY")
    for name, key in (
        ("amap", "no_key"), ("nominatim", "file_refused"), ("googol", "no_service"),
        (str(tmp_path / "none.toml"), "file_refused"),
        (service.file(tmp_path, "baidu", gcj02="gcj-02"), "file_refused"),
        (service.file(tmp_path, "tencent", found="fund"), "file_refused"),
        (service.file(tmp_path, "tianditu", key_variable="key"), "file_refused"),
    ):  # fmt: skip
        with pytest.raises(LedgerError) as caught:
            geocoder(name)
        assert caught.value.message.key == f"geocoding.{key}", name


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Return a project with two centres that say only an address, and one that says nothing."""
    folder = write_town(tmp_path / "town")
    headings = (
        "编号",
        "名称",
        "设施类型",
        "运营状态",
        "地址",
        "联系人",
        "经度",
        "纬度",
        "建筑面积",
    )
    rows = [
        ["C1", "甲", "日间照料", "运营", "甲路1号", zoo.NAME, "", "", 300],
        ["C2", "乙", "日间照料", "运营", "乙路2号", zoo.NAME, "", "", 300],
        ["C3", "丙", "日间照料", "运营", "", zoo.NAME, "", "", 300],
        ["C4", "丁", "日间照料", "运营", "丁路4号", zoo.NAME, EAST, NORTH, 300],
    ]
    zoo.write_csv(folder / "centres.csv", headings, rows)
    return folder


def test_the_command(
    service: Service, town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.replies = {"乙路2号": [found(level="区县")]}
    assert main(["geocode", str(town), "--service", service.file(tmp_path)]) == 0
    told = capsys.readouterr()
    assert [words["address"] for words in service.asked] == ["乙路2号", "甲路1号"]
    assert "3 处设施没有坐标" in told.out
    assert "精度不足：乙路2号" in told.out
    assert "C3" in told.out
    assert 'datum = "gcj02"' in told.out
    assert KEY not in told.out + told.err
    assert zoo.NAME not in str(service.asked)
    assert list(table(town / "地址表.csv")) == ["乙路2号", "甲路1号"]
    settings = town / "project.toml"
    section = '\n[addresses]\nfile = "地址表.csv"\ndatum = "gcj02"\n'
    settings.write_text(settings.read_text("utf-8") + section, encoding="utf-8")
    assert main(["geocode", str(town), "--service", service.file(tmp_path)]) == 0
    assert len(service.asked) == 2


def test_the_command_ends_as_others_do(
    service: Service,
    town: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ["geocode", str(town), "--service", service.file(tmp_path)]
    service.otherwise = lambda _: said(status="0", info="INVALID_USER_KEY")
    assert main(words) == EXIT_BAD_INPUT
    assert "INVALID_USER_KEY" in capsys.readouterr().err

    def interrupted(*_: object) -> Geocoded:
        raise KeyboardInterrupt

    monkeypatch.setattr(Geocoder, "ask", interrupted)
    assert main(words) == EXIT_INTERRUPTED
    assert list(table(town / "地址表.csv")) == []
    assert (town / "地址表.csv").read_text("utf-8-sig").strip() == ",".join(COLUMNS)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_asks_nobody(
    service: Service, town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: int
) -> None:
    words = ["geocode", str(town), "--service", service.file(tmp_path), "--limit", str(limit)]
    assert main(words) == EXIT_BAD_INPUT
    assert f"--limit 须不小于 1，现为 {limit}" in capsys.readouterr().err
    assert service.asked == []
    assert not (town / "地址表.csv").exists()


@pytest.mark.parametrize("declared", [None, "gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("made", [False, True])
def test_the_table_stays_in_an_encoding_that_is_read_again(
    service: Service, town: Path, tmp_path: Path, declared: str | None, made: bool
) -> None:
    out = town / "a.csv"
    if made:
        text = "地址,经度,纬度,备注,坐标系\n旧址一号,108.7,34.3,留,gcj02\n"
        out.write_bytes(text.encode(declared or "gb18030"))
    said = f'encoding = "{declared}"\n' if declared else ""
    settings = town / "project.toml"
    section = f'\n[addresses]\nfile = "a.csv"\ndatum = "gcj02"\n{said}'
    settings.write_text(settings.read_text("utf-8") + section, encoding="utf-8")
    for _ in range(2):
        assert main(["geocode", str(town), "--service", service.file(tmp_path)]) == 0
    assert len(service.asked) == 2
    named = read_project(town).scenario.addresses
    assert named is not None
    source = ledger_source(town, named)
    places = read_addresses(source, crs=pyproj.CRS(4545)).places
    assert {"甲路1号", "乙路2号"} <= {"".join(one) for one in places}
    assert not made or "留" in out.read_bytes().decode(declared or "gb18030")


def test_an_address_that_the_encoding_cannot_hold_is_refused_before_asking(
    service: Service, tmp_path: Path
) -> None:
    out = tmp_path / "a.csv"
    with pytest.raises(LedgerError) as caught:
        geocode_addresses(["𠮷路1号"], here(service, tmp_path), out, encoding="gbk")
    assert caught.value.message.key == "geocoding.cannot_encode"
    assert service.asked == []
    assert not out.exists()


def test_a_run_still_wants_the_table_that_it_names(
    service: Service, town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = town / "project.toml"
    section = '\n[addresses]\nfile = "a.csv"\ndatum = "gcj02"\n'
    settings.write_text(settings.read_text("utf-8") + section, encoding="utf-8")
    assert main(["run", str(town), "--out", str(tmp_path / "out")]) == EXIT_BAD_INPUT
    assert "a.csv" in capsys.readouterr().err
    other = tmp_path / "b.csv"
    words = ["geocode", str(town), "--service", service.file(tmp_path), "--out", str(other)]
    assert main(words) == 0
    assert list(table(other)) == ["乙路2号", "甲路1号"]
