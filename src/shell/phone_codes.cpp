// The office's part that knows one-time codes to telephones, for residents who have no use for a password.
//
// Kept of a number: a keyed hash to find its account by, and the number sealed with the person's own key. Codes live in
// memory. A number that nobody has gets a code as well, which is sent to nobody: what is answered, when, and what is
// refused afterwards is the same.
#include <algorithm>

#include <fmt/core.h>

#include "protect/codes.hpp"
#include "protect/vault.hpp"
#include "shell/office.hpp"

namespace shoumen::shell {
namespace {

constexpr base::Duration code_life = base::minutes(5);
constexpr base::Duration between_codes = base::minutes(1);
constexpr base::Duration counted_over = base::hours(1);
constexpr unsigned codes_of_a_number = 5;  // in that time
constexpr unsigned codes_of_an_address = 20;
constexpr unsigned tries = 5;
constexpr std::size_t numbers_remembered = 20'000;

constexpr const char* kind_phone = "phone";
constexpr const char* index_owner = "ways-in";  // the community's own key

std::string phone_context(std::string_view account) { return fmt::format("account/{}/phone", account); }

tl::unexpected<base::Error> off() { return base::fail("way-in-off", "no short messages are sent from here"); }
tl::unexpected<base::Error> wait_for(base::Duration left) {
    return base::fail("sign-in-wait",
                      fmt::format("too many codes were asked for; wait {} seconds", left.us / 1'000'000 + 1));
}

// A mobile number of this country, as eleven digits.
base::Result<std::string> number_of(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            digits += c;
        else if (c != ' ' && c != '-' && !(c == '+' && digits.empty()))
            return base::fail("bad-phone", "a mobile number has eleven digits", "phone");
    }
    if (digits.size() == 13 && digits.starts_with("86")) digits.erase(0, 2);
    if (digits.size() != 11 || digits.front() != '1')
        return base::fail("bad-phone", "a mobile number has eleven digits", "phone");
    return digits;
}

}  // namespace

// Who signs in so holds none but these roles.
bool Office::may_by_phone(const ports::AccountRow& account) {
    const auto policy = node_.policy();
    model::RoleSet allowed = policy->accounts.by_phone;
    if (allowed.bits == 0) allowed.add(model::Role::resident).add(model::Role::family);
    const auto roles = book_.rights(account, *policy, moment()).roles;
    return !account.disabled && roles.bits != 0 && (roles.bits & ~allowed.bits) == 0;
}

base::Result<std::string> Office::phone_lookup(const std::string& number) {
    if (!node_.vault()) return off();
    const auto key = node_.vault()->key(index_owner);
    if (!key) return tl::unexpected(key.error());
    return protect::Sealer::index(**key, protect::Phone(number));
}

ports::WaysIn Office::ways() {
    const bool seals = node_.vault() != nullptr;
    return {seals && texts_ != nullptr, seals && provider_ != nullptr};
}

void Office::send_code(std::string phone, const ports::Caller& from, std::function<void(base::Result<void>)> done) {
    if (!texts_) return done(off());
    const auto number = number_of(phone);
    if (!number) return done(tl::unexpected(number.error()));
    const auto lookup = phone_lookup(*number);
    if (!lookup) return done(tl::unexpected(lookup.error()));
    const base::Time now = clock_.now();
    std::erase_if(codes_, [&](const auto& c) { return now >= c.second.counted_from + counted_over; });
    if (codes_.size() >= numbers_remembered) return done(base::fail("busy", "too many people ask for codes"));
    if (is_limited(from.address)) {
        PhoneCode& of = codes_[" from " + from.address];
        if (!of.counted_from.is_set()) of.counted_from = now;
        if (++of.sent > codes_of_an_address) return done(wait_for(of.counted_from + counted_over - now));
    }
    PhoneCode& of = codes_[*lookup];
    if (!of.counted_from.is_set()) of.counted_from = now;
    if (of.sent > 0 && now < of.asked + between_codes) return done(wait_for(of.asked + between_codes - now));
    if (of.sent >= codes_of_a_number) return done(wait_for(of.counted_from + counted_over - now));
    const std::string code = protect::new_digits(6);
    ++of.sent;
    of.asked = now;
    of.until = now + code_life;
    of.tried = 0;
    of.hash = base::sha256(log_salt_ + *lookup + code);
    done({});
    // Looked up after the answer: whether anybody has the number shows in no time and no word of it.
    post_([this, number = *number, lookup = *lookup, code] { send_to_owner(number, lookup, code); });
}

void Office::send_to_owner(const std::string& number, const std::string& lookup, const std::string& code) {
    const auto way = reader_->way_in(kind_phone, lookup);
    if (!way || !*way || !texts_) return;
    const auto account = reader_->account((*way)->account);
    if (!account || !*account || !may_by_phone(**account)) return;
    ports::ActRow act;
    act.at = clock_.now();
    act.kind = "code_sent";
    act.purpose = std::string(model::to_word(model::Purpose::own));
    act.subject = "account:" + (*way)->account;
    node_.write_records({std::move(act)}, [](const auto&) {});
    const auto minutes = code_life.us / base::minutes(1).us;
    texts_->send(number,
                 fmt::format("【{}】验证码 {}，{} 分钟内有效，用于登录。工作人员不会向您要验证码。",
                             node_.policy()->community_name.zh, code, minutes),
                 [this](const base::Result<void>& sent) {
                     if (sent) return;
                     if (log_)
                         log_({ports::LogLevel::warning,
                               "text_not_sent",
                               "the gateway for short messages did not take one: " + sent.error().message,
                               {{"code", sent.error().code}}});
                 });
}

