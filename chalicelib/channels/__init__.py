"""By which ways a brand is heard of, the links that lead from each to the shop, and those that members pass on."""
