"""The package itself, deployed: template and zip through CloudFormation, and the whole path over its own API address.

Nothing of the embedded stack is at work here: gateway, functions, stream, queues, schedules and roles are the engine's
own, made from the template, and the functions run from the zip in processes that see nothing else of this repository.
The clock is the machine's. `make verify` runs these proofs; `make test` does not.
"""