void Office::sign_in_by_code(std::string phone, std::string code, const ports::Caller& from,
                             std::function<void(base::Result<ports::SignedIn>)> done) {
    if (!texts_) return done(off());
    const auto number = number_of(phone);
    if (!number) return done(tl::unexpected(number.error()));
    const auto lookup = phone_lookup(*number);
    if (!lookup) return done(tl::unexpected(lookup.error()));
    const std::string address = is_limited(from.address) ? " from " + from.address : "";
    if (const auto waiting = waits(address); !waiting) return done(tl::unexpected(waiting.error()));
    const auto failed = [&] {
        if (!address.empty()) note_failure(address, failures_of_an_address);
        log_failure(*lookup, "code-failed");
        done(base::fail("code-failed", "the code is not right, was used, or is over", "code"));
    };
    const auto it = codes_.find(*lookup);
    if (it == codes_.end() || clock_.now() >= it->second.until || it->second.tried >= tries) return failed();
    ++it->second.tried;
    const auto shown = base::sha256(log_salt_ + *lookup + code);
    const bool right = protect::same_bytes(base::as_bytes(shown), base::as_bytes(it->second.hash));
    const auto way = reader_->way_in(kind_phone, *lookup);
    if (!way) return done(tl::unexpected(way.error()));
    if (!right || !*way) return failed();
    const auto account = reader_->account((*way)->account);
    if (!account) return done(tl::unexpected(account.error()));
    if (!*account || !may_by_phone(**account)) return failed();
    it->second.until = base::Time::none();  // once
    it->second.sent = 0;                    // whoever has it may have the next one
    finish_other_way(**account, from, std::move(done));
}

// --- Of an account ------------------------------------------------------------------------------------------------

base::Result<ports::AccountWays> Office::ways_of(const ports::Session& session, std::string_view account) {
    const auto row = own_or_others(session, account, model::Sight::clear);
    if (!row) return tl::unexpected(row.error());
    const auto ways = reader_->ways_in_of(row->name);
    if (!ways) return tl::unexpected(ways.error());
    ports::AccountWays out;
    for (const auto& way : *ways) {
        if (!node_.vault()) continue;
        if (way.kind == kind_phone) {
            const auto key = node_.vault()->key(phone_owner(*row));
            if (!key) continue;
            const auto phone =
                protect::Sealer::open<protect::PersonalKind::phone>(**key, phone_context(row->name), way.sealed);
            out.phone = phone ? phone->masked() : "***";
        } else if (const auto subject = node_.vault()->open(sign_on_context(row->name), way.sealed)) {
            out.sign_on.push_back(*subject);
        }
    }
    return out;
}

std::string Office::phone_owner(const ports::AccountRow& account) {
    const std::string owner = "person/" + account.person.code;
    return protect::Vault::is_owner(owner) ? owner : "account/" + account.name;
}

std::vector<ports::RecordWrite> Office::without_ways(const std::vector<ports::WayInRow>& ways, std::string_view kind) {
    std::vector<ports::RecordWrite> out;
    for (const auto& way : ways) {
        if (kind.empty() || way.kind == kind) out.emplace_back(ports::WayInDelete{way.kind, way.lookup});
    }
    return out;
}

void Office::set_phone(const ports::Session& session, std::string_view account, std::string phone,
                       std::function<void(base::Result<void>)> done) {
    const auto row = may_change_account(session, account);
    if (!row) return done(tl::unexpected(row.error()));
    const auto number = number_of(phone);
    if (!number) return done(tl::unexpected(number.error()));
    const auto lookup = phone_lookup(*number);
    if (!lookup) return done(tl::unexpected(lookup.error()));
    const auto there = reader_->way_in(kind_phone, *lookup);
    if (!there) return done(tl::unexpected(there.error()));
    if (*there && (*there)->account != row->name)
        return done(base::fail("phone-taken", "another account has this number", "phone"));
    const auto ways = reader_->ways_in_of(row->name);
    if (!ways) return done(tl::unexpected(ways.error()));
    const auto key = node_.vault()->key(phone_owner(*row));
    if (!key) return done(tl::unexpected(key.error()));
    auto sealed =
        protect::Sealer::seal(**key, node_.vault()->suite(), phone_context(row->name), protect::Phone(*number));
    if (!sealed) return done(tl::unexpected(sealed.error()));
    auto writes = without_ways(*ways, kind_phone);
    writes.emplace_back(ports::WayInRow{kind_phone, *lookup, row->name, std::move(*sealed), clock_.now()});
    writes.emplace_back(act_of(session, "phone_set", "account:" + row->name, ""));
    node_.write_records(std::move(writes), std::move(done));
}

void Office::remove_phone(const ports::Session& session, std::string_view account,
                          std::function<void(base::Result<void>)> done) {
    const auto row = may_change_account(session, account);
    if (!row) return done(tl::unexpected(row.error()));
    const auto ways = reader_->ways_in_of(row->name);
    if (!ways) return done(tl::unexpected(ways.error()));
    auto writes = without_ways(*ways, kind_phone);
    if (writes.empty()) return done({});
    writes.emplace_back(act_of(session, "phone_removed", "account:" + row->name, ""));
    node_.write_records(std::move(writes), std::move(done));
}

}  // namespace shoumen::shell
