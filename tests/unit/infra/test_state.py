"""What a stack remembers: secrets and ports."""

import json
import socket
import stat

import pytest

from infra.errors import Trouble
from infra.local.state import FIXED_PORTS, FREE_PORTS, State, in_use


def test_secrets_are_made_once_and_are_the_owners(tmp_path):
    first = State(tmp_path / "a")
    first.prepare("fixed")
    secrets = first.secrets()
    first.prepare("fixed")
    assert first.secrets() == secrets
    assert stat.S_IMODE((tmp_path / "a" / "secrets.json").stat().st_mode) == 0o600

    second = State(tmp_path / "b")
    second.prepare("fixed")
    assert not set(secrets.values()) & set(second.secrets().values())


def test_free_ports_are_shared_with_no_other_stack(tmp_path):
    stacks = [State(tmp_path / str(number)) for number in range(20)]
    for state in stacks:
        state.prepare("free")
    ports = [port for state in stacks for port in state.ports().values()]
    assert len(set(ports)) == len(ports) == 20 * len(FIXED_PORTS)
    assert all(port < 32768 for port in ports)
    for state in stacks:
        state.release()


def test_a_block_fits_all_ports():
    assert len(FIXED_PORTS) <= FREE_PORTS.step
    assert len(set(FIXED_PORTS.values())) == len(FIXED_PORTS)


def test_a_port_can_be_chosen(tmp_path, monkeypatch):
    state = State(tmp_path)
    state.prepare("fixed")
    monkeypatch.setenv("WUDAN_PORT_GATEWAY", "9000")
    assert state.ports() == FIXED_PORTS | {"gateway": 9000}


@pytest.mark.parametrize("value", ["x", "0", "65536", "-1", "٣"])
def test_a_port_that_is_none_is_refused(tmp_path, monkeypatch, value):
    state = State(tmp_path)
    state.prepare("fixed")
    monkeypatch.setenv("WUDAN_PORT_GATEWAY", value)
    with pytest.raises(Trouble, match="WUDAN_PORT_GATEWAY is no port"):
        state.ports()


def test_the_replica_sets_port_stays(tmp_path, monkeypatch):
    state = State(tmp_path)
    state.prepare("fixed")
    monkeypatch.setenv("WUDAN_PORT_MONGOD", "9001")
    with pytest.raises(Trouble, match="cannot change"):
        state.ports()


def test_in_use_sees_a_listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert in_use(port)
    assert not in_use(port)


def test_a_stack_never_started_is_told(tmp_path):
    with pytest.raises(Trouble, match="There is no local stack"):
        State(tmp_path).secrets()


def test_a_damaged_file_is_told(tmp_path):
    (tmp_path / "ports.json").write_text(json.dumps([]))
    with pytest.raises(Trouble, match="is damaged"):
        State(tmp_path).ports()
    (tmp_path / "ports.json").write_text("{")
    with pytest.raises(Trouble, match="is damaged"):
        State(tmp_path).ports()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be written") as caught:
        State(tmp_path / "file" / "stack").prepare("fixed")
    assert "WUDAN_STATE_DIR" in caught.value.way_out


def test_a_stack_of_an_older_version_gets_the_secrets_that_it_has_not(tmp_path):
    state = State(tmp_path)
    state.prepare("fixed")
    path, whole = tmp_path / "secrets.json", state.secrets()
    names = ("WUDAN_CREDENTIAL_SIGNING_KEY", "WUDAN_ACTOR_SIGNING_KEY_SELECTION")
    older = {name: value for name, value in whole.items() if name not in names}
    public = whole["WUDAN_ACTOR_PUBLIC_KEYS"].split(",")
    older["WUDAN_ACTOR_PUBLIC_KEYS"] = ",".join(entry for entry in public if "selection" not in entry)
    path.write_text(json.dumps(older))

    state.prepare("fixed")
    now = state.secrets()
    assert set(now) == set(whole)
    assert {name: now[name] for name in older if name != "WUDAN_ACTOR_PUBLIC_KEYS"} == {
        name: older[name] for name in older if name != "WUDAN_ACTOR_PUBLIC_KEYS"
    }
    kids = [entry.partition(":")[0] for entry in now["WUDAN_ACTOR_PUBLIC_KEYS"].split(",")]
    assert kids == ["gateway-1", "settlement-1", "selection-1"]
    assert now["WUDAN_ACTOR_PUBLIC_KEYS"].startswith(older["WUDAN_ACTOR_PUBLIC_KEYS"])
