"""The report: its order, its paper, its words; the same bytes twice; odd districts and names."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Pt

from planner.labels import Language
from planner.outputs.content import CentrePage, PlanContent
from planner.outputs.report.numbering import chinese
from planner.outputs.report.writing import write_report
from tests.outputs.report.reading import Read, read, xml_of
from tests.outputs.town import HOSTILE_NAMES, empty_content, example_content

CHAPTERS = (
    "第一部分　评估报告", "一、总述", "二、方法与资料来源", "三、步行覆盖", "四、缺口与成因",
    "五、设施对照标准", "六、敏感性与公平", "七、局限与须注意的事项", "第二部分　整改方案",
    "八、设施整改", "九、选址方案", "十、近期项目库与资金", "十一、近期与远期",
)  # fmt: skip
ANNEXES = ("附录一　数据质量", "附录二　用语")


def written(content: PlanContent, folder: Path) -> Path:
    path = folder / "report.docx"
    write_report(content, path)
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(example_content(), tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def report(path: Path) -> Read:
    return read(path)


def failing(count: int) -> tuple[CentrePage, ...]:
    return tuple(
        CentrePage(
            title=f"第{number}中心",
            facts=(("编号", f"C{number:03d}"), ("缺陷数", "1")),
            findings=((f"条款{number}", "≥ 1", "0", "短缺 1", "应"),),
            measures=((f"措施{number}", 12.5, None, "一级", "可行"),),
            lines=(("备选措施", f"备选{number}"),),
        )
        for number in range(1, count + 1)
    )


def test_both_parts_stand_in_the_order_of_a_bureau(report: Read) -> None:
    assert tuple(text for level, text in report.headings if level < 3) == CHAPTERS + ANNEXES


def test_the_contents_are_a_field_filled_in_with_every_heading(path: Path, report: Read) -> None:
    xml = xml_of(path)
    assert xml.count(r'TOC \o "1-3" \h \z \u') == 1
    anchors = re.findall(r'<w:hyperlink w:anchor="(\w+)"[^>]*>(.*?)</w:hyperlink>', xml)
    listed = [re.sub("<[^>]+>", "", inside.split("<w:tab/>")[0]) for _, inside in anchors]
    assert listed == [text for level, text in report.headings if level < 4]
    names = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="(\w+)"/>', xml)
    assert [anchor for anchor, _ in anchors] == names
    assert len(set(names)) == len(names) == xml.count("PAGEREF ")
    assert xml.count('fldCharType="begin"') == xml.count('fldCharType="end"')
    assert "updateFields" in xml_of(path, "word/settings.xml")


def test_the_paper_is_that_of_official_documents(path: Path) -> None:
    paper = Document(str(path))
    (part,) = paper.sections
    sizes = (
        part.page_width, part.page_height, part.top_margin, part.bottom_margin, part.left_margin,
        part.right_margin,
    )  # fmt: skip
    assert [round(one.mm, 1) for one in sizes if one] == [210, 297, 37, 35, 28, 26]
    faces = {"Normal": ("仿宋", 16), "Heading 1": ("黑体", 22), "Heading 2": ("黑体", 16),
             "Report Cell": ("仿宋", 9)}  # fmt: skip
    for name, (face, points) in faces.items():
        style = paper.styles[name]
        xml = style.element.xml
        assert f'w:eastAsia="{face}"' in xml
        assert 'w:ascii="Times New Roman"' in xml
        assert "Theme" not in xml
        assert style.font.size == Pt(points)


def test_heads_repeat_rows_hold_together_and_figures_stand_to_the_right(path: Path) -> None:
    tables = xml_of(path).split("<w:tbl>")[1:]
    assert len(tables) > 20
    for table in tables:
        rows = re.findall(r"<w:tr>.*?</w:tr>", table, re.DOTALL)
        assert ["<w:tblHeader/>" in row for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all("<w:cantSplit/>" in row for row in rows)
    (streets,) = [table for table in tables if "青渡街道" in table and "运营设施" in table]
    row = re.findall(r"<w:tr>.*?</w:tr>", streets, re.DOTALL)[1]
    places = re.findall(r'<w:jc w:val="(\w+)"/>', row)
    assert places == ["left", *["right"] * 6]


def test_header_footer_and_marks(path: Path, report: Read) -> None:
    (part,) = Document(str(path)).sections
    assert (
        "青渡示范区一刻钟养老服务圈评估报告与整改方案　合成数据" in part.header.paragraphs[0].text
    )
    assert " PAGE " in part.footer._element.xml
    cover = report.texts[:7]
    assert any(one.startswith("合成数据：") for one in cover)
    assert "内部工作用图 未经审图 不得公开" in cover
    assert "人口口径：常住人口，截止日期：2024-12-31。" in cover
    assert any("© OpenStreetMap contributors, ODbL 1.0" in one for one in cover)
    reviewed = dataclasses.replace(example_content().about, map_review_number="陕S(2025)1号",
                                   synthetic=False)  # fmt: skip
    told = read(written(example_content(about=reviewed), path.parent))
    assert "审图号：陕S(2025)1号" in told.texts
    assert not any("合成数据：" in one for one in told.texts)
    written(example_content(), path.parent)


def test_the_same_content_makes_the_same_bytes_and_no_date(path: Path, tmp_path: Path) -> None:
    again = written(example_content(), tmp_path)
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(again) as file:
        assert {one.date_time[:3] for one in file.infolist()} == {(1980, 1, 1)}
    kept = Document(str(again)).core_properties
    assert kept.created is not None
    assert kept.modified is not None
    assert (kept.created.year, kept.modified.year, kept.revision) == (1980, 1980, 1)


def test_names_are_data(report: Read) -> None:
    words = report.all_text
    for name in (HOSTILE_NAMES[0], HOSTILE_NAMES[2], HOSTILE_NAMES[3]):
        assert name in words


def test_what_xml_refuses_is_cleaned_in_sight(tmp_path: Path) -> None:
    bad = "甲\x0b乙\x00&<中心>\ud800]]>"
    content = example_content(centre_pages=(dataclasses.replace(failing(1)[0], title=bad),))
    content = dataclasses.replace(content, about=dataclasses.replace(content.about, title=bad))
    words = read(written(content, tmp_path)).all_text
    assert words.count("甲�乙�&<中心>�]]>") >= 3


def test_figures_of_the_summary_are_those_of_the_content(report: Read) -> None:
    head = example_content().headline
    after = (head.elderly_60.covered + 1150) / head.elderly_60.total
    five = {row[0]: row[1] for row in report.table("五个关键数字")[1:]}
    assert five == {
        "步行可达率（60岁以上）": f"{head.elderly_60.covered / head.elderly_60.total:.1%}",
        "走不到的老年人（人）": f"{head.elderly_60.uncovered:,.0f}",
        "社区设施覆盖率": f"{7 / 11:.1%}",
        "建筑面积短缺（m²）": "5,475",
        "实施选址方案后的步行可达率": f"{after:.1%}",
    }  # fmt: skip


def test_few_failing_centres_stand_in_the_chapter_many_in_an_annex(tmp_path: Path) -> None:
    for count, has_annex in ((20, False), (21, True)):
        told = read(written(example_content(centre_pages=failing(count)), tmp_path))
        titles = [text for level, text in told.headings if level < 3]
        assert ("附录一　不达标设施逐处整改" in titles) == has_annex
        items = [text for level, text in told.headings if level == 4]
        assert items == [f"{number}．第{number}中心" for number in range(1, count + 1)]
        words = told.all_text
        for number in range(1, count + 1):
            for word in ("条款", "措施", "备选"):
                assert f"{word}{number}" in words
        assert (f"以上 {count} 处设施每处的问题与措施全部列在附录一" in words) == has_annex
        assert len(told.table("不达标设施一览")) == count + 1


@pytest.mark.parametrize("siting", ["none", "gap", "weights", "best", "withheld", "kept"])
def test_the_proof_says_no_more_than_is_known(siting: str, tmp_path: Path) -> None:
    content = example_content()
    assert content.siting is not None
    changes = {"none": None, "best": content.siting,
               "gap": dataclasses.replace(content.siting, gap=0.02),
               "withheld": dataclasses.replace(content.siting, bound=None, is_withheld=True,
                                               covered_before=None, covered_after=None),
               "kept": dataclasses.replace(content.siting, fewest_kept=2),
               "weights": dataclasses.replace(content.siting, bound=None, gap=0.0)}  # fmt: skip
    content = dataclasses.replace(content, siting=changes[siting])
    words = read(written(content, tmp_path)).all_text
    assert ("没有同样数量的方案能让更多的老年人走得到" in words) == (siting in {"best", "kept"})
    assert ("可能有略好的方案" in words) == (siting == "gap")
    assert ("证明是对加权人数作出的" in words) == (siting == "weights")
    assert ("不足 5 人或能由它推出的数不列" in words) == (siting == "withheld")
    assert ("合计最少 5 处：新建 3 处、留用 2 处" in words) == (siting == "kept")
    assert ("未作选址" in words) == (siting == "none")


def test_an_empty_district_and_long_names_make_a_report(tmp_path: Path) -> None:
    told = read(written(empty_content(), tmp_path))
    assert tuple(text for level, text in told.headings if level < 3)[:13] == CHAPTERS
    assert "缺口片区（按人数由多到少）：无。" in told.texts
    long = "长" * 60
    table = example_content().streets_table.rename(index={"青渡街道": long})
    pages = (dataclasses.replace(failing(1)[0], title=long),)
    path = written(example_content(streets_table=table, centre_pages=pages), tmp_path)
    assert read(path).all_text.count(long) >= 3
    for grid in re.findall(r"<w:tblGrid>(.*?)</w:tblGrid>", xml_of(path)):
        widths = [int(one) for one in re.findall(r'w:w="(\d+)"', grid)]
        assert sum(widths) == round(156 / 25.4 * 1440)
        assert min(widths) > 250


def test_where_nobody_is_left_out_there_are_no_gaps_to_tell(tmp_path: Path) -> None:
    content = example_content()
    content = dataclasses.replace(
        content,
        summary={**content.summary, "gap_areas": None},
        gap_areas=content.gap_areas.iloc[:0],
    )
    report = read(written(content, tmp_path))
    assert any("四、缺口与成因" in text for _, text in report.headings)


def test_english_is_english(tmp_path: Path) -> None:
    language: Language = "en"
    told = read(written(example_content(language), tmp_path))
    titles = [text for level, text in told.headings if level < 4]
    assert titles[:4] == ["Part 1. Assessment report", "1 Summary", "1.1 Five figures",
                          "1.2 Findings"]  # fmt: skip
    assert not [text for text in titles if re.search("[一-鿿]", text)]
    assert "Table 3-1　Who can walk there, by age (persons)" in told.tables
    assert "Table A1-1　Rows of the ledgers (read = used + set aside)" in told.tables


def test_pictures_are_placed_under_their_chapter(tmp_path: Path) -> None:
    import matplotlib.image
    import numpy as np

    picture = tmp_path / "map.png"
    matplotlib.image.imsave(picture, np.zeros((40, 60, 3)))
    path = tmp_path / "report.docx"
    write_report(example_content(), path, pictures={"coverage": picture, "siting": picture})
    texts = list(read(path).texts)
    assert texts.index("图3-1　社区步行可达率") - texts.index("三、步行覆盖", 60) == 2
    assert "图9-1　选址方案" in texts
    assert len(Document(str(path)).inline_shapes) == 2
    with pytest.raises(ValueError, match="no such pictures"):
        write_report(example_content(), path, pictures={"covrage": picture})


def test_chinese_numbers() -> None:
    told = {1: "一", 10: "十", 11: "十一", 20: "二十", 42: "四十二", 99: "九十九"}
    assert {number: chinese(number) for number in told} == told
    with pytest.raises(ValueError, match="between 1 and 99"):
        chinese(100)
