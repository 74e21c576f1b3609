"""What keeps an order's commission back, as it is stored, with its key."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.db import JsonAttribute, TenantRecord, Transaction, key
from chalicelib.settlement.commission.model import Held, HeldFor


class CommissionHolds(TenantRecord):
    """The cases of an order that have not ended, by id. Written in the transaction that opens a case or ends it, and
    checked in the one that releases the commission: so a case that was opened in time is never overlooked, however late
    its message comes.
    """

    stored = JsonAttribute(attr_name="cases", default=dict)

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key, in the order's partition."""
        return key(tenant_id, "order", order_id), "commission-holds"

    @classmethod
    def of(cls, tenant_id: str, order_id: str) -> "CommissionHolds":
        """What holds an order's commission now; where nothing ever did, new and with revision 0."""
        return cls.or_new(tenant_id, order_id, cls.fetch(*cls.address(tenant_id, order_id), consistent=True))

    @classmethod
    def or_new(cls, tenant_id: str, order_id: str, found: "CommissionHolds | None") -> "CommissionHolds":
        """What was found, or else a new one."""
        return found or cls(*cls.address(tenant_id, order_id), rev=0)

    @property
    def order_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def held(self) -> Mapping[str, Held]:
        return {case_id: Held.from_json(stored) for case_id, stored in (self.stored or {}).items()}

    def hold(self, case_id: str, what: HeldFor, since: datetime) -> None:
        """A case was opened."""
        self.stored = {**(self.stored or {}), case_id: Held(what, since).as_json()}

    def lift(self, case_id: str) -> None:
        """A case has ended."""
        self.stored = {other: stored for other, stored in (self.stored or {}).items() if other != case_id}

    def write(self, tx: Transaction) -> None:
        """Adds it to a transaction, as ``holds``."""
        if self.rev == 0:
            self.rev = 1
            tx.create("holds", self)
        else:
            tx.replace("holds", self)

    def stay(self, tx: Transaction) -> None:
        """Adds that nothing may have changed in it since it was read."""
        unchanged = type(self).rev == int(self.rev) if self.rev else type(self).pk.does_not_exist()
        tx.check("holds", type(self), self.pk, self.sk, unchanged)
