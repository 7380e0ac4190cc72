"""Size of the image's dependency layer: what `requirements.txt` installs, as the Dockerfile installs it."""

import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distributions
from pathlib import Path

from portal.bench.results import Facts, Result
from portal.embedded import faults
from portal.embedded.environment import REPO

LARGEST = 10
MEGABYTE = 1_000_000
FILES = ("requirements-setup.txt", "requirements.txt")
ABOUT = """
The hashed requirements of the image installed with compiled byte code into an empty directory, as the Dockerfile does;
sizes are those of the files, a megabyte is a million bytes. The base image, the three Pango libraries of the system
and our own code are other layers.
"""


def run() -> Result:
    """Install aside, weigh, remove."""
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory)
        for file in FILES:
            _install(REPO / file, target)
        sizes = sorted(
            ((_size(found), found) for found in distributions(path=[directory])), key=lambda row: -row[0]
        )
        total = sum(
            path.stat().st_size for path in target.rglob("*") if path.is_file() and not path.is_symlink()
        )
        rows = [
            (found.metadata["Name"], found.version, _megabytes(size), _share(size, total))
            for size, found in sizes
        ]
    rest = total - sum(size for size, _found in sizes[:LARGEST])
    table = (
        *rows[:LARGEST],
        (f"the other {len(rows) - LARGEST}", "", _megabytes(rest), _share(rest, total)),
        ("all", "", _megabytes(total), "100 %"),
    )
    return Result(
        "image", "Dependency layer of the image", ABOUT,
        (Facts("Largest packages", ("package", "version", "MB", "share"), table),),
    )  # fmt: skip


def _install(requirements: Path, target: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    command = [
        str(uv),
        "pip",
        "install",
        "-q",
        "--require-hashes",
        "--compile-bytecode",
        "--python",
        sys.executable,
    ]
    if subprocess.run([*command, "--target", str(target), "-r", str(requirements)], cwd=REPO).returncode != 0:
        raise faults.install_failed(requirements.name)


def _size(found: Distribution) -> int:
    """Bytes of a package's files, byte code included."""
    paths = {Path(str(found.locate_file(file))) for file in found.files or ()}
    folders = {path.parent / "__pycache__" for path in paths if path.suffix == ".py"}
    code = (
        made for folder in folders if folder.is_dir() for made in folder.iterdir() if _of(made, folder, paths)
    )
    return sum(path.stat().st_size for path in {*paths, *code} if path.is_file())


def _of(made: Path, folder: Path, paths: set[Path]) -> bool:
    return folder.parent / f"{made.name.split('.', 1)[0]}.py" in paths


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}"


def _share(size: int, total: int) -> str:
    return f"{size / total * 100:.0f} %"
