"""A damaged table, or a description beyond what is checked, is refused with a sentence."""

import csv
import json
import os
import random
import shutil
import subprocess
import sys

import frictionless
import pytest
from migrationlab import data
from migrationlab.data import DataError, checking, load, package


def income_of_atyrau(folder):
    """One figure: the income of Atyrau Region in 2020."""
    table = load("income", folder=folder)
    return table.query("code == 'KZ-23' and year == 2020")["income"].item()


# ---------------------------------------------------------------- damaged copies


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "data"
    shutil.copytree(data.FOLDER, copy)
    return copy


def lines(file):
    return file.read_text(encoding="utf-8").splitlines()


def write(file, rows):
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")


def replace(old, new):
    def damage(file):
        rows = lines(file)
        position = next(i for i, row in enumerate(rows) if old in row)
        rows[position] = rows[position].replace(old, new)
        write(file, rows)

    return damage


def without_column(number):
    def damage(file):
        rows = [row.split(",") for row in lines(file)]
        write(file, [",".join(row[:number] + row[number + 1 :]) for row in rows])

    return damage


def twice(number):
    def damage(file):
        rows = lines(file)
        write(file, [*rows, rows[number - 1]])

    return damage


DAMAGES = {
    "missing column": (
        without_column(1),
        ["line 1", "“year”", "missing", "Expected: code, year, population, unit, source_id"],
    ),
    "renamed column": (
        replace("population,unit", "people,unit"),
        ["line 1", "“population”", "missing", "people", "spell"],
    ),
    "additional column": (
        lambda file: write(file, [row + ",x" for row in lines(file)]),
        ["line 1", "“x”", "not described", "Remove"],
    ),
    "column twice": (
        replace("year,population", "year,year"),
        ["line 1", "column “year”", "named twice", "its own name"],
    ),
    "semicolons": (
        lambda file: write(file, [row.replace(",", ";") for row in lines(file)]),
        ["line 1", "missing", "Separate the columns by commas"],
    ),
    "wrong unit": (
        replace("14901641,persons", "14901641,thousands"),
        ["line 2", "“unit”", "“thousands”", "Expected: “persons”", "Convert"],
    ),
    "duplicate key": (
        twice(2),
        ["line 465", "“code, year”", "code KZ, year 2000", "as in line 2", "once", "Delete"],
    ),
    "text where a number belongs": (
        replace("14901641", "many"),
        ["line 2", "“population”", "“many”", "Expected: a whole number", "Correct"],
    ),
    "spaces in a number": (
        replace("14901641", "14 901 641"),
        ["line 2", "“population”", "“14 901 641”", "no spaces"],
    ),
    "negative count": (
        replace("14901641", "-14901641"),
        ["line 2", "“population”", "“-14901641”", "0 or more"],
    ),
    "unknown source": (
        replace("KZ,2000,14901641,persons,bns-population", "KZ,2000,14901641,persons,hearsay"),
        ["line 2", "“source_id”", "“hearsay”", "listed in sources.csv", "add the row"],
    ),
    "unknown region": (
        replace("KZ,2000", "KZ-99,2000"),
        ["line 2", "“code”", "“KZ-99”", "listed in regions.csv"],
    ),
    "region written out": (
        replace("KZ,2000", "Kazakhstan,2000"),
        ["line 2", "“code”", "“Kazakhstan”", "ISO 3166-2"],
    ),
    "one digit too many in a code": (
        replace("KZ,2000", "KZ-471,2000"),
        ["line 2", "“code”", "“KZ-471”", "ISO 3166-2"],
    ),
    "missing value": (
        replace("14901641", ""),
        ["line 2", "“population”", "no value", "not a zero"],
    ),
    "additional comma": (
        replace("14901641", "14901,641"),
        ["line 2", "found 6 values", "Expected: 5", "comma"],
    ),
    "short line": (
        replace("KZ,2000,14901641,persons,bns-population", "KZ,2000,14901641"),
        ["line 2", "found 3 values", "Expected: 5"],
    ),
    "empty line": (replace("KZ,2000", "\nKZ,2000"), ["line 2", "empty", "Delete"]),
    "line of commas": (
        lambda file: write(file, [*lines(file), ",,,,"]),
        ["line 465", "empty", "Delete"],
    ),
    "empty line at the end": (
        lambda file: write(file, [*lines(file), ""]),
        ["line 465", "empty", "Delete"],
    ),
    "empty line at the top": (
        lambda file: write(file, ["", *lines(file)]),
        ["line 1", "empty", "Expected: code, year, population, unit, source_id", "Delete"],
    ),
    "commas at the end of all lines": (
        lambda file: write(file, [row + "," for row in lines(file)]),
        ["line 1", "column “without a name”", "not described", "Remove"],
    ),
    "duplicate key in other digits": (
        lambda file: write(file, [*lines(file), "KZ, 02000,1,persons,bns-population"]),
        ["line 465", "again as in line 2"],
    ),
    "quotation mark not closed": (
        replace("KZ,2001", '"KZ,2001'),
        ["line 3", "quotation marks do not pair up", "Correct"],
    ),
    "digits with underscores": (
        replace("14901641", "14_901_641"),
        ["line 2", "“14_901_641”", "digits only"],
    ),
    "more digits than people": (
        replace("14901641", "14901641" * 3),
        ["line 2", "“population”", "a whole number"],
    ),
    "year too early": (replace("KZ,2000", "KZ,1999"), ["line 2", "“year”", "2000 or more"]),
    "empty file": (lambda file: file.write_text(""), ["cannot be read", "UTF-8"]),
    "missing file": (lambda file: file.unlink(), ["missing", "Restore"]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named(folder, damage):
    spoil, words = DAMAGES[damage]
    spoil(folder / "population.csv")
    with pytest.raises(DataError) as caught:
        load("population", folder=folder)
    message = str(caught.value)
    assert "data/population.csv" in message
    missing = [word for word in words if word not in message]
    assert not missing, message
    assert "… and" not in message


def test_a_word_outside_the_list(folder):
    replace("total", "overall")(folder / "net_migration.csv")
    with pytest.raises(DataError) as caught:
        load("net_migration", folder=folder)
    assert "column “scope”: found “overall”. Expected: one of “total”, “internal”, “external”" in (
        str(caught.value)
    )


def test_many_damages_are_counted(folder):
    file = folder / "population.csv"
    write(file, [row.replace("persons", "thousands") for row in lines(file)])
    with pytest.raises(DataError, match="and 458 more"):
        load("population", folder=folder)


def test_a_line_that_stands_three_times_is_compared_with_the_first(folder):
    file = folder / "population.csv"
    write(file, [*lines(file), lines(file)[1], lines(file)[1]])
    with pytest.raises(DataError, match=r"(?s)line 465.*in line 2\..*line 466.*in line 2\."):
        load("population", folder=folder)


def test_damage_in_a_table_referred_to(folder):
    replace("50.4172", "80.2323")(folder / "regions.csv")
    with pytest.raises(DataError, match="^data/regions.csv, line 3, column “latitude”.*56 or less"):
        load("population", folder=folder)
    (folder / "sources.csv").unlink()
    with pytest.raises(DataError, match=r"data/sources.csv is missing"):
        load("population", folder=folder)


def test_wrong_encoding(folder):
    file = folder / "breaks.csv"
    before, _ = file.read_text(encoding="utf-8").split("Without", 1)
    file.write_bytes(file.read_text(encoding="utf-8").replace("Without", "Без").encode("cp1251"))
    line = 1 + before.count("\n")
    with pytest.raises(
        DataError, match=rf"breaks.csv cannot be read \(line {line} is not in UTF-8"
    ):
        load("breaks", folder=folder)


def test_a_text_over_two_lines_is_one_value_and_counts_as_two_lines(folder):
    file = folder / "events.csv"
    rows = list(csv.reader(lines(file)))
    rows[1][rows[0].index("event")] = "two\nlines"
    rows[2][0] = "soon"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    with pytest.raises(DataError, match="^data/events.csv, line 4, column “year”: found “soon”"):
        load("events", folder=folder)


def test_a_byte_order_mark_and_windows_line_ends_are_welcome(folder):
    file = folder / "population.csv"
    text = file.read_text(encoding="utf-8").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load("population", folder=folder).equals(load("population"))


def test_damaged_or_missing_description(folder):
    description = folder / "datapackage.json"
    description.write_text('{"resources":]}')
    with pytest.raises(DataError, match=r"datapackage.json, line 1, column 14"):
        load("population", folder=folder)
    description.unlink()
    with pytest.raises(DataError, match=r"datapackage.json is missing"):
        load("population", folder=folder)


def test_an_unknown_table_suggests_the_nearest():
    with pytest.raises(DataError, match="Did you mean “population”"):
        load("populaton")


def test_a_file_that_is_not_described_yet_is_to_be_described(folder):
    write(folder / "trial.csv", ["year,persons", "2020,5"])
    with pytest.raises(DataError, match=r"data/trial.csv is not described yet.*datapackage.json"):
        load("trial", folder=folder)


def test_a_word_for_nothing_is_a_word(folder):
    """NA is the code of Namibia, and “None” a sentence: only an empty cell is a gap."""
    rows = list(csv.reader(lines(folder / "events.csv")))
    rows[1][2:5:2] = ["NA", "None"]
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    first = load("events", folder=folder).iloc[0]
    assert (first["event"], first["note"]) == ("NA", "None")


NUMBERS = {"7": 7, "7.5": 7.5, "7.": 7, ".5": 0.5, "+7": 7, " 7 ": 7, "75e-1": 7.5, "0.7E+1": 7}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_can_be_written_so(folder, text):
    replace("7.6", text)(folder / "neet.csv")
    assert load("neet", folder=folder)["share"].iloc[0] == NUMBERS[text]


@pytest.mark.parametrize(
    "text", ['"7,5"', "7 5", "7_5", "7%", "7e", "--7", "0x7", ".", "NaN", "inf"]
)
def test_a_number_cannot_be_written_so(folder, text):
    replace("7.6", text)(folder / "neet.csv")
    with pytest.raises(DataError, match="line 2, column “share”: .* a number with a decimal point"):
        load("neet", folder=folder)


@pytest.mark.parametrize("figure", [1_215_076, 215_077], ids=["longer", "as long"])
def test_own_edits_are_seen_at_once(folder, figure):
    assert income_of_atyrau(folder) == 215_076
    replace("KZ-23,2020,215076", f"KZ-23,2020,{figure}")(folder / "income.csv")
    assert income_of_atyrau(folder) == figure


def test_an_edit_that_keeps_the_time_is_seen_by_its_length(folder):
    file = folder / "income.csv"
    assert income_of_atyrau(folder) == 215_076
    stat = file.stat()
    replace("KZ-23,2020,215076", "KZ-23,2020,1215076")(file)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert income_of_atyrau(folder) == 1_215_076


def test_an_edit_of_the_description_is_seen_at_once(folder):
    load("income", folder=folder)
    file = folder / "datapackage.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"minimum": 2000', '"minimum": 2015'))
    with pytest.raises(DataError, match="“year”: found “2010”. Expected: 2015 or more"):
        load("income", folder=folder)


def test_without_validation_what_can_be_read_is_read(folder):
    replace("14901641,persons", "14901641,thousands")(folder / "population.csv")
    assert len(load("population", validate=False, folder=folder)) == 463
    replace("14901641", "many")(folder / "population.csv")
    with pytest.raises(DataError, match="cannot be read as described"):
        load("population", validate=False, folder=folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            ",not in the source,",
            ",misleading,",
            "“misleading”. Expected: one of “faithful”, “loose”, “wrong”",
        ),
        (',no,"Every', ',perhaps,"Every', "“perhaps”. Expected: one of “yes”, “partly”, “no”"),
        (",ravenstein,1,", ",zelinsky,1,", "“zelinsky”. Expected: one of “ravenstein”, “lee”"),
        ("ravenstein-2,", "ravenstein-1,", "id ravenstein-1 again as in line 2"),
        (",grigg1977,not", ",,not", "“source”: found no value"),
    ],
)
def test_damage_to_the_table_of_propositions_is_named(folder, old, new, words):
    replace(old, new)(folder / "table1_propositions.csv")
    with pytest.raises(DataError) as caught:
        load("table1_propositions", folder=folder)
    assert words in str(caught.value)


