"""What a browser may load and send from a page of ours, and where a form may come from."""

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from chalicelib.kernel.errors import Forbidden


class ForeignForm(Forbidden):
    """The form came from another site's page, or belongs to another session."""

    code, title, title_zh = "form_out_of_date", "This page was out of date", "页面已过期"


@cache
def policy(media: str) -> str:
    """The Content-Security-Policy of every page: its own origin alone, and ``media`` for pictures and their upload.

    No script and no style stands in a page. A way to a provider is a link of its own, so no form leads there.
    """
    own = "'self'"
    also = f"{own} {media}" if media else own
    return "; ".join(
        (
            "default-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            f"script-src {own}",
            f"style-src {own}",
            f"img-src {also} data: https:",
            f"connect-src {also}",
            f"form-action {also}",
            f"manifest-src {own}",
            f"worker-src {own}",
        )
    )


def came_from_here(headers: Mapping[str, str], base_url: str) -> bool:
    """Whether a browser says that a form was sent by a page of this origin, or says nothing at all.

    By Sec-Fetch-Site, which is ``none`` where the reader and no page asked, as when a browser that was closed opens its
    pages anew; and for browsers without it by Origin (RFC 6454), which all send along with a POST.
    """
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    asked = urlsplit(origin)
    here = urlsplit(base_url)
    return bool(asked.netloc) and asked.netloc in {headers.get("host"), here.netloc}
