// Any bytes as what somebody shows to get in: who a request comes from, a code by time, a recovery code, a network. No
// crash, and no code that is good twice. The first byte says what the rest is.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../src/doors/http/gate.hpp"
#include "protect/password.hpp"
#include "protect/totp.hpp"
#include "shell/account_book.hpp"

using namespace shoumen;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

const std::string secret = "12345678901234567890";
constexpr std::uint64_t step = 37'037'037;
const base::Time now{static_cast<std::int64_t>(step) * 30'000'000};

void try_caller(std::string_view text) {
    doors::http::Head head;
    const auto cut = text.find('\n');
    head.user_agent = text.substr(0, cut);
    head.forwarded_for = cut == std::string_view::npos ? "" : text.substr(cut + 1);
    head.cookie = head.authorization = head.subprotocols = text;
    for (const char* address : {"127.0.0.1", "203.0.113.9", ""}) {
        head.address = address;
        const auto caller = doors::http::caller_of(head);
        expect(caller.address.size() <= 64 && caller.agent.size() <= 64);
        if (head.address != "127.0.0.1") expect(caller.address == head.address);
    }
    for (const bool tls : {false, true}) {
        head.forwarded_https = tls;
        expect(doors::http::credentials_of(head).token.size() <= 512);
    }
}

void try_code(std::string_view code) {
    const auto found = protect::totp_step_of(secret, code, now, 0);
    if (!found) return;
    expect(*found + 1 >= step && *found <= step + 1);
    expect(!protect::totp_step_of(secret, code, now, *found));
}

void try_recovery(std::string_view code) {
    static const std::string hashes = protect::hashes_of({"abcde-fghjk", "mnpqr-stuvw"});
    const auto left = protect::without_code(hashes, code);
    if (left) expect(left->size() + 32 == hashes.size() && !protect::without_code(*left, code));
    (void)protect::without_code(code, code);  // hashes that are none
}

void try_network(std::string_view text) {
    const auto cut = text.find('\n');
    const auto network = text.substr(0, cut);
    const auto address = cut == std::string_view::npos ? std::string_view("10.1.2.3") : text.substr(cut + 1);
    if (shell::network_holds(network, address)) expect(shell::is_network(network));
    expect(!shell::network_holds(network, ""));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool ready = protect::start_crypto();
    if (!ready || size == 0) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0]) {
        case 'c':
            try_code(rest);
            break;
        case 'r':
            try_recovery(rest);
            break;
        case 'n':
            try_network(rest);
            break;
        default:
            try_caller(rest);
    }
    return 0;
}
