#include "render_accounts.hpp"

#include "render_names.hpp"

namespace shoumen::doors::http {

namespace {

void write_roles(JsonWriter& out, model::RoleSet roles) {
    out.key("roles").begin_array();
    for (std::size_t r = 0; r < model::role_count; ++r) {
        if (roles.has(static_cast<model::Role>(r))) out.text(to_word(static_cast<model::Role>(r)));
    }
    out.end_array();
}

void write_text(JsonWriter& out, std::string_view name, std::string_view text) {
    if (!text.empty()) out.field(name, text);
}

void write_time(JsonWriter& out, const Phrases& phrases, std::string_view name, base::Time t) {
    if (t.is_set() && t != base::Time::never()) out.field(name, phrases.time(t));
}

// The place with its names, as far as the directory still has it.
void write_place(JsonWriter& out, Phrases& phrases, const std::string& code) {
    if (code.empty()) return;
    const auto& known = phrases.policy().place_by_code;
    const auto it = known.find(code);
    out.key("place");
    if (it != known.end()) return void(out.raw(phrases.place(it->second)));
    out.begin().field("code", code).key("name").begin().field("zh", code).field("en", code).end().end();
}

void write_grant(JsonWriter& out, Phrases& phrases, const ports::GrantRow& grant) {
    out.begin().field("id", std::to_string(grant.id)).field("role", to_word(grant.role));
    write_place(out, phrases, grant.place);
    write_time(out, phrases, "since", grant.since);
    write_time(out, phrases, "until", grant.until);
    write_text(out, "given_by", grant.given_by);
    write_text(out, "why", grant.why);
    write_time(out, phrases, "ended", grant.ended);
    write_text(out, "ended_by", grant.ended_by);
    out.end();
}

void write_account(JsonWriter& out, Phrases& phrases, const ports::AccountView& view) {
    const auto& row = view.account;
    out.begin().field("name", row.name).field("person", row.person.code);
    write_roles(out, view.roles);
    out.key("bodies").begin_array();
    for (const auto& code : row.bodies) {
        const auto it = phrases.policy().body_by_code.find(code);
        if (it != phrases.policy().body_by_code.end()) out.raw(phrases.body(it->second));
    }
    out.end_array();
    out.field("disabled", row.disabled).field("must_change", row.must_change);
    out.field("second_factor", view.second_factor);
    write_time(out, phrases, "locked_until", view.locked_until);
    out.key("grants").begin_array();
    for (const auto& grant : view.grants) write_grant(out, phrases, grant);
    out.end_array().field("sessions", static_cast<std::uint64_t>(view.sessions)).end();
}

void write_delegation(JsonWriter& out, Phrases& phrases, const ports::DelegationRow& row) {
    out.begin().field("id", std::to_string(row.id)).field("from", row.from.code).field("to", row.to.code);
    out.field("since", phrases.time(row.since)).field("until", phrases.time(row.until)).field("consent", row.consent);
    write_text(out, "witness", row.witness);
    write_text(out, "reason", row.reason);
    write_time(out, phrases, "ended", row.ended);
    write_text(out, "ended_by", row.ended_by);
    out.end();
}

}  // namespace

std::string render_accounts(Phrases& phrases, const std::vector<ports::AccountView>& accounts) {
    JsonWriter out;
    out.begin().key("accounts").begin_array();
    for (const auto& account : accounts) write_account(out, phrases, account);
    out.end_array().end();
    return out.take();
}

std::string render_account(Phrases& phrases, const ports::AccountView& account) {
    JsonWriter out;
    write_account(out, phrases, account);
    return out.take();
}

std::string render_grant(Phrases& phrases, const ports::GrantRow& grant) {
    JsonWriter out;
    write_grant(out, phrases, grant);
    return out.take();
}

std::string render_one_time_password(Phrases&, const std::string& password) {
    JsonWriter out;
    out.begin().field("one_time_password", password).end();
    return out.take();
}

std::string render_left(Phrases&, const ports::Left& left) {
    JsonWriter out;
    out.begin().field("roles", left.grants).field("sessions", left.sessions).field("tokens", left.tokens);
    out.field("delegations", left.delegations).key("incidents").begin_array();
    for (const auto& id : left.incidents) out.text(std::to_string(id.value));
    out.end_array().end();
    return out.take();
}

std::string render_sessions(Phrases& phrases, const std::vector<ports::SessionView>& sessions) {
    JsonWriter out;
    out.begin().key("sessions").begin_array();
    for (const auto& s : sessions) {
        out.begin().field("id", s.id).field("created", phrases.time(s.created)).field("seen", phrases.time(s.seen));
        out.field("expires", phrases.time(s.expires));
        write_text(out, "agent", s.agent);
        out.field("own", s.own).end();
    }
    out.end_array().end();
    return out.take();
}

std::string render_ways(const ports::WaysIn& ways) {
    JsonWriter out;
    out.begin().field("phone", ways.phone).field("sign_on", ways.sign_on).end();
    return out.take();
}

std::string render_account_ways(Phrases&, const ports::AccountWays& ways) {
    JsonWriter out;
    out.begin();
    write_text(out, "phone", ways.phone);
    out.key("sign_on").begin_array();
    for (const auto& subject : ways.sign_on) out.text(subject);
    out.end_array().end();
    return out.take();
}

std::string render_sign_on_begun(Phrases&, const ports::SignOnBegun& begun) {
    JsonWriter out;
    out.begin().field("url", begun.url).field("binding", begun.binding).end();
    return out.take();
}

std::string render_half(Phrases& phrases, const ports::SignedIn& in) {
    JsonWriter out;
    out.begin().field("half", in.token).field("expires", phrases.time(in.session.expires)).end();
    return out.take();
}

std::string render_second_factor(Phrases&, const ports::SecondFactorState& state) {
    JsonWriter out;
    out.begin().field("on", state.on).field("required", state.required);
    out.field("recovery_codes", static_cast<std::uint64_t>(state.recovery)).end();
    return out.take();
}

std::string render_enrolment(Phrases&, const ports::Enrolment& enrolment) {
    JsonWriter out;
    out.begin().field("secret", enrolment.secret).field("uri", enrolment.uri).end();
    return out.take();
}

std::string render_recovery_codes(Phrases&, const std::vector<std::string>& codes) {
    JsonWriter out;
    out.begin().key("recovery_codes").begin_array();
    for (const auto& code : codes) out.text(code);
    out.end_array().end();
    return out.take();
}

std::string render_tokens(Phrases& phrases, const std::vector<ports::ApiTokenRow>& tokens) {
    JsonWriter out;
    out.begin().key("tokens").begin_array();
    for (const auto& token : tokens) {
        out.begin().field("id", std::to_string(token.id)).field("name", token.name);
        write_roles(out, token.roles);
        write_place(out, phrases, token.place);
        write_text(out, "network", token.network);
        out.field("created", phrases.time(token.created)).field("until", phrases.time(token.until));
        write_time(out, phrases, "used", token.used);
        out.field("revoked", token.revoked).end();
    }
    out.end_array().end();
    return out.take();
}

std::string render_token_made(Phrases&, const ports::TokenMade& made) {
    JsonWriter out;
    out.begin().field("id", std::to_string(made.id)).field("token", made.token).end();
    return out.take();
}

std::string render_delegations(Phrases& phrases, const std::vector<ports::DelegationRow>& rows) {
    JsonWriter out;
    out.begin().key("delegations").begin_array();
    for (const auto& row : rows) write_delegation(out, phrases, row);
    out.end_array().end();
    return out.take();
}

std::string render_delegation(Phrases& phrases, const ports::DelegationRow& row) {
    JsonWriter out;
    write_delegation(out, phrases, row);
    return out.take();
}

}  // namespace shoumen::doors::http
