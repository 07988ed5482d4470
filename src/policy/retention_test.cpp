#include "mini_test.hpp"

using namespace shoumen;
using namespace shoumen::policy;

namespace {

Files with(std::string text) {
    Files files = mini();
    files["retention.yaml"] = std::move(text);
    return files;
}

std::vector<std::string> told(const Files& files) {
    std::vector<std::string> lines;
    for (const auto& f : compile(files, nullptr, 1).findings)
        lines.push_back(f.file + ":" + std::to_string(f.line) + ": " + f.code);
    return lines;
}

}  // namespace

TEST_CASE("without retention.yaml signals are kept for 30 days") {
    const auto compiled = compile(mini(), nullptr, 1);
    REQUIRE(compiled.policy);
    CHECK(compiled.policy->retention == model::Retention{});
    CHECK(compiled.policy->retention.of(model::Kept::signals) == base::days(30));
}

TEST_CASE("a span that is named counts, the others stay, and the row of the policy keeps it") {
    const auto compiled = compile(with("retention:\n  signals: 7d\n  pictures: 90d\n"), nullptr, 1);
    REQUIRE(compiled.policy);
    const auto& kept = compiled.policy->retention;
    CHECK(kept.of(model::Kept::signals) == base::days(7));
    CHECK(kept.of(model::Kept::refused) == base::days(30));
    CHECK(kept.of(model::Kept::pictures) == base::days(90));
    base::ByteWriter out;
    encode(*compiled.policy, out);
    const auto again = model::decode_policy(out.view());
    REQUIRE(again);
    CHECK(again->retention == kept);
}

TEST_CASE("what cannot be meant is told with its line") {
    using Lines = std::vector<std::string>;
    CHECK(told(with("retention:\n  signals: 1d\n")) == Lines{"retention.yaml:2: out-of-range"});
    CHECK(told(with("retention:\n  signals: 30\n")) == Lines{"retention.yaml:2: bad-duration"});
    CHECK(told(with("retention:\n  signal: 30d\n")) == Lines{"retention.yaml:2: unknown-key"});
    CHECK(told(with("keep:\n  signals: 30d\n")).size() == 2);
    CHECK(told(with("retention: 30d\n")).size() == 1);
}
