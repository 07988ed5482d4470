#include "node_life.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <fmt/core.h>

#include "base/hash.hpp"
#include "base/random.hpp"
#include "loop/core.hpp"
#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "shell/driver.hpp"
#include "shell/node.hpp"
#include "store/sqlite/store.hpp"
#include "support/fault_vfs.hpp"
#include "support/ledger_rows.hpp"

namespace shoumen::powercut {
namespace {

using model::Incident;
using model::IncidentId;

constexpr std::uint32_t shard = 1;

class HandClock final : public ports::Clock {
public:
    [[nodiscard]] base::Time now() const override { return now_; }
    [[nodiscard]] base::Duration real_until(base::Time) const override { return {}; }
    void forward(base::Duration d) { now_ = now_ + d; }

private:
    base::Time now_ = *base::parse_rfc3339("2026-03-03T08:00:00+08:00");
};

class SeededBytes final : public ports::Random {
public:
    explicit SeededBytes(std::uint64_t seed) : random_(seed) {}
    void fill(std::span<std::uint8_t> out) override {
        for (auto& b : out) b = static_cast<std::uint8_t>(random_.next());
    }

private:
    base::SeededRandom random_;
};

const policy::Files& demo_files() {
    static const policy::Files files = *policy::read_directory(SHOUMEN_SOURCE_DIR "/community/demo");
    return files;
}

// What was promised, by the test's own book-keeping.
struct Promises {
    std::set<std::pair<std::uint32_t, std::uint64_t>> signals;  // device, message hash
    std::uint64_t quarantined = 0;
    struct Command {
        IncidentId incident;
        std::uint64_t seq = 0;
    };
    std::vector<Command> commands;
    std::map<IncidentId, std::string> seen;  // bytes of an incident as it was shown last
};

class Life {
public:
    Life(support::FaultVfs& vfs, HandClock& clock, base::SeededRandom& random, Promises& promises,
         std::uint64_t& next_message, bool sync)
        : vfs_(vfs),
          clock_(clock),
          random_(random),
          bytes_(random.next()),
          promises_(promises),
          next_message_(next_message),
          sync_(sync) {}

    // False: the power went before it was up.
    bool begin(std::string& fault) {
        store::SqliteOptions options;
        options.shard = shard;
        options.vfs_name = vfs_.name();
        options.files = &vfs_.files();
        options.checkpoint_thread = false;
        options.checkpoint_bytes = 64U << 10U;
        options.sync = sync_;
        auto store = store::open_sqlite("/data", options);
        if (!store) return refused(store.error(), fault);
        auto reader = (*store)->reader();
        if (!reader) return refused(reader.error(), fault);
        const auto newest = (*reader)->newest_policy();
        if (!newest) return refused(newest.error(), fault);
        std::shared_ptr<const model::Policy> fresh;
        if (!*newest) fresh = policy::compile(demo_files(), nullptr, 1).policy;
        reader->reset();

        shell::NodeOptions node_options;
        node_options.shard = shard;
        node_options.threads = false;
        node_options.snapshot_inputs = 40;
        node_ =
            std::make_unique<shell::Node>(std::move(*store), clock_, bytes_, node_options,
                                          [this](std::function<void()> call) { posted_.push_back(std::move(call)); });
        if (auto done = node_->start(fresh, policy::pack(demo_files())); !done) return refused(done.error(), fault);
        node_->on_committed([this](const shell::Committed& what) {
            for (const auto& i : what.incidents) {
                promises_.seen[i.id] = encoded(i);
                incidents_[i.id] = i;
            }
        });
        return true;
    }

    static std::string encoded(const Incident& i) {
        base::ByteWriter w;
        encode(i, w);
        return w.take();
    }

    void act() {
        switch (random_.below(10)) {
            case 0:
                clock_.forward(base::seconds(static_cast<std::int64_t>(random_.below(1200))));
                break;
            case 1:
                rubbish();
                break;
            case 2:
            case 3:
                command();
                break;
            default:
                signal();
        }
        clock_.forward(base::milliseconds(static_cast<std::int64_t>(random_.below(3000))));
        if (random_.chance(0.6)) turn();
    }

