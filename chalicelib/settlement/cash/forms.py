"""What the API takes of cash that is handed in."""

from chalicelib.web import Body, PriceField, UlidStr


class CashHandedIn(Body):
    """Cash that a leader collected at a pickup point and handed to the brand."""

    EXAMPLES = {
        "¥59.80": {
            "leader_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "amount": {"amount_minor": 5_980, "currency": "CNY"},
        },
    }

    leader_id: UlidStr
    pickup_point_id: UlidStr
    amount: PriceField
