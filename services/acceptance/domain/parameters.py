"""Figures of acceptance that are ours or the documents', each with its source."""

from datetime import timedelta
from typing import Final

# a class hour (学时) is 45 minutes
CLASS_HOUR: Final = timedelta(minutes=45)
# 37 §3: employment within 6 months after the training
EMPLOYMENT_MONTHS: Final = 6
# 37 §7 and 7 §6: safety and common (compulsory) content belong in every plan
KINDS_NEEDED: Final = ("safety", "compulsory")
