#include "doors/mqtt/session.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "doors/mqtt/topics.hpp"

#include "deliver.hpp"

namespace shoumen::doors::mqtt {

namespace {

// Enough of a large packet for its topic, its id and the head of its payload.
constexpr std::size_t longest_topic = 1'024;
constexpr std::size_t most_properties = 4'096;
constexpr std::size_t enough_to_pass = 2 + longest_topic + 2 + 4 + most_properties + kept_head;
constexpr std::size_t most_waiting_wills = 1'000;
constexpr std::size_t most_filters = 64;
static_assert(enough_to_pass < max_whole_packet);

constexpr Fault qos_2{"QoS 2 is not offered: publish with QoS 0 or 1", Reason::qos_not_supported};
constexpr Fault retained{"retained messages are not offered: publish without the retain flag",
                         Reason::retain_not_supported};

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
            done.verdict = fault(frame.error());
        } else if (!*frame) {
            needed_ = rest.size() + 1;
            break;
        } else if (!signed_in() && ((*frame)->type != PacketType::connect || (*frame)->size() > max_connect_packet)) {
            done.verdict = fault("the first packet is no CONNECT of at most 16 KiB", Reason::protocol_error);
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
            return on_puback(body);
        case PacketType::pingreq:
            if (!body.empty()) return fault("PINGREQ has a body", Reason::malformed_packet);
            write_pingresp(out);
            return Verdict::more;
        case PacketType::disconnect:
            return on_disconnect(body);
        default:
            return fault("a packet came that only a server sends, or that belongs to QoS 2", Reason::protocol_error);
    }
}

Verdict Session::on_disconnect(std::string_view body) {
    const auto goodbye = read_disconnect(body, version_);
    if (!goodbye) return fault(goodbye.error());
    if (goodbye->code != Reason::disconnect_with_will) will_.reset();
    return Verdict::close;
}

Verdict Session::fault(const Fault& fault) {
    why_ = fault.reason;
    fault_code_ = fault.code;
    fault_ = true;
    return Verdict::close;
}

void Session::farewell(Reason code, std::string_view why, std::string& out) const {
    if (signed_in() && version_ == Version::v5) write_disconnect5(out, code, why, longest_answer_);
}

// --- Signing in --------------------------------------------------------------------------------------------------

Verdict Session::on_connect(std::string_view body, std::string& out) {
    using namespace std::string_view_literals;
    if (signed_in()) return fault("a second CONNECT came", Reason::protocol_error);
    const auto connect = read_connect(body);
    if (!connect) {
        if (!body.starts_with("\0\4MQTT\5"sv)) return fault(connect.error());
        version_ = Version::v5;
        write_connack5(out, connect.error().code, {}, connect.error().reason);
        return fault(connect.error());
    }
    if (connect->level != 4 && connect->level != 5)
        return answer_connect(ConnectCode::unacceptable_protocol, Reason::unspecified,
                              "another version of MQTT than 3.1.1 or 5: set the device to one of them", out);
    note_client(*connect);
    if (connect->properties.has_authentication)
        return answer_connect(ConnectCode::not_authorised, Reason::bad_authentication_method,
                              "no authentication method is offered: sign in with user name (device) and password "
                              "(token)",
                              out);
    if (version_ == Version::v3 && connect->client_id.empty() && !connect->clean_session)
        return answer_connect(ConnectCode::identifier_rejected, Reason::unspecified,
                              "an empty client id wants clean session", out);
    if (!connect->password && !certificate_.empty()) return sign_in_by_certificate(*connect, out);
    if (connect->user && !connect->password && takes_token_as_user()) return sign_in_by_token(*connect, out);
    if (!connect->user || !connect->password)
        return answer_connect(ConnectCode::bad_user_or_password, Reason::bad_user_or_password,
                              "user name (device) or password (token) is missing", out);
    return sign_in(*connect, out);
}

// What the client says of itself.
void Session::note_client(const Connect& connect) {
    version_ = connect.version();
    keep_alive_ = connect.keep_alive;
    wants_reasons_ = connect.properties.wants_reasons;
    longest_answer_ = connect.properties.maximum_packet.value_or(UINT32_MAX);
    most_commands_ =
        std::min<std::uint16_t>(connect.properties.receive_maximum.value_or(UINT16_MAX), most_commands_on_the_way);
    if (!connect.client_id.empty()) client_ = std::max<std::uint64_t>(1, base::fast_hash(connect.client_id));
}

