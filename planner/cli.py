"""The shell's door: arguments, progress, exit codes. All else is in the workflow."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
from collections.abc import Sequence
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, get_args

from planner.errors import PlannerError
from planner.labels import DEFAULT_LANGUAGE, LANGUAGES, Language, Message, text
from planner.ledgers.geocoder import geocoder
from planner.outputs.folder import write_new_text
from planner.outputs.printed.printed_maps import PAPER_NAMES
from planner.streets import walkers
from planner.streets.network.rules import rules_text
from planner.streets.sources.download import (
    NOMINATIM,
    NOMINATIM_VARIABLE,
    OVERPASS,
    OVERPASS_VARIABLE,
    download_streets,
)
from planner.workflow import check, check_lines, compare, init, read_project, run
from planner.workflow.inputs.book_words import WIDTH, standards_lines
from planner.workflow.inputs.geocoding import geocode
from planner.workflow.inputs.quality import refuse_grave
from planner.workflow.inputs.record import DISTRIBUTION

EXIT_BAD_INPUT: Final = 2
EXIT_INTERRUPTED: Final = 130
LANGUAGE_VARIABLE: Final = "PLANNER_LANGUAGE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, or 2 with one clear list on bad input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(words)
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show Chinese shows a mark instead of ending the run.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = _parser(language)
    if not words:
        parser.print_help()
        return EXIT_BAD_INPUT
    options = parser.parse_args(words)
    try:
        code = int(options.command(options, language))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads a list (head, less) may stop before its end; what is left has no reader.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PlannerError as error:
        sys.stderr.write(f"\n{text('cli.failed', language)}{error.text(language)}\n")
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write(f"\n{text('cli.interrupted', language)}\n")
        return EXIT_INTERRUPTED
    return code


def _run(options: argparse.Namespace, language: Language) -> int:
    result = run(
        options.project,
        options.out,
        strict=options.strict,
        sites=options.sites,
        paper=options.paper,
        parquet=options.parquet,
        progress=_Printer(language),
    )
    for line in result.headline(language):
        print(line)
    print(text("cli.look", language, folder=result.folder))
    for name, file in result.files.items():
        print(f"  {text(f'cli.{name}', language)}  {file}")
    for told in result.not_made:
        print(told.text(language))
    return 0


def _check(options: argparse.Namespace, language: Language) -> int:
    ledgers = check(options.project, options.out, progress=_Printer(language))
    for line in check_lines(ledgers, language):
        print(line)
    if options.out is not None:
        print(text("cli.marked", language, folder=options.out))
    if options.strict:
        refuse_grave([ledgers.findings])
    return 0


def _compare(options: argparse.Namespace, language: Language) -> int:
    found = compare(
        options.before,
        options.after,
        options.out,
        plan=options.plan,
        progress=_Printer(language),
    )
    for line in found.headline(language):
        print(line)
    if found.files:
        print(text("cli.look", language, folder=found.folder))
    for name, file in found.files.items():
        print(f"  {text(f'comparing.file_{name}', language)}  {file}")
    return 0


def _init(options: argparse.Namespace, language: Language) -> int:
    folder = init(options.folder)
    print(text("cli.initialised", language, folder=folder))
    return 0


def _download_streets(options: argparse.Namespace, language: Language) -> int:
    place = options.place
    url = options.overpass or os.environ.get(OVERPASS_VARIABLE) or OVERPASS
    sys.stderr.write(f"{text('download.asking', language, url=url, place=place)}\n")
    done = download_streets(
        place, options.out, overpass=options.overpass, nominatim=options.nominatim
    )
    names = ("file", "nodes", "data_date", "attribution")
    told = {name: getattr(done, name) for name in names}
    print(text("download.done", language, km=done.length_km, **told))
    return 0


def _geocode(options: argparse.Namespace, language: Language) -> int:
    def say(key: str, **fields: object) -> str:
        return text(f"geocoding.{key}", language, **fields)

    def asking(number: int, count: int, address: str) -> None:
        sys.stderr.write(f"{say('asking', number=number, count=count, address=address)}\n")

    service = geocoder(options.service)
    sys.stderr.write(f"{say('sending', service=service.title, url=service.url)}\n")
    if service.to_check:
        sys.stderr.write(f"{say('to_check', what=service.to_check)}\n")
    project = read_project(options.project, unmade=("addresses",))
    found = geocode(project, service, options.out, limit=options.limit, progress=asking)
    for line in found.lines(language):
        print(line)
    if found.answers.stopped is not None:
        sys.stderr.write(f"{found.answers.stopped.text(language)}\n")
        return EXIT_BAD_INPUT
    return 0


def _walkers(options: argparse.Namespace, language: Language) -> int:
    del options
    for one in walkers():
        print(f"{one.name}  {one.title(language)}")
        print(f"    {one.about(language)}")
        print(f"    {text('cli.walker_source', language)}{one.sourced(language)}")
    return 0


def _rules(options: argparse.Namespace, language: Language) -> int:
    if options.out is None:
        print(rules_text(), end="")
        return 0
    write_new_text(options.out, rules_text())
    print(text("cli.rules_written", language, file=options.out))
    return 0


def _standards(options: argparse.Namespace, language: Language) -> int:
    columns, _ = shutil.get_terminal_size((WIDTH, 24))
    for line in standards_lines(options.name, options.project, language, width=columns):
        print(line)
    return 0


class _Printer:
    """Prints each step as it begins and its seconds as it ends, on the error stream."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, step: int, steps: int, what: Message, seconds: float | None) -> None:
        if seconds is None:
            sys.stderr.write(f"[{step:>2}/{steps}] {what.text(self.language)} … ")
        else:
            sys.stderr.write(f"{seconds:.1f} s\n")
        sys.stderr.flush()


