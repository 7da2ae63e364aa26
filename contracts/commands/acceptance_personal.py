"""What acceptance holds on a person, told to the person (个人信息保护法 §45)."""

from contracts.personal import Nothing, PersonalData
from contracts.registry import query
from contracts.vocabularies import roles

EXPORT_PERSON = query("acceptance.export_person", Nothing, PersonalData, {roles.WORKER})
