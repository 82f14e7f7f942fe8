#!/usr/bin/python3
"""Keeps the map of the house: who may include whom, and how large things may grow.

usage: layering.py [ROOT]      prints each violation as file:line: sentence; exit code 1 if any

The rules are the constants below. layering_test.py breaks each one and sees it complain.
"""

import itertools
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LAYERS = ["policy", "session", "config", "gateway"]  # Each may include those before it.
FORBIDDEN = {  # Headers of others that a layer must not see.
    "policy": r"<(boost|openssl|hiredis|yaml-cpp|spdlog|nlohmann|sys|netinet|arpa)/"
    r"|<(CLI|nghttp2)/"
    r"|<(random|thread|mutex|shared_mutex|atomic|condition_variable|future)>"
    r"|<(iostream|fstream|filesystem|ctime)>"
    r"|<(unistd|poll|fcntl|sqlite3|libpsl)\.h>",
    "session": r"<boost/(beast|asio/ssl)|<(yaml-cpp|spdlog|nlohmann)/|<libpsl\.h>",
    "config": r"<boost/(asio|beast)|<(hiredis|spdlog|nlohmann)/|<libpsl\.h>",
    "gateway": r"<(yaml-cpp|spdlog|nlohmann)/|<libpsl\.h>",
}
EXEMPT = {  # The only includers.
    ("gateway/log.cpp", "spdlog"),
    ("policy/http/json_scanner.cpp", "nlohmann"),
    ("policy/learn/json.cpp", "nlohmann"),
    ("session/public_suffix.cpp", "libpsl.h"),
}
TIMELESS = {"policy", "session"}  # They are told what time it is, but for one file:
CLOCK = "session/clock.cpp"
TOP_LEVEL = {
    *LAYERS,
    *("tests", "bench", "deploy", "build"),
    *("CMakeLists.txt", "CMakePresets.json", "LICENSE"),
    *("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"),
}
HAVE_README = [*LAYERS, "tests", "bench", "deploy"]
FILE_LINES, MEDIAN_FILE_LINES = 400, 120
FUNCTION_LINES, MEDIAN_FUNCTION_LINES = 60, 8
HEADER_COMMENTS, BODY_COMMENTS = (10, 40), (0, 10)  # Percent of the lines that are not blank.
OPENING_LINES = (1, 6)  # Of the comment with which a header opens.
TESTS_PER_LINE = 1.0  # Lines of tests for each line of code; neither counts blank ones.
TEST_SUFFIXES = {".h", ".cpp", ".py", ".mjs", ".sh"}
TABLE_SUFFIXES = {".txt", ".yaml"}  # In tests/cases/: they are tests, but have no wall.


@dataclass(frozen=True)
class Violation:
    where: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.sentence}"


@dataclass(frozen=True)
class Include:
    line: int
    spelled: str  # With its quotes or angle brackets.

    @property
    def target(self) -> str:
        return self.spelled[1:-1]


@dataclass(frozen=True)
class Source:
    """One C++ file; `name` is its path from the root."""

    name: str
    path: Path

    @cached_property
    def lines(self) -> list[str]:
        return self.path.read_text(errors="replace").splitlines()

    @property
    def layer(self) -> str:
        return self.name.partition("/")[0]

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def is_header(self) -> bool:
        return self.name.endswith(".h")

    @cached_property
    def includes(self) -> list[Include]:
        found = (re.match(r'\s*#\s*include\s*([<"][^>"]+[>"])', line) for line in self.lines)
        return [Include(number, match[1]) for number, match in enumerate(found, 1) if match]


def sources(root: Path) -> list[Source]:
    paths = (path for layer in LAYERS for path in sorted((root / layer).rglob("*")))
    return [Source(str(p.relative_to(root)), p) for p in paths if p.suffix in {".h", ".cpp"}]


def test_files(root: Path) -> list[Path]:
    paths = sorted((root / "tests").rglob("*"))
    return [path for path in paths if path.suffix in TEST_SUFFIXES and is_ours(path)]


def is_ours(path: Path) -> bool:
    return "node_modules" not in path.parts


