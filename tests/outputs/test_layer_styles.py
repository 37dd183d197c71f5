"""QGIS opens every layer with the map's colours, its legend in the project's language, and says
whose data it is."""

from __future__ import annotations

import dataclasses
import operator
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pyogrio
import pytest

from planner.labels import Language
from planner.outputs.layers.metadata import metadata_of
from planner.outputs.layers.qml import Look, Rule, qml, quoted
from planner.outputs.layers.styles import layer_rules
from planner.outputs.layers.writing import write_layers
from planner.outputs.palette import COVERAGE_FILLS, coverage_class
from tests.outputs.town import example_content


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("styles") / "layers.gpkg"
    write_layers(example_content(), path)
    return path


def _styles(package: Path) -> dict[str, ElementTree.Element]:
    table = pyogrio.read_dataframe(package, layer="layer_styles")
    assert table["useAsDefault"].astype(bool).all()
    assert set(table["f_geometry_column"]) == {"geom"}
    return {
        row["f_table_name"]: ElementTree.fromstring(row["styleQML"].split("\n", 1)[1])
        for row in table.to_dict("records")
    }


def test_every_drawn_layer_has_a_style_and_every_rule_its_symbol(package: Path) -> None:
    styles = _styles(package)
    drawn = {str(name) for name, kind in pyogrio.list_layers(package) if kind is not None}
    assert set(styles) == drawn
    for name, style in styles.items():
        rules = style.findall("renderer-v2/rules/rule")
        symbols = {one.get("name"): one for one in style.findall("renderer-v2/symbols/symbol")}
        assert [one.get("symbol") for one in rules] == list(symbols)
        assert all(one.get("label") for one in rules)
        kinds = {one.get("type") for one in symbols.values()}
        shape = str(pyogrio.read_info(package, layer=name)["geometry_type"])
        expected = "fill" if "Polygon" in shape else "line" if "Line" in shape else "marker"
        assert kinds == {expected}, name
        field = style.find("labeling/settings/text-style")
        if field is not None:
            assert field.get("fieldName") in pyogrio.read_info(package, layer=name)["fields"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_that_a_filter_asks_for_is_a_word_of_the_layer(
    language: Language, tmp_path: Path
) -> None:
    path = tmp_path / "layers.gpkg"
    write_layers(example_content(language), path)
    for name, rules in layer_rules(language).items():
        table = pyogrio.read_dataframe(path, layer=name)
        for column in {one for rule in rules for one in re.findall(r'"(\w+)"', rule.where)}:
            assert column in table.columns, (name, column)
        asked = {
            (column, told)
            for rule in rules
            for column, words in re.findall(r'"(\w+)" IN \(([^)]*)\)', rule.where)
            for told in re.findall(r"'([^']*)'", words)
        }
        for column in {column for column, _ in asked}:
            known = {told for of, told in asked if of == column}
            rest = any(rule.where == "" for rule in rules)
            assert rest or set(table[column].dropna()) <= known, (name, column)


def _holds(where: str, share: float) -> bool:
    compared = {">=": operator.ge, "<": operator.lt}
    parts = [part.split() for part in where.split(" AND ")]
    return all(compared[sign](share, float(bound)) for _, sign, bound in parts)


def test_the_steps_of_coverage_are_those_of_the_map() -> None:
    rules = layer_rules("zh")["communities"]
    for share in (1.0, 0.9, 0.8999, 0.6, 0.3, 0.2999, 0.0):
        met = [rule for rule in rules if rule.where and _holds(rule.where, share)]
        assert [rule.look.color for rule in met] == [COVERAGE_FILLS[coverage_class(share)]]
    assert rules[-1].look.color == COVERAGE_FILLS["nobody"]


def test_grades_bear_a_pattern_beside_their_colour() -> None:
    patterns = [rule.look.pattern for rule in layer_rules("zh")["gap_areas"]]
    assert patterns == ["crosshatch", "diagonal", "dots", "plain"]
    style = qml([Rule("", "红", Look("fill", "#ec9a92", "#9c1420", pattern="crosshatch"))])
    assert style.count('class="SimpleFill"') == 2
    assert 'value="diagonal_x"' in style


def test_marks_without_a_ground_are_drawn_in_their_own_colour() -> None:
    looks = [rule.look for rules in layer_rules("zh").values() for rule in rules]
    strokes = [look for look in looks if look.shape in ("cross", "cross2")]
    assert strokes
    assert all(look.is_open for look in strokes)


def test_names_in_filters_are_quoted() -> None:
    assert quoted("a'b\\c") == "'a''b\\\\c'"
    style = qml([Rule("\"name\" = '<&'", '<"&', Look("line", "#000000"))])
    root = ElementTree.fromstring(style.split("\n", 1)[1])
    rule = root.find("renderer-v2/rules/rule")
    assert rule is not None
    assert (rule.get("filter"), rule.get("label")) == ("\"name\" = '<&'", '<"&')


def test_metadata_tell_whose_data_and_the_stamp(package: Path) -> None:
    asked = (
        "SELECT r.table_name, m.metadata FROM gpkg_metadata m "
        "JOIN gpkg_metadata_reference r ON r.md_file_id = m.id"
    )
    with closing(sqlite3.connect(package)) as file:
        told = dict(file.execute(asked).fetchall())
        named = {row[0] for row in file.execute("SELECT extension_name FROM gpkg_extensions")}
    assert {"gpkg_schema", "gpkg_metadata"} <= named
    for layer, text in told.items():
        root = ElementTree.fromstring(text.split("\n", 1)[1])
        assert root.findtext("identifier") == layer
        rights = [one.text or "" for one in root.findall("rights")]
        assert any("OpenStreetMap" in one for one in rights)
        abstract = root.findtext("abstract") or ""
        assert "内部工作用图 未经审图 不得公开" in abstract
        assert "合成数据" in abstract


def test_a_review_number_takes_the_place_of_the_stamp() -> None:
    content = example_content()
    about = dataclasses.replace(content.about, map_review_number="GS(2026)1号", synthetic=False)
    told = metadata_of(dataclasses.replace(content, about=about), {"centres": "设施"})["centres"]
    assert "审图号：GS(2026)1号" in told
    assert "未经审图" not in told