Verdict Session::answer_connect(ConnectCode code, Reason reason, const char* why, std::string& out) {
    ++common_.counters.sign_in_refused;
    if (version_ == Version::v5)
        write_connack5(out, reason, {}, why, longest_answer_);
    else
        write_connack(out, code);
    why_ = why;
    return Verdict::close;
}

namespace {

// A fingerprint is no secret: said, it is worth nothing.
std::optional<ports::Speaker> speaker_of(ports::Intake& intake, std::string_view token) {
    return token.starts_with(ports::certificate_mark) ? std::nullopt : intake.speaker(token);
}

}  // namespace

Verdict Session::sign_in(const Connect& connect, std::string& out) {
    const auto speaker = speaker_of(common_.intake, *connect.password);
    const auto named = common_.intake.device(*connect.user);
    if (!speaker || !named || speaker->device != *named)
        return answer_connect(ConnectCode::not_authorised, Reason::not_authorised,
                              "the token is unknown, revoked, or another device's than the user name", out);
    return admit(*speaker, *connect.user, *connect.password, connect, out);
}

// Itself or, a gateway, what is registered under it.
bool Session::speaks_for(std::string_view device) const {
    const auto id = common_.intake.device(device);
    if (!id) return false;
    if (*id == speaker_.device) return true;
    const auto policy = common_.intake.policy();
    return policy && !policy->devices[id->value].retired && policy->devices[id->value].gateway == speaker_.device;
}

bool Session::may_publish(std::string_view topic) const {
    if (const auto device = device_of_signal_topic(topic)) return speaks_for(*device);
    const auto policy = common_.intake.policy();
    const auto fit = common_.topics.find(policy, topic);
    if (!fit) return false;
    const bool names_device = fit->topic->device == model::MapDevice::topic && !fit->topic->reading.ignored;
    return !names_device || speaks_for(code_of(*fit));
}

Verdict Session::check_will(const Will& will, std::string& out) {
    if (version_ == Version::v5 && will.qos == 2)
        return answer_connect(ConnectCode::not_authorised, qos_2.code, "the will has QoS 2: give it QoS 0 or 1", out);
    if (version_ == Version::v5 && will.retain)
        return answer_connect(ConnectCode::not_authorised, retained.code,
                              "the will is retained, which is not offered: give it without the retain flag", out);
    if (may_publish(will.topic)) return Verdict::more;
    return answer_connect(ConnectCode::not_authorised, Reason::not_authorised,
                          "the will stands on a topic that this device may not publish on: take its own "
                          "shoumen/v1/DEVICE/signal, or one that a map of the community reads as its own",
                          out);
}

void Session::keep_will(const Will& will) {
    will_ =
        std::make_unique<KeptWill>(KeptWill{std::string(will.topic), std::string(will.payload), will.payload.size()});
    will_->payload.append(NativeReader::padding, '\0');
}

bool Session::takes_token_as_user() const {
    const auto policy = common_.intake.policy();
    return policy && std::ranges::any_of(policy->maps, &model::Map::token_as_user);
}

// A map of the community says that these devices send their token as user name.
Verdict Session::sign_in_by_token(const Connect& connect, std::string& out) {
    const auto speaker = speaker_of(common_.intake, *connect.user);
    const auto policy = common_.intake.policy();
    if (!speaker || speaker->device.value >= policy->devices.size())
        return answer_connect(ConnectCode::not_authorised, Reason::not_authorised, "the token is unknown or revoked",
                              out);
    return admit(*speaker, policy->devices[speaker->device.value].code, *connect.user, connect, out);
}

Verdict Session::sign_in_by_certificate(const Connect& connect, std::string& out) {
    const auto speaker = common_.intake.speaker(certificate_);
    const auto policy = common_.intake.policy();
    if (!speaker || speaker->device.value >= policy->devices.size())
        return answer_connect(ConnectCode::not_authorised, Reason::not_authorised,
                              "the certificate is unknown or revoked", out);
    const std::string code = policy->devices[speaker->device.value].code;
    if (connect.user && *connect.user != code)
        return answer_connect(ConnectCode::not_authorised, Reason::not_authorised,
                              "the certificate is another device's than the user name", out);
    return admit(*speaker, code, certificate_, connect, out);
}

