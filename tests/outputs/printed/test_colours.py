"""The classes keep apart for every eye, and in grey: by lightness or by pattern.

Dichromats are simulated by the matrices of Machado, Oliveira and Fernandes (2009), severity 1.0,
on linear light; differences are distances in CIE Lab (D65).
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from planner.outputs.printed import themes
from planner.outputs.printed.looks import Group, Look
from tests.outputs.printed.drawn import town

LEAST = 9.0
EYES: dict[str, Any] = {
    "usual": np.eye(3),
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}  # fmt: skip
WHITE = np.array([0.95047, 1.0, 1.08883])
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                   [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip


def lab(colour: str, eye: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return how an eye sees a colour, in CIE Lab."""
    coded = np.array(to_rgb(colour))
    light = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    seen = TO_XYZ @ np.clip(np.array(EYES[eye]) @ light, 0.0, 1.0) / WHITE
    bent = np.where(seen > (6 / 29) ** 3, np.cbrt(seen), seen * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


def too_close(looks: list[Look], eye: str) -> list[tuple[Look, Look]]:
    """Return the looks that an eye takes for one another: of one pattern or mark, one colour."""
    return [
        (one, other)
        for one, other in itertools.combinations(looks, 2)
        if (one.hatch, one.mark, one.dash, bool(one.fill))
        == (other.hatch, other.mark, other.dash, bool(other.fill))
        and np.linalg.norm(lab(one.fill or one.ink, eye) - lab(other.fill or other.ink, eye))
        < LEAST
    ]


def groups() -> dict[str, Group]:
    content = town()
    return {
        "coverage": themes.coverage(content, content.communities),
        "gaps": themes.gaps(content, content.gap_areas),
        "centres": themes.centres(content, content.centres),
        "candidates": themes.candidates(
            content, content.candidates, ("chosen", "usable", "to_visit", "barred")
        ),
        "programme": themes.programme(content, content.programme),
    }


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("name", groups())
def test_classes_keep_apart(name: str, eye: str) -> None:
    looks = [layer.look for layer in groups()[name].layers]
    assert len(looks) > 2
    assert not too_close(looks, eye)


def test_every_class_of_coverage_is_its_own_in_grey_without_its_hatch() -> None:
    layers = groups()["coverage"].layers
    light = [float(lab(one.look.fill, "grey")[0]) for one in layers[:4]]
    assert light == sorted(light, reverse=True)
    assert np.diff(light).max() < -5


def test_the_test_itself_sees_colours_of_one_lightness_fall_together() -> None:
    pair = [Look("#ff0000"), Look("#009400")]
    assert not too_close(pair, "usual")
    assert too_close(pair, "grey")
    assert not too_close([pair[0], Look("#009400", hatch="//")], "grey")
