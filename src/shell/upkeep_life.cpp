// The part of shell/upkeep that moves devices through their life, and into the directory.
#include <algorithm>

#include <fmt/format.h>

#include "shell/office.hpp"
#include "shell/upkeep.hpp"

#include "added_devices.hpp"
#include "upkeep_rules.hpp"

namespace shoumen::shell {
namespace {

using upkeep::Stage;

constexpr int most_tries = 3;  // another policy may take force meanwhile

}  // namespace

upkeep::Standing Upkeep::standing_of(const std::string& code, const Entry& entry) const {
    upkeep::Standing at;
    at.stage = entry.stage;
    at.placed = place_of(code).valid();
    const auto heard = heard_at(entry.device);
    at.heard = heard.is_set() && heard >= record_of(code).since;
    const auto work = live_.lower_bound({code, ""});
    at.has_order = work != live_.end() && work->first.first == code;
    return at;
}

void Upkeep::remember(const ports::DeviceRecordRow& row) {
    records_[row.device] = row;
    if (node_.policy() != policy_) adopt_policy();
    put_entry(row.device);
    tell_health();
    fill_hays();
}

void Upkeep::keep_what_it_was(model::DeviceId device, ports::DeviceRecordRow& row) const {
    const auto& d = policy_->devices[device.value];
    row.place = policy_->places[d.place.value].code;
    if (d.name.zh != d.code) row.name = d.name.zh;
    if (d.gateway.valid()) row.gateway = policy_->devices[d.gateway.value].code;
}

// The row with its step, the step itself, and the act.
void Upkeep::put_record(std::vector<ports::RecordWrite>& writes, const ports::Session& session,
                        ports::DeviceRecordRow& row, Stage to, const std::string& why) {
    ports::DeviceMoveRow move;
    move.device = row.device;
    move.nth = ++row.moves;
    move.at = clock_.now();
    move.from = records_.contains(row.device) || node_.device(row.device) ? row.stage : "";
    move.to = to_word(to);
    move.by = session.actor.person.code;
    move.why = why;
    if (to == Stage::installed || (to == Stage::in_service && !row.installed.is_set())) row.installed = move.at;
    row.stage = move.to;
    row.since = move.at;
    writes.emplace_back(row);
    writes.emplace_back(move);
    writes.emplace_back(act_of(session, "device_moved", "device:" + row.device,
                               move.from.empty() ? move.to : fmt::format("{} > {}", move.from, move.to)));
}

void Upkeep::change_directory(std::function<void(AddedDevices&)> edit, std::vector<ports::RecordWrite> writes,
                              Done done) {
    if (!office_.compile_ || !office_.unpack_)
        return done(base::fail("not-ready", "this node cannot change its directory"));
    if (changing_) return done(base::fail("busy", "the directory is being changed; try again in a moment"));
    changing_ = true;
    struct Change {
        std::function<void(AddedDevices&)> edit;
        std::vector<ports::RecordWrite> writes;
        Done done;
        int tries = 0;
    };
    auto change = std::make_shared<Change>();
    change->edit = std::move(edit);
    change->writes = std::move(writes);
    change->done = [this, done = std::move(done)](base::Result<void> result) {
        changing_ = false;
        done(std::move(result));
    };
    auto go = std::make_shared<std::function<void()>>();
    *go = [this, change, weak = std::weak_ptr(go)] {
        const auto go = weak.lock();  // held by what is under way
        const bool queued = worker_.run([this, change, go, before = node_.policy()] {
            Office::Compiled compiled;
            base::Result<void> read;
            const auto row = table_reader_->newest_policy();
            if (!row) read = tl::unexpected(row.error());
            if (read && !*row) read = base::fail("not-ready", "there is no community yet");
            auto files = read ? office_.unpack_((*row)->files)
                              : base::Result<std::map<std::string, std::string>>(tl::unexpected(read.error()));
            if (files) {
                auto& file = (*files)[std::string(AddedDevices::file)];
                AddedDevices added(file);
                change->edit(added);
                file = added.text();
                compiled = office_.compile_(*files, *before);
            } else {
                read = tl::unexpected(files.error());
            }
            post_([this, change, go, before, read, compiled = std::move(compiled)]() mutable {
                if (!read) return change->done(read);
                if (node_.policy() != before && ++change->tries < most_tries) return (*go)();
                if (!compiled.policy) {
                    std::string lines;
                    for (std::size_t i = 0; i < std::min<std::size_t>(compiled.findings.size(), 20); ++i) {
                        const auto& f = compiled.findings[i];
                        lines += fmt::format("{}:{}: {}: {}\n", f.file, f.line, f.code, f.message);
                    }
                    return change->done(base::fail("policy-refused", lines));
                }
                const auto stored = [change](base::Result<void> result) { change->done(std::move(result)); };
                if (compiled.digest == before->digest) return node_.write_records(std::move(change->writes), stored);
                node_.activate(before, std::move(compiled.policy), std::move(compiled.files), stored,
                               std::move(change->writes));
            });
        });
        if (queued) return;
        change->done(base::fail("busy", "the directory is being changed; try again in a moment"));
    };
    (*go)();
}

void Upkeep::move(const ports::Session& session, ports::MoveAsked asked,
                  std::function<void(base::Result<ports::KeptDeviceWhole>)> done) {
    if (node_.policy() != policy_) adopt_policy();
    const auto entry = entry_for(session, asked.device);
    if (!entry) return done(tl::unexpected(entry.error()));
    if (!may_change(session, place_of(asked.device)))
        return done(base::fail("forbidden", "your roles do not include this"));
    const auto to = upkeep::parse_stage(asked.to);
    if (!to) return done(base::fail("bad-field", "one of bought, installed, in_service, repair, retired", "to"));
    if (*to == (*entry)->stage) return done(base::fail("stage-same", "it is in this stage already", "to"));
    for (const auto& choice : upkeep::choices(standing_of(asked.device, **entry))) {
        if (choice.to == *to && !choice.allowed) return done(base::fail(std::string(choice.reason), "", "to"));
    }
    base::Error wrong;
    const auto why = sealed(session, asked.why, wrong);
    if (!wrong.code.empty()) return done(tl::unexpected(wrong));
    auto row = record_of(asked.device);
    const bool hangs = (*entry)->device.valid();
    // It goes on standing in devices.yaml, which is people's; what it was there is kept with its record.
    const bool by_hand = hangs && row.place.empty();
    if (*to == Stage::retired && by_hand) keep_what_it_was((*entry)->device, row);
    std::vector<ports::RecordWrite> writes;
    put_record(writes, session, row, *to, why);
    const auto stored = [this, session, row, done](base::Result<void> result) {
        if (!result) return done(tl::unexpected(result.error()));
        remember(row);
        if (row.stage == to_word(Stage::retired)) office_.put_out_device_tokens(row.device, [](const auto&) {});
        done(device(session, row.device));
    };
    if (*to == Stage::retired && hangs)
        return change_directory(
            [code = row.device, by_hand](AddedDevices& added) { by_hand ? added.retire(code) : added.remove(code); },
            std::move(writes), stored);
    if (*to == Stage::installed && !hangs)
        return change_directory([added = added_of(row)](AddedDevices& all) { all.put(added); }, std::move(writes),
                                stored);
    node_.write_records(std::move(writes), stored);
}

bool Upkeep::is_serial_taken(const ports::DeviceRecordRow& row) const {
    return !row.serial.empty() && std::ranges::any_of(records_, [&](const auto& known) {
        const auto& other = known.second;
        return other.serial == row.serial && other.maker == row.maker && other.device != row.device &&
               other.stage != to_word(Stage::retired);
    });
}

void Upkeep::change(const ports::Session& session, ports::DeviceAsked asked,
                    std::function<void(base::Result<ports::KeptDeviceWhole>)> done) {
    if (node_.policy() != policy_) adopt_policy();
    const auto entry = entry_for(session, asked.device);
    if (!entry) return done(tl::unexpected(entry.error()));
    if (!may_change(session, place_of(asked.device)))
        return done(base::fail("forbidden", "your roles do not include this"));
    if ((*entry)->stage == Stage::retired) return done(base::fail("device-retired", "it is retired", "device"));
    auto row = record_of(asked.device);
    const bool hangs = (*entry)->device.valid();
    std::string fields;
    const auto put = [&](auto& into, const auto& value, std::string_view name) {
        if (!value || into == *value) return;
        into = *value;
        fields += fields.empty() ? name : fmt::format(" {}", name);
    };
    if (asked.place) {
        if (hangs && row.place.empty())
            return done(base::fail("device-by-hand", "it stands in devices.yaml: change its place there", "place"));
        const auto place = policy_->place_by_code.find(*asked.place);
        if (place == policy_->place_by_code.end() || policy_->places[place->second.value].retired ||
            !may_change(session, place->second))
            return done(base::fail("unknown-place", "no such place in the community directory", "place"));
    }
    const std::string place_before = row.place;
    put(row.place, asked.place, "place");
    put(row.maker, asked.maker, "maker");
    put(row.product, asked.product, "product");
    put(row.serial, asked.serial, "serial");
    put(row.bought, asked.bought, "bought");
    put(row.cost_fen, asked.cost_fen, "cost");
    if (fields.empty()) return done(device(session, row.device));
    if ((asked.serial || asked.maker) && is_serial_taken(row))
        return done(base::fail("serial-taken", "another device of this maker has this serial", "serial"));
    std::vector<ports::RecordWrite> writes;
    writes.emplace_back(row);
    writes.emplace_back(act_of(session, "device_changed", "device:" + row.device, fields));
    const auto stored = [this, session, row, done](base::Result<void> result) {
        if (!result) return done(tl::unexpected(result.error()));
        remember(row);
        done(device(session, row.device));
    };
    if (hangs && row.place != place_before)
        return change_directory([added = added_of(row)](AddedDevices& all) { all.put(added); }, std::move(writes),
                                stored);
    node_.write_records(std::move(writes), stored);
}

}  // namespace shoumen::shell
