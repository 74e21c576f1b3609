"""Use cases of payments, one file each. What all rely on: ``reconciling``, where the provider's word is taken once, and
``refunding``.
"""