def _language(words: Sequence[str]) -> Language:
    """Return the language asked for, before the words are parsed: help needs it, too."""
    asked = os.environ.get(LANGUAGE_VARIABLE, DEFAULT_LANGUAGE)
    for word, following in zip_longest(words, words[1:]):
        switch, given, value = word.partition("=")
        # Words may be cut short, as the parser lets them be: --lang en.
        if len(switch) > len("--l") and "--language".startswith(switch):
            asked = value if given else following
    return next((language for language in LANGUAGES if language == asked), DEFAULT_LANGUAGE)


def _parser(language: Language) -> argparse.ArgumentParser:
    def say(key: str) -> str:
        return text(f"cli.{key}", language)

    # The switch stands before the command or after it: the later one wins, the default is none.
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--language",
        choices=get_args(Language),
        default=argparse.SUPPRESS,
        help=say("language_help"),
    )
    parser = argparse.ArgumentParser(
        prog="planner",
        description=say("about"),
        epilog=say("example"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[shared],
    )
    parser.add_argument("--version", action="version", version=version(DISTRIBUTION))
    commands = parser.add_subparsers(required=True, metavar=say("command"))

    one = commands.add_parser("run", parents=[shared], help=say("run_help"))
    one.add_argument("project", type=Path, metavar="PROJECT_DIR", help=say("project_help"))
    one.add_argument("--out", type=Path, metavar="DIR", help=say("out_help"))
    one.add_argument("--strict", action="store_true", help=say("strict_help"))
    further: dict[str, dict[str, Any]] = {
        "sites": {"metavar": "FILE|LINK"},
        "paper": {"choices": PAPER_NAMES},
        "parquet": {"action": "store_true"},
    }
    for name, settings in further.items():
        one.add_argument(f"--{name}", **settings, help=text(f"printing.{name}_help", language))
    one.set_defaults(command=_run)

    one = commands.add_parser("check", parents=[shared], help=say("check_help"))
    one.add_argument("project", type=Path, metavar="PROJECT_DIR", help=say("project_help"))
    one.add_argument("--out", type=Path, metavar="DIR", help=say("check_out_help"))
    one.add_argument("--strict", action="store_true", help=say("strict_help"))
    one.set_defaults(command=_check)

    _compare_parser(commands, shared, language)

    one = commands.add_parser("init", parents=[shared], help=say("init_help"))
    one.add_argument("folder", type=Path, metavar="DIR", help=say("init_folder_help"))
    one.set_defaults(command=_init)

    one = commands.add_parser(
        "download-streets", parents=[shared], help=text("download.help", language)
    )
    one.add_argument("place", metavar="PLACE|BOUNDARY", help=text("download.place_help", language))
    one.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=text("download.out_help", language)
    )
    one.set_defaults(command=_download_streets)
    for name, variable, default in (
        ("overpass", OVERPASS_VARIABLE, OVERPASS),
        ("nominatim", NOMINATIM_VARIABLE, NOMINATIM),
    ):
        hint = text(f"download.{name}_help", language, variable=variable, default=default)
        one.add_argument(f"--{name}", metavar="URL", help=hint)

    _geocode_parser(commands, shared, language)

    one = commands.add_parser("walkers", parents=[shared], help=say("walkers_help"))
    one.set_defaults(command=_walkers)

    one = commands.add_parser("rules", parents=[shared], help=say("rules_help"))
    one.add_argument("--out", type=Path, metavar="FILE", help=say("rules_out_help"))
    one.set_defaults(command=_rules)

    one = commands.add_parser("standards", parents=[shared], help=text("books.help", language))
    one.add_argument("name", metavar="NAME", nargs="?", help=text("books.name_help", language))
    one.add_argument(
        "--project", type=Path, metavar="PROJECT_DIR", help=text("books.project_help", language)
    )
    one.set_defaults(command=_standards)
    return parser


def _geocode_parser(commands: Any, shared: argparse.ArgumentParser, language: Language) -> None:
    def say(key: str) -> str:
        return text(f"geocoding.{key}", language)

    one = commands.add_parser("geocode", parents=[shared], help=say("help"))
    one.add_argument(
        "project", type=Path, metavar="PROJECT_DIR", help=text("cli.project_help", language)
    )
    one.add_argument("--service", required=True, metavar="NAME|FILE", help=say("service_help"))
    one.add_argument("--out", type=Path, metavar="FILE", help=say("out_help"))
    one.add_argument("--limit", type=int, metavar="N", help=say("limit_help"))
    one.set_defaults(command=_geocode)


def _compare_parser(commands: Any, shared: argparse.ArgumentParser, language: Language) -> None:
    def say(key: str) -> str:
        return text(f"comparing.{key}", language)

    one = commands.add_parser("compare", parents=[shared], help=say("help"))
    one.add_argument("before", type=Path, metavar="BEFORE", help=say("before_help"))
    one.add_argument("after", type=Path, metavar="AFTER", nargs="?", help=say("after_help"))
    one.add_argument("--plan", action="store_true", help=say("plan_help"))
    one.add_argument("--out", type=Path, metavar="DIR", help=say("out_help"))
    one.set_defaults(command=_compare)


if __name__ == "__main__":
    sys.exit(main())
