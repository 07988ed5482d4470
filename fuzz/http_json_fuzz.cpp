// Any bytes as a request's target, body or credentials: no crash, no error text that repeats them, and whatever goes
// out is JSON. The first byte of an input says what the rest is.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "../src/doors/http/gate.hpp"
#include "../src/doors/http/json_writer.hpp"
#include "../src/doors/http/parse.hpp"
#include "../src/doors/http/routes.hpp"

using namespace shoumen;
using namespace shoumen::doors::http;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

const model::Policy& small_policy() {
    static const model::Policy policy = [] {
        model::Policy p;
        p.places.push_back({.code = "b1"});
        p.bodies.push_back({.code = "pm"});
        p.incident_kinds.push_back({.code = "fire"});
        p.index();
        return p;
    }();
    return policy;
}

template <class T>
void check(const base::Result<T>& result) {
    if (result) return;
    expect(!result.error().code.empty() && !result.error().message.empty());
    for (const char c : result.error().message) expect(c >= ' ' && c < 0x7f);
}

void check_target(std::string_view text) {
    const auto target = parse_target(text);
    if (!target) return;
    check(parse_incident_query(*target));
    check(parse_quarantine_query(*target));
    const auto found = match("GET", *target);
    for (const auto& param : found.params) {
        check(parse_id(param, "id"));
        check(parse_sha256(param));
    }
}

void check_credentials(std::string_view text) {
    const std::string value(text);
    Head head{.method = "POST",
              .authorization = value,
              .host = value,
              .origin = value,
              .subprotocols = value,
              .wants_websocket = true};
    for (int i = 0; i < 2; ++i) {
        const auto credentials = credentials_of(head);
        expect((credentials.source == Credentials::Source::none) == credentials.token.empty());
        head.cookie = std::exchange(head.authorization, "");
    }
    const std::string chosen = chosen_subprotocol(head);
    expect(chosen.empty() || value.find(chosen) != std::string::npos);
    is_foreign_origin(head);
    media_type_of(value);
}

void check_output(std::string_view text) {
    std::string out;
    append_json_text(out, text);
    boost::system::error_code ec;
    expect(boost::json::parse(out, ec).is_string() && !ec);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    check_output(text);
    switch (data[0]) {
        case 't':
            check_target(text);
            break;
        case 'c':
            check_credentials(text);
            break;
        case 's':
            check(parse_sign_in(text));
            break;
        case 'p':
            check(parse_password_change(text));
            break;
        case 'n':
            check(parse_new_account(text, small_policy()));
            break;
        case 'r':
            check(parse_report(text, small_policy()));
            break;
        case 'm':
            check(parse_action("merge", text, small_policy()));
            break;
        case 'x':
            check(parse_action("transfer", text, small_policy()));
            break;
        default:
            check(parse_action(text, text, small_policy()));
            break;
    }
    return 0;
}
