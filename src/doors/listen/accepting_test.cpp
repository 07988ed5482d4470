#include "doors/listen/accepting.hpp"

#include <chrono>
#include <vector>

#include <boost/asio/connect.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "doors/listen/listen.hpp"

using namespace shoumen::doors;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// No file can be opened any more, until it goes.
class NoHandles {
public:
    NoHandles() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::close(next);
        auto none = before_;
        none.rlim_cur = static_cast<rlim_t>(next);
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoHandles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoHandles(const NoHandles&) = delete;
    NoHandles& operator=(const NoHandles&) = delete;

private:
    rlimit before_{};
};

struct Door {
    asio::io_context io;
    tcp::acceptor acceptor{io};
    std::vector<tcp::socket> taken;
    std::vector<std::string> told;
    Accepting accepting{io,
                        acceptor,
                        {[this](tcp::socket socket) { taken.push_back(std::move(socket)); },
                         [this](const std::string& why) { told.push_back(why); }}};

    Door() {
        REQUIRE(listen_on(acceptor, "127.0.0.1", 0));
        acceptor.non_blocking(true);
        accepting.start();
    }
    template <class Until>
    void run(Until until) {
        io.restart();
        for (int i = 0; i < 100 && !until(); ++i) io.run_one_for(std::chrono::milliseconds(100));
    }
};

// UBSan looks at an object's table through a pipe: with no handle left it takes a sound object for a broken one.
#ifdef __clang__
constexpr bool checker_needs_handles = __has_feature(undefined_behavior_sanitizer);
#else
constexpr bool checker_needs_handles = false;
#endif

}  // namespace

TEST_CASE("out of file handles a door waits, does not spin, and takes those who waited when there are some again" *
          doctest::skip(checker_needs_handles)) {
    Door door;
    std::vector<tcp::socket> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back(door.io).open(tcp::v4());
        clients.back().connect(door.acceptor.local_endpoint());
    }
    int handlers = 0;
    {
        const NoHandles none;
        door.run([&] {
            ++handlers;
            return door.told.size() >= 2;
        });
    }
    CHECK(door.taken.empty());
    CHECK(door.told.size() == 2);
    CHECK(handlers < 40);
    CHECK(door.told[0].find("ulimit -n") != std::string::npos);
    door.run([&] { return door.taken.size() == clients.size(); });
    CHECK(door.taken.size() == clients.size());
}

TEST_CASE("after the stop nobody is taken") {
    Door door;
    door.accepting.stop();
    tcp::socket client(door.io);
    client.connect(door.acceptor.local_endpoint());
    door.run([&] { return !door.taken.empty(); });
    CHECK(door.taken.empty());
}