# -------------------------------------------------------------- the description itself


def describe_so(folder, edit, name="income"):
    """Change the description of one table."""
    file = folder / "datapackage.json"
    described = json.loads(file.read_text(encoding="utf-8"))
    resource = next(item for item in described["resources"] if item["name"] == name)
    edit(resource)
    file.write_text(json.dumps(described), encoding="utf-8")


def field(number, **values):
    return lambda resource: resource["schema"]["fields"][number].update(values)


def constraint(number, **values):
    return lambda resource: resource["schema"]["fields"][number]["constraints"].update(values)


def schema(**values):
    return lambda resource: resource["schema"].update(values)


def refers_to(table, *columns, own=("code",)):
    return schema(
        foreignKeys=[
            {"fields": list(own), "reference": {"resource": table, "fields": list(columns)}}
        ]
    )


def without(*keys):
    def edit(part):
        for key in keys[:-1]:
            part = part[key]
        del part[keys[-1]]

    return edit


# The columns of the table income are code (a string), year and income (integers), unit, source_id.
BEYOND = {
    "another type": (field(1, type="date"), ["column “year”", "“date”", "string, integer, number"]),
    "another constraint": (
        constraint(1, unique=True),
        ["column “year”", "“unique” is not supported", "required, enum, minimum, maximum"],
    ),
    "a constraint of another type": (
        constraint(0, minimum=3),
        ["column “code”", "“minimum” is not supported", "required, enum, pattern"],
    ),
    "a format": (field(1, format="any"), ["column 2", "“format” is not supported"]),
    "a constraint without sense": (constraint(1, required="yes"), ["'yes'", "true or false"]),
    "a minimum in words": (constraint(1, minimum="2000"), ["“minimum” is '2000'", "a number"]),
    "a choice of another type": (constraint(1, enum=["2020"]), ["“year”", "'2020'", "no integer"]),
    "a damaged pattern": (constraint(0, pattern="KZ("), ["“KZ(”", "no regular expression"]),
    "semicolons": (
        lambda resource: resource.update(dialect={"delimiter": ";"}),
        ["“dialect”", "only {'delimiter': ','}"],
    ),
    "another encoding": (
        lambda resource: resource.update(encoding="cp1251"),
        ["“encoding” is 'cp1251'", "only 'utf-8'"],
    ),
    "a word for missing values": (schema(missingValues=["", "n/a"]), ["“missingValues”", "only"]),
    "an unknown part of a schema": (
        schema(uniqueKeys=[["code"]]),
        ["“uniqueKeys” is not supported"],
    ),
    "a schema elsewhere": (
        lambda resource: resource.update(schema="income.json"),
        ["“schema” is 'income.json'", "an object"],
    ),
    "another file": (
        lambda resource: resource.update(path="raw/incomes.csv"),
        ["“raw/incomes.csv”", "only “income.csv”"],
    ),
    "a key without its column": (
        schema(primaryKey=["region"]),
        ["no column “region”", "code, year"],
    ),
    "a reference to no table": (refers_to("towns", "code"), ["no table “towns”", "above"]),
    "a reference downward": (refers_to("grp", "code"), ["no table “grp”", "move", "up"]),
    "a reference to no column": (refers_to("regions", "oblast"), ["no column “oblast”"]),
    "a reference of two columns": (
        refers_to("regions", "code", "since", own=("code", "year")),
        ["2 columns", "Supported: one"],
    ),
    "no path": (without("path"), ["“path” is missing", "name, path, title"]),
    "no schema": (without("schema"), ["“schema” is missing"]),
    "no columns": (without("schema", "fields"), ["“fields” is missing"]),
    "no key": (without("schema", "primaryKey"), ["“primaryKey” is missing"]),
    "a column without a name": (
        without("schema", "fields", 1, "name"),
        ["column 2", "“name” is missing"],
    ),
    "a column without a type": (without("schema", "fields", 1, "type"), ["“type” is missing"]),
    "a column without a description": (
        without("schema", "fields", 1, "description"),
        ["“description” is missing"],
    ),
}


