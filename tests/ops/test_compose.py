"""docker-compose.yml publishes one port, holds no secret, and uses settings that are all documented."""

import re
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ops.running import clean_environment, manage

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = PROJECT / "docker-compose.yml"
LONG_RUNNING = ("proxy", "web", "worker", "imports", "postgres", "elasticsearch")
VARIABLE = re.compile(r"\$\{([A-Z_]+)(:[?-][^}]*)?\}")


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(COMPOSE.read_text())["services"]


def example() -> dict[str, str]:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_only_the_proxy_publishes_a_port(services: dict[str, dict[str, Any]]) -> None:
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "proxy": ["443:443"]
    }


def test_the_network_of_the_data_has_no_way_out(services: dict[str, dict[str, Any]]) -> None:
    assert yaml.safe_load(COMPOSE.read_text())["networks"]["back"] == {"internal": True}
    assert {name for name, service in services.items() if "front" in service.get("networks", [])} == {
        "proxy",
        "web",
    }


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_every_permanent_service_has_a_health_check_and_restarts(
    services: dict[str, dict[str, Any]], name: str
) -> None:
    assert services[name]["healthcheck"]["test"]
    assert services[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["postgres", "elasticsearch", "proxy", "web"])
def test_data_lives_in_named_volumes(services: dict[str, dict[str, Any]], name: str) -> None:
    volumes = yaml.safe_load(COMPOSE.read_text())["volumes"]
    assert {volume.split(":")[0] for volume in services[name]["volumes"]} & set(volumes)


@pytest.mark.parametrize("name", ["web", "worker", "imports"])
def test_the_archive_serves_only_after_the_migration(services: dict[str, dict[str, Any]], name: str) -> None:
    assert services[name]["depends_on"]["setup"] == {"condition": "service_completed_successfully"}
    assert services["setup"]["restart"] == "no"


@pytest.mark.parametrize("name", ["web", "worker", "imports", "setup", "role"])
def test_the_archive_runs_without_privileges(services: dict[str, dict[str, Any]], name: str) -> None:
    service = services[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "user" not in service, "the image's own unprivileged user"
    assert "USER archive" in (PROJECT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", [*LONG_RUNNING, "setup", "role", "certificates"])
def test_every_service_is_confined(services: dict[str, dict[str, Any]], name: str) -> None:
    service = services[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service.get("read_only") is True or name == "elasticsearch"


def test_the_keys_of_make_env_satisfy_django(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    for name in ("deploy/make-env.sh", ".env.example"):
        (tmp_path / name).write_text((PROJECT / name).read_text())
    subprocess.run(["sh", "deploy/make-env.sh", "archive.example"], check=True, cwd=tmp_path)
    made = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines() if "=" in line)
    environment = clean_environment(
        SECRET_KEY=made["SECRET_KEY"], BEHIND_TLS="true", ALLOWED_HOSTS=made["DOMAIN"],
        ARCHIVE_DATA_DIR=str(tmp_path / "data"),
    )  # fmt: skip
    manage(environment, "check", "--deploy", "--fail-level", "WARNING")


def test_debug_is_off_and_cookies_need_tls(services: dict[str, dict[str, Any]]) -> None:
    settings = services["web"]["environment"]
    assert (settings["DEBUG"], settings["BEHIND_TLS"]) == ("false", "true")


def test_elasticsearch_answers_over_tls_to_known_users_only(services: dict[str, dict[str, Any]]) -> None:
    settings = services["elasticsearch"]["environment"]
    assert settings["xpack.security.enabled"] == settings["xpack.security.http.ssl.enabled"] == "true"
    assert services["web"]["environment"]["ELASTICSEARCH_URL"].startswith("https://archive:")


def test_the_superuser_is_known_to_the_role_service_and_the_server_alone(
    services: dict[str, dict[str, Any]],
) -> None:
    knowing = {
        name for name, service in services.items() if "ELASTIC_PASSWORD" in service.get("environment", {})
    }
    assert knowing == {"role", "elasticsearch"}


def test_every_variable_is_explained_in_the_example() -> None:
    assert {name for name, _ in VARIABLE.findall(COMPOSE.read_text())} == set(example())


def test_every_secret_is_required_and_in_no_file() -> None:
    text = COMPOSE.read_text()
    secrets = [name for name in example() if name == "SECRET_KEY" or name.endswith("PASSWORD")]
    assert len(secrets) == 5
    for name in secrets:
        assert example()[name] == ""
        assert {default for used, default in VARIABLE.findall(text) if used == name} <= {":?set it in .env"}


def test_a_new_env_file_has_every_secret_and_is_private(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    for name in ("deploy/make-env.sh", ".env.example"):
        (tmp_path / name).write_bytes((PROJECT / name).read_bytes())
    make = ["sh", str(tmp_path / "deploy" / "make-env.sh"), "archive.example.org"]
    subprocess.run(make, check=True, capture_output=True)
    written = tmp_path / ".env"
    values = dict(line.split("=", 1) for line in written.read_text().splitlines() if line[:1].isalpha())
    assert values.keys() == example().keys()
    assert values["DOMAIN"] == "archive.example.org"
    made = [values[name] for name in values if name == "SECRET_KEY" or name.endswith("PASSWORD")]
    assert all(re.fullmatch(r"(?:[0-9a-f]{48}){1,2}", secret) for secret in made)
    assert len(set(made)) == 5
    assert written.stat().st_mode & 0o777 == 0o600
    assert subprocess.run(make, check=False, capture_output=True).returncode == 1, "never overwritten"


def test_the_certificates_verify_for_the_service_and_keep_their_keys_private(tmp_path: Path) -> None:
    make = ["sh", str(PROJECT / "deploy" / "certificates.sh"), str(tmp_path), "elasticsearch"]
    subprocess.run(make, check=True)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(tmp_path / "elasticsearch.crt", tmp_path / "elasticsearch.key")
    client = ssl.create_default_context(cafile=str(tmp_path / "ca.crt"))
    for host in ("elasticsearch", "localhost", "127.0.0.1"):
        assert shake_hands(server, client, host)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(server, client, "elsewhere")
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0
    before = (tmp_path / "ca.crt").read_bytes()
    subprocess.run(make, check=True)
    assert (tmp_path / "ca.crt").read_bytes() == before, "a second start keeps the certificates"


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> bool:
    """Make a TLS handshake in memory; raises what the client would raise."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = client.wrap_bio(down, up, server_hostname=host)
    there = server.wrap_bio(up, down, server_side=True)
    waiting = {here, there}
    while waiting:
        for side in tuple(waiting):
            try:
                side.do_handshake()
                waiting.discard(side)
            except ssl.SSLWantReadError:
                continue
    return True
