"""What is deployed: the template that CloudFormation gets, and the zip that Lambda gets."""
