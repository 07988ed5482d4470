#include "signals.hpp"

#include <utility>

#include "door.hpp"
#include "handlers.hpp"

namespace shoumen::doors::http {

namespace {
constexpr std::string_view door_name = "http";
}

SignalDesk::SignalDesk(ports::Intake& intake, Door& door) : intake_(intake), door_(door), reader_(json_limit) {}

void SignalDesk::start() {
    registration_ = intake_.on_progress([this, weak = door_.weak_from_this()] {
        if (const auto alive = weak.lock()) on_progress();
    });
    following_ = true;
}

void SignalDesk::stop() {
    const bool answered = committing_.empty() && for_room_.empty();
    if (following_ && answered) intake_.forget(registration_);
    following_ = false;
}

void SignalDesk::take(const std::shared_ptr<Call>& call) {
    auto delivery = std::make_shared<Delivery>();
    delivery->call = call;
    delivery->results.begin_array();
    const auto count = reader_.read(call->request.body);
    if (!count) return refuse_whole(delivery, count.error());
    delivery->count = *count;
    if (submit_rest(*delivery) == Progress::done) return await_commit(delivery);
    if (delivery->next == 0) return call->reply(door_.error({"busy", "Nothing was taken; send it again.", {}}));
    for_room_.push_back(std::move(delivery));
}

base::Result<std::size_t> SignalDesk::read(Delivery& delivery) {
    if (!delivery.mapped) return reader_.read(delivery.call->request.body);
    if (!delivery.policy) delivery.policy = intake_.policy();
    const auto fit = topics_.find(delivery.policy, delivery.topic);
    if (!fit && delivery.topic.starts_with("push/") && delivery.topic.ends_with("/text"))
        return base::fail("unknown-form", "the body is neither XML nor JSON: it begins with none of < { [");
    if (!fit)
        return base::fail("unknown-topic", "no map of the community reads what is pushed to this address: give it one");
    const auto device = delivery.call->speaker->device.value;
    return mapped_.read(*fit, delivery.policy->devices.at(device).code, delivery.payload);
}

base::Result<model::FlatSignal> SignalDesk::signal(const Delivery& delivery) {
    return delivery.mapped ? mapped_.signal(delivery.next) : reader_.signal(delivery.next);
}

void SignalDesk::take_mapped(const std::shared_ptr<Call>& call, std::string topic, std::string_view payload,
                             std::vector<std::string_view> pictures) {
    auto delivery = std::make_shared<Delivery>();
    delivery->call = call;
    delivery->mapped = true;
    delivery->topic = std::move(topic);
    delivery->payload = payload;
    delivery->pictures = std::move(pictures);
    delivery->results.begin_array();
    const auto count = read(*delivery);
    if (!count) return refuse_mapped(call, count.error());
    delivery->count = *count;
    if (submit_rest(*delivery) == Progress::done) return await_commit(delivery);
    if (delivery->next == 0) return call->reply(door_.error({"busy", "Nothing was taken; send it again.", {}}));
    for_room_.push_back(std::move(delivery));
}

void SignalDesk::refuse_mapped(const std::shared_ptr<Call>& call, const base::Error& why) {
    const auto submitted = intake_.refuse(*call->speaker, door_name, why, call->request.body);
    if (submitted.admission == ports::Admission::busy)
        return call->reply(door_.error({"busy", "Nothing was taken; send it again.", {}}));
    auto delivery = std::make_shared<Delivery>();
    delivery->call = call;
    delivery->mapped = true;
    delivery->ticket = submitted.ticket;
    delivery->quarantined = 1;
    delivery->results.begin_array();
    add_result(*delivery, 0, &why);
    await_commit(delivery);
}

void SignalDesk::add_result(Delivery& delivery, std::size_t index, const base::Error* why) {
    delivery.results.begin().field("index", std::uint64_t{index});
    if (why != nullptr) {
        delivery.results.field("code", why->code).field("message", why->message);
        if (!why->where.empty()) delivery.results.field("field", why->where);
    }
    delivery.results.end();
}

void SignalDesk::refuse_whole(const DeliveryPtr& delivery, const base::Error& why) {
    const auto& call = *delivery->call;
    const auto submitted = intake_.refuse(*call.speaker, door_name, why, call.request.body);
    if (submitted.admission == ports::Admission::busy)
        return call.reply(door_.error({"busy", "Nothing was taken; send it again.", {}}));
    delivery->ticket = submitted.ticket;
    delivery->unreadable = why;
    await_commit(delivery);
}

SignalDesk::Progress SignalDesk::submit_rest(Delivery& delivery) {
    while (delivery.next < delivery.count) {
        if (!submit_one(delivery)) return Progress::no_room;
    }
    return Progress::done;
}

bool SignalDesk::submit_one(Delivery& delivery) {
    const auto& speaker = *delivery.call->speaker;
    const auto signal = this->signal(delivery);
    const auto raw = delivery.mapped ? delivery.payload : reader_.raw(delivery.next);
    auto submitted = signal ? intake_.submit(speaker, door_name, *signal, raw)
                            : intake_.refuse(speaker, door_name, signal.error(), raw);
    if (submitted.admission == ports::Admission::busy) return false;
    if (!signal && !submitted.error) submitted.error = signal.error();
    const bool taken = submitted.admission == ports::Admission::queued;
    ++(taken ? delivery.accepted : delivery.quarantined);
    if (taken) {
        for (const auto picture : std::exchange(delivery.pictures, {}))
            intake_.picture(signal->device, std::string(picture));
    }
    delivery.ticket = submitted.ticket;
    add_result(delivery, delivery.next, !taken && submitted.error ? &*submitted.error : nullptr);
    ++delivery.next;
    return true;
}

void SignalDesk::await_commit(const DeliveryPtr& delivery) {
    if (delivery->ticket <= intake_.committed()) return answer(*delivery);
    committing_.push_back(delivery);
}

void SignalDesk::answer(Delivery& delivery) {
    if (delivery.unreadable) return delivery.call->reply(door_.error(*delivery.unreadable, 400));
    JsonWriter out;
    out.begin().field("accepted", delivery.accepted).field("quarantined", delivery.quarantined);
    delivery.results.end_array();
    out.key("results").raw(delivery.results.view()).end();
    delivery.call->reply(json_answer(delivery.mapped ? 200 : 202, out.take()));
}

void SignalDesk::on_progress() {
    while (!committing_.empty() && committing_.front()->ticket <= intake_.committed()) {
        const auto delivery = std::move(committing_.front());
        committing_.pop_front();
        answer(*delivery);
    }
    while (!for_room_.empty()) {
        const auto delivery = for_room_.front();
        // It could be read before, so it can be read again.
        if (delivery->call->reply.wanted() && read(*delivery)) {
            if (submit_rest(*delivery) == Progress::no_room) return;
            await_commit(delivery);
        }
        for_room_.pop_front();
    }
}

void post_signals(Door& door, const CallPtr& call) { door.signals().take(call); }

}  // namespace shoumen::doors::http