@pytest.mark.parametrize("beyond", BEYOND)
def test_a_description_beyond_what_is_checked_is_refused(folder, beyond):
    edit, words = BEYOND[beyond]
    describe_so(folder, edit)
    with pytest.raises(DataError) as caught:
        load("income", folder=folder)
    message = str(caught.value)
    assert message.startswith("data/datapackage.json, table “income”")
    missing = [word for word in words if word not in message]
    assert not missing, message
    # Whoever does not need the table is not kept from working.
    assert len(load("population", folder=folder)) == 463


def test_a_table_referred_to_is_looked_at_first(folder):
    describe_so(folder, without("schema", "fields", 0, "name"), name="regions")
    with pytest.raises(DataError, match="table “regions”, column 1: “name” is missing"):
        load("income", folder=folder)


def test_a_resource_needs_a_name_of_its_own(folder):
    describe_so(folder, without("name"))
    with pytest.raises(DataError, match="resource [0-9]+: “name” is missing"):
        load("population", folder=folder)


def test_a_name_is_given_once(folder):
    describe_so(folder, lambda resource: resource.update(name="population"))
    with pytest.raises(DataError, match="there is a table “population” already"):
        load("population", folder=folder)


def test_a_package_needs_tables(folder):
    (folder / "datapackage.json").write_text('{"name": "empty"}')
    with pytest.raises(DataError, match="“resources” is missing"):
        load("population", folder=folder)


