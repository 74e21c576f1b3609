"""Who gets what at a leader's pickup point: to pack by, parcel by parcel or product by product."""
