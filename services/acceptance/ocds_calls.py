"""Calls of the export in the Open Contracting Data Standard."""

from typing import Any

from contracts.commands import acceptance_ocds as c
from services.acceptance import store
from services.acceptance.domain import ocds
from services.acceptance.domain.copies import Project
from services.acceptance.domain.ocds import Publisher
from services.acceptance.domain.sourcing import Sourcing
from services.acceptance.sourcing_work import Body, shown
from services.chassis.service import Reader, query


class OcdsCalls:
    """What is public of a process, as the standard has it."""

    settings: Any

    @query(c.OCDS_RELEASES)
    def ocds_releases(self, reader: Reader, body: Body) -> Body:
        """All releases of a process in one package."""
        it, releases, publisher = self._releases(reader, body)
        return ocds.release_package(it, releases, publisher)

    @query(c.OCDS_RECORD)
    def ocds_record(self, reader: Reader, body: Body) -> Body:
        """The record of a process: its releases and the compiled one."""
        it, releases, publisher = self._releases(reader, body)
        return ocds.record_package(it, releases, publisher)

    def _releases(self, reader: Reader, body: Body) -> tuple[Sourcing, list[Body], Publisher]:
        it = store.load(reader, Sourcing, body["sourcing_id"])
        publisher = Publisher(self.settings.ocid_prefix(), self.settings.public_url())
        project = store.load(reader, Project, it.project_id)
        return it, ocds.releases(it, shown(reader, it), project, publisher), publisher