Verdict Session::admit(const ports::Speaker& speaker, std::string_view device, std::string_view token,
                       const Connect& connect, std::string& out) {
    speaker_ = speaker;
    device_ = device;
    token_ = token;
    const auto refused = connect.will ? check_will(*connect.will, out) : Verdict::more;
    if (refused == Verdict::close) {
        speaker_ = {};
        return refused;
    }
    std::string given;
    if (version_ == Version::v5 && client_ == 0) {
        given = fmt::format("shoumen-{:x}-{}", common_.instance, ++common_.given_clients);
        client_ = std::max<std::uint64_t>(1, base::fast_hash(given));
    }
    if (!common_.admit(*this)) {
        speaker_ = {};
        return answer_connect(ConnectCode::server_unavailable, Reason::quota_exceeded,
                              "this device has too many connections", out);
    }
    set_lane();
    if (connect.will) keep_will(*connect.will);
    ++common_.counters.signed_in_total;
    welcome(connect, given, out);
    return Verdict::more;
}

// What is offered, and what is not.
void Session::welcome(const Connect& connect, const std::string& given, std::string& out) const {
    if (version_ == Version::v3) return write_connack(out, ConnectCode::accepted);
    Properties offered;
    if (connect.properties.session_expiry.value_or(0) > 0) offered.session_expiry = 0;
    offered.receive_maximum = receive_maximum;
    offered.maximum_packet = static_cast<std::uint32_t>(max_packet);
    offered.topic_alias_maximum = std::uint16_t{0};
    offered.maximum_qos = std::uint8_t{1};
    offered.retain_available = false;
    offered.wildcards_available = false;
    offered.identifiers_available = false;
    offered.shared_available = false;
    if (!given.empty()) offered.assigned_client = given;
    write_connack5(out, Reason::success, offered);
}

bool Session::token_still_good() {
    const auto speaker = common_.intake.speaker(token_);
    if (!speaker || speaker->device != speaker_.device) return false;
    speaker_ = *speaker;
    set_lane();
    return true;
}

// By its credential, where it comes from, and what it calls its session.
void Session::set_lane() {
    speaker_.lane = ports::lane_with(speaker_.lane, address_);
    speaker_.session = client_;
}

// --- Messages ----------------------------------------------------------------------------------------------------

Verdict Session::check_publish(const Publish& publish) {
    if (publish.qos == 2) return fault(qos_2);
    if (version_ == Version::v3) return Verdict::more;
    if (publish.retain) return fault(retained);
    if (publish.qos > 0 && unacked_.size() - first_unacked_ >= receive_maximum)
        return fault("more messages are unacknowledged than the Receive Maximum of CONNACK allows: wait for PUBACK",
                     Reason::receive_maximum_exceeded);
    return Verdict::more;
}

Verdict Session::on_publish(const Frame& frame, std::string_view body) {
    const auto publish = read_publish(frame.flags, body, version_);
    if (!publish) return fault(publish.error());
    if (check_publish(*publish) == Verdict::close) return Verdict::close;
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
    if (frame.type != PacketType::publish)
        return fault("a packet is larger than 68 KiB and no PUBLISH", Reason::packet_too_large);
    if (bytes.size() < frame.header + enough_to_pass) {
        needed_ = frame.header + enough_to_pass;
        return Verdict::more;
    }
    const auto publish = read_publish_head(frame.flags, bytes.substr(frame.header, enough_to_pass), version_);
    if (!publish) return fault(publish.error());
    if (!*publish || (*publish)->topic.size() > longest_topic)
        return fault("a topic is longer than 1,024 bytes, or its properties than 4,096", Reason::packet_too_large);
    if (check_publish(**publish) == Verdict::close) return Verdict::close;
    const auto before_payload = static_cast<std::size_t>((*publish)->payload.data() - bytes.data());
    passing_ = std::make_unique<Passing>();
    passing_->topic = (*publish)->topic;
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
    ports::RawPayload raw(passing_->head, passing_->payload_size, passing_->whole);
    raw.topic = passing_->topic;
    const auto ticket = refuse_large(common_, speaker_, raw);
    if (!ticket) return Verdict::stalled;
    ++common_.counters.messages;
    const auto whole = std::move(passing_);
    if (whole->too_much) return fault("a packet is larger than 16 MiB", Reason::packet_too_large);
    keep_unacked(*ticket, whole->qos, whole->id);
    return Verdict::more;
}

// --- Subscriptions -----------------------------------------------------------------------------------------------

