"""Keeps the stores' provider keys so that whoever reads the database cannot use them.

They are sealed under a key derived from the payment secret, which seals nothing else, and bound to tenant and provider.
"""

from chalicelib.sealing import Vault

_vault = Vault("payments vault")

seal = _vault.seal
unseal = _vault.unseal
unseal_or_none = _vault.unseal_or_none
sealed_anew = _vault.sealed_anew
