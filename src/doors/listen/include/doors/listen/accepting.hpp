// Takes the connections that come to an acceptor, some at once. Where the program is out of file handles it says so and
// waits a second: what waits in the system's queue is still there then, and going on at once would only spin.
//
// One thread: that of the io_context. The acceptor outlives stop(); after it nothing is called any more.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace shoumen::doors {

class Accepting {
public:
    using Socket = boost::asio::ip::tcp::socket;
    using Acceptor = boost::asio::ip::tcp::acceptor;
    struct Hands {
        std::function<void(Socket)> take;
        std::function<void(const std::string& why)> out_of_handles;
    };

    Accepting(boost::asio::io_context& io, Acceptor& acceptor, Hands hands)
        : state_(std::make_shared<State>(io, acceptor, std::move(hands))) {}
    ~Accepting() { stop(); }
    Accepting(const Accepting&) = delete;
    Accepting& operator=(const Accepting&) = delete;

    // Of an acceptor that listens and does not block.
    void start() {
        state_->running = true;
        wait(state_);
    }
    void stop() {
        state_->running = false;
        state_->pause.cancel();
    }

private:
    static constexpr unsigned at_once = 256;
    struct State {
        State(boost::asio::io_context& io, Acceptor& from, Hands with)
            : acceptor(from), pause(io), hands(std::move(with)) {}
        Acceptor& acceptor;
        boost::asio::steady_timer pause;
        Hands hands;
        bool running = false;
    };
    using StatePtr = std::shared_ptr<State>;

    static bool is_out_of_handles(const boost::system::error_code& ec) {
        namespace errc = boost::system::errc;
        return ec == errc::too_many_files_open || ec == errc::too_many_files_open_in_system ||
               ec == errc::no_buffer_space || ec == errc::not_enough_memory;
    }

    static void wait(const StatePtr& s) {
        s->acceptor.async_wait(Acceptor::wait_read, [s](boost::system::error_code ec) {
            if (!s->running) return;
            if (!ec) ec = take_waiting(*s);
            if (!s->running) return;
            if (!ec) return wait(s);
            s->pause.expires_after(std::chrono::seconds(1));
            s->pause.async_wait([s](const boost::system::error_code& stopped) {
                if (!stopped && s->running) wait(s);
            });
        });
    }

    // Why no more can be taken for now; none: the queue is empty, or enough were taken at once.
    static boost::system::error_code take_waiting(State& s) {
        for (unsigned i = 0; i < at_once && s.running; ++i) {
            boost::system::error_code ec;
            auto socket = s.acceptor.accept(ec);
            if (!ec) {
                s.hands.take(std::move(socket));
            } else if (is_out_of_handles(ec)) {
                s.hands.out_of_handles(ec.message() + ": raise the limit of open files (ulimit -n)");
                return ec;
            } else if (ec == boost::asio::error::would_block || ec == boost::asio::error::try_again) {
                break;
            }
        }
        return {};
    }

    StatePtr state_;
};

}  // namespace shoumen::doors
