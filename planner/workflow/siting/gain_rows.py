"""Who gains by each chosen site, as rows of a sheet; few elders are withheld."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.small_counts import without_small_ages, without_small_parts
from planner.outputs.words import count
from planner.tables import LIST_MARK
from planner.workflow.inputs.site_names import SiteNames
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import SitingBeside
from planner.workflow.siting.elders import elders_covered, elders_gained
from planner.workflow.siting.register import SAME, few
from planner.workflow.siting.small import least_value, shown_levels

YUAN: Final = 10_000.0
"""Yuan in 万元, in which ledgers give costs."""


def shown_gains(siting: Siting) -> pd.Series[Any]:
    """Return the elders aged 60+ whom each chosen site newly serves, in their order.

    Nobody whom a centre of today covers is new, though that centre may close. Few elders are
    withheld, and a second figure with them where a difference would bring them back.
    """
    beside = siting.beside
    if beside is None:
        gains = _without_few(elders_gained(siting.most))
        return gains if shown_levels(siting).gain is not None else gains * np.nan
    return shown_newly_served(siting, beside)


def shown_newly_served(siting: Siting, beside: SitingBeside) -> pd.Series[Any]:
    """Return the elders whom each site newly serves, none small, nor told by what closing loses.

    Their sum less those whom closing loses is what the plan gains; each sum of the first of them
    is a level of its own, which may be one that is withheld.
    """
    gains = beside.gains.sites["elderly_60"]
    lost = float(beside.gains.totals["no_longer_served"]["weight"])
    shown = _without_few(gains, lost)
    if siting.most.closed or gains.empty:
        return shown
    levels = shown_levels(siting)
    start = elders_covered(siting.most)[0]
    sums = [start, *(start + np.cumsum(gains.to_numpy(dtype=float))).tolist()]
    hidden = np.array([levels.elders(one) is None for one in sums])
    return shown.mask(hidden[:-1] | hidden[1:])


def _without_few(gains: pd.Series[Any], lost: float = 0.0) -> pd.Series[Any]:
    if gains.empty:
        return gains
    parts = np.array([[*gains, lost]])
    told = without_small_parts(pd.DataFrame(parts)).to_numpy()[0, :-1]
    return pd.Series(told, index=gains.index, dtype=float)


def gain_rows(
    siting: Siting, beside: SitingBeside, names: SiteNames, language: Language
) -> pd.DataFrame:
    """Return a row a chosen site: whom it newly serves, what it saves, cures and costs."""
    sites, most = beside.gains.sites, siting.most
    if sites.empty:
        return pd.DataFrame(columns=list(COLUMNS["site_gains"]))
    served = shown_newly_served(siting, beside).to_frame("elderly_60")
    shown = sites[["elderly_60"]].join(sites.reindex(columns=["elderly_80"]))
    ages = without_small_ages(shown.where(served["elderly_60"].notna(), np.nan, axis="index"))
    shown_60 = served["elderly_60"].notna()
    before = sites["weight"] - sites["weight_without_before"]
    enough = (sites["elderly_60"] >= LEAST_ELDERS) & (before >= LEAST_ELDERS)
    losses = beside.losses.reindex(sites.index)
    forbid = beside.prices.reindex(sites.index)
    cost = sites["cost"]
    table = pd.DataFrame(
        {
            "rank": np.arange(1, len(sites) + 1),
            "id": sites.index.astype(str),
            "name": [names.candidates.get(one, str(one)) for one in most.chosen],
            "gain_60": served["elderly_60"],
            "gain_80": ages["elderly_80"],
            "gain_communities": [
                _communities(beside, one, names, language) if shown_60[one] else None
                for one in most.chosen
            ],
            "gain_saved_minutes": (sites["minutes_saved"] / before).where(enough),
            "gain_nearer_60": sites["nearer_weight"].where(
                (sites["nearer_weight"] == 0) | (sites["nearer_weight"] >= LEAST_ELDERS)
            ),
            "cured_m2": sites["cured_m2"],
            "cost_10k_yuan": cost,
            "gain_cost_yuan": (cost * YUAN / sites["weight"]).where(
                shown_60 & (sites["weight"] >= LEAST_ELDERS)
            ),
            "loss_60": _shown_losses(siting, losses["lost"], served["elderly_60"]),
            "loss_replacement": [
                None if one is None or pd.isna(one) else names.candidates.get(one, str(one))
                for one in losses["replacement"]
            ],
            "price": shown_prices(forbid, language, hidden_prices(siting)),
        }
    )
    return table[list(COLUMNS["site_gains"])].reset_index(drop=True)


def _shown_losses(siting: Siting, lost: pd.Series[Any], gained: pd.Series[Any]) -> pd.Series[Any]:
    """Return losses of elders; none that is small, or small beside what the site newly serves.

    Whoever loses a site without another is among those whom it newly serves, or whom it took over
    from a centre that closes: the difference of both figures tells of people, too.
    """
    apart = (lost - gained).abs()
    told = (lost == 0) | (lost >= LEAST_ELDERS)
    told &= gained.notna() | (lost == 0)
    levels = shown_levels(siting)
    told &= np.array([bool(levels.tells_loss(one)) for one in lost.fillna(0.0)], dtype=bool)
    return lost.where(told & ~((apart > SAME) & (apart < LEAST_ELDERS)))


def _communities(
    beside: SitingBeside, site: Any, names: SiteNames, language: Language
) -> str | None:
    """Return the communities of whom a site newly serves, the most elders first, in words."""
    table = beside.gains.communities
    if site not in table.index.get_level_values("candidate"):
        return None
    elders = table.xs(site, level="candidate")["elderly_60"]
    elders = elders[elders > 0].sort_values(ascending=False, kind="stable")
    if elders.empty:
        return None
    told = without_small_parts(elders.to_frame().T).iloc[0]
    shown = told[told.notna()]
    nowhere = text("siting_told.no_community", language)
    parts = [
        text(
            "siting_told.community",
            language,
            name=names.communities.get(one, one) if isinstance(one, str) else nowhere,
            elders=count(number),
        )
        for one, number in shown.items()
    ]
    if hidden := len(told) - len(shown):
        parts.append(text("siting_told.few_communities", language, n=hidden))
    return text("outputs.list_mark", language).join(parts)


def site_findings(siting: Siting, language: Language) -> dict[str, pd.Series[Any]]:
    """Return grade and breaches of each chosen site, judged as a built one, and what is unknown."""
    audited = siting.audited
    if audited is None:
        nothing: pd.Series[Any] = pd.Series(dtype=object)
        return {"centre_grade": nothing, "site_breaches": nothing}
    mark, told = text("outputs.clause_mark", language), {}
    for site in audited.sites.index:
        lines = audited.breach_lines(str(site), language)
        if missing := str(audited.sites["fill_in"][site]):
            n = len(missing.split(LIST_MARK))
            lines.append(text("siting_told.site_unknown", language, n=n))
        told[site] = mark.join(line.rstrip("。.") for line in lines)
    grade = audited.sites["grade"].astype(object)
    return {"centre_grade": grade, "site_breaches": pd.Series(told, dtype=object)}


def insist_prices(siting: Siting, language: Language) -> pd.Series[Any]:
    """Return what it costs to insist on each candidate that the plan leaves out, in words."""
    if siting.beside is None:
        return pd.Series(dtype=object)
    prices = siting.beside.prices
    prices = prices[(prices["action"] == "insist") & prices.index.isin(siting.candidates.index)]
    hidden = hidden_prices(siting)
    return pd.Series(shown_prices(prices, language, hidden), index=prices.index, dtype=object)


@dataclass(frozen=True)
class HiddenPrices:
    """Which prices are withheld: those of a few, and those that tell what is withheld elsewhere.

    Parameters
    ----------
    least
        The smallest price above 0 that may be told.
    is_told
        Whether a price may be told as far as other sheets go.
    """

    least: float
    is_told: Callable[[float], bool]

    def word(self, price: float) -> str | None:
        """Return in which words a price is withheld; ``None`` for one that may be told."""
        if few(price, self.least):
            return "price_few"
        return None if self.is_told(price) else "price_withheld"


def hidden_prices(siting: Siting) -> HiddenPrices:
    """Return which prices of a plan's sites are withheld."""
    return HiddenPrices(least_value(siting), shown_levels(siting).tells_price)


def shown_prices(
    prices: pd.DataFrame, language: Language, hidden: HiddenPrices
) -> list[float | str | None]:
    """Return what it costs to insist on or forbid each site; in words where it is not exact.

    Parameters
    ----------
    prices
        ``at_least, at_most, is_exact``, a row a site.
    language
        Language of the words.
    hidden
        Which are withheld.
    """
    told: list[float | str | None] = []
    for least, most, exact in prices[["at_least", "at_most", "is_exact"]].itertuples(index=False):
        if pd.isna(least):
            told.append(None)
        elif np.isinf(least):
            told.append(text("siting_told.price_never", language))
        elif key := hidden.word(float(least if exact else most)):
            told.append(text(f"siting_told.{key}", language))
        elif exact:
            told.append(max(float(least), 0.0))
        else:
            key = "siting_told.price_from" if np.isinf(most) else "siting_told.price_between"
            # A bound below five persons tells no more than that the price may be nothing.
            least = 0.0 if few(least, hidden.least) else least
            least, most = count(max(least, 0.0)), count(most)
            told.append(text(key, language, least=least, most=most))
    return told
