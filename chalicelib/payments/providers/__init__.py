"""The payment providers behind one port: ours for trying out, Stripe, WeChat Pay."""
