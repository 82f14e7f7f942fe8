"""What deploy/dokuwiki-demo lays out: Debian's DokuWiki as it is packaged, for any user."""

import filecmp
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.dokuwiki import DEMO, DokuWiki

PACKAGED = Path("/usr/share/dokuwiki")
NOBODY = 65534
FOR_DEVELOPERS = ("lib", "plugins", "testing")  # Readable for root only, and no part of a wiki.


def files(tree: Path) -> set[Path]:
    """All files below `tree`, links followed, relative to it."""
    found = set()
    for folder, _, names in os.walk(tree, followlinks=True):
        found |= {(Path(folder) / name).relative_to(tree) for name in names}
    return {path for path in found if path.parts[:3] != FOR_DEVELOPERS}


@pytest.fixture
def of_nobody() -> Iterator[Path]:
    """A folder that belongs to a user without any rights."""
    folder = Path(tempfile.mkdtemp(prefix="dokuwiki-demo-"))
    os.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


def test_the_tree_is_the_packages_byte_for_byte(wiki: DokuWiki) -> None:
    tree = wiki.folder / "tree"
    wanted = files(PACKAGED)

    assert files(tree) - wanted == {Path("headers.php")}  # The tests' own.
    same, *others = filecmp.cmpfiles(PACKAGED, tree, map(str, wanted), shallow=False)
    assert others == [[], []]
    assert len(same) > 1000


@pytest.mark.skipif(os.geteuid() != 0, reason="every test runs as an ordinary user")
def test_a_user_without_rights_can_lay_it_out(of_nobody: Path) -> None:
    """The script as text: where the checkout is, that user need not be able to read."""
    command = ["bash", "-c", DEMO.read_text(), DEMO.name, "prepare", str(of_nobody / "wiki"), "demo"]

    done = subprocess.run(
        command, input="secret\n", cwd="/", user=NOBODY, group=NOBODY, extra_groups=[],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert (of_nobody / "wiki" / "tree" / "doku.php").exists()
