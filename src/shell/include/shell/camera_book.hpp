// What the store keeps for the SIP door (ports/camera_book.hpp), sealed with a key of the device's own: the token last
// given to it, in clear inside the seal, because a digest cannot be checked against a hash; that it is registered.
// Rows of meta, by "camera/…". The io thread.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ports/camera_book.hpp"
#include "ports/store.hpp"
#include "protect/vault.hpp"
#include "shell/node.hpp"

namespace shoumen::shell {

// What has to be kept beside a token that was given to a device with a national code; nothing for any other, and
// nothing where nothing is sealed. Empty token: it has none any more.
base::Result<std::optional<ports::MetaPut>> camera_password(protect::Vault* vault, const model::Policy& policy,
                                                            std::string_view device, std::string_view token);

// A token for the device: short enough for a camera's page where it has a national code.
std::string new_token_for(const model::Policy& policy, std::string_view device);

class CameraBook final : public ports::CameraBook {
public:
    explicit CameraBook(Node& node) : node_(node) {}
    base::Result<void> start();

    std::optional<std::string> password(std::string_view device) override;
    std::optional<std::string> kept(std::string_view national, std::string_view what) override;
    void keep(std::string_view national, std::string_view what, std::string text, std::function<void()> done) override;

private:
    std::optional<std::string> opened(const std::string& key);

    Node& node_;
    std::unique_ptr<ports::StoreReader> reader_;
};

}  // namespace shoumen::shell
