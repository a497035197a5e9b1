"""Refresh or check what is kept of others' releases in ``app/``.

They are documentation assets, fonts, what draws plots, and what reads QR codes at the door::

    python scripts/vendor_docs.py            fetch the pinned releases with `npm pack`
    python scripts/vendor_docs.py --check    compare the kept files with their VERSION files

To take a newer release, change its version and integrity below; `npm view NAME@VERSION
dist.integrity` prints the latter. `npm pack` only downloads: no install script of the package runs.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

APP = Path(__file__).resolve().parent.parent / "app"


@dataclass(frozen=True, slots=True)
class Package:
    """One npm release and what is kept of it. ``edits`` maps old text to new, each found once."""

    name: str
    version: str
    licence: str
    integrity: str
    folder: str
    files: tuple[str, ...]
    edits: dict[str, str] = field(default_factory=dict)


PACKAGES = (
    Package(
        name="swagger-ui-dist",
        version="5.35.0",
        licence="Apache-2.0",
        integrity=(
            "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ=="
        ),
        folder="static/swagger-ui",
        files=(
            "LICENSE",
            "NOTICE",
            "favicon-16x16.png",
            "favicon-32x32.png",
            "swagger-ui-bundle.js",
            "swagger-ui-bundle.js.LICENSE.txt",
            "swagger-ui.css",
        ),
        # The map is not kept; without this line an open developer console would ask for it.
        edits={"/*# sourceMappingURL=swagger-ui.css.map*/": ""},
    ),
    Package(
        name="redoc",
        version="2.5.4",
        licence="MIT",
        integrity=(
            "sha512-M6jWhG1qoBnH6TFmzJnstyCZ87HmOY/UzDm78mHiYihEdlV/YcS9ogOo1NlElnJMeLsyxHFe2yFc4sNjHTrABQ=="
        ),
        folder="static/redoc",
        files=(
            "LICENSE",
            "bundles/redoc.standalone.js",
            "bundles/redoc.standalone.js.LICENSE.txt",
        ),
        edits={
            # The one picture it would fetch from another host. An unreadable one is left out.
            "https://cdn.redoc.ly/redoc/logo-mini.svg": "data:,",
            "//# sourceMappingURL=redoc.standalone.js.map": "",
        },
    ),
    # Letters for what is drawn: they have the naira sign, the dots and tones of Yoruba, French.
    Package(
        name="dejavu-fonts-ttf",
        version="2.37.3",
        licence="Bitstream Vera (free), DejaVu changes in the public domain",
        integrity=(
            "sha512-f1hd7jJbeQa1VWcw+K2KrTXS50zTMaHpVC4XIKJpNcDeYR5ajMtj/iLlQDYNvLOKamUB3ARVVCf79lNwNVztSQ=="
        ),
        folder="clients/pictures/fonts",
        files=(
            "LICENSE",
            "ttf/DejaVuSans.ttf",
            "ttf/DejaVuSans-Bold.ttf",
            "ttf/DejaVuSansMono-Bold.ttf",
        ),
    ),
    # Letters that DejaVu lacks, and emoji in one colour.
    Package(
        name="@expo-google-fonts/noto-emoji",
        version="0.4.7",
        licence="OFL-1.1",
        integrity=(
            "sha512-Gs7URwtKmCzzdGUTYbG8MIohyaQPgGxIaQG5hvyEAaQiEGJpQy6gyP3NDICE0EJkOJFoe1JFD3Hf1L4a3qe4KA=="
        ),
        folder="clients/pictures/noto/emoji",
        files=("LICENSE_FONT", "400Regular/NotoEmoji_400Regular.ttf"),
    ),
    Package(
        name="@expo-google-fonts/noto-sans-ethiopic",
        version="0.4.2",
        licence="OFL-1.1",
        integrity=(
            "sha512-puS0u1/7b0kZ6fqOYaSlCdai8zHuD9CQY2qlyJEtYzUC5Nd1fH3QENmQc0a1Gcqe0q9s3n7440eNJSLK2mGouw=="
        ),
        folder="clients/pictures/noto/ethiopic",
        files=("LICENSE_FONT", "400Regular/NotoSansEthiopic_400Regular.ttf"),
    ),
    Package(
        name="@expo-google-fonts/noto-sans-thai",
        version="0.4.2",
        licence="OFL-1.1",
        integrity=(
            "sha512-PGBBBDGfJJ/5y2hNweLBZWD4YmVT4uOO4chsOPXyl0TktaBJamDKVKv/WbGiDTeBGdkegLiytsWo+lhnkHP5qA=="
        ),
        folder="clients/pictures/noto/thai",
        files=("LICENSE_FONT", "400Regular/NotoSansThai_400Regular.ttf"),
    ),
    # Draws the console's plots: a fifth of what Chart.js weighs, and sets styles by CSSOM only.
    Package(
        name="uplot",
        version="1.6.32",
        licence="MIT",
        integrity=(
            "sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw=="
        ),
        folder="static/uplot",
        files=("LICENSE", "dist/uPlot.iife.min.js", "dist/uPlot.min.css"),
    ),
    # Reads QR codes where the browser has no BarcodeDetector: the only reader for the web that is
    # still kept up (zxing-cpp as WebAssembly).
    Package(
        name="zxing-wasm",
        version="3.1.4",
        licence="MIT",
        integrity=(
            "sha512-1+v8p7sauddySVNG+ye7GD/0TS95BG2ycdkrC+EnBrFBFkHeIghzUt2yVjtx3NucJeNrQnhT8yGAIz60Vx9o0w=="
        ),
        folder="static/zxing-wasm",
        files=(
            "LICENSE",
            "dist/es/reader/index.js",
            "dist/es/share.js",
            "dist/reader/zxing_reader.wasm",
        ),
        edits={
            '"../share.js"': '"./share.js"',
            # It would fetch its WebAssembly from another host.
            "https://fastly.jsdelivr.net/npm/zxing-wasm@3.1.4/dist/${n[1]}/${e}": (
                "/static/zxing-wasm/${e}"
            ),
        },
    ),
)


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        faults = [fault for package in PACKAGES for fault in faults_of(package)]
        sys.stdout.writelines(f"{fault}\n" for fault in faults)
        return 1 if faults else 0
    if arguments:
        sys.stderr.write(__doc__ or "")
        return 2
    for package in PACKAGES:
        refresh(package)
        sys.stdout.write(f"{package.name} {package.version} is in app/{package.folder}\n")
    return 0


def refresh(package: Package) -> None:
    """Replace the package's folder.

    Raises:
        ValueError: the download is not the pinned one, or a text to edit is not there once.
    """
    target = APP / package.folder
    with tempfile.TemporaryDirectory() as scratch:
        archive = download(package, Path(scratch))
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        with tarfile.open(archive) as contents:
            for name in package.files:
                member = contents.extractfile(f"package/{name}")
                if member is None:
                    raise ValueError(f"{name} is not a file in {archive.name}")
                (target / PurePosixPath(name).name).write_bytes(member.read())
    edit(package, target)
    (target / "VERSION").write_text(version_text(package, target))


def download(package: Package, folder: Path) -> Path:
    subprocess.run(  # noqa: S603 - the names come from the table above
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],  # noqa: S607 - the user's npm
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    packed = package.name.removeprefix("@").replace("/", "-")
    archive = folder / f"{packed}-{package.version}.tgz"
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise ValueError(f"{archive.name} is not the pinned one: it has sha512-{digest}")
    return archive


def edit(package: Package, folder: Path) -> None:
    texts = {path: path.read_text() for path in folder.iterdir() if path.suffix in {".css", ".js"}}
    for old, new in package.edits.items():
        if sum(text.count(old) for text in texts.values()) != 1:
            raise ValueError(f"{package.name} does not contain exactly one {old!r}")
        texts = {path: text.replace(old, new) for path, text in texts.items()}
    for path, text in texts.items():
        path.write_text(text)


def version_text(package: Package, folder: Path) -> str:
    edits = "".join(
        f"edited: {old} -> {new or '(removed)'}\n" for old, new in package.edits.items()
    )
    sums = "".join(f"{checksum}  {name}\n" for name, checksum in checksums(folder))
    return (
        f"name: {package.name}\nversion: {package.version}\nlicence: {package.licence}\n"
        f"npm integrity: {package.integrity}\n{edits}sha256:\n{sums}"
    )


def checksums(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.iterdir()):
        if path.name != "VERSION":
            yield path.name, hashlib.sha256(path.read_bytes()).hexdigest()


def faults_of(package: Package) -> Iterator[str]:
    folder = APP / package.folder
    version_file = folder / "VERSION"
    if not version_file.is_file():
        yield f"app/{package.folder}/VERSION is missing: run `make vendor-docs`."
    elif version_file.read_text() != version_text(package, folder):
        yield f"app/{package.folder} differs from its VERSION file: run `make vendor-docs`."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
