// The part of shell/upkeep that changes a device's credentials: the new one is given in one call; those before it end
// when the new one is first used, or when their time is over, whichever comes first. What is under way is a row of its
// own for each device, so that a restart ends nothing early or late.
#include <fmt/format.h>

#include "protect/password.hpp"
#include "shell/camera_book.hpp"
#include "shell/leaf_of.hpp"
#include "shell/office.hpp"
#include "shell/upkeep.hpp"

namespace shoumen::shell {
namespace {

constexpr std::string_view used = "new_one_used";
constexpr std::string_view over = "time_over";
constexpr std::string_view at_once = "at_once";

std::string rotation_key(std::string_view device) { return fmt::format("upkeep/rotation/{}", device); }

// When those before it end, and which it is that ends them; the others are what is good of the device besides.
struct Kept {
    base::Time until;
    base::Digest fresh{};
};

std::string text_of(const Kept& kept) { return base::format_utc(kept.until) + " " + base::to_hex(kept.fresh); }

std::optional<Kept> kept_of(std::string_view text) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto until = base::parse_rfc3339(text.substr(0, space));
    const auto fresh = base::digest_from_hex(text.substr(space + 1));
    if (!until || !fresh) return std::nullopt;
    return Kept{*until, *fresh};
}

}  // namespace

// At start. A device with one credential rotates nothing.
base::Result<void> Upkeep::find_rotations() {
    auto rows = reader_->device_tokens();
    if (!rows) return tl::unexpected(rows.error());
    std::erase_if(*rows, [](const auto& row) { return row.revoked; });
    for (std::size_t from = 0; from < rows->size();) {
        std::size_t to = from + 1;
        while (to < rows->size() && (*rows)[to].device == (*rows)[from].device) ++to;
        const std::size_t begin = std::exchange(from, to);
        if (to - begin < 2) continue;
        const std::string device = (*rows)[begin].device;
        const auto text = reader_->meta(rotation_key(device));
        if (!text) return tl::unexpected(text.error());
        const auto kept = *text ? kept_of(**text) : std::nullopt;
        if (!kept) continue;
        Rotation rotation{kept->fresh, {}, kept->until};
        bool fresh_is_good = false;
        base::Time given;
        for (std::size_t i = begin; i < to; ++i) {
            if ((*rows)[i].token_hash != kept->fresh) continue;
            fresh_is_good = true;
            given = (*rows)[i].created;
        }
        // What was given after it is not ended by it.
        for (std::size_t i = begin; i < to; ++i) {
            if ((*rows)[i].token_hash != kept->fresh && (*rows)[i].created <= given) rotation.old.push_back((*rows)[i]);
        }
        if (fresh_is_good && !rotation.old.empty()) keep_rotation(device, std::move(rotation));
    }
    return {};
}

void Upkeep::keep_rotation(const std::string& device, Rotation rotation) {
    const base::Digest fresh = rotation.fresh;
    rotations_[device] = std::move(rotation);
    node_.on_first_use(fresh, [this, device, fresh] {
        const auto rotation = rotations_.find(device);
        if (rotation != rotations_.end() && rotation->second.fresh == fresh) end_rotation(device, used);
    });
}

void Upkeep::check_rotations(base::Time now) {
    std::vector<std::string> past;
    for (const auto& [device, rotation] : rotations_) {
        if (rotation.until <= now) past.push_back(device);
    }
    for (const auto& device : past) end_rotation(device, over);
}

// Not good from here on, whatever the disk does; written with the next check at the latest.
void Upkeep::end_rotation(const std::string& device, std::string_view why) {
    const auto node = rotations_.extract(device);
    auto act = act_at_machine(clock_.now(), "device_tokens_ended", "device:" + device);
    act.detail = why;
    act.count = 0;
    for (auto& row : node.mapped().old) {
        if (!node_.forget_token(row.token_hash)) continue;  // revoked meanwhile
        row.revoked = true;
        pending_.emplace_back(row);
        ++act.count;
    }
    pending_.emplace_back(ports::MetaPut{rotation_key(device), {}});
    if (act.count > 0 && log_)
        log_({ports::LogLevel::info,
              "tokens_ended",
              "the old tokens of a device are no longer good",
              {{"device", device}, {"why", std::string(why)}}});
    if (act.count > 0) pending_.emplace_back(std::move(act));
    flush();
}

void Upkeep::rotate(const ports::Session& session, ports::RotateAsked asked,
                    std::function<void(base::Result<ports::Rotated>)> done) {
    if (const auto known = office_.may_give_tokens(session, asked.device); !known)
        return done(tl::unexpected(known.error()));
    if (node_.policy()->devices[node_.device(asked.device)->value].retired)
        return done(base::fail("unknown-device", "no such device in the community directory", "device"));
    if (asked.grace < base::Duration{} || asked.grace > ports::longest_grace)
        return done(base::fail("bad-field", "from no time to seven days", "grace_minutes"));
    if (rotating_.contains(asked.device))
        return done(base::fail("busy", "it is being given another already; try again in a moment"));
    auto rows = reader_->device_tokens();
    if (!rows) return done(tl::unexpected(rows.error()));
    std::erase_if(*rows, [&](const auto& row) { return row.revoked || row.device != asked.device; });
    const base::Time now = clock_.now();
    const std::string token = new_token_for(*node_.policy(), asked.device);
    Rotation rotation{protect::token_hash(token), std::move(*rows), now + asked.grace};
    // Those that are ending already do not get longer by it.
    if (const auto before = rotations_.find(asked.device); before != rotations_.end())
        rotation.until = std::min(rotation.until, before->second.until);
    const bool ends_now = rotation.until <= now;
    std::vector<ports::RecordWrite> writes;
    writes.emplace_back(ports::DeviceTokenRow{rotation.fresh, asked.device, now, false});
    auto act = act_of(session, "device_token_rotated", "device:" + asked.device,
                      ends_now ? std::string(at_once) : base::format_utc(rotation.until));
    act.count = static_cast<std::uint32_t>(rotation.old.size());
    writes.emplace_back(std::move(act));
    if (ends_now) {
        for (auto& row : rotation.old) {
            row.revoked = true;
            writes.emplace_back(row);
        }
    }
    const bool goes_on = !ends_now && !rotation.old.empty();
    writes.emplace_back(ports::MetaPut{rotation_key(asked.device),
                                       goes_on ? text_of({rotation.until, rotation.fresh}) : std::string()});
    auto beside = camera_password(node_.vault(), *node_.policy(), asked.device, token);
    if (!beside) return done(tl::unexpected(beside.error()));
    if (*beside) writes.emplace_back(std::move(**beside));
    rotating_.insert(asked.device);
    node_.write_records(std::move(writes), [this, device = asked.device, rotation, token, goes_on,
                                            done](const base::Result<void>& stored) {
        rotating_.erase(device);
        if (!stored) return done(tl::unexpected(stored.error()));
        rotations_.erase(device);
        node_.know_token(rotation.fresh, device);
        if (goes_on) {
            keep_rotation(device, rotation);
        } else {
            for (const auto& row : rotation.old) node_.forget_token(row.token_hash);
        }
        done(ports::Rotated{token, goes_on ? rotation.until : base::Time::none()});
    });
}

}  // namespace shoumen::shell
