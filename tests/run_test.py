"""tests/run: what it says about itself, and what it refuses before it builds anything."""

import os
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().with_name("run")


def run(*options: str, path: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]}
    return subprocess.run(
        [RUN, *options], env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip


@pytest.fixture
def fakes(tmp_path: Path) -> Path:
    """Commands that stand before the real ones, so that no test here installs or builds."""
    for name in ("apt-get", "sudo", "npm", "cmake", "ctest"):
        fake(tmp_path, name, f"echo 'the fake {name} was called' >&2; exit 1")
    return tmp_path


def fake(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_option(option: str) -> None:
    done = run(option)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Installs what the tests need, builds, and runs every test there is.")
    for word in ("PRESET", "release", "dev", "asan", "tsan", "all", "--unit", "--e2e", "CTEST OPTION"):
        assert word in done.stdout
    assert "set -euo" not in done.stdout


def test_an_unknown_preset_is_told_and_the_usage_follows() -> None:
    done = run("relaese")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tests/run: there is no preset 'relaese'\n")
    assert "PRESET" in done.stderr


def test_a_node_that_is_too_old_is_told_before_anything_is_installed(fakes: Path) -> None:
    fake(fakes, "node", 'case $1 in --version) echo v16.20.0 ;; *) exit 1 ;; esac')

    done = run("dev", "--e2e", path=str(fakes))

    assert done.returncode == 1
    assert done.stderr == (
        "tests/run: node v16.20.0 is too old, the browser tests need 18 or later\n"
    )


def test_a_failed_configuration_ends_the_run_with_a_sentence(fakes: Path) -> None:
    done = run("dev", "--unit", path=str(fakes))

    assert done.returncode == 1
    assert "the fake cmake was called" in done.stderr
    assert done.stderr.endswith("tests/run: configuring dev failed\n")
