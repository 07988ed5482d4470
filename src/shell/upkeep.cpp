#include "shell/upkeep.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "protect/vault.hpp"
#include "shell/office.hpp"
#include "shell/persons.hpp"

#include "upkeep_rules.hpp"

namespace shoumen::shell {
namespace {

using model::Item;
using model::Sight;

constexpr std::size_t rows_at_a_time = 20'000;
constexpr std::size_t most_orders_shown = 50;
constexpr base::Duration health_kept_every = base::minutes(10);
constexpr base::Duration found_kept_every = base::seconds(10);
constexpr std::string_view health_key = "upkeep/health";
constexpr std::string_view began_key = "upkeep/began";
constexpr const char* why_context = "upkeep/why";
constexpr std::size_t shortest_why = 6;  // two characters of Chinese
constexpr std::size_t longest_why = 500;

void add_lower(std::string& hay, std::string_view text) {
    for (const char c : text) hay += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    hay += '\n';
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\n') {
            if (!word.empty()) words.push_back(std::move(word));
            word.clear();
        } else {
            word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

std::optional<double> number_of(const model::FlatValue& value) {
    if (const auto* d = std::get_if<double>(&value.value)) return *d;
    return std::nullopt;
}

std::optional<bool> truth_of(const model::FlatValue& value) {
    if (const auto* b = std::get_if<bool>(&value.value)) return *b;
    if (const auto* d = std::get_if<double>(&value.value)) return *d != 0;
    return std::nullopt;
}

// The same for the same message said again. What claims neither an id nor a time may rightly say the same each time.
std::uint64_t mark_of(const Said& said) {
    if (!said.flat.id.empty()) return base::fast_hash(said.flat.id) | 1U;
    if (!said.claimed.is_set()) return 0;
    std::uint64_t mark = static_cast<std::uint64_t>(said.claimed.us) * 0x9e3779b97f4a7c15U;
    for (const auto& value : said.flat.values) {
        mark = mark * 31 + base::fast_hash(value.name);
        if (const auto* d = std::get_if<double>(&value.value)) mark ^= std::hash<double>{}(*d);
        if (const auto* b = std::get_if<bool>(&value.value)) mark += *b ? 7 : 3;
        if (const auto* t = std::get_if<std::string_view>(&value.value)) mark ^= base::fast_hash(*t);
    }
    return mark | 1U;
}

// By its own credential and session; or by the gateway that speaks for it, however that is connected.
std::uint64_t lane_of(const Said& said) {
    if (said.speaker.device != said.device) return (std::uint64_t{said.speaker.device.value} << 1U) | 1U;
    return said.speaker.lane == 0 ? 0 : said.speaker.lane ^ (said.speaker.session * 0x9e3779b97f4a7c15U);
}

}  // namespace

Upkeep::Upkeep(Office& office, Node& node, const ports::Clock& clock, Node::Post post)
    : office_(office), node_(node), clock_(clock), post_(std::move(post)) {}

Upkeep::~Upkeep() {
    node_.on_said({});
    node_.on_announced({});
}

// --- At start ----------------------------------------------------------------------------------------------------

base::Result<void> Upkeep::start() {
    auto reader = node_.reader();
    if (!reader) return tl::unexpected(reader.error());
    reader_ = std::move(*reader);
    auto other = node_.reader();
    if (!other) return tl::unexpected(other.error());
    table_reader_ = std::move(*other);
    auto& rows = reader_->upkeep();
    for (std::string after;;) {
        auto page = rows.device_records(after, rows_at_a_time);
        if (!page) return tl::unexpected(page.error());
        if (page->empty()) break;
        after = page->back().device;
        for (auto& row : *page) records_[row.device] = std::move(row);
    }
    for (;;) {
        auto page = rows.work_orders(next_order_ - 1, rows_at_a_time);
        if (!page) return tl::unexpected(page.error());
        if (page->empty()) break;
        next_order_ = page->back().id + 1;
        for (auto& row : *page) {
            if (!is_over(work_of(row))) live_[{row.device, row.finding}] = row.id;
            orders_[row.id] = std::move(row);
        }
    }
    auto all_rounds = rows.rounds(0, rows_at_a_time);
    auto all_quiet = rows.quiet_windows(0, rows_at_a_time);
    auto found = rows.found_devices();
    if (!all_rounds) return tl::unexpected(all_rounds.error());
    if (!all_quiet) return tl::unexpected(all_quiet.error());
    if (!found) return tl::unexpected(found.error());
    for (auto& row : *all_rounds) {
        next_round_ = row.id + 1;
        rounds_[row.id] = std::move(row);
    }
    const base::Time now = clock_.now();
    for (auto& row : *all_quiet) {
        next_quiet_ = row.id + 1;
        if (std::min(row.until, row.ended) > now) quiet_[row.id] = std::move(row);
    }
    for (auto& row : *found) found_[{row.device, row.speaker}] = std::move(row);
    if (auto done = read_announced(); !done) return done;

    const auto began = reader_->meta(began_key);
    if (!began) return tl::unexpected(began.error());
    began_ = now;
    if (*began) {
        const auto at = base::parse_rfc3339(**began);
        if (at) began_ = *at;
    } else {
        pending_.emplace_back(ports::MetaPut{std::string(began_key), base::format_utc(now)});
    }
    const auto kept = reader_->meta(health_key);
    if (!kept) return tl::unexpected(kept.error());
    if (*kept) {
        base::ByteReader in(**kept);
        (void)health_.decode(in);  // of another form: it is learned again
    }
    health_kept_ = now;
    adopt_policy();
    // The last work on each that somebody has ended.
    for (const auto& [id, row] : orders_) {
        const auto state = work_of(row);
        if ((state == upkeep::Work::done || state == upkeep::Work::dropped) &&
            !live_.contains({row.device, row.finding}))
            look_later(row);
    }
    if (auto rotations = find_rotations(); !rotations) return rotations;
    node_.on_said([this](const Said& said) { on_said(said); });
    node_.on_announced(
        [this](const auto& speaker, auto door, auto devices) { return on_announced(speaker, door, devices); });
    return {};
}

// --- What is known of each ---------------------------------------------------------------------------------------

// Devices that are as they were keep what is known of them; of the others, of which there may be very many at once,
// the words are put together little by little.
void Upkeep::adopt_policy() {
    const auto before = std::exchange(policy_, node_.policy());
    const auto same_place = [](const model::Place& a, const model::Place& b) {
        return std::tie(a.code, a.parent, a.name.zh, a.name.en, a.retired) ==
               std::tie(b.code, b.parent, b.name.zh, b.name.en, b.retired);
    };
    const bool same_places = before && std::ranges::equal(before->places, policy_->places, same_place);
    const auto same_device = [](const model::Device& a, const model::Device& b) {
        return std::tie(a.code, a.kind, a.name.zh, a.name.en, a.place, a.is_gateway, a.retired) ==
               std::tie(b.code, b.kind, b.name.zh, b.name.en, b.place, b.is_gateway, b.retired);
    };
    if (!same_places) entries_.clear();
    watched_.resize(policy_->devices.size());
    for (std::size_t i = 0; i < policy_->devices.size(); ++i) {
        const auto& device = policy_->devices[i];
        if (same_places && i < before->devices.size() && same_device(before->devices[i], device)) continue;
        if (same_places || !device.retired)
            put_entry(device.code);
        else
            watch(model::DeviceId{i});
    }
    if (!same_places) {
        for (const auto& [code, row] : records_) {
            if (!entries_.contains(code)) put_entry(code);
        }
    }
    tell_health();
    fill_hays();
}

void Upkeep::watch(model::DeviceId id) {
    const auto& device = policy_->devices[id.value];
    auto& watched = watched_[id.value];
    const auto record = records_.find(device.code);
    const bool has = record != records_.end();
    // What has been put up and is not called in service yet falls silent, and flat, like the others.
    const bool serves = !has || record->second.stage == to_word(upkeep::Stage::in_service) ||
                        record->second.stage == to_word(upkeep::Stage::installed);
    watched.is_watched = !device.retired && serves && (device.is_gateway || device.kind != model::SignalKind::platform);
    watched.since = has ? record->second.since : began_;
    std::string model = device.is_gateway ? "gateway" : std::string(to_word(device.kind));
    if (has) model += "\n" + record->second.maker + "\n" + record->second.product;
    watched.model = models_.try_emplace(std::move(model), models_.size()).first->second;
}

void Upkeep::tell_health() { health_.watch(watched_, clock_.now(), changes_); }

void Upkeep::put_entry(const std::string& code) {
    const auto id = node_.device(code);
    if (id && id->value < watched_.size()) watch(*id);
    const bool known = id && !policy_->devices[id->value].retired;
    if (!known && !records_.contains(code)) {
        entries_.erase(code);
        return;
    }
    entries_[code] = {known ? *id : model::DeviceId{}, {}, stage_of(code)};
}

void Upkeep::fill_hays() {
    constexpr std::size_t at_a_time = 2'000;
    if (filling_) return;
    std::vector<std::string> codes;
    for (const auto& [code, entry] : entries_) {
        if (entry.hay.empty()) codes.push_back(code);
    }
    if (codes.empty()) return;
    filling_ = true;
    auto fill = std::make_shared<std::function<void(std::size_t)>>();
    *fill = [this, codes = std::move(codes), weak = std::weak_ptr(fill)](std::size_t from) {
        const std::size_t to = std::min(from + at_a_time, codes.size());
        for (std::size_t i = from; i < to; ++i) {
            const auto entry = entries_.find(codes[i]);
            if (entry != entries_.end() && entry->second.hay.empty())
                entry->second.hay = hay_of(entry->first, entry->second.device);
        }
        if (to == codes.size()) {
            filling_ = false;
            return;
        }
        post_([to, again = weak.lock()] { (*again)(to); });
    };
    post_([fill] { (*fill)(0); });
}

std::string Upkeep::hay_of(const std::string& code, model::DeviceId device) const {
    std::string hay;
    add_lower(hay, code);
    if (device.valid()) {
        const auto& d = policy_->devices[device.value];
        add_lower(hay, d.is_gateway ? "gateway" : to_word(d.kind));
        add_lower(hay, d.name.zh);
        add_lower(hay, d.name.en);
    }
    if (const auto row = records_.find(code); row != records_.end()) {
        for (const auto* text :
             {&row->second.kind, &row->second.name, &row->second.maker, &row->second.product, &row->second.serial})
            add_lower(hay, *text);
    }
    for (auto place = place_of(code); place.valid(); place = policy_->places[place.value].parent) {
        const auto& p = policy_->places[place.value];
        if (p.level <= model::PlaceLevel::community) break;
        add_lower(hay, p.code);
        add_lower(hay, p.name.zh);
        add_lower(hay, p.name.en);
    }
    return hay;
}

model::PlaceId Upkeep::place_of(const std::string& code) const {
    if (const auto id = policy_->device_by_code.find(code);
        id != policy_->device_by_code.end() && !policy_->devices[id->second.value].retired)
        return policy_->devices[id->second.value].place;
    const auto row = records_.find(code);
    if (row == records_.end()) return {};
    const auto place = policy_->place_by_code.find(row->second.place);
    if (place == policy_->place_by_code.end() || policy_->places[place->second.value].retired) return {};
    return place->second;
}

upkeep::Stage Upkeep::stage_of(const std::string& code) const {
    const auto row = records_.find(code);
    if (row == records_.end()) return upkeep::Stage::in_service;
    return upkeep::parse_stage(row->second.stage).value_or(upkeep::Stage::in_service);
}

ports::DeviceRecordRow Upkeep::record_of(const std::string& code) const {
    if (const auto row = records_.find(code); row != records_.end()) return row->second;
    ports::DeviceRecordRow made;
    made.device = code;
    made.stage = to_word(upkeep::Stage::in_service);
    made.since = began_;
    if (const auto id = policy_->device_by_code.find(code); id != policy_->device_by_code.end()) {
        const auto& device = policy_->devices[id->second.value];
        if (!device.is_gateway) made.kind = to_word(device.kind);
    }
    return made;
}

std::uint32_t Upkeep::findings_of(model::DeviceId device) const {
    return device.valid() ? health_.findings(device.value) : 0;
}

std::optional<bool> Upkeep::works(model::DeviceId device) const {
    if (!device.valid() || !policy_ || device.value >= policy_->devices.size()) return std::nullopt;
    if (stage_of(policy_->devices[device.value].code) != upkeep::Stage::in_service) return false;
    constexpr auto bit = [](upkeep::Finding f) { return 1U << static_cast<unsigned>(f); };
    if ((findings_of(device) & (bit(upkeep::Finding::silent) | bit(upkeep::Finding::idle))) != 0) return false;
    const bool has_rhythm = device.value < health_.size() && health_.rhythm(device.value).own;
    if (has_rhythm && heard_at(device).is_set()) return true;
    return std::nullopt;
}

base::Time Upkeep::heard_at(model::DeviceId device) const {
    if (!device.valid()) return base::Time::none();
    return std::max(node_.last_heard(device), health_.last_heard(device.value));
}

ports::KeptDevice Upkeep::view_of(const std::string& code, const Entry& entry) const {
    ports::KeptDevice view;
    view.code = code;
    view.device = entry.device;
    view.record = record_of(code);
    view.stage = view.record.stage;
    view.kind = view.record.kind;
    view.gateway = view.record.gateway;
    view.name = {view.record.name.empty() ? code : view.record.name,
                 view.record.name.empty() ? code : view.record.name};
    view.place = place_of(code);
    if (entry.device.valid()) {
        const auto& device = policy_->devices[entry.device.value];
        view.kind = device.is_gateway ? "" : std::string(to_word(device.kind));
        view.name = device.name;
        view.gateway = device.gateway.valid() ? policy_->devices[device.gateway.value].code : "";
        view.by_hand = view.record.place.empty();
        view.clock_wrong = node_.clock_wrong(entry.device);
    }
    view.last_heard = heard_at(entry.device);
    view.has_token = node_.has_token(code);
    const auto bits = findings_of(entry.device);
    for (std::size_t f = 0; f < upkeep::finding_count; ++f) {
        if (bits >> f & 1U) view.findings.emplace_back(to_word(static_cast<upkeep::Finding>(f)));
    }
    view.quiet_until = quiet_until(code);
    return view;
}

// --- Who may -----------------------------------------------------------------------------------------------------

bool Upkeep::may_see(const ports::Session& session, model::PlaceId place) const {
    return office_.may(session, Item::devices, Sight::clear, {.place = place});
}

bool Upkeep::may_change(const ports::Session& session, model::PlaceId place) const {
    return office_.may(session, Item::devices, Sight::change, {.place = place});
}

bool Upkeep::may_change_anywhere(const ports::Session& session) const {
    return office_.may(session, Item::devices, Sight::change, {.anywhere = true});
}

base::Result<const Upkeep::Entry*> Upkeep::entry_for(const ports::Session& session, const std::string& code) const {
    const auto entry = entries_.find(code);
    if (entry == entries_.end() || !may_see(session, place_of(code)))
        return base::fail("unknown-device", "no such device in the community", "device");
    return &entry->second;
}

std::string Upkeep::sealed(const ports::Session& session, const std::string& why, base::Error& wrong) {
    if (why.size() < shortest_why || why.size() > longest_why) {
        wrong = {"reason-needed", "say why, in 6 to 500 bytes", "why"};
        return {};
    }
    if (!node_.vault()) return why;
    std::string owner = "person/" + session.actor.person.code;
    if (!session.actor.person.valid() || !protect::Vault::is_owner(owner)) owner = "account/" + session.account;
    auto made = node_.vault()->seal(owner, why_context, why);
    if (made) return std::move(*made);
    wrong = made.error();
    return {};
}

std::string Upkeep::opened(const std::string& why) const {
    if (!node_.vault() || !protect::Vault::is_sealed(why)) return why;
    return node_.vault()->open(why_context, why).value_or(std::string());
}

ports::ActRow Upkeep::act_of(const ports::Session& session, std::string kind, std::string subject,
                             std::string detail) const {
    ports::ActRow act;
    act.at = clock_.now();
    act.actor = session.actor.person.code;
    act.kind = std::move(kind);
    act.purpose = std::string(model::to_word(model::Purpose::upkeep));
    act.subject = std::move(subject);
    act.detail = std::move(detail);
    return act;
}

// --- Each signal, each second ------------------------------------------------------------------------------------

void Upkeep::on_said(const Said& said) {
    const base::Time now = said.received;
    if (said.device.valid()) {
        upkeep::Heard heard{.device = said.device.value,
                            .received = now,
                            .claimed = said.claimed,
                            .what = mark_of(said),
                            .lane = lane_of(said),
                            .battery_percent = {},
                            .battery_low = {},
                            .tamper = {}};
        for (const auto& value : said.flat.values) {
            if (value.name == "battery" || value.name == "battery_percent") heard.battery_percent = number_of(value);
            if (value.name == "battery_low") heard.battery_low = truth_of(value);
            if (value.name == "tamper") heard.tamper = truth_of(value);
        }
        health_.heard(heard, changes_);
        // A gateway is heard when it speaks for others.
        if (said.speaker.device.valid() && said.speaker.device != said.device)
            health_.heard({.device = said.speaker.device.value,
                           .received = now,
                           .lane = said.speaker.lane,  // it may well have several sessions
                           .passes_on = true,
                           .battery_percent = {},
                           .battery_low = {},
                           .tamper = {}},
                          changes_);
        note_tried(said, now);
        return;
    }
    if (said.refused != "unknown-device" || !said.speaker.device.valid() || !is_shown_name(said.flat.device)) return;
    auto* row =
        put_in_tray(std::string(said.flat.device), node_.policy()->devices[said.speaker.device.value].code, now);
    if (row == nullptr) return;
    row->door = std::string(said.door);
    if (is_device_code(said.flat.kind)) row->kind = std::string(said.flat.kind);
    row->last = now;
    // That it is there must outlive a crash: it may not speak again for a day. How often it spoke may wait.
    if (row->times++ == 0)
        pending_.emplace_back(*row);
    else
        found_changed_.insert({row->device, row->speaker});
}

void Upkeep::check() {
    const base::Time now = clock_.now();
    if (node_.policy() != policy_) adopt_policy();
    health_.look(now, changes_);
    const auto changes = std::exchange(changes_, {});
    apply(changes);
    while (!again_.empty() && again_.begin()->first <= now) {
        const auto gateway = again_.begin()->second;
        again_.erase(again_.begin());
        for (std::size_t i = 0; i < policy_->devices.size(); ++i) {
            if (policy_->devices[i].gateway == gateway) catch_up(model::DeviceId{i}, now);
        }
    }
    check_ended_work(now);
    check_quiet(now);
    check_rotations(now);
    log_work();
    if (now - health_kept_ >= health_kept_every || now < health_kept_) keep_health();
    flush();
}

void Upkeep::keep_health() {
    health_kept_ = clock_.now();
    base::ByteWriter out;
    health_.encode(out);
    pending_.emplace_back(ports::MetaPut{std::string(health_key), out.take()});
}

void Upkeep::keep() {
    const auto changes = std::exchange(changes_, {});
    if (node_.policy() != policy_) adopt_policy();
    apply(changes);
    keep_health();
    flush();
}

void Upkeep::flush() {
    const base::Time now = clock_.now();
    if ((!found_changed_.empty() || !announced_changed_.empty()) &&
        (!found_kept_.is_set() || now - found_kept_ >= found_kept_every)) {
        found_kept_ = now;
        for (const auto& key : found_changed_) pending_.emplace_back(found_[key]);
        found_changed_.clear();
        keep_announced();
    }
    if (pending_.empty()) return;
    node_.write_records(std::exchange(pending_, {}), [](const base::Result<void>&) {});
}

// --- Asking ------------------------------------------------------------------------------------------------------

base::Result<ports::DevicePage> Upkeep::devices(const ports::Session& session, const ports::DeviceQuery& query) {
    if (!office_.admit(session, Item::devices, Sight::clear))
        return base::fail("forbidden", "your roles do not include this");
    if (node_.policy() != policy_) adopt_policy();
    model::PlaceId within = policy_->root;
    if (!query.place.empty()) {
        const auto it = policy_->place_by_code.find(query.place);
        if (it == policy_->place_by_code.end())
            return base::fail("unknown-place", "no such place in the community directory", "place");
        within = it->second;
    }
    const auto stage = query.stage.empty() ? std::nullopt : upkeep::parse_stage(query.stage);
    const auto finding = upkeep::parse_finding(query.finding);
    const bool any_finding = query.finding == "any";
    if ((!query.stage.empty() && !stage) || (!query.finding.empty() && !finding && !any_finding))
        return base::fail("bad-request", "a word that is not one of the list",
                          !query.stage.empty() && !stage ? "stage" : "finding");
    const auto words = words_of(query.text);
    std::vector<std::int8_t> known(policy_->places.size() + 1, -1);  // many hang at one place
    const auto sees = [&](model::PlaceId place) {
        auto& seen = known[place.valid() ? place.value + 1 : 0];
        if (seen < 0) seen = may_see(session, place) ? 1 : 0;
        return seen == 1;
    };
    ports::DevicePage page;
    std::array<std::size_t, upkeep::stage_count> stages{};
    std::array<std::size_t, upkeep::finding_count> findings{};
    for (auto& [code, entry] : entries_) {
        const auto place = entry.device.valid() ? policy_->devices[entry.device.value].place : place_of(code);
        if (!sees(place)) continue;
        ++stages[static_cast<std::size_t>(entry.stage)];
        const auto bits = findings_of(entry.device);
        for (std::size_t f = 0; bits >> f != 0; ++f) findings.at(f) += bits >> f & 1U;
        if (stage ? entry.stage != *stage : entry.stage == upkeep::Stage::retired) continue;
        if (any_finding && bits == 0) continue;
        if (finding && (bits >> static_cast<unsigned>(*finding) & 1U) == 0) continue;
        if (within != policy_->root && (!place.valid() || !policy_->is_within(place, within))) continue;
        if (!words.empty() && entry.hay.empty()) entry.hay = hay_of(code, entry.device);
        if (!std::ranges::all_of(words, [&](const auto& w) { return entry.hay.find(w) != std::string::npos; }))
            continue;
        ++page.found;
        if (code <= query.after && !query.after.empty()) continue;
        if (page.devices.size() < query.limit)
            page.devices.push_back(view_of(code, entry));
        else
            page.more = true;
    }
    for (std::size_t i = 0; i < stages.size(); ++i)
        page.stages[std::string(to_word(static_cast<upkeep::Stage>(i)))] = stages.at(i);
    for (std::size_t i = 0; i < findings.size(); ++i)
        page.findings[std::string(to_word(static_cast<upkeep::Finding>(i)))] = findings.at(i);
    return page;
}

base::Result<ports::KeptDeviceWhole> Upkeep::device(const ports::Session& session, const std::string& code) {
    if (node_.policy() != policy_) adopt_policy();
    const auto entry = entry_for(session, code);
    if (!entry) return tl::unexpected(entry.error());
    ports::KeptDeviceWhole whole;
    whole.device = view_of(code, **entry);
    if (may_change(session, whole.device.place)) {
        for (const auto& choice : upkeep::choices(standing_of(code, **entry)))
            whole.choices.push_back({std::string(to_word(choice.to)), choice.allowed, std::string(choice.reason)});
    }
    auto moves = reader_->upkeep().device_moves(code);
    if (!moves) return tl::unexpected(moves.error());
    whole.moves = std::move(*moves);
    for (auto& move : whole.moves) move.why = opened(move.why);
    for (auto it = orders_.rbegin(); it != orders_.rend() && whole.orders.size() < most_orders_shown; ++it) {
        if (it->second.device != code) continue;
        whole.orders.push_back(it->second);
        whole.orders.back().why = opened(it->second.why);
    }
    if ((*entry)->device.valid()) {
        const auto rhythm = health_.rhythm((*entry)->device.value);
        whole.rhythm_gaps = rhythm.gaps;
        whole.rhythm_usual = rhythm.usual;
        whole.silent_after = rhythm.silent_after;
        whole.rhythm_own = rhythm.own;
    }
    if (const auto rotation = rotations_.find(code); rotation != rotations_.end())
        whole.old_tokens_until = rotation->second.until;
    return whole;
}

}  // namespace shoumen::shell
