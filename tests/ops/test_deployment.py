"""The services of docker-compose.yml, started without Docker: the same scripts, programs and settings.

It runs against a real PostgreSQL and a real Elasticsearch with TLS, its own certificate authority and a
limited user.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.ops.running import clean_environment, get, manage, running, wait_until
from tools.servers.elasticsearch import ElasticsearchServer
from tools.servers.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
PREFIX = "deployed"

pytestmark = [pytest.mark.elasticsearch, pytest.mark.postgres]


class CertifiedServer(ElasticsearchServer):
    """A real Elasticsearch with the certificates that deploy/certificates.sh makes."""

    @property
    def ca(self) -> Path:
        return self.config / "authority" / "ca.crt"

    def _certify(self) -> None:
        folder = self.config / "authority"
        folder.mkdir()
        subprocess.run(
            ["sh", str(PROJECT / "deploy/certificates.sh"), str(folder), "elasticsearch"], check=True
        )
        shutil.copyfile(folder / "elasticsearch.crt", self.config / "ca.pem")
        shutil.copyfile(folder / "elasticsearch.key", self.config / "http.key")


@dataclass
class Site:
    """A deployed archive: addresses of its web server and its proxy ("" = no Caddy here), its settings."""

    web: str
    proxy: str
    trust: ssl.SSLContext | None
    environment: dict[str, str]
    server: CertifiedServer
    log: Path

    def as_archive(self, method: str, path: str, body: object = None) -> int:
        """Send a request to Elasticsearch as the archive's own user and return the status."""
        request = urllib.request.Request(
            self.server.base_url + path, None if body is None else json.dumps(body).encode(), method=method
        )
        token = base64.b64encode(f"archive:{self.environment['ELASTICSEARCH_PASSWORD']}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        request.add_header("Content-Type", "application/json")
        context = ssl.create_default_context(cafile=str(self.server.ca))
        try:
            with urllib.request.urlopen(request, timeout=30, context=context) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture(scope="module")
def site(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    database = f"site_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    with ExitStack() as stack:
        server = stack.enter_context(CertifiedServer(secured=True, for_tests=True))
        port, password = free_port(), secrets.token_hex(12)
        environment = clean_environment(
            DEBUG="false",
            BEHIND_TLS="true",
            HOST="127.0.0.1",
            PORT=str(port),
            ALLOWED_HOSTS="localhost,127.0.0.1",
            SECRET_KEY=secrets.token_hex(24),
            ARCHIVE_DATA_DIR=str(folder / "data"),
            DATABASE_URL=re.sub(r"/[^/]*$", f"/{database}", postgres_url),
            SEARCH_ENGINE="elasticsearch",
            ELASTICSEARCH_URL=server.base_url.replace("//", f"//archive:{password}@"),
            ELASTICSEARCH_HOST=server.base_url,
            ELASTICSEARCH_CA=str(server.ca),
            ELASTICSEARCH_PREFIX=PREFIX,
            ELASTICSEARCH_PASSWORD=password,
            WEB_CONCURRENCY="2",
            ADMIN_PASSWORD=secrets.token_hex(12),
        )
        role = [sys.executable, "deploy/elasticsearch_role.py"]
        subprocess.run(role, check=True, cwd=PROJECT, env=environment | {"ELASTIC_PASSWORD": server.password})
        manage(environment, "setup_archive")
        web = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "newsarchive.wsgi"]
        stack.enter_context(running(web, folder / "web.log", environment))
        worker = [sys.executable, "manage.py", "drain_outbox", "--forever"]
        stack.enter_context(running(worker, folder / "worker.log", environment))
        proxy, trust = start_proxy(stack, folder, environment)
        site = Site(f"http://127.0.0.1:{port}", proxy, trust, environment, server, folder / "web.log")
        wait_until(lambda: get(f"{site.web}/readyz").status == 200, 60, site.log.read_text)
        yield site


def start_proxy(
    stack: ExitStack, folder: Path, environment: dict[str, str]
) -> tuple[str, ssl.SSLContext | None]:
    """Start Caddy with the project's Caddyfile, if the machine has it."""
    caddy = shutil.which("caddy")
    if caddy is None:
        assert os.environ.get("REQUIRE_ALL") != "1", "the proxy is required: apt-get install caddy"
        return "", None
    port = free_port()
    settings = environment | {
        "DOMAIN": f"localhost:{port}",
        "UPSTREAM": f"127.0.0.1:{environment['PORT']}",
        "CADDY_ADMIN": f"localhost:{free_port()}",
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = [caddy, "run", "--config", "deploy/Caddyfile", "--adapter", "caddyfile"]
    stack.enter_context(running(command, folder / "proxy.log", settings))
    root = folder / "caddy/pki/authorities/local/root.crt"
    wait_until(root.exists, 30, (folder / "proxy.log").read_text)
    return f"https://localhost:{port}", ssl.create_default_context(cafile=str(root))


def test_the_sample_articles_are_found_through_http(site: Site) -> None:
    answer = get(f"{site.web}/api/v1/search?q=حمص", X_Forwarded_Proto="https").json
    assert answer["total"] > 0
    assert answer["hits"][0]["cities"]


def test_index_and_database_hold_the_same_articles(site: Site) -> None:
    checked = json.loads(manage(site.environment, "check_index", "--json"))
    assert checked["clean"] is True
    assert checked["documents"] >= 60


def test_an_article_saved_elsewhere_is_found_once_the_worker_has_sent_it(site: Site) -> None:
    word = f"شاهد{secrets.randbelow(10**9)}"
    code = f"from articles.models import Article; Article.objects.create(title='{word}', body='نص قصير')"
    manage(site.environment | {"INDEX_ON_COMMIT": "false"}, "shell", "--command", code)

    def is_found() -> bool:
        return get(f"{site.web}/api/v1/search?q={word}", X_Forwarded_Proto="https").json["total"] == 1

    wait_until(is_found, 20, site.log.read_text)


def test_readers_connect_over_tls(site: Site) -> None:
    if not site.proxy:
        pytest.skip("no Caddy on this machine; with REQUIRE_ALL=1 the fixture fails instead")
    wait_until(lambda: get(f"{site.proxy}/", site.trust).status == 200, 30, site.log.read_text)
    page = get(f"{site.proxy}/search/?q=حمص", site.trust)
    assert page.status == 200
    assert "<mark" in page.text
    assert "max-age" in page.headers["Strict-Transport-Security"]
    assert "Content-Security-Policy" in page.headers
    login = get(f"{site.proxy}/admin/login/", site.trust, X_Forwarded_Proto="http")
    assert "Secure" in login.headers["Set-Cookie"], "what a reader says of the scheme is overwritten"


def test_static_files_of_a_page_are_cached_for_ever(site: Site) -> None:
    page = get(f"{site.web}/", X_Forwarded_Proto="https").text
    names = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert names
    for name in names:
        answer = (
            get(site.web + name, X_Forwarded_Proto="https")
            if name.endswith((".css", ".js", ".svg"))
            else None
        )
        assert answer is None or (answer.status == 200 and "immutable" in answer.headers["Cache-Control"]), (
            name
        )


def test_a_foreign_host_name_is_refused(site: Site) -> None:
    assert get(f"{site.web}/", Host="elsewhere.example").status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/other"), ("GET", "/other-secret/_search"), ("GET", "/_security/user")],
)
def test_the_archives_user_has_access_to_nothing_else(site: Site, method: str, path: str) -> None:
    assert site.as_archive(method, path) == 403


def test_the_archives_user_creates_and_drops_indexes_of_its_prefix(site: Site) -> None:
    assert site.as_archive("PUT", f"/{PREFIX}-probe") == 200
    assert site.as_archive("DELETE", f"/{PREFIX}-probe") == 200


def test_elasticsearch_is_trusted_only_with_the_installations_own_authority(site: Site) -> None:
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        get(f"{site.server.base_url}/", ssl.create_default_context())
    assert (
        get(f"{site.server.base_url}/", ssl.create_default_context(cafile=str(site.server.ca))).status == 401
    )


def test_a_second_setup_changes_nothing(site: Site) -> None:
    before = json.loads(manage(site.environment, "index_status", "--json"))
    manage(site.environment, "setup_archive", "--no-static")
    after = json.loads(manage(site.environment, "index_status", "--json"))
    assert (after["documents"], after["index"]) == (before["documents"], before["index"])
