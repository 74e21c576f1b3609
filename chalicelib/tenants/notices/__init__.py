"""What a brand's owners, and who keeps its programs running, are told of the account itself."""
