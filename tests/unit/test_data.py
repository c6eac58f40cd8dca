"""The figures agree with each other and with what was published elsewhere."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from migrationlab import data
from migrationlab.data import DataError, load, table1

TABLES = sorted(file.stem for file in data.FOLDER.glob("*.csv"))


def cell(frame, column, **where):
    """Find the one figure in a column that fits."""
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return frame[column].item()


# ------------------------------------------------------------------ the package


@pytest.mark.parametrize("name", TABLES)
def test_every_file_is_described_and_valid(name):
    assert len(load(name)) > 0


def test_every_source_is_known_and_every_source_is_used():
    used = {json.loads((data.FOLDER / "boundaries.geojson").read_text())["source_id"]}
    for name in TABLES:
        table = load(name)
        if name != "sources":
            used |= set(table["source_id"])
    assert used == set(load("sources")["source_id"])


def test_types():
    population = load("population")
    assert population["population"].dtype == np.int64
    assert population["year"].dtype == np.int64
    assert load("regions")["latitude"].dtype == np.float64
    assert load("regions")["since"].dtype == pd.Int64Dtype()
    assert isinstance(population["code"].iloc[0], str)


def test_a_loaded_table_is_a_copy():
    table = load("income")
    table["income"] = 0
    assert load("income")["income"].min() > 20_000


def test_loading_does_not_depend_on_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(load("population")) == 463


# ------------------------------------------------- what the figures have to obey


def test_population_of_the_regions_sums_to_the_country():
    population = load("population")
    country = population[population["code"] == "KZ"].set_index("year")["population"]
    regions = population[population["code"] != "KZ"].groupby("year")["population"].sum()
    assert (regions == country).all()


def test_net_migration_of_the_regions_sums_to_the_country():
    total = load("net_migration").query("scope == 'total' and year >= 2013")
    country = total[total["code"] == "KZ"].set_index("year")["net"]
    regions = total[total["code"] != "KZ"].groupby("year")["net"].sum()
    assert list(country.index) == list(range(2013, 2025))
    assert (regions == country).all()


def test_internal_nets_cancel_and_external_nets_sum_to_the_country():
    table = load("net_migration")
    sums = table[table["code"] != "KZ"].groupby(["scope", "year"])["net"].sum()
    assert (sums["internal"] == 0).all()
    # The Bureau's national balance, final.
    assert sums["external"].to_dict() == {2022: -6722, 2023: 9293, 2024: 16550}


def test_total_is_internal_plus_external():
    table = load("net_migration").query("year >= 2022 and code != 'KZ'")
    wide = table.pivot(index=["code", "year"], columns="scope", values="net")
    assert len(wide) == 60
    assert (wide["total"] == wide["internal"] + wide["external"]).all()
    assert wide.loc[("KZ-47", 2022)].to_dict() == {
        "external": 3336,
        "internal": -653,
        "total": 2683,
    }


def test_internal_arrivals_equal_departures_and_the_published_volume():
    by_region = load("internal_moves_by_region")
    sums = by_region.groupby("year")[["arrivals", "departures"]].sum()
    volumes = load("internal_moves").query("kind == 'all_internal' and status == 'final'")
    assert (sums["arrivals"] == sums["departures"]).all()
    assert sums["arrivals"].to_dict() == volumes.set_index("year")["moves"].to_dict()
    internal = load("net_migration").query("scope == 'internal'").set_index(["code", "year"])
    moves = by_region.set_index(["code", "year"])
    assert (moves["arrivals"] - moves["departures"] == internal["net"]).all()


def test_the_published_growth_of_internal_moves():
    moves = load("internal_moves").query("kind == 'all_internal' and status == 'final'")
    moves = moves.set_index("year")
    for year in (2023, 2024):
        growth = 100 * (moves["moves"][year] / moves["moves"][year - 1] - 1)
        assert round(growth, 1) == moves["change_percent"][year]


def test_final_and_derived_external_flows_add_to_the_final_net():
    table = load("external_migration").query("period == 'year'")
    sure = table[table["status"].isin(["final", "derived"])]
    wide = sure.pivot(index="year", columns="direction", values="persons").dropna()
    assert list(wide.index) == [2015, 2019, 2020, 2021, 2023, 2024]
    assert (wide["arrivals"] - wide["departures"] == wide["net"]).all()


def test_rounded_external_flows_agree_with_the_final_net_to_the_hundred():
    table = load("external_migration").query("period == 'year'")
    rounded = table[table["status"] == "rounded"]
    wide = rounded.pivot(index="year", columns="direction", values="persons")
    net = table.query("direction == 'net' and status == 'final'").set_index("year")["persons"]
    difference = wide["arrivals"] - wide["departures"] - net.reindex(wide.index)
    assert difference.abs().max() <= 100


def test_the_windows_of_external_migration():
    # "The outflow keeps accelerating": the answer depends on the window.
    net = load("net_migration").query("code == 'KZ'").set_index("year")["net"]
    assert round(net.loc[2015:2020].sum(), -2) == -136_600
    assert round(net.loc[2004:2011].sum(), -2) == 98_900
    assert round(net.loc[2023:2024].sum(), -2) == 25_800
    assert round(net.loc[2000:2024].sum(), -2) == -320_400


def test_the_country_has_one_net():
    regional = load("net_migration").query("code == 'KZ'").set_index("year")["net"]
    external = load("external_migration").query("direction == 'net' and status == 'final'")
    assert regional.to_dict() == external.set_index("year")["persons"].to_dict()


def test_half_year_nets_cancel():
    halves = load("interregional_by_region").query("period == 'jan-jun'")
    assert halves.groupby("year")["moves"].agg(["size", "sum"]).to_numpy().tolist() == [
        [17, 0],
        [17, 0],
    ]


def test_stock_against_flow():
    stock = (
        load("migrant_stock")
        .query("year == 2020 and origin in ['KAZ', 'RUS'] and destination in ['KAZ', 'RUS']")
        .set_index("origin")["persons"]
    )
    assert stock.to_dict() == {"KAZ": 2_558_907, "RUS": 2_476_018}
    flow = load("external_by_country").query("year == 2019 and country == 'RUS'")
    flow = flow.set_index("direction")["persons"]
    assert round(stock["RUS"] / stock["KAZ"], 2) == 0.97
    assert round(flow["arrivals"] / flow["departures"], 2) == 0.07


def test_regions_named_in_flows_exist():
    table = load("origin_destination")
    named = set(table["origin"]) | set(table["destination"])
    assert named - set(load("regions")["code"]) == {"other regions", "abroad"}


# --------------------------------------------------------- the population balance


def test_balance_of_almaty_in_2020():
    row = data.balance().query("code == 'KZ-75' and year == 2020").iloc[0]
    assert row["end"] - row["start"] == 60_436
    assert (row["natural_increase"], row["net"], row["other"]) == (21_086, 39_350, 0)


def test_the_balance_closes_to_the_person():
    other = data.balance().set_index(["code", "year"])["other"]
    land = other.xs(2014, level="year")
    assert land[land != 0].to_dict() == {"KZ-19": -93_930, "KZ-75": 93_930}
    exact = other.drop(index=[2014, 2021, 2022, 2024], level="year")
    assert len(exact) == 3 * 15 + 16 + 3 * 17 + 20  # 2013, 2015-16; 2017; 2018-20; 2023
    assert (exact == 0).all()
    # Tables of different dates: 2022 and 2024 close to 105 persons.
    assert other.xs(2022, level="year").abs().max() == 105
    assert other.xs(2024, level="year").abs().max() == 12
    # Over 1 January 2022 the population was re-based on the census of 2021.
    growth, natural_increase, net = 19_503_159 - 18_879_552, 264_088, -21_217
    assert other.xs(2021, level="year").sum() == growth - natural_increase - net


def test_rebasing_on_the_census_where_borders_did_not_change():
    other = data.balance().query("year == 2021").set_index("code")["other"]
    published = {"KZ-75": 76_624, "KZ-31": 59_751, "KZ-71": 55_967, "KZ-11": 51_808}
    published |= {"KZ-79": 49_839, "KZ-39": -22_172}
    assert other[list(published)].to_dict() == published


def test_breaks_name_the_transfer_of_2014():
    transferred = load("breaks").dropna(subset="persons").set_index("code")["persons"]
    assert transferred.to_dict() == {"KZ-75": 93_930, "KZ-19": -93_930}


# ------------------------------------------------------------- divisions and rates


@pytest.mark.parametrize("division", [16, 17, 20])
def test_divisions(division):
    units = data.regions(division)
    assert len(units) == division
    assert units.notna().all(axis=None)
    assert "KZ" not in set(units["code"])


def test_an_undivided_region_keeps_its_former_name_and_center():
    assert cell(data.regions(16), "region", code="KZ-61") == "South Kazakhstan"
    assert cell(data.regions(16), "center", code="KZ-61") == "Shymkent"
    assert cell(data.regions(17), "center", code="KZ-61") == "Turkistan"
    assert cell(data.regions(17), "center", code="KZ-19") == "Taldykorgan"
    assert cell(data.regions(20), "center", code="KZ-19") == "Konayev"
    with pytest.raises(ValueError, match="20, 17 and 16"):
        data.regions(18)


@pytest.mark.parametrize(("division", "kilometers"), [(17, 233), (20, 74)])
def test_distance_from_the_center_of_almaty_region_to_almaty(division, kilometers):
    places = data.regions(division).set_index("code")
    phi, lam = np.radians(places.loc[["KZ-19", "KZ-75"], ["latitude", "longitude"]]).to_numpy().T
    half = np.sin(np.diff(phi) / 2) ** 2 + np.prod(np.cos(phi)) * np.sin(np.diff(lam) / 2) ** 2
    assert round(2 * 6371 * np.arcsin(np.sqrt(half)).item()) == kilometers


def test_folding_keeps_every_person():
    population = load("population").query("year == 2023 and code != 'KZ'")
    folded = data.fold(population, ["population"], 17)
    assert len(folded) == 17
    assert folded["population"].sum() == population["population"].sum()
    east = population.query("code in ['KZ-63', 'KZ-10']")["population"].sum()
    assert cell(folded, "population", code="KZ-63") == east


def test_folding_forgets_no_missing_part_and_drops_no_name():
    parts = pd.DataFrame({"code": ["KZ-63", "KZ-10"], "year": 2023, "count": [1.0, np.nan]})
    assert data.fold(data.named(parts), ["count"])["count"].isna().all()


def test_a_mean_income_cannot_be_folded():
    with pytest.raises(ValueError, match="counts of persons"):
        data.fold(load("income"), ["income"])


def test_south_kazakhstan_2017_is_one_unit_in_its_rate():
    # The population table parts it on 1 January 2017, the migration tables in 2018.
    row = data.net_rate().query("code == 'KZ-61' and year == 2017").iloc[0]
    assert row["population"] == 1_966_336 + 912_300
    assert row["net"] == -13_848


def test_the_population_of_a_broken_year_has_no_middle():
    middle = data.population_at_risk("middle")
    missing = middle[middle["population"].isna()]
    assert set(missing["year"]) == {2008, 2014, 2021}
    assert set(missing.query("year == 2014")["code"]) == {"KZ-19", "KZ-75"}
    assert len(missing.query("year == 2021")) == 18
    assert cell(middle, "population", code="KZ", year=2022) == (19_503_159 + 19_766_807) / 2


def test_count_and_rate_rank_regions_differently():
    rates = data.net_rate().query("year == 2020").set_index("code")
    assert rates.loc["KZ-19", "net"] == -15_975
    assert rates.loc["KZ-59", "net"] == -4_387
    assert rates["rate"].round(1)[["KZ-19", "KZ-59"]].tolist() == [-7.8, -8.0]


def test_rates_of_the_new_regions():
    rates = data.net_rate().set_index(["code", "year"])["rate"].round(1)
    assert rates["KZ-10"].tolist() == [-11.5, -11.7, -14.5]  # Abai, 2022 to 2024
    assert rates["KZ-33"].tolist() == [-13.1, -13.0, -15.5]  # Zhetysu
    assert rates["KZ-62"].tolist() == [-9.5, -10.7, -11.4]  # Ulytau


# ------------------------------------------------------------- the landing page


@pytest.fixture(scope="module")
def panel():
    return data.join(data.panel(17), data.covariates()).query("year >= 2019")


def test_panel_is_complete(panel):
    assert panel.groupby("year").size().to_dict() == {2019: 17, 2020: 17, 2021: 17}
    # Who moved within and who across the border is known from 2022 on.
    later = ["internal", "external", "internal_rate", "external_rate"]
    assert panel.drop(columns=later).notna().all(axis=None)
    assert panel[later].isna().all(axis=None)
    assert panel.groupby("year")["big_city"].sum().tolist() == [3, 3, 3]


def test_the_opening_question(panel):
    rows = panel.query("year == 2020").set_index("region")
    assert rows.loc["Atyrau", "income"] == 215_076
    assert rows.loc["Shymkent", "income"] == 75_725
    assert rows["net_rate"].round(1)[["Atyrau", "Shymkent"]].tolist() == [-2.2, 10.9]


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022, 2023])
def test_the_pair_holds_in_every_year(year):
    income = load("income").query("year == @year and code != 'KZ'").set_index("code")["income"]
    rate = data.net_rate().query("year == @year").set_index("code")["rate"]
    assert income.idxmax() == "KZ-23"
    assert income.nsmallest(2).index[1] == "KZ-79"
    assert rate["KZ-23"] < 0 < rate["KZ-79"]


def test_what_income_and_big_cities_explain_in_2020(panel):
    rows = panel.query("year == 2020")
    r = rows["net_rate"].corr(rows["income"])
    others = rows[rows["region"] != "Atyrau"]
    assert round(r, 2) == 0.51
    assert round(others["net_rate"].corr(others["income"]), 2) == 0.69
    assert round(r**2, 2) == 0.26
    assert round(rows["net_rate"].corr(rows["big_city"]) ** 2, 2) == 0.84


@pytest.mark.parametrize(("income", "city", "miss"), [(15, 0, 6.34), (0, 23, 3.07), (8, 21, 2.23)])
def test_average_miss_of_three_theorists(panel, income, city, miss):
    rows = panel.query("year == 2020")
    pull = income * (rows["income"] / rows["income"].mean() - 1) + city * rows["big_city"]
    residual = rows["net_rate"] - pull
    residual = (residual - residual.mean()).set_axis(rows["region"])
    assert residual.abs().mean() == pytest.approx(miss, abs=0.005)
    if city == 0:
        assert residual["Atyrau"] == pytest.approx(-13.6, abs=0.06)
        assert residual[["Almaty", "Astana", "Shymkent"]].round().tolist() == [16, 16, 18]


def test_incomes_of_2021_as_the_bureau_published_them():
    # stat.gov.kz, "Nominal and real monetary incomes of the population (estimate)", 2022.
    published = {"KZ-11": 122_039, "KZ-23": 251_597, "KZ-27": 128_077, "KZ-31": 90_255}
    published |= {"KZ-35": 140_164, "KZ-43": 92_531, "KZ-47": 156_740, "KZ-61": 69_103}
    published |= {"KZ-63": 133_689, "KZ-71": 194_398, "KZ-75": 179_554, "KZ-79": 81_714}
    income = load("income").query("year == 2021").set_index("code")["income"]
    assert income[list(published)].to_dict() == published


def test_regional_incomes_converged():
    income = load("income").query("code != 'KZ'").groupby("year")["income"]
    variation = (income.std(ddof=0) / income.mean()).round(2)
    assert variation[[2010, 2020]].tolist() == [0.40, 0.33]


# --------------------------------------------------------------------- provenance


def test_sources_name_each_publisher_once():
    table = load("net_migration")
    assert data.sources(table.query("scope == 'total'")) == "Bureau of National Statistics"
    assert data.sources(table) == "Bureau of National Statistics; own calculation"
    # In the order in which the rows name them.
    assert data.sources(table, load("migrant_stock")) == (
        "Bureau of National Statistics; Agency of Statistics of Kazakhstan; "
        "United Nations DESA, Population Division; own calculation"
    )


def test_source_table_has_an_address_for_every_source(panel):
    table = data.source_table(panel)
    assert len(table) == len(set(";".join(panel["source_id"]).split(";"))) == 8
    assert table["address"].str.startswith("http").all()
    assert data.sources(panel) == "Bureau of National Statistics"


def test_sources_need_the_column():
    with pytest.raises(ValueError, match="source_id"):
        data.sources(load("income")[["code", "income"]])


def test_sources_refuse_an_unknown_id():
    with pytest.raises(DataError, match="hearsay"):
        data.sources(pd.DataFrame({"source_id": ["hearsay"]}))


def test_wrong_words_in_arguments():
    with pytest.raises(ValueError, match="sideways"):
        data.net_rate("sideways")
    with pytest.raises(ValueError, match="noon"):
        data.population_at_risk("noon")


def test_table_2_subtracts_what_it_has_rounded():
    """Each printed net is the difference of the printed flows; five of six differ from the exact net."""
    table = load("external_migration").query("status == 'article'")
    flows = table.pivot(index="year", columns="direction", values="persons")
    assert (flows["arrivals"] - flows["departures"] == flows["net"]).all()
    final = load("external_migration").query("direction == 'net' and status == 'final'")
    exact = final.set_index("year")["persons"][flows.index]
    rounded = (exact / 100).round() * 100
    off = flows.index[(rounded != flows["net"])]
    assert off.tolist() == [2015, 2016, 2018, 2019, 2020]
    assert (rounded - flows["net"]).abs().max() == 100


# ------------------------------------------------------------ the article's Table 1

PROPOSITIONS = load("table1_propositions")

# How many lines the article's Table 1 has on each theory.
LINES = {
    "ravenstein": 11,
    "lee": 4,
    "neoclassical_macro": 5,
    "neoclassical_micro": 3,
    "dual_labor_market": 5,
    "world_systems": 6,
}


def test_propositions_are_numbered_as_in_the_article():
    for theory, numbers in PROPOSITIONS.groupby("theory", sort=False)["number"]:
        assert numbers.tolist() == list(range(1, LINES[theory] + 1)), theory


def test_propositions_have_an_id_and_an_anchor_of_their_own():
    for row in PROPOSITIONS.itertuples():
        assert row.id == f"{row.theory.replace('_', '-')}-{row.number}"
        assert row.anchor == f"table1-{row.id}"
    assert PROPOSITIONS["id"].is_unique
    assert PROPOSITIONS["anchor"].is_unique


def test_propositions_cite_works_of_the_bibliography():
    bibliography = (data.FOLDER.parent / "book" / "references.bib").read_text(encoding="utf-8")
    known = set(re.findall(r"^@\w+\{([^,\s]+),", bibliography, flags=re.MULTILINE))
    cited = {key for cell in PROPOSITIONS["source"] for key in cell.split(";")}
    assert len(known) > 40
    assert cited <= known, cited - known


@pytest.mark.parametrize("column", ["wording", "original_claim", "how"])
def test_propositions_are_sentences_that_a_table_can_hold(column):
    for row in PROPOSITIONS.to_dict("records"):
        text = row[column]
        assert text == text.strip() and not re.search(r"[|$\n\"]", text), row["id"]
        assert text.count("“") == text.count("”"), row["id"]
        assert column == "wording" or text.endswith("."), row["id"]


@pytest.mark.parametrize("theory", dict.fromkeys(PROPOSITIONS["theory"]))
def test_propositions_are_shown_with_verdict_and_place(theory):
    text = data.propositions(theory).data
    rows = PROPOSITIONS[PROPOSITIONS["theory"] == theory]
    lines = [line for line in text.splitlines() if line.startswith("| **")]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows.itertuples(), strict=True):
        assert line.count(" | ") == 1
        assert f"**{row.number}.** {row.wording}<br>**{row.verdict}**" in line
        assert f"](#{row.anchor})" in line
        assert row.original_claim.rstrip(".") in line
        assert f"{{cite:p}}`{row.source.replace(';', ',')}`" in line
        assert f"**{row.testable.capitalize()}.** {row.how} |" in line


def test_propositions_begin_with_what_survives():
    def told(*verdicts):
        return table1._tally(pd.Series(verdicts)).splitlines()

    assert told("faithful", "faithful") == ["Of two lines, two stand as they are."]
    assert told("wrong", "faithful", "loose", "loose") == [
        "Of four lines, one stands as it is, two are loose and one is wrong.",
        "*Loose* means that the sense is kept, while a part is lost or comes from elsewhere; "
        "*wrong*, that the line says something else than its source.",
    ]
    assert told("wrong", "not in the source")[0] == (
        "Of two lines, none stands as it is, one is wrong and one is not in the source."
    )
    ravenstein = PROPOSITIONS.query("theory == 'ravenstein'")["verdict"]
    assert data.propositions("ravenstein").data.startswith("Of eleven lines, ")
    assert (ravenstein == "not in the source").tolist() == [True, True, *[False] * 9]


def test_propositions_of_an_unknown_theory():
    with pytest.raises(
        ValueError, match="no lines on “gravity”.*ravenstein, lee, neoclassical_macro"
    ):
        data.propositions("gravity")
