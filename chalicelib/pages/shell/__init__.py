"""What all pages share: how one is declared, who is looking, which language, what a browser may load, how it looks."""

from chalicelib.pages.shell.answers import Content, Cookie, Page, Redirect
from chalicelib.pages.shell.asking import ask, ask_at, may
from chalicelib.pages.shell.onward import within
from chalicelib.pages.shell.registrar import Pages
from chalicelib.pages.shell.visit import Visit
from chalicelib.pages.shell.words import N_

__all__ = ["N_", "Content", "Cookie", "Page", "Pages", "Redirect", "Visit", "ask", "ask_at", "may", "within"]
