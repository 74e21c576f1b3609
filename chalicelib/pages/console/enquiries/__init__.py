"""What members ask, who answers, and with what words."""
