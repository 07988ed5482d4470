// `masking`: personal data found in free text, scored on cases of known truth, and its speed.
//
// A span counts as found when kind, begin and end are exactly right; so does each span that was marked. The cases are
// lines of {text, spans: [{type, byte_start, byte_end}]}; --cases=FILE, else zh_formats/masking_cases.jsonl of the data
// sets.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "protect/free_text.hpp"

#include "registry.hpp"

namespace shoumen::bench {
namespace {

namespace json = boost::json;
using protect::PersonalKind;
using protect::Span;

struct Case {
    std::string text;
    std::vector<Span> spans;
};

PersonalKind kind_of(std::string_view type) {
    static const std::map<std::string_view, PersonalKind> kinds{{"NAME", PersonalKind::name},
                                                                {"ADDRESS", PersonalKind::address},
                                                                {"BANK_CARD", PersonalKind::bank_card},
                                                                {"USCC", PersonalKind::organisation},
                                                                {"EMAIL", PersonalKind::email},
                                                                {"PASSPORT", PersonalKind::document},
                                                                {"HK_MO_PERMIT", PersonalKind::document},
                                                                {"LANDLINE", PersonalKind::phone}};
    if (type.starts_with("MOBILE")) return PersonalKind::phone;
    if (type.starts_with("ID_CARD")) return PersonalKind::id_number;
    if (type.starts_with("PLATE")) return PersonalKind::plate;
    const auto found = kinds.find(type);
    if (found == kinds.end()) throw std::runtime_error(fmt::format("unknown type {}", type));
    return found->second;
}

std::vector<Case> read_cases(const std::string& path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error(path + " cannot be read: name the cases with --cases=FILE");
    std::vector<Case> cases;
    for (std::string line; std::getline(in, line);) {
        const json::value parsed = json::parse(line);
        Case c{std::string(parsed.at("text").as_string()), {}};
        for (const auto& span : parsed.at("spans").as_array())
            c.spans.push_back({kind_of(span.at("type").as_string()), span.at("byte_start").to_number<std::size_t>(),
                               span.at("byte_end").to_number<std::size_t>()});
        cases.push_back(std::move(c));
    }
    return cases;
}

struct Score {
    std::size_t wanted = 0, marked = 0, right = 0, bytes = 0, bytes_shown = 0;
};

std::size_t shown_of(const Span& wanted, const std::vector<Span>& found) {
    std::size_t hidden = 0;
    for (const Span& f : found) {
        const std::size_t begin = std::max(f.begin, wanted.begin), end = std::min(f.end, wanted.end);
        if (begin < end) hidden += end - begin;
    }
    return wanted.end - wanted.begin - hidden;
}

Score score(const std::vector<Case>& cases, bool show) {
    Score s;
    for (const Case& c : cases) {
        const auto found = protect::find_personal(c.text);
        s.wanted += c.spans.size();
        s.marked += found.size();
        s.bytes += c.text.size();
        std::size_t right = 0;
        for (const Span& wanted : c.spans) {
            right += static_cast<std::size_t>(std::ranges::count(found, wanted));
            s.bytes_shown += shown_of(wanted, found);
        }
        s.right += right;
        if (show && (right != c.spans.size() || right != found.size())) {
            fmt::print(stderr, "{}\n", c.text);
            for (const Span& f : found)
                fmt::print(stderr, "    {} {}\n", protect::word_of(f.kind), c.text.substr(f.begin, f.end - f.begin));
        }
    }
    return s;
}

double bytes_per_second(const std::vector<Case>& cases) {
    using Clock = std::chrono::steady_clock;
    std::size_t bytes = 0, length = 0;
    const auto begin = Clock::now();
    const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    while (elapsed() < 1) {
        for (const Case& c : cases) {
            length += protect::mask_free_text(c.text).size();
            bytes += c.text.size();
        }
    }
    return length == 0 ? 0 : static_cast<double>(bytes) / elapsed();
}

// The slowest of long rows of what begins a finding and is none.
double worst_bytes_per_second() {
    double worst = 1e18;
    for (const std::string_view piece :
         {"1", "12-3-", "@", "a@", "·", "张", "某", "联系人", "京A", "1号楼", "160 ", "老", "微信号是"}) {
        Case row;
        while (row.text.size() < 400'000) row.text += piece;
        const auto begin = std::chrono::steady_clock::now();
        if (protect::mask_free_text(row.text).empty()) return 0;
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        worst = std::min(worst, static_cast<double>(row.text.size()) / took.count());
    }
    return worst;
}

json::object run_masking(Arguments arguments) {
    const char* named = std::getenv("SHOUMEN_DATA_DIR");
    const std::string data = named != nullptr ? named : "../shared/data";
    const std::string path(argument(arguments, "cases", data + "/zh_formats/masking_cases.jsonl"));
    const auto cases = read_cases(path);
    const Score s = score(cases, argument(arguments, "show", "") == "wrong");
    const auto share = [](std::size_t part, std::size_t all) {
        return all == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(all);
    };
    const double recall = share(s.right, s.wanted), precision = share(s.right, s.marked);
    return {
        {"recall", recall},
        {"precision", precision},
        {"bytes_per_s", bytes_per_second(cases)},
        {"bytes_per_s_worst", worst_bytes_per_second()},
        {"cases", cases.size()},
        {"spans", s.wanted},
        {"marked", s.marked},
        {"bytes_left_in_clear", s.bytes_shown},
        {"checks", {{"recall", recall >= 0.995}, {"precision", precision >= 0.98}, {"some_cases", s.wanted > 100}}}};
}

const Registered here({"masking", "personal data in free text: recall, precision (spans), bytes_per_s", run_masking});

}  // namespace
}  // namespace shoumen::bench
