"""One suite of laws over every channel: whatever carries the files, the promise is the same."""

from __future__ import annotations

import pytest

from gateway.channels import (
    Channel,
    FolderChannel,
    FolderSettings,
    HttpChannel,
    HttpSettings,
    SftpChannel,
    SftpSettings,
)
from gateway.testing.channel_suite import ChannelLaws, PartnerSide
from tests.support.https import HttpsServer, TlsFiles
from tests.support.openssh import OpenSsh


class TestFolder(ChannelLaws):
    @pytest.fixture
    def partner_side(self, side: PartnerSide) -> PartnerSide:
        return side

    @pytest.fixture
    def channel(self, side: PartnerSide) -> Channel:
        path = side.to_partner.parent
        return FolderChannel(FolderSettings(path=path, to_partner="masuk", from_partner="keluar"))


class TestOpenSsh(ChannelLaws):
    @pytest.fixture
    def partner_side(self, side: PartnerSide) -> PartnerSide:
        return side

    @pytest.fixture
    def channel(self, side: PartnerSide, openssh: OpenSsh) -> Channel:
        return SftpChannel(
            SftpSettings(
                host=openssh.host,
                port=openssh.port,
                user=openssh.user,
                private_key_pem=openssh.private_key_pem,
                host_keys=(openssh.host_key,),
                to_partner=str(side.to_partner),
                from_partner=str(side.from_partner),
            )
        )


class TestHttps(ChannelLaws):
    @pytest.fixture
    def partner_side(self, side: PartnerSide) -> PartnerSide:
        return side

    @pytest.fixture
    def channel(self, https: HttpsServer, tls: TlsFiles) -> Channel:
        return HttpChannel(
            HttpSettings(
                url=https.url,
                client_certificate=tls.client.certificate,
                client_key=tls.client.key,
                ca_file=tls.authority.certificate,
                to_partner="masuk",
                from_partner="keluar",
            )
        )
