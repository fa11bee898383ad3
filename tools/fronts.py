"""Get the servers that stand in front of the site, nginx and Caddy, for the tests that run README's configurations.

Where they are not installed they are unpacked from Debian's packages into the environment: nothing is installed, and no
service is started. Where that cannot be done the tests say so.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(sys.prefix) / "fronts"
# Of nginx's packages the first two are its program and its folders; the rest is on every Debian with Python.
PACKAGES = {"nginx": ("nginx", "nginx-common"), "caddy": ("caddy",)}


def find(program: str) -> str | None:
    """Where the program is: named by CENTER_TEST_NGINX or CENTER_TEST_CADDY, installed, or unpacked here."""
    given = os.environ.get(f"CENTER_TEST_{program.upper()}")
    places = [
        os.environ.get("PATH", ""),
        "/usr/sbin",
        "/usr/local/sbin",
        *(FOLDER / at for at in ("usr/bin", "usr/sbin")),
    ]
    return given or shutil.which(program, path=os.pathsep.join(map(str, places)))


def main() -> int:
    """0 in any case: without a server in front its tests say so."""
    for program, packages in PACKAGES.items():
        if find(program) is None and shutil.which("apt-get") and shutil.which("dpkg-deb"):
            _unpack(packages)
        print(f"{program}: {find(program) or 'none to be had; its tests will NOT RUN'}", flush=True)
    return 0


def _unpack(packages: tuple[str, ...]) -> None:
    as_root = ["-o", "APT::Sandbox::User=root"] if os.geteuid() == 0 else []  # else apt could not write to our folder
    with tempfile.TemporaryDirectory(prefix="fronts-") as folder:
        if as_root:
            subprocess.run(["apt-get", "update"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        fetch = ["apt-get", *as_root, "download", *packages]
        done = subprocess.run(fetch, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            print(f"apt-get download {' '.join(packages)}: {done.stderr.strip()[-200:]}", flush=True)
            return
        FOLDER.mkdir(exist_ok=True)
        for package in sorted(Path(folder).glob("*.deb")):
            subprocess.run(["dpkg-deb", "--extract", str(package), str(FOLDER)], check=True)


if __name__ == "__main__":
    sys.exit(main())
