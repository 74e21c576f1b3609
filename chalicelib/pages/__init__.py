"""The product's HTML: pages for neighbours, leaders and a brand's team. Each calls the use cases that the API calls."""
