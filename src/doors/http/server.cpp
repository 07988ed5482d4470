#include "doors/http/server.hpp"

#include <chrono>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

#include "doors/listen/listen.hpp"

#include "connection.hpp"
#include "door.hpp"

namespace shoumen::doors::http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
    Impl(asio::io_context& io, ports::Intake& intake, ports::Desk& desk, Options options)
        : door(std::make_shared<Door>(io, intake, desk, std::move(options))), acceptor(io), pause(io) {}

    void accept();
    void accepted(const error_code& ec, Socket socket);

    std::shared_ptr<Door> door;
    std::shared_ptr<Registry> registry = std::make_shared<Registry>();
    asio::basic_socket_acceptor<tcp, Executor> acceptor;
    asio::steady_timer pause;
    bool running = false;
};

void Server::Impl::accept() {
    acceptor.async_accept([weak = weak_from_this()](const error_code& ec, Socket socket) {
        if (const auto self = weak.lock()) self->accepted(ec, std::move(socket));
    });
}

void Server::Impl::accepted(const error_code& ec, Socket socket) {
    if (!running) return;
    if (ec) {
        // Out of file descriptors, as a rule: going on at once would only spin.
        door->log(ports::LogLevel::warning, "accept_failed", "an HTTP connection could not be taken",
                  {{"why", ec.message()}});
        pause.expires_after(std::chrono::milliseconds(100));
        pause.async_wait([weak = weak_from_this()](const error_code& stopped) {
            const auto self = weak.lock();
            if (!stopped && self && self->running) self->accept();
        });
        return;
    }
    if (registry->size() < door->options().max_connections) serve(std::move(socket), door, registry);
    accept();
}

Server::Server(asio::io_context& io, ports::Intake& intake, ports::Desk& desk, Options options)
    : impl_(std::make_shared<Impl>(io, intake, desk, std::move(options))) {}

Server::~Server() {
    stop();
    impl_->registry->abandon_all();
}

base::Result<void> Server::start() {
    if (auto loaded = impl_->door->load(); !loaded) return loaded;
    const Options& options = impl_->door->options();
    if (auto listening = listen_on(impl_->acceptor, options.address, options.port); !listening) return listening;
    impl_->running = true;
    impl_->door->start();
    impl_->accept();
    return {};
}

std::uint16_t Server::port() const {
    error_code ec;
    const auto endpoint = impl_->acceptor.local_endpoint(ec);
    return ec ? std::uint16_t{0} : endpoint.port();
}

void Server::take(int descriptor, std::string address, std::string_view certificate_fingerprint) {
    Socket socket(impl_->acceptor.get_executor());
    error_code ec;
    socket.assign(tcp::v4(), descriptor, ec);  // of another kind in truth: only read, written and closed
    if (ec) return void(::close(descriptor));
    if (!impl_->running || impl_->registry->size() >= impl_->door->options().max_connections) return;
    Peer peer{.by_tls = true, .address = std::move(address), .certificate = {}};
    if (!certificate_fingerprint.empty())
        peer.certificate = fmt::format("{}{}", ports::certificate_mark, certificate_fingerprint);
    serve(std::move(socket), impl_->door, impl_->registry, std::move(peer));
}

void Server::stop() {
    if (!impl_->running) return;
    impl_->running = false;
    error_code ec;
    impl_->acceptor.close(ec);
    impl_->pause.cancel();
    impl_->door->stop();
    impl_->registry->finish_all();
}

}  // namespace shoumen::doors::http