    void turn() {
        while (node_->turn()) {
        }
        while (!posted_.empty()) {
            auto call = std::move(posted_.front());
            posted_.pop_front();
            call();
        }
        settle();
    }

    shell::Node& node() { return *node_; }

private:
    bool refused(const base::Error& e, std::string& fault) const {
        if (!vfs_.is_off()) fault = fmt::format("cannot start after a cut: {}: {}", e.code, e.message);
        return false;
    }

    void signal() {
        const auto policy = node_->policy();
        static constexpr std::array kinds{model::SignalKind::smoke, model::SignalKind::gas, model::SignalKind::one_key,
                                          model::SignalKind::motion};
        const auto kind = kinds[random_.below(kinds.size())];
        std::vector<const model::Device*> of_kind;
        for (const auto& d : policy->devices) {
            if (d.kind == kind && !d.is_gateway) of_kind.push_back(&d);
        }
        const model::Device& device = *of_kind[random_.below(of_kind.size())];
        const bool repeat = !sent_.empty() && random_.chance(0.1);
        std::pair<std::string, std::string> message{device.code, fmt::format("m{}", next_message_)};
        if (repeat) {
            message = sent_[random_.below(sent_.size())];
        } else {
            ++next_message_;
            sent_.push_back(message);
        }
        const auto id = *node_->device(message.first);
        const model::Device& speaker = policy->devices[id.value];
        const bool on = random_.chance(0.6);
        const std::array values{model::FlatValue{field_of(speaker.kind), on}};
        model::FlatSignal flat;
        flat.id = message.second;
        flat.device = message.first;
        const std::string kind_word(model::to_word(speaker.kind));
        flat.kind = kind_word;
        flat.values = values;
        const auto submitted = node_->submit({id, false}, "mqtt", flat, "raw");
        if (submitted.admission == ports::Admission::queued) {
            waiting_signals_.push_back({submitted.ticket, {id.value, base::fast_hash(message.second)}});
        }
    }

    static std::string_view field_of(model::SignalKind kind) {
        switch (kind) {
            case model::SignalKind::smoke:
                return "smoke";
            case model::SignalKind::gas:
                return "gas";
            case model::SignalKind::one_key:
                return "pressed";
            default:
                return "occupancy";
        }
    }

    void rubbish() {
        const auto submitted =
            node_->refuse({model::DeviceId{0U}, false}, "mqtt", {"bad-json", "not JSON", ""}, "{broken");
        if (submitted.admission == ports::Admission::quarantined) waiting_rubbish_.push_back(submitted.ticket);
    }

    void command() {
        std::vector<const Incident*> live;
        for (const auto& [id, i] : incidents_) {
            if (act::is_live(i.state)) live.push_back(&i);
        }
        if (live.empty()) return;
        const Incident& incident = *live[random_.below(live.size())];
        model::Command c;
        c.incident = incident.id;
        c.actor.person.code = fmt::format("p-{}", random_.below(3));
        c.actor.bodies = {incident.lead};
        c.actor.roles.add(model::Role::duty_officer).add(model::Role::verifier);
        static constexpr std::array actions{model::Action::acknowledge,      model::Action::arrive,
                                            model::Action::mark_false_alarm, model::Action::add_note,
                                            model::Action::escalate,         model::Action::reopen};
        c.action = actions[random_.below(actions.size())];
        node_->command(std::move(c), random_.chance(0.3) ? "some words" : "", {},
                       [this](base::Result<model::CommandResult> r) {
                           if (r && r->accepted) promises_.commands.push_back({r->incident, r->seq});
                       });
    }

    void settle() {
        const std::uint64_t done = node_->committed();
        std::erase_if(waiting_signals_, [&](const auto& w) {
            if (w.first > done) return false;
            promises_.signals.insert(w.second);
            return true;
        });
        std::erase_if(waiting_rubbish_, [&](std::uint64_t ticket) {
            if (ticket > done) return false;
            ++promises_.quarantined;
            return true;
        });
    }

