"""What surrounds the product: cloud resources, the embedded stack, benchmarks."""
