"""Backup and restore of all databases at one moment, with the broker's definitions.

The databases live in one replica set, so one snapshot session reads all of them at the same cluster time,
while the system runs. No follower can then be ahead of its source, and what is between them is known: facts
that a source had not sent are still pending in its outbox, and facts that were on their way in the broker are
those of its log that the follower's marks do not cover. A restore sends the latter again; the relays send the
former.

Secrets are not in a backup; the manifest names them. The persons' data keys (themselves encrypted under the
master key) are in a folder of their own, `keys`, so that destroying a person's key can be made to hold for
old backups too: keep the newest copy of that folder only, and restore any backup with it.
"""

from infra.backup.restoring import restore
from infra.backup.saving import save

__all__ = ["restore", "save"]
