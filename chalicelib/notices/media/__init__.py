"""The ways out of the product: e-mail, text messages, a brand's official account, each behind the same port."""
