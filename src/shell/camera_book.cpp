#include "shell/camera_book.hpp"

#include <fmt/core.h>

#include "model/national.hpp"
#include "protect/password.hpp"

namespace shoumen::shell {
namespace {

std::string password_key(std::string_view device) { return fmt::format("camera/{}/password", device); }
std::string key_of(std::string_view national, std::string_view what) {
    return fmt::format("camera/{}/{}", national, what);
}
std::string owner_of(std::string_view device) { return fmt::format("device/{}", device); }

base::Result<std::optional<std::string>> opened_of(ports::StoreReader& reader, protect::Vault& vault,
                                                   const std::string& key) {
    const auto row = reader.meta(key);
    if (!row) return tl::unexpected(row.error());
    if (!*row || (*row)->empty()) return std::optional<std::string>{};
    auto text = vault.open(key, **row);
    if (!text) return tl::unexpected(text.error());
    return std::optional(std::move(*text));
}

}  // namespace

base::Result<std::optional<ports::MetaPut>> camera_password(protect::Vault* vault, const model::Policy& policy,
                                                            std::string_view device, std::string_view token) {
    if (vault == nullptr || model::national_code_of(policy, device).empty()) return std::optional<ports::MetaPut>{};
    ports::MetaPut row{password_key(device), {}};
    if (token.empty()) return std::optional(std::move(row));
    auto sealed = vault->seal(owner_of(device), row.key, token);
    if (!sealed) return tl::unexpected(sealed.error());
    row.value = std::move(*sealed);
    return std::optional(std::move(row));
}

std::string new_token_for(const model::Policy& policy, std::string_view device) {
    return model::national_code_of(policy, device).empty() ? protect::new_token() : protect::new_device_password();
}

base::Result<void> CameraBook::start() {
    auto reader = node_.reader();
    if (!reader) return tl::unexpected(reader.error());
    reader_ = std::move(*reader);
    return {};
}

std::optional<std::string> CameraBook::opened(const std::string& key) {
    if (!reader_ || node_.vault() == nullptr) return {};
    auto text = opened_of(*reader_, *node_.vault(), key);
    return text ? std::move(*text) : std::nullopt;
}

std::optional<std::string> CameraBook::password(std::string_view device) { return opened(password_key(device)); }

std::optional<std::string> CameraBook::kept(std::string_view national, std::string_view what) {
    return opened(key_of(national, what));
}

void CameraBook::keep(std::string_view national, std::string_view what, std::string text, std::function<void()> done) {
    ports::MetaPut row{key_of(national, what), {}};
    if (!text.empty()) {
        if (node_.vault() == nullptr) return;
        auto sealed = node_.vault()->seal(owner_of(national), row.key, text);
        if (!sealed) return;  // the device will send again
        row.value = std::move(*sealed);
    }
    node_.write_records({std::move(row)}, [done = std::move(done)](const base::Result<void>& stored) {
        if (stored) done();
    });
}

}  // namespace shoumen::shell
