#include "base/exposition.hpp"

#include <doctest/doctest.h>

using namespace shoumen::base;

TEST_CASE("exposition: labels are escaped, a histogram counts up") {
    Exposition out;
    out.family("a_total", "counter", "What");
    out.sample({{"x", "q\"\\\n"}, {"y", "z"}}, std::uint64_t{3});
    Histogram h({0.5, 1});
    h.add(0.5);
    h.add(0.7);
    h.add(9);
    out.histogram("h", "How long", h);
    CHECK(
        out.take() ==
        "# HELP a_total What\n# TYPE a_total counter\na_total{x=\"q\\\"\\\\\\n\",y=\"z\"} 3\n"
        "# HELP h How long\n# TYPE h histogram\nh_bucket{le=\"0.5\"} 1\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 3\n"
        "h_sum 10.2\nh_count 3\n");
}
