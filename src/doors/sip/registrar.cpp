#include "doors/sip/registrar.hpp"

#include <algorithm>
#include <charconv>
#include <random>

#include <fmt/format.h>

#include "model/national.hpp"

namespace shoumen::doors::sip {

namespace {

constexpr std::string_view door = "sip";
constexpr std::string_view kept_registration = "registration";
constexpr std::string_view allowed = "REGISTER, MESSAGE, NOTIFY, OPTIONS";
constexpr std::uint32_t usual_expiry_s = 3'600;
constexpr std::uint32_t shortest_expiry_s = 60;
constexpr std::uint32_t longest_expiry_s = 86'400;
constexpr std::int64_t remembered_ms = 64'000;  // a message and its answer; twice what RFC 3261 asks for (64 T1)
constexpr std::size_t most_remembered = 200'000;
constexpr std::size_t most_registrations = 20'000;
constexpr std::size_t most_asked = 20'000;
constexpr unsigned unproven_a_minute = 10;

bool is_plain(std::string_view text) {
    return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

std::string host_of(const std::string& address) {
    return address.find(':') == std::string::npos ? address : fmt::format("[{}]", address);
}

std::string key_of(const Message& m) {
    return fmt::format("{}\n{}\n{}\n{}\n{}", m.method, m.branch, m.call_id, m.sequence, m.from_user);
}

bool is_alarm(const NationalBody& body) { return body.root() == "Notify" && body.command() == "Alarm"; }

// The network's time as the standard has it: local, without a zone.
std::string date_of(base::Time now, const base::Zone& zone) {
    const auto t = zone.local(now);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}", t.year, t.month, t.day, t.minute / 60,
                       t.minute % 60, t.second, now.us / 1'000 % 1'000);
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        out.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return out;
}

template <class T>
T number_of(std::string_view text) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

Registrar::Registrar(ports::Intake& intake, ports::CameraBook& book, RegistrarOptions options)
    : intake_(intake), book_(book), options_(std::move(options)) {
    std::random_device chance;
    instance_ = fmt::format("{:08x}{:08x}", chance(), chance());
    serial_ = chance() % 100'000;
}

void Registrar::at(std::string address, std::uint16_t port) {
    options_.address = std::move(address);
    options_.port = port;
}

void Registrar::start(std::int64_t now_ms) {
    now_ms_ = now_ms;
    const auto policy = intake_.policy();
    if (!policy) return;
    std::size_t taken_up = 0;
    for (const auto& device : policy->devices) {
        const auto national = model::national_code_of(*policy, device.code);
        if (!device.retired && !national.empty() && take_up(std::string(national), device.code)) ++taken_up;
    }
    count();
    if (taken_up > 0) log(false, fmt::format("{} devices were registered before, and are taken to be still", taken_up));
}

bool Registrar::take_up(const std::string& national, std::string_view device) {
    const auto text = book_.kept(national, kept_registration);
    if (!text || text->empty()) return false;
    const auto lines = lines_of(*text);
    constexpr std::size_t wanted = 7;
    if (lines.size() < wanted || lines[0] != "1" || lines[1] != device) return false;
    const auto token = book_.password(device);
    if (!token || !intake_.speaker(*token)) return false;
    Registration r;
    r.device = device;
    r.token = *token;
    r.peer = {lines[2], number_of<std::uint16_t>(lines[3]), lines[4] == "tcp", 0};
    r.granted_s = number_of<std::int64_t>(lines[5]);
    r.call_id = lines[6];
    r.expires_ms = now_ms_ + r.granted_s * 1'000;
    r.heard_ms = now_ms_;
    registrations_[national] = std::move(r);
    return true;
}

void Registrar::keep(const std::string& national, const Registration& r, std::function<void()> done) {
    book_.keep(national, kept_registration,
               fmt::format("1\n{}\n{}\n{}\n{}\n{}\n{}\n", r.device, r.peer.address, r.peer.port,
                           r.peer.stream ? "tcp" : "udp", r.granted_s, r.call_id),
               std::move(done));
}

std::vector<Outgoing> Registrar::take() { return std::exchange(out_, {}); }

void Registrar::count() {
    counters_.registered = registrations_.size();
    counters_.silent = static_cast<std::uint64_t>(
        std::ranges::count_if(registrations_, [](const auto& r) { return r.second.silent; }));
}

void Registrar::log(bool warning, std::string_view line) const {
    if (options_.log) options_.log(warning, line);
}

std::string Registrar::fresh_word() { return fmt::format("{}{:x}", instance_, ++words_); }

// --- What comes --------------------------------------------------------------------------------------------------

void Registrar::receive(std::string_view bytes, const Peer& from, std::int64_t now_ms) {
    now_ms_ = now_ms;
    if (bytes.find_first_not_of("\r\n \t\0") == std::string_view::npos) return;  // keeps a path through a router open
    const auto m = read_message(bytes);
    if (!m) {
        ++counters_.faults;
        return log(true, fmt::format("what came from {} could not be read: {}", from.address, m.error().message));
    }
    ++counters_.messages;
    if (!m->is_request()) return on_answer(*m);
    if (m->method == "ACK") return;
    const auto key = key_of(*m);
    if (const auto before = taken_.find(key); before != taken_.end()) {
        ++counters_.repeats;
        if (!before->second.answer.empty()) out_.push_back({from, before->second.answer});
        return;
    }
    if (m->method == "REGISTER") return on_register(*m, from, key);
    if (m->method == "MESSAGE" || m->method == "NOTIFY") return on_command(*m, from, key);
    const bool asks = m->method == "OPTIONS";
    answer(*m, from, {}, asks ? 200 : 405, asks ? "OK" : "Method Not Allowed", {{"Allow", std::string(allowed)}});
}

void Registrar::answer(const Message& m, const Peer& to, const std::string& key, int status, std::string_view reason,
                       const Headers& more) {
    auto bytes = write_answer(m, {to.address, to.port}, status, reason, fresh_word(), more);
    if (const auto under_way = taken_.find(key); under_way != taken_.end()) {
        under_way->second.ticket = 0;
        under_way->second.answer = bytes;
    } else if (!key.empty() && taken_.size() < most_remembered) {
        taken_order_.emplace_back(now_ms_ + remembered_ms, key);
        taken_[key] = {0, bytes, now_ms_ + remembered_ms};
    }
    out_.push_back({to, std::move(bytes)});
}

void Registrar::answer_later(std::uint64_t ticket, Waiting waiting, const std::string& key) {
    taken_[key] = {ticket, {}, now_ms_ + remembered_ms};
    taken_order_.emplace_back(now_ms_ + remembered_ms, key);
    waiting.ticket = ticket;
    waiting.key = key;
    waiting_.push_back(std::move(waiting));
    progress();
}

void Registrar::progress() {
    const auto committed = intake_.committed();
    while (!waiting_.empty() && waiting_.front().ticket <= committed) {
        const auto w = std::move(waiting_.front());
        waiting_.pop_front();
        if (const auto t = taken_.find(w.key); t != taken_.end()) t->second = {0, w.answer, t->second.until_ms};
        out_.push_back({w.to, w.answer});
        const auto r = registrations_.find(w.national);
        if (r == registrations_.end() || w.command.empty() || !is_plain(w.serial) || !is_plain(w.channel)) continue;
        message(w.national, r->second, "answer",
                fmt::format("<?xml version=\"1.0\" encoding=\"GB2312\"?>\r\n<Response>\r\n<CmdType>{}</CmdType>\r\n"
                            "<SN>{}</SN>\r\n<DeviceID>{}</DeviceID>\r\n<Result>OK</Result>\r\n</Response>\r\n",
                            w.command, w.serial, w.channel));
    }
}

// --- Who it is ---------------------------------------------------------------------------------------------------

void Registrar::challenge(const Message& m, const Peer& from, bool stale) {
    ++counters_.challenges;
    answer(m, from, {}, 401, "Unauthorized",
           {{"WWW-Authenticate", fmt::format("Digest realm=\"{}\", nonce=\"{}\", algorithm=MD5, qop=\"auth\"{}",
                                             realm(), nonces_.make(now_ms_ / 1'000), stale ? ", stale=true" : "")}});
}

Registrar::Proof Registrar::prove(const Message& m) {
    const auto state = nonces_.judge(m.credentials->nonce, now_ms_ / 1'000);
    if (state != Nonces::State::good) return {.wrong = "its nonce is used up", .stale = true};
    if (!model::is_national_code(m.from_user)) return {.wrong = "its name has not 20 digits"};
    const auto policy = intake_.policy();
    const std::string device(policy ? model::device_of_name(*policy, m.from_user) : std::string_view(m.from_user));
    if (!intake_.device(device)) return {.wrong = "no device of the community has this code"};
    const auto token = book_.password(device);
    if (!token) return {.wrong = "the device was given no password: give it a token"};
    if (m.credentials->realm != realm() || !digest_matches(*m.credentials, m.method, *token))
        return {.wrong = "wrong password"};
    const auto speaker = intake_.speaker(*token);
    if (!speaker) return {.wrong = "its password was revoked"};
    nonces_.use(m.credentials->nonce, now_ms_ / 1'000);
    return {.who = {*speaker, device}, .token = *token};
}

std::optional<Registrar::Speaking> Registrar::speaking(const Message& m, const Peer& from) {
    const auto found = registrations_.find(m.from_user);
    if (found != registrations_.end() && found->second.peer.address == from.address) {
        Registration& r = found->second;
        if (const auto speaker = intake_.speaker(r.token)) {
            r.peer = from;  // a router in between gives it another port now and then
            return Speaking{*speaker, r.device};
        }
        log(true, fmt::format("{} may not speak any more: its password was revoked", m.from_user));
        book_.keep(found->first, kept_registration, {}, [] {});
        registrations_.erase(found);
        count();
    }
    if (!m.credentials) return {};
    auto proof = prove(m);
    if (!proof.wrong.empty()) return {};
    return std::move(proof.who);
}

// --- Registering -------------------------------------------------------------------------------------------------

void Registrar::on_register(const Message& m, const Peer& from, const std::string& key) {
    if (!m.credentials) return challenge(m, from, false);
    auto proof = prove(m);
    if (proof.stale) return challenge(m, from, true);
    if (!proof.wrong.empty()) {
        ++counters_.refused;
        log(true,
            fmt::format("{} at {} was turned away: {}", model::is_national_code(m.from_user) ? m.from_user : "somebody",
                        from.address, proof.wrong));
        return answer(m, from, key, 403, "Forbidden");
    }
    const auto wanted = m.expires.value_or(usual_expiry_s);
    if (wanted == 0) return unregister(m, from, key);
    if (wanted < shortest_expiry_s)
        return answer(m, from, key, 423, "Interval Too Brief", {{"Min-Expires", std::to_string(shortest_expiry_s)}});
    if (registrations_.size() >= most_registrations && !registrations_.contains(m.from_user))
        return answer(m, from, key, 503, "Service Unavailable", {{"Retry-After", "60"}});
    Registration fresh;
    fresh.device = proof.who.device;
    fresh.token = std::move(proof.token);
    fresh.peer = from;
    fresh.call_id = m.call_id;
    fresh.granted_s = std::min(wanted, longest_expiry_s);
    fresh.expires_ms = now_ms_ + fresh.granted_s * 1'000;
    fresh.heard_ms = now_ms_;
    registered(m, from, key, std::move(fresh));
}

void Registrar::registered(const Message& m, const Peer& from, const std::string& key, Registration fresh) {
    ++counters_.registrations;
    const auto found = registrations_.find(m.from_user);
    const bool again = found != registrations_.end() && found->second.call_id == fresh.call_id &&
                       found->second.peer.address == from.address && found->second.device == fresh.device;
    if (found != registrations_.end()) {
        const Registration& old = found->second;
        if (old.peer.address != from.address)
            log(true, fmt::format("{} now registers from {}, before from {}: if both are there, two devices bear one "
                                  "code",
                                  m.from_user, from.address, old.peer.address));
        fresh.silent = old.silent;
        fresh.told_ms = old.told_ms;
        if (again) {
            fresh.subscription = old.subscription;
            fresh.catalogue = old.catalogue;
        }
    } else {
        log(false, fmt::format("{} has registered from {}", m.from_user, from.address));
    }
    Registration& r = registrations_[m.from_user] = std::move(fresh);
    count();
    taken_[key] = {UINT64_MAX, {}, now_ms_ + remembered_ms};
    taken_order_.emplace_back(now_ms_ + remembered_ms, key);
    const auto granted = r.granted_s;
    keep(m.from_user, r, [this, alive = std::weak_ptr(alive_), m, from, key, granted, again] {
        if (alive.expired()) return;
        const auto policy = intake_.policy();
        Headers more{{"Date", date_of(options_.now(), policy ? policy->zone : base::Zone())},
                     {"Expires", std::to_string(granted)}};
        if (!m.contact.empty()) more.emplace_back("Contact", fmt::format("<{}>;expires={}", m.contact, granted));
        answer(m, from, key, 200, "OK", more);
        const auto now_there = registrations_.find(m.from_user);
        if (now_there != registrations_.end()) {
            heard(now_there->first, now_there->second);
            if (!again) {
                ask_catalogue(now_there->first, now_there->second);
                subscribe(now_there->first, now_there->second);
            }
        }
        if (options_.wake) options_.wake();
    });
}

void Registrar::unregister(const Message& m, const Peer& from, const std::string& key) {
    if (const auto found = registrations_.find(m.from_user); found != registrations_.end()) {
        log(false, fmt::format("{} has signed off", m.from_user));
        tell(found->second, false);
        registrations_.erase(found);
        count();
        book_.keep(m.from_user, kept_registration, {}, [] {});
    }
    answer(m, from, key, 200, "OK", {{"Expires", "0"}});
}

// --- Commands of devices -----------------------------------------------------------------------------------------

void Registrar::on_command(const Message& m, const Peer& from, const std::string& key) {
    const auto who = speaking(m, from);
    if (!who) {
        unproven(m, from);
        return challenge(m, from, m.credentials.has_value());
    }
    const auto found = registrations_.find(m.from_user);
    if (found != registrations_.end()) heard(found->first, found->second);
    if (const auto read = body_.read(m.body); !read) return refuse(m, from, key, *who, read.error());
    if (is_alarm(body_)) return on_alarm(m, from, key, *who);
    if (found != registrations_.end()) {
        if (body_.root() == "Notify" && body_.command() == "Keepalive") on_keepalive(found->second);
        if (body_.root() == "Response" && body_.command() == "Catalog") on_catalogue(found->first, found->second);
    }
    answer(m, from, key, 200, "OK");
}

void Registrar::on_keepalive(Registration& r) {
    ++counters_.keepalives;
    static_cast<void>(r);
}

// An alarm of somebody who has not proved who it is: kept, so that it can be seen, and taken for nothing.
void Registrar::unproven(const Message& m, const Peer& from) {
    if (!model::is_national_code(m.from_user) || !body_.read(m.body) || !is_alarm(body_)) return;
    ++counters_.unproven;
    const auto policy = intake_.policy();
    if (!policy || !intake_.device(model::device_of_name(*policy, m.from_user))) return;
    if (now_ms_ - unproven_since_ms_ > 60'000) {
        unproven_since_ms_ = now_ms_;
        unproven_kept_ = 0;
    }
    if (++unproven_kept_ > unproven_a_minute) return;
    log(true, fmt::format("an alarm of {} came from {}, where it has not registered: it is in the quarantine",
                          m.from_user, from.address));
    const base::Error why{
        "not-registered",
        "an alarm in this device's name came from an address where it has not registered: look at the "
        "device, and whether it has the right password",
        ""};
    if (intake_.refuse({}, door, why, m.body).admission == ports::Admission::quarantined) ++counters_.quarantined;
}

void Registrar::refuse(const Message& m, const Peer& from, const std::string& key, const Speaking& who,
                       const base::Error& why) {
    const auto done = intake_.refuse(who.speaker, door, why, m.body);
    if (done.admission == ports::Admission::busy) return void(++counters_.stalls);
    ++counters_.quarantined;
    answer_later(done.ticket,
                 {.to = from,
                  .answer = write_answer(m, {from.address, from.port}, 400, "Bad Request", fresh_word(),
                                         {{"Warning", fmt::format("399 shoumen \"{}\"", why.code)}})},
                 key);
}

void Registrar::on_alarm(const Message& m, const Peer& from, const std::string& key, const Speaking& who) {
    auto alarm = body_.alarm();
    if (alarm.channel.empty()) alarm.channel = m.from_user;
    const auto policy = intake_.policy();
    std::string device(policy ? model::device_of_name(*policy, alarm.channel) : std::string_view(alarm.channel));
    auto kind = model::SignalKind::resident_camera;
    std::string time;
    if (policy) {
        time = time_of(alarm.time, policy->zone);
        auto id = intake_.device(device);
        // A recorder has no kind; what it says of itself is said of our link to it.
        if (id && policy->devices[id->value].is_gateway) {
            const auto link = std::ranges::find_if(policy->devices, [&](const model::Device& d) {
                return d.kind == model::SignalKind::link && d.gateway == *id && !d.is_gateway && !d.retired;
            });
            if (link != policy->devices.end()) {
                device = link->code;
                id = intake_.device(device);
            }
        }
        if (id) kind = policy->devices[id->value].kind;
    }
    const auto values = values_of(alarm, kind);
    const auto message_id = fmt::format("gb28181 {} {} {} {}.{}", alarm.channel.substr(0, 32),
                                        alarm.serial.substr(0, 20), alarm.time.substr(0, 32), alarm.method, alarm.type);
    model::FlatSignal signal;
    signal.id = message_id;
    signal.device = device;
    signal.time = time;
    signal.values = values;
    const auto done = intake_.submit(who.speaker, door, signal, m.body);
    if (done.admission == ports::Admission::busy) return void(++counters_.stalls);
    ++counters_.alarms;
    if (done.admission == ports::Admission::quarantined) {
        ++counters_.quarantined;
        log(true, fmt::format("an alarm of {} is in the quarantine: {}", m.from_user,
                              done.error ? done.error->code : "unknown"));
    }
    Waiting waiting{.to = from, .answer = write_answer(m, {from.address, from.port}, 200, "OK", fresh_word())};
    if (m.method == "MESSAGE") {
        waiting.national = m.from_user;
        waiting.command = "Alarm";
        waiting.serial = alarm.serial;
        waiting.channel = alarm.channel;
    }
    answer_later(done.ticket, std::move(waiting), key);
}

// --- Being there -------------------------------------------------------------------------------------------------

void Registrar::heard(const std::string& national, Registration& r) {
    r.heard_ms = now_ms_;
    if (r.silent) {
        if (!tell(r, true)) return;
        r.silent = false;
        count();
        return log(false, fmt::format("{} is heard again", national));
    }
    if (r.told_ms == 0 || now_ms_ - r.told_ms >= options_.told_every_ms) tell(r, true);
}

bool Registrar::tell(Registration& r, bool online) {
    const auto policy = intake_.policy();
    const auto speaker = intake_.speaker(r.token);
    if (!policy || !speaker || speaker->device.value >= policy->devices.size()) return true;
    const std::vector<model::FlatValue> values{{"online", online}};
    bool taken = true;
    const auto say = [&](const model::Device& device) {
        model::FlatSignal signal;
        signal.device = device.code;
        signal.values = values;
        taken = intake_.submit(*speaker, door, signal, {}).admission != ports::Admission::busy && taken;
    };
    const model::Device& own = policy->devices[speaker->device.value];
    if (!own.is_gateway) {
        say(own);
    } else {
        for (const model::Device& d : policy->devices) {
            if (d.kind == model::SignalKind::link && d.gateway == speaker->device && !d.is_gateway && !d.retired)
                say(d);
        }
    }
    if (taken) r.told_ms = now_ms_;
    return taken;
}

void Registrar::tick(std::int64_t now_ms) {
    now_ms_ = now_ms;
    while (!taken_order_.empty() && taken_order_.front().first <= now_ms_) {
        const auto t = taken_.find(taken_order_.front().second);
        if (t != taken_.end() && t->second.until_ms <= now_ms_) taken_.erase(t);
        taken_order_.pop_front();
    }
    for (auto it = registrations_.begin(); it != registrations_.end();) {
        const auto current = it++;
        if (now_ms_ < current->second.expires_ms) {
            look_after(current->first, current->second);
            continue;
        }
        if (!current->second.silent && !tell(current->second, false)) continue;  // said at the next tick
        log(true, fmt::format("{} has not registered anew in time", current->first));
        book_.keep(current->first, kept_registration, {}, [] {});
        registrations_.erase(current);
    }
    for (auto it = asked_.begin(); it != asked_.end();) {
        Asked& a = it->second;
        if (now_ms_ >= a.give_up_ms) {
            ++counters_.unanswered;
            it = asked_.erase(it);
            continue;
        }
        if (now_ms_ >= a.again_ms && !a.to.stream) {
            ++counters_.sent_again;
            a.wait_ms = std::min<std::int64_t>(2 * a.wait_ms, 4'000);
            a.again_ms = now_ms_ + a.wait_ms;
            out_.push_back({a.to, a.bytes});
        }
        ++it;
    }
    count();
}

void Registrar::look_after(const std::string& national, Registration& r) {
    if (!r.silent && now_ms_ - r.heard_ms > options_.keepalive_ms * options_.missed && tell(r, false)) {
        r.silent = true;
        ++counters_.lost;
        log(true, fmt::format("{} has missed {} keep-alives", national, options_.missed));
    }
    if (r.silent) return;
    constexpr std::int64_t patience_ms = 5'000;
    constexpr int most_tries = 3;
    if (r.catalogue.serial != 0 && now_ms_ - r.catalogue.last_ms > patience_ms) {
        if (r.catalogue.tries < most_tries)
            ask_catalogue(national, r);
        else
            finish_catalogue(national, r);
    }
    if (r.subscription.renew_ms > 0 && now_ms_ >= r.subscription.renew_ms) subscribe(national, r);
}

void Registrar::gone(std::uint64_t connection) {
    for (auto& [national, r] : registrations_) {
        if (r.peer.stream && r.peer.connection == connection) r.peer.connection = 0;
    }
}

// --- What we ask -------------------------------------------------------------------------------------------------

void Registrar::ask(const std::string& national, const Registration& r, std::string what, Request request) {
    if (asked_.size() >= most_asked || (r.peer.stream && r.peer.connection == 0)) return;
    const auto branch = "z9hG4bK" + fresh_word();
    request.target = fmt::format("sip:{}@{}:{}", national, host_of(r.peer.address), r.peer.port);
    request.via = fmt::format("SIP/2.0/{} {}:{};rport;branch={}", r.peer.stream ? "TCP" : "UDP",
                              host_of(options_.address), options_.port, branch);
    if (request.from.empty()) request.from = fmt::format("<sip:{}@{}>;tag={}", options_.code, realm(), fresh_word());
    if (request.to.empty()) request.to = fmt::format("<sip:{}@{}>", national, realm());
    if (request.call_id.empty()) request.call_id = fmt::format("{}@{}", fresh_word(), options_.address);
    constexpr std::int64_t first_wait_ms = 500;  // T1 of RFC 3261
    constexpr std::int64_t longest_ms = 32'000;
    Asked asked{r.peer,        write_request(request), national, std::move(what), now_ms_ + first_wait_ms,
                first_wait_ms, now_ms_ + longest_ms};
    out_.push_back({r.peer, asked.bytes});
    asked_.emplace(branch, std::move(asked));
}

void Registrar::message(const std::string& national, const Registration& r, std::string what, const std::string& body) {
    Request request;
    request.method = "MESSAGE";
    request.content_type = "Application/MANSCDP+xml";
    request.body = body;
    ask(national, r, std::move(what), std::move(request));
}

void Registrar::on_answer(const Message& m) {
    constexpr int final = 200;
    constexpr int refused = 300;
    const auto found = asked_.find(m.branch);
    if (found == asked_.end() || m.status < final) return;
    const auto asked = std::move(found->second);
    asked_.erase(found);
    const auto r = registrations_.find(asked.national);
    if (r == registrations_.end() || asked.what != "subscribe") return;
    Subscription& s = r->second.subscription;
    if (m.call_id != s.call_id) return;
    if (m.status < refused) {
        s.to = m.to;
        const auto granted = std::int64_t{m.expires.value_or(usual_expiry_s)};
        s.renew_ms = now_ms_ + std::max<std::int64_t>(granted * 800, 30'000);
        return;
    }
    const bool had_one = !s.to.empty();
    s = {};
    if (had_one) return subscribe(r->first, r->second);  // it knows nothing of it any more
    s.refused = true;
    log(false, fmt::format("{} takes no subscription to its alarms ({}): it sends them by itself, or not at all",
                           r->first, m.status));
}

void Registrar::subscribe(const std::string& national, Registration& r) {
    Subscription& s = r.subscription;
    if (s.refused) return;
    if (s.call_id.empty()) {
        s.call_id = fmt::format("{}@{}", fresh_word(), options_.address);
        s.from = fmt::format("<sip:{}@{}>;tag={}", options_.code, realm(), fresh_word());
    }
    s.renew_ms = now_ms_ + 60'000;  // until it has answered
    Request request;
    request.method = "SUBSCRIBE";
    request.content_type = "Application/MANSCDP+xml";
    const auto body = fmt::format(
        "<?xml version=\"1.0\" encoding=\"GB2312\"?>\r\n<Query>\r\n<CmdType>Alarm</CmdType>\r\n<SN>{}</SN>\r\n"
        "<DeviceID>{}</DeviceID>\r\n<StartAlarmPriority>0</StartAlarmPriority>\r\n"
        "<EndAlarmPriority>0</EndAlarmPriority>\r\n<AlarmMethod>0</AlarmMethod>\r\n</Query>\r\n",
        ++serial_, national);
    request.body = body;
    request.call_id = s.call_id;
    request.from = s.from;
    request.to = s.to;
    request.sequence = ++s.sequence;
    request.more = {{"Contact", fmt::format("<sip:{}@{}:{}>", options_.code, host_of(options_.address), options_.port)},
                    {"Event", "presence"},
                    {"Expires", std::to_string(usual_expiry_s)}};
    ask(national, r, "subscribe", std::move(request));
}

void Registrar::ask_catalogue(const std::string& national, Registration& r) {
    Catalogue& c = r.catalogue;
    if (c.serial == 0) c = {};
    c.serial = ++serial_;
    c.last_ms = now_ms_;
    ++c.tries;
    message(national, r, "catalogue",
            fmt::format("<?xml version=\"1.0\" encoding=\"GB2312\"?>\r\n<Query>\r\n<CmdType>Catalog</CmdType>\r\n"
                        "<SN>{}</SN>\r\n<DeviceID>{}</DeviceID>\r\n</Query>\r\n",
                        c.serial, national));
}

void Registrar::on_catalogue(const std::string& national, Registration& r) {
    Catalogue& c = r.catalogue;
    if (c.serial == 0) return;
    // What comes late belongs to an earlier question of ours, and is as good.
    auto part = body_.catalogue();
    c.sum = std::min(part.sum, most_channels);
    c.last_ms = now_ms_;
    for (auto& channel : part.channels) {
        if (c.channels.size() >= most_channels) break;
        auto code = channel.code;
        c.channels.insert_or_assign(std::move(code), std::move(channel));
    }
    if (c.channels.size() >= c.sum) finish_catalogue(national, r);
}

// What nobody has entered waits to be taken in. In the log codes are said, names are not: whoever put the channels in
// may have named people.
void Registrar::finish_catalogue(const std::string& national, Registration& r) {
    const Catalogue c = std::exchange(r.catalogue, {});
    const bool complete = c.channels.size() >= c.sum;
    const auto policy = intake_.policy();
    constexpr std::size_t most_named = 20;
    std::size_t unknown = 0;
    std::string named;
    std::vector<ports::Announced> announced;
    for (const auto& [code, channel] : c.channels) {
        if (policy && intake_.device(model::device_of_name(*policy, code))) continue;
        if (++unknown <= most_named && is_plain(code)) named += (named.empty() ? "" : " ") + code;
        if (!is_of_a_device(code) || code == national) continue;
        const auto kind = kind_of_channel(code);
        announced.push_back({code, kind ? std::string(to_word(*kind)) : "", channel.name, channel.maker, channel.model,
                             channel.parent});
    }
    ++counters_.catalogues;
    if (!complete) ++counters_.catalogues_incomplete;
    const auto speaker = intake_.speaker(r.token);
    const bool speaks_for_them = speaker && speaker->is_gateway;
    std::size_t waiting = 0;
    if (speaks_for_them && !announced.empty()) waiting = intake_.announce(*speaker, door, announced);
    counters_.announced += waiting;
    std::string more;
    if (waiting > 0) more += fmt::format("; {} wait to be taken in", waiting);
    if (speaks_for_them && waiting < announced.size())
        more += fmt::format("; {} do not: nobody wants them, or too many wait already", announced.size() - waiting);
    if (!speaks_for_them && !announced.empty())
        more += "; it is not entered as a gateway, so none of them can be taken in as a device of its own";
    if (!complete) more += fmt::format("; it says that there are {}: packets were lost", c.sum);
    log(!complete, fmt::format("the catalogue of {} holds {} channels, {} of them not in the directory{}{}{}", national,
                               c.channels.size(), unknown, named.empty() ? "" : ": " + named,
                               unknown > most_named ? " and more" : "", more));
}

}  // namespace shoumen::doors::sip
