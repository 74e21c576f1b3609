"""The figures of a survey as a brand publishes them: as the team looks at them before, and as anybody reads them."""
