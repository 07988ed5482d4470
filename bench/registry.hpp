// The measurements by name. Each stands in a file of its own and registers itself:
//
//     const Registered here({"loop", "signals through the core", run_loop});
//
// A measurement returns one JSON object with its figures. If it has `checks`, an object of booleans, each says whether
// the measurement did what it claims to have done; one that is false makes the program fail. The program adds `bench`
// and `machine`.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace shoumen::bench {

using Arguments = std::span<const std::string_view>;

struct Measurement {
    std::string_view name;
    std::string_view what;  // one line of help
    boost::json::object (*run)(Arguments arguments) = nullptr;
};

inline std::vector<Measurement>& measurements() {
    static std::vector<Measurement> all;
    return all;
}

struct Registered {
    explicit Registered(const Measurement& m) { measurements().push_back(m); }
};

// The value of `--name=value`; `otherwise` where it is not given.
inline std::string_view argument(Arguments arguments, std::string_view name, std::string_view otherwise) {
    for (std::string_view a : arguments) {
        if (a.starts_with("--") && a.substr(2).starts_with(name) && a.substr(2 + name.size()).starts_with('='))
            return a.substr(3 + name.size());
    }
    return otherwise;
}

}  // namespace shoumen::bench
