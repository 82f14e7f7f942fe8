"""Each rule of layering.py complains when it is broken, at the right place, and only then."""

from pathlib import Path

import pytest

import layering

HEADER = "#pragma once\n\n// What this is.\n\nint answer();\n"
BODY = '#include "{name}.h"\n\nint answer() {{ return 42; }}\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree that keeps every rule."""
    for folder in layering.HAVE_README:
        write(tmp_path / folder / "README.md", "Start here.\n")
    write(tmp_path / "tests/cases/many.txt", "A case\n" * 3000)
    for layer in layering.LAYERS:
        write(tmp_path / layer / "unit.h", HEADER)
        write(tmp_path / layer / "unit.cpp", BODY.format(name=f"{layer}/unit"))
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def complaints(root: Path) -> list[str]:
    return [str(violation) for violation in layering.violations(root)]


def header_with(*includes: str) -> str:
    return "#pragma once\n// What.\n" + "".join(f"#include {include}\n" for include in includes)


def function_of(lines: int) -> str:
    return "void long_one() {\n" + "    step();\n" * (lines - 2) + "}\n"


def test_tree_in_order_has_no_complaint(tree: Path) -> None:
    write(tree / "gateway/all.h", header_with("<boost/asio>", '"policy/unit.h"', '"config/unit.h"'))
    write(tree / "gateway/log.cpp", "#include <spdlog/spdlog.h>\n")
    write(tree / "policy/http/json_scanner.cpp", "#include <nlohmann/json.hpp>\n")
    write(tree / "policy/learn/json.cpp", "#include <nlohmann/json.hpp>\n")

    assert complaints(tree) == []


@pytest.mark.parametrize(
    ("layer", "target"),
    [("policy", "session"), ("policy", "gateway"), ("session", "config"), ("config", "gateway")],
)
def test_include_against_the_order(tree: Path, layer: str, target: str) -> None:
    write(tree / layer / "deep/bad.h", header_with("<string>", f'"{target}/unit.h"'))

    assert f"{layer}/deep/bad.h:4: {layer} must not include {target}/unit.h" in complaints(tree)


@pytest.mark.parametrize(
    ("layer", "header"),
    [
        *[("policy", h) for h in ("boost/asio.hpp", "openssl/evp.h", "hiredis/hiredis.h")],
        *[("policy", h) for h in ("yaml-cpp/yaml.h", "spdlog/spdlog.h", "random", "thread")],
        *[("policy", h) for h in ("mutex", "sys/socket.h", "atomic", "condition_variable")],
        *[("policy", h) for h in ("future", "iostream", "fstream", "filesystem", "ctime")],
        *[("policy", h) for h in ("poll.h", "fcntl.h", "CLI/CLI.hpp", "nghttp2/nghttp2.h")],
        *[("session", h) for h in ("boost/beast/core.hpp", "boost/asio/ssl.hpp")],
        *[("session", h) for h in ("yaml-cpp/yaml.h", "spdlog/spdlog.h", "libpsl.h")],
        *[("config", h) for h in ("boost/asio/ip/tcp.hpp", "boost/beast.hpp")],
        *[("config", h) for h in ("hiredis/hiredis.h", "spdlog/spdlog.h")],
        *[("gateway", h) for h in ("spdlog/spdlog.h", "yaml-cpp/yaml.h")],
        *[(layer, "nlohmann/json.hpp") for layer in layering.LAYERS],
    ],
)
def test_forbidden_header(tree: Path, layer: str, header: str) -> None:
    write(tree / layer / "bad.h", header_with(f"<{header}>"))

    assert complaints(tree) == [f"{layer}/bad.h:3: {layer} must not see <{header}>"]


def test_folders_that_include_each_other(tree: Path) -> None:
    write(tree / "policy/http/there.h", header_with('"policy/back.h"'))
    write(tree / "policy/back.h", header_with('"policy/http/there.h"'))

    assert complaints(tree) == [
        "policy/http/there.h:3: policy/http and policy include each other; "
        "the way back is policy/back.h:3"
    ]


def test_header_without_pragma_once(tree: Path) -> None:
    for name in ("session/bad.h", "tests/support/bad.h"):
        write(tree / name, "// What.\nint x();\n")

        assert f"{name}:1: the header lacks #pragma once" in complaints(tree)


@pytest.mark.parametrize("lines", [0, 7])
@pytest.mark.parametrize("name", ["config/bad.h", "tests/support/bad.h"])
def test_header_that_says_nothing_or_too_much_at_its_beginning(
    tree: Path, name: str, lines: int
) -> None:
    write(tree / name, "#pragma once\n\n" + "// What.\n" * lines + "\nint x();\n" * 20)

    assert complaints(tree) == [
        f"{name}:1: the header opens with {lines} lines of comment, wanted are 1 to 6"
    ]


