// Results and errors that people can act on.
//
// A function that can fail for a reason outside the program returns Result<T>. Programming mistakes are asserted.
// Error.code is a stable kebab-case word from api/errors.json; Error.message says what is wrong and how to mend it;
// Error.where is "file:line" for text files, a field name for payloads, or empty. No personal data in any of them.
#pragma once
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace shoumen::base {

struct Error {
    std::string code;
    std::string message;
    std::string where;

    bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string code, std::string message, std::string where = {}) {
    return tl::unexpected<Error>(Error{std::move(code), std::move(message), std::move(where)});
}

}  // namespace shoumen::base
