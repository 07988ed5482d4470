// Every *.scenario below tests/scenarios is a test case of its own, found when the program starts.
#include <deque>
#include <string>

#include <doctest/doctest.h>

#include "files.hpp"

namespace {

using namespace shoumen::scenarios;

const std::deque<ScenarioFile>& files() {
    static const std::deque<ScenarioFile> found = [] {
        auto list = scenario_files(SHOUMEN_SOURCE_DIR "/tests/scenarios");
        return std::deque<ScenarioFile>(std::make_move_iterator(list.begin()), std::make_move_iterator(list.end()));
    }();
    return found;
}

const Communities& communities() {
    static const Communities source = source_communities();
    return source;
}

// doctest's test functions have no parameter: which scenario it is stands in the number of the test that runs.
void play_current() {
    const auto number = static_cast<std::size_t>(doctest::getContextOptions()->currentTest->m_line);
    const ScenarioFile& file = files().at(number - 1);
    const auto broken = play(file.text, communities());
    CHECK(true);  // counted, so that no story looks empty
    if (!broken) return;
    const std::string message = file.name + ":" + std::to_string(broken->line) + ": " + broken->message;
    DOCTEST_ADD_FAIL_AT(file.path.c_str(), static_cast<int>(broken->line), message);
}

const int registered = [] {
    static std::deque<std::string> names;
    for (std::size_t i = 0; i < files().size(); ++i) {
        const ScenarioFile& file = files()[i];
        const std::string title = title_of(file.text);
        names.push_back(file.name + ": " + (title.empty() ? "(no title)" : title));
        const auto number = static_cast<unsigned>(i + 1);
        doctest::detail::regTest(doctest::detail::TestCase(play_current, file.path.c_str(), number,
                                                           doctest_detail_test_suite_ns::getCurrentTestSuite()) *
                                 names.back().c_str());
    }
    return static_cast<int>(files().size());
}();

}  // namespace

TEST_CASE("there are scenarios") { CHECK(registered > 0); }
