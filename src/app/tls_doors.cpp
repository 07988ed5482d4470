#include "tls_doors.hpp"

#include <array>
#include <filesystem>
#include <optional>

#include <fmt/core.h>
#include <unistd.h>

#include "doors/http/server.hpp"
#include "doors/mqtt/listener.hpp"
#include "doors/tls/terminator.hpp"
#include "protect/certificates.hpp"

namespace shoumen::app {
namespace {

using doors::tls::ClientCertificate;
using doors::tls::Terminator;

constexpr std::int64_t warned_when_left = 14;  // days of a certificate that is not ours to renew

std::vector<std::string> names_of(const ServeOptions& options) {
    if (!options.tls_names.empty()) return options.tls_names;
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') return {"localhost", "127.0.0.1"};
    return {host.data(), "localhost", "127.0.0.1"};
}

}  // namespace

struct TlsDoors::Impl {
    ports::Log log;
    const ports::Clock* clock = nullptr;
    std::vector<std::string> names;
    std::optional<protect::CertificateAuthority> authority;
    bool own = true;  // certificate of the node's own authority
    std::string certificate, key;
    std::filesystem::file_time_type as_of;
    std::unique_ptr<Terminator> https, mqtts;
    std::string https_address, mqtts_address;
    bool warned = false;

    base::Result<void> add(boost::asio::io_context& io, const std::string& at, const char* option,
                           ClientCertificate client, std::string protocol, std::unique_ptr<Terminator>& door,
                           std::string& address, Terminator::Take take) const {
        const auto endpoint = parse_endpoint(at);
        if (!endpoint) return base::fail("bad-endpoint", "write it as 127.0.0.1:8443", option);
        doors::tls::Options options;
        options.address = address = endpoint->address;
        options.port = endpoint->port;
        options.certificate_file = certificate;
        options.key_file = key;
        options.authority_file = authority->authority_file();
        options.client = client;
        options.protocol = std::move(protocol);
        door = std::make_unique<Terminator>(io, std::move(options), std::move(take));
        return door->start();
    }

    void note_files() {
        std::error_code ec;
        as_of = std::filesystem::last_write_time(certificate, ec);
    }

    bool reload() {
        for (const auto* door : {&https, &mqtts}) {
            if (!*door) continue;
            if (const auto done = (*door)->reload(); !done) {
                log({ports::LogLevel::error,
                     "certificate_refused",
                     done.error().message,
                     {{"file", done.error().where}}});
                return false;
            }
        }
        log({ports::LogLevel::info, "certificate_taken", "new connections are shown another certificate", {}});
        return true;
    }
};

TlsDoors::TlsDoors(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsDoors::~TlsDoors() { stop(); }

base::Result<std::unique_ptr<TlsDoors>> TlsDoors::open(boost::asio::io_context& io, const ServeOptions& options,
                                                       const std::string& community, const ports::Clock& clock,
                                                       const ports::Log& log, doors::http::Server& http,
                                                       doors::mqtt::Listener& mqtt) {
    auto impl = std::make_unique<Impl>();
    impl->log = log;
    impl->clock = &clock;
    if (options.https.empty() && options.mqtts.empty()) return std::unique_ptr<TlsDoors>(new TlsDoors(std::move(impl)));
    const std::string directory = options.place.data + "/keys/tls";
    auto authority = protect::CertificateAuthority::open(directory, community, clock.now());
    if (!authority) return tl::unexpected(authority.error());
    impl->authority.emplace(std::move(*authority));
    impl->own = options.tls_certificate.empty();
    if (impl->own) {
        impl->names = names_of(options);
        if (const auto done = impl->authority->renew_node(impl->names, clock.now()); !done)
            return tl::unexpected(done.error());
        impl->certificate = impl->authority->node_certificate_file();
        impl->key = impl->authority->node_key_file();
    } else {
        impl->certificate = options.tls_certificate;
        impl->key = options.tls_key;
    }
    impl->note_files();
    if (!options.https.empty()) {
        auto done = impl->add(io, options.https, "--https", ClientCertificate::none, "http/1.1", impl->https,
                              impl->https_address, [&http](int descriptor, const doors::tls::Peer& peer) {
                                  http.take(descriptor, peer.address, peer.fingerprint);
                              });
        if (!done) return tl::unexpected(done.error());
    }
    if (!options.mqtts.empty()) {
        const auto client =
            options.device_certificates == "required" ? ClientCertificate::required : ClientCertificate::optional;
        auto done = impl->add(
            io, options.mqtts, "--mqtts", client, "mqtt", impl->mqtts, impl->mqtts_address,
            [&mqtt](int descriptor, const doors::tls::Peer& peer) { mqtt.take(descriptor, peer.fingerprint); });
        if (!done) return tl::unexpected(done.error());
    }
    return std::unique_ptr<TlsDoors>(new TlsDoors(std::move(impl)));
}

protect::CertificateAuthority* TlsDoors::authority() { return impl_->authority ? &*impl_->authority : nullptr; }

void TlsDoors::look_after() {
    Impl& i = *impl_;
    if (!i.authority) return;
    if (i.own) {
        const auto renewed = i.authority->renew_node(i.names, i.clock->now());
        if (!renewed)
            i.log({ports::LogLevel::error,
                   "certificate_not_renewed",
                   renewed.error().message,
                   {{"file", renewed.error().where}}});
        if (!renewed || !*renewed) return;
        i.note_files();
        i.reload();
        return;
    }
    std::error_code ec;
    const auto changed = std::filesystem::last_write_time(i.certificate, ec);
    // A pair of which one half is written only is tried again.
    if (!ec && changed != i.as_of && i.reload()) {
        i.as_of = changed;
        i.warned = false;
    }
    const auto left = protect::days_left(i.certificate, i.clock->now());
    if (i.warned || !left || *left > warned_when_left) return;
    i.warned = true;
    i.log({ports::LogLevel::warning,
           "certificate_ends",
           "put a new certificate in place of the old: it is taken without a restart",
           {{"file", i.certificate}, {"days_left", *left}}});
}

std::string TlsDoors::where() const {
    std::string out;
    if (impl_->https) out += fmt::format(" https {}:{}", impl_->https_address, impl_->https->port());
    if (impl_->mqtts) out += fmt::format(" mqtts {}:{}", impl_->mqtts_address, impl_->mqtts->port());
    return out;
}

void TlsDoors::stop() {
    if (impl_->https) impl_->https->stop();
    if (impl_->mqtts) impl_->mqtts->stop();
}

}  // namespace shoumen::app
