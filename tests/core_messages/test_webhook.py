"""Webhooks: signed, and never a way into our own network (SSRF)."""

import hashlib
import hmac
import ipaddress
import json
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.messages.actions.sending import send_due
from core.messages.models import Choice, Delivery, Preference
from core.messages.ports import GiveUp, Letter, TryAgain, http, webhook
from core.messages.ports.addresses import AddressRefused, checked, public
from core.messages.ports.http import Target, post
from core.messages.secrets import sealed
from tests.support import world
from tests.support.notices import receiver
from tests.support.telling import planned

LETTER = Letter(
    "0000-1", "test.told", "cases", "标题", "只在收件箱里的正文", "http://portal/inbox/1/", world.at()
)
SECRET = b"whs_secret"

NOT_OURS = (
    "http://127.0.0.1/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0177.0.0.1/", "https://0/", "https://localhost/", "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/", "https://172.16.5.5/", "https://192.168.1.1/", "https://100.64.0.1/", "https://[::1]/",
    "https://[::]/", "https://[fe80::1]/", "https://[fd00::1]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://224.0.0.1/",
    "https://255.255.255.255/", "https://192.0.2.1/",
)  # fmt: skip
MISSHAPEN = (
    "", "example.com", "ftp://example.com/", "file:///etc/passwd", "https://", "https:///x", "javascript:alert(1)",
    "https://exa mple.com/", "https://example.com\\@127.0.0.1/", "https://example.com/\r\nHost: x", "gopher://x/",
    "https://例子.com/", "https://example.com:99999/", "https://example.com/" + "a" * 600,
)  # fmt: skip


@pytest.mark.parametrize("url", NOT_OURS)
def test_private_addresses_are_refused_however_written(url):
    with pytest.raises(AddressRefused) as refusal:
        checked(url, demo=False)
    assert refusal.value.code in ("private", "https")


@pytest.mark.parametrize("url", MISSHAPEN)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(AddressRefused) as refusal:
        checked(url, demo=False)
    assert refusal.value.code == "shape"


def test_credentials_and_plain_http_are_refused():
    for url, code in (("https://me:pw@93.184.216.34/", "credentials"), ("http://93.184.216.34/", "https")):
        with pytest.raises(AddressRefused) as refusal:
            checked(url, demo=False)
        assert refusal.value.code == code


def names(monkeypatch, *addresses):
    """Every name has these addresses."""

    def resolve(host, port, *arguments, **options):
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        found = [ipaddress.ip_address(address) for address in addresses]
        return [(family[a.version], socket.SOCK_STREAM, 6, "", (str(a), port)) for a in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_a_name_that_leads_inside_is_refused_even_by_one_of_its_addresses(monkeypatch):
    for inside in ("10.1.2.3", "127.0.0.1", "fd00::5"):
        names(monkeypatch, "93.184.216.34", inside)
        with pytest.raises(AddressRefused) as refusal:
            checked("https://hook.example.com/", demo=False)
        assert refusal.value.code == "private"


def test_an_unknown_name_may_be_known_later(monkeypatch):
    def unknown(*arguments, **options):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TryAgain):
        webhook.send(LETTER, "https://hook.example.com/", secret=SECRET, at=world.at())


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """A name that answers differently the second time gains nothing."""
    names(monkeypatch, "93.184.216.34")
    target = checked("https://hook.example.com:8443/x?y=1", demo=False)
    names(monkeypatch, "127.0.0.1")
    reached = []

    def connect(address, timeout):
        reached.append(address)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(TryAgain):
        post(target, b"{}", {})
    assert reached == [("93.184.216.34", 8443)]


def test_the_demo_world_may_reach_this_machine_and_no_other_inside():
    assert checked("http://127.0.0.1:8000/hook", demo=True).addresses == ("127.0.0.1",)
    for url in ("http://10.0.0.1/", "http://169.254.169.254/", "http://[fe80::1]/"):
        with pytest.raises(AddressRefused):
            checked(url, demo=True)