    support::FaultVfs& vfs_;
    HandClock& clock_;
    base::SeededRandom& random_;
    SeededBytes bytes_;
    Promises& promises_;
    std::uint64_t& next_message_;
    bool sync_;
    std::deque<std::function<void()>> posted_;
    std::map<IncidentId, Incident> incidents_;
    std::vector<std::pair<std::string, std::string>> sent_;
    std::vector<std::pair<std::uint64_t, std::pair<std::uint32_t, std::uint64_t>>> waiting_signals_;
    std::vector<std::uint64_t> waiting_rubbish_;
    std::unique_ptr<shell::Node> node_;
};

// Everything the rows say, read anew; and the log replayed by a core that has never seen a row.
class Inspection {
public:
    Inspection(support::FaultVfs& vfs, const Promises& promises) : vfs_(vfs), promises_(promises) {}

    std::string inspect(Report& report) {
        store::SqliteOptions options;
        options.shard = shard;
        options.vfs_name = vfs_.name();
        options.files = &vfs_.files();
        options.checkpoint_thread = false;
        auto store = store::open_sqlite("/data", options);
        if (!store) return "cannot be opened after the cut: " + store.error().message;
        auto reader = (*store)->reader();
        if (!reader) return "cannot be read after the cut: " + reader.error().message;
        if (auto fault = read_log(**reader); !fault.empty()) return fault;
        if (auto fault = promised_signals(); !fault.empty()) return fault;
        if (auto fault = compare_rows(**reader); !fault.empty()) return fault;
        if (auto fault = promised_commands(**reader); !fault.empty()) return fault;
        if (auto fault = doubled(); !fault.empty()) return fault;
        if (auto fault = support::ledger_fault(**reader, shard); !fault.empty()) return "the ledger: " + fault;
        const auto kept = (*reader)->quarantine_counts();
        if (!kept || kept->kept + kept->dropped < promises_.quarantined)
            return "a quarantined payload that was acknowledged is gone";
        report.incidents = std::max<std::uint64_t>(report.incidents, incidents_.size());
        return {};
    }

private:
    std::string read_log(ports::StoreReader& reader) {
        std::map<std::uint64_t, std::shared_ptr<const model::Policy>> policies;
        loop::Core core([&](std::uint64_t version) {
            auto row = reader.policy(version);
            return row && *row ? std::make_shared<const model::Policy>(*model::decode_policy((*row)->compiled))
                               : nullptr;
        });
        std::string fault;
        base::Digest before{};
        std::uint64_t next = 1;
        model::Batch batch;
        std::vector<std::string> all;
        auto read = reader.batches(shard, 1, [&](ports::EncodedBatch&& b) {
            if (b.first_seq != next || b.prev_hash != before || base::leaf_hash(b.bytes) != b.hash)
                fault = "the log is no chain";
            before = b.hash;
            next += b.count;
            all.push_back(std::move(b.bytes));
            return fault.empty();
        });
        if (!read) return read.error().message;
        for (const auto& bytes : all) {
            if (!model::decode_batch(bytes, batch)) return "a batch cannot be read";
            for (const auto& s : batch.signals) logged_.insert({s.device.value, s.message});
            model::Effects effects;
            shell::drive(core, batch, shell::Timers::recorded, effects);
            for (const auto id : effects.changed) incidents_[id] = *core.incident(id);
            for (const auto& a : effects.alerts) alerts_[a.incident].push_back(a.alert.at);
            events_ += effects.events.size();
        }
        return fault;
    }

    std::string promised_signals() {
        for (const auto& s : promises_.signals) {
            if (!logged_.contains(s))
                return fmt::format("signal {:x} of device {} was acknowledged and is not in the log", s.second,
                                   s.first);
        }
        return {};
    }