def test_sources(root: Path) -> list[Source]:
    paths = [path for path in test_files(root) if path.suffix in {".h", ".cpp"}]
    return [Source(str(path.relative_to(root)), path) for path in paths]


def include_order(files: list[Source]) -> Iterator[Violation]:
    for file in files:
        allowed = LAYERS[: LAYERS.index(file.layer) + 1]
        for include in file.includes:
            layer = include.target.partition("/")[0]
            if layer in LAYERS and layer not in allowed:
                yield Violation(
                    file.name, include.line, f"{file.layer} must not include {include.target}"
                )


def forbidden_headers(files: list[Source]) -> Iterator[Violation]:
    for file in files:
        for include in file.includes:
            seen = re.match(FORBIDDEN[file.layer], include.spelled)
            library = include.target.partition("/")[0]
            if seen and (file.name, library) not in EXEMPT:
                yield Violation(
                    file.name, include.line, f"{file.layer} must not see {include.spelled}"
                )


def two_way_folders(files: list[Source]) -> Iterator[Violation]:
    edges: dict[tuple[str, str], tuple[str, int]] = {}
    folders = {file.folder for file in files}
    for file in files:
        for include in file.includes:
            target = include.target.rpartition("/")[0]
            if target in folders and target != file.folder:
                edges.setdefault((file.folder, target), (file.name, include.line))
    for (source, target), (name, line) in edges.items():
        if source > target and (target, source) in edges:
            back = "{}:{}".format(*edges[target, source])
            yield Violation(
                name, line, f"{source} and {target} include each other; the way back is {back}"
            )


def header_form(files: list[Source]) -> Iterator[Violation]:
    least, most = OPENING_LINES
    for file in files:
        if not file.is_header:
            continue
        if "#pragma once" not in file.lines:
            yield Violation(file.name, 1, "the header lacks #pragma once")
        if not least <= (count := opening_lines(file)) <= most:
            yield Violation(
                file.name, 1,
                f"the header opens with {count} lines of comment, wanted are {least} to {most}",
            )  # fmt: skip


def opening_lines(header: Source) -> int:
    """Of the comment that comes before anything but the pragma."""
    lines = (line for line in header.lines if line and line != "#pragma once")
    opening = itertools.takewhile(lambda line: line.startswith("//"), lines)
    return sum(1 for _ in opening)


def own_header(file: Source) -> str:
    """That of a test is its twin's."""
    return re.sub(r"(_test)?\.cpp$", ".h", file.name.removeprefix("tests/"))


def group_order(files: list[Source]) -> Iterator[Violation]:
    for file in files:
        highest = 0
        for include in file.includes:
            if 0 < (group := include_group(file, include)) < highest:
                yield Violation(
                    file.name, include.line,
                    f"{include.spelled} stands too low: own header, std, third-party, ours",
                )  # fmt: skip
            highest = max(highest, group)


def include_group(file: Source, include: Include) -> int:
    """0 for the own header; then std, third-party, ours."""
    if include.target == own_header(file):
        return 0
    if include.spelled.startswith('"'):
        return 3
    return 1 if re.fullmatch(r"<[a-z_]+>", include.spelled) else 2


def clocks(files: list[Source]) -> Iterator[Violation]:
    for file in files:
        if file.layer not in TIMELESS or file.name == CLOCK:
            continue
        for number, line in enumerate(file.lines, 1):
            if seen := re.search(r"\b(system|steady|high_resolution)_clock::now\b", line):
                yield Violation(file.name, number, f"{file.layer} must not call {seen[0]}()")


def own_header_first(files: list[Source]) -> Iterator[Violation]:
    names = {file.name for file in files}
    for file in files:
        own = own_header(file)
        if file.is_header or own not in names:
            continue
        first = file.includes[0] if file.includes else Include(1, '""')
        if first.target != own:
            yield Violation(file.name, first.line, f"the first include must be its own, {own}")


def file_sizes(root: Path, files: list[Source]) -> Iterator[Violation]:
    counts = {file.name: len(file.lines) for file in files}
    yield from median_below(list(counts.values()), MEDIAN_FILE_LINES, "file")
    for path in test_files(root):
        counts[str(path.relative_to(root))] = len(path.read_text().splitlines())
    for name, count in counts.items():
        if count > FILE_LINES:
            yield Violation(name, FILE_LINES, f"the file has {count} lines, {FILE_LINES} is the wall")


