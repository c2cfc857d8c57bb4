"""Setting up, the lock files, the containers: what can be known of them without a network or Docker."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SH = shutil.which("sh") or "/bin/sh"
BROKEN_SHIM = f"#!{SH}\necho 'pyenv: python3.14: command not found' >&2\nexit 127\n"


# --- make setup ------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Just enough of a checkout, with a bootstrap that only says which Python it was given."""
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "setup.sh", tmp_path / "config")
    (tmp_path / "config" / "bootstrap.py").write_text("import sys; print('chosen', sys.executable)")
    (tmp_path / "bin").mkdir()
    for tool in ("cat", "dirname", "tail", "sleep"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    return tmp_path


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def set_up(checkout: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [SH, str(checkout / "config" / "setup.sh"), "requirements.txt"]
    environment = {"PATH": str(checkout / "bin"), "HOME": str(checkout)} | more
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_a_shim_that_does_not_run_is_passed_over(checkout: Path) -> None:
    program(checkout / "bin" / "python3.14", BROKEN_SHIM)
    program(checkout / "bin" / "python3.11", f'#!{SH}\nexec "{sys.executable}" "$@"\n')
    done = set_up(checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("chosen")


def test_where_no_python_fits_both_languages_say_why(checkout: Path) -> None:
    program(checkout / "bin" / "python3.14", BROKEN_SHIM)
    program(checkout / "bin" / "python3", f"#!{SH}\necho 3.9 >&2\nexit 1\n")
    done = set_up(checkout)
    assert done.returncode == 1
    assert "Cần Python từ 3.11 đến 3.14" in done.stderr and "Python 3.11 to 3.14" in done.stderr
    assert "python3.14: pyenv: python3.14: command not found" in done.stderr
    assert "python3: 3.9" in done.stderr


def test_a_python_kept_by_pyenv_is_found_where_path_has_none(checkout: Path) -> None:
    kept = checkout / ".pyenv" / "versions" / "3.12.9" / "bin"
    kept.mkdir(parents=True)
    program(kept / "python3", f'#!{SH}\nexec "{sys.executable}" "$@"\n')
    assert set_up(checkout).returncode == 0


def test_a_python_that_is_named_is_the_only_one_tried(checkout: Path) -> None:
    program(checkout / "bin" / "python3.11", f'#!{SH}\nexec "{sys.executable}" "$@"\n')
    assert set_up(checkout, PYTHON=str(checkout / "nowhere")).returncode == 1


# --- Lock files ------------------------------------------------------------------------------


def pins(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9][\w.\-]*==[^\s;\\]+)", (ROOT / name).read_text(), re.MULTILINE))


def test_the_development_lock_holds_the_runtime_lock() -> None:
    """config/bootstrap.py counts on it: whoever has installed the second has the first."""
    assert len(pins("requirements.txt")) > 50
    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_hash_and_no_host_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"://|^--(index-url|extra-index-url|find-links|trusted-host)", text, re.MULTILINE)
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", text.strip()))


# --- Containers ------------------------------------------------------------------------------

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("prepare", "web", "worker", "sync", "beat")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PINNED = re.compile(r"^[a-z0-9/._-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9]+)*$")
# Beginnings that would put a file of this machine or a host of images into the project.
UNFIT = re.compile(r"^[\w.-]+\.[a-z]{2,}(:\d+)?/")


def test_all_that_the_cluster_profile_needs_is_there() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis", "elasticsearch", "mailpit"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_by_version(name: str) -> None:
    assert PINNED.match(SERVICES[name]["image"]) and not UNFIT.match(SERVICES[name]["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_a_health_check(name: str) -> None:
    if name == "prepare":  # it ends; that it ended well is what the others wait for
        assert SERVICES[name]["healthcheck"] == {"disable": True}
    elif name == "web":  # the image's own
        assert "HEALTHCHECK" in DOCKERFILE and "healthcheck" not in SERVICES[name]
    else:
        assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_may_become_it(name: str) -> None:
    user = "10001:10001" if name in OURS else SERVICES[name]["user"]
    assert not user.startswith(("0", "root"))
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["web", "worker", "sync", "beat"])
def test_what_serves_waits_for_preparation_and_for_healthy_servers(name: str) -> None:
    conditions = {wanted: rule["condition"] for wanted, rule in SERVICES[name]["depends_on"].items()}
    assert conditions.pop("prepare") == "service_completed_successfully"
    assert conditions == dict.fromkeys(("postgres", "redis", "elasticsearch"), "service_healthy")


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_open_to_this_machine_alone(name: str) -> None:
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_what_must_last_lies_in_volumes() -> None:
    for name in ("web", "worker", "sync", "beat", "postgres", "redis", "elasticsearch"):
        assert [mount.partition(":")[0] for mount in SERVICES[name]["volumes"]][0] in COMPOSE["volumes"]


def test_servers_of_data_are_on_the_closed_network_alone() -> None:
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert all(SERVICES[name]["networks"] == ["back"] for name in ("postgres", "redis", "elasticsearch"))


def test_secrets_come_from_the_environment_and_without_them_nothing_starts() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "ELASTIC_PASSWORD", "SECRET_KEY", "FIELD_KEYS"):
        assert f"${{{name}:?" in text and f"${{{name}}}" not in text and f"${{{name}:-" not in text


def test_the_example_environment_names_what_compose_reads_and_gives_no_secret() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(example) == set(re.findall(r"(?<!\$)\$\{([A-Z_]+)[:}]", text))
    assert not any(value for name, value in example.items() if name.endswith(("PASSWORD", "KEY", "KEYS")))


def test_compose_passes_only_what_the_settings_read() -> None:
    from .test_settings import read

    assert set(SERVICES["web"]["environment"]) <= read()


def test_the_image_is_pinned_built_in_two_stages_and_runs_as_nobody_in_particular() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2 and len(set(bases)) == 1 and PINNED.match(bases[0])
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE and "collectstatic" in DOCKERFILE
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD|KEY)", DOCKERFILE, re.MULTILINE)


def test_the_image_holds_every_room_and_no_more() -> None:
    kept = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    rooms = {"classifier", "cms", "config", "intake", "search"}
    assert kept == rooms | {"locale", "static", "templates", "LICENSE", "manage.py", "requirements.txt"}


def test_the_commands_in_the_containers_are_ours() -> None:
    for name in ("prepare", "worker", "sync", "beat"):
        words = SERVICES[name]["command"]
        assert words[0] in {"python", "celery"}
        module = words[2].replace(".", "/")
        assert (ROOT / f"{module}.py").exists() or (ROOT / module / "__init__.py").exists()


# --- The interface of make -------------------------------------------------------------------


@pytest.mark.parametrize("target", ["setup", "run", "services", "services-down", "test", "test-cluster", "check"])
def test_make_knows_its_targets_and_help_lists_them(target: str) -> None:
    environment = {"PATH": os.environ["PATH"]}
    said = subprocess.run(["make", "help"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert f"make {target} " in said.stdout
    assert subprocess.run(["make", "-n", target], cwd=ROOT, env=environment, capture_output=True).returncode == 0


def test_make_run_hands_its_place_over_so_that_signals_arrive() -> None:
    command = ["make", "-n", "run", "PORT=8123", "DATA_DIR=/tmp/elsewhere"]
    said = subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    last = said.stdout.strip().splitlines()[-1]
    assert last.startswith("exec ") and 'PORT="8123"' in last and 'DATA_DIR="/tmp/elsewhere"' in last
