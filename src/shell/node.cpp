#include "shell/node.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "protect/password.hpp"
#include "protect/vault.hpp"
#include "sense/decode.hpp"
#include "sense/intake.hpp"

#include "writer.hpp"

namespace shoumen::shell {
namespace {

constexpr std::size_t quarantined_bytes_kept = 4096;
constexpr std::size_t topic_bytes_kept = 1024;
constexpr std::size_t sealed_bytes_kept = 4000;  // so that what is sealed is no longer than what is kept
// Received by any process before this is a clock that was never set; the log's own last time counts then.
constexpr base::Time implausibly_early{946'684'800'000'000};  // 2000-01-01

std::string text_context(model::Handle handle) { return "text/" + std::to_string(handle.value); }
std::string payload_context(const base::Digest& hash) { return "quarantine/" + base::to_hex(hash); }
std::string topic_context(const base::Digest& hash) { return "quarantine-topic/" + base::to_hex(hash); }

// Free text into the batch: a random handle and a salted hash in the log, the text itself in a row that can be erased.
class Keeper final : public sense::TextKeeper {
public:
    // vault: null, or one that holds the owner's key already, so that sealing needs no disk.
    Keeper(ports::Random& random, model::Batch& batch, std::vector<ports::TextRow>& rows, std::size_t& bytes,
           protect::Vault* vault, std::string owner)
        : random_(random), batch_(batch), rows_(rows), bytes_(bytes), vault_(vault), owner_(std::move(owner)) {}

