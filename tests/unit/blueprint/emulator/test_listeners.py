"""The kernel's tables of sockets are read as they are written."""

from pathlib import Path

import pytest

from blueprint.emulator import listeners

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:11D6 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 5501 1
   1: 0100007F:11D6 0100007F:A1B2 01 00000000:00000000 00:00000000 00000000  1000        0 5502 1
"""
TCP6 = """\
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000001000000:22B3 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 77
"""


def test_only_listening_sockets_are_read_with_address_port_and_inode(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(TCP)
    (tmp_path / "net" / "tcp6").write_text(TCP6)

    found = listeners.listeners(tmp_path)

    assert found == [
        listeners.Listener("127.0.0.1", 4566, "5501"),
        listeners.Listener("::1", 8883, "77"),
    ]


def test_a_system_without_these_tables_knows_of_no_listener(tmp_path: Path) -> None:
    assert listeners.listeners(tmp_path) == []
    assert listeners.holder(4566, proc=tmp_path) is None


def test_the_holder_is_the_process_with_the_socket_open(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(TCP)
    descriptors = tmp_path / "31" / "fd"
    descriptors.mkdir(parents=True)
    (descriptors / "3").symlink_to("socket:[5501]")
    (tmp_path / "31" / "comm").write_text("nginx\n")

    assert listeners.holder(4566, proc=tmp_path) == (31, "nginx")


@pytest.mark.parametrize("port", [80, 8883])
def test_a_port_nobody_known_holds_has_no_holder(tmp_path: Path, port: int) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp6").write_text(TCP6)

    assert listeners.holder(port, proc=tmp_path) is None
