"""The engine's process: MiniStack with crash-safe snapshots and a few control endpoints of our own.

These modules run under the interpreter of `.venv-engine` and therefore import nothing but the standard library,
MiniStack and each other.
"""