def test_the_shortest_description_works(folder):
    """No profile, no dialect: what a first description can do without."""
    write(folder / "trial.csv", ["persons,year", "5,2020", ",2021"])
    trial = {
        "name": "trial",
        "path": "trial.csv",
        "title": "A trial",
        "description": "Made up.",
        "schema": {
            "fields": [
                {"name": "year", "type": "integer", "description": "Year."},
                {"name": "persons", "type": "integer", "description": "Persons."},
            ],
            "primaryKey": ["year"],
        },
    }
    file = folder / "datapackage.json"
    described = json.loads(file.read_text(encoding="utf-8"))
    described["resources"].append(trial)
    file.write_text(json.dumps(described), encoding="utf-8")
    table = load("trial", folder=folder)
    assert list(table) == ["year", "persons"]
    assert table["persons"].isna().tolist() == [False, True]
    replace("5,2020", "5,2021")(folder / "trial.csv")
    with pytest.raises(
        DataError, match="line 3, column “year”: found year 2021 again as in line 2"
    ):
        load("trial", folder=folder)


def test_a_table_can_refer_to_itself(folder):
    replace(",KZ-63,", ",KZ-99,")(folder / "regions.csv")
    with pytest.raises(DataError, match="“part_of_before”: found “KZ-99”.* listed in regions.csv"):
        load("regions", folder=folder)
    write(folder / "regions.csv", [*lines(folder / "regions.csv")[:2], "", "KZ-10,Abai"])
    with pytest.raises(DataError, match=r"(?s)line 3: the line is empty.*line 4: found 2 values"):
        load("regions", folder=folder)


