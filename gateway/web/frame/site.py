"""All sections and pages of the site, who may reach each, and the navigation of who is signed in."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flask import request

import gateway.web
from contracts.vocabularies import roles
from gateway.accounts.store import Holder
from gateway.web.frame.kinds import Page, Section
from gateway.web.language import Text

HOME = Text("我的工作台", "My workplace")


@dataclass(frozen=True)
class Link:
    """An entry of a navigation."""

    address: str
    text: Text
    here: bool


@cache
def sections() -> tuple[Section, ...]:
    """Return the sections of all folders of gateway/web that have one, with their pages' roles narrowed."""
    found = []
    for module in pkgutil.iter_modules(gateway.web.__path__):
        if not module.ispkg:
            continue
        package = importlib.import_module(f"gateway.web.{module.name}")
        listed: Sequence[Section] = getattr(package, "SECTIONS", ())
        found += [_narrowed(each) for each in listed]
    return tuple(sorted(found, key=lambda section: (section.order, section.path)))


def _narrowed(section: Section) -> Section:
    if not section.roles:
        return section
    pages = [
        each
        if each.open
        else replace(each, roles=(each.roles & section.roles) or section.roles, **_first(each, section))
        for each in section.pages
    ]
    if section.path and all(each.rule != section.path for each in pages):
        pages.insert(0, _index(section, pages))
    return replace(section, pages=tuple(pages))


def _first(page: Page, section: Section) -> dict[str, str]:
    shown_anyhow = page.rule in (section.path, section.register_at)
    return {} if shown_anyhow else {"register_at": section.register_at}


def _index(section: Section, pages: Sequence[Page]) -> Page:
    """Return the first page of a section that has none of its own: what can be done here."""
    listed = [each for each in pages if each.nav]

    def context(_variables: dict[str, str]) -> dict[str, Any]:
        return {"listed": listed}

    return Page(section.path, section.title, section.roles, "frame/index.html", context, intro=section.intro)


@cache
def pages() -> dict[str, Page]:
    """Return every page by its rule. Raises ValueError when two have the same one."""
    found: dict[str, Page] = {}
    for section in sections():
        for page in section.pages:
            if page.rule in found:
                raise ValueError(f"two pages at {page.rule}")
            found[page.rule] = page
    return found


def section_of(page: Page) -> Section | None:
    """Return the section that a page belongs to."""
    return next((each for each in sections() if page in each.pages), None)


def of_account(account: Holder) -> list[Section]:
    """Return the sections of an account's roles, in order."""
    return [each for each in sections() if each.path and each.roles & account.roles]


def navigation(account: Holder | None) -> list[Link]:
    """Return the links of the section where the reader is, of the first own one elsewhere."""
    if account is None:
        return []
    own = of_account(account)
    found = []
    here = [each for each in own if _within(each.path)]
    for section in here or own[:1]:
        found.append(Link(section.path, section.title, request.path == section.path))
        found += [
            Link(page.rule, page.title, _within(page.rule))
            for page in section.pages
            if page.nav and page.roles & account.roles
        ]
    if len(own) > 1:
        found.append(Link("/work", HOME, request.path == "/work"))
    return found


def _within(path: str) -> bool:
    return request.path == path or request.path.startswith(f"{path}/")


def may(page: Page, account: Holder | None) -> bool:
    """Whether somebody may reach a page."""
    return page.open or (account is not None and (not page.roles or bool(page.roles & account.roles)))


def role_words(names: frozenset[str]) -> list[str]:
    """Return the words of roles."""
    return [roles.NAMES.get(name, name) for name in sorted(names)]


def who_may(rules: Mapping[str, Page]) -> dict[str, str]:
    """Return who may reach each page, as the table of docs and tests has it."""
    return {rule: "anyone" if page.open else ", ".join(sorted(page.roles)) for rule, page in rules.items()}
