from pathlib import Path

from tiltakseffekt.workflow.status import exhibit_status, parse_summary

HEAD = "output_file\tdate\trule\tlog-file(s)\tinput-file(s)\tshellcmd\tstatus\tplan\n"


def line(path, rule, inputs, status, plan):
    return f"{path}\tnow\t{rule}\t\t{inputs}\t-\t{status}\t{plan}\n"


SUMMARY = parse_summary(
    "Building DAG of jobs...\n"
    + HEAD
    + line("e/a/data.csv", "figur_a", "t1,t2", "ok", "update pending")
    + line("e/b/data.csv", "figur_b", "t2", "ok", "no update")
    + line("e/c/data.csv", "figur_c", "t2", "missing", "update pending")
    + line("t1", "make_t1", "raw", "ok", "update pending")
    + line("raw", "read", "source", "updated input files", "update pending")
    + line("t2", "make_t2", "source", "ok", "no update")
)
ROOT = Path(__file__).parents[2]


def test_a_stale_exhibit_names_the_first_cause():
    status = exhibit_status("a", "e/a/data.csv", SUMMARY, {}, ROOT)
    assert status.sentence().split() == ["a", "stale", "because", "of", "read:", "updated", "input", "files"]


def test_current_and_missing_exhibits():
    assert exhibit_status("b", "e/b/data.csv", SUMMARY, {}, ROOT).state == "current"
    assert exhibit_status("c", "e/c/data.csv", SUMMARY, {}, ROOT).state == "missing"
    assert exhibit_status("d", "e/d/data.csv", SUMMARY, {}, ROOT).state == "missing"