def test_a_table_can_do_without_a_key(folder):
    describe_so(folder, schema(primaryKey=[]))
    twice(2)(folder / "income.csv")
    assert len(load("income", folder=folder)) == len(load("income")) + 1


# --------------------------------------------------------------------- a second opinion


def test_loading_does_without_frictionless():
    code = (
        "import sys; sys.modules['frictionless'] = None\n"
        "from migrationlab import data; print(len(data.load('population')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=data.FOLDER.parent / "book",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["463"]


def test_frictionless_finds_the_package_valid():
    report = frictionless.validate(str(data.FOLDER / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "message"])
    assert len(report.tasks) == len(data.describe())


def their_lines(folder, name):
    """Lines in which frictionless finds an error; all that is wrong with the header is line 1."""
    report = frictionless.Package(str(folder / "datapackage.json")).get_resource(name).validate()
    errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    return {getattr(error, "row_number", 1) for error in errors}


def our_lines(folder, name):
    resource = package.table(name, folder)

    def listed(table, column):
        return set(load(table, folder=folder)[column])

    found = checking.problems(resource, folder / resource["path"], listed)
    return {problem.line for problem in found}


def only(folder, *names):
    """Leave out the description of the other tables: that is quicker to read."""
    file = folder / "datapackage.json"
    described = json.loads(file.read_text(encoding="utf-8"))
    described["resources"] = [item for item in described["resources"] if item["name"] in names]
    file.write_text(json.dumps(described), encoding="utf-8")


# Frictionless takes what Python's int() takes, and does not ask for the end of a quotation.
STRICTER = {"digits with underscores", "more digits than people", "quotation mark not closed"}
# It passes over empty lines at the top, and cannot say the line of a file that it cannot read.
ELSEWHERE = {"empty line at the top", "empty file", "missing file"}


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name not in STRICTER | ELSEWHERE])
def test_frictionless_sees_the_same_damage(folder, damage):
    only(folder, "sources", "regions", "population")
    DAMAGES[damage][0](folder / "population.csv")
    lines = our_lines(folder, "population")
    assert lines == their_lines(folder, "population")
    assert len(lines) > 0


# What can stand in a cell: gaps, words, and numbers of all kinds.
ODD = [*["", " ", "x", "persons", "KZ-99"], *"-1 0 101 1.5 7. .5 +7 1e3 2018".split(), " 7 "]


def with_odd_cells(row, other, dice):
    at = dice.randrange(len(row))
    changed = dice.choice([[dice.choice(ODD)], [dice.choice(ODD)], [other[at]]])
    return dice.choice([[*row[:at], *changed, *row[at + 1 :]], other])


def with_odd_length(row, other, dice):
    return dice.choice([row[:-1], [*row, "x"], [""] * len(row), [*row, *other]])


# Not at once: the key of a line with too few cells counts there, and here it does not.
@pytest.mark.parametrize("damage", [with_odd_cells, with_odd_length])
@pytest.mark.parametrize("name", data.describe())
def test_frictionless_agrees_on_random_damage(folder, name, damage):
    only(folder, "sources", "regions", name)
    file = folder / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    dice, damaged = random.Random(name), 0
    for _ in range(3):
        spoiled = rows.copy()
        for number in dice.sample(range(len(rows)), max(2, len(rows) // 10)):
            spoiled[number] = damage(rows[number], rows[dice.randrange(len(rows))], dice)
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *spoiled])
        lines = our_lines(folder, name)
        assert lines == their_lines(folder, name)
        damaged += len(lines)
    assert damaged > 0
