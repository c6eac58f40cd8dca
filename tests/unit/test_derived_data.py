"""Tables that code derives, and the article's figures traced to the tables."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from migrationlab import data
from migrationlab.data import load

# ----------------------------------------------------------- the harmonized panel


@pytest.mark.parametrize(("division", "years"), [(16, range(2013, 2025)), (17, range(2018, 2025))])
def test_the_panel_has_every_region_in_every_year(division, years):
    panel = data.panel(division)
    assert sorted(panel["year"].unique()) == list(years)
    assert (panel.groupby("year")["code"].nunique() == division).all()
    assert panel.groupby("code")["region"].nunique().eq(1).all()
    assert not {"KZ", "KZ-10", "KZ-33", "KZ-62"} & set(panel["code"])
    assert ("KZ-79" in set(panel["code"])) == (division == 17)


@pytest.mark.parametrize("division", [16, 17])
def test_the_panel_sums_to_the_country(division):
    panel = data.panel(division)
    people = load("population").query("code == 'KZ'").set_index("year")["population"]
    moves = (
        load("net_migration").query("code == 'KZ' and scope == 'total'").set_index("year")["net"]
    )
    for year, rows in panel.groupby("year"):
        assert rows["population"].sum() == people[year]
        assert rows["net"].sum() == moves[year]


@pytest.mark.parametrize("division", [16, 17])
def test_the_parts_of_the_panel_add_up_and_exist_from_2022(division):
    panel = data.panel(division)
    known = panel["internal"].notna()
    assert (panel.loc[known, "year"].unique() == [2022, 2023, 2024]).all()
    assert (panel["year"] >= 2022).eq(known).all()
    rows = panel[known]
    assert (rows["internal"] + rows["external"] == rows["net"]).all()
    assert rows.groupby("year")["internal"].sum().eq(0).all()


def test_the_panel_folds_the_new_regions_back():
    table = (
        load("net_migration").query("scope == 'total' and year == 2023").set_index("code")["net"]
    )
    panel = data.panel(17).query("year == 2023").set_index("code")["net"]
    assert panel["KZ-63"] == table["KZ-63"] + table["KZ-10"]
    assert panel["KZ-19"] == table["KZ-19"] + table["KZ-33"]
    assert panel["KZ-35"] == table["KZ-35"] + table["KZ-62"]
    south = data.panel(16).query("code == 'KZ-61' and year == 2023")["net"].item()
    assert south == table["KZ-61"] + table["KZ-79"]


def test_the_panel_agrees_with_the_rates_of_undivided_years():
    rates = data.net_rate().query("year == 2020 and code != 'KZ'").set_index("code")["rate"]
    panel = data.panel(17).query("year == 2020").set_index("code")["net_rate"]
    assert np.allclose(panel, rates[panel.index])
    assert round(panel["KZ-19"], 1) == -7.8
    assert round(panel["KZ-59"], 1) == -8.0


def test_south_kazakhstan_has_no_natural_increase_before_2017():
    south = data.panel(16).query("code == 'KZ-61'").set_index("year")["natural_increase"]
    assert south.loc[:2016].isna().all()
    assert south.loc[2017:].notna().all()


def test_a_panel_of_twenty_is_refused():
    with pytest.raises(ValueError, match="17 or of 16"):
        data.panel(20)


def test_covariates_are_complete_but_for_the_labor_force_of_2018():
    table = data.covariates()
    assert len(table) == 17 * 4
    gaps = table.isna().any(axis=1)
    assert gaps.eq(table["year"] == 2018).all()
    atyrau = table.query("code == 'KZ-23' and year == 2020").iloc[0]
    assert atyrau["income"] == 215_076
    big = table.loc[table["big_city"] == 1, "region"]
    assert big.value_counts().to_dict() == {"Astana": 4, "Almaty": 4, "Shymkent": 4}


# -------------------------------------------------------------- two tables side by side


def rows(**columns):
    """A small table of two regions in one year."""
    return pd.DataFrame({"code": ["KZ-11", "KZ-15"], "year": 2020, **columns})


def test_a_join_names_the_sources_of_both_tables_once():
    left = rows(net=[1, 2], source_id=["register", "register;census"])
    right = rows(income=[3, 4], source_id=["survey", "census"])[1:]
    both = data.join(left, right)
    assert both.to_dict("list") == {
        "code": ["KZ-15"],
        "year": [2020],
        "net": [2],
        "income": [4],
        "source_id": ["register;census"],
    }
    all_left = data.join(left, right, how="left")
    assert all_left["income"].isna().tolist() == [True, False]
    assert all_left["source_id"].tolist() == ["register", "register;census"]


def test_a_join_keeps_the_order_of_the_left_table():
    panel = data.panel(17)
    both = data.join(panel, data.covariates())
    expected = panel[panel["year"].between(2018, 2021)]
    assert both[["code", "year"]].to_numpy().tolist() == (
        expected[["code", "year"]].to_numpy().tolist()
    )
    # A region's other names would have no partner.
    assert both["income"].notna().all()


def test_a_join_refuses_what_it_would_have_to_guess():
    with pytest.raises(ValueError, match="Both tables have a column “population”"):
        data.join(data.panel(17), load("population"))
    with pytest.raises(ValueError, match="more than one row for KZ-10, 2022.*“scope”"):
        data.join(load("net_migration").drop(columns="unit"), load("income"))
    quarters = load("unemployment").drop(columns="unit")
    with pytest.raises(ValueError, match="more than one row for KZ, 2019.*“period”"):
        data.join(load("income"), quarters)


def test_breaks_as_marks():
    assert data.marks("population", 2000, 2025).to_dict("list") == {
        "year": [2009, 2022],
        "label": ["census", "census"],
    }
    almaty = data.marks("population", 2013, 2025, code="KZ-75")
    assert almaty.set_index("year")["label"][2015] == "land transferred"
    assert data.marks("income", 2012, 2015).empty


# --------------------------------------------------- what the new tables must obey


def test_urban_and_rural_residents_sum_to_all():
    """Equal wherever both tables have one source; the country of 2024 and 2025 is a sum of regions."""
    parts = load("population_by_settlement").pivot_table(
        index=["code", "year"], columns="settlement", values="population", aggfunc="sum"
    )
    total = load("population").set_index(["code", "year"])["population"]
    both = parts.dropna().join(total, how="inner")
    both = both[both.index.get_level_values("year") <= 2022]
    assert len(both) > 350
    assert (both["urban"] + both["rural"] == both["population"]).all()


def test_the_nets_of_cities_and_villages_sum_to_the_country():
    parts = load("net_migration_by_settlement").groupby("year")["net"].sum()
    country = (
        load("net_migration").query("code == 'KZ' and scope == 'total'").set_index("year")["net"]
    )
    assert len(parts) == 25
    assert (parts == country[parts.index]).all()


def test_the_labor_force_of_the_regions_sums_to_the_country():
    """The survey is rounded region by region: at most a few persons are left over."""
    table = load("labor_force").query("measure == 'labor force'")
    assert set(table["year"]) == {2019, 2020, 2021}
    assert (table.groupby("year")["code"].nunique() == 17).all()


def test_unemployed_over_labor_force_is_near_the_published_rate():
    people = load("labor_force").pivot_table(
        index=["code", "year", "period"], columns="measure", values="persons"
    )
    force = people["labor force"].dropna().droplevel("period")
    first = people["unemployed"].dropna().xs("Q1", level="period")
    rates = load("unemployment").query("period == 'Q1'").set_index(["code", "year"])["rate"]
    share = (100 * first / force).dropna()
    assert len(share) == 51
    # The labor force is the year's, the unemployed are the quarter's.
    assert (share - rates[share.index]).abs().max() < 0.25


def test_the_annual_rate_is_not_the_mean_of_the_quarters():
    rates = (
        load("unemployment").query("code == 'KZ-47' and year == 2019").set_index("period")["rate"]
    )
    quarters = rates[["Q1", "Q2", "Q3", "Q4"]].mean()
    assert (rates["year"], round(quarters, 2)) == (4.8, 4.95)


def test_categories_of_foreign_workers_sum_to_the_stock_but_where_the_source_errs():
    table = load("foreign_labor").query("concept == 'stock' and code == 'KZ'")
    total = table.query("by == 'total'").set_index("date")["persons"]
    parts = table.query("by == 'category'").groupby("date")["persons"]
    complete = parts.sum()[parts.count() == 6]
    over = (complete - total[complete.index]).loc[lambda gap: gap != 0]
    assert over.to_dict() == {"2020-01-01": 31, "2022-01-01": -54, "2025-11-01": 1}
    assert len(complete) > 8


def test_china_had_312_percent_on_one_day():
    table = load("foreign_labor").query("concept == 'stock' and by in ['total', 'country']")
    stock = table.set_index(["date", "category"])["persons"]
    assert round(100 * stock["2015-01-01", "CHN"] / stock["2015-01-01", "all"], 1) == 31.2
    assert round(100 * stock["2016-07-01", "CHN"] / stock["2016-07-01", "all"], 1) == 39.8


def test_leavers_of_2019_by_ethnicity_and_settlement():
    table = load("external_profile").set_index(["year", "period", "direction", "trait", "category"])
    people = table["persons"]
    year = load("external_migration").query("year == 2019 and period == 'year'")
    left = year.query("direction == 'departures' and status == 'final'")["persons"].item()
    came = year.query("direction == 'arrivals' and status == 'derived'")["persons"].item()
    assert round(100 * people[2019, "year", "departures", "ethnicity", "Russian"] / left) == 73
    assert round(100 * people[2019, "year", "arrivals", "ethnicity", "Kazakh"] / came) == 57
    urban = people[2019, "jan-sep", "departures", "settlement", "urban"]
    rural = people[2019, "jan-sep", "departures", "settlement", "rural"]
    assert round(100 * urban / (urban + rural)) == 84


def test_the_traps_of_the_stocks():
    stock = load("migrant_stock").set_index(["method", "year", "origin", "destination"])["persons"]
    assert stock["estimate of 2019", 2015, "KAZ", "DEU"] == 848_587
    assert stock["estimate", 2015, "KAZ", "DEU"] == 832_107
    # Germany was scaled to a new total: five of nine origins grow alike, to the second decimal.
    before, after = (
        stock["estimate", year].xs("DEU", level="destination") for year in (2015, 2020)
    )
    growth = (after / before).round(2)
    assert growth[["BLR", "KGZ", "TJK", "UKR", "UZB"]].eq(1.34).all()
    assert growth[["KAZ", "RUS"]].tolist() == [1.36, 1.37]
    before, after = (
        stock["estimate", year].xs("KAZ", level="destination") for year in (2015, 2020)
    )
    assert (after / before).round(3).between(1.052, 1.053).all()


def test_the_world_bank_differs_from_the_register():
    bank = load("country_context").query(
        "country == 'KAZ' and measure == 'net migration, model estimate'"
    )
    bank = bank.set_index("year")["value"].to_dict()
    register = load("external_migration").query("direction == 'net' and status == 'final'")
    register = register.set_index("year")["persons"].to_dict()
    assert (bank[2018], register[2018]) == (-31_760, -29_121)
    assert (bank[2000], register[2000]) == (-43_423, -108_307)


# --------------------------------------------------------------------- coverage


def test_coverage_counts_rows_and_shows_gaps():
    income = data.coverage("income")
    assert income.to_numpy().sum() == len(load("income"))
    assert income.loc["Abai", 2021] == 0
    assert income.loc["Abai", 2022] == 1
    assert data.coverage("cis_share").index.tolist() == ["all"]


def test_every_table_can_be_described():
    for name in data.describe():
        assert data.describe(name)["title"]
        for field in data.describe(name)["schema"]["fields"]:
            assert field["description"]


# -------------------------------------------------------------------- boundaries


def test_the_outlines_are_the_14_regions_before_2018():
    codes = {feature["code"] for feature in data.boundaries()}
    regions = data.regions(16)
    assert codes == set(regions.loc[regions["kind"] == "region", "code"])


def inside(point, ring):
    """Count the edges that a ray from the point to the east crosses."""
    x, y = point
    crossed = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossed = not crossed
    return crossed


def test_outlines_are_closed_and_hold_their_label():
    for feature in data.boundaries():
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = [part[0] for part in parts]
        assert all(part[0][0] == part[0][-1] for part in parts)
        assert any(inside(feature["label"], ring) for ring in rings), feature["code"]


# ------------------------------------------------------------- the article's figures

FIGURES = load("paper_figures")


def test_no_figure_of_the_article_is_missing():
    lines = Path(__file__).with_name("article_figures.txt").read_text(encoding="utf-8").splitlines()
    inventory = [line for line in lines if not line.startswith("#")]
    assert FIGURES["printed"].dropna().tolist() == inventory


def test_printed_values_are_the_printed_figures():
    for row in FIGURES.dropna(subset="printed").itertuples():
        text = row.printed.rstrip("%")
        comma = "." if len(text.partition(",")[2]) != 3 else ""
        assert float(text.replace(",", comma)) == row.printed_value, row.printed


def traced():
    return FIGURES.dropna(subset="table").to_dict("records")


@pytest.mark.parametrize("row", traced(), ids=lambda row: f"{row['number']} {row['statement']}")
def test_our_number_stands_in_the_table_named(row):
    found = load(row["table"]).query(row["query"])[row["column"]].item()
    scale = 1000 if row["unit"] == "thousand persons" else 1
    assert found / scale == pytest.approx(row["our_value"], abs=5e-5)


def test_verdicts_follow_from_the_numbers():
    """A reproduced figure is ours, rounded as printed, in the same period; another differs or says why."""
    for row in FIGURES.to_dict("records"):
        name = f"{row['number']} {row['statement']}"
        if isinstance(row["printed"], str) and row["verdict"] == "reproduced":
            decimals = len(re.sub(r"[%]", "", row["printed"]).replace(",", ".").partition(".")[2])
            decimals = 0 if row["printed_value"] > 1000 else decimals
            assert round(row["our_value"], decimals) == row["printed_value"], name
        if row["verdict"] == "corrected":
            differs = row["our_period"] != row["printed_period"]
            # What is counted can differ while number and period agree; then the note says it.
            assert differs or row["our_value"] != row["printed_value"] or len(row["note"]) > 40, (
                name
            )


def test_sums_behind_untraced_corrections():
    values = FIGURES.set_index("statement")["our_value"]
    profile = load("external_profile").query(
        "year == 2019 and period == 'jan-sep' and trait == 'age'"
    )
    people = profile.set_index(["category", "direction"])["persons"] / 1000
    adults = people["16 to retirement", "departures"] - people["16 to retirement", "arrivals"]
    children = people["under 16", "departures"] - people["under 16", "arrivals"]
    assert values["Net loss, age 16 to retirement"] == pytest.approx(adults)
    assert values["Net loss of children"] == pytest.approx(children)
    year = load("external_migration").query("period == 'year' and year >= 2016 and year <= 2020")
    left = year.query("direction == 'departures' and status in ['final', 'rounded', 'preliminary']")
    # One figure a year, the best status first.
    rank = {"final": 0, "rounded": 1, "preliminary": 2}
    left = left.assign(rank=left["status"].map(rank)).sort_values("rank").drop_duplicates("year")
    share = 100 * 144.4 / (left["persons"].sum() / 1000)
    assert values["Share of the CIS in all departures of five years"] == pytest.approx(
        share, abs=0.06
    )


def test_every_chapter_named_exists():
    folder = data.FOLDER.parent / "book"
    assert all((folder / f"{name}.ipynb").exists() for name in FIGURES["chapter"].unique())