def function_sizes(root: Path, files: list[Source]) -> Iterator[Violation]:
    found = list(functions(root, files))
    yield from median_below([size for *_, size in found], MEDIAN_FUNCTION_LINES, "function")
    for name, line, function, size in found:
        if size > FUNCTION_LINES:
            yield Violation(
                name, line, f"{function}() has {size} lines, {FUNCTION_LINES} is the wall"
            )


def functions(root: Path, files: list[Source]) -> Iterator[tuple[str, int, str, int]]:
    """File, line, name and number of lines of each function, as Universal Ctags sees them."""
    command = ["ctags", "-f", "-", "-L", "-", "--excmd=number", "--fields=ne"]
    command += ["--languages=C++", "--langmap=C++:+.h", "--kinds-C++=f"]
    names = "\n".join(file.name for file in files)
    listing = subprocess.run(
        command, input=names, cwd=root, check=True, stdout=subprocess.PIPE, text=True
    )
    for row in listing.stdout.splitlines():
        function, name = row.split("\t")[:2]
        line, end = re.search(r"\tline:(\d+)", row), re.search(r"\tend:(\d+)", row)
        if line and end:
            yield name, int(line[1]), function, int(end[1]) - int(line[1]) + 1


def median_below(sizes: list[int], limit: int, what: str) -> Iterator[Violation]:
    median = statistics.median(sizes) if sizes else 0
    if median > limit:
        yield Violation(".", 1, f"the median {what} has {median:g} lines, the limit is {limit}")


def comment_shares(files: list[Source]) -> Iterator[Violation]:
    for what, is_header, (least, most) in [
        ("headers", True, HEADER_COMMENTS),
        ("bodies", False, BODY_COMMENTS),
    ]:
        share = comment_share([file for file in files if file.is_header == is_header])
        if share is not None and not least <= share <= most:
            yield Violation(
                ".", 1, f"{what} are {share:.0f} % comments, wanted are {least} to {most} %"
            )


def comment_share(files: list[Source]) -> float | None:
    """Percent of whole-line `//` comments among the lines that are not blank."""
    lines = [line.strip() for file in files for line in file.lines if line.strip()]
    comments = [line for line in lines if line.startswith("//")]
    return 100 * len(comments) / len(lines) if lines else None


def share_of_tests(root: Path, files: list[Source]) -> Iterator[Violation]:
    """Counts C++, Python, scripts of the browser and the tables of cases."""
    tables = [path for path in (root / "tests/cases").rglob("*") if path.suffix in TABLE_SUFFIXES]
    code = sum(written_lines(file.path) for file in files)
    tests = sum(written_lines(path) for path in [*test_files(root), *tables])
    if tests < TESTS_PER_LINE * code:
        yield Violation(
            ".", 1, f"there are {tests} lines of tests for {code} lines of code, "
            f"wanted are {TESTS_PER_LINE:g} for each",
        )  # fmt: skip


def written_lines(path: Path) -> int:
    return sum(1 for line in path.read_text(errors="replace").splitlines() if line.strip())


def top_level(root: Path) -> Iterator[Violation]:
    for path in sorted(root.iterdir()):
        if path.name not in TOP_LEVEL and not path.name.startswith("."):
            yield Violation(path.name, 1, "has no place at the top level")
    for folder in HAVE_README:
        if not (root / folder / "README.md").exists():
            yield Violation(folder, 1, "the folder lacks a README.md that says where to start")


def violations(root: Path) -> list[Violation]:
    files = sources(root)
    with_tests = [*files, *test_sources(root)]
    return [
        *top_level(root),
        *include_order(files),
        *forbidden_headers(files),
        *two_way_folders(files),
        *header_form(with_tests),
        *own_header_first(with_tests),
        *group_order(with_tests),
        *clocks(files),
        *file_sizes(root, files),
        *function_sizes(root, files),
        *comment_shares(files),
        *share_of_tests(root, files),
    ]


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = violations(root)
    print("\n".join(map(str, found)) or f"layering: {len(sources(root))} files in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
