"""Asking OpenStreetMap's servers through OSMnx, and judging what they answer."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import shapely

from planner.errors import PlannerError, StreetsError
from planner.labels import Message, message
from planner.streets.network.rules import foot_rules

EVERY_STREET: Final = '["highway"]'
"""Overpass filter: every way that is a street, whoever may use it. OSMnx's own ``walk`` leaves out
``access=private`` and with it the ways inside walled estates; the foot rules decide later."""

WAY_TAGS: Final = (
    "bridge",
    "tunnel",
    "layer",
    "name",
    "incline",
    "step_count",
    "crossing",
    "width",
)
"""Tags kept besides those that the foot rules look at."""
NODE_TAGS: Final = ("highway", "crossing", "crossing:signals", "barrier", "access", "foot")
"""Tags of points that a walk may wait or end at: crossings, signals, gates. Such points stay."""

_EMPTY: Final = ("No data elements", "no graph nodes")
_UNKNOWN: Final = ("returned 0 results", "did not geocode")
"""Words by which OSMnx says that there is nothing, since its errors' own types are not public."""
_BUSY: Final = (429, 504)
_DATA_DATE: Final = re.compile(rb'"timestamp_osm_base"\s*:\s*"([^"]+)"')
_REMARK: Final = re.compile(rb'"remark"\s*:\s*"(runtime [^"]*)"')
_REMARK_BYTES: Final = 2000
"""An Overpass that gives up says so at the end of its answer; streets may have remarks, too."""


def refusal(problem: Message) -> StreetsError:
    """Return the error that nothing was downloaded, and why."""
    return StreetsError(message("download.refused"), [problem])


@contextmanager
def osmnx_for(overpass: str, nominatim: str, told: dict[str, str]) -> Iterator[Any]:
    """Give OSMnx with the settings of a download; afterwards all is as it was.

    OSMnx also binds the server's name to one address for the whole process: that is undone, too.
    """
    import osmnx  # slow to load: only here, and only when it is needed

    def heard(response: Any, *_: Any, **__: Any) -> None:
        _judge(response, told)

    settings = {
        "overpass_url": overpass,
        "nominatim_url": nominatim,
        "use_cache": False,
        "cache_only_mode": False,
        "all_oneway": False,
        "doh_url_template": None,
        # Asking for a free slot first waits a minute where no server answers; one that is busy
        # says so, and OSMnx would then try again for ever: _judge ends that.
        "overpass_rate_limit": False,
        "requests_kwargs": {**osmnx.settings.requests_kwargs, "hooks": {"response": heard}},
        "useful_tags_way": sorted({*foot_rules().keys, *WAY_TAGS}),
        "useful_tags_node": sorted(NODE_TAGS),
        "http_user_agent": f"service-circle-planner ({osmnx.settings.http_user_agent})",
    }
    before = {name: getattr(osmnx.settings, name) for name in settings}
    lookup = socket.getaddrinfo
    try:
        for name, value in settings.items():
            setattr(osmnx.settings, name, value)
        yield osmnx
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)
        socket.getaddrinfo = lookup


def _judge(response: Any, told: dict[str, str]) -> None:
    """Refuse an answer that is none or cut short; note the day of its data."""
    url = response.url.partition("?")[0]
    content = response.content  # read to its end, or the connection stays open
    status = f"{response.status_code} {response.reason}".strip()
    if response.status_code in _BUSY:
        raise refusal(message("download.busy", url=url, status=status))
    if response.status_code >= 400:
        raise refusal(message("download.status", url=url, status=status))
    if not response.is_redirect:
        remark = _REMARK.search(content[-_REMARK_BYTES:])
        if remark:
            detail = remark.group(1).decode("utf-8", errors="replace")
            raise refusal(message("download.incomplete", url=url, detail=detail))
        dated = _DATA_DATE.search(content)
        if dated:
            told["data_date"] = dated.group(1).decode("ascii", errors="replace")


@contextmanager
def answered(url: str) -> Iterator[None]:
    """Turn what the libraries say of a server that is silent or strange into one sentence.

    Raises
    ------
    StreetsError
        If there is no answer, an empty one, or one that is not understood.
    """
    try:
        yield
    except PlannerError:
        raise
    except OSError as error:
        detail = type(error).__name__
        raise refusal(message("download.no_answer", url=url, detail=detail)) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        detail = str(error).strip()[:80]
        if any(words in detail for words in _EMPTY):
            raise refusal(message("download.empty", url=url)) from error
        raise refusal(message("download.not_understood", url=url, detail=detail)) from error


def place_boundary(osmnx: Any, place: str, nominatim: str) -> Any:
    """Return the area that the place service knows by a name, in degrees."""
    try:
        frame = osmnx.geocode_to_gdf(place)
    except (ValueError, TypeError) as error:
        if any(words in str(error) for words in _UNKNOWN):
            raise refusal(
                message("download.place_not_found", url=nominatim, place=place)
            ) from error
        raise
    return shapely.make_valid(frame.geometry.iloc[0])


def streets_within(osmnx: Any, area: Any, overpass: str) -> Any:
    """Return the streets of an area between junctions, gates and changes of tags."""
    graph = osmnx.graph_from_polygon(
        area,
        network_type="walk",  # both ways on every street: one-ways of cars bind no feet
        custom_filter=EVERY_STREET,
        simplify=False,
        retain_all=True,
        truncate_by_edge=True,
    )
    if not graph.number_of_edges():
        raise refusal(message("download.empty", url=overpass))
    differing = sorted({*foot_rules().keys, "bridge", "tunnel", "layer"})
    return osmnx.simplify_graph(
        graph, node_attrs_include=list(NODE_TAGS), edge_attrs_differ=differing
    )
