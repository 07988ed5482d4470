#include "live.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "door.hpp"

namespace shoumen::doors::http {

Hub::Hub(boost::asio::io_context& io, Door& door) : door_(door), quarantine_timer_(io) {}

void Hub::start() {
    registration_ = door_.desk().follow([this](const ports::Push& push) { on_push(push); });
    following_ = true;
}

void Hub::stop() {
    if (following_) door_.desk().forget(registration_);
    following_ = false;
    quarantine_timer_.cancel();
    for (const auto& client : clients_) {
        if (const auto there = client.lock()) there->go_away();
    }
}

void Hub::add(const std::shared_ptr<LiveClient>& client) {
    clients_.push_back(client);
    door_.figures().live_clients = clients_.size();
    if (!following_) client->go_away();
}

void Hub::remove(const LiveClient* client) {
    std::erase_if(clients_, [client](const auto& c) { return c.expired() || c.lock().get() == client; });
    door_.figures().live_clients = clients_.size();
}

void Hub::on_push(const ports::Push& push) {
    if (clients_.empty()) return;
    Phrases* phrases = door_.phrases();
    if (!phrases) return;
    switch (push.what) {
        case ports::Push::What::incident:
            return tell_of_incident(*phrases, push);
        case ports::Push::What::policy:
            return send(policy_key, render_live_policy(phrases->policy().version));
        case ports::Push::What::quarantine:
            return tell_of_quarantine_soon();
    }
}

// Written once for all who see it alike.
void Hub::tell_of_incident(Phrases& phrases, const ports::Push& push) {
    std::map<std::uint32_t, Frame> written;
    for (const auto& client : clients_) {
        const auto there = client.lock();
        if (!there) continue;
        const auto how = door_.desk().how_seen(there->session(), push.incident);
        if (!how) continue;
        Frame& frame = written[*how];
        if (!frame) {
            const auto seen = door_.desk().seen_as(*how, push.incident);
            frame = std::make_shared<const std::string>(render_live_incident(phrases, seen, push.committed));
        }
        there->push(push.incident.id.value, frame);
    }
}

void Hub::send(std::uint64_t key, std::string text) {
    const auto frame = std::make_shared<const std::string>(std::move(text));
    for (const auto& client : clients_) {
        if (const auto there = client.lock()) there->push(key, frame);
    }
}

void Hub::tell_of_quarantine_soon() {
    if (quarantine_waits_) return;
    quarantine_waits_ = true;
    quarantine_timer_.expires_after(std::chrono::milliseconds(250));
    quarantine_timer_.async_wait([this, weak = door_.weak_from_this()](boost::system::error_code ec) {
        const auto alive = weak.lock();
        if (!alive) return;
        quarantine_waits_ = false;
        if (!ec && following_) tell_of_quarantine();
    });
}

void Hub::tell_of_quarantine() {
    Frame frame;  // one number for all who may know it
    for (const auto& client : clients_) {
        const auto there = client.lock();
        if (!there) continue;
        const auto counts =
            frame ? base::Result<ports::QuarantineCounts>{} : door_.desk().quarantine_counts(there->session());
        if (!counts || (frame && !door_.desk().admit(there->session(), model::Item::quarantine, model::Sight::clear)))
            continue;
        if (!frame) frame = std::make_shared<const std::string>(render_live_quarantine(counts->kept));
        there->push(quarantine_key, frame);
    }
}

}  // namespace shoumen::doors::http
