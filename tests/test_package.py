"""The built wheel, installed alone into an empty environment, works on a folder anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import project

ROOT = project.ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)], capture_output=True, check=True
    )
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_the_library_its_types_and_licence_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "nrqa/py.typed" in names
    assert "nrqa/cli/__init__.py" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert all(name.startswith(("nrqa/", "nrqa-")) for name in names)


def test_openvino_comes_by_itself_where_it_can_help_and_has_wheels() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (needed,) = [one for one in map(Requirement, declared["dependencies"]) if one.name == "openvino"]
    assert needed.marker is not None
    for system, machine, wanted in (
        ("linux", "x86_64", True),
        ("win32", "AMD64", True),
        ("darwin", "x86_64", False),
        ("darwin", "arm64", False),
        ("linux", "aarch64", False),
        ("win32", "ARM64", False),
    ):
        assert needed.marker.evaluate({"sys_platform": system, "platform_machine": machine}) is wanted, (
            system,
            machine,
        )
    assert declared["optional-dependencies"]["openvino"], "by its own name wherever there is a wheel"


@pytest.mark.slow
def test_the_wheel_works_on_a_folder_anywhere(wheel: Path, tmp_path: Path) -> None:
    """In an environment with only the wheel; its dependencies are lent by this one, not downloaded again."""
    place = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    lent = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    ours = [path for path in sys.path if path.endswith("site-packages")]
    Path(lent, "lent.pth").write_text("\n".join(ours))
    folder = tmp_path / "some where" / "docs"
    folder.mkdir(parents=True)
    (folder / "note.md").write_text("# Tea\n\nThe tea was grown on the southern slope of the mountain since 1880.\n")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = python.with_name("nrqa")
    for words, status in ((["index", "docs"], 0), (["query", "where was the tea grown"], 0), (["status"], 0)):
        done = subprocess.run(
            [str(command), *words], cwd=folder.parent, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, done.stderr
    where = subprocess.run(
        [str(python), "-c", "import nrqa; print(nrqa.__file__)"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(place) in where.stdout
