"""environment.yml asks conda for what pyproject.toml asks pip for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
CONDA_NAMES = {"pyosmium": "osmium"}


def split(requirement: str) -> tuple[str, str]:
    """Return the name (pip's) and the version range of a requirement line."""
    match = re.fullmatch(r"([A-Za-z0-9_-]+)\s*(.*)", requirement)
    assert match is not None
    name = match[1].lower()
    return CONDA_NAMES.get(name, name), match[2].replace(" ", "")


def test_conda_and_pip_ask_for_the_same() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = dict(split(line) for line in pyproject["dependencies"])
    wanted["python"] = pyproject["requires-python"]

    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = (part["pip"] for part in environment["dependencies"] if isinstance(part, dict))
    lines = [part for part in environment["dependencies"] if isinstance(part, str)]
    assert "pip" in lines
    assert pip[-1] == "--no-deps --editable ."
    found = dict(split(line) for line in [*lines, *pip[:-1]] if line != "pip")

    assert found == wanted


def test_lock_holds_every_requirement_with_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = set(re.findall(r"^([a-z0-9_.-]+)==", text, flags=re.MULTILINE))
    wanted = [
        *pyproject["project"]["dependencies"],
        *pyproject["project"]["optional-dependencies"]["test"],
        *pyproject["build-system"]["requires"],
    ]
    assert {split(line.partition(">")[0])[0] for line in wanted} <= locked
    pins = re.split(r"^(?=[a-z0-9_.-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in text
