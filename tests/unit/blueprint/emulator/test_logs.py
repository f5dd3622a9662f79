"""The log is kept for one more start, and can be followed through a new one."""

from pathlib import Path

from blueprint.emulator import logs


def test_the_log_is_set_aside_and_the_one_before_it_dropped(tmp_path: Path) -> None:
    log = tmp_path / "emulator.log"
    for text in ("first", "second", "third"):
        logs.rotate(log)
        log.write_text(text)

    assert log.read_text() == "third"
    assert (tmp_path / "emulator.log.1").read_text() == "second"
    assert len(list(tmp_path.iterdir())) == 2


def test_the_tail_is_the_last_lines_in_order(tmp_path: Path) -> None:
    log = tmp_path / "emulator.log"
    log.write_text("one\ntwo\nthree\n")

    assert logs.tail(log, 2) == ["two", "three"]
    assert logs.tail(log, 9) == ["one", "two", "three"]
    assert logs.tail(log, 0) == []


def test_the_tail_of_a_missing_log_is_empty(tmp_path: Path) -> None:
    assert logs.tail(tmp_path / "emulator.log", 5) == []


def test_bytes_that_are_no_text_are_shown_and_not_an_error(tmp_path: Path) -> None:
    log = tmp_path / "emulator.log"
    log.write_bytes(b"caf\xe9\n")

    assert logs.tail(log, 1) == ["caf\N{REPLACEMENT CHARACTER}"]


def test_following_yields_the_tail_then_new_lines_then_the_next_log(tmp_path: Path) -> None:
    log = tmp_path / "emulator.log"
    log.write_text("old\none\n")
    lines = logs.follow(log, 1)

    seen = [next(lines)]
    with log.open("a") as file:
        file.write("two\n")
    seen.append(next(lines))
    logs.rotate(log)
    log.write_text("three\n")
    seen.append(next(lines))
    lines.close()

    assert seen == ["one", "two", "three"]
