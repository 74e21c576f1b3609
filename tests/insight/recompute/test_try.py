from tests.insight.figures import BY_HAND, Figures
from tests.builders import made
def test_it(rolled: Figures, drain):
    job = made(rolled.shop.brand.post("/v1/rollups/check", {}), 202)["job"]
    drain()
    print(rolled.job(job["id"]))
    assert 0