    std::string compare_rows(ports::StoreReader& reader) {
        ports::IncidentQuery query;
        query.limit = 20'000;
        const auto rows = reader.incidents(query);
        if (!rows) return rows.error().message;
        if (rows->size() != incidents_.size())
            return fmt::format("{} incident rows, but the log makes {}", rows->size(), incidents_.size());
        std::uint64_t events = 0;
        for (const auto& row : *rows) {
            const auto it = incidents_.find(row.id);
            if (it == incidents_.end()) return "an incident row the log does not make";
            if (Life::encoded(it->second) != Life::encoded(row))
                return fmt::format("incident {} differs from what the log makes", row.id.value);
            const auto timeline = reader.timeline(row.id);
            if (!timeline || timeline->size() != row.event_count) return "a timeline is not whole";
            events += timeline->size();
        }
        if (events != events_) return "there are other timeline entries than the log makes";
        return {};
    }

    std::string promised_commands(ports::StoreReader& reader) {
        for (const auto& c : promises_.commands) {
            const auto timeline = reader.timeline(c.incident);
            if (!timeline) return timeline.error().message;
            if (std::none_of(timeline->begin(), timeline->end(), [&](const auto& e) { return e.cause_seq == c.seq; })) {
                return fmt::format("a command acknowledged as input {} has left nothing on incident {}", c.seq,
                                   c.incident.value);
            }
        }
        for (const auto& [id, bytes] : promises_.seen) {
            if (!incidents_.contains(id)) return "an incident that was shown is gone";
        }
        return {};
    }

    // Two incidents of one cause and place while the first still takes alerts.
    std::string doubled() {
        for (const auto& [id, first] : incidents_) {
            for (const auto& [other_id, second] : incidents_) {
                if (other_id <= id || first.cause != second.cause || first.anchor != second.anchor) continue;
                const auto& alerts = alerts_[id];
                const auto last = std::upper_bound(alerts.begin(), alerts.end(), second.opened);
                if (last == alerts.begin() || first.state == model::IncidentState::false_alarm ||
                    first.reopened_times > 0)
                    continue;
                const bool ended = first.ended.is_set() && first.ended <= second.opened;
                if (!ended && second.opened - *std::prev(last) <= base::minutes(10)) {
                    return fmt::format("incident {} is doubled by {}", id.value, other_id.value);
                }
            }
        }
        return {};
    }

    support::FaultVfs& vfs_;
    const Promises& promises_;
    std::set<std::pair<std::uint32_t, std::uint64_t>> logged_;
    std::map<IncidentId, Incident> incidents_;
    std::map<IncidentId, std::vector<base::Time>> alerts_;
    std::uint64_t events_ = 0;
};

constexpr std::uint64_t cuts_a_disk = 12;  // then a new disk, so that logs stay short enough to look at whole

}  // namespace

std::string live_through(const Settings& settings, Report& report) {
    protect::start_crypto();
    base::SeededRandom random(settings.seed);
    while (report.cuts < settings.cuts) {
        support::FaultVfs vfs(random.next());
        HandClock clock;
        Promises promises;
        std::uint64_t next_message = 1;
        for (std::uint64_t n = 0; n < cuts_a_disk && report.cuts < settings.cuts; ++n) {
            std::string fault;
            {
                vfs.cut_after(1 + random.below(random.chance(0.3) ? 100 : 1500));
                Life life(vfs, clock, random, promises, next_message, settings.sync);
                if (life.begin(fault)) {
                    for (int i = 0; i < 2000 && !vfs.is_off(); ++i) life.act();
                    life.turn();
                }
                if (!fault.empty()) return fault;
            }
            vfs.restart();
            ++report.cuts;
            clock.forward(base::seconds(static_cast<std::int64_t>(random.below(600))));
            Inspection inspection(vfs, promises);
            if (fault = inspection.inspect(report); !fault.empty())
                return fmt::format("after cut {}: {}", report.cuts, fault);
        }
        report.signals_acknowledged += promises.signals.size();
        report.commands_acknowledged += promises.commands.size();
        report.quarantined_acknowledged += promises.quarantined;
    }
    return {};
}

}  // namespace shoumen::powercut
