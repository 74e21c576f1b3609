"""A server is believed only with a certificate in its own name, from an authority that botocore would take too."""

import ipaddress
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ConnectTimeoutError, SSLError
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.db.endpoint import ITEM, TRIES, botocores_own, get
from tests.db.loopback import Loopback, answered

ADDRESS = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


class Authority:
    """Signs certificates, and itself."""

    def __init__(self, folder):
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority")])
        made = self._unsigned(self._name, self._key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))

    def server(self, *names, called="A server", version=ssl.TLSVersion.TLSv1_3):
        """A server whose certificate has these names; ``called`` is what certificates had before there were names."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._unsigned(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)]), key)
        if names:
            made = made.add_extension(x509.SubjectAlternativeName(names), False)
        file = self._folder / "server.pem"
        own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(own + made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = version
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # it would speak the old protocols
        context.load_cert_chain(file)
        return Loopback(context, ordinary=answered(ITEM))

    def _unsigned(self, subject, key):
        now = datetime.now(UTC)
        made = x509.CertificateBuilder(self._name, subject, key.public_key(), x509.random_serial_number())
        return made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def started():
    """Stops the servers that are put in."""
    servers = []
    yield servers
    for each in servers:
        each.stop()


@pytest.fixture
def secure(authority, started):
    started.append(authority.server(ADDRESS))
    return started[0]


def test_an_unknown_authority_is_refused(secure, at):
    at(secure.url)

    with pytest.raises(SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        get()

    assert secure.received == []
    assert secure.connections == TRIES


@pytest.mark.parametrize("setting", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_the_authority_that_the_environment_names_is_taken(secure, at, authority, monkeypatch, setting):
    monkeypatch.setenv(setting, str(authority.file))
    at(secure.url)

    assert get()["Item"]


def test_the_authority_that_the_profile_names_is_taken(secure, at, authority, monkeypatch, tmp_path):
    profile = tmp_path / "config"
    profile.write_text(f"[default]\nca_bundle = {authority.file}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(profile))
    at(secure.url)

    assert get()["Item"]


def test_authorities_that_cannot_be_read_are_an_error_of_the_certificate(secure, at, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "absent.pem"))
    at(secure.url)

    for aws in (None, botocores_own()):
        with pytest.raises(SSLError):
            get(aws)


@pytest.mark.parametrize("names", [[x509.DNSName("other.example")], []])
def test_a_certificate_in_another_name_is_refused(at, authority, started, monkeypatch, names):
    """Nor is the common name enough, which was taken for the host's a long time ago."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.file))
    started.append(authority.server(*names, called="localhost"))
    at(started[0].url.replace("127.0.0.1", "localhost"))

    with pytest.raises(SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        get()

    assert started[0].received == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_an_old_protocol_is_refused(at, authority, started, monkeypatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.file))
    started.append(authority.server(ADDRESS, version=ssl.TLSVersion.TLSv1_1))
    at(started[0].url)

    with pytest.raises(SSLError):
        get()

    assert started[0].received == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_calls_one_after_another_share_a_connection(at, authority, started, monkeypatch, version):
    """The tickets that TLS 1.3 sends after the handshake are not taken for the server's farewell."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.file))
    started.append(authority.server(ADDRESS, version=version))
    at(started[0].url)

    assert all(get()["Item"] for _ in range(20))

    assert (started[0].connections, len(started[0].received)) == (1, 20)


def test_a_handshake_that_is_not_answered_is_given_up_in_time(at):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        at(f"https://127.0.0.1:{listener.getsockname()[1]}", limit=0.2)
        began = time.monotonic()

        with pytest.raises(ConnectTimeoutError):
            get()

        assert TRIES * 0.2 <= time.monotonic() - began < TRIES * 0.2 + 3