struct Session::Granting {
    Reason code{};  // QoS 0 or 1, or why not
    const char* why = "";
};

Session::Granting Session::grant(const Filter& filter) {
    if (filter.topic.starts_with("$share/"))
        return {Reason::shared_subscriptions_not_supported, "shared subscriptions are not offered"};
    if (filter.topic.find_first_of("+#") != std::string_view::npos)
        return {Reason::wildcard_subscriptions_not_supported,
                "no wildcards: subscribe to shoumen/v1/DEVICE/command of this device"};
    const auto device = device_of_command_topic(filter.topic);
    if (!device || !speaks_for(*device))
        return {Reason::not_authorised,
                "a device hears its own shoumen/v1/DEVICE/command alone, a gateway also those of its devices"};
    const auto qos = std::min<std::uint8_t>(filter.qos, 1);
    const auto same = std::ranges::find(subscriptions_, filter.topic, &Subscription::topic);
    if (same != subscriptions_.end()) {
        same->qos = qos;
    } else if (subscriptions_.size() == most_subscriptions) {
        return {Reason::quota_exceeded, "this connection has 4,096 subscriptions already"};
    } else {
        subscriptions_.push_back({std::string(filter.topic), qos});
    }
    return {static_cast<Reason>(qos), ""};
}

Verdict Session::on_subscribe(const Frame& frame, std::string_view body, std::string& out) {
    auto filters = read_filters(frame, body, version_);
    if (!filters) return fault(filters.error());
    std::array<std::uint8_t, most_filters> granted{};
    std::size_t count = 0;
    const char* why = "";
    for (Filter filter; filters->next(filter); ++count) {
        if (count == most_filters) return fault("SUBSCRIBE names more than 64 topics", Reason::quota_exceeded);
        const auto [code, refused] = grant(filter);
        const bool is_refused = *refused != '\0';
        if (is_refused && *why == '\0') why = refused;
        granted[count] = is_refused && version_ == Version::v3 ? subscription_refused : static_cast<std::uint8_t>(code);
    }
    const auto codes = std::span(granted).first(count);
    if (version_ == Version::v3)
        write_suback(out, filters->id, codes);
    else
        write_granted5(out, PacketType::suback, filters->id, codes, wants_reasons_ ? why : "", longest_answer_);
    return Verdict::more;
}

Verdict Session::on_unsubscribe(const Frame& frame, std::string_view body, std::string& out) {
    auto filters = read_filters(frame, body, version_);
    if (!filters) return fault(filters.error());
    std::vector<std::uint8_t> codes;
    for (Filter filter; filters->next(filter);) {
        const auto gone =
            std::erase_if(subscriptions_, [&](const Subscription& own) { return own.topic == filter.topic; });
        codes.push_back(static_cast<std::uint8_t>(gone > 0 ? Reason::success : Reason::no_subscription_existed));
    }
    if (version_ == Version::v3)
        write_unsuback(out, filters->id);
    else
        write_granted5(out, PacketType::unsuback, filters->id, codes);
    return Verdict::more;
}

// --- Commands ----------------------------------------------------------------------------------------------------

const Session::Subscription* Session::subscription(std::string_view topic) const {
    const auto found = std::ranges::find(subscriptions_, topic, &Subscription::topic);
    return found == subscriptions_.end() ? nullptr : &*found;
}

Session::Sending Session::send(std::string_view topic, std::string_view payload, std::string& out) {
    const auto* const subscribed = subscription(topic);
    if (!subscribed) return Sending::not_subscribed;
    constexpr std::size_t around = 5 + 2 + 2 + 1;
    if (commands_.size() >= most_commands_ || around + topic.size() + payload.size() > longest_answer_)
        return Sending::too_many;
    Publish message{.topic = topic, .payload = payload, .qos = subscribed->qos};
    if (message.qos > 0) {
        do {
            if (++last_command_ == 0) last_command_ = 1;
        } while (std::ranges::find(commands_, last_command_) != commands_.end());
        commands_.push_back(message.id = last_command_);
    }
    write_publish(out, message, version_);
    ++common_.counters.commands;
    return Sending::sent;
}

Verdict Session::on_puback(std::string_view body) {
    const auto done = read_puback(body, version_);
    if (!done) return fault(done.error());
    std::erase(commands_, done->id);
    return Verdict::more;
}

}  // namespace shoumen::doors::mqtt
