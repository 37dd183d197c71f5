"""Run every benchmark: ``make bench``. Each prints a table; ratios are of one and the same run."""

from __future__ import annotations

import importlib
import pkgutil

import tests.benchmarks


def main() -> None:
    """Run the ``main`` of every ``bench_*`` module beside this file."""
    for module in pkgutil.iter_modules(tests.benchmarks.__path__):
        if module.name.startswith("bench_"):
            importlib.import_module(f"tests.benchmarks.{module.name}").main()


if __name__ == "__main__":
    main()
