"""Make the sample district (合成数据) again: ``python data/make_sample.py [--out DIR]``."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from sample_district import files
from sample_district.candidates import candidate_rows, estate_rows
from sample_district.centres import HEADINGS, centre_rows
from sample_district.city import build_city
from sample_district.communities import Community, gather
from sample_district.costs import HEADINGS as COST_HEADINGS
from sample_district.costs import cost_rows
from sample_district.country import build_country
from sample_district.details import CENTRE_DETAILS, with_centre_details
from sample_district.links import build_links
from sample_district.network import Streets
from sample_district.project import project_text

HERE = Path(__file__).parent


def unsurveyed(communities: list[Community]) -> set[str]:
    """Return the codes of two communities, one of each bank, whose buildings are not known."""
    new = [one for one in communities if one.quarter == "new"]
    villages = [one for one in communities if one.kind == "村"]
    return {new[len(new) // 2].code, villages[len(villages) // 3].code}


def make(folder: Path) -> None:
    """Write every file of the sample into a folder.

    Parameters
    ----------
    folder
        Made if need be; files of the same names are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    streets = Streets()
    city = build_city(streets, taken)
    heads = build_links(streets, city)
    villages = build_country(streets, city, heads)
    communities = gather(city, villages, taken)
    centres = with_centre_details(centre_rows(communities))
    files.write_streets(folder / "streets.osm.pbf", streets)
    files.write_communities(folder / "communities.gpkg", communities)
    files.write_residents(folder / "residents.gpkg", communities, unsurveyed(communities))
    files.write_csv(folder / "centres.csv", centres, (*HEADINGS, *CENTRE_DETAILS))
    files.write_csv(folder / "remedy_costs.csv", cost_rows(), COST_HEADINGS)
    files.write_xlsx(folder / "candidates.xlsx", candidate_rows(communities), "备选点")
    files.write_xlsx(folder / "estates.xlsx", estate_rows(city, communities, taken), "新建居住区")
    text = project_text(communities, len(centres) + 3)
    (folder / "project.toml").write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Read the arguments and make the sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "sample", help="folder to write to")
    folder: Path = parser.parse_args().out
    start = time.perf_counter()
    make(folder)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    print(f"{folder}: {size:.1f} MB in {time.perf_counter() - start:.0f} s (合成数据)")


if __name__ == "__main__":
    main()
