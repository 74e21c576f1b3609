"""What a leader does on the phone: what comes, who gets what, handing over, what it earns, passing on."""
