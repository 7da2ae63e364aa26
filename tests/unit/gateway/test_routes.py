"""Rules that every route table keeps, so that no call is forgotten, doubled or left open by mistake."""

import importlib

import pytest

from contracts.registry import COMMANDS, QUERIES, SERVICES, Command, Query
from contracts.vocabularies import roles
from gateway.api.documenting import _placed
from gateway.api.endpoint import of_route

ROUTES = [
    route for name in SERVICES for route in importlib.import_module(f"gateway.api.routes.{name}").ROUTES
]
# Asked by processes, not by people: whom an account stands for, and where to pay.
INTERNAL = {"intake.identity_of", "intake.payee_details", "intake.masked_names"} | {
    # asked by settlement, of the owner of personal data
    "intake.recheck",
    "intake.compare_wages",
    "intake.shared_contacts",
    # called by the gateway's own addresses of files
    "settlement.put_file_part",
    "settlement.attach_file",
    "settlement.open_file",
    "settlement.read_file_part",
    "acceptance.open_bid_file",
    "acceptance.read_bid_file_part",
    "settlement.put_population_part",
    "settlement.add_population",
    "settlement.estimate_file",
    "settlement.fund_report_file",
    "intake.start_import",
    "intake.put_rows",
    "intake.wrong_rows",
    "acceptance.add_photo",
    "acceptance.open_photo",
    # asked by selection, of the owner of personal data
    "intake.credential_subject",
    # called by the gateway's own addresses of credentials' checks and of a person's copy
    "selection.issuer",
    "selection.status_list",
    "intake.export_person",
    "selection.export_person",
    "acceptance.export_person",
    "settlement.export_person",
}


def name_of(route):
    return f"{route.method} {route.rule}"


def test_every_call_has_a_route_and_no_internal_one_has():
    routed = {route.call.name for route in ROUTES}
    assert routed == ({*COMMANDS, *QUERIES} - INTERNAL)


def test_no_address_leads_to_two_calls():
    addresses = [(route.method, route.rule) for route in ROUTES]
    assert len(addresses) == len(set(addresses))


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_reads_are_queries_and_changes_are_commands(route):
    assert isinstance(route.call, Query if route.method == "GET" else Command)


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_each_variable_of_the_address_fills_a_field_of_the_request(route):
    endpoint = of_route(route, lambda call, asked: {})
    assert _placed(endpoint) <= set(endpoint.schema.fields)


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_roles_are_known_and_commands_are_never_open(route):
    endpoint = of_route(route, lambda call, asked: {})
    assert route.call.roles <= set(roles.NAMES)
    if isinstance(route.call, Command):
        assert route.call.roles, "a command that anyone may give"
        assert not endpoint.open


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_lists_are_paged(route):
    fields = route.call.answer().fields
    if {"items", "next"} <= set(fields):
        assert of_route(route, lambda call, asked: {}).paged
