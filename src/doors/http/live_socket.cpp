#include "live_socket.hpp"

#include <chrono>

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

namespace shoumen::doors::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t max_message_from_page = 4'096;  // pages have nothing to say here; what they say is passed over
constexpr auto time_to_close = std::chrono::seconds(5);

class LiveSocket : public LiveClient, public std::enable_shared_from_this<LiveSocket> {
public:
    LiveSocket(tcp::socket socket, const Call& call, std::shared_ptr<Door> door)
        : ws_(std::move(socket)),
          door_(std::move(door)),
          session_(*call.session),
          token_(call.token),
          queue_(door_->options().live_queue),
          check_(ws_.get_executor()) {}

    void run(const beast::http::request<beast::http::string_body>& request, std::string subprotocol) {
        const auto every = std::chrono::microseconds(door_->options().ping_every.us);
        // A ping goes out after half the idle time without a word from the page.
        ws_.set_option(websocket::stream_base::timeout{std::chrono::seconds(10), 2 * every, true});
        ws_.set_option(websocket::stream_base::decorator([subprotocol](websocket::response_type& response) {
            response.erase(beast::http::field::server);
            if (!subprotocol.empty()) response.set(beast::http::field::sec_websocket_protocol, subprotocol);
        }));
        ws_.read_message_max(max_message_from_page);
        ws_.text(true);
        if (const int bytes = door_->options().live_send_buffer; bytes > 0) {
            beast::error_code ec;
            ws_.next_layer().set_option(asio::socket_base::send_buffer_size(bytes), ec);
        }
        ws_.async_accept(request, [self = shared_from_this()](beast::error_code ec) {
            if (!ec) self->begin();
        });
    }

    void push(std::uint64_t key, const Frame& frame) override {
        if (closing_) return;
        if (!queue_.offer(key, frame)) return too_slow();
        if (!writing_) write_next();
    }

    void go_away() override { close({websocket::close_code::going_away, "the program stops"}); }
    [[nodiscard]] const ports::Session& session() const override { return session_; }

private:
    void begin() {
        Phrases* phrases = door_->phrases();
        if (!phrases) return close({websocket::close_code::try_again_later, "not-ready"});
        push(0, std::make_shared<const std::string>(render_live_hello(*phrases, door_->desk().now())));
        door_->hub().add(shared_from_this());
        listen();
        check_again();
    }

    void listen() {
        ws_.async_read(heard_, [self = shared_from_this()](beast::error_code ec, std::size_t) {
            self->heard_.clear();
            if (ec) return self->over();
            self->listen();
        });
    }

    void write_next() {
        writing_ = true;
        in_flight_ = queue_.take();
        ws_.async_write(asio::buffer(*in_flight_),
                        [self = shared_from_this()](beast::error_code ec, std::size_t) { self->written(ec); });
    }

    void written(beast::error_code ec) {
        writing_ = false;
        in_flight_.reset();
        if (ec) return over();
        ++door_->figures().live_frames;
        if (closing_) return send_close();
        if (!queue_.empty()) write_next();
    }

    void too_slow() {
        ++door_->figures().live_too_slow;
        close({websocket::close_code::try_again_later, "too slow; load the list again"});
    }

    // Once: says why, as soon as the write under way allows it, and hangs up in any case before long.
    void close(websocket::close_reason reason) {
        if (closing_) return;
        closing_ = true;
        reason_ = std::move(reason);
        queue_.clear();
        check_.expires_after(time_to_close);
        check_.async_wait([self = shared_from_this()](beast::error_code ec) {
            if (!ec) self->over();
        });
        if (!writing_) send_close();
    }

    void send_close() {
        ws_.async_close(reason_, [self = shared_from_this()](beast::error_code) { self->over(); });
    }

    // A page whose session has ended hears no more.
    void check_again() {
        if (closing_ || over_) return;
        check_.expires_after(std::chrono::microseconds(door_->options().session_check.us));
        check_.async_wait([self = shared_from_this()](beast::error_code ec) {
            if (ec || self->closing_) return;
            auto session = self->door_->desk().session(self->token_, nullptr);
            if (!session) return self->close({websocket::close_code::policy_error, "not-signed-in"});
            self->session_ = std::move(*session);  // roles may have ended
            self->check_again();
        });
    }

    void over() {
        if (over_) return;
        over_ = closing_ = true;
        queue_.clear();
        check_.cancel();
        beast::error_code ec;
        ws_.next_layer().close(ec);
        door_->hub().remove(this);
    }

    websocket::stream<tcp::socket> ws_;
    std::shared_ptr<Door> door_;
    ports::Session session_;
    std::string token_;
    LiveQueue queue_;
    Frame in_flight_;
    beast::flat_buffer heard_;
    asio::steady_timer check_;
    websocket::close_reason reason_;
    bool writing_ = false;
    bool closing_ = false;
    bool over_ = false;
};

}  // namespace

void start_live(tcp::socket socket, const beast::http::request<beast::http::string_body>& request, const Call& call,
                std::shared_ptr<Door> door) {
    const auto live = std::make_shared<LiveSocket>(std::move(socket), call, std::move(door));
    live->run(request, chosen_subprotocol(call.request.head));
}

}  // namespace shoumen::doors::http
