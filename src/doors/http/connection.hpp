// One HTTP/1.1 connection: reads requests one after the other, within limits of size and time, and writes their answers
// in order.
#pragma once
#include <memory>
#include <unordered_set>

#include <boost/asio/ip/tcp.hpp>

#include "door.hpp"

namespace shoumen::doors::http {

// What the server can tell a connection to do.
class Closable {
public:
    virtual ~Closable() = default;
    virtual void finish() = 0;  // at once if nothing is being answered, else after that
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

private:
    std::unordered_set<Closable*> all_;
};

void serve(boost::asio::ip::tcp::socket socket, std::shared_ptr<Door> door, std::shared_ptr<Registry> registry);

}  // namespace shoumen::doors::http
