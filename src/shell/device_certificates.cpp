// Certificates of devices: signed on their own request, known by their fingerprint, kept and revoked as tokens are.
#include "ports/intake.hpp"
#include "protect/password.hpp"
#include "shell/office.hpp"

namespace shoumen::shell {

void Office::certify_device(const ports::Session& session, std::string device, std::string request_pem,
                            std::function<void(base::Result<ports::DeviceCertificate>)> done) {
    if (const auto known = may_give_tokens(session, device); !known) return done(tl::unexpected(known.error()));
    if (node_.policy()->devices[node_.device(device)->value].retired)
        return done(base::fail("unknown-device", "no such device in the community directory", "device"));
    if (authority_ == nullptr)
        return done(
            base::fail("no-authority", "this node opens no TLS door of its own: start it with --mqtts or --https"));
    const auto made = authority_->sign_device(request_pem, device, clock_.now());
    if (!made) return done(tl::unexpected(made.error()));
    const ports::DeviceCertificate given{made->pem, authority_->authority_pem(), made->until};
    const base::Digest hash =
        protect::token_hash(std::string(ports::certificate_mark) + base::to_hex(made->fingerprint));
    node_.write_records({ports::DeviceTokenRow{hash, device, clock_.now(), false},
                         act_of(session, "device_certified", "device:" + device, "")},
                        [this, hash, device, given, done](const base::Result<void>& stored) {
                            if (!stored) return done(tl::unexpected(stored.error()));
                            node_.know_token(hash, device);
                            done(given);
                        });
}

}  // namespace shoumen::shell
