#include "other_servers.hpp"

#include <filesystem>

#include "store/files/posix.hpp"

namespace shoumen::app {
namespace {

namespace fs = std::filesystem;

base::Result<std::string> secret_in(const std::string& file) {
    auto text = store::posix_files().read(file);
    if (!text) return base::fail("key-file-refused", "the file is not there, or cannot be read", file);
    std::error_code ignored;
    if ((fs::status(file, ignored).permissions() & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
        return base::fail("key-file-refused", "others can read or change it; give it to its owner alone (chmod 600)",
                          file);
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r' || text->back() == ' ')) text->pop_back();
    constexpr std::size_t longest = 4'096;
    if (text->empty() || text->size() > longest || text->find('\n') != std::string::npos)
        return base::fail("key-file-refused", "the file holds one line, the secret", file);
    return text;
}

}  // namespace

base::Result<OtherServers> other_servers(const ServeOptions& options, std::function<base::Time()> now,
                                         std::function<void(std::function<void()>)> post) {
    OtherServers out;
    const auto named = [](const char* option, base::Error e) {
        if (e.where.empty()) e.where = option;
        return tl::unexpected(std::move(e));
    };
    if (!options.sms_gateway.empty()) {
        auto url = parse_url(options.sms_gateway);
        if (!url) return named("--sms-gateway", url.error());
        std::string secret;
        if (!options.sms_secret_file.empty()) {
            auto read = secret_in(options.sms_secret_file);
            if (!read) return named("--sms-secret-file", read.error());
            secret = std::move(*read);
        }
        out.texts = std::make_unique<TextGateway>(std::move(*url), std::move(secret), options.outgoing_ca, post);
    }
    if (!options.oidc_issuer.empty()) {
        if (auto url = parse_url(options.oidc_issuer); !url) return named("--oidc-issuer", url.error());
        if (auto url = parse_url(options.oidc_redirect); !url) return named("--oidc-redirect", url.error());
        auto secret = secret_in(options.oidc_secret_file);
        if (!secret) return named("--oidc-secret-file", secret.error());
        out.sign_on =
            std::make_unique<SingleSignOn>(SignOnOptions{options.oidc_issuer, options.oidc_client, std::move(*secret),
                                                         options.oidc_redirect, "openid profile", options.outgoing_ca},
                                           std::move(now), post);
    }
    return out;
}

}  // namespace shoumen::app