@pytest.mark.parametrize("name", ["gateway/main.cpp", "tests/gateway/laws_test.cpp"])
@pytest.mark.parametrize(
    ("above", "low"),
    [("<fcntl.h>", "<string>"), ('"policy/unit.h"', "<string>"), ('"policy/unit.h"', "<fcntl.h>")],
)
def test_includes_in_another_order(tree: Path, name: str, above: str, low: str) -> None:
    write(tree / name, f"#include {above}\n#include {low}\n")

    assert complaints(tree) == [
        f"{name}:2: {low} stands too low: own header, std, third-party, ours"
    ]


def test_includes_in_order(tree: Path) -> None:
    includes = ['"gateway/unit.h"', "<string>", "<fcntl.h>", "<boost/asio.hpp>", '"policy/unit.h"']
    text = "".join(f"#include {include}\n" for include in includes)
    write(tree / "gateway/unit.cpp", text)
    write(tree / "tests/gateway/unit_test.cpp", text)

    assert complaints(tree) == []


@pytest.mark.parametrize("clock", ["system_clock", "steady_clock", "high_resolution_clock"])
@pytest.mark.parametrize("layer", ["policy", "session"])
def test_clock_that_was_not_injected(tree: Path, layer: str, clock: str) -> None:
    text = f"auto now() {{ return std::chrono::{clock}::now(); }}\n"
    for name in (f"{layer}/late.cpp", "session/clock.cpp", "gateway/late.cpp"):
        write(tree / name, text)

    assert complaints(tree) == [f"{layer}/late.cpp:1: {layer} must not call {clock}::now()"]


def test_more_code_than_tests(tree: Path) -> None:
    write(tree / "tests/cases/many.txt", "A case\n\n" * 10)
    write(tree / "tests/unit_test.py", "x\n" * 5)
    write(tree / "tests/e2e/browser/node_modules/big.mjs", "x\n" * 900)

    assert complaints(tree) == [
        ".:1: there are 15 lines of tests for 20 lines of code, wanted are 1 for each"
    ]


@pytest.mark.parametrize("name", ["session/unit.cpp", "tests/session/unit_test.cpp"])
def test_own_header_not_first(tree: Path, name: str) -> None:
    write(tree / name, '#include <string>\n#include "session/unit.h"\n')

    assert complaints(tree) == [f"{name}:1: the first include must be its own, session/unit.h"]


@pytest.mark.parametrize("name", ["config/long.cpp", "tests/e2e/long_test.py", "tests/long.cpp"])
def test_file_past_the_wall(tree: Path, name: str) -> None:
    write(tree / name, "x\n" * 401)

    assert complaints(tree) == [f"{name}:400: the file has 401 lines, 400 is the wall"]


def test_median_file(tree: Path) -> None:
    for number in range(9):
        write(tree / f"config/long{number}.cpp", "x\n" * 121)

    assert ".:1: the median file has 121 lines, the limit is 120" in complaints(tree)


def test_function_past_the_wall(tree: Path) -> None:
    write(tree / "gateway/long.cpp", "\n" + function_of(61))

    assert complaints(tree) == ["gateway/long.cpp:2: long_one() has 61 lines, 60 is the wall"]


def test_median_function(tree: Path) -> None:
    for number in range(9):
        write(tree / f"gateway/long{number}.cpp", function_of(9))

    assert complaints(tree) == [".:1: the median function has 9 lines, the limit is 8"]


def test_silent_headers(tree: Path) -> None:
    write(tree / "policy/silent.h", "#pragma once\n// What.\n" + "int x();\n" * 80)

    assert complaints(tree) == [".:1: headers are 5 % comments, wanted are 10 to 40 %"]


def test_chattering_headers(tree: Path) -> None:
    write(tree / "policy/chatter.h", "#pragma once\n" + "// And so on.\n" * 60)

    assert any(": headers are" in complaint for complaint in complaints(tree))


def test_chattering_bodies(tree: Path) -> None:
    write(tree / "policy/chatter.cpp", "// And so on.\n" * 60)

    assert any(": bodies are" in complaint for complaint in complaints(tree))


def test_stranger_at_the_top_level(tree: Path) -> None:
    write(tree / "utils/x.h", HEADER)

    assert complaints(tree) == ["utils:1: has no place at the top level"]


def test_folder_without_readme(tree: Path) -> None:
    (tree / "bench/README.md").unlink()

    assert complaints(tree) == [
        "bench:1: the folder lacks a README.md that says where to start"
    ]
