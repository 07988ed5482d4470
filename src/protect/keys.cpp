#include "protect/keys.hpp"

#include "ciphers.hpp"

namespace shoumen::protect {
namespace {

// A wrapped key: 'W', 1, number and mark of the master key (big-endian), then what the holder made.
constexpr std::string_view head = "W\x01";
constexpr std::size_t head_size = 2 + 4 + 8;

void put(std::string& out, std::uint64_t v, int bytes) {
    while (bytes-- > 0) out.push_back(static_cast<char>((v >> (8 * bytes)) & 0xffU));
}

std::uint64_t get(std::string_view in) {
    std::uint64_t v = 0;
    for (const char c : in) v = (v << 8U) | static_cast<std::uint8_t>(c);
    return v;
}

}  // namespace

base::Result<KeyId> wrapped_by(std::string_view wrapped) {
    if (wrapped.size() <= head_size || !wrapped.starts_with(head))
        return base::fail("sealed-unreadable", "this is no wrapped key: it was changed or destroyed");
    return KeyId{static_cast<std::uint32_t>(get(wrapped.substr(2, 4))), get(wrapped.substr(6, 8))};
}

base::Result<WrappedKey> KeyRing::wrap(std::string_view owner, const Secret& secret) {
    const KeyId id = current();
    auto made = holder_->wrap(id, owner, secret);
    if (!made) return tl::unexpected(std::move(made.error()));
    WrappedKey out(head);
    put(out, id.number, 4);
    put(out, id.mark, 8);
    return out.append(*made);
}

base::Result<Secret> KeyRing::unwrap_secret(std::string_view owner, std::string_view wrapped) {
    const auto id = wrapped_by(wrapped);
    if (!id) return tl::unexpected(id.error());
    return holder_->unwrap(*id, owner, wrapped.substr(head_size));
}

base::Result<KeyRing::New> KeyRing::make(std::string_view owner) {
    auto key = DataKey::random();
    if (!key) return tl::unexpected(std::move(key.error()));
    auto wrapped = wrap(owner, SecretAccess::secret(*key));
    if (!wrapped) return tl::unexpected(std::move(wrapped.error()));
    return New{std::move(*key), std::move(*wrapped)};
}

base::Result<DataKey> KeyRing::unwrap(std::string_view owner, std::string_view wrapped) {
    auto secret = unwrap_secret(owner, wrapped);
    if (!secret) return tl::unexpected(std::move(secret.error()));
    return DataKey::of(std::move(*secret));
}

base::Result<WrappedKey> KeyRing::rewrap(std::string_view owner, std::string_view wrapped) {
    const auto secret = unwrap_secret(owner, wrapped);
    if (!secret) return tl::unexpected(secret.error());
    return wrap(owner, *secret);
}

}  // namespace shoumen::protect
