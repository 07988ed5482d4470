// One HTTP/1.1 connection: reads requests one after the other, within limits of size and time, and writes their answers
// in order.
#pragma once
#include <memory>
#include <unordered_set>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "door.hpp"

namespace shoumen::doors::http {

// Of the one thread, by name: an executor of any kind would be copied and asked at every step.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

// What the server can tell a connection to do.
class Closable {
public:
    virtual ~Closable() = default;
    virtual void finish() = 0;   // at once if nothing is being answered, else after that
    virtual void abandon() = 0;  // nothing runs any more: lets go of whoever still waits for an answer
};

// The connections there are. Entries take themselves out.
class Registry {
public:
    void add(Closable* c) { all_.insert(c); }
    void remove(Closable* c) { all_.erase(c); }
    [[nodiscard]] std::size_t size() const { return all_.size(); }
    void finish_all() {
        const auto now = all_;
        for (Closable* c : now) {
            if (all_.contains(c)) c->finish();
        }
    }

    void abandon_all() {
        const auto now = all_;
        for (Closable* c : now) {
            if (all_.contains(c)) c->abandon();
        }
    }

private:
    std::unordered_set<Closable*> all_;
};

// What is known of the other side before it says anything.
struct Peer {
    bool by_tls = false;
    std::string address;      // where it comes from; empty: as the socket says
    std::string certificate;  // what stands for its certificate (ports/intake.hpp); empty: none
};

void serve(Socket socket, std::shared_ptr<Door> door, std::shared_ptr<Registry> registry, Peer peer = {});

}  // namespace shoumen::doors::http
