"""Fetches an unmodified GlobalPlatform client, gpshell, as Debian packs it for a newer release than
this machine's, with the libraries that it needs, into a folder of its own. Nothing is installed,
and nothing needs root.

Its own dynamic loader runs it, with those libraries; only libpcsclite is this machine's, since that
has to speak with this machine's pcscd."""
import glob
import gzip
import os
import pathlib
import shutil
import subprocess

MIRROR = "http://deb.debian.org/debian"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PACKAGES = ["gpshell", "libgppcscconnectionplugin1"]


class FetchError(Exception):
    pass


def run(command, folder, what):
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                            env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"})
    if result.returncode:
        tail = "\n".join((result.stdout + result.stderr).splitlines()[-8:])
        raise FetchError(f"{what} failed:\n{tail}")
    return result.stdout


def apt(folder, *words):
    """apt-get with lists, cache and state in that folder, as on a machine without any package."""
    own = {"Dir::Etc::SourceList": folder / "sources.list", "Dir::Etc::SourceParts": "-",
           "Dir::State": folder / "state", "Dir::State::status": folder / "status",
           "Dir::Cache": folder / "cache", "APT::Sandbox::User": "root",
           "APT::Get::AllowUnauthenticated": "false", "Debug::NoLocking": "true", "APT::Update::Error-Mode": "any",
           "Acquire::Languages": "none",
           "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false", "APT::Install-Recommends": "false"}
    options = [f"-o{name}={value}" for name, value in own.items()]
    return run(["apt-get", "-q", "-y", *options, *words], folder, f"apt-get {words[0]}")


def unpack(packages, root):
    for package in packages:
        run(["dpkg", "-x", package, root], root, f"dpkg -x {package}")


def pcsclite():
    for line in run(["/sbin/ldconfig", "-p"], "/", "ldconfig").splitlines():
        if "libpcsclite.so.1 " in line and "=>" in line:
            return os.path.realpath(line.split("=>")[1].strip())
    raise FetchError("there is no libpcsclite.so.1 here; \"make test\" installs it")


class Client:
    """The programs of one release: command(NAME) begins a command line."""

    def __init__(self, suite, folder):
        self.suite = suite
        self.root = pathlib.Path(folder).absolute() / suite
        self.stamp = self.root / "fetched"
        if not self.stamp.exists():
            self.fetch()
        self.loader = glob.glob(f"{self.root}/root/**/ld-linux*.so.*", recursive=True)[0]
        own = self.root / "own"
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        shutil.copy(pcsclite(), own / "libpcsclite.so.1")
        self.libraries = f"{own}:{os.path.dirname(self.loader)}"

    def fetch(self):
        shutil.rmtree(self.root, ignore_errors=True)
        for name in ("state/lists/partial", "cache/archives/partial", "root"):
            (self.root / name).mkdir(parents=True)
        (self.root / "status").touch()
        (self.root / "sources.list").write_text(
            f"deb [signed-by={KEYRING}] {MIRROR} {self.suite} main\n")
        apt(self.root, "update")
        apt(self.root, "install", "--download-only", *PACKAGES)
        unpack(sorted((self.root / "cache/archives").glob("*.deb")), self.root / "root")
        shutil.rmtree(self.root / "cache")
        shutil.rmtree(self.root / "state")
        self.stamp.touch()

    def program(self, name):
        path = self.root / "root/usr/bin" / name
        return path if path.exists() else None

    def command(self, name):
        return [self.loader, "--library-path", self.libraries, str(self.program(name))]

    def version(self):
        """As Debian has it."""
        for path in (self.root / "root/usr/share/doc/gpshell").glob("changelog.Debian.gz"):
            with gzip.open(path, "rt") as lines:
                return lines.readline().split("(")[1].split(")")[0]
        return "of unknown version"
