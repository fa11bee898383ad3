"""Settings are checked at start, and a wrong one is named."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from center.kernel import config, private_files
from center.kernel.config import SettingsError


def load(folder: Path, **env: str) -> config.Settings:
    return config.load({"CENTER_DATA_DIR": str(folder), **env})


def test_without_settings_it_is_a_small_site_on_this_machine(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 2)
    assert settings.database_url == f"sqlite:///{tmp_path / 'center.db'}"
    assert settings.is_sqlite
    assert not settings.secure_cookies
    assert settings.clock_start is None


def test_an_empty_setting_is_as_good_as_none(tmp_path: Path) -> None:
    settings = load(tmp_path, CENTER_PORT="", CENTER_DATABASE_URL="", CENTER_SECRET_KEY="", CENTER_LOG_FORMAT="")
    assert (settings.port, settings.log_format) == (8000, "console")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("CENTER_PORT", "http", "whole number from 1 to 65535"),
        ("CENTER_PORT", "0", "whole number from 1 to 65535"),
        ("CENTER_PORT", "65536", "whole number from 1 to 65535"),
        ("CENTER_PORT", "-1", "whole number"),
        ("CENTER_PORT", "８０００", "whole number"),
        ("CENTER_WORKERS", "0", "whole number from 1 to 64"),
        ("CENTER_WORKERS", "1.5", "whole number"),
        ("CENTER_TRUSTED_PROXIES", "6", "whole number from 0 to 5"),
        ("CENTER_SECURE_COOKIES", "maybe", "1 or 0"),
        ("CENTER_LOG_FORMAT", "xml", "console, json"),
        ("CENTER_DATABASE_URL", "mysql://localhost/center", "sqlite:/// or postgresql://"),
        ("CENTER_SECRET_KEY", "short", "at least 32 characters"),
        ("CENTER_CLOCK_START", "tomorrow", "2026-11-23T09:00+08:00"),
        ("CENTER_CLOCK_START", "2026-11-23T09:00", "needs a zone"),
    ],
    ids=lambda value: value if value.startswith("CENTER_") else "",
)
def test_a_wrong_value_is_refused_and_named(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, **{name: value})
    assert name in str(refused.value)
    assert says in str(refused.value)


def test_a_misspelt_setting_is_refused_with_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"CENTER_PROT is not a setting\. Did you mean CENTER_PORT\?"):
        load(tmp_path, CENTER_PROT="8001")


def test_a_name_like_none_of_them_gets_the_list(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Known: .*CENTER_DATABASE_URL"):
        load(tmp_path, CENTER_COLOUR_OF_THE_ROOF="green")


def test_what_is_meant_for_tests_and_others_is_left_alone(tmp_path: Path) -> None:
    assert load(tmp_path, CENTER_TEST_POSTGRES_URL="postgresql://x", CENTRE="x", PORT="1").port == 8000


@pytest.mark.parametrize(
    "url", ["postgres://u@h/center", "postgresql://u@h/center", "postgresql+psycopg://u@h/center"], ids="abc"
)
def test_postgresql_addresses_all_mean_the_same_driver(tmp_path: Path, url: str) -> None:
    settings = load(tmp_path, CENTER_DATABASE_URL=url)
    assert settings.database_url == "postgresql+psycopg://u@h/center"
    assert not settings.is_sqlite


@pytest.mark.parametrize(("value", "means"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("no", False)])
def test_yes_and_no_in_several_spellings(tmp_path: Path, value: str, means: bool) -> None:
    assert load(tmp_path, CENTER_SECURE_COOKIES=value).secure_cookies is means


@pytest.mark.parametrize(
    ("env", "means"),
    [
        pytest.param({}, False, id="this machine"),
        pytest.param({"CENTER_TRUSTED_PROXIES": "1"}, True, id="behind a proxy"),
        pytest.param({"CENTER_HOST": "0.0.0.0"}, True, id="everywhere"),
        pytest.param({"CENTER_SITE_URL": "https://a.cn"}, True, id="https"),
        pytest.param(
            {"CENTER_SECURE_COOKIES": "0", "CENTER_TRUSTED_PROXIES": "1"}, False, id="told so, on this machine"
        ),
        pytest.param({"CENTER_SECURE_COOKIES": "0", "CENTER_HOST": "0.0.0.0"}, None, id="told so, for others"),
        pytest.param({"CENTER_SECURE_COOKIES": "0", "CENTER_SITE_URL": "https://a.cn"}, None, id="told so, with https"),
    ],
)
def test_cookies_travel_by_https_unless_told_otherwise_on_this_machine(
    tmp_path: Path, env: dict[str, str], means: bool | None
) -> None:
    if means is None:
        with pytest.raises(SettingsError, match="CENTER_SECURE_COOKIES"):
            load(tmp_path, **env)
    else:
        assert load(tmp_path, **env).secure_cookies is means


def test_a_data_folder_and_its_database_are_the_owners_alone(tmp_path: Path) -> None:
    settings = load(tmp_path / "new")
    database = tmp_path / "new" / "center.db"
    database.touch(mode=0o644)
    (tmp_path / "new").chmod(0o755)
    assert set(private_files.open_to_others(settings)) == {settings.data_dir, database}
    private_files.tighten(settings)
    assert private_files.open_to_others(settings) == []


def test_a_secret_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    first, second = load(tmp_path / "new"), load(tmp_path / "new")
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600


def test_a_damaged_secret_key_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("\n")
    with pytest.raises(SettingsError, match="holds no secret key"):
        load(tmp_path)


def test_a_given_secret_key_is_used_and_not_written_down(tmp_path: Path) -> None:
    assert load(tmp_path, CENTER_SECRET_KEY="k" * 32).secret_key == "k" * 32
    assert not (tmp_path / "secret.key").exists()


def test_the_clock_may_start_at_a_chosen_moment(tmp_path: Path) -> None:
    start = load(tmp_path, CENTER_CLOCK_START="2026-11-23T09:00+08:00").clock_start
    assert start is not None
    assert start == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert start.utcoffset() == timedelta(hours=8)
