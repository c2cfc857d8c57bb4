"""Nodes of the official Elasticsearch server, from its Maven artifact, with a password.

It is the bare server, without the analysis modules of the full distribution: what it lacks is why
Vietnamese is analysed in Python for every engine (docs/operations.md).
"""

import base64
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path

from .account import Account
from .packages import Missing, java_home
from .process import Running
from .process import start as start_process

NAME = "elasticsearch"
VARIABLE = "ELASTICSEARCH_URL"
STOP_SIGNAL = signal.SIGTERM
START_SECONDS = 180.0
VERSION = "9.5.3"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SETTINGS = """\
cluster.name: yk57
node.name: {name}
network.host: 127.0.0.1
http.port: {port}
path.data: {home}/data
path.logs: {home}/logs
# A disk that others have filled would make every index read-only.
cluster.routing.allocation.disk.threshold_enabled: false
xpack.security.enabled: true
xpack.security.http.ssl.enabled: false
xpack.security.transport.ssl.enabled: false
action.destructive_requires_name: true
"""
ALONE = "discovery.type: single-node\ntransport.port: 0\n"
# A node that falls silent is missed after five seconds, not thirty: its replicas take over sooner.
TOGETHER = """\
transport.port: {transport}
discovery.seed_hosts: [{seeds}]
cluster.initial_master_nodes: [{names}]
cluster.fault_detection.follower_check.timeout: 5s
cluster.fault_detection.leader_check.timeout: 5s
"""


def url(port: int, password: str) -> str:
    return f"http://elastic:{password}@127.0.0.1:{port}"


def fetch(folder: Path) -> Path:
    """The server's archive, through Maven and its local repository (124 MB the first time)."""
    copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
    command = ["mvn", "-q", "-B", copy, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    archive = folder / f"elasticsearch-{VERSION}.zip"
    if done.returncode or not archive.exists():
        raise Missing(f"Maven không lấy được / could not fetch {ARTIFACT}:\n{done.stdout.strip()[-2000:]}")
    return archive


def unpack(home: Path) -> Path:
    server = home / f"elasticsearch-{VERSION}"
    if not (server / ".complete").exists():
        shutil.rmtree(server, ignore_errors=True)
        archive = fetch(home)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(home)
        archive.unlink()
        for program in (server / "bin").iterdir():
            program.chmod(0o755)
        (server / ".complete").touch()
    return server


def configure(home: Path, server: Path, port: int, user: Account, peers: Mapping[str, int]) -> Path:
    settings = home / "config"
    if not settings.exists():
        shutil.copytree(server / "config", settings)
    text = SETTINGS.format(port=port, home=home, name=home.name)
    if len(peers) > 1:
        seeds = ", ".join(f'"127.0.0.1:{transport}"' for transport in peers.values())
        text += TOGETHER.format(transport=peers[home.name], seeds=seeds, names=", ".join(peers))
    else:
        text += ALONE
    (settings / "elasticsearch.yml").write_text(text)
    for folder in ("data", "logs", "tmp"):
        (home / folder).mkdir(exist_ok=True)
    user.own(home)
    return settings


def start(
    home: Path,
    port: int,
    password: str,
    user: Account,
    log: Path,
    *,
    peers: Mapping[str, int] | None = None,
    programs: Path | None = None,
) -> Running:
    """A node in its own folder, whose name is the node's.

    `peers`: the nodes of its cluster with their transport ports, itself among them; `programs`: the
    folder of a node whose unpacked server it shares.
    """
    server = unpack(programs or home)
    settings = configure(home, server, port, user, peers or {})
    tidy = f"-XX:-UsePerfData -Djava.io.tmpdir={home / 'tmp'}"
    extra = {
        "ES_JAVA_HOME": str(java_home()),
        "ES_PATH_CONF": str(settings),
        "ES_JAVA_OPTS": os.environ.get("ES_JAVA_OPTS", "-Xms512m -Xmx512m") + " -XX:-UsePerfData",
        "CLI_JAVA_OPTS": tidy,
        "ES_TMPDIR": str(home / "tmp"),
    }
    if not (settings / "elasticsearch.keystore").exists():
        keystore = server / "bin" / "elasticsearch-keystore"
        for words, given in ((["create"], ""), (["add", "--stdin", "bootstrap.password"], password)):
            subprocess.run(
                [keystore, *words],
                cwd=home,
                env=user.environment | extra,
                input=given.encode(),
                check=True,
                capture_output=True,
                **user.popen,
            )
    return start_process([server / "bin" / "elasticsearch"], account=user, log=log, folder=home, extra=extra)


def ready(port: int, password: str) -> bool:
    """The bare server has no answer at `/`; its health is asked for instead."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/_cluster/health?wait_for_status=yellow&timeout=2s")
    request.add_header("Authorization", "Basic " + base64.b64encode(f"elastic:{password}".encode()).decode())
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def finish(port: int, password: str) -> None:
    """Nothing is left to do once it answers."""