def test_public_addresses_are_public():
    for address in ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"):
        assert public(ipaddress.ip_address(address))


def test_the_signature_can_be_checked_by_anybody_with_the_secret():
    with receiver() as there:
        webhook.send(LETTER, there.url + "/hook", secret=SECRET, at=world.at())
    ((path, headers, body),) = there.got
    stamp = headers["Portal-Timestamp"]
    mac = hmac.new(SECRET, digestmod=hashlib.sha256)
    for part in (stamp.encode(), b".", body):
        mac.update(part)
    assert headers["Portal-Signature"] == "sha256=" + mac.hexdigest()
    assert path == "/hook" and int(stamp) == int(world.at().timestamp())
    assert headers["Portal-Delivery"] == LETTER.id
    assert json.loads(body)["title"] == "标题" and "正文" not in body.decode()


def test_redirects_are_not_followed():
    with receiver() as inside, receiver() as there:
        there.status, there.headers = 302, {"Location": inside.url}
        with pytest.raises(GiveUp):
            webhook.send(LETTER, there.url, secret=SECRET, at=world.at())
        assert inside.got == []


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_every_other_answer_is_tried_again(status):
    with receiver() as there:
        there.status = status
        with pytest.raises(TryAgain):
            webhook.send(LETTER, there.url, secret=SECRET, at=world.at())


def test_a_receiver_that_drips_is_left_in_time(monkeypatch):
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        with pytest.raises(TryAgain):
            post(Target.of(f"http://127.0.0.1:{server.getsockname()[1]}/"), b"{}", {})
        assert time.monotonic() - began < 2.5


def certificate(name):
    """A self-signed certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private


@pytest.mark.parametrize("asked, good", [("hook.example.com", True), ("other.example.com", False)])
def test_tls_is_checked_against_the_name_whatever_address_is_used(asked, good, tmp_path, monkeypatch):
    public_part, private = certificate("hook.example.com")
    path = tmp_path / "both.pem"
    path.write_bytes(public_part + private)
    with receiver() as there:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        there.server.socket = context.wrap_socket(there.server.socket, server_side=True)
        monkeypatch.setattr(
            http, "tls_context", lambda: ssl.create_default_context(cadata=public_part.decode())
        )
        target = Target(asked, there.server.server_port, True, "/", ("127.0.0.1",))
        if good:
            assert post(target, b"{}", {}) == 200
            assert there.got[0][1]["Host"].startswith("hook.example.com")
        else:
            with pytest.raises(TryAgain):
                post(target, b"{}", {})
            assert there.got == []


@pytest.mark.django_db
def test_a_notice_is_pushed_with_the_persons_own_secret(kind, person):
    Choice.objects.create(user=person, category="cases", email="off", webhook=True)
    with receiver() as there:
        Preference.objects.create(user=person, webhook_url=there.url + "/h", webhook_secret=sealed("whs_own"))
        planned(person)
        assert send_due(at=world.at()) == 1
    ((_path, headers, body),) = there.got
    expected = hmac.new(b"whs_own", headers["Portal-Timestamp"].encode() + b"." + body, "sha256").hexdigest()
    assert headers["Portal-Signature"] == f"sha256={expected}"
    assert Delivery.objects.get().state == "sent"


@pytest.mark.django_db
def test_outside_the_demo_a_push_inside_is_parked_and_never_made(kind, person, settings):
    settings.WORLD = "real"
    Choice.objects.create(user=person, category="cases", email="off", webhook=True)
    with receiver() as there:
        inside = there.url.replace("http:", "https:")
        Preference.objects.create(user=person, webhook_url=inside, webhook_secret=sealed("s"))
        planned(person)
        assert send_due(at=world.at()) == 0
        assert there.got == []
    assert Delivery.objects.get().error == "address_private"
