#include "findings.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

namespace shoumen::policy {

namespace {

constexpr std::size_t quoted_length = 40;

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string quote(std::string_view text) {
    std::string out = "'";
    std::size_t characters = 0;
    for (const char c : text) {
        if (!continues_a_character(c) && ++characters > quoted_length) {
            out += "…";
            break;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
    return out + "'";
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    const std::size_t longer = std::max(a.size(), b.size());
    if (longer - std::min(a.size(), b.size()) > limit) return limit + 1;
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        std::size_t least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
            least = std::min(least, row[j]);
        }
        if (least > limit) return limit + 1;
        before = above;
        above.swap(row);
    }
    return std::min(above[b.size()], limit + 1);
}

void sort(std::vector<Finding>& findings) {
    std::vector<std::size_t> order(findings.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return std::tie(findings[a].file, findings[a].line, a) < std::tie(findings[b].file, findings[b].line, b);
    });
    std::vector<Finding> sorted;
    sorted.reserve(findings.size());
    for (const std::size_t i : order) sorted.push_back(std::move(findings[i]));
    findings = std::move(sorted);
}

std::string to_line(const Finding& f) { return fmt::format("{}:{}: {}: {}", f.file, f.line, f.code, f.message); }

void Report::add(std::string_view file, std::uint32_t line, std::string_view code, std::string message) {
    auto at = count_.find(file);
    if (at == count_.end()) at = count_.emplace(file, 0).first;
    if (++at->second > most_of_a_file) return;
    findings_.push_back({std::string(file), line, std::string(code), std::move(message)});
}

std::vector<Finding> Report::take() {
    for (const auto& [file, count] : count_) {
        if (count <= most_of_a_file) continue;
        std::uint32_t last = 1;
        for (const Finding& f : findings_) {
            if (f.file == file) last = std::max(last, f.line);
        }
        findings_.push_back(
            {file, last, "more-findings",
             fmt::format("{} more findings in this file are left out: mend these first", count - most_of_a_file)});
    }
    count_.clear();
    sort(findings_);
    return std::move(findings_);
}

}  // namespace shoumen::policy
