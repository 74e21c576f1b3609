"""HTTP routes of the service domain."""

from chalicelib.service.complaints.routes import routes as complaint_routes
from chalicelib.service.surveys.routes import routes as survey_routes

__all__ = ["complaint_routes", "survey_routes"]
