"""The way from a request to its routes: one entrance at the gateway, and a static index of what stands behind it.

Nothing here imports a domain, nor the HTTP edge of `web`: what is refused here costs a cold start nothing else.
"""

from chalicelib.routing.app import RoutedApp
from chalicelib.routing.paths import Index, Paths
from chalicelib.routing.refusals import CORS, problem

__all__ = ["CORS", "Index", "Paths", "RoutedApp", "problem"]
