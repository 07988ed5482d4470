// Any bytes as something sealed, a wrapped key: no crash, and nothing opens that was not
// sealed here. The first byte says what the rest is: s sealed, w wrapped key; anything else: changes to what was
// sealed.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <unistd.h>

#include "protect/keys.hpp"

using namespace shoumen;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

// One ring for the whole run; its file goes at once.
protect::KeyRing& ring() {
    static protect::KeyRing one = [] {
        const auto path = std::filesystem::temp_directory_path() / ("shoumen-fuzz-keys-" + std::to_string(::getpid()));
        auto holder = protect::create_key_file(path, protect::Suite::aes_gcm);
        std::filesystem::remove(path);
        expect(holder.has_value());
        return protect::KeyRing(std::move(*holder));
    }();
    return one;
}

const protect::KeyRing::New& person() {
    static const protect::KeyRing::New one = [] {
        auto made = ring().make("person/1");
        expect(made.has_value());
        return std::move(*made);
    }();
    return one;
}

// By each suite, and a wrapped key.
const std::array<std::string, 3>& sealed_here() {
    static const std::array<std::string, 3> all = {
        protect::seal(person().key, protect::Suite::aes_gcm, "phone", "16099980901").value(),
        protect::seal(person().key, protect::Suite::sm4_sm3, "phone", "16099980901").value(), person().wrapped};
    return all;
}

// The fuzzer sees what is compared with what, and may hand in the very bytes that were sealed.
bool is_of(std::string_view bytes, std::size_t first, std::size_t last) {
    const auto& all = sealed_here();
    return std::any_of(all.begin() + first, all.begin() + last, [&](const auto& one) { return one == bytes; });
}

// Each byte of the input is laid over one of what was sealed; it opens only where nothing changed.
void bend(std::string_view input) {
    const auto& sealed = sealed_here();
    const std::size_t which = static_cast<std::uint8_t>(input.front()) % 3;
    std::string bent = sealed[which];
    for (std::size_t i = 1; i < input.size() && i <= bent.size(); ++i)
        bent[i - 1] = static_cast<char>(bent[i - 1] ^ input[i]);
    if (input.size() - 1 > bent.size()) bent.append(input.substr(bent.size() + 1));
    const bool same = bent == sealed[which];
    expect((which == 2 ? ring().unwrap("person/1", bent).has_value()
                       : protect::open(person().key, "phone", bent).has_value()) == same);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (input.empty()) return 0;
    if (input.front() == 's')
        expect(protect::open(person().key, "phone", input.substr(1)).has_value() == is_of(input.substr(1), 0, 2));
    else if (input.front() == 'w')
        expect(ring().unwrap("person/1", input.substr(1)).has_value() == is_of(input.substr(1), 2, 3));
    else
        bend(input);
    return 0;
}