    std::uint64_t keep(std::string_view text) override {
        ports::TextRow row;
        // Handles travel through the database as signed 64-bit numbers, and 0 means none.
        row.handle = model::Handle{(random_.number() >> 1U) | 1U};
        random_.fill(row.salt);
        row.text = std::string(text);
        const std::string salted = std::string(base::as_bytes(row.salt)) + row.text;
        batch_.texts.push_back({row.handle, base::sha256(salted)});
        bytes_ += text.size();
        if (vault_) {
            auto sealed = vault_->seal(owner_, text_context(row.handle), text);
            protect::wipe(row.text);
            if (sealed) row.text = std::move(*sealed);  // else nothing is kept rather than the words in clear
        }
        rows_.push_back(std::move(row));
        return batch_.texts.size() - 1;
    }

private:
    ports::Random& random_;
    model::Batch& batch_;
    std::vector<ports::TextRow>& rows_;
    std::size_t& bytes_;
    protect::Vault* vault_;
    std::string owner_;
};

}  // namespace

Node::Node(std::unique_ptr<ports::Store> store, const ports::Clock& clock, ports::Random& random, NodeOptions options,
           Post post)
    : clock_(clock),
      random_(random),
      options_(std::move(options)),
      post_(std::move(post)),
      writer_(std::make_unique<Writer>(*this, std::move(store))) {
    if (!options_.log) options_.log = [](const ports::LogEntry&) {};
}

Node::~Node() { stop(); }

base::Result<void> Node::start(std::shared_ptr<const model::Policy> fresh, std::string files) {
    if (auto done = writer_->recover(); !done) return done;
    if (fresh) {
        if (auto done = writer_->take_force(std::move(fresh), std::move(files)); !done) return done;
    }
    policy_ = writer_->policies.empty() ? nullptr : writer_->policies.rbegin()->second;
    if (!policy_)
        return base::fail("no-policy", "this data directory holds no community yet; name one with --community");
    heard_.resize(policy_->devices.size());
    const auto& intake = writer_->core->windows().intake;
    for (std::size_t i = 0; i < heard_.size(); ++i) {
        heard_[i] = {intake.last_heard(model::DeviceId{i}), intake.clock_wrong(model::DeviceId{i})};
    }
    writer_->launch();
    return {};
}

void Node::stop() {
    if (writer_) writer_->stop();
}

void Node::activate(const std::shared_ptr<const model::Policy>& before, std::shared_ptr<const model::Policy> fresh,
                    std::string files, RecordsDone done, std::vector<ports::RecordWrite> more) {
    if (policy_ != before || fresh->version != before->version + 1)
        return done(base::fail("policy-changed", "another policy has taken force meanwhile; try again"));
    base::ByteWriter compiled;
    encode(*fresh, compiled);
    const std::lock_guard lock(writer_->mutex);
    Pending& p = writer_->pending;
    const base::Time received = stamp();
    p.batch.inputs.push_back({model::InputType::policy, static_cast<std::uint32_t>(p.batch.policies.size()), received});
    p.batch.policies.push_back({fresh->version, fresh->digest});
    p.records.push_back(ports::PolicyRow{fresh->version, fresh->digest, received, std::move(files), compiled.take()});
    std::move(more.begin(), more.end(), std::back_inserter(p.records));
    p.fresh.push_back(fresh);
    p.record_writes.push_back(std::move(done));
    ++p.last_ticket;
    heard_.resize(std::max(heard_.size(), fresh->devices.size()));
    policy_ = std::move(fresh);
    if (writer_->waiting) writer_->wake.notify_one();
}

bool Node::turn() { return writer_->turn(); }

std::optional<ports::Speaker> Node::speaker(std::string_view token) {
    const auto it = tokens_.find(protect::token_hash(token));
    if (it == tokens_.end()) return std::nullopt;
    const auto id = device(it->second);
    if (!id || policy_->devices[id->value].retired) return std::nullopt;
    if (!first_uses_.empty()) {
        if (auto use = first_uses_.extract(it->first)) post_(std::move(use.mapped()));
    }
    return ports::Speaker{*id, policy_->devices[id->value].is_gateway, base::fast_hash(base::as_bytes(it->first))};
}

std::optional<model::DeviceId> Node::device(std::string_view code) {
    const auto it = policy_->device_by_code.find(code);
    if (it == policy_->device_by_code.end()) return std::nullopt;
    return it->second;
}

base::Time Node::stamp() {
    writer_->pending.touch();
    base::Time now = clock_.now();
    if (now < implausibly_early && writer_->last_received.is_set()) now = writer_->last_received;
    return writer_->last_received = std::max(now, writer_->last_received);
}

bool Node::is_full() const {
    const Pending& p = writer_->pending;
    return p.batch.inputs.size() + p.quarantine.size() >= options_.pending_inputs || p.bytes >= options_.pending_bytes;
}

ports::Submitted Node::submit(const ports::Speaker& speaker, std::string_view door, const model::FlatSignal& signal,
                              const ports::RawPayload& raw) {
    return take_in(speaker, door, signal, raw, false);
}

ports::Submitted Node::say(model::DeviceId device, std::span<const model::FlatValue> values) {
    model::FlatSignal signal;
    signal.device = policy_->devices[device.value].code;
    signal.values = values;
    return take_in({device, false}, "platform", signal, {}, true);
}

ports::Submitted Node::take_in(const ports::Speaker& speaker, std::string_view door, const model::FlatSignal& signal,
                               const ports::RawPayload& raw, bool even_if_full) {
    base::Error why;
    Said said{.speaker = speaker, .door = door, .flat = signal, .device = {}, .received = {}, .refused = {}};
    std::optional<std::uint64_t> ticket;
    if (!open_day()) return {ports::Admission::busy, 0, {}};
    {
        const std::lock_guard lock(writer_->mutex);
        if (!even_if_full && is_full()) {
            if (const auto of = device(signal.device))
                ++intake_figures_.busy[static_cast<std::size_t>(policy_->devices[of->value].kind)];
            return {ports::Admission::busy, 0, {}};
        }
        Pending& p = writer_->pending;
        const base::Time received = stamp();
        Keeper keeper(random_, p.batch, p.texts, p.bytes, options_.vault, day_owner_);
        auto done = sense::decode(*policy_, signal, speaker.device, received, keeper, p.batch);
        if (done) {
            const model::Signal& s = p.batch.signals.back();
            heard_[s.device.value] = {received,
                                      sense::judge_time(s.claimed, received) == model::TimeVerdict::clock_wrong};
            ++intake_figures_.accepted[static_cast<std::size_t>(s.kind)];
            if (writer_->waiting) writer_->wake.notify_one();
            said.device = s.device;
            said.claimed = s.claimed;
            ticket = ++p.last_ticket;
        } else {
            why = std::move(done.error());
        }
        said.received = received;
    }
    said.refused = why.code;
    if (said_) said_(said);
    if (ticket) return {ports::Admission::queued, *ticket, {}};
    return refuse(speaker, door, why, raw);
}

ports::Submitted Node::refuse(const ports::Speaker& speaker, std::string_view door, const base::Error& why,
                              const ports::RawPayload& raw) {
    ports::QuarantineRow row;
    row.door = std::string(door);
    if (speaker.device.valid()) row.speaker = policy_->devices[speaker.device.value].code;
    row.code = why.code;
    row.message = why.message;
    row.field = why.where;
    row.payload = std::string(raw.bytes.substr(0, options_.vault ? sealed_bytes_kept : quarantined_bytes_kept));
    row.payload_size = raw.size;
    row.payload_hash = raw.hash ? *raw.hash : base::sha256(raw.bytes);
    auto kept = std::min(raw.topic.size(), topic_bytes_kept);
    while (kept > 0 && kept < raw.topic.size() && (static_cast<unsigned char>(raw.topic[kept]) & 0xc0U) == 0x80) --kept;
    row.topic = std::string(raw.topic.substr(0, kept));
    if (options_.vault) {
        if (!open_day()) return {ports::Admission::busy, 0, {}};
        auto sealed = options_.vault->seal(day_owner_, payload_context(row.payload_hash), row.payload);
        if (!sealed) return {ports::Admission::busy, 0, {}};
        row.payload = std::move(*sealed);
        if (!row.topic.empty()) {
            auto topic = options_.vault->seal(day_owner_, topic_context(row.payload_hash), row.topic);
            if (!topic) return {ports::Admission::busy, 0, {}};
            row.topic = std::move(*topic);
        }
    }
    const std::lock_guard lock(writer_->mutex);
    if (is_full()) return {ports::Admission::busy, 0, {}};
    Pending& p = writer_->pending;
    ++intake_figures_.quarantined[{row.door, row.code}];
    row.received = stamp();
    p.bytes += row.payload.size();
    p.quarantine.push_back(std::move(row));
    if (writer_->waiting) writer_->wake.notify_one();
    return {ports::Admission::quarantined, ++p.last_ticket, why};
}

std::uint64_t Node::on_progress(std::function<void()> call) {
    progress_.emplace_back(next_registration_, std::move(call));
    return next_registration_++;
}

void Node::forget(std::uint64_t registration) {
    std::erase_if(progress_, [&](const auto& p) { return p.first == registration; });
}

void Node::command(model::Command command, std::string text, std::vector<ports::RecordWrite> records,
                   CommandDone done) {
    // What somebody writes is sealed with their own key, so that it goes with them.
    std::string owner = "person/" + command.actor.person.code;
    if (options_.vault && !text.empty()) {
        if (!open_day()) return done(base::fail("busy", "too much is waiting to be stored; try again in a moment"));
        if (!command.actor.person.valid() || !protect::Vault::is_owner(owner)) owner = day_owner_;
        if (const auto key = options_.vault->key(owner); !key) return done(tl::unexpected(key.error()));
    }
    {
        const std::lock_guard lock(writer_->mutex);
        if (!is_full()) {
            Pending& p = writer_->pending;
            const base::Time received = stamp();
            Asked asked{std::move(done), std::move(records), std::nullopt};
            if (!text.empty()) {
                std::vector<ports::TextRow> row;
                Keeper keeper(random_, p.batch, row, p.bytes, options_.vault, owner);
                const model::TextMark& mark = p.batch.texts[keeper.keep(text)];
                command.text = mark.handle;
                command.text_hash = mark.salted_hash;
                asked.text = std::move(row.front());
            }
            p.batch.inputs.push_back(
                {model::InputType::command, static_cast<std::uint32_t>(p.batch.commands.size()), received});
            p.batch.commands.push_back(std::move(command));
            p.commands.push_back(std::move(asked));
            ++p.last_ticket;
            if (writer_->waiting) writer_->wake.notify_one();
            return;
        }
    }
    done(base::fail("busy", "too much is waiting to be stored; try again in a moment"));
}

void Node::write_records(std::vector<ports::RecordWrite> records, RecordsDone done) {
    const std::lock_guard lock(writer_->mutex);
    Pending& p = writer_->pending;
    p.touch();
    std::move(records.begin(), records.end(), std::back_inserter(p.records));
    p.record_writes.push_back(std::move(done));
    ++p.last_ticket;
    if (writer_->waiting) writer_->wake.notify_one();
}

void Node::tell(model::RecordInput record) {
    const std::lock_guard lock(writer_->mutex);
    Pending& p = writer_->pending;
    const base::Time received = stamp();
    p.batch.inputs.push_back({model::InputType::record, static_cast<std::uint32_t>(p.batch.records.size()), received});
    p.batch.records.push_back(std::move(record));
    ++p.last_ticket;
    if (writer_->waiting) writer_->wake.notify_one();
}

bool Node::open_day() {
    if (!options_.vault) return true;
    const base::Time now = clock_.now();
    if (now >= day_began_ && now < day_began_ + base::days(1)) return true;
    const base::Time began{now.us - now.us % base::days(1).us};
    std::string owner = "day/" + base::format_utc(began).substr(0, 10);
    if (!options_.vault->key(owner)) return false;
    day_owner_ = std::move(owner);
    day_began_ = began;
    return true;
}

base::Result<std::string> Node::sealed_today(std::string_view context, std::string plain) {
    if (!options_.vault) return plain;
    if (!open_day()) return base::fail("busy", "the keys cannot be written at this moment; try again");
    return options_.vault->seal(day_owner_, context, plain);
}

std::optional<std::string> Node::opened_text(model::Handle handle, std::string stored) const {
    if (!protect::Vault::is_sealed(stored)) return stored;
    if (!options_.vault) return std::nullopt;
    auto text = options_.vault->open(text_context(handle), stored);
    if (text) return std::move(*text);
    if (text.error().code != "erased")
        options_.log({ports::LogLevel::error,
                      "sealed_unreadable",
                      "words that were sealed cannot be opened: " + text.error().message,
                      {{"code", text.error().code}}});
    return std::nullopt;
}

void Node::open_quarantined(ports::QuarantineRow& row) const {
    const auto opened = [&](const std::string& context, const std::string& kept) {
        if (!protect::Vault::is_sealed(kept)) return kept;
        return options_.vault ? options_.vault->open(context, kept).value_or(std::string()) : std::string();
    };
    row.payload = opened(payload_context(row.payload_hash), row.payload);
    row.topic = opened(topic_context(row.payload_hash), row.topic);
}

base::Result<std::unique_ptr<ports::StoreReader>> Node::reader() { return writer_->store->reader(); }

base::Time Node::last_heard(model::DeviceId device) const {
    return device.value < heard_.size() ? heard_[device.value].at : base::Time::none();
}

bool Node::clock_wrong(model::DeviceId device) const {
    return device.value < heard_.size() && heard_[device.value].clock_wrong;
}

std::map<model::DeviceId, base::Time> Node::gateways_heard() const {
    std::map<model::DeviceId, base::Time> latest;
    for (std::size_t i = 0; i < policy_->devices.size(); ++i) {
        const model::Device& device = policy_->devices[i];
        const model::DeviceId gateway = device.is_gateway ? model::DeviceId{i} : device.gateway;
        const base::Time heard = last_heard(model::DeviceId{i});
        if (!gateway.valid() || !heard.is_set()) continue;
        base::Time& at = latest.try_emplace(gateway, heard).first->second;
        at = std::max(at, heard);
    }
    return latest;
}

void Node::know_token(const base::Digest& hash, std::string device) {
    const auto [it, is_new] = tokens_.try_emplace(hash, std::move(device));
    if (is_new) ++token_counts_[it->second];
}

void Node::forget_tokens(std::string_view device) {
    std::erase_if(tokens_, [&](const auto& t) { return t.second == device; });
    token_counts_.erase(std::string(device));
}

bool Node::forget_token(const base::Digest& hash) {
    const auto token = tokens_.extract(hash);
    if (!token) return false;
    if (--token_counts_[token.mapped()] == 0) token_counts_.erase(token.mapped());
    return true;
}

void Node::on_first_use(const base::Digest& hash, std::function<void()> call) { first_uses_[hash] = std::move(call); }

bool Node::has_token(std::string_view device) const { return token_counts_.contains(std::string(device)); }

Node::State Node::state() const {
    const std::lock_guard lock(writer_->mutex);
    State s;
    s.storing = writer_->trouble.empty();
    s.trouble = writer_->trouble;
    const auto now = Steady::now();
    if (!s.storing) s.trouble_for = since(writer_->trouble_began, now);
    s.oldest = writer_->oldest_wait(now);
    s.room = options_.pending_inputs;
    s.last_received = writer_->last_received;
    s.next_seq = writer_->next_seq;
    s.queued = writer_->pending.batch.inputs.size() + writer_->pending.quarantine.size() + writer_->in_work;
    s.live_incidents = writer_->live_incidents;
    s.counts = writer_->figures.counts;
    s.commits = writer_->figures.commits;
    s.snapshots = writer_->figures.snapshots;
    return s;
}

Figures Node::figures() const {
    const std::lock_guard lock(writer_->mutex);
    Figures f = writer_->figures;
    f.accepted = intake_figures_.accepted;
    f.busy = intake_figures_.busy;
    f.quarantined = intake_figures_.quarantined;
    for (const auto& [id, standing] : writer_->live) ++f.live[standing];
    return f;
}

base::Duration Node::worst_wait() {
    const std::lock_guard lock(writer_->mutex);
    return std::max(std::exchange(writer_->worst_wait, base::Duration{}), writer_->oldest_wait(Steady::now()));
}

void Node::delivered(std::uint64_t ticket, const Committed& what) {
    committed_ = std::max(committed_, ticket);
    if (after_commit_) after_commit_(what);
    // A call may register or forget others.
    const auto calls = progress_;
    for (const auto& [id, call] : calls) {
        if (std::any_of(progress_.begin(), progress_.end(),
                        [&, number = id](const auto& p) { return p.first == number; }))
            call();
    }
}

}  // namespace shoumen::shell
