"""Webhooks go to public https addresses, whichever way another one is spelled, named or smuggled in."""

from __future__ import annotations

import ipaddress
import socket
import threading

import pytest

from chalicelib.webhooks.errors import TargetRefused
from chalicelib.webhooks.model.targets import PublicTargets, is_public
from chalicelib.webhooks.service import posting, reaching
from infra.local.targets import LoopbackToo
from tests.webhooks.conftest import Hooks

PRIVATE_SPELLINGS = [
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",  # the metadata of the machine
    "https://100.64.0.1/",  # behind a carrier's NAT
    "https://0.0.0.0/",
    "https://0/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://198.18.0.1/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://2130706433/",  # 127.0.0.1 as one decimal number
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.0.0.1./",
    "https://2852039166/",  # 169.254.169.254
    "https://0xA9FEA9FE/",
    "https://１２７.０.０.１/",
    "https://127。0。0。1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",  # NAT64
    "https://[64:ff9b:1::a9fe:a9fe]/",
    "https://[2002:7f00:1::]/",  # 6to4
    "https://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",  # Teredo
    "https://[fd00:ec2::254]/",  # the metadata of the machine
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[100::1]/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://router/",
]

NO_ADDRESSES = [
    "",
    "erp.example.com/hooks",
    "//erp.example.com/",
    "http://erp.example.com/",
    "ftp://erp.example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https:///hooks",
    "https://erp.example.com:8443/",
    "https://erp.example.com:80/",
    "https://erp.example.com:22/",
    "https://erp.example.com:99999/",
    "https://erp.example.com:x/",
    "https://user:word@erp.example.com/",
    "https://user@erp.example.com/",
    "https://@erp.example.com/",
    "https://erp.example.com@127.0.0.1/",
    "https://127.0.0.1\\@erp.example.com/",
    "https://erp.example.com\\.evil.example/",
    "https://erp.example.com/#fragment",
    "https://erp.example.com/a b",
    "https://erp.example.com/\tb",
    "https://erp.example.com/\r\nX-Injected: yes",
    "https://erp.example.com/荔枝",
    "https://erp..example.com/",
    "https://-erp.example.com/",
    "https://127%2e0.0.1/",
    "https://256.1.1.1/",
    "https://1.2.3.4.5/",
    "https://[v1.example]/",
    "https://[::1/",
    "https://[1::2::3]/",
    "https://" + "a" * 64 + ".example.com/",
    "https://" + "a." * 140 + "com/",
]


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every connection that anything in this process begins, none of which is made."""
    begun: list[object] = []

    def connect(self: socket.socket, address: object) -> None:
        begun.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(
        posting, "open_socket", lambda address, port, timeout: socket.create_connection((address, port))
    )
    monkeypatch.setattr(socket.socket, "connect", connect)
    return begun


@pytest.mark.parametrize("url", [*PRIVATE_SPELLINGS, *NO_ADDRESSES])
def test_an_address_that_is_not_public_is_refused_as_it_is_written(url: str, connections: list[object]) -> None:
    with pytest.raises(TargetRefused) as refusal:
        reaching.reachable(url)
    assert refusal.value.errors[0].pointer == "/url"
    assert posting.post(url, {}, "{}").reason == "target_refused"
    assert connections == []


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "::1", "fd00:ec2::254", "fe80::1%eth0",
     "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:1::", "198.18.0.1"],
)  # fmt: skip
def test_a_name_of_whose_addresses_any_is_not_public_is_refused_and_nothing_is_connected(
    address: str, connections: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer in ([address], ["198.41.0.4", address], [address, "198.41.0.4"]):
        monkeypatch.setattr(reaching, "lookup", lambda host, answer=answer: answer)
        assert posting.post("https://erp.example.com/", {}, "{}").reason == "target_refused"
    assert connections == []


def test_a_public_name_is_connected_by_the_address_that_was_checked(connections: list[object]) -> None:
    """The counting of the tests above counts."""
    assert posting.post("https://erp.example.com/", {}, "{}").reason == "refused"
    assert connections == [("198.41.0.4", 443)]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://ERP.example.com", "https://erp.example.com/"),
        ("https://erp.example.com./hooks?key=a%20b", "https://erp.example.com/hooks?key=a%20b"),
        ("https://erp.example.com:443/", "https://erp.example.com/"),
        ("https://Bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://198.41.0.4/", "https://198.41.0.4/"),
        ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
        ("https://my_app.example.com/", "https://my_app.example.com/"),
    ],
)
def test_a_public_address_is_kept_in_its_one_spelling(given: str, taken: str) -> None:
    assert PublicTargets().parse(given).url == taken


def test_what_is_public() -> None:
    public = ["8.8.8.8", "198.41.0.4", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"]
    assert all(is_public(ipaddress.ip_address(each)) for each in public)


def test_the_products_own_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TargetRefused, match="own"):
        reaching.reachable("https://API.lintuan.example./v1/orders", "https://api.lintuan.example/api")
    reaching.reachable("https://erp.example.com/", "https://api.lintuan.example/api")


def test_a_name_server_that_does_not_answer_costs_three_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(reaching, "RESOLVE_SECONDS", 0.05)
    monkeypatch.setattr(reaching, "lookup", lambda host: ["198.41.0.4"] * (1 + never.wait(2)))
    outcome = posting.post("https://erp.example.com/", {}, "{}")
    never.set()

    assert (outcome.reason, outcome.status) == ("not_resolved", None)
    assert outcome.duration_ms < 1000


@pytest.mark.parametrize("fault", [OSError("no such name"), UnicodeError("label too long")])
def test_a_name_without_an_address_is_refused(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(host: str) -> list[str]:
        raise fault

    monkeypatch.setattr(reaching, "lookup", lookup)
    with pytest.raises(TargetRefused, match="has no address"):
        reaching.reachable("https://no.example.com/")


def test_a_private_address_is_refused_when_saved_with_a_reason_that_people_understand(hooks: Hooks) -> None:
    english = hooks.brand.post("/v1/webhook-endpoints", {"url": "https://169.254.169.254/"})
    chinese = hooks.brand.post(
        "/v1/webhook-endpoints", {"url": "https://169.254.169.254/"}, headers={"Accept-Language": "zh"}
    )

    assert (english.status, english.json["code"]) == (422, "webhook_target_refused")
    assert "not an address of the public network" in english.json["errors"][0]["message"]
    assert "不是公网地址" in chinese.json["errors"][0]["message"]
    endpoint = hooks.endpoint("https://erp.example.com/")
    assert hooks.brand.patch(f"/v1/webhook-endpoints/{endpoint}", {"url": "https://10.0.0.1/"}).status == 422
    assert hooks.show(endpoint)["url"] == "https://erp.example.com/"


def test_a_name_that_is_bound_anew_to_a_private_address_gets_nothing(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = hooks.endpoint("https://erp.example.com/")
    monkeypatch.setattr(reaching, "lookup", lambda host: ["169.254.169.254"])
    opened: list[str] = []
    monkeypatch.setattr(posting, "open_socket", lambda address, *_: opened.append(address))
    hooks.emit()
    hooks.drain()
    tested = hooks.brand.post(f"/v1/webhook-endpoints/{endpoint}/test").json

    (delivery,) = hooks.deliveries(endpoint, "pending")
    assert [each["reason"] for each in delivery["attempts"]] == ["target_refused"]
    assert (tested["delivered"], tested["reason"], tested["status_code"]) == (False, "target_refused", None)
    assert opened == []


def test_this_machine_is_reached_on_the_embedded_stack_alone() -> None:
    local = LoopbackToo()
    for url in ("http://127.0.0.1:9000/x", "https://localhost:9000/", "http://[::1]:9000/", "http://0x7f.1:9000/"):
        target = local.parse(url)
        local.check(target, [ipaddress.ip_address("127.0.0.1")])
        with pytest.raises(TargetRefused):
            PublicTargets().parse(url)
    for url in ("http://erp.example.com/", "https://10.0.0.1/", "https://169.254.169.254/"):
        with pytest.raises(TargetRefused):
            local.parse(url)
    with pytest.raises(TargetRefused):
        local.check(local.parse("https://erp.example.com/"), [ipaddress.ip_address("127.0.0.1")])
