"""The journal of a transaction."""

import stat

import pytest

from avdlab.deploy.journal import FILE, Journal, Record
from avdlab.deploy.model import Phase
from avdlab.errors import InputError

RECORD = Record(
    "avdlab-1-2",
    Phase.CONFIRM,
    {"leaf1": "aa"},
    {"leaf1": "bb"},
    checkpoint="before",
    timer=30,
    started=1.0,
    committed=100.0,
)


def test_a_record_is_read_as_it_was_written_and_private(tmp_path):
    journal = Journal(tmp_path)
    assert journal.read() is None
    journal.write(RECORD)
    assert Journal(tmp_path).read() == RECORD
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    journal.clear()
    assert journal.read() is None
    journal.clear()


def test_the_timers_end_when_the_last_one_does():
    assert RECORD.timers_end == 130.0


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema_version": 99}', '{"schema_version": 1}']
)
def test_a_file_that_is_no_journal_is_named(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(InputError, match=r"deploy\.json"):
        Journal(tmp_path).read()


def test_without_a_folder_nothing_is_written():
    journal = Journal(None)
    journal.write(RECORD)
    assert journal.read() is None
