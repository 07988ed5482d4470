#include "doors/mqtt/session.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/hash.hpp"
#include "doors/mqtt/topics.hpp"

#include "deliver.hpp"

namespace shoumen::doors::mqtt {

namespace {

// Enough of a large packet for its topic, its id and the head of its payload.
constexpr std::size_t longest_topic = 1'024;
constexpr std::size_t enough_to_pass = 2 + longest_topic + 2 + kept_head;
constexpr std::size_t most_waiting_wills = 1'000;
constexpr std::size_t most_filters = 64;
static_assert(enough_to_pass < max_whole_packet);

}  // namespace

void Common::submit_waiting_wills() {
    while (!waiting_wills.empty() && waiting_wills.front()()) waiting_wills.pop_front();
}

// --- Bytes -------------------------------------------------------------------------------------------------------

Consumed Session::consume(std::string_view bytes, std::string& out) {
    Consumed done;
    while (done.verdict == Verdict::more) {
        const auto rest = bytes.substr(done.bytes);
        std::size_t used = 0;
        if (passing_) {
            done.verdict = pass(rest, used);
            done.bytes += used;
            if (passing_) break;
            continue;
        }
        const auto frame = read_frame(rest);
        if (!frame) {
            done.verdict = fault(frame.error().reason);
        } else if (!*frame) {
            needed_ = rest.size() + 1;
            break;
        } else if (!signed_in() && ((*frame)->type != PacketType::connect || (*frame)->size() > max_connect_packet)) {
            done.verdict = fault("the first packet is no CONNECT of at most 16 KiB");
        } else if ((*frame)->size() > max_whole_packet) {
            done.verdict = too_long_to_keep(**frame, rest, used);
            done.bytes += used;
            if (used == 0) break;
        } else if ((*frame)->size() > rest.size()) {
            needed_ = (*frame)->size();
            break;
        } else {
            done.verdict = handle(**frame, rest.substr((*frame)->header, (*frame)->body), out);
            if (done.verdict != Verdict::stalled) done.bytes += (*frame)->size();
        }
    }
    if (done.verdict == Verdict::stalled) ++common_.counters.stalls;
    return done;
}

Verdict Session::handle(const Frame& frame, std::string_view body, std::string& out) {
    switch (frame.type) {
        case PacketType::publish:
            return on_publish(frame, body);
        case PacketType::connect:
            return on_connect(body, out);
        case PacketType::subscribe:
            return on_subscribe(frame, body, out);
        case PacketType::unsubscribe:
            return on_unsubscribe(frame, body, out);
        case PacketType::puback:
            return read_packet_id(body) ? Verdict::more : fault("PUBACK is not two bytes long");
        case PacketType::pingreq:
            if (!body.empty()) return fault("PINGREQ has a body");
            write_pingresp(out);
            return Verdict::more;
        case PacketType::disconnect:
            if (!body.empty()) return fault("DISCONNECT has a body");
            will_.reset();
            return Verdict::close;
        default:
            return fault("a packet came that only a server sends, or that belongs to QoS 2");
    }
}

Verdict Session::fault(const char* reason) {
    why_ = reason;
    fault_ = true;
    return Verdict::close;
}

// --- Signing in --------------------------------------------------------------------------------------------------

Verdict Session::on_connect(std::string_view body, std::string& out) {
    if (signed_in()) return fault("a second CONNECT came");
    const auto connect = read_connect(body);
    if (!connect) return fault(connect.error().reason);
    if (connect->level != 4)
        return answer_connect(ConnectCode::unacceptable_protocol,
                              "another version of MQTT than 3.1.1: set the device to 3.1.1", out);
    if (connect->client_id.empty() && !connect->clean_session)
        return answer_connect(ConnectCode::identifier_rejected, "an empty client id wants clean session", out);
    if (connect->user && !connect->password && takes_token_as_user()) return sign_in_by_token(*connect, out);
    if (!connect->user || !connect->password)
        return answer_connect(ConnectCode::bad_user_or_password, "user name (device) or password (token) is missing",
                              out);
    return sign_in(*connect, out);
}

Verdict Session::answer_connect(ConnectCode code, const char* why, std::string& out) {
    ++common_.counters.sign_in_refused;
    write_connack(out, code);
    why_ = why;
    return Verdict::close;
}

Verdict Session::sign_in(const Connect& connect, std::string& out) {
    const auto speaker = common_.intake.speaker(*connect.password);
    const auto named = common_.intake.device(*connect.user);
    if (!speaker || !named || speaker->device != *named)
        return answer_connect(ConnectCode::not_authorised,
                              "the token is unknown, revoked, or another device's than the user name", out);
    return admit(*speaker, *connect.user, *connect.password, connect, out);
}

bool Session::is_read(std::string_view topic) const {
    if (device_of_signal_topic(topic)) return true;
    const auto policy = common_.intake.policy();
    return policy && fitting(policy->maps, topic);
}

bool Session::takes_token_as_user() const {
    const auto policy = common_.intake.policy();
    return policy && std::ranges::any_of(policy->maps, &model::Map::token_as_user);
}

// A map of the community says that these devices send their token as user name.
Verdict Session::sign_in_by_token(const Connect& connect, std::string& out) {
    const auto speaker = common_.intake.speaker(*connect.user);
    const auto policy = common_.intake.policy();
    if (!speaker || speaker->device.value >= policy->devices.size())
        return answer_connect(ConnectCode::not_authorised, "the token is unknown or revoked", out);
    return admit(*speaker, policy->devices[speaker->device.value].code, *connect.user, connect, out);
}

Verdict Session::admit(const ports::Speaker& speaker, std::string_view device, std::string_view token,
                       const Connect& connect, std::string& out) {
    speaker_ = speaker;
    device_ = device;
    token_ = token;
    keep_alive_ = connect.keep_alive;
    if (!connect.client_id.empty()) client_ = std::max<std::uint64_t>(1, base::fast_hash(connect.client_id));
    if (!common_.admit(*this)) {
        speaker_ = {};
        return answer_connect(ConnectCode::server_unavailable, "this device has too many connections", out);
    }
    if (connect.will && is_read(connect.will->topic)) {
        will_ = std::make_unique<KeptWill>(KeptWill{std::string(connect.will->topic),
                                                    std::string(connect.will->payload), connect.will->payload.size()});
        will_->payload.append(NativeReader::padding, '\0');
    }
    ++common_.counters.signed_in_total;
    write_connack(out, ConnectCode::accepted);
    return Verdict::more;
}

bool Session::token_still_good() {
    const auto speaker = common_.intake.speaker(token_);
    if (!speaker || speaker->device != speaker_.device) return false;
    speaker_ = *speaker;
    return true;
}

// --- Messages ----------------------------------------------------------------------------------------------------

Verdict Session::on_publish(const Frame& frame, std::string_view body) {
    const auto publish = read_publish(frame.flags, body);
    if (!publish) return fault(publish.error().reason);
    if (publish->qos == 2) return fault("QoS 2 is not offered: publish with QoS 0 or 1");
    const auto ticket = deliver(common_, speaker_, {publish->topic, publish->payload}, taken_);
    if (!ticket) return Verdict::stalled;
    ++common_.counters.messages;
    keep_unacked(*ticket, publish->qos, publish->id);
    return Verdict::more;
}

void Session::keep_unacked(std::uint64_t ticket, std::uint8_t qos, std::uint16_t id) {
    if (qos > 0) unacked_.push_back({ticket, id});
}

void Session::acknowledge(std::uint64_t committed, std::string& out) {
    const auto before = first_unacked_;
    while (first_unacked_ < unacked_.size() && unacked_[first_unacked_].ticket <= committed)
        write_puback(out, unacked_[first_unacked_++].id);
    common_.counters.acknowledged += first_unacked_ - before;
    if (first_unacked_ == unacked_.size()) {
        unacked_.clear();
        first_unacked_ = 0;
    } else if (first_unacked_ > 1'024 && first_unacked_ > unacked_.size() / 2) {
        unacked_.erase(unacked_.begin(), unacked_.begin() + static_cast<std::ptrdiff_t>(first_unacked_));
        first_unacked_ = 0;
    }
}

void Session::trim() {
    if (!waits_for_commit()) std::vector<Unacked>().swap(unacked_);
}

void Session::lost() {
    if (!will_) return;
    const auto submit = [&common = common_, speaker = speaker_, will = std::shared_ptr<KeptWill>(std::move(will_)),
                         taken = std::uint32_t{0}]() mutable {
        if (!deliver(common, speaker, {will->topic, std::string_view(will->payload).substr(0, will->size)}, taken))
            return false;
        ++common.counters.wills;
        ++common.counters.messages;
        return true;
    };
    if (common_.waiting_wills.size() >= most_waiting_wills)
        ++common_.counters.wills_dropped;
    else
        common_.waiting_wills.emplace_back(submit);
    common_.submit_waiting_wills();
}

// --- Packets too large to be kept --------------------------------------------------------------------------------

Verdict Session::too_long_to_keep(const Frame& frame, std::string_view bytes, std::size_t& used) {
    if (frame.type != PacketType::publish) return fault("a packet is larger than 68 KiB and no PUBLISH");
    if (bytes.size() < frame.header + enough_to_pass) {
        needed_ = frame.header + enough_to_pass;
        return Verdict::more;
    }
    const auto publish = read_publish_head(frame.flags, bytes.substr(frame.header, enough_to_pass));
    if (!publish) return fault(publish.error().reason);
    if (!*publish || (*publish)->topic.size() > longest_topic) return fault("a topic is longer than 1,024 bytes");
    if ((*publish)->qos == 2) return fault("QoS 2 is not offered: publish with QoS 0 or 1");
    const auto before_payload = static_cast<std::size_t>((*publish)->payload.data() - bytes.data());
    passing_ = std::make_unique<Passing>();
    passing_->head = (*publish)->payload.substr(0, kept_head);
    passing_->payload_size = frame.size() - before_payload;
    passing_->before_payload = before_payload;
    passing_->left = frame.size();
    passing_->id = (*publish)->id;
    passing_->qos = (*publish)->qos;
    passing_->too_much = frame.size() > max_packet;
    return pass(bytes, used);
}

// The message is refused when the whole of it has come, so that its PUBACK never comes before its end.
Verdict Session::pass(std::string_view bytes, std::size_t& used) {
    used = std::min(bytes.size(), passing_->left);
    passing_->left -= used;
    const auto before = std::min(used, passing_->before_payload);
    passing_->before_payload -= before;
    passing_->hash.add(bytes.substr(before, used - before));
    needed_ = 1;
    if (passing_->left > 0 && !passing_->too_much) return Verdict::more;
    if (passing_->left == 0 && !passing_->whole) passing_->whole = passing_->hash.finish();
    const auto ticket = refuse_large(common_, speaker_, {passing_->head, passing_->payload_size, passing_->whole});
    if (!ticket) return Verdict::stalled;
    ++common_.counters.messages;
    const auto whole = std::move(passing_);
    if (whole->too_much) return fault("a packet is larger than 16 MiB");
    keep_unacked(*ticket, whole->qos, whole->id);
    return Verdict::more;
}

// --- Subscriptions -----------------------------------------------------------------------------------------------

Verdict Session::on_subscribe(const Frame& frame, std::string_view body, std::string& out) {
    auto filters = read_filters(frame, body);
    if (!filters) return fault(filters.error().reason);
    const auto own = command_topic(device_);
    std::array<std::uint8_t, most_filters> granted{};
    std::size_t count = 0;
    for (Filter filter; filters->next(filter); ++count) {
        if (count == most_filters) return fault("SUBSCRIBE names more than 64 topics");
        granted[count] = filter.topic == own ? std::min<std::uint8_t>(filter.qos, 1) : subscription_refused;
    }
    write_suback(out, filters->id, std::span(granted).first(count));
    return Verdict::more;
}

Verdict Session::on_unsubscribe(const Frame& frame, std::string_view body, std::string& out) {
    const auto filters = read_filters(frame, body);
    if (!filters) return fault(filters.error().reason);
    write_unsuback(out, filters->id);
    return Verdict::more;
}

}  // namespace shoumen::doors::mqtt
