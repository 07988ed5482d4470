#include "telling.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace shoumen::doors {

namespace dom = simdjson::dom;
using base::Error;
using base::fail;

namespace {

constexpr auto plain_characters = [] {
    std::array<bool, 256> out{};
    for (int c = 'a'; c <= 'z'; ++c) out[static_cast<std::size_t>(c)] = true;
    for (int c = 'A'; c <= 'Z'; ++c) out[static_cast<std::size_t>(c)] = true;
    for (int c = '0'; c <= '9'; ++c) out[static_cast<std::size_t>(c)] = true;
    out['.'] = out['_'] = out['-'] = true;
    return out;
}();

}  // namespace

bool is_plain_word(std::string_view name) {
    return !name.empty() && name.size() <= 64 &&
           std::ranges::all_of(name, [](char c) { return plain_characters[static_cast<unsigned char>(c)]; });
}

std::string printable(std::string_view name, std::string_view otherwise) {
    return std::string(is_plain_word(name) ? name : otherwise);
}

tl::unexpected<Error> too_large(std::size_t size, std::size_t most) {
    return fail("too-large",
                fmt::format("the payload has {} bytes; at most {} are read: send less in one message", size, most));
}

tl::unexpected<Error> too_deep() {
    return fail("bad-json", fmt::format("brackets lie more than {} deep: send a flat object", deepest));
}

tl::unexpected<Error> wrong_type(std::string_view field, const char* wanted) {
    return fail("wrong-type", fmt::format("this field must be {}", wanted), std::string(field));
}

tl::unexpected<Error> missing(const char* field, const char* mend) { return fail("missing-field", mend, field); }

tl::unexpected<Error> doubled(std::string_view name, std::string_view otherwise) {
    return fail("doubled-key", "a name stands twice in one object: send it once", printable(name, otherwise));
}

tl::unexpected<Error> told(const Diagnosis& diagnosis, std::size_t shift) {
    const auto at = diagnosis.at + shift;
    const auto where = printable(diagnosis.field);
    switch (diagnosis.what) {
        case Diagnosis::What::not_utf8:
            return fail("bad-utf8", fmt::format("byte {} is not UTF-8 (GBK perhaps): send UTF-8", at), where);
        case Diagnosis::What::not_a_number:
            return fail("bad-number",
                        fmt::format("what stands at byte {} is no JSON number: send a finite number, or null", at),
                        where);
        case Diagnosis::What::out_of_range:
            return fail("bad-number",
                        fmt::format("the number at byte {} is too large: send a finite number, or null", at), where);
        default:
            return fail("bad-json", fmt::format("at byte {}: {}: send one JSON object", at, diagnosis.reason), where);
    }
}

bool take_value(dom::element value, model::FlatValue& out) {
    switch (value.type()) {
        case dom::element_type::BOOL:
            out.value = value.get_bool().value_unsafe();
            return true;
        case dom::element_type::DOUBLE:
            out.value = value.get_double().value_unsafe();
            return true;
        case dom::element_type::INT64:
            out.value = static_cast<double>(value.get_int64().value_unsafe());
            return true;
        case dom::element_type::UINT64:
            out.value = static_cast<double>(value.get_uint64().value_unsafe());
            return true;
        case dom::element_type::STRING:
            out.value = value.get_string().value_unsafe();
            return true;
        case dom::element_type::NULL_VALUE:
            out.value = std::monostate{};
            return true;
        default:
            return false;
    }
}

}  // namespace shoumen::doors
