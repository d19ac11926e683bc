"""Settings of sources are checked as a whole, and secrets stay where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingji.connectors.hubspot import HubSpotSettings
from mingji.connectors.kinds import kind_named, kinds
from mingji.connectors.settings import Secret, decoded, settings_of
from mingji.rules.errors import Invalid


def test_what_is_left_out_has_its_default() -> None:
    settings = decoded(HubSpotSettings, {"token": "env:MINGJI_SOURCE_A", "zone": ""})

    assert settings.token == Secret("env:MINGJI_SOURCE_A")
    assert settings.zone == "Asia/Shanghai"
    assert settings.address == "https://api.hubapi.com"
    assert settings.client_secret is None


@pytest.mark.parametrize(
    "address",
    [
        "http://crm.example.com",
        "ftp://127.0.0.1",
        "https://",
        "https://anna:pw@example.com",
        "file:///etc/passwd",
        "http://127.0.0.1.example.com",
    ],
)
def test_only_secure_addresses_and_this_machine_are_accepted(address: str) -> None:
    with pytest.raises(Invalid) as wrong:
        decoded(HubSpotSettings, {"address": address})

    assert [finding.place.path for finding in wrong.value.findings] == ["address"]


@pytest.mark.parametrize("given", ["pat-na1-0123", "env:HOME", "env:MINGJI_SECRET_KEY"])
def test_a_secret_is_named_not_written_down(given: str) -> None:
    with pytest.raises(Invalid) as wrong:
        decoded(HubSpotSettings, {"token": given})

    assert given not in str(wrong.value.message)


def test_a_secret_file_is_read_below_its_folder_only(tmp_path: Path) -> None:
    folder = {"MINGJI_SECRETS": str(tmp_path / "secrets")}
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "crm").write_text("s3cret\n")
    (tmp_path / "other").write_text("not yours")
    (tmp_path / "secrets" / "link").symlink_to(tmp_path / "other")

    assert Secret("file:crm").resolve(folder) == "s3cret"
    assert Secret(f"file:{tmp_path}/secrets/crm").resolve(folder) == "s3cret"
    for reference in ("file:../other", f"file:{tmp_path}/other", "file:link", "file:absent"):
        with pytest.raises(Invalid):
            Secret(reference).resolve(folder)
    with pytest.raises(Invalid) as absent:
        Secret("env:MINGJI_SOURCE_ABSENT").resolve({})
    assert "MINGJI_SOURCE_ABSENT" in absent.value.message.en


def test_every_kind_can_be_made_into_a_form() -> None:
    for kind in kinds():
        assert kind.label.zh
        assert kind.label.en
        for setting in kind.settings:
            assert setting.label.zh, setting.name
            assert setting.label.en, setting.name
            assert (setting.kind == "choice") == bool(setting.choices)
    with pytest.raises(Invalid):
        kind_named("fax")


def test_settings_stand_in_the_order_in_which_they_are_written() -> None:
    assert [each.name for each in settings_of(HubSpotSettings)][:2] == ["token", "client_id"]
