"""Papers, keys and roots for the tests of certificates: everything real, in a directory of the test's own."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certificates import keys
from certificates.facts import CertificateFacts
from certificates.making import make_pdf

BASE_URL = "https://licence.example"


@pytest.fixture
def at() -> datetime:
    """Real time: signatures carry it whatever the legal date."""
    return datetime.now(UTC)


@pytest.fixture
def facts() -> CertificateFacts:
    return CertificateFacts(
        licence_number="(苏)XK90-002-00017",
        version=1,
        holder_name="苏州金穗肥业有限公司",
        uscc="91320583MA1X5C7DXJ",
        registered_address="江苏省苏州市昆山市春晖路 88 号",
        production_addresses=("江苏省苏州市昆山市周市镇优比路 12 号",),
        category_name="化肥（磷肥）",
        units=("过磷酸钙", "钙镁磷肥"),
        issue_date=date(2015, 9, 29),
        valid_from=date(2015, 9, 29),
        valid_until=date(2020, 9, 28),
        authority_code="320000",
        authority_name="江苏省质量技术监督局",
        public_id="abcdefghij234567klmn",
        demo=True,
    )


@pytest.fixture
def long_facts(facts: CertificateFacts) -> CertificateFacts:
    """The worst a case brings: rare characters, three sites, sixty units, a long authority."""
    site = "新疆维吾尔自治区巴音郭楞蒙古自治州和静县巩乃斯镇第{}工业园区 {} 号"
    return dataclasses.replace(
        facts,
        holder_name="内蒙古自治区呼伦贝尔市鄂伦春自治旗㐀㑇䶮𠮷镕甦·危险化学品包装物及容器制造与进出口贸易股份有限公司第二分公司",
        registered_address="新疆维吾尔自治区巴音郭楞蒙古自治州和静县巩乃斯镇工业园区创新大道一百二十八号高新技术产业孵化基地三号楼",
        production_addresses=tuple(site.format(n, n) for n in range(1, 4)),
        units=tuple(f"危险化学品有机产品第{n}类（氯化石蜡）" for n in range(1, 61)),
        authority_name="新疆生产建设兵团质量技术监督局",
        delegation_note="受江苏省质量技术监督局委托，由苏州市质量技术监督局办理受理和审查。",
    )


@pytest.fixture
def key_dir(tmp_path: Path, settings: Any) -> Path:
    settings.KEY_DIR = str(tmp_path / "keys")
    settings.WORLD = "demo"
    settings.PUBLIC_BASE_URL = BASE_URL
    return tmp_path / "keys"


@pytest.fixture
def signer(key_dir: Path, facts: CertificateFacts, at: datetime) -> keys.Signer:
    return keys.signer_for(authority_code=facts.authority_code, authority_name=facts.authority_name, at=at)


@pytest.fixture
def root(signer: keys.Signer) -> bytes:
    return signer.chain[-1].public_bytes(Encoding.DER)


@pytest.fixture
def paper(signer: keys.Signer, at: datetime, tmp_path: Path) -> Callable[[CertificateFacts], Path]:
    """Facts to a signed PDF on disk."""

    def make(facts: CertificateFacts) -> Path:
        path = tmp_path / "certificate.pdf"
        path.write_bytes(make_pdf(facts, signer, at))
        return path

    return make
