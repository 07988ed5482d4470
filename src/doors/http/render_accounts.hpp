// Accounts, sessions, tokens and delegations as the JSON of api/openapi.json. Pure.
#pragma once
#include <string>
#include <vector>

#include "ports/desk.hpp"
#include "ports/ways_in.hpp"

#include "render.hpp"

namespace shoumen::doors::http {

std::string render_accounts(Phrases& phrases, const std::vector<ports::AccountView>& accounts);
std::string render_account(Phrases& phrases, const ports::AccountView& account);
std::string render_grant(Phrases& phrases, const ports::GrantRow& grant);
std::string render_one_time_password(Phrases& phrases, const std::string& password);
std::string render_left(Phrases& phrases, const ports::Left& left);
std::string render_sessions(Phrases& phrases, const std::vector<ports::SessionView>& sessions);
std::string render_ways(const ports::WaysIn& ways);
std::string render_account_ways(Phrases& phrases, const ports::AccountWays& ways);
std::string render_sign_on_begun(Phrases& phrases, const ports::SignOnBegun& begun);
std::string render_half(Phrases& phrases, const ports::SignedIn& in);
std::string render_second_factor(Phrases& phrases, const ports::SecondFactorState& state);
std::string render_enrolment(Phrases& phrases, const ports::Enrolment& enrolment);
std::string render_recovery_codes(Phrases& phrases, const std::vector<std::string>& codes);
std::string render_tokens(Phrases& phrases, const std::vector<ports::ApiTokenRow>& tokens);
std::string render_token_made(Phrases& phrases, const ports::TokenMade& made);
std::string render_delegations(Phrases& phrases, const std::vector<ports::DelegationRow>& rows);
std::string render_delegation(Phrases& phrases, const ports::DelegationRow& row);

}  // namespace shoumen::doors::http
