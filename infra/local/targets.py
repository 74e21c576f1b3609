"""Where webhooks may go on this machine: to what is public, and to programs of this machine. Never in the package."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.webhooks.model.targets import Address, PublicTargets, Target, literal, parsed


class LoopbackToo(PublicTargets):
    """As deployed, and besides 127.0.0.1, ::1 and localhost, by http too, on any port."""

    def parse(self, url: str, own_hosts: Sequence[str] = ()) -> Target:
        """The target that an address names. Raises TargetRefused."""
        target = parsed(url)
        return target if _names_this_machine(target.host) else super().parse(url, own_hosts)

    def check(self, target: Target, addresses: Sequence[Address]) -> None:
        """Refuses a host that is neither public nor this machine. Raises TargetRefused."""
        if not (_names_this_machine(target.host) and addresses and all(each.is_loopback for each in addresses)):
            super().check(target, addresses)


def _names_this_machine(host: str) -> bool:
    address = literal(host)
    return host == "localhost" if address is None else address.is_loopback
