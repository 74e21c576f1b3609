"""When a leader's commission becomes payable."""
