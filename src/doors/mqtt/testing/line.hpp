// A session for tests, without its socket.
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include "doors/mqtt/session.hpp"

#include "fake_intake.hpp"

namespace shoumen::doors::mqtt::testing {

// A session as its connection drives it: what is not used up is offered again.
struct Line {
    FakeIntake intake{{"d-1", "d-2"}};
    Common common{intake};
    Session session{common};
    std::string held;
    std::string out;
    Verdict verdict = Verdict::more;

    Verdict send(std::string_view bytes) {
        held += bytes;
        return go_on();
    }
    Verdict go_on() {
        std::string padded = held + std::string(doors::NativeReader::padding, '"');
        const auto consumed = session.consume(std::string_view(padded).substr(0, held.size()), out);
        held.erase(0, consumed.bytes);
        session.acknowledge(intake.committed(), out);
        return verdict = consumed.verdict;
    }
    std::string answers() { return std::exchange(out, {}); }
    void sign_in() {
        std::string packet;
        write_connect(packet, {.level = 4,
                               .clean_session = true,
                               .keep_alive = 30,
                               .client_id = "c",
                               .user = "d-1",
                               .password = "token-d-1"});
        REQUIRE(send(packet) == Verdict::more);
        REQUIRE(answers() == std::string("\x20\2\0\0", 4));
    }
};

}  // namespace shoumen::doors::mqtt::testing
